//! Breadth-first search from one vertex, without predecessors.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pf_base::{Context, Options, Value};
use pf_benches::{batches, build, graphs};
use pf_graph_core::bfs;

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("bfs");
    for (name, edges) in graphs() {
        let graph = build(&batches(&edges, false), &Options::default(), &Context::default());
        let Ok(graph) = graph else { continue };
        let source: arrow_array::ArrayRef = std::sync::Arc::new(arrow_array::Int64Array::from(vec![edges.0[0]]));
        let options = Options::default().with("predecessors", Value::Bool(false));
        group.throughput(Throughput::Elements(edges.0.len() as u64)).sample_size(10);
        for threads in [1, 2] {
            let ctx = Context::default().with_threads(threads);
            group.bench_function(format!("{name}/{threads}"), |b| {
                b.iter(|| ctx.run(u64::MAX, None, |ctx| bfs(&graph, &source, None, &options, ctx)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

//! Shortest paths from one vertex of an undirected graph, without predecessors.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pf_base::{Context, Options, Value};
use pf_benches::{build, graphs, weighted_batches};
use pf_graph_core::shortest_path;

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("shortest_path");
    for (name, edges) in graphs() {
        let text = |value: &str| Value::Str(value.to_owned());
        let options = Options::default().with("weight", text("weight")).with("directed", Value::Bool(false));
        let graph = build(&weighted_batches(&edges), &options, &Context::default());
        let Ok(graph) = graph else { continue };
        let source: arrow_array::ArrayRef = std::sync::Arc::new(arrow_array::Int64Array::from(vec![edges.0[0]]));
        group.throughput(Throughput::Elements(edges.0.len() as u64)).sample_size(10);
        for (method, threads) in [("dijkstra", 1), ("delta_stepping", 1), ("delta_stepping", 2)] {
            let ctx = Context::default().with_threads(threads);
            let options = Options::default().with("weight", text("weight")).with("method", text(method));
            let options = options.with("predecessors", Value::Bool(false));
            group.bench_function(format!("{name}/{method}/{threads}"), |b| {
                b.iter(|| ctx.run(u64::MAX, None, |ctx| shortest_path(&graph, &source, None, &options, ctx)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

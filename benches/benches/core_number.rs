//! Core numbers, of the graphs as undirected ones.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pf_base::{Context, Options, Value};
use pf_benches::{batches, build, graphs};
use pf_graph_core::core_number;

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("core_number");
    for (name, edges) in graphs() {
        let undirected = Options::default().with("directed", Value::Bool(false));
        let graph = build(&batches(&edges, false), &undirected, &Context::default());
        let Ok(graph) = graph else { continue };
        group.throughput(Throughput::Elements(edges.0.len() as u64)).sample_size(10);
        for threads in [1, 2] {
            let ctx = Context::default().with_threads(threads);
            group.bench_function(format!("{name}/{threads}"), |b| {
                b.iter(|| ctx.run(u64::MAX, None, |ctx| core_number(&graph, &Options::default(), ctx)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

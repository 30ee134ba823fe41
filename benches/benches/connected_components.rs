//! Weakly connected components, of directed graphs without their incoming edges and of undirected ones.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pf_base::{Context, Options, Value};
use pf_benches::{batches, build, graphs};
use pf_graph_core::connected_components;

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("connected_components");
    for (name, edges) in graphs() {
        for (directed, prefix) in [(true, ""), (false, "undirected ")] {
            let options = Options::default().with("directed", Value::Bool(directed));
            let graph = build(&batches(&edges, false), &options, &Context::default());
            let Ok(graph) = graph else { continue };
            let options = Options::default();
            group.throughput(Throughput::Elements(edges.0.len() as u64)).sample_size(10);
            for threads in [1, 2] {
                let ctx = Context::default().with_threads(threads);
                group.bench_function(format!("{prefix}{name}/{threads}"), |b| {
                    b.iter(|| ctx.run(u64::MAX, None, |ctx| connected_components(&graph, &options, ctx)));
                });
            }
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

//! Strongly connected components, and the graph of them.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pf_base::{Context, Options};
use pf_benches::{batches, build, graphs};
use pf_graph_core::{condensation, strongly_connected_components};

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("strongly_connected_components");
    for (name, edges) in graphs() {
        let graph = build(&batches(&edges, false), &Options::default(), &Context::default());
        let Ok(graph) = graph else { continue };
        let options = Options::default();
        group.throughput(Throughput::Elements(edges.0.len() as u64)).sample_size(10);
        for threads in [1, 2] {
            let ctx = Context::default().with_threads(threads);
            group.bench_function(format!("{name}/{threads}"), |b| {
                b.iter(|| ctx.run(u64::MAX, None, |ctx| strongly_connected_components(&graph, &options, ctx)));
            });
            group.bench_function(format!("condensation {name}/{threads}"), |b| {
                b.iter(|| ctx.run(u64::MAX, None, |ctx| condensation(&graph, &options, ctx)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

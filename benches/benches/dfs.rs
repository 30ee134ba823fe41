//! Depth-first search, the whole graph as a forest; topological order where the graph has one.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pf_base::{Context, Options, Value};
use pf_benches::{batches, build, graphs};
use pf_graph_core::{dfs, topological_sort};

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("dfs");
    for (name, mut edges) in graphs() {
        let options = Options::default().with("forest", Value::Bool(true));
        group.throughput(Throughput::Elements(edges.0.len() as u64)).sample_size(10);
        let Ok(graph) = build(&batches(&edges, false), &Options::default(), &Context::default()) else { continue };
        let ctx = Context::default().with_threads(1);
        group.bench_function(format!("{name}/1"), |b| {
            b.iter(|| ctx.run(u64::MAX, None, |ctx| dfs(&graph, None, &options, ctx)));
        });
        drop(graph);
        // The same edges, turned so that they lead to the greater number, and without loops.
        edges = edges.0.into_iter().zip(edges.1).filter(|(s, t)| s != t).map(|(s, t)| (s.min(t), s.max(t))).unzip();
        let Ok(graph) = build(&batches(&edges, false), &Options::default(), &Context::default()) else { continue };
        for threads in [1, 2] {
            let ctx = Context::default().with_threads(threads);
            group.bench_function(format!("topological_sort {name}/{threads}"), |b| {
                b.iter(|| ctx.run(u64::MAX, None, |ctx| topological_sort(&graph, &Options::default(), ctx)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

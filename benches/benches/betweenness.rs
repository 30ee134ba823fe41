//! Betweenness centrality from four sources of the undirected graph.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pf_base::{Context, Options, Value};
use pf_benches::{batches, build, graphs};
use pf_graph_core::betweenness;

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("betweenness");
    for (name, edges) in graphs() {
        let undirected = Options::default().with("directed", Value::Bool(false));
        let Ok(graph) = build(&batches(&edges, false), &undirected, &Context::default()) else { continue };
        let sources: ArrayRef = Arc::new(Int64Array::from(edges.0[..4].to_vec()));
        group.throughput(Throughput::Elements(4 * edges.0.len() as u64)).sample_size(10);
        for threads in [1, 2] {
            let ctx = Context::default().with_threads(threads);
            group.bench_function(format!("{name}/{threads}"), |b| {
                b.iter(|| ctx.run(u64::MAX, None, |ctx| betweenness(&graph, Some(&sources), &Options::default(), ctx)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

//! Building a graph: integer ids without gaps, and strings.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pf_base::{Context, Options};
use pf_benches::{batches, build, graphs};

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("build");
    for (name, edges) in graphs() {
        group.throughput(Throughput::Elements(edges.0.len() as u64)).sample_size(10);
        for (ids, text) in [("int64", false), ("string", true)] {
            let batches = batches(&edges, text);
            for threads in [1, 2] {
                let ctx = Context::default().with_threads(threads);
                group.bench_function(format!("{name}/{ids}/{threads}"), |b| {
                    b.iter(|| build(&batches, &Options::default(), &ctx));
                });
            }
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);

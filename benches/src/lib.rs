//! What the benches share: seeded graphs of the kinds that the field measures with.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int32Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray};
use pf_base::{Context, Options, Result, StreamSource};
use pf_graph_core::{EdgeInput, Graph};

/// Edges as two columns of ids.
pub type Edges = (Vec<i64>, Vec<i64>);

/// A small generator with 64 bits of state (Steele, Lea, Flood, Fast splittable pseudorandom number generators,
/// OOPSLA'14).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A Kronecker graph of 2^scale vertices with 16 edges each and the Graph 500 probabilities (0.57, 0.19, 0.19, 0.05);
/// ids are shuffled, as that benchmark asks.
pub fn kronecker(scale: u32) -> Edges {
    let mut random = SplitMix(20_250_120);
    let n = 1usize << scale;
    let mut shuffled: Vec<i64> = (0..n as i64).collect();
    for i in (1..n).rev() {
        shuffled.swap(i, (random.next() % (i as u64 + 1)) as usize);
    }
    let edge = |_| {
        let (mut s, mut t) = (0, 0);
        for _ in 0..scale {
            let r = random.unit();
            let (down, right) = (r >= 0.76, (0.57..0.76).contains(&r) || r >= 0.95);
            (s, t) = (s << 1 | usize::from(down), t << 1 | usize::from(right));
        }
        (shuffled[s], shuffled[t])
    };
    (0..16usize << scale).map(edge).unzip()
}

/// A uniform random graph of 2^scale vertices with 16 edges each.
pub fn uniform(scale: u32) -> Edges {
    let mut random = SplitMix(20_250_121);
    let mask = (1u64 << scale) - 1;
    (0..16usize << scale).map(|_| ((random.next() & mask) as i64, (random.next() & mask) as i64)).unzip()
}

/// A square lattice of side `side`, edges to the right and down: high diameter, flat degrees.
pub fn grid(side: i64) -> Edges {
    let vertex = |x: i64, y: i64| y * side + x;
    let right = (0..side).flat_map(|y| (1..side).map(move |x| (vertex(x - 1, y), vertex(x, y))));
    let down = (1..side).flat_map(|y| (0..side).map(move |x| (vertex(x, y - 1), vertex(x, y))));
    right.chain(down).unzip()
}

/// Rows of a batch.
const ROWS: usize = 1 << 16;

/// The edges as record batches of 2^16 rows with the columns `source` and `target`.
pub fn batches(edges: &Edges, text: bool) -> Vec<RecordBatch> {
    let column = |ids: &[i64]| -> ArrayRef {
        match text {
            false => Arc::new(Int64Array::from(ids.to_vec())),
            true => Arc::new(StringArray::from_iter_values(ids.iter().map(|id| format!("vertex-{id}")))),
        }
    };
    let pair = |(s, t): (&[i64], &[i64])| RecordBatch::try_from_iter([("source", column(s)), ("target", column(t))]);
    edges.0.chunks(ROWS).zip(edges.1.chunks(ROWS)).map(pair).collect::<std::result::Result<_, _>>().unwrap_or_default()
}

/// The same with a column `weight`: whole numbers from 1 to 255 as int32, equal for both directions of an edge.
pub fn weighted_batches(edges: &Edges) -> Vec<RecordBatch> {
    let weight = |s: i64, t: i64| 1 + (SplitMix((s.min(t) as u64) << 32 | s.max(t) as u64).next() % 255) as i32;
    let with = |batch: RecordBatch, (s, t): (&[i64], &[i64])| {
        let weights = Int32Array::from_iter_values(s.iter().zip(t).map(|(s, t)| weight(*s, *t)));
        let columns = [("source", batch.column(0).clone()), ("target", batch.column(1).clone())];
        RecordBatch::try_from_iter(columns.into_iter().chain([("weight", Arc::new(weights) as ArrayRef)]))
    };
    let parts = edges.0.chunks(ROWS).zip(edges.1.chunks(ROWS));
    let weighted = batches(edges, false).into_iter().zip(parts).map(|(batch, part)| with(batch, part));
    weighted.collect::<std::result::Result<_, _>>().unwrap_or_default()
}

/// Builds a graph from [`batches`].
///
/// # Errors
/// Those of the builder.
pub fn build(batches: &[RecordBatch], options: &Options, ctx: &Context) -> Result<Graph> {
    let schema = batches.first().map_or_else(|| Arc::new(arrow_schema::Schema::empty()), RecordBatch::schema);
    let mut edges = StreamSource::new(RecordBatchIterator::new(batches.iter().cloned().map(Ok), schema));
    let input = EdgeInput::collect(&mut edges, "source", "target", None, options, ctx)?;
    ctx.run(u64::MAX, None, |ctx| Graph::build(input, ctx))
}

/// The graphs that every kernel is measured on, by name: scale 16 (one million edges) unless `PF_BENCH_SCALE` says
/// otherwise.
pub fn graphs() -> Vec<(String, Edges)> {
    let scale = std::env::var("PF_BENCH_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(16);
    let side = 1i64 << (scale / 2 + 1);
    vec![
        (format!("kron{scale}"), kronecker(scale)),
        (format!("urand{scale}"), uniform(scale)),
        (format!("grid{side}"), grid(side)),
    ]
}

//! One source of Brandes' algorithm: how much every vertex lies between it and all others.
//!
//! Path counts and dependencies are pulled: a vertex sums over its own row, in the order of the row. Only the search
//! that finds the layers looks for vertices in parallel, and the sums do not depend on the order it finds them in, so
//! that all bits are the same for any number of threads.

use std::ops::Range;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering::Relaxed};

use pf_base::{Context, Reservation, Result, TrackedVec};

use crate::adjacency::Adjacency;
use crate::frontier::{Frontiers, Goal, Incoming, cut};
use crate::vertices::NONE;

/// From this count of paths on, the next layer's counts get an exponent: no sum over 2^32 neighbours can overflow
/// before.
const LARGE: f64 = f64::from_bits((1023 + 960) << 52);

/// A number with a wider exponent than `f64` has: `mantissa` times 2^`exponent`. Lattices have more paths than 10^308.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Count {
    pub(crate) mantissa: f64,
    pub(crate) exponent: i32,
}

impl Count {
    pub(crate) const ZERO: Self = Self { mantissa: 0.0, exponent: 0 };
    pub(crate) const ONE: Self = Self { mantissa: 1.0, exponent: 0 };

    /// The sum with a positive number; the mantissa is not normalised.
    pub(crate) fn plus(self, other: Self) -> Self {
        if self.mantissa == 0.0 {
            return other;
        }
        let (large, small) = if self.exponent < other.exponent { (other, self) } else { (self, other) };
        let shifted = small.mantissa * power_of_two(small.exponent.saturating_sub(large.exponent));
        Self { mantissa: large.mantissa + shifted, exponent: large.exponent }
    }

    /// The same number with a mantissa in [1, 2), if it is positive.
    pub(crate) fn normalised(self) -> Self {
        if self.mantissa == 0.0 {
            return self;
        }
        let shift = (self.mantissa.to_bits() >> 52 & 0x7ff) as i32 - 1023;
        Self { mantissa: self.mantissa * power_of_two(-shift), exponent: self.exponent + shift }
    }
}

/// 2^`exponent`, 0 where that is too small for a normal number.
pub(crate) fn power_of_two(exponent: i32) -> f64 {
    if exponent < -1022 { 0.0 } else { f64::from_bits(((exponent.min(1023) + 1023) as u64) << 52) }
}

/// What one source leaves behind.
pub(crate) trait Dependencies: Send + Sync {
    /// The vertices that it reaches, other than itself, and its dependency on each.
    fn found(&self) -> (&[u32], &[f64]);
}

/// The state for one source at a time. Time and memory of a source are in proportion to what it reaches; only the first
/// touches everything.
#[derive(Debug)]
pub(crate) struct Brandes {
    frontiers: Frontiers,
    /// By vertex, the bits of an `f64`: first its count of paths, then its coefficient `(1 + dependency) / count`. Zero
    /// before it is known, so that neighbours in other layers than the one asked for add nothing.
    table: Vec<AtomicU64>,
    /// By vertex, the exponents of the counts: empty until counts are large, zero for all others.
    exponents: Vec<AtomicI32>,
    exponents_memory: Option<Reservation>,
    /// By position in the order of the search.
    counts: TrackedVec<f64>,
    dependencies: TrackedVec<f64>,
    _memory: Reservation,
}

impl Brandes {
    /// For graphs of `rows` vertices.
    pub(crate) fn new(rows: usize, ctx: &Context) -> Result<Self> {
        let memory = ctx.memory().reserve(8 * rows as u64, "path counts")?;
        Ok(Self {
            frontiers: Frontiers::new(rows, ctx)?,
            counts: ctx.zeroed(rows, "path counts")?,
            dependencies: ctx.zeroed(rows, "dependencies")?,
            table: (0..rows).map(|_| AtomicU64::new(0)).collect(),
            exponents: Vec::new(),
            exponents_memory: None,
            _memory: memory,
        })
    }

    /// The dependency of `source` on every vertex: the sum over all others of the fraction of shortest paths that go
    /// through it.
    pub(crate) fn run(&mut self, source: u32, outgoing: &Adjacency, incoming: &Adjacency, ctx: &Context) -> Result<()> {
        self.frontiers.clear();
        let goal = Goal { sources: &[source], targets: &[], max_depth: NONE - 1, keep: true, whole: false };
        self.frontiers.search(&goal, outgoing, Incoming::Given(incoming), &(), ctx)?;
        let outcome = self.count(incoming, ctx).and_then(|()| self.accumulate(outgoing, ctx));
        self.clear_table(ctx)?;
        outcome
    }

    /// Counts the shortest paths to every vertex.
    fn count(&mut self, incoming: &Adjacency, ctx: &Context) -> Result<()> {
        let layers = self.frontiers.sizes().len();
        self.counts[0] = 1.0;
        if layers > 1 {
            // One edge, one path.
            let first = self.frontiers.layer(1);
            self.counts[first.clone()].fill(1.0);
            self.publish(first, ctx, |counts, _, i| counts[i])?;
        }
        for depth in 2..layers {
            let layer = self.frontiers.layer(depth);
            let vertices = &self.frontiers.order()[layer.clone()];
            let (table, exponents) = (&self.table, &self.exponents);
            let parts = cut(vertices, incoming);
            let mut outputs = split(&mut self.counts[layer.clone()], &parts);
            let largest = ctx.map_mut(&mut outputs, |p, counts| {
                let mut largest = 0.0f64;
                for (vertex, count) in parts[p].iter().zip(counts.iter_mut()) {
                    let row = incoming.row(*vertex as usize);
                    *count = if exponents.is_empty() {
                        sum_distinct(table, row)
                    } else {
                        let sum = scaled_sum(table, exponents, row).normalised();
                        exponents[*vertex as usize].store(sum.exponent, Relaxed);
                        sum.mantissa
                    };
                    largest = largest.max(*count);
                }
                Ok(largest)
            })?;
            self.publish(layer, ctx, |counts, _, i| counts[i])?;
            if self.exponents.is_empty() && largest.iter().any(|count| *count > LARGE) {
                self.exponents_memory = Some(ctx.memory().reserve(4 * self.table.len() as u64, "path counts")?);
                self.exponents = (0..self.table.len()).map(|_| AtomicI32::new(0)).collect();
            }
        }
        Ok(())
    }

    /// From the farthest layer back: what a vertex passes on, from the coefficients of the next layer.
    fn accumulate(&mut self, outgoing: &Adjacency, ctx: &Context) -> Result<()> {
        let layers = self.frontiers.sizes().len();
        self.reset_table(ctx)?;
        let last = self.frontiers.layer(layers - 1);
        self.dependencies[last.clone()].fill(0.0);
        if layers > 2 {
            self.publish(last, ctx, coefficient)?;
        }
        for depth in (1..layers - 1).rev() {
            let layer = self.frontiers.layer(depth);
            let vertices = &self.frontiers.order()[layer.clone()];
            let (table, exponents) = (&self.table, &self.exponents);
            let parts = cut(vertices, outgoing);
            let counts = split_ref(&self.counts[layer.clone()], &parts);
            let mut outputs = split(&mut self.dependencies[layer.clone()], &parts);
            ctx.map_mut(&mut outputs, |p, dependencies| {
                for ((vertex, dependency), count) in parts[p].iter().zip(dependencies.iter_mut()).zip(counts[p]) {
                    let row = outgoing.row(*vertex as usize);
                    let sum = if exponents.is_empty() {
                        sum_distinct(table, row)
                    } else {
                        shifted_sum(table, exponents, row, exponents[*vertex as usize].load(Relaxed))
                    };
                    *dependency = count * sum;
                }
                Ok(())
            })?;
            if depth > 1 {
                self.publish(layer, ctx, coefficient)?;
            }
        }
        Ok(())
    }

    /// Writes a value for every vertex of a layer to the table.
    fn publish(
        &self,
        layer: Range<usize>,
        ctx: &Context,
        value: impl Fn(&[f64], &[f64], usize) -> f64 + Sync,
    ) -> Result<()> {
        let order = self.frontiers.order();
        in_parts(layer, ctx, |part| {
            for i in part {
                let value = value(&self.counts, &self.dependencies, i);
                self.table[order[i] as usize].store(value.to_bits(), Relaxed);
            }
        })
    }

    /// Zeros for all that were reached.
    fn reset_table(&mut self, ctx: &Context) -> Result<()> {
        let order = self.frontiers.order();
        if order.len() < self.table.len() / 8 {
            return in_parts(0..order.len(), ctx, |part| {
                order[part].iter().for_each(|v| self.table[*v as usize].store(0, Relaxed));
            });
        }
        ctx.for_each(self.table.chunks_mut(PART).collect(), |_, part| {
            part.iter_mut().for_each(|bits| *bits.get_mut() = 0);
            Ok(())
        })
    }

    /// As before the source.
    fn clear_table(&mut self, ctx: &Context) -> Result<()> {
        (self.exponents, self.exponents_memory) = (Vec::new(), None);
        self.reset_table(ctx)
    }
}

impl Dependencies for Brandes {
    fn found(&self) -> (&[u32], &[f64]) {
        without_source(self.frontiers.order(), &self.dependencies)
    }
}

/// All but the first of what a search has in its order.
pub(crate) fn without_source<'a>(order: &'a [u32], dependencies: &'a [f64]) -> (&'a [u32], &'a [f64]) {
    (order.get(1..).unwrap_or_default(), dependencies[..order.len()].get(1..).unwrap_or_default())
}

/// `(1 + dependency) / count`: what a vertex passes back per path.
fn coefficient(counts: &[f64], dependencies: &[f64], i: usize) -> f64 {
    (1.0 + dependencies[i]) / counts[i]
}

/// Entries of one task of a pass that only moves numbers.
const PART: usize = 1 << 15;

fn in_parts(range: Range<usize>, ctx: &Context, work: impl Fn(Range<usize>) + Sync) -> Result<()> {
    let pieces = range.len().div_ceil(PART);
    ctx.map(pieces, |p| {
        let start = range.start + p * PART;
        work(start..range.end.min(start + PART));
        Ok(())
    })?;
    Ok(())
}

/// Parts of `values` as long as those of a layer.
fn split<'a>(mut values: &'a mut [f64], parts: &[&[u32]]) -> Vec<&'a mut [f64]> {
    let mut outputs = Vec::with_capacity(parts.len());
    for part in parts {
        let (output, rest) = values.split_at_mut(part.len());
        outputs.push(output);
        values = rest;
    }
    outputs
}

fn split_ref<'a>(mut values: &'a [f64], parts: &[&[u32]]) -> Vec<&'a [f64]> {
    let mut inputs = Vec::with_capacity(parts.len());
    for part in parts {
        let (input, rest) = values.split_at(part.len());
        inputs.push(input);
        values = rest;
    }
    inputs
}

/// The sum of a table over a sorted row, parallel edges once. Four sums side by side hide the latency of the additions;
/// their order is fixed.
fn sum_distinct(table: &[AtomicU64], row: &[u32]) -> f64 {
    let value = |v: u32, before: u32| {
        let value = f64::from_bits(table[v as usize].load(Relaxed));
        if v == before { 0.0 } else { value }
    };
    let mut sums = [0.0; 4];
    let mut before = NONE;
    let (blocks, rest) = row.as_chunks::<4>();
    for block in blocks {
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum += value(block[i], if i == 0 { before } else { block[i - 1] });
        }
        before = block[3];
    }
    for (sum, v) in sums.iter_mut().zip(rest) {
        *sum += value(*v, before);
        before = *v;
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// The same over counts with exponents.
fn scaled_sum(table: &[AtomicU64], exponents: &[AtomicI32], row: &[u32]) -> Count {
    let mut sum = Count::ZERO;
    let mut before = NONE;
    for v in row {
        let mantissa = f64::from_bits(table[*v as usize].load(Relaxed));
        if mantissa != 0.0 && *v != before {
            sum = sum.plus(Count { mantissa, exponent: exponents[*v as usize].load(Relaxed) });
        }
        before = *v;
    }
    sum
}

/// The same over coefficients, whose exponents are those of the counts with the sign changed, times 2^`exponent`.
fn shifted_sum(table: &[AtomicU64], exponents: &[AtomicI32], row: &[u32], exponent: i32) -> f64 {
    let mut sum = 0.0;
    let mut before = NONE;
    for v in row {
        let coefficient = f64::from_bits(table[*v as usize].load(Relaxed));
        if coefficient != 0.0 && *v != before {
            sum += coefficient * power_of_two(exponent - exponents[*v as usize].load(Relaxed));
        }
        before = *v;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_beyond_what_a_number_holds() {
        // 2^3000 + 2^2999 + 2^10.
        let sum = (0..3000).fold(Count::ONE, |count, _| count.plus(count).normalised());
        assert_eq!(sum, Count { mantissa: 1.0, exponent: 3000 });
        let half = Count { mantissa: 1.0, exponent: 2999 };
        let little = Count { mantissa: 1024.0, exponent: 0 };
        for sum in [sum.plus(half).plus(little), little.plus(half).plus(sum), half.plus(little).plus(sum)] {
            assert_eq!(sum.normalised(), Count { mantissa: 1.5, exponent: 3000 });
        }
        assert_eq!(Count::ZERO.plus(little).normalised(), Count { mantissa: 1.0, exponent: 10 });
        assert_eq!(Count::ZERO.normalised(), Count::ZERO);
    }

    #[test]
    fn powers_of_two_are_exact_or_nothing() {
        let powers = [-1023, -1022, -1, 0, 1, 1023].map(power_of_two);
        assert_eq!(powers, [0.0, f64::MIN_POSITIVE, 0.5, 1.0, 2.0, 2f64.powi(1023)]);
    }

    #[test]
    fn parallel_edges_add_once() {
        let table: Vec<AtomicU64> = (0..20).map(|v| AtomicU64::new(f64::from(v).to_bits())).collect();
        for row in [&[1, 2, 3][..], &[1, 1, 2, 2, 2, 3], &[1, 2, 3, 3, 3, 3, 3, 3, 3], &[1, 1, 1, 1, 1, 2, 3]] {
            assert_eq!(sum_distinct(&table, row), 6.0);
        }
        assert_eq!(sum_distinct(&table, &[]), 0.0);
    }
}

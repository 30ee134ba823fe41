//! The lengths of edges, as paths read them: a row at a time, as numbers, without a copy of the whole column.

use std::ops::Range;

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use pf_base::Result;

use crate::adjacency::Adjacency;
use crate::weights::{self, WeightType};

/// Lengths that are turned into numbers at a time.
pub(crate) const BLOCK: usize = 64;

/// The lengths of the edges of an adjacency.
pub(crate) enum Lengths<'a> {
    /// Every edge is 1 long.
    One,
    Numbers(&'a [f64]),
    Typed(&'a ArrayRef, WeightType),
}

impl<'a> Lengths<'a> {
    /// The weights of `adjacency` if they are to count, else 1.
    pub(crate) fn of(adjacency: &'a Adjacency, weighted: bool) -> Result<Self> {
        Ok(match adjacency.weights().filter(|_| weighted) {
            None => Self::One,
            Some(array) => match WeightType::of(array.data_type(), "weight")? {
                WeightType::F64 => Self::Numbers(array.as_primitive::<Float64Type>().values()),
                kind => Self::Typed(array, kind),
            },
        })
    }

    /// The lengths of the edges at `range`, at most [`BLOCK`].
    #[inline]
    fn block<'b>(&'b self, range: Range<usize>, scratch: &'b mut [f64; BLOCK]) -> &'b [f64] {
        let block = match self {
            Self::Numbers(numbers) => return &numbers[range],
            Self::One => {
                scratch.fill(1.0);
                &mut scratch[..range.len()]
            }
            Self::Typed(array, kind) => {
                let block = &mut scratch[..range.len()];
                weights::copy_f64(array, *kind, range.start, block);
                block
            }
        };
        block
    }

    /// Calls `visit` with the edges at `range`, a block at a time: neighbours and lengths.
    #[inline]
    pub(crate) fn for_each_block(
        &self,
        adjacency: &Adjacency,
        mut range: Range<usize>,
        scratch: &mut [f64; BLOCK],
        mut visit: impl FnMut(&[u32], &[f64]),
    ) {
        while !range.is_empty() {
            let end = range.end.min(range.start + BLOCK);
            visit(&adjacency.targets()[range.start..end], self.block(range.start..end, scratch));
            range.start = end;
        }
    }

    /// Calls `visit` with every edge of a row: neighbour and length.
    #[inline]
    pub(crate) fn for_each(&self, adjacency: &Adjacency, row: usize, mut visit: impl FnMut(u32, f64)) {
        self.for_each_block(adjacency, adjacency.range(row), &mut [0.0; BLOCK], |targets, lengths| {
            targets.iter().zip(lengths).for_each(|(target, length)| visit(*target, *length));
        });
    }

    /// Reads an edge so that it is in the cache when its turn comes. What comes back means nothing.
    #[inline]
    pub(crate) fn touch(&self, adjacency: &Adjacency, edge: usize) -> u64 {
        let target = u64::from(adjacency.targets()[edge]);
        let mut length = [0.0];
        match self {
            Self::One => {}
            Self::Numbers(numbers) => length[0] = numbers[edge],
            Self::Typed(array, kind) => weights::copy_f64(array, *kind, edge, &mut length),
        }
        target ^ length[0].to_bits()
    }

    /// The length of one edge.
    pub(crate) fn at(&self, edge: usize) -> f64 {
        self.block(edge..edge + 1, &mut [0.0; BLOCK])[0]
    }
}

//! The lengths of edges, as paths read them: a row at a time, as numbers, without a copy of the whole column.

use std::ops::Range;

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use pf_base::Result;

use crate::adjacency::Adjacency;
use crate::weights::{self, WeightType};

/// Lengths that are turned into numbers at a time.
const BLOCK: usize = 64;

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

    /// The lengths of the edges at `range`, as many as are at hand: at least one if there are any.
    #[inline]
    fn first<'b>(&'b self, range: Range<usize>, scratch: &'b mut [f64; BLOCK]) -> &'b [f64] {
        match self {
            Self::Numbers(numbers) => &numbers[range],
            Self::One => {
                scratch.fill(1.0);
                &scratch[..range.len().min(BLOCK)]
            }
            Self::Typed(array, kind) => {
                let block = &mut scratch[..range.len().min(BLOCK)];
                weights::copy_f64(array, *kind, range.start, block);
                block
            }
        }
    }

    /// Calls `visit` with every edge of a row: neighbour and length.
    #[inline]
    pub(crate) fn for_each(&self, adjacency: &Adjacency, row: usize, mut visit: impl FnMut(u32, f64)) {
        let mut scratch = [0.0; BLOCK];
        let mut range = adjacency.range(row);
        while !range.is_empty() {
            let lengths = self.first(range.clone(), &mut scratch);
            let targets = &adjacency.targets()[range.start..range.start + lengths.len()];
            targets.iter().zip(lengths).for_each(|(target, length)| visit(*target, *length));
            range.start += lengths.len();
        }
    }

    /// The length of one edge.
    pub(crate) fn at(&self, edge: usize) -> f64 {
        self.first(edge..edge + 1, &mut [0.0; BLOCK])[0]
    }
}

//! The lengths of edges, as paths read them: a few at a time, as numbers, without a copy of the whole column.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use pf_base::Result;

use crate::adjacency::Adjacency;
use crate::weights::WeightType;

/// Lengths that are turned into numbers at a time.
pub(crate) const BLOCK: usize = 64;

/// The lengths of the edges of an adjacency.
pub(crate) enum Lengths<'a> {
    /// Every edge is 1 long.
    One,
    I8(&'a [i8]),
    I16(&'a [i16]),
    I32(&'a [i32]),
    I64(&'a [i64]),
    U8(&'a [u8]),
    U16(&'a [u16]),
    U32(&'a [u32]),
    U64(&'a [u64]),
    F32(&'a [f32]),
    F64(&'a [f64]),
}

/// Runs `$body` with `$values` as the typed slice; `$one` and `$numbers` where there is nothing to convert.
macro_rules! each_type {
    ($lengths:expr, $values:ident => $body:expr, One => $one:expr, F64($numbers:ident) => $same:expr) => {
        match $lengths {
            Lengths::One => $one,
            Lengths::I8($values) => $body,
            Lengths::I16($values) => $body,
            Lengths::I32($values) => $body,
            Lengths::I64($values) => $body,
            Lengths::U8($values) => $body,
            Lengths::U16($values) => $body,
            Lengths::U32($values) => $body,
            Lengths::U64($values) => $body,
            Lengths::F32($values) => $body,
            Lengths::F64($numbers) => $same,
        }
    };
}

impl<'a> Lengths<'a> {
    /// The weights of `adjacency` if they are to count, else 1.
    pub(crate) fn of(adjacency: &'a Adjacency, weighted: bool) -> Result<Self> {
        let Some(array) = adjacency.weights().filter(|_| weighted) else { return Ok(Self::One) };
        Ok(match WeightType::of(array.data_type(), "weight")? {
            WeightType::I8 => Self::I8(array.as_primitive::<Int8Type>().values()),
            WeightType::I16 => Self::I16(array.as_primitive::<Int16Type>().values()),
            WeightType::I32 => Self::I32(array.as_primitive::<Int32Type>().values()),
            WeightType::I64 => Self::I64(array.as_primitive::<Int64Type>().values()),
            WeightType::U8 => Self::U8(array.as_primitive::<UInt8Type>().values()),
            WeightType::U16 => Self::U16(array.as_primitive::<UInt16Type>().values()),
            WeightType::U32 => Self::U32(array.as_primitive::<UInt32Type>().values()),
            WeightType::U64 => Self::U64(array.as_primitive::<UInt64Type>().values()),
            WeightType::F32 => Self::F32(array.as_primitive::<Float32Type>().values()),
            WeightType::F64 => Self::F64(array.as_primitive::<Float64Type>().values()),
        })
    }

    /// The lengths of the edges at `range`, at most [`BLOCK`].
    #[inline]
    fn block<'b>(&'b self, range: Range<usize>, scratch: &'b mut [f64; BLOCK]) -> &'b [f64] {
        let block = &mut scratch[..range.len()];
        each_type!(self,
            values => block.iter_mut().zip(&values[range]).for_each(|(n, v)| *n = *v as f64),
            One => block.fill(1.0),
            F64(numbers) => return &numbers[range]
        );
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
        u64::from(adjacency.targets()[edge]) ^ self.at(edge).to_bits()
    }

    /// The length of one edge.
    #[inline]
    pub(crate) fn at(&self, edge: usize) -> f64 {
        each_type!(self, values => values[edge] as f64, One => 1.0, F64(numbers) => numbers[edge])
    }
}

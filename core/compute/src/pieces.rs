//! Columns that are computed piece by piece, each piece in its own part of the output.

use arrow_buffer::{ArrowNativeType, Buffer, ScalarBuffer};
use bytemuck::Pod;
use pf_base::LargeVec;

/// Rows of a piece: a multiple of the bits in a word.
pub(crate) const PIECE: usize = 1 << 16;

/// An array's buffer of what was computed.
pub(crate) fn buffer<T: Pod + Send + ArrowNativeType>(values: LargeVec<T>) -> ScalarBuffer<T> {
    let len = values.len();
    ScalarBuffer::new(Buffer::from(values.into_bytes()), 0, len)
}

//! Columns that are computed piece by piece, each piece in its own part of the output.

use arrow_array::{Array, ArrayRef, make_array};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow_data::ArrayData;
use arrow_schema::DataType;
use bytemuck::Pod;
use pf_base::{Context, Error, LargeVec, Result};

/// Rows of a piece: a multiple of the bits in a word.
pub(crate) const PIECE: usize = 1 << 16;

/// An array's buffer of what was computed.
pub(crate) fn buffer<T: Pod + Send + ArrowNativeType>(values: LargeVec<T>) -> ScalarBuffer<T> {
    let len = values.len();
    ScalarBuffer::new(Buffer::from(values.into_bytes()), 0, len)
}

/// The rows of piece `i` of `rows` rows.
pub(crate) fn piece(i: usize, rows: usize) -> std::ops::Range<usize> {
    i * PIECE..rows.min((i + 1) * PIECE)
}

/// A value per row: `f` is given the first row of a piece and its part of the values, which are zeros.
pub(crate) fn fill<T: Pod + Send + ArrowNativeType>(
    rows: usize,
    ctx: &Context,
    f: impl Fn(usize, &mut [T]) -> Result<()> + Sync,
) -> Result<ScalarBuffer<T>> {
    let (mut values, _reserved) = ctx.memory().large::<T>(rows, "a result column")?;
    ctx.for_each(values.chunks_mut(PIECE).collect(), |i, part| f(i * PIECE, part))?;
    Ok(buffer(values))
}

/// A value or null per row: `f` is given the first row of a piece, its part of the values and of the bitmap of those
/// that are not null, all zeros.
pub(crate) fn fill_nullable<T: Pod + Send + ArrowNativeType>(
    rows: usize,
    ctx: &Context,
    f: impl Fn(usize, &mut [T], &mut Valid<'_>) -> Result<()> + Sync,
) -> Result<(ScalarBuffer<T>, Option<NullBuffer>)> {
    fill_nullable_by(rows, PIECE, ctx, f)
}

/// The same in pieces of so many rows, a multiple of 64.
pub(crate) fn fill_nullable_by<T: Pod + Send + ArrowNativeType>(
    rows: usize,
    piece: usize,
    ctx: &Context,
    f: impl Fn(usize, &mut [T], &mut Valid<'_>) -> Result<()> + Sync,
) -> Result<(ScalarBuffer<T>, Option<NullBuffer>)> {
    let (mut values, _values) = ctx.memory().large::<T>(rows, "a result column")?;
    let (mut words, _words) = ctx.memory().large::<u64>(rows.div_ceil(64), "a result column")?;
    let parts = values.chunks_mut(piece).zip(words.chunks_mut(piece / 64)).collect();
    ctx.for_each(parts, |i, (part, words)| {
        f(i * piece, part, &mut Valid(words))?;
        words.iter_mut().for_each(|word| *word = word.to_le());
        Ok(())
    })?;
    let valid = BooleanBuffer::new(Buffer::from(words.into_bytes()), 0, rows);
    Ok((buffer(values), Some(NullBuffer::new(valid)).filter(|n| n.null_count() > 0)))
}

/// Which rows of a piece are not null.
pub(crate) struct Valid<'a>(&'a mut [u64]);

impl Valid<'_> {
    /// Row `i` of the piece is not null.
    #[inline(always)]
    pub(crate) fn set(&mut self, i: usize) {
        self.0[i / 64] |= 1 << (i % 64);
    }
}

/// The rows of one column at `indices`.
pub(crate) fn take_one(array: &ArrayRef, indices: &dyn Array, ctx: &Context) -> Result<ArrayRef> {
    let taken = crate::take(std::slice::from_ref(array), indices, ctx)?.pop();
    taken.ok_or_else(|| Error::internal("take gave no column"))
}

/// The values of an array of primitive type.
pub(crate) fn values_of<N: ArrowNativeType>(array: &dyn Array) -> ScalarBuffer<N> {
    let data = array.to_data();
    ScalarBuffer::new(data.buffers()[0].clone(), data.offset(), data.len())
}

/// An array of a primitive type whose values are `N`.
pub(crate) fn primitive<N: ArrowNativeType>(
    data_type: &DataType,
    values: ScalarBuffer<N>,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef> {
    let data = ArrayData::builder(data_type.clone()).len(values.len()).add_buffer(values.into_inner()).nulls(nulls);
    Ok(make_array(data.build()?))
}

/// Runs `$body` with `$n` as the native type of a primitive type of at most 128 bits; `$other` for other types.
macro_rules! each_native {
    ($data_type:expr, $n:ident => $body:expr, _ => $other:expr) => {{
        use arrow_schema::{DataType as D, IntervalUnit};
        match $data_type {
            D::Int8 => {
                type $n = i8;
                $body
            }
            D::Int16 => {
                type $n = i16;
                $body
            }
            D::Int32 | D::Date32 | D::Time32(_) | D::Decimal32(..) | D::Interval(IntervalUnit::YearMonth) => {
                type $n = i32;
                $body
            }
            D::Int64 | D::Date64 | D::Time64(_) | D::Timestamp(..) | D::Duration(_) | D::Decimal64(..) => {
                type $n = i64;
                $body
            }
            D::Decimal128(..) => {
                type $n = i128;
                $body
            }
            D::UInt8 => {
                type $n = u8;
                $body
            }
            D::UInt16 => {
                type $n = u16;
                $body
            }
            D::UInt32 => {
                type $n = u32;
                $body
            }
            D::UInt64 => {
                type $n = u64;
                $body
            }
            D::Float16 => {
                type $n = half::f16;
                $body
            }
            D::Float32 => {
                type $n = f32;
                $body
            }
            D::Float64 => {
                type $n = f64;
                $body
            }
            _ => $other,
        }
    }};
}
pub(crate) use each_native;

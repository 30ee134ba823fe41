//! Rows of one value or another, as a mask says.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, make_array};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow_data::ArrayData;
use arrow_schema::DataType;
use bytemuck::Pod;
use pf_base::{Error, Result};

use crate::Value;
use crate::operands::buffer_of;
use crate::scratch::Scratch;
use crate::simd::{Level, Side};

/// `a` where the mask is set and `b` elsewhere. Both are of `data_type`.
pub(crate) fn select(mask: &BooleanBuffer, a: &Value, b: &Value, data_type: &DataType) -> Result<ArrayRef> {
    let rows = mask.len();
    if data_type.is_null() {
        return Ok(arrow_array::new_null_array(data_type, rows));
    }
    if *data_type == DataType::Boolean {
        let (x, y) = (bits(a, rows)?, bits(b, rows)?);
        let values = &(&x & mask) | &(&y & &!mask);
        return Ok(std::sync::Arc::new(BooleanArray::new(values, nulls(mask, a, b))));
    }
    let Some(width) = data_type.primitive_width() else {
        return Ok(arrow_select::zip::zip(&BooleanArray::from(mask.clone()), a, b)?);
    };
    let values = match width {
        1 => blend::<u8>(mask, a, b)?,
        2 => blend::<u16>(mask, a, b)?,
        4 => blend::<u32>(mask, a, b)?,
        8 => blend::<u64>(mask, a, b)?,
        16 => blend::<[u64; 2]>(mask, a, b)?,
        32 => blend::<[u64; 4]>(mask, a, b)?,
        _ => return Err(Error::internal(format!("{data_type} is {width} bytes wide"))),
    };
    let data = ArrayData::builder(data_type.clone()).len(rows).add_buffer(values).nulls(nulls(mask, a, b)).build()?;
    Ok(make_array(data))
}

fn bits(value: &Value, rows: usize) -> Result<BooleanBuffer> {
    let array = value.inner().as_boolean_opt();
    let array = array.ok_or_else(|| Error::internal(format!("{} is not boolean", value.data_type())))?;
    Ok(match value {
        Value::Array(_) => array.values().clone(),
        Value::Scalar(_) if array.value(0) => BooleanBuffer::new_set(rows),
        Value::Scalar(_) => BooleanBuffer::new_unset(rows),
    })
}

fn nulls(mask: &BooleanBuffer, a: &Value, b: &Value) -> Option<NullBuffer> {
    let known = |value: &Value| match value {
        Value::Array(array) => array.nulls().filter(|n| n.null_count() > 0).map(|n| n.inner().clone()),
        Value::Scalar(one) if one.is_null(0) => Some(BooleanBuffer::new_unset(mask.len())),
        Value::Scalar(_) => None,
    };
    let known = match (known(a), known(b)) {
        (None, None) => return None,
        (Some(x), None) => &x | &!mask,
        (None, Some(y)) => &y | mask,
        (Some(x), Some(y)) => &(&x & mask) | &(&y & &!mask),
    };
    Some(NullBuffer::new(known)).filter(|n| n.null_count() > 0)
}

/// Values by their width alone: `T` is as wide, and aligned as little as any type of that width.
fn blend<T: Pod + Send + Sync>(mask: &BooleanBuffer, a: &Value, b: &Value) -> Result<Buffer> {
    let (x, y) = (buffer_of(a.inner())?, buffer_of(b.inner())?);
    let (x, y) = (side::<T>(a, &x)?, side::<T>(b, &y)?);
    let level = Level::best();
    let out = match (x, y) {
        (Side::Rows(x), Side::Rows(y)) => level.run(
            #[inline(always)]
            move || choose(mask, x, y),
        ),
        (Side::Rows(x), Side::One(y)) => level.run(
            #[inline(always)]
            move || choose(mask, x, Same(y)),
        ),
        (Side::One(x), Side::Rows(y)) => level.run(
            #[inline(always)]
            move || choose(mask, Same(x), y),
        ),
        (Side::One(x), Side::One(y)) => level.run(
            #[inline(always)]
            move || choose(mask, Same(x), Same(y)),
        ),
    };
    Ok(out.into())
}

fn side<'a, T: Pod>(value: &Value, bytes: &'a Buffer) -> Result<Side<'a, T>> {
    let values = bytemuck::try_cast_slice(bytes).map_err(|e| Error::internal(format!("values: {e}")))?;
    Ok(if matches!(value, Value::Scalar(_)) { Side::One(values[0]) } else { Side::Rows(values) })
}

/// Values, or one for all rows: 64 at a time, so that no bounds are checked row by row.
trait Source<T> {
    fn sixty_four(&self, chunk: usize) -> impl Fn(usize) -> T;
    fn get(&self, i: usize) -> T;
}

impl<T: Copy> Source<T> for &[T] {
    #[inline(always)]
    fn sixty_four(&self, chunk: usize) -> impl Fn(usize) -> T {
        let values = &self.as_chunks::<64>().0[chunk];
        |i| values[i]
    }

    #[inline(always)]
    fn get(&self, i: usize) -> T {
        self[i]
    }
}

/// The same in all rows.
struct Same<T>(T);

impl<T: Copy> Source<T> for Same<T> {
    #[inline(always)]
    fn sixty_four(&self, _: usize) -> impl Fn(usize) -> T {
        |_| self.0
    }

    #[inline(always)]
    fn get(&self, _: usize) -> T {
        self.0
    }
}

#[inline(always)]
fn choose<T: Pod>(mask: &BooleanBuffer, a: impl Source<T>, b: impl Source<T>) -> Scratch<T> {
    let bits = mask.bit_chunks();
    let mut out = Scratch::new(mask.len());
    let (chunks, rest) = out.as_chunks_mut::<64>();
    let done = 64 * chunks.len();
    for (k, (out, word)) in chunks.iter_mut().zip(bits.iter()).enumerate() {
        let (a, b) = (a.sixty_four(k), b.sixty_four(k));
        for (i, out) in out.iter_mut().enumerate() {
            let (a, b) = (a(i), b(i));
            *out = if word >> i & 1 == 1 { a } else { b };
        }
    }
    let word = bits.remainder_bits();
    for (i, out) in rest.iter_mut().enumerate() {
        *out = if word >> i & 1 == 1 { a.get(done + i) } else { b.get(done + i) };
    }
    out
}

//! Results of blocks, put together to one column.
//!
//! Columns of fixed width and booleans are written in place into an output of the exact size, so that a result is
//! copied once, out of the cache. What has no fixed width is kept block by block until all sizes are known.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, make_array, new_null_array};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow_data::ArrayData;
use arrow_schema::DataType;
use pf_base::{Context, Error, LargeVec, Result};

use crate::evaluate::{BLOCK, PIECE};
use crate::operands::buffer_of;
use crate::{Value, concat};

/// What a whole output is made in: every Arrow type of fixed width may lie in it.
type Unit = u128;

/// The column of `rows` rows whose blocks `block(start, rows)` makes. Blocks are asked for in parallel; each begins at
/// a multiple of [`BLOCK`] and is of `data_type`.
pub(crate) fn assemble(
    data_type: &DataType,
    rows: usize,
    ctx: &Context,
    block: impl Fn(usize, usize) -> Result<Value> + Sync,
) -> Result<ArrayRef> {
    if rows <= BLOCK {
        ctx.check()?;
        return block(0, rows)?.into_array(rows);
    }
    match (data_type, data_type.primitive_width()) {
        (DataType::Null, _) => Ok(new_null_array(data_type, rows)),
        (DataType::Boolean, _) => bits(rows, ctx, block),
        (_, Some(width)) => fixed(data_type, width, rows, ctx, block),
        _ => varying(data_type, rows, ctx, block),
    }
}

/// The starts and lengths of the blocks in a piece of so many rows.
pub(crate) fn blocks(rows: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).step_by(BLOCK).map(move |start| (start, BLOCK.min(rows - start)))
}

fn fixed(
    data_type: &DataType,
    width: usize,
    rows: usize,
    ctx: &Context,
    block: impl Fn(usize, usize) -> Result<Value> + Sync,
) -> Result<ArrayRef> {
    let bytes = rows.checked_mul(width).ok_or_else(|| Error::out_of_memory(format!("a result of {rows} rows")))?;
    let (mut values, _reserved) = ctx.memory().unwritten::<Unit>(bytes.div_ceil(size_of::<Unit>()), "the result")?;
    let mut parts: Vec<&mut [u8]> = bytemuck::cast_slice_mut(&mut values)[..bytes].chunks_mut(PIECE * width).collect();
    let validity = ctx.map_mut(&mut parts, |piece, part| {
        let mut validity = Validity::new(part.len() / width);
        for (start, n) in blocks(part.len() / width) {
            let value = block(piece * PIECE + start, n)?;
            let out = &mut part[start * width..][..n * width];
            match &value {
                Value::Array(array) => out.copy_from_slice(&buffer_of(array)?[..n * width]),
                Value::Scalar(one) => {
                    let one = buffer_of(one)?;
                    out.chunks_exact_mut(width).for_each(|slot| slot.copy_from_slice(&one[..width]));
                }
            }
            validity.put(start, n, &value);
        }
        Ok(validity)
    })?;
    let nulls = join(validity, rows, ctx)?;
    let data = ArrayData::builder(data_type.clone()).len(rows).add_buffer(into_buffer(values)).nulls(nulls).build()?;
    Ok(make_array(data))
}

fn bits(rows: usize, ctx: &Context, block: impl Fn(usize, usize) -> Result<Value> + Sync) -> Result<ArrayRef> {
    let (mut values, _reserved) = ctx.memory().unwritten::<u64>(rows.div_ceil(64), "the result")?;
    let mut parts: Vec<&mut [u64]> = values.chunks_mut(PIECE / 64).collect();
    let validity = ctx.map_mut(&mut parts, |piece, part| {
        let len = PIECE.min(rows - piece * PIECE);
        let mut validity = Validity::new(len);
        for (start, n) in blocks(len) {
            let value = block(piece * PIECE + start, n)?;
            let out = &mut part[start / 64..][..n.div_ceil(64)];
            let array = value.inner().as_boolean_opt().ok_or_else(|| Error::internal("a mask is not boolean"))?;
            match &value {
                Value::Array(_) => copy_bits(array.values(), out),
                Value::Scalar(_) => out.fill(if array.value(0) { u64::MAX } else { 0 }),
            }
            validity.put(start, n, &value);
        }
        Ok(validity)
    })?;
    let nulls = join(validity, rows, ctx)?;
    let data = ArrayData::builder(DataType::Boolean).len(rows).add_buffer(into_buffer(values)).nulls(nulls).build()?;
    Ok(make_array(data))
}

fn varying(
    data_type: &DataType,
    rows: usize,
    ctx: &Context,
    block: impl Fn(usize, usize) -> Result<Value> + Sync,
) -> Result<ArrayRef> {
    let pieces = ctx.map(rows.div_ceil(PIECE), |piece| {
        let start = piece * PIECE;
        let made = blocks(PIECE.min(rows - start)).map(|(at, n)| block(start + at, n)?.into_array(n));
        made.collect::<Result<Vec<_>>>()
    })?;
    let chunks: Vec<ArrayRef> = pieces.into_iter().flatten().collect();
    debug_assert!(chunks.iter().all(|c| c.data_type() == data_type));
    concat(&chunks, ctx)
}

/// Which rows of a piece are null; words are made with the first null.
pub(crate) struct Validity {
    rows: usize,
    words: Option<Vec<u64>>,
}

impl Validity {
    pub(crate) fn new(rows: usize) -> Self {
        Self { rows, words: None }
    }

    /// Takes in the nulls of the block that begins at `start`, a multiple of 64.
    fn put(&mut self, start: usize, rows: usize, value: &Value) {
        if value.inner().null_count() == 0 {
            return;
        }
        let words = self.words.get_or_insert_with(|| vec![u64::MAX; self.rows.div_ceil(64)]);
        let out = &mut words[start / 64..][..rows.div_ceil(64)];
        match value {
            Value::Array(array) => {
                if let Some(nulls) = array.nulls() {
                    copy_bits(nulls.inner(), out);
                }
            }
            Value::Scalar(_) => out.fill(0),
        }
    }
}

/// The validity of all pieces as one; nothing where no piece has a null.
fn join(pieces: Vec<Validity>, rows: usize, ctx: &Context) -> Result<Option<NullBuffer>> {
    if pieces.iter().all(|p| p.words.is_none()) {
        return Ok(None);
    }
    let (mut words, _reserved) = ctx.memory().unwritten::<u64>(rows.div_ceil(64), "the validity of the result")?;
    let parts = words.chunks_mut(PIECE / 64).zip(pieces).collect();
    ctx.for_each(parts, |_, (out, piece): (&mut [u64], Validity)| {
        match piece.words {
            Some(words) => out.copy_from_slice(&words),
            None => out.fill(u64::MAX),
        }
        Ok(())
    })?;
    Ok(Some(NullBuffer::new(BooleanBuffer::new(into_buffer(words), 0, rows))))
}

/// Writes all bits of `from` to the front of `out`; the rest of the last word is zeros.
fn copy_bits(from: &BooleanBuffer, out: &mut [u64]) {
    let chunks = from.bit_chunks();
    for (out, word) in out.iter_mut().zip(chunks.iter_padded()) {
        *out = word;
    }
}

fn into_buffer<T: bytemuck::Pod + Send>(values: LargeVec<T>) -> Buffer {
    Buffer::from(values.into_bytes())
}

//! Positions of rows, checked.

use arrow_array::{Array, ArrayRef, UInt32Array, UInt64Array};
use arrow_buffer::{Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::DataType;
use bytemuck::Pod;
use pf_base::{Context, Error, Reservation, Result};

/// Positions per piece of work: a multiple of 64.
pub(crate) const PIECE: usize = 1 << 16;

/// A position of a row.
pub(crate) trait Position: Pod + Send + Sync + Ord {
    /// As a number of a row.
    fn row(self) -> usize;
    /// Of the number of a row that is known to fit.
    fn of(row: usize) -> Self;
}

impl Position for u32 {
    #[inline(always)]
    fn row(self) -> usize {
        self as usize
    }
    #[inline(always)]
    fn of(row: usize) -> Self {
        row as Self
    }
}

impl Position for u64 {
    #[inline(always)]
    fn row(self) -> usize {
        self as usize
    }
    #[inline(always)]
    fn of(row: usize) -> Self {
        row as Self
    }
}

/// Positions that are all smaller than the number of rows; where the position is null, any such.
#[derive(Debug)]
pub(crate) struct Positions {
    pub(crate) rows: Rows,
    pub(crate) nulls: Option<NullBuffer>,
    _memory: Option<Reservation>,
}

/// Positions in 32 bits where they fit.
#[derive(Debug)]
pub(crate) enum Rows {
    Narrow(ScalarBuffer<u32>),
    Wide(ScalarBuffer<u64>),
}

impl Positions {
    /// Reads and checks the indices of rows of a column of `rows` rows.
    pub(crate) fn of(indices: &dyn Array, rows: usize, ctx: &Context) -> Result<Self> {
        let narrow = |to| Ok::<_, Error>(arrow_cast::cast(indices, &to)?.to_data());
        let data = match indices.data_type() {
            // Casts of a negative number are null, and so must be found before.
            DataType::Int8 | DataType::Int16 => narrow(DataType::Int32)?,
            DataType::UInt8 | DataType::UInt16 => narrow(DataType::UInt32)?,
            DataType::Int32 | DataType::UInt32 | DataType::Int64 | DataType::UInt64 => indices.to_data(),
            other => {
                return Err(Error::wrong_type(format!("indices must be integers, not {}", crate::types::name(other))));
            }
        };
        let nulls = data.nulls().filter(|nulls| nulls.null_count() > 0).cloned();
        let (buffer, from, len) = (data.buffers()[0].clone(), data.offset(), data.len());
        let signed = matches!(data.data_type(), DataType::Int32 | DataType::Int64);
        if matches!(data.data_type(), DataType::Int32 | DataType::UInt32) {
            let values = ScalarBuffer::<u32>::new(buffer, from, len);
            let show = |v: u32| if signed { (v as i32).to_string() } else { v.to_string() };
            let (values, memory) = checked(values, nulls.as_ref(), rows, show, ctx)?;
            Ok(Self { rows: Rows::Narrow(values), nulls, _memory: memory })
        } else {
            let values = ScalarBuffer::<u64>::new(buffer, from, len);
            let show = |v: u64| if signed { (v as i64).to_string() } else { v.to_string() };
            let (values, memory) = checked(values, nulls.as_ref(), rows, show, ctx)?;
            Ok(Self { rows: Rows::Wide(values), nulls, _memory: memory })
        }
    }

    /// The positions of children, known to be right.
    pub(crate) fn children(rows: Rows, memory: Reservation) -> Self {
        Self { rows, nulls: None, _memory: Some(memory) }
    }

    /// How many they are.
    pub(crate) fn len(&self) -> usize {
        match &self.rows {
            Rows::Narrow(rows) => rows.len(),
            Rows::Wide(rows) => rows.len(),
        }
    }

    /// As an array, for arrow's kernels.
    pub(crate) fn array(&self) -> ArrayRef {
        match &self.rows {
            Rows::Narrow(rows) => std::sync::Arc::new(UInt32Array::new(rows.clone(), self.nulls.clone())),
            Rows::Wide(rows) => std::sync::Arc::new(UInt64Array::new(rows.clone(), self.nulls.clone())),
        }
    }
}

/// The values, with 0 where they are null: what stands there may be anything.
fn checked<P: Position + arrow_buffer::ArrowNativeType>(
    values: ScalarBuffer<P>,
    nulls: Option<&NullBuffer>,
    rows: usize,
    show: impl Fn(P) -> String + Sync,
    ctx: &Context,
) -> Result<(ScalarBuffer<P>, Option<Reservation>)> {
    let pieces = values.len().div_ceil(PIECE);
    let piece = |i: usize| i * PIECE..values.len().min((i + 1) * PIECE);
    let check = |start: usize, values: &[P]| {
        // The greatest is found in vectors, the first that is too great only where there is one. A negative number
        // is a great one without its sign.
        let greatest = values.iter().copied().max().filter(|value| value.row() >= rows);
        let Some(i) = greatest.and_then(|_| values.iter().position(|value| value.row() >= rows)) else { return Ok(()) };
        let (row, value) = (start + i, show(values[i]));
        Err(Error::invalid_argument(format!(
            "index {value} at row {row} is out of range; the columns have {rows} rows"
        )))
    };
    let Some(nulls) = nulls else {
        ctx.map(pieces, |i| check(i * PIECE, &values[piece(i)]))?;
        return Ok((values, None));
    };
    let (mut out, memory) = ctx.memory().large::<P>(values.len(), "the rows to take")?;
    ctx.for_each(out.chunks_mut(PIECE).collect(), |i, out| {
        for ((j, out), value) in piece(i).zip(out.iter_mut()).zip(&values[piece(i)]) {
            *out = if nulls.is_valid(j) { *value } else { P::of(0) };
        }
        // Nulls are the only rows there are to take from nothing.
        let none = rows == 0 && nulls.slice(i * PIECE, out.len()).null_count() == out.len();
        if none { Ok(()) } else { check(i * PIECE, out) }
    })?;
    Ok((ScalarBuffer::from(Buffer::from(out.into_bytes())), Some(memory)))
}

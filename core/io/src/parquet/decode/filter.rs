//! The rows of a row group that a predicate is true of: its columns are decoded step by step, the cheapest first, each
//! for the rows that are left.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, NullArray};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder, NullBuffer};
use pf_base::{Code, Context, Error, Result};
use pf_compute_core::{Compiled, Value, filter_chunks};

use super::column::row_numbers;
use super::selection::nested;
use super::{Column, Decoding, Excess, Given, Source, read};

/// Rows that are decoded and tested at a time: a few columns of them stay in the cache.
const BATCH: usize = 16 * 1024;

/// A part of a predicate.
#[derive(Debug)]
pub(crate) struct Step {
    /// The columns that it needs beside what steps before decoded, by their slots.
    pub(crate) columns: Vec<usize>,
    /// Conditions over the slots, all of which must be true.
    pub(crate) tests: Vec<Compiled>,
    /// Of all slots, those whose values are needed after the step.
    pub(crate) needed_after: Vec<bool>,
}

/// What a predicate left of some rows.
#[derive(Debug)]
pub(crate) struct Filtered {
    /// A bit for each row; nothing where all are left.
    pub(crate) keep: Option<BooleanBuffer>,
    /// How many are left.
    pub(crate) count: usize,
    /// The values of those rows that were decoded and are needed, by slot.
    pub(crate) held: Vec<Option<ArrayRef>>,
}

impl Filtered {
    /// All of so many rows, or those that are set.
    pub(crate) fn new(rows: usize, keep: Option<BooleanBuffer>, slots: usize) -> Self {
        let count = keep.as_ref().map_or(rows, BooleanBuffer::count_set_bits);
        Self { keep: keep.filter(|_| count < rows), count, held: vec![None; slots] }
    }
}

/// The rows `range` of a row group, of those that are left in `filtered`, for which all steps are true. `first` is the
/// number of the row group's first row in the file. What is held of columns goes to `excess`.
///
/// # Errors
/// As [`read`], and what the conditions fail with.
#[allow(clippy::too_many_arguments, reason = "which rows of what, and how")]
pub(crate) fn filter(
    source: &Source,
    group: usize,
    range: Range<usize>,
    first: i64,
    filtered: Filtered,
    steps: &[Step],
    given: &[Given],
    mut excess: Excess,
    ctx: &Context,
) -> Result<Filtered> {
    // Pieces run side by side: each stays on its thread.
    let ctx = &ctx.for_work(0);
    let total = source.rows(group)?;
    let mut left = filtered;
    for step in steps {
        if left.count == 0 {
            break;
        }
        let numbers = step.columns.iter().any(|slot| matches!(given.get(*slot), Some(Given::RowNumber)));
        let start = first.saturating_add_unsigned(range.start as u64);
        let numbers = numbers.then(|| row_numbers(start, range.len(), left.keep.as_ref()));
        let mut run = Run {
            step,
            given,
            numbers,
            left: &left,
            bits: Vec::new(),
            chunks: Vec::new(),
            done: 0,
            excess: &mut excess,
            ctx,
        };
        let decoded: Vec<(usize, &Column)> =
            step.columns.iter().filter_map(|slot| Some((*slot, given.get(*slot)?.column()?))).collect();
        if decoded.is_empty() {
            run.all_rows()?;
        } else {
            let decoding = Decoding::new(total, range.clone(), left.keep.as_ref());
            let columns: Vec<&Column> = decoded.iter().map(|(_, column)| *column).collect();
            let mut row = 0;
            read(source, group, &columns, &decoding, BATCH, ctx, |arrays| {
                let rows = arrays.first().map_or(0, |array| array.len());
                let wanted = decoding.wanted.as_ref().map(|bits| bits.slice(row, rows));
                row += rows;
                let (arrays, rows) = match wanted {
                    Some(wanted) if wanted.has_false() => {
                        let count = wanted.count_set_bits();
                        (pf_compute_core::filter(&arrays, &BooleanArray::new(wanted, None), ctx)?, count)
                    }
                    _ => (arrays, rows),
                };
                run.test(decoded.iter().map(|(slot, _)| *slot).zip(arrays).collect(), rows)
            })?;
        }
        let (bits, chunks) = (run.bits, run.chunks);
        left = after(step, &left, bits, chunks, range.len(), given, ctx)?;
    }
    Ok(left)
}

/// A step on its way through the rows that are left.
struct Run<'a> {
    step: &'a Step,
    given: &'a [Given],
    /// The row numbers of the rows that are left, where the step asks for them.
    numbers: Option<ArrayRef>,
    left: &'a Filtered,
    /// Which of the rows pass.
    bits: Vec<BooleanBuffer>,
    /// Columns that are needed later, with the rows that pass.
    chunks: Vec<(Vec<ArrayRef>, BooleanArray)>,
    done: usize,
    /// What these columns take beyond what was expected.
    excess: &'a mut Excess,
    ctx: &'a Context,
}

impl Run<'_> {
    /// Tests all rows: the step decodes no column.
    fn all_rows(&mut self) -> Result<()> {
        while self.done < self.left.count {
            self.ctx.check()?;
            self.test(Vec::new(), BATCH.min(self.left.count - self.done))?;
        }
        Ok(())
    }

    /// Tests the next rows, of which these columns were decoded.
    fn test(&mut self, decoded: Vec<(usize, ArrayRef)>, rows: usize) -> Result<()> {
        if rows == 0 {
            return Ok(());
        }
        let nothing: ArrayRef = Arc::new(NullArray::new(rows));
        let mut columns = vec![nothing; self.given.len()];
        for (slot, held) in self.left.held.iter().enumerate() {
            if let (Some(held), Some(column)) = (held, columns.get_mut(slot)) {
                *column = held.slice(self.done, rows);
            }
        }
        for slot in &self.step.columns {
            let made = match self.given.get(*slot) {
                Some(Given::Constant(constant)) => constant.rows(rows)?,
                Some(Given::RowNumber) => match &self.numbers {
                    Some(numbers) => numbers.slice(self.done, rows),
                    None => continue,
                },
                _ => continue,
            };
            columns[*slot] = made;
        }
        decoded.into_iter().for_each(|(slot, array)| columns[slot] = array);
        let mut pass = BooleanBuffer::new_set(rows);
        for test in &self.step.tests {
            if !pass.has_true() {
                break;
            }
            pass = passing(test, &columns, pass, self.ctx)?;
        }
        if pass.has_true() {
            let needed: Vec<ArrayRef> = kept(self.step, self.given).map(|slot| columns[slot].clone()).collect();
            self.excess.add(&needed, self.ctx)?;
            self.chunks.push((needed, BooleanArray::new(pass.clone(), None)));
        }
        self.bits.push(pass);
        self.done += rows;
        Ok(())
    }
}

/// The slots of the step whose values are needed later.
fn kept<'a>(step: &'a Step, given: &'a [Given]) -> impl Iterator<Item = usize> + 'a {
    // Constants and numbers are made again for less than it costs to carry them.
    let is_decoded = |slot: &usize| given.get(*slot).is_some_and(|given| given.column().is_some());
    let is_needed = |slot: &usize| step.needed_after.get(*slot).copied().unwrap_or(false);
    step.columns.iter().copied().filter(move |slot| is_decoded(slot) && is_needed(slot))
}

/// What is left after a step of `left`, of which those rows passed that are set in `bits`, one after the other.
fn after(
    step: &Step,
    left: &Filtered,
    bits: Vec<BooleanBuffer>,
    chunks: Vec<(Vec<ArrayRef>, BooleanArray)>,
    rows: usize,
    given: &[Given],
    ctx: &Context,
) -> Result<Filtered> {
    let pass = match <[BooleanBuffer; 1]>::try_from(bits) {
        Ok([one]) => one,
        Err(bits) => {
            let mut all = BooleanBufferBuilder::new(left.count);
            bits.iter().for_each(|bits| all.append_buffer(bits));
            all.finish()
        }
    };
    if pass.len() != left.count {
        return Err(Error::internal(format!("{} rows were tested of {}", pass.len(), left.count)));
    }
    let keep = match &left.keep {
        Some(of) => nested(of, &pass),
        None => pass.clone(),
    };
    let mut out = Filtered::new(rows, Some(keep), given.len());
    if out.count == 0 {
        return Ok(out);
    }
    let needed = |slot: usize| step.needed_after.get(slot).copied().unwrap_or(false);
    let before: Vec<(usize, ArrayRef)> =
        left.held.iter().enumerate().filter_map(|(slot, held)| Some((slot, held.clone()?))).collect();
    let (slots, arrays): (Vec<usize>, Vec<ArrayRef>) = before.into_iter().filter(|(slot, _)| needed(*slot)).unzip();
    let arrays = if out.count == left.count {
        arrays
    } else {
        pf_compute_core::filter(&arrays, &BooleanArray::new(pass, None), ctx)?
    };
    slots.into_iter().zip(arrays).for_each(|(slot, array)| out.held[slot] = Some(array));
    let slots: Vec<usize> = kept(step, given).collect();
    if !slots.is_empty() {
        slots.into_iter().zip(filter_chunks(&chunks, ctx)?).for_each(|(slot, array)| out.held[slot] = Some(array));
    }
    Ok(out)
}

/// The rows of `pass` on which a test is true too.
fn passing(test: &Compiled, columns: &[ArrayRef], pass: BooleanBuffer, ctx: &Context) -> Result<BooleanBuffer> {
    let rows = pass.len();
    match test.block(columns, rows) {
        Ok(value) => Ok(&pass & &truths(&value, rows)?),
        // It may have failed on a row for which it does not matter.
        Err(error) if pass.has_false() && depends_on_values(&error) => {
            let count = pass.count_set_bits();
            let columns = pf_compute_core::filter(columns, &BooleanArray::new(pass.clone(), None), ctx)?;
            Ok(nested(&pass, &truths(&test.block(&columns, count)?, count)?))
        }
        Err(error) => Err(error),
    }
}

fn depends_on_values(error: &Error) -> bool {
    !matches!(error.code(), Code::Cancelled | Code::OutOfMemory | Code::Internal | Code::Io | Code::Timeout)
}

/// The rows on which a condition is true.
fn truths(value: &Value, rows: usize) -> Result<BooleanBuffer> {
    let array = value.inner().as_boolean_opt();
    let array = array.ok_or_else(|| Error::internal(format!("a condition is {}", value.data_type())))?;
    Ok(match value {
        Value::Scalar(_) if array.is_valid(0) && array.value(0) => BooleanBuffer::new_set(rows),
        Value::Scalar(_) => BooleanBuffer::new_unset(rows),
        Value::Array(_) => match array.nulls().map(NullBuffer::inner) {
            Some(valid) => array.values() & valid,
            None => array.values().clone(),
        },
    })
}

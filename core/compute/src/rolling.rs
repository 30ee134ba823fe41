//! Windows that move over the rows.
//!
//! A window is cut at an anchor: what lies before it was folded from the anchor backwards, once, what lies after it is
//! folded on and on, and both are joined. Nothing is ever taken out again, so that errors do not accumulate, and an
//! infinity or NaN is gone as soon as its row is. Anchors depend on the rows of a piece only, and pieces on the
//! windows only: threads change no bit.

mod bounds;
mod folds;
mod median;

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, Int64Array};
use arrow_buffer::{ArrowNativeType, NullBuffer, ScalarBuffer};
use arrow_schema::DataType;
use bytemuck::Pod;
use pf_base::{Context, Error, Result};

use crate::Overflow;
use crate::pieces::{PIECE, each_native, fill_nullable_by, primitive, values_of};
pub(crate) use bounds::{Bounds, Width};
use folds::{Count, DecimalSum, Extreme, Fold, IntegerSum, Mean, Sum, Variance};

/// What is computed of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Sum,
    Mean,
    Min,
    Max,
    Count,
    Var,
    Std,
    Median,
}

/// A function of windows.
#[derive(Clone, Debug)]
pub(crate) struct Rolling {
    pub(crate) what: What,
    pub(crate) width: Width,
    /// Rows that must not be null.
    pub(crate) min_periods: u64,
    pub(crate) result: DataType,
    pub(crate) overflow: Overflow,
}

impl Rolling {
    /// A value per row; `by` is what the rows of windows of time are sorted by.
    pub(crate) fn run(&self, array: &ArrayRef, by: Option<&ArrayRef>, ctx: &Context) -> Result<ArrayRef> {
        let bounds = Bounds::new(&self.width, array.len(), by, ctx)?;
        let nulls = array.logical_nulls().filter(|n| n.null_count() > 0);
        let column = Moving { bounds: &bounds, nulls: nulls.as_ref(), min_periods: self.min_periods };
        let float = |(values, nulls)| -> Result<ArrayRef> { Ok(Arc::new(Float64Array::new(values, nulls))) };
        match self.what {
            What::Count => {
                let values = ScalarBuffer::from(vec![]);
                let (counts, nulls) = column.fold(&Count, &values, ctx)?;
                Ok(Arc::new(Int64Array::new(counts, nulls)))
            }
            What::Sum => match array.data_type() {
                DataType::Int64 => column.primitive(&IntegerSum::<i64>::new(self.overflow), array, &self.result, ctx),
                DataType::UInt64 => column.primitive(&IntegerSum::<u64>::new(self.overflow), array, &self.result, ctx),
                DataType::Decimal128(..) => column.primitive(&DecimalSum(self.overflow), array, &self.result, ctx),
                _ => column.primitive(&Sum, array, &self.result, ctx),
            },
            What::Mean => column.primitive(&Mean, array, &self.result, ctx),
            What::Var | What::Std => {
                column.primitive(&Variance { root: self.what == What::Std }, array, &self.result, ctx)
            }
            What::Min | What::Max => each_native!(
                array.data_type(),
                N => column.primitive(&Extreme::<N>::new(self.what == What::Max), array, &self.result, ctx),
                _ => Err(Error::internal("a type without extremes"))
            ),
            What::Median => float(median::medians(&column, &values_of(array), ctx)?),
        }
    }
}

/// The windows of a column.
struct Moving<'a> {
    bounds: &'a Bounds,
    nulls: Option<&'a NullBuffer>,
    min_periods: u64,
}

/// Values and which of them are null.
type Column<T> = (ScalarBuffer<T>, Option<NullBuffer>);

impl Moving<'_> {
    /// Rows of a piece: many more than of a window, as a piece begins with a whole window.
    fn piece(&self) -> usize {
        self.bounds.longest().saturating_mul(4).next_multiple_of(PIECE).max(PIECE)
    }

    fn is_null(&self, row: usize) -> bool {
        self.nulls.is_some_and(|n| n.is_null(row))
    }

    fn primitive<F: Fold>(&self, fold: &F, array: &ArrayRef, result: &DataType, ctx: &Context) -> Result<ArrayRef>
    where
        F::In: ArrowNativeType,
    {
        let (values, nulls) = self.fold(fold, &values_of::<F::In>(array), ctx)?;
        primitive(result, values, nulls)
    }

    fn fold<F: Fold>(&self, fold: &F, values: &[F::In], ctx: &Context) -> Result<Column<F::Out>>
    where
        F::Out: Pod + Send + ArrowNativeType,
    {
        let rows = self.bounds.rows();
        // What is not null is counted beside the fold.
        let empty = (fold.empty(), 0u64);
        let push = |state: (F::State, u64), row: usize| {
            if self.is_null(row) { state } else { (fold.push(state.0, F::value(values, row)), state.1 + 1) }
        };
        let push_front = |row: usize, state: (F::State, u64)| {
            if self.is_null(row) {
                return state;
            }
            (fold.join(fold.push(fold.empty(), F::value(values, row)), state.0), state.1 + 1)
        };
        let piece = self.piece();
        fill_nullable_by(rows, piece, ctx, |start, out, valid| {
            let (first, mut end) = self.bounds.of(start);
            // `back[i]` is of the rows from `base + i` to the anchor.
            let (mut base, mut anchor) = (first, first);
            let mut back: Vec<(F::State, u64)> = Vec::new();
            let mut ahead = empty;
            end = end.min(first);
            for (i, out) in out.iter_mut().enumerate() {
                if i % 4096 == 0 {
                    ctx.check()?;
                }
                let (from, to) = self.bounds.of(start + i);
                if from > anchor || (i == 0 && from < to) {
                    (base, anchor, end) = (from, to, to);
                    back.clear();
                    back.resize(to - from, empty);
                    let mut state = empty;
                    for row in (from..to).rev() {
                        state = push_front(row, state);
                        back[row - base] = state;
                    }
                    ahead = empty;
                }
                while end < to {
                    ahead = push(ahead, end);
                    end += 1;
                }
                let state = match back.get(from - base) {
                    Some(behind) => (fold.join(behind.0, ahead.0), behind.1 + ahead.1),
                    None => ahead,
                };
                if state.1 >= self.min_periods
                    && let Some(value) = fold.result(state.0, state.1)?
                {
                    *out = value;
                    valid.set(i);
                }
            }
            Ok(())
        })
    }
}

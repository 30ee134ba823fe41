//! Dates, times, timestamps, durations and intervals.

mod arithmetic;
mod ticks;

#[allow(unused_imports, reason = "the operators of arithmetic call it")]
pub(crate) use arithmetic::{TemporalOp, temporal_arithmetic, temporal_binding};

use crate::Function;

/// The functions of this family.
pub(crate) static FUNCTIONS: &[Function] = &[];

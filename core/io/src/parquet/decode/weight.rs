//! Bytes that decoded columns take.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use pf_base::{Context, Reservation, Result};

/// Bytes that the arrays of a column take, one after the other, without the rest of what they are slices of.
/// Dictionaries that follow each other are often one, which counts once.
#[derive(Debug, Default)]
pub(crate) struct Weight(Option<ArrayRef>);

impl Weight {
    /// What the next array adds.
    pub(crate) fn add(&mut self, array: &ArrayRef) -> u64 {
        match array.as_any_dictionary_opt() {
            Some(dictionary) => {
                let values = dictionary.values();
                let seen = self.0.replace(values.clone()).is_some_and(|last| Arc::ptr_eq(&last, values));
                own(dictionary.keys()) + if seen { 0 } else { own(values) }
            }
            None => own(array),
        }
    }

    /// What the arrays of a column take.
    pub(crate) fn of(arrays: &[ArrayRef]) -> u64 {
        let mut weight = Self::default();
        arrays.iter().map(|array| weight.add(array)).fold(0, u64::saturating_add)
    }
}

fn own(array: &dyn Array) -> u64 {
    let data = array.to_data();
    data.get_slice_memory_size().unwrap_or_else(|_| array.get_buffer_memory_size()) as u64
}

/// What columns take beyond what was expected of them, taken from the budget as they come.
#[derive(Debug)]
pub(crate) struct Excess {
    /// Bytes that are reserved elsewhere.
    expected: u64,
    bytes: u64,
    weights: Vec<Weight>,
    reserved: Vec<Reservation>,
}

impl Excess {
    /// Nothing yet.
    pub(crate) fn beyond(expected: u64) -> Self {
        Self { expected, bytes: 0, weights: Vec::new(), reserved: Vec::new() }
    }

    /// Takes up the next arrays, of each column one.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory).
    pub(crate) fn add(&mut self, arrays: &[ArrayRef], ctx: &Context) -> Result<()> {
        self.weights.resize_with(arrays.len().max(self.weights.len()), Weight::default);
        let bytes = self.weights.iter_mut().zip(arrays).map(|(weight, array)| weight.add(array));
        self.bytes = bytes.fold(self.bytes, u64::saturating_add);
        let more = self.bytes.saturating_sub(self.expected);
        if more > 0 {
            self.reserved.push(ctx.memory().reserve(more, "decoded columns")?);
            self.expected = self.bytes;
        }
        Ok(())
    }

    /// What was taken.
    pub(crate) fn into_reserved(self) -> Vec<Reservation> {
        self.reserved
    }
}

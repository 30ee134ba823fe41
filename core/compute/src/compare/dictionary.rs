//! Tests of dictionaries: of their values once, and then a look-up per row.

use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, downcast_integer_array};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use pf_base::Result;

use crate::simd::pack;

/// The outcome of a test of the values of the dictionary that was seen last: the blocks of a column share one.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    last: Mutex<Option<(ArrayRef, BooleanArray)>>,
}

impl Lookup {
    /// Tests the rows of a dictionary: `test` is asked of its values, which are of its value type.
    pub(crate) fn test(
        &self,
        array: &dyn Array,
        test: impl Fn(&ArrayRef) -> Result<BooleanArray>,
    ) -> Result<BooleanArray> {
        let values = array.as_any_dictionary().values();
        let outcome = self.outcome(values, test)?;
        let keys = array.as_any_dictionary().keys();
        let of_keys = |bits: &BooleanBuffer| {
            // What lies beneath a null key may be no key at all.
            let at = |key: usize| key < bits.len() && bits.value(key);
            downcast_integer_array!(
                keys => pack(keys.len(), |i| at(num_traits::AsPrimitive::<usize>::as_(keys.values()[i]))),
                _ => BooleanBuffer::new_unset(array.len())
            )
        };
        let nulls = outcome.nulls().map(|n| NullBuffer::new(of_keys(n.inner())));
        let nulls = NullBuffer::union(keys.nulls(), nulls.as_ref());
        Ok(BooleanArray::new(of_keys(outcome.values()), nulls))
    }

    fn outcome(&self, values: &ArrayRef, test: impl Fn(&ArrayRef) -> Result<BooleanArray>) -> Result<BooleanArray> {
        let last = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((seen, outcome)) = last().as_ref()
            && Arc::ptr_eq(seen, values)
        {
            return Ok(outcome.clone());
        }
        let outcome = test(values)?;
        *last() = Some((Arc::clone(values), outcome.clone()));
        Ok(outcome)
    }
}

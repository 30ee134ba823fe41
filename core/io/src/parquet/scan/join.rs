//! Small batches joined to larger ones: what a predicate leaves of many row groups is often a few rows of each.

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::SchemaRef;
use pf_base::{Context, Result};
use pf_compute_core::concat;

/// Batches on their way, in order.
pub(crate) struct Join {
    schema: SchemaRef,
    /// The most rows of a batch. Half of that is enough for one of its own.
    most: usize,
    waiting: Vec<RecordBatch>,
    rows: usize,
}

impl Join {
    pub(crate) fn new(schema: SchemaRef, most: usize) -> Self {
        Self { schema, most, waiting: Vec::new(), rows: 0 }
    }

    /// The batches that are large enough, with those that waited before them.
    pub(crate) fn push(&mut self, batches: Vec<RecordBatch>, ctx: &Context) -> Result<Vec<RecordBatch>> {
        let mut out = Vec::with_capacity(batches.len());
        for batch in batches {
            let small = batch.num_rows() < self.most.div_ceil(2);
            if !small || self.rows + batch.num_rows() > self.most {
                out.extend(self.finish(ctx)?);
            }
            if small {
                self.rows += batch.num_rows();
                self.waiting.push(batch);
            } else {
                out.push(batch);
            }
        }
        Ok(out)
    }

    /// What waits, as one batch.
    pub(crate) fn finish(&mut self, ctx: &Context) -> Result<Option<RecordBatch>> {
        let rows = std::mem::take(&mut self.rows);
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.len() <= 1 {
            return Ok(waiting.into_iter().next());
        }
        let ctx = &ctx.for_work(rows as u64);
        let columns = ctx.map(self.schema.fields().len(), |c| {
            let chunks: Vec<ArrayRef> = waiting.iter().map(|batch| batch.column(c).clone()).collect();
            concat(&chunks, ctx)
        })?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        Ok(Some(RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)?))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::Int64Array;

    use super::*;

    #[test]
    fn small_batches_wait_for_others_and_large_ones_for_none() {
        let batch = |rows: std::ops::Range<i64>| {
            let column: ArrayRef = Arc::new(Int64Array::from_iter_values(rows));
            RecordBatch::try_from_iter([("x", column)]).unwrap()
        };
        let ctx = Context::default();
        let mut join = Join::new(batch(0..1).schema(), 10);
        let sizes = [3, 4, 2, 4, 9, 1, 5, 10, 1, 1];
        let mut start = 0;
        let mut out = Vec::new();
        for size in sizes {
            out.extend(join.push(vec![batch(start..start + size)], &ctx).unwrap());
            start += size;
        }
        out.extend(join.finish(&ctx).unwrap());
        assert!(join.finish(&ctx).unwrap().is_none());
        assert_eq!(out.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [9, 4, 9, 1, 5, 10, 2]);
        let all = arrow_select::concat::concat_batches(&batch(0..1).schema(), &out).unwrap();
        assert_eq!(all, batch(0..start));
    }
}

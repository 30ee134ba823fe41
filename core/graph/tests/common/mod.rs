//! Building graphs from small lists.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray};
use pf_base::{Context, Options, Result, StreamSource};
use pf_graph_core::{EdgeInput, Graph};

/// Ids as the caller has them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ids {
    Int(Vec<i64>),
    Text(Vec<String>),
}

impl Ids {
    pub(crate) fn array(&self) -> ArrayRef {
        match self {
            Ids::Int(ids) => Arc::new(Int64Array::from(ids.clone())),
            Ids::Text(ids) => Arc::new(StringArray::from(ids.clone())),
        }
    }
}

/// A graph from columns, cut into batches of `rows` rows.
pub(crate) fn graph(
    source: &Ids,
    target: &Ids,
    weight: Option<&[f64]>,
    vertices: Option<&Ids>,
    options: &Options,
    rows: usize,
    ctx: &Context,
) -> Result<Graph> {
    let mut columns = vec![("source", source.array()), ("target", target.array())];
    if let Some(weight) = weight {
        columns.push(("weight", Arc::new(Float64Array::from(weight.to_vec())) as ArrayRef));
    }
    let all = RecordBatch::try_from_iter(columns)?;
    let cuts = (0..all.num_rows()).step_by(rows.max(1));
    let batches: Vec<_> = cuts.map(|start| Ok(all.slice(start, rows.min(all.num_rows() - start)))).collect();
    let mut edges = StreamSource::new(RecordBatchIterator::new(batches, all.schema()));
    let mut vertices = match vertices {
        Some(ids) => {
            let batch = RecordBatch::try_from_iter([("vertex", ids.array())])?;
            let schema = batch.schema();
            Some(StreamSource::new(RecordBatchIterator::new([Ok(batch)], schema)))
        }
        None => None,
    };
    let vertices = vertices.as_mut().map(|v| v as &mut dyn pf_base::BatchSource);
    let input = EdgeInput::collect(&mut edges, "source", "target", vertices, options, ctx)?;
    Graph::build(input, ctx)
}

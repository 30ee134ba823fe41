//! Adjacency in compressed sparse rows.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, UInt32Array, UInt64Array};
use arrow_buffer::{Buffer, ScalarBuffer};
use pf_base::{Context, LargeVec, Result};

use crate::packed::{Present, sort_packed};
use crate::policies::{Kept, Policies};
use crate::sort::{Block, EdgeBlocks, Want, sort_edges};
use crate::weights::{self, WeightType};

/// Which ends of the edges the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// Rows are sources: CSR.
    Out,
    /// Rows are targets: CSC.
    In,
}

/// Rows of neighbours. Row `v` is `targets[offsets[v]..offsets[v + 1]]`, ascending; parallel edges stand in the order
/// of the input. Buffers are shared, so a clone costs nothing.
#[derive(Clone, Debug)]
pub struct Adjacency {
    offsets: ScalarBuffer<u64>,
    targets: ScalarBuffer<u32>,
    weights: Option<ArrayRef>,
    edges: Option<ScalarBuffer<i64>>,
}

impl Adjacency {
    /// The number of rows.
    pub fn num_rows(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Where each row begins, and where the last ends: rows + 1 values.
    #[inline]
    pub fn offsets(&self) -> &[u64] {
        &self.offsets
    }

    /// The neighbours of all rows.
    #[inline]
    pub fn targets(&self) -> &[u32] {
        &self.targets
    }

    /// The weights of the same edges, in the type of the input.
    pub fn weights(&self) -> Option<&ArrayRef> {
        self.weights.as_ref()
    }

    /// The input row of the same edges, where the graph keeps it; of merged parallel edges the first.
    pub fn edges(&self) -> Option<&[i64]> {
        self.edges.as_deref()
    }

    /// The neighbours of a row.
    #[inline]
    pub fn row(&self, row: usize) -> &[u32] {
        &self.targets[self.range(row)]
    }

    /// Where a row stands in `targets`, `weights` and `edges`.
    #[inline]
    pub fn range(&self, row: usize) -> Range<usize> {
        self.offsets[row] as usize..self.offsets[row + 1] as usize
    }

    /// The offsets as an array, without a copy.
    pub fn offsets_array(&self) -> ArrayRef {
        Arc::new(UInt64Array::new(self.offsets.clone(), None))
    }

    /// The targets as an array, without a copy.
    pub fn targets_array(&self) -> ArrayRef {
        Arc::new(UInt32Array::new(self.targets.clone(), None))
    }

    /// The input rows of the edges as an array, without a copy.
    pub fn edges_array(&self) -> Option<ArrayRef> {
        self.edges.as_ref().map(|edges| Arc::new(Int64Array::new(edges.clone(), None)) as ArrayRef)
    }

    /// Cuts the rows into stretches of about `work` edges plus rows each. They depend on the graph alone, so that
    /// sums over them have the same bits for any number of threads. A row is never cut.
    pub(crate) fn stretches(&self, work: usize) -> Vec<Range<usize>> {
        stretches(&self.offsets, work)
    }

    /// The bytes of all buffers.
    pub(crate) fn bytes(&self) -> u64 {
        let weights = self.weights.as_ref().map_or(0, |w| w.get_buffer_memory_size());
        let edges = self.edges.as_ref().map_or(0, |e| e.inner().len());
        (self.offsets.inner().len() + self.targets.inner().len() + weights + edges) as u64
    }

    /// The row whose edges the position `at` is among.
    pub(crate) fn row_of(&self, at: usize) -> usize {
        self.offsets.partition_point(|o| *o <= at as u64) - 1
    }

    /// Rows of targets that stand in order already, without weights.
    pub(crate) fn from_parts(offsets: Vec<u64>, targets: Vec<u32>) -> Self {
        Self { offsets: offsets.into(), targets: targets.into(), weights: None, edges: None }
    }

    /// Builds rows from edges.
    ///
    /// # Errors
    /// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled);
    /// [`Code::Arithmetic`](pf_base::Code::Arithmetic) for a sum of weights that has no value.
    pub(crate) fn build(
        edges: &impl EdgeBlocks,
        rows: usize,
        payload: Payload,
        policies: &Policies,
        ctx: &Context,
    ) -> Result<(Self, Kept)> {
        let packed = match payload.columns() {
            0 => sort_packed(edges, rows, Present::Range { first: 0, len: rows }, None, ctx)?,
            _ => None,
        };
        let rows = match (packed, payload.columns()) {
            (Some(rows), _) => rows,
            (None, 0) => sort_edges::<1>(edges, rows, payload, ctx)?,
            (None, 1) => sort_edges::<2>(edges, rows, payload, ctx)?,
            (None, _) => sort_edges::<3>(edges, rows, payload, ctx)?,
        };
        Self::of(rows, payload, policies, ctx)
    }

    /// Finished rows.
    pub(crate) fn of(mut rows: Rows, payload: Payload, policies: &Policies, ctx: &Context) -> Result<(Self, Kept)> {
        let kept = policies.apply(&mut rows, payload, ctx)?;
        Ok((rows.finish(payload), kept))
    }

    /// The same edges with rows and targets exchanged.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub(crate) fn transpose(&self, payload: Payload, ctx: &Context) -> Result<Self> {
        let edges = Turned { rows: self, both: false };
        Ok(Self::build(&edges, self.num_rows(), payload, &Policies::default(), ctx)?.0)
    }

    /// Every edge in both directions, a loop once.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub(crate) fn both_ways(&self, payload: Payload, ctx: &Context) -> Result<Self> {
        let edges = Turned { rows: self, both: true };
        Ok(Self::build(&edges, self.num_rows(), payload, &Policies::default(), ctx)?.0)
    }
}

/// Disjoint parts of `values` of these lengths, one behind the other.
pub(crate) fn split_mut<T>(mut values: &mut [T], lengths: impl Iterator<Item = usize>) -> Vec<&mut [T]> {
    let mut parts = Vec::with_capacity(lengths.size_hint().0);
    for length in lengths {
        let (part, rest) = values.split_at_mut(length);
        parts.push(part);
        values = rest;
    }
    parts
}

/// Cuts rows into stretches of about `work` edges plus rows each; `offsets` holds rows + 1 values.
pub(crate) fn stretches(offsets: &[u64], work: usize) -> Vec<Range<usize>> {
    let rows = offsets.len() - 1;
    let mut cuts = vec![0];
    let mut start = 0;
    while start < rows {
        // Edges and rows up to row v: offsets[v] + v grows with v, so the cut can be searched for.
        let goal = offsets[start] + (start + work) as u64;
        let (mut low, mut high) = (start + 1, rows);
        while low < high {
            let middle = low.midpoint(high);
            if offsets[middle] + (middle as u64) < goal { low = middle + 1 } else { high = middle }
        }
        start = low;
        cuts.push(start);
    }
    cuts.windows(2).map(|w| w[0]..w[1]).collect()
}

/// What goes with every edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Payload {
    /// The type of its weight.
    pub(crate) weight: Option<WeightType>,
    /// Whether its input row is kept.
    pub(crate) edges: bool,
}

impl Payload {
    pub(crate) fn columns(self) -> usize {
        usize::from(self.weight.is_some()) + usize::from(self.edges)
    }
}

/// Rows under construction. Weights are bits, as [`weights::to_bits`] gives them; columns that no edge has are empty.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) offsets: Vec<u64>,
    pub(crate) targets: LargeVec<u32>,
    pub(crate) weights: Vec<u64>,
    pub(crate) edges: Vec<u64>,
}

impl Rows {
    pub(crate) fn finish(self, payload: Payload) -> Adjacency {
        let Self { offsets, targets, weights, edges } = self;
        Adjacency {
            offsets: offsets.into(),
            targets: Buffer::from(targets.into_bytes()).into(),
            weights: payload.weight.map(|kind| weights::from_bits(kind, weights)),
            edges: payload.edges.then(|| Buffer::from_vec(edges).into()),
        }
    }
}

/// An adjacency read as edges from its targets to its rows, or in both directions.
struct Turned<'a> {
    rows: &'a Adjacency,
    both: bool,
}

impl Turned<'_> {
    const BLOCK: usize = crate::sort::BLOCK;
}

impl EdgeBlocks for Turned<'_> {
    fn num_blocks(&self) -> usize {
        self.rows.targets.len().div_ceil(Self::BLOCK)
    }

    fn ascending_targets(&self) -> bool {
        // Which are the rows, in their order.
        !self.both
    }

    fn read(&self, block: usize, want: Want, out: &mut Block) {
        let (start, end) = (block * Self::BLOCK, self.rows.targets.len().min((block + 1) * Self::BLOCK));
        out.clear();
        out.sources.extend_from_slice(&self.rows.targets[start..end]);
        if want == Want::Sources && !self.both {
            return;
        }
        let mut row = self.rows.row_of(start);
        let mut at = start;
        while at < end {
            let stop = end.min(self.rows.offsets[row + 1] as usize);
            out.targets.resize(stop - start, row as u32);
            at = stop;
            row += 1;
        }
        if want == Want::All {
            if let Some(weights) = &self.rows.weights {
                weights::to_bits(weights, start, end - start, &mut out.weights);
            }
            if let Some(edges) = &self.rows.edges {
                out.edges.extend(edges[start..end].iter().map(|edge| *edge as u64));
            }
        }
        if self.both {
            out.add_reversed();
        }
    }
}

//! What happens to self loops and parallel edges when a graph is built.

use pf_base::{Bound, Code, Context, Error, Result};

use crate::adjacency::{Payload, Rows, stretches};
use crate::weights::{self, Merge};

/// What becomes of parallel edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Duplicates {
    #[default]
    Keep,
    First,
    Merge(Merge),
}

/// The rules of a build.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policies {
    duplicates: Duplicates,
    drop_loops: bool,
}

/// The edges that stand in the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) edges: u64,
    /// Nothing where no rule made it necessary to look.
    pub(crate) loops: Option<u64>,
}

/// Edges and rows that one task looks at.
const STRETCH: usize = 1 << 16;

impl Policies {
    /// The options `duplicates` and `self_loops`.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`] for another value, and for weights that are to be merged where there are none.
    pub(crate) fn new(options: &Bound, weighted: bool) -> Result<Self> {
        let duplicates = match options.str("duplicates")? {
            "keep" => Duplicates::Keep,
            "first" => Duplicates::First,
            "sum" => Duplicates::Merge(Merge::Sum),
            "min" => Duplicates::Merge(Merge::Min),
            "max" => Duplicates::Merge(Merge::Max),
            other => {
                return Err(Error::invalid_argument(format!(
                    "duplicates must be 'keep', 'first', 'sum', 'min' or 'max', not '{other}'"
                )));
            }
        };
        if matches!(duplicates, Duplicates::Merge(_)) && !weighted {
            let name = options.str("duplicates")?;
            return Err(Error::invalid_argument(format!("duplicates='{name}' needs the option 'weight'")));
        }
        let drop_loops = match options.str("self_loops")? {
            "keep" => false,
            "drop" => true,
            other => {
                return Err(Error::invalid_argument(format!("self_loops must be 'keep' or 'drop', not '{other}'")));
            }
        };
        Ok(Self { duplicates, drop_loops })
    }

    /// Whether every edge stays as it is.
    pub(crate) fn keep_all(&self) -> bool {
        self.duplicates == Duplicates::Keep && !self.drop_loops
    }

    /// Applies the rules to sorted rows, in place: parallel edges stand side by side there, in the order of the input.
    ///
    /// # Errors
    /// [`Code::Arithmetic`] for a sum that the weights' type does not hold, [`Code::Cancelled`].
    pub(crate) fn apply(&self, rows: &mut Rows, payload: Payload, ctx: &Context) -> Result<Kept> {
        if self.keep_all() {
            return Ok(Kept { edges: rows.targets.len() as u64, loops: None });
        }
        // Every stretch of rows is compacted where it stands, then the stretches move together.
        let cuts = stretches(&rows.offsets, STRETCH);
        let starts: Vec<usize> = cuts.iter().map(|cut| rows.offsets[cut.start] as usize).collect();
        let mut parts = Vec::with_capacity(cuts.len());
        let mut ends = rows.offsets.get_mut(1..).unwrap_or_default();
        let (mut targets, mut weights, mut edges) = (&mut rows.targets[..], &mut rows.weights[..], &mut rows.edges[..]);
        for (i, cut) in cuts.iter().enumerate() {
            let (part_ends, rest) = ends.split_at_mut(cut.len());
            let stop = part_ends.last().map_or(starts[i], |end| *end as usize);
            let len = stop - starts[i];
            let (t, w, e);
            ends = rest;
            (t, targets) = targets.split_at_mut(len);
            (w, weights) = weights.split_at_mut(if payload.weight.is_some() { len } else { 0 });
            (e, edges) = edges.split_at_mut(if payload.edges { len } else { 0 });
            parts.push(Part {
                first_row: cut.start as u32,
                start: starts[i] as u64,
                ends: part_ends,
                targets: t,
                weights: w,
                edges: e,
            });
        }
        let kept = ctx.map_mut(&mut parts, |_, part| part.compact(self, payload))?;
        let mut base = 0;
        for ((cut, start), kept) in cuts.iter().zip(&starts).zip(&kept) {
            ctx.check()?;
            let (from, len) = (*start, kept.edges as usize);
            rows.targets.copy_within(from..from + len, base as usize);
            if payload.weight.is_some() {
                rows.weights.copy_within(from..from + len, base as usize);
            }
            if payload.edges {
                rows.edges.copy_within(from..from + len, base as usize);
            }
            rows.offsets[cut.start + 1..=cut.end].iter_mut().for_each(|end| *end += base);
            base += kept.edges;
        }
        rows.targets.truncate(base as usize);
        rows.weights.truncate(base as usize);
        rows.weights.shrink_to_fit();
        rows.edges.truncate(base as usize);
        rows.edges.shrink_to_fit();
        Ok(Kept { edges: base, loops: Some(kept.iter().filter_map(|k| k.loops).sum()) })
    }
}

/// Neighbouring rows.
struct Part<'a> {
    first_row: u32,
    /// Edges before these rows.
    start: u64,
    ends: &'a mut [u64],
    targets: &'a mut [u32],
    weights: &'a mut [u64],
    edges: &'a mut [u64],
}

impl Part<'_> {
    /// Moves what stays to the front; `ends` become relative to this part.
    fn compact(&mut self, policies: &Policies, payload: Payload) -> Result<Kept> {
        let Self { first_row, start, ends, targets, weights, edges } = self;
        let (mut read, mut write, mut loops) = (0, 0, 0);
        for (row, end) in (*first_row..).zip(ends.iter_mut()) {
            let stop = (*end - *start) as usize;
            while read < stop {
                let target = targets[read];
                let from = read;
                read += 1;
                if policies.duplicates != Duplicates::Keep {
                    while read < stop && targets[read] == target {
                        read += 1;
                    }
                }
                if target == row {
                    if policies.drop_loops {
                        continue;
                    }
                    loops += 1;
                }
                targets[write] = target;
                if let Some(kind) = payload.weight {
                    weights[write] = match policies.duplicates {
                        Duplicates::Merge(how) if read - from > 1 => weights::merge(kind, how, &weights[from..read])
                            .ok_or_else(|| {
                                Error::new(
                                    Code::Arithmetic,
                                    format!("the sum of the weights of parallel edges is beyond {}", kind.name()),
                                )
                            })?,
                        _ => weights[from],
                    };
                }
                if payload.edges {
                    edges[write] = edges[from];
                }
                write += 1;
            }
            *end = write as u64;
        }
        Ok(Kept { edges: write as u64, loops: Some(loops) })
    }
}

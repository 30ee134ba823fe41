//! Feeds rows to aggregates, piece by piece.

use std::any::Any;

use arrow_array::{Array, ArrayRef};
use pf_base::{Context, Error, Result};

use super::plan::{Group, Kind, Plan, Planned};
use crate::evaluate::{BLOCK, PIECE, Rows};
use crate::functions::aggregate::summary::Summary;
use crate::{Accumulator, Holistic, Value};

/// Rows that are waited for before they are worked on, so that there is work for all threads.
const WAITING: usize = 16 * PIECE;

/// Pieces per thread whose computed arguments for holistic aggregates are in memory at a time.
const WAVE: usize = 8;

/// An aggregation on its way.
pub(super) struct Run<'a> {
    plan: &'a Plan,
    holistic: Vec<Box<dyn Holistic>>,
    ctx: &'a Context,
    states: States,
    batches: Vec<(Vec<ArrayRef>, usize)>,
    waiting: usize,
}

/// The states of a group.
struct State {
    /// One per call; nothing where it is holistic or read from a summary.
    calls: Vec<Option<Box<dyn Accumulator>>>,
    summaries: Vec<Summary>,
}

/// The states of all groups.
type States = Vec<State>;

/// Some rows of a batch.
#[derive(Clone, Copy)]
struct Segment {
    batch: usize,
    start: usize,
    rows: usize,
}

/// What a piece gives: states, and per holistic aggregate blocks of arguments.
struct Piece {
    states: States,
    blocks: Vec<Vec<Vec<ArrayRef>>>,
}

fn start(plan: &Plan) -> States {
    let state = |call: &Planned| match &call.kind {
        Kind::Pieces(aggregate) => Some(aggregate.start()),
        Kind::Read(..) | Kind::Holistic(_) => None,
    };
    let group = |group: &Group| State {
        calls: group.calls.iter().map(state).collect(),
        summaries: group.summaries.iter().map(|s| Summary::new(s.wanted)).collect(),
    };
    plan.groups.iter().map(group).collect()
}

impl<'a> Run<'a> {
    pub(super) fn new(plan: &'a Plan, holistic: Vec<Box<dyn Holistic>>, ctx: &'a Context) -> Self {
        Self { plan, holistic, ctx, states: start(plan), batches: Vec::new(), waiting: 0 }
    }

    /// Takes in the next rows.
    pub(super) fn add(&mut self, columns: Vec<ArrayRef>, rows: usize) -> Result<()> {
        self.batches.push((columns, rows));
        self.waiting += rows;
        if self.waiting < WAITING { Ok(()) } else { self.work(false) }
    }

    /// The values of all calls.
    pub(super) fn finish(mut self) -> Result<Vec<ArrayRef>> {
        self.work(true)?;
        let mut holistic: Vec<Option<Box<dyn Holistic>>> = self.holistic.into_iter().map(Some).collect();
        let mut values: Vec<(usize, ArrayRef)> = Vec::new();
        for (group, states) in self.plan.groups.iter().zip(self.states) {
            for (call, state) in group.calls.iter().zip(states.calls) {
                let lost = || Error::internal(format!("{} has no state", call.name));
                let value = match call.kind {
                    Kind::Pieces(_) => state.ok_or_else(lost)?.finish()?,
                    Kind::Read(i, reading) => states.summaries[i].read(reading),
                    Kind::Holistic(i) => holistic[i].take().ok_or_else(lost)?.finish(self.ctx)?,
                };
                if value.len() != 1 || value.data_type() != &call.result {
                    let got = format!("{} values of {}", value.len(), value.data_type());
                    return Err(Error::internal(format!("{} gave {got} for one of {}", call.name, call.result)));
                }
                values.push((call.position, value));
            }
        }
        values.sort_by_key(|(position, _)| *position);
        Ok(values.into_iter().map(|(_, value)| value).collect())
    }

    /// Works on all whole pieces that wait, and on the shorter one at the end if no rows follow.
    fn work(&mut self, last: bool) -> Result<()> {
        let pieces = cut(&self.batches, last);
        let wave = if self.computes_for_holistic() { WAVE * self.ctx.threads() } else { pieces.len().max(1) };
        for wave in pieces.chunks(wave) {
            let (plan, count, batches) = (self.plan, self.holistic.len(), &self.batches);
            // A few rows are not worth waking a thread.
            let ctx = self.ctx.for_work(wave.iter().flatten().map(|s| s.rows as u64).sum());
            let done = ctx.map(wave.len(), |i| piece(plan, count, batches, &wave[i]))?;
            self.take_in(done)?;
        }
        self.drop_done(&pieces);
        Ok(())
    }

    fn computes_for_holistic(&self) -> bool {
        let holistic = |g: &&Group| g.calls.iter().any(|c| matches!(c.kind, Kind::Holistic(_)));
        self.plan.groups.iter().filter(holistic).any(|g| !self.plan.is_plain(g))
    }

    /// Merges what pieces gave, in order.
    fn take_in(&mut self, pieces: Vec<Piece>) -> Result<()> {
        let mut blocks: Vec<Vec<Vec<ArrayRef>>> = Vec::new();
        blocks.resize_with(self.holistic.len(), Vec::new);
        for piece in pieces {
            for (all, states) in self.states.iter_mut().zip(piece.states) {
                all.summaries.iter_mut().zip(&states.summaries).for_each(|(all, more)| all.merge(more));
                for (all, state) in all.calls.iter_mut().zip(states.calls) {
                    if let (Some(all), Some(state)) = (all, state) {
                        all.merge(state as Box<dyn Any>)?;
                    }
                }
            }
            blocks.iter_mut().zip(piece.blocks).for_each(|(all, more)| all.extend(more));
        }
        for (holistic, blocks) in self.holistic.iter_mut().zip(&blocks) {
            if !blocks.is_empty() {
                holistic.update(blocks, self.ctx)?;
            }
        }
        Ok(())
    }

    /// Keeps the rows after the last piece.
    fn drop_done(&mut self, pieces: &[Vec<Segment>]) {
        let done: usize = pieces.iter().flatten().map(|s| s.rows).sum();
        self.waiting -= done;
        let mut skip = done;
        self.batches.retain_mut(|(columns, rows)| {
            let gone = skip.min(*rows);
            skip -= gone;
            if gone > 0 && gone < *rows {
                columns.iter_mut().for_each(|c| *c = c.slice(gone, *rows - gone));
            }
            *rows -= gone;
            *rows > 0
        });
    }
}

/// The rows of all batches, cut into pieces; what is no whole piece only if `last`.
fn cut(batches: &[(Vec<ArrayRef>, usize)], last: bool) -> Vec<Vec<Segment>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Segment> = Vec::new();
    let mut room = PIECE;
    for (batch, (_, rows)) in batches.iter().enumerate() {
        let mut start = 0;
        while start < *rows {
            let take = room.min(rows - start);
            piece.push(Segment { batch, start, rows: take });
            start += take;
            room -= take;
            if room == 0 {
                pieces.push(std::mem::take(&mut piece));
                room = PIECE;
            }
        }
    }
    if last && !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

fn piece(plan: &Plan, holistic: usize, batches: &[(Vec<ArrayRef>, usize)], segments: &[Segment]) -> Result<Piece> {
    let mut made = Piece { states: start(plan), blocks: Vec::new() };
    made.blocks.resize_with(holistic, Vec::new);
    // Columns as they are need not be cut into blocks for aggregates that keep them anyway.
    let whole = |group: &Group, call: &Planned| matches!(call.kind, Kind::Holistic(_)) && plan.is_plain(group);
    // Blocks stay in a cache from one step to the next; where there is one step they would only cost their slices.
    let step = if plan.is_one_pass() { PIECE } else { BLOCK };
    for segment in segments {
        let (columns, _) = &batches[segment.batch];
        let rows = Rows { columns, start: segment.start, len: segment.rows };
        for (index, group) in plan.groups.iter().enumerate().filter(|(_, g)| g.calls.iter().any(|c| whole(g, c))) {
            let values = plan.arguments(index, &rows)?;
            for call in group.calls.iter().filter(|c| whole(group, c)) {
                made.keep(call, &values, rows.len)?;
            }
        }
        for start in (0..segment.rows).step_by(step) {
            let block = Rows { columns, start: segment.start + start, len: step.min(segment.rows - start) };
            plan.block(&block, |index, values, rows| {
                let group = &plan.groups[index];
                let state = &mut made.states[index];
                for (summary, planned) in state.summaries.iter_mut().zip(&group.summaries) {
                    summary.update(&values[planned.argument], rows)?;
                }
                for (position, call) in group.calls.iter().enumerate() {
                    match &mut made.states[index].calls[position] {
                        Some(state) => match call.arguments.as_slice() {
                            [] => state.update(&[], rows)?,
                            [one] => state.update(std::slice::from_ref(&values[*one]), rows)?,
                            many => {
                                let many: Vec<Value> = many.iter().map(|i| values[*i].clone()).collect();
                                state.update(&many, rows)?;
                            }
                        },
                        None if whole(group, call) || matches!(call.kind, Kind::Read(..)) => {}
                        None => made.keep(call, values, rows)?,
                    }
                }
                Ok(())
            })?;
        }
    }
    Ok(made)
}

impl Piece {
    /// Keeps the arguments of a holistic aggregate.
    fn keep(&mut self, call: &Planned, values: &[Value], rows: usize) -> Result<()> {
        let Kind::Holistic(index) = call.kind else { return Ok(()) };
        let arrays = call.arguments.iter().zip(&call.constants).map(|(i, constant)| match &values[*i] {
            Value::Scalar(one) if *constant => Ok(one.clone()),
            value => value.clone().into_array(rows),
        });
        self.blocks[index].push(arrays.collect::<Result<_>>()?);
        Ok(())
    }
}

//! The work of a scan in rounds, each of which fits a part of the memory budget.
//!
//! A round takes the next pieces of row groups in the order of the files, tests their rows, and decodes what is left of
//! them: pieces and columns side by side, on as many threads as there are. What a round takes depends on sizes and on
//! the budget, never on the number of threads. Where memory runs out all the same, the round is taken back and made
//! again of smaller pieces: estimates are made of what files say, which need not be true.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use pf_base::{Code, Context, Error, Reservation, Result};

use super::file::DataSource;
use super::jobs::{Job, LEAST_ROWS, MOST_ROWS, Piece};
use super::join::Join;
use super::{Plan, Scan};
use crate::parquet::decode::{Given, Weight};

/// Bytes of a round, at most and at first: the first batches come soon, and a limit is often reached with few.
const MOST: u64 = 64 << 20;
const FIRST: u64 = 4 << 20;

/// Of the memory limit a round takes so much: the reader before has one of its own still, and decoding takes more than
/// what it gives.
const PART: u64 = 16;

/// Bytes of a predicate's columns that are tested on one thread.
const TESTED: u64 = 8 << 20;

/// Pieces of a round, at most.
const PIECES: usize = 256;

/// Files that are opened at a time, at most.
const FILES: usize = 64;

/// Rows that are decoded at a time, at least.
const LEAST_BATCH: usize = 8 * 1024;

/// A batch, with what its round takes of the budget until its last batch is handed on: they share what was decoded.
pub(crate) struct Held {
    pub(crate) batch: RecordBatch,
    pub(crate) reserved: Arc<Reservation>,
}

/// What is left to do of a scan.
pub(crate) struct Rounds {
    scan: Scan,
    /// The next of the plan's files, and how many are opened next.
    next: usize,
    window: usize,
    opened: VecDeque<Arc<DataSource>>,
    /// The row group of the first opened file, and its row, at which the next piece begins.
    at: (usize, usize),
    /// Files that are all in pieces, and rows of the next file that are.
    cut: (usize, usize),
    /// The part of the scan whose rows are tested, where they have to be.
    tested: f64,
    pieces: VecDeque<Piece>,
    jobs: VecDeque<Job>,
    /// Bytes of the next round, and the most that it may come to be.
    budget: u64,
    most: u64,
    /// Rows that are still wanted.
    left: u64,
    join: Join,
    ended: bool,
}

impl Rounds {
    pub(crate) fn new(scan: Scan) -> Self {
        let most = (scan.context.memory().limit() / PART).clamp(1 << 16, MOST);
        let join = Join::new(scan.plan.schema.clone(), scan.plan.batch_size);
        let left = scan.plan.limit.unwrap_or(u64::MAX);
        Self {
            scan,
            next: 0,
            window: 1,
            opened: VecDeque::new(),
            at: (0, 0),
            cut: (0, 0),
            tested: 0.0,
            pieces: VecDeque::new(),
            jobs: VecDeque::new(),
            budget: FIRST.min(most),
            most,
            left,
            join,
            ended: false,
        }
    }

    /// Whether nothing is left to do.
    pub(crate) fn is_done(&self) -> bool {
        self.ended
    }

    /// The batches of the next round; none only at the end.
    fn step(&mut self) -> Result<Option<Vec<Held>>> {
        while !self.ended {
            self.scan.context.check()?;
            if self.jobs.is_empty() {
                self.ended = !self.test(&self.scan.plan.clone())?;
            }
            let (mut batches, reserved) = self.decode()?;
            self.tell();
            if self.ended {
                batches.extend(self.join.finish(&self.scan.context)?);
            }
            if !batches.is_empty() {
                let hold = |batch| Held { batch, reserved: reserved.clone() };
                return Ok(Some(batches.into_iter().map(hold).collect()));
            }
        }
        Ok(None)
    }

    /// Tells how much is done: the part of the scan before the first row that is still to be decoded. All files count
    /// the same, since what they have is known only once they are opened.
    fn tell(&self) {
        let next = self.jobs.front().map_or(self.tested, |job| job.piece.part.start);
        self.scan.context.advance(if self.ended { 1.0 } else { next });
    }

    /// The rows that are left to come, none of which is decoded but for the predicate.
    pub(crate) fn count(mut self) -> Result<u64> {
        let mut count = 0u64;
        let plan = self.scan.plan.clone();
        while self.test(&plan)? {
            let rows = self.jobs.drain(..).map(|job| job.filtered.count as u64);
            count = rows.fold(count, u64::saturating_add);
            self.tell();
        }
        self.ended = true;
        self.tell();
        Ok(count)
    }

    /// Tests the next pieces, and makes jobs of the rows that are left. Tells whether there were any pieces.
    fn test(&mut self, plan: &Plan) -> Result<bool> {
        let mut pieces: Vec<Piece> = Vec::new();
        let (mut bytes, mut untested) = (0u64, 0u64);
        while pieces.len() < PIECES && bytes < self.budget && untested < self.left {
            let Some(piece) = self.piece(plan)? else { break };
            bytes = bytes.saturating_add(weight(&piece, plan));
            if !piece.is_tested() {
                untested = untested.saturating_add(piece.rows.len() as u64);
            }
            pieces.push(piece);
        }
        if pieces.is_empty() || self.left == 0 {
            return Ok(false);
        }
        let found = match self.tested(&pieces, plan, &self.scan.context) {
            Err(error) if error.code() == Code::OutOfMemory => {
                let smaller: Vec<Piece> = pieces.iter().flat_map(halves).collect();
                if smaller.len() == pieces.len() && pieces.len() == 1 {
                    // The last resort: one thread takes the least.
                    self.tested(&pieces, plan, &self.scan.context.for_work(0))?
                } else {
                    self.budget = (self.budget / 2).max(1);
                    self.most = self.budget;
                    smaller.into_iter().rev().for_each(|piece| self.pieces.push_front(piece));
                    return Ok(true);
                }
            }
            other => other?,
        };
        self.tested = self.pieces.front().or(pieces.last()).map_or(self.tested, |next| match self.pieces.is_empty() {
            true => next.part.end,
            false => next.part.start,
        });
        for mut job in found {
            job.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
            self.left -= job.filtered.count as u64;
            if job.filtered.count > 0 {
                self.jobs.push_back(job);
            }
        }
        self.budget = self.budget.saturating_mul(2).min(self.most);
        Ok(true)
    }

    fn tested(&self, pieces: &[Piece], plan: &Plan, ctx: &Context) -> Result<Vec<Job>> {
        let bytes = pieces.iter().filter(|piece| piece.is_tested()).map(|piece| weight(piece, plan));
        let bytes = bytes.fold(0, u64::saturating_add);
        let reserved = ctx.memory().reserve(bytes, &what("columns of a filter", pieces.first()))?;
        let found = ctx.map(pieces.len(), |i| pieces[i].filter(plan.tested, ctx))?;
        drop(reserved);
        let tally = &self.scan.tally;
        pieces
            .iter()
            .zip(found)
            .map(|(piece, filtered)| {
                tally.tested.fetch_add(if piece.is_tested() { piece.rows.len() as u64 } else { 0 }, Ordering::Relaxed);
                let held = filtered.held.iter().flatten().map(std::slice::from_ref).map(Weight::of);
                let held = held.fold(0, u64::saturating_add);
                let held = (held > 0).then(|| ctx.memory().reserve(held, &what("columns of a filter", Some(piece))));
                let held = held.transpose()?;
                Ok(Job { piece: piece.clone(), filtered, held: held.map(Arc::new) })
            })
            .collect()
    }

    /// Decodes the next jobs: their batches, and what these take.
    fn decode(&mut self) -> Result<(Vec<RecordBatch>, Arc<Reservation>)> {
        let plan = self.scan.plan.clone();
        let mut jobs: Vec<Job> = Vec::new();
        let mut bytes = 0u64;
        while let Some(job) = self.jobs.pop_front() {
            let own = job.bytes(&plan.outputs);
            if jobs.is_empty() && own > self.budget && own / 2 >= self.budget {
                let parts = job.halves();
                if parts.len() > 1 {
                    parts.into_iter().rev().for_each(|part| self.jobs.push_front(part));
                    continue;
                }
                jobs.extend(parts);
                bytes = own;
                break;
            }
            if !jobs.is_empty() && bytes.saturating_add(own) > self.budget {
                self.jobs.push_front(job);
                break;
            }
            bytes = bytes.saturating_add(own);
            jobs.push(job);
        }
        let (batches, reserved) = match self.decoded(&jobs, bytes, &plan, false) {
            Err(error) if error.code() == Code::OutOfMemory => {
                let count = jobs.len();
                let smaller: Vec<Job> = jobs.into_iter().flat_map(Job::halves).collect();
                if smaller.len() > 1 {
                    self.budget = (self.budget / 2).max(1);
                    self.most = self.budget;
                    smaller.into_iter().rev().for_each(|job| self.jobs.push_front(job));
                    return self.decode();
                }
                if count == 0 {
                    return Err(error);
                }
                self.decoded(&smaller, bytes, &plan, true)?
            }
            other => other?,
        };
        Ok((self.join.push(batches, &self.scan.context)?, Arc::new(reserved)))
    }

    /// Decodes jobs; in the `least` memory, which is one column after the other, where that is the last resort.
    fn decoded(&self, jobs: &[Job], bytes: u64, plan: &Plan, least: bool) -> Result<(Vec<RecordBatch>, Reservation)> {
        let ctx = &self.scan.context.for_work(if least { 0 } else { u64::MAX });
        let what = what("decoded columns", jobs.first().map(|job| &job.piece));
        let guess = ctx.memory().reserve(bytes, &what)?;
        let batch = rows_at_a_time(plan.batch_size);
        let units: Vec<(usize, Vec<usize>)> = jobs
            .iter()
            .enumerate()
            .flat_map(|(i, job)| job.units(&plan.outputs, least).into_iter().map(move |unit| (i, unit)))
            .collect();
        let decoded = ctx.map(units.len(), |i| jobs[units[i].0].decode(&units[i].1, batch, ctx))?;
        let (decoded, excess): (Vec<_>, Vec<_>) = decoded.into_iter().unzip();
        drop((guess, excess));
        let held = jobs.iter().flat_map(|job| job.filtered.held.iter().flatten()).map(std::slice::from_ref);
        let columns = decoded.iter().flatten().map(Vec::as_slice);
        let bytes = columns.chain(held).map(Weight::of).fold(0, u64::saturating_add);
        let reserved = ctx.memory().reserve(bytes, &what)?;
        let mut decoded = decoded.into_iter();
        let mut units = units.into_iter().peekable();
        let mut batches = Vec::new();
        for (i, job) in jobs.iter().enumerate() {
            let mut columns: Vec<Option<Column>> = Vec::new();
            columns.resize_with(plan.slots.len(), || None);
            for (slot, held) in job.filtered.held.iter().enumerate() {
                columns[slot] = held.clone().map(Column::whole);
            }
            while let Some((_, slots)) = units.next_if(|(of, _)| *of == i) {
                for (slot, arrays) in slots.into_iter().zip(decoded.next().into_iter().flatten()) {
                    columns[slot] = Some(Column { arrays, each: batch });
                }
            }
            assemble(job, columns, plan, &mut batches)?;
        }
        let rows = jobs.iter().map(|job| job.filtered.count as u64).fold(0, u64::saturating_add);
        self.scan.tally.returned.fetch_add(rows, Ordering::Relaxed);
        Ok((batches, reserved))
    }

    /// The next piece in the order of the files.
    fn piece(&mut self, plan: &Plan) -> Result<Option<Piece>> {
        if let Some(piece) = self.pieces.pop_front() {
            return Ok(Some(piece));
        }
        loop {
            let Some(file) = self.opened.front() else {
                if !self.open(plan)? {
                    return Ok(None);
                }
                continue;
            };
            let (group, start) = self.at;
            let Some(rows) = file.groups.get(group).map(|group| group.rows) else {
                self.opened.pop_front();
                self.at = (0, 0);
                self.cut = (self.cut.0 + 1, 0);
                continue;
            };
            let mut piece = Piece { file: file.clone(), group, rows: start..rows, part: 0.0..0.0 };
            let budget = if piece.is_tested() { TESTED.min(self.most) } else { self.most };
            let most = usize::try_from(budget / piece.row_bytes(plan.slots_of(&piece))).unwrap_or(MOST_ROWS);
            let most = most.clamp(LEAST_ROWS, MOST_ROWS);
            // Whole batches, and no small rest.
            let most = if most > plan.batch_size { most - most % plan.batch_size } else { most };
            if piece.rows.len() > most + most / 2 {
                piece.rows.end = start + most;
            }
            self.at = if piece.rows.end == rows { (group + 1, 0) } else { (group, piece.rows.end) };
            let all: usize = piece.file.groups.iter().map(|group| group.rows).fold(0, usize::saturating_add);
            let part = |rows: usize| {
                let share = (rows as f64 / all.max(1) as f64).min(1.0);
                (self.cut.0 as f64 + share) / plan.files.len().max(1) as f64
            };
            let end = self.cut.1.saturating_add(piece.rows.len());
            piece.part = part(self.cut.1)..part(end);
            self.cut.1 = end;
            return Ok(Some(piece));
        }
    }

    /// Opens the next files; tells whether there were any.
    fn open(&mut self, plan: &Plan) -> Result<bool> {
        let ctx = &self.scan.context;
        let end = (self.next + self.window).min(plan.files.len());
        let files = plan.files.get(self.next..end).unwrap_or_default();
        if files.is_empty() {
            return Ok(false);
        }
        let read = &self.scan.tally.read;
        let opened = ctx.map(files.len(), |i| DataSource::open(plan, files[i], read, ctx))?;
        self.opened.extend(opened.into_iter().map(|(file, _)| Arc::new(file)));
        self.next = end;
        self.window = (2 * self.window).min(FILES);
        Ok(true)
    }
}

impl Iterator for Rounds {
    type Item = Result<Vec<Held>>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        self.ended |= step.is_err();
        step.transpose()
    }
}

/// What memory is for, with the file.
fn what(what: &str, piece: Option<&Piece>) -> String {
    match piece {
        Some(piece) => format!("{}: {what}", piece.file.source.path.display()),
        None => what.to_owned(),
    }
}

/// Bytes that count for a round's budget: of the predicate's columns where rows are tested, else of the output.
fn weight(piece: &Piece, plan: &Plan) -> u64 {
    piece.row_bytes(plan.slots_of(piece)).saturating_mul(piece.rows.len() as u64)
}

fn halves(piece: &Piece) -> Vec<Piece> {
    let rows = piece.rows.clone();
    let half = (rows.len() / 2).next_multiple_of(64);
    if rows.len() < 2 * LEAST_ROWS || half >= rows.len() {
        return vec![piece.clone()];
    }
    piece.cut(half).to_vec()
}

/// Whole batches, so that columns that were decoded apart have them in the same places.
fn rows_at_a_time(batch_size: usize) -> usize {
    if batch_size >= LEAST_BATCH { batch_size.min(MOST_ROWS) } else { LEAST_BATCH.next_multiple_of(batch_size) }
}

/// A column of a job: arrays of so many rows each, but for the last.
struct Column {
    arrays: Vec<ArrayRef>,
    each: usize,
}

impl Column {
    fn whole(array: ArrayRef) -> Self {
        Self { each: array.len().max(1), arrays: vec![array] }
    }

    fn rows(&self, start: usize, len: usize) -> Option<ArrayRef> {
        let (array, at) = match self.arrays.as_slice() {
            [one] => (one, start),
            many => (many.get(start / self.each)?, start % self.each),
        };
        (at + len <= array.len()).then(|| array.slice(at, len))
    }
}

/// Cuts the columns of a job into batches.
fn assemble(job: &Job, mut columns: Vec<Option<Column>>, plan: &Plan, batches: &mut Vec<RecordBatch>) -> Result<()> {
    let count = job.filtered.count;
    for slot in &plan.outputs {
        if matches!(job.piece.file.given.get(*slot), Some(Given::RowNumber)) {
            columns[*slot] = Some(Column::whole(job.row_numbers()?));
        }
    }
    let each = columns.iter().flatten().map(|column| column.each).filter(|each| *each < count).min();
    let each = each.unwrap_or(count).max(1);
    let mut start = 0;
    while start < count {
        let len = plan.batch_size.min(count - start).min(each - start % each);
        let column = |slot: &usize| {
            let lost = || Error::internal(format!("slot {slot} was not decoded"));
            match (columns.get(*slot), job.piece.file.given.get(*slot)) {
                (Some(Some(column)), _) => column.rows(start, len).ok_or_else(lost),
                (_, Some(Given::Constant(constant))) => constant.rows(len),
                _ => Err(lost()),
            }
        };
        let arrays = plan.outputs.iter().map(column).collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(len));
        let batch = RecordBatch::try_new_with_options(plan.schema.clone(), arrays, &options).map_err(|error| {
            let group = job.piece.group().map_or(0, |group| group.index);
            Error::corrupt(format!("{}: {error}", job.piece.file.source.place(group, &[])))
        })?;
        batches.push(batch);
        start += len;
    }
    Ok(())
}

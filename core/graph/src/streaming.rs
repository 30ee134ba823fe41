//! Building from a source that can be read twice, without ever holding its edges.
//!
//! Edges without payload between ids that are small enough are dealt out as they come, in one pass (`one_pass`). For all
//! others the first pass learns the vertices and how many edges begin at each, the second puts every target where it
//! stays. A group of batches is dealt out to partitions of neighbouring rows, so that each has its rows to itself and writes
//! them in the order of the input; at the end every row is sorted where it stands.

use arrow_array::ArrayRef;
use pf_base::{BatchSource, Code, Context, Error, Reservation, Result};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use crate::adjacency::{Adjacency, Orientation, Rows, stretches};
use crate::columns::{EdgeColumns, Ends};
use crate::ids::{Integers, Kind};
use crate::one_pass::{Dealt, KEYS, ROW_BITS, Reading};
use crate::packed::Present;
use crate::policies::Kept;
use crate::sort::Block;
use crate::vertices::{Counter, IntegerMap, Map, TextEncoder, VertexMap};
use crate::weights;

/// Edges that are taken in at a time: enough for every partition to write to each of its pages several times.
const GROUP: usize = 1 << 20;

/// Edges that one task numbers and deals out: they stay in the second-level cache.
const TASK: usize = 1 << 16;

/// Rows are dealt out to at most this many partitions.
const PARTITIONS: usize = 1024;

/// Edges and rows that one task sorts.
const STRETCH: usize = 1 << 16;

/// A re-openable source and what is read of it.
pub(crate) struct Stream {
    source: Box<dyn BatchSource + Send>,
    columns: EdgeColumns,
    /// [`GROUP`], but in tests.
    group: usize,
    /// The edges of the first pass.
    edges: Option<u64>,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("columns", &self.columns).finish_non_exhaustive()
    }
}

/// Batches that are taken in together.
#[derive(Default)]
struct Group {
    chunks: Vec<(Ends, Option<ArrayRef>)>,
    /// Rows before each chunk in the whole input.
    first_rows: Vec<u64>,
    rows: usize,
    reserved: Vec<Reservation>,
}

/// Rows of one chunk of a group.
#[derive(Clone, Copy)]
struct Task {
    chunk: usize,
    start: usize,
    len: usize,
}

impl Group {
    fn tasks(&self) -> Vec<Task> {
        let cut = |(chunk, (ends, _)): (usize, &(Ends, _))| {
            let len = ends.len();
            (0..len).step_by(TASK).map(move |start| Task { chunk, start, len: TASK.min(len - start) })
        };
        self.chunks.iter().enumerate().flat_map(cut).collect()
    }
}

impl EdgeColumns {
    /// What an edge takes in a group: its ends and payload as they came, and dealt out to partitions.
    fn buffer_bytes(&self) -> u64 {
        let payload = 8 * self.payload().columns() as u64;
        16 + payload + (8 + payload) * if self.directed { 1 } else { 2 }
    }
}

impl Ends {
    fn len(&self) -> usize {
        match self {
            Ends::Integers(sources, _) => sources.len(),
            Ends::Texts(sources, _) => sources.len(),
        }
    }
}

impl Stream {
    pub(crate) fn new(source: Box<dyn BatchSource + Send>, columns: EdgeColumns) -> Self {
        Self { source, columns, group: GROUP, edges: None }
    }

    /// Reads the source from its beginning, and calls `f` with groups of its batches. Returns the number of rows.
    fn groups(&mut self, ctx: &Context, mut f: impl FnMut(Group, &Context) -> Result<()>) -> Result<u64> {
        let bytes = self.columns.buffer_bytes();
        // Under a tight limit groups are smaller, down to a batch.
        let free = ctx.memory().limit().saturating_sub(ctx.memory().used());
        let most = self.group.min((free / 8 / bytes) as usize);
        let (mut group, mut rows) = (Group::default(), 0);
        for batch in self.source.open()? {
            ctx.check()?;
            let batch = batch?;
            group.reserved.push(ctx.memory().reserve(bytes * batch.num_rows() as u64, "batches of edges")?);
            let chunk = self.columns.read(&batch, rows)?;
            if let Ends::Integers(sources, targets) = &chunk.0 {
                self.columns.check(sources, targets, rows)?;
            }
            group.chunks.push(chunk);
            group.first_rows.push(rows);
            group.rows += batch.num_rows();
            rows += batch.num_rows() as u64;
            if group.rows >= most {
                let full = std::mem::take(&mut group);
                f(full, &ctx.for_work(u64::MAX))?;
            }
        }
        let small = ctx.for_work(group.rows as u64);
        f(group, &small)?;
        Ok(rows)
    }

    /// Learns the vertices, and in slot `v + 1` how many edges begin at vertex `v`; and the number of rows.
    ///
    /// # Errors
    /// What the source reports, and [`EdgeColumns::read`];
    /// [`Code::Unsupported`] for too many vertices, [`Code::OutOfMemory`], [`Code::Cancelled`].
    pub(crate) fn learn(
        &mut self,
        vertices: Option<&mut (dyn BatchSource + Send)>,
        ctx: &Context,
    ) -> Result<(VertexMap, Vec<u64>, u64)> {
        let columns = self.columns.clone();
        let (map, counts, rows) = match (columns.kind, columns.positions) {
            (Kind::Integer, Some(n)) => {
                let counts = ctx.zeroed::<AtomicU64>(n as usize + 1, "row offsets")?;
                let map = VertexMap::new(Map::Positions(n), columns.id_type.clone());
                let rows = self.count(&map, Orientation::Out, &counts, ctx)?;
                return Ok((map, plain(counts.into_vec()), rows));
            }
            (Kind::Integer, None) => {
                let mut counter = Counter::new(columns.space, columns.directed);
                let mut row = 0;
                if let Some(vertices) = vertices {
                    for batch in vertices.open()? {
                        let batch = batch?;
                        counter.add(&[], &[columns.vertex_integers(&batch, row)?], ctx)?;
                        row += batch.num_rows() as u64;
                    }
                }
                let rows = self.groups(ctx, |group, ctx| {
                    let pairs: Vec<(Integers, Integers)> = group
                        .chunks
                        .into_iter()
                        .filter_map(|(ends, _)| match ends {
                            Ends::Integers(sources, targets) => Some((sources, targets)),
                            Ends::Texts(..) => None,
                        })
                        .collect();
                    counter.add(&pairs, &[], ctx)
                })?;
                let (map, counts) = counter.finish(ctx)?;
                (Map::Integer(map), counts, rows)
            }
            (Kind::Text, _) => {
                let mut encoder = TextEncoder::new();
                let mut row = 0;
                if let Some(vertices) = vertices {
                    for batch in vertices.open()? {
                        let batch = batch?;
                        encoder.encode(&[&columns.vertex_texts(&batch, row)?], ctx)?;
                        row += batch.num_rows() as u64;
                    }
                }
                let mut counts: Vec<u64> = vec![0];
                let mut reserved: Option<Reservation> = None;
                let rows = self.groups(ctx, |group, ctx| {
                    for (ends, _) in &group.chunks {
                        let Ends::Texts(sources, targets) = ends else { continue };
                        let numbers = encoder.encode(&[sources, targets], ctx)?;
                        counts.resize(encoder.len() as usize + 1, 0);
                        for pair in numbers.as_chunks::<2>().0 {
                            counts[pair[0] as usize + 1] += 1;
                            if !columns.directed && pair[0] != pair[1] {
                                counts[pair[1] as usize + 1] += 1;
                            }
                        }
                    }
                    drop(reserved.take());
                    reserved = Some(ctx.memory().reserve(8 * counts.capacity() as u64, "row offsets")?);
                    Ok(())
                })?;
                // Vertices that no edge has named.
                counts.resize(encoder.len() as usize + 1, 0);
                (Map::Text(encoder.finish(ctx)?), counts, rows)
            }
        };
        Ok((VertexMap::new(map, columns.id_type.clone()), counts, rows))
    }

    /// Counts the edges of every row into `counts[row + 1]`; returns the number of input rows.
    fn count(&mut self, map: &VertexMap, rows: Orientation, counts: &[AtomicU64], ctx: &Context) -> Result<u64> {
        let columns = self.columns.clone();
        self.groups(ctx, |group, ctx| {
            let tasks = group.tasks();
            ctx.map(tasks.len(), |t| {
                let mut block = Block::default();
                read(&group, tasks[t], &columns, map, rows, false, &mut block)?;
                block.sources.iter().for_each(|row| {
                    counts[*row as usize + 1].fetch_add(1, Relaxed);
                });
                Ok(())
            })?;
            Ok(())
        })
    }

    /// Deals the edges out in one pass; nothing where one does not fit, or the memory.
    fn deal(&mut self, orientation: Orientation, ctx: &Context) -> Result<Option<(Dealt, u64)>> {
        let columns = self.columns.clone();
        if columns.kind != Kind::Integer || columns.payload().columns() > 0 {
            return Ok(None);
        }
        let reading = Reading {
            space: columns.space,
            rows: orientation,
            directed: columns.directed,
            marks: columns.positions.is_none(),
        };
        // The first edges tell how many rows a partition should have; if that makes too many, it has as many as it can.
        let mut shift = None;
        loop {
            let mut dealt = None;
            let mut fits = true;
            let rows = self.groups(ctx, |group, ctx| {
                let shift = *shift.get_or_insert_with(|| Dealt::shift_for(columns.space, &group.chunks));
                if dealt.is_none() {
                    dealt = Dealt::new(reading, shift, ctx)?;
                }
                fits = match &mut dealt {
                    Some(dealt) => dealt.add(&group.chunks, ctx)? && u32::try_from(dealt.edges()).is_ok(),
                    None => false,
                };
                if fits { Ok(()) } else { Err(changed_error()) }
            });
            match (rows, dealt) {
                (Ok(rows), Some(dealt)) => return Ok(Some((dealt, rows))),
                (Err(_), dealt) if !fits => {
                    let outgrown = |dealt: &Dealt| u32::try_from(dealt.edges()).is_ok();
                    if shift.is_none_or(|shift| shift >= ROW_BITS) || !dealt.as_ref().is_some_and(outgrown) {
                        return Ok(None);
                    }
                    shift = Some(ROW_BITS);
                }
                (Err(e), _) if e.code() == Code::OutOfMemory => return Ok(None),
                (Err(e), _) => return Err(e),
                (Ok(_), None) => return Ok(None),
            }
        }
    }

    /// The vertices, their outgoing edges, what the policies kept, and the number of input rows.
    ///
    /// # Errors
    /// Those of [`learn`](Self::learn) and [`fill`](Self::fill).
    pub(crate) fn build(
        &mut self,
        vertices: Option<&mut (dyn BatchSource + Send)>,
        ctx: &Context,
    ) -> Result<(VertexMap, Adjacency, Kept, u64)> {
        let few = self.columns.positions.is_none_or(|n| n as usize <= KEYS);
        // Further vertices may come from a source that can be read once only.
        if vertices.is_none()
            && few
            && let Some((mut dealt, rows)) = self.deal(Orientation::Out, ctx)?
        {
            let map = match self.columns.positions {
                Some(n) => Map::Positions(n),
                None => {
                    let (origin, bits) = dealt.take_marks();
                    Map::Integer(IntegerMap::from_bits(self.columns.space, origin, bits, ctx)?)
                }
            };
            let map = VertexMap::new(map, self.columns.id_type.clone());
            self.edges = Some(dealt.edges());
            if let Some((outgoing, kept)) = self.sorted(dealt, &map, ctx)? {
                return Ok((map, outgoing, kept, rows));
            }
        }
        let (map, counts, rows) = self.learn(vertices, ctx)?;
        ctx.progress(0.4);
        let (outgoing, kept) = self.fill(&map, Orientation::Out, counts, ctx)?;
        Ok((map, outgoing, kept, rows))
    }

    /// The rows of edges that were dealt out; nothing where the memory does not hold both.
    fn sorted(&self, dealt: Dealt, map: &VertexMap, ctx: &Context) -> Result<Option<(Adjacency, Kept)>> {
        let rows = map.len() as usize;
        let present = match map.map() {
            Map::Positions(_) => Some(Present::Range { first: 0, len: rows }),
            Map::Integer(map) => map.present(dealt.origin()),
            Map::Text(_) => None,
        };
        let Some(present) = present else { return Ok(None) };
        if !dealt.all_present(&present) {
            return Err(changed_error());
        }
        ctx.progress(0.7);
        let payload = self.columns.payload();
        match dealt.into_rows(present, rows, ctx) {
            Ok(rows) => Adjacency::of(rows, payload, &self.columns.policies, ctx).map(Some),
            Err(e) if e.code() == Code::OutOfMemory => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// The rows of an orientation, for vertices that are known.
    ///
    /// # Errors
    /// What the source reports; [`Code::Corrupt`] when it is not what it was.
    pub(crate) fn rows(&mut self, map: &VertexMap, rows: Orientation, ctx: &Context) -> Result<(Adjacency, Kept)> {
        // More vertices than there are keys do not fit.
        if map.len() as usize <= KEYS
            && let Some((dealt, _)) = self.deal(rows, ctx)?
        {
            if *self.edges.get_or_insert(dealt.edges()) != dealt.edges() {
                return Err(changed_error());
            }
            if let Some(sorted) = self.sorted(dealt, map, ctx)? {
                return Ok(sorted);
            }
        }
        let counts = ctx.zeroed::<AtomicU64>(map.len() as usize + 1, "row offsets")?;
        self.count(map, rows, &counts, ctx)?;
        self.fill(map, rows, plain(counts.into_vec()), ctx)
    }

    /// The rows whose lengths `counts` has learnt: of row `v` in slot `v + 1`.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub(crate) fn fill(
        &mut self,
        map: &VertexMap,
        orientation: Orientation,
        counts: Vec<u64>,
        ctx: &Context,
    ) -> Result<(Adjacency, Kept)> {
        let columns = self.columns.clone();
        let payload = columns.payload();
        let _offsets = ctx.memory().reserve(8 * counts.len() as u64, "row offsets")?;
        // Slot v + 1 is where row v begins, then where its next edge goes, and is its end when all are there.
        let mut offsets = counts;
        let mut total = 0;
        let mut want = 0u64;
        for (row, slot) in offsets.iter_mut().enumerate().skip(1) {
            total += std::mem::replace(slot, total);
            want = want.wrapping_add(mix(row as u64, total));
        }
        if *self.edges.get_or_insert(total) != total {
            return Err(changed_error());
        }
        let len = usize::try_from(total).map_err(|_| Error::out_of_memory(format!("{total} edges")))?;
        let (targets, _targets) = ctx.memory().large::<u32>(len, "targets")?;
        let weighted = if payload.weight.is_some() { len } else { 0 };
        let (weights, _weights) = ctx.zeroed::<u64>(weighted, "weights")?.into_parts();
        let (edges, _edges) = ctx.zeroed::<u64>(if payload.edges { len } else { 0 }, "input rows")?.into_parts();
        let mut rows = Rows { offsets, targets, weights, edges };

        let shift = (map.len() as usize).div_ceil(PARTITIONS).max(1).next_power_of_two().trailing_zeros();
        let cuts = partition_cuts(&rows, shift);
        let mut done = 0;
        self.groups(ctx, |group, ctx| {
            done += group.rows as u64;
            ctx.progress(0.4 + 0.5 * done as f64 / total.max(1) as f64);
            let tasks = group.tasks();
            let dealt = ctx.map(tasks.len(), |t| {
                let mut block = Block::default();
                read(&group, tasks[t], &columns, map, orientation, true, &mut block)?;
                Ok(DealtTask::new(&block, shift, cuts.len() - 1))
            })?;
            let _reserved = group.reserved;
            drop(group.chunks);
            let mut parts = partitions(&mut rows, &cuts, shift);
            ctx.map_mut(&mut parts, |p, part| dealt.iter().try_for_each(|dealt| part.take(dealt, p)))?;
            Ok(())
        })?;
        let ends = rows.offsets.iter().enumerate().skip(1);
        if ends.fold(0u64, |sum, (row, end)| sum.wrapping_add(mix(row as u64, *end))) != want {
            return Err(changed_error());
        }
        sort_rows(&mut rows, ctx)?;
        let kept = columns.policies.apply(&mut rows, payload, ctx)?;
        Ok((rows.finish(payload), kept))
    }
}

fn plain(counts: Vec<AtomicU64>) -> Vec<u64> {
    counts.into_iter().map(AtomicU64::into_inner).collect()
}

/// What the second pass says to an id or an edge that the first has not seen.
fn changed_error() -> Error {
    Error::new(Code::Corrupt, "the source of the edges changed while the graph was built from it")
}

/// A number that tells an end of a row from others (Steele, Lea, Flood, OOPSLA'14, doi:10.1145/2660193.2660195).
fn mix(row: u64, end: u64) -> u64 {
    let mut z = row.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ end;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The edges of a task by vertex number, with rows as sources, and with their payload if `all`.
fn read(
    group: &Group,
    task: Task,
    columns: &EdgeColumns,
    map: &VertexMap,
    rows: Orientation,
    all: bool,
    out: &mut Block,
) -> Result<()> {
    let Task { chunk, start, len } = task;
    let (ends, weights) = &group.chunks[chunk];
    out.clear();
    out.sources.resize(len, 0);
    out.targets.resize(len, 0);
    if !map.number(ends, start, &mut out.sources, &mut out.targets, columns) {
        return Err(changed_error());
    }
    if all {
        if let Some(weights) = weights {
            weights::to_bits(weights, start, len, &mut out.weights);
        }
        if columns.edge_ids {
            let first = group.first_rows[chunk] + start as u64;
            out.edges.extend(first..first + len as u64);
        }
    }
    if rows == Orientation::In {
        std::mem::swap(&mut out.sources, &mut out.targets);
    }
    if !columns.directed {
        out.add_reversed();
    }
    Ok(())
}

impl VertexMap {
    /// The numbers of both ends of the rows from `start` on; false if an id is unknown.
    fn number(
        &self,
        ends: &Ends,
        start: usize,
        sources: &mut [u32],
        targets: &mut [u32],
        columns: &EdgeColumns,
    ) -> bool {
        const BLOCK: usize = 1024;
        let mut keys = [0; BLOCK];
        match (ends, self.map()) {
            (Ends::Integers(a, b), map) => [(a, sources), (b, targets)].into_iter().all(|(values, numbers)| {
                numbers.chunks_mut(BLOCK).enumerate().all(|(i, numbers)| {
                    let keys = &mut keys[..numbers.len()];
                    values.keys(start + i * BLOCK, columns.space, keys);
                    match map {
                        Map::Integer(map) => map.try_number(keys, numbers),
                        // In range, as every column that was read.
                        Map::Positions(_) => {
                            numbers.iter_mut().zip(keys).for_each(|(number, key)| *number = *key as u32);
                            true
                        }
                        Map::Text(_) => false,
                    }
                })
            }),
            (Ends::Texts(a, b), Map::Text(map)) => [(a, sources), (b, targets)].into_iter().all(|(texts, numbers)| {
                (start..).zip(numbers).all(|(row, number)| map.get(texts.value(row)).map(|n| *number = n).is_some())
            }),
            _ => false,
        }
    }
}

/// The edges of a task, sorted by partition; the order of the input stays inside each.
struct DealtTask {
    rows: Vec<u32>,
    targets: Vec<u32>,
    weights: Vec<u64>,
    edges: Vec<u64>,
    starts: Vec<u32>,
}

impl DealtTask {
    fn new(block: &Block, shift: u32, partitions: usize) -> Self {
        let len = block.sources.len();
        let mut starts = vec![0u32; partitions + 1];
        block.sources.iter().for_each(|row| starts[(*row >> shift) as usize] += 1);
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        let mut next = starts.clone();
        let mut dealt = Self {
            rows: vec![0; len],
            targets: vec![0; len],
            weights: vec![0; block.weights.len()],
            edges: vec![0; block.edges.len()],
            starts,
        };
        for (i, (row, target)) in block.sources.iter().zip(&block.targets).enumerate() {
            let slot = &mut next[(*row >> shift) as usize];
            let at = *slot as usize;
            *slot += 1;
            (dealt.rows[at], dealt.targets[at]) = (*row, *target);
            if let Some(weight) = block.weights.get(i) {
                dealt.weights[at] = *weight;
            }
            if let Some(edge) = block.edges.get(i) {
                dealt.edges[at] = *edge;
            }
        }
        dealt
    }
}

/// Where partitions of 2^shift rows begin in the targets; rows are empty still.
fn partition_cuts(rows: &Rows, shift: u32) -> Vec<usize> {
    let starts = rows.offsets.get(1..).unwrap_or_default();
    let mut cuts: Vec<usize> = starts.iter().step_by(1 << shift).map(|start| *start as usize).collect();
    cuts.push(rows.targets.len());
    cuts
}

/// The places of a partition's edges.
struct Part<'a> {
    first_row: usize,
    start: usize,
    next: &'a mut [u64],
    targets: &'a mut [u32],
    weights: &'a mut [u64],
    edges: &'a mut [u64],
}

fn partitions<'a>(rows: &'a mut Rows, cuts: &[usize], shift: u32) -> Vec<Part<'a>> {
    let (mut targets, mut weights, mut edges) = (&mut rows.targets[..], &mut rows.weights[..], &mut rows.edges[..]);
    let next = rows.offsets.get_mut(1..).unwrap_or_default();
    let mut parts = Vec::with_capacity(cuts.len());
    for (p, next) in next.chunks_mut(1 << shift).enumerate() {
        let len = cuts[p + 1] - cuts[p];
        let (t, w, e);
        (t, targets) = targets.split_at_mut(len);
        (w, weights) = weights.split_at_mut(len.min(weights.len()));
        (e, edges) = edges.split_at_mut(len.min(edges.len()));
        parts.push(Part { first_row: p << shift, start: cuts[p], next, targets: t, weights: w, edges: e });
    }
    parts
}

impl Part<'_> {
    /// Puts the edges of partition `p` behind those that are there.
    fn take(&mut self, dealt: &DealtTask, p: usize) -> Result<()> {
        let range = dealt.starts[p] as usize..dealt.starts[p + 1] as usize;
        for i in range {
            let slot = &mut self.next[dealt.rows[i] as usize - self.first_row];
            let at = *slot as usize - self.start;
            // A row that has more edges than it had runs into the next, and in the end out of the partition.
            let Some(target) = self.targets.get_mut(at) else { return Err(changed_error()) };
            *slot += 1;
            *target = dealt.targets[i];
            if let (Some(to), Some(weight)) = (self.weights.get_mut(at), dealt.weights.get(i)) {
                *to = *weight;
            }
            if let (Some(to), Some(edge)) = (self.edges.get_mut(at), dealt.edges.get(i)) {
                *to = *edge;
            }
        }
        Ok(())
    }
}

/// Sorts every row by target; parallel edges keep their order.
pub(crate) fn sort_rows(rows: &mut Rows, ctx: &Context) -> Result<()> {
    let cuts = stretches(&rows.offsets, STRETCH);
    let (mut targets, mut weights, mut edges) = (&mut rows.targets[..], &mut rows.weights[..], &mut rows.edges[..]);
    let mut parts = Vec::with_capacity(cuts.len());
    for cut in cuts {
        let offsets = &rows.offsets[cut.start..=cut.end];
        let len = (rows.offsets[cut.end] - rows.offsets[cut.start]) as usize;
        let (t, w, e);
        (t, targets) = targets.split_at_mut(len);
        (w, weights) = weights.split_at_mut(len.min(weights.len()));
        (e, edges) = edges.split_at_mut(len.min(edges.len()));
        parts.push((offsets, t, w, e));
    }
    ctx.for_each(parts, |_, (offsets, targets, weights, edges)| {
        let start = offsets[0];
        let mut order: Vec<(u32, u64, u64)> = Vec::new();
        for ends in offsets.windows(2) {
            let range = (ends[0] - start) as usize..(ends[1] - start) as usize;
            let row = &mut targets[range.clone()];
            if weights.is_empty() && edges.is_empty() {
                row.sort_unstable();
            } else if !row.is_sorted() {
                let extra = |column: &[u64], i: usize| column.get(i).copied().unwrap_or_default();
                order.clear();
                order.extend(range.clone().zip(&*row).map(|(i, t)| (*t, extra(weights, i), extra(edges, i))));
                order.sort_by_key(|edge| edge.0);
                for (i, (target, weight, edge)) in range.zip(&order) {
                    targets[i] = *target;
                    if let Some(slot) = weights.get_mut(i) {
                        *slot = *weight;
                    }
                    if let Some(slot) = edges.get_mut(i) {
                        *slot = *edge;
                    }
                }
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests;

//! Which rows are selected, piece by piece.

use std::sync::{Mutex, PoisonError};

use arrow_array::{Array, BooleanArray};
use arrow_buffer::BooleanBuffer;
use pf_base::{Context, Reservation, Result};

use crate::bitmap::{self, Bits};

/// Rows of a piece: a multiple of 64, small enough that a piece of a column stays in the cache of its core.
pub(crate) const PIECE: usize = 1 << 16;

/// Neighbouring rows of a chunk, and which of them are selected.
#[derive(Debug)]
pub(crate) struct Piece {
    /// The chunk they belong to.
    pub(crate) chunk: usize,
    /// The first of them in the chunk.
    pub(crate) start: usize,
    /// How many they are.
    pub(crate) rows: usize,
    /// A bit per row; nothing where all are selected.
    pub(crate) mask: Option<Vec<u64>>,
    /// How many are selected, at least one.
    pub(crate) count: usize,
    /// How many are selected before.
    pub(crate) out: usize,
}

/// Which rows of the chunks of a column are selected.
#[derive(Debug)]
pub(crate) struct Selection {
    pieces: Vec<Piece>,
    count: usize,
    _memory: Reservation,
    /// What the columns made so far take of the budget.
    held: Mutex<Vec<Reservation>>,
}

impl Selection {
    /// The rows for which the mask of their chunk is true.
    pub(crate) fn of_masks(masks: &[&BooleanArray], ctx: &Context) -> Result<Self> {
        let lengths: Vec<usize> = masks.iter().map(|mask| mask.len()).collect();
        let cuts = cut(&lengths);
        let bytes = lengths.iter().sum::<usize>() as u64 / 8;
        let memory = ctx.memory().reserve(bytes, "the rows that a filter keeps")?;
        let pieces = ctx.map(cuts.len(), |i| {
            let (chunk, start, rows) = cuts[i];
            let mask = masks[chunk];
            let mut words = bitmap::words(mask.values(), start, rows);
            if let Some(nulls) = mask.nulls().filter(|nulls| nulls.null_count() > 0) {
                let valid = bitmap::words(nulls.inner(), start, rows);
                words.iter_mut().zip(valid).for_each(|(word, valid)| *word &= valid);
            }
            Ok(Piece::new(chunk, start, rows, words))
        })?;
        Ok(Self::of_pieces(pieces, memory))
    }

    /// All rows of chunks of these lengths.
    pub(crate) fn all(lengths: &[usize], ctx: &Context) -> Result<Self> {
        let cuts = cut(lengths).into_iter();
        let pieces = cuts.map(|(chunk, start, rows)| Piece { chunk, start, rows, mask: None, count: rows, out: 0 });
        Ok(Self::of_pieces(pieces.collect(), ctx.memory().reserve(0, "a selection")?))
    }

    fn of_pieces(mut pieces: Vec<Piece>, memory: Reservation) -> Self {
        pieces.retain(|piece| piece.count > 0);
        let mut count = 0;
        for piece in &mut pieces {
            piece.out = count;
            count += piece.count;
        }
        Self { pieces, count, _memory: memory, held: Mutex::default() }
    }

    /// The children of the selected rows, where those of row `i` of a chunk are `ends(chunk, i)` to `ends(chunk, i + 1)`
    /// of the chunk's children.
    pub(crate) fn children(&self, ends: impl Fn(usize, usize) -> usize + Sync, ctx: &Context) -> Result<Self> {
        let spans: Vec<(usize, usize)> =
            self.pieces.iter().map(|p| (ends(p.chunk, p.start), ends(p.chunk, p.start + p.rows))).collect();
        let masked = self.pieces.iter().zip(&spans).filter(|(piece, _)| piece.mask.is_some());
        let bits: usize = masked.map(|(_, (from, to))| to - from).sum();
        let memory = ctx.memory().reserve(bits as u64 / 8, "the children that a filter keeps")?;
        let pieces = ctx.map(self.pieces.len(), |i| {
            let (piece, (from, to)) = (&self.pieces[i], spans[i]);
            let Some(mask) = &piece.mask else {
                let whole = |(_, start, rows)| Piece {
                    chunk: piece.chunk,
                    start: from + start,
                    rows,
                    mask: None,
                    count: rows,
                    out: 0,
                };
                return Ok(cut(&[to - from]).into_iter().map(whole).collect::<Vec<_>>());
            };
            let mut words = vec![0; (to - from).div_ceil(64)];
            bitmap::runs(mask, |first, end| {
                let child = |row| ends(piece.chunk, piece.start + row) - from;
                bitmap::set(&mut words, child(first), child(end));
            });
            let cuts = cut(&[to - from]).into_iter();
            let part = |(_, start, rows): (usize, usize, usize)| {
                let words = words[start / 64..(start + rows).div_ceil(64)].to_vec();
                Piece::new(piece.chunk, from + start, rows, words)
            };
            Ok(cuts.map(part).collect())
        })?;
        Ok(Self::of_pieces(pieces.into_iter().flatten().collect(), memory))
    }

    /// Keeps the reservation of an output until all outputs are made: they are held together.
    pub(crate) fn hold(&self, output: Reservation) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).push(output);
    }

    /// The pieces with any selected row, in order.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// How many rows are selected.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The first selected row and their number, where they are all side by side in one chunk.
    pub(crate) fn range(&self) -> Option<(usize, usize)> {
        let first = self.pieces.first()?;
        let joined = self.pieces.windows(2).all(|w| w[0].chunk == w[1].chunk && w[0].start + w[0].rows == w[1].start);
        (joined && self.pieces.iter().all(|p| p.mask.is_none())).then_some((first.start, self.count))
    }

    /// The mask of a chunk of `rows` rows; nothing where all of them are selected.
    pub(crate) fn mask_of(&self, chunk: usize, rows: usize) -> Option<BooleanArray> {
        let pieces = || self.pieces.iter().filter(|piece| piece.chunk == chunk);
        if pieces().map(|piece| piece.count).sum::<usize>() == rows {
            return None;
        }
        let mut bits = Bits::with_capacity(rows);
        let mut at = 0;
        let pad = |bits: &mut Bits, from: usize, to: usize| {
            bits.extend(&vec![0; (to - from).div_ceil(64)], to - from);
        };
        for piece in pieces() {
            pad(&mut bits, at, piece.start);
            bits.extend(&piece.words(), piece.rows);
            at = piece.start + piece.rows;
        }
        pad(&mut bits, at, rows);
        Some(BooleanArray::new(bits.into_buffer(), None))
    }

    /// The selected bits of bitmaps, one per chunk; a chunk without one has all bits set.
    pub(crate) fn bits(&self, chunks: &[Option<&BooleanBuffer>], ctx: &Context) -> Result<BooleanBuffer> {
        let parts = ctx.map(self.pieces.len(), |i| {
            let piece = &self.pieces[i];
            let words = match (chunks[piece.chunk], &piece.mask) {
                (None, _) => bitmap::ones(piece.count),
                (Some(bits), None) => bitmap::words(bits, piece.start, piece.rows),
                (Some(bits), Some(mask)) => {
                    bitmap::compress(&bitmap::words(bits, piece.start, piece.rows), mask).into_words()
                }
            };
            Ok((words, piece.count))
        })?;
        Ok(super::join(&parts, self.count))
    }
}

impl Piece {
    fn new(chunk: usize, start: usize, rows: usize, words: Vec<u64>) -> Self {
        let count = bitmap::count(&words);
        Self { chunk, start, rows, mask: (count < rows && count > 0).then_some(words), count, out: 0 }
    }

    /// A bit per row.
    fn words(&self) -> std::borrow::Cow<'_, [u64]> {
        match &self.mask {
            Some(words) => words.into(),
            None => bitmap::ones(self.rows).into(),
        }
    }
}

/// Pieces of chunks of these lengths: chunk, first row and number of rows.
fn cut(lengths: &[usize]) -> Vec<(usize, usize, usize)> {
    let chunk = |(chunk, &rows): (usize, &usize)| {
        (0..rows).step_by(PIECE).map(move |start| (chunk, start, PIECE.min(rows - start)))
    };
    lengths.iter().enumerate().flat_map(chunk).collect()
}

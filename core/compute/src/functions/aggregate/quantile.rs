//! Quantiles and the median, exact, without sorting.
//!
//! A sample tells between which two values the wanted one lies; one pass counts what lies below and between, and
//! only that is copied and searched. Where the sample did not tell enough, as with few different values, histograms of
//! ever smaller ranges do.

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Float64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use pf_base::{Context, Error, Reservation, Result};

use super::interpolation::{Interpolation, Scale};
use super::rows::{dispatch, present, primitive};
use super::words::{Word, with_word};
use crate::{Call, Holistic};

/// Rows that a thread takes at a time.
const UNIT: usize = 1 << 16;

/// Below so many rows all are copied and searched.
const FEW: u64 = 1 << 16;

/// Values that are looked at to guess where the wanted one lies.
const SAMPLE: usize = 1 << 14;

/// Ranges that a histogram tells apart, as a power of two.
const RANGES: u32 = 12;

/// Computes `quantile`.
pub(super) fn quantile(call: &Call<'_>) -> Result<Box<dyn Holistic>> {
    let q = q(call)?;
    let name = call.constant(2)?;
    let name = arrow_cast::cast(name.as_ref(), &DataType::Utf8)?;
    let interpolation = Interpolation::from_name(name.as_string::<i32>().value(0))?;
    Ok(Box::new(Quantile::new(call, q, interpolation)))
}

/// Computes `median`.
pub(super) fn median(call: &Call<'_>) -> Result<Box<dyn Holistic>> {
    Ok(Box::new(Quantile::new(call, 0.5, Interpolation::Linear)))
}

/// The literal `q`.
pub(super) fn q(call: &Call<'_>) -> Result<f64> {
    let array = call.constant(1)?;
    let q = array.as_primitive_opt::<Float64Type>().filter(|array| array.len() == 1 && array.is_valid(0));
    match q.map(|array| array.value(0)) {
        Some(q) if (0.0..=1.0).contains(&q) => Ok(q),
        Some(q) => Err(Error::invalid_argument(format!("q must be from 0 to 1, not {q}"))),
        None => Err(Error::invalid_argument("q must be a number from 0 to 1")),
    }
}

/// Calls `f` with the words of the values that are not null, some thousand at a time.
pub(super) fn visit<F: FnMut(&[u64])>(array: &dyn Array, f: F) -> Result<()> {
    #[inline(always)]
    fn typed<T: ArrowPrimitiveType<Native: Word>, F: FnMut(&[u64])>(array: &dyn Array, mut f: F) -> Result<()> {
        let array = primitive::<T>(array)?;
        dispatch(
            #[inline(always)]
            || {
                let mut words = [0; super::exact::CHUNK];
                present(
                    array.values(),
                    array.nulls(),
                    #[inline(always)]
                    |values: &[T::Native]| {
                        let words = &mut words[..values.len()];
                        for (word, value) in words.iter_mut().zip(values) {
                            *word = value.word();
                        }
                        f(words);
                    },
                );
            },
        );
        Ok(())
    }
    macro_rules! of_type {
        ($type:ty) => {
            typed::<$type, F>(array, f)
        };
    }
    with_word!(array.data_type(), of_type, Err(Error::internal(format!("no quantile of {}", array.data_type()))))
}

/// The rows seen, held as they came: what the caller keeps anyway is not copied.
struct Quantile {
    units: Vec<ArrayRef>,
    reserved: Vec<Reservation>,
    q: f64,
    interpolation: Interpolation,
    scale: Scale,
}

impl Quantile {
    fn new(call: &Call<'_>, q: f64, interpolation: Interpolation) -> Self {
        let from = call.arguments.first().map_or(&DataType::Float64, |a| &a.data_type);
        let scale = Scale { from: from.clone(), result: call.result.clone() };
        Self { units: Vec::new(), reserved: Vec::new(), q, interpolation, scale }
    }
}

impl Holistic for Quantile {
    fn update(&mut self, pieces: &[Vec<ArrayRef>], ctx: &Context) -> Result<()> {
        let mut bytes = 0;
        for array in pieces.iter().filter_map(|piece| piece.first()) {
            bytes += array.len() as u64 * array.data_type().primitive_width().unwrap_or(8) as u64;
            for start in (0..array.len()).step_by(UNIT) {
                self.units.push(array.slice(start, UNIT.min(array.len() - start)));
            }
        }
        self.reserved.push(ctx.memory().reserve(bytes, "the values of a quantile")?);
        Ok(())
    }

    fn finish(self: Box<Self>, ctx: &Context) -> Result<ArrayRef> {
        let count: u64 = self.units.iter().map(|array| (array.len() - array.null_count()) as u64).sum();
        if count == 0 {
            return self.scale.array(None);
        }
        let at = self.interpolation.at(self.q, count);
        let search = Search { units: &self.units, count, ctx };
        let Some((low, high)) = search.find(at.low, at.high > at.low, self.scale.is_float())? else {
            return self.scale.not_a_number();
        };
        self.scale.array(Some((low, high, at.fraction)))
    }
}

/// A search among all values.
struct Search<'a> {
    units: &'a [ArrayRef],
    count: u64,
    ctx: &'a Context,
}

/// A range of words that holds the wanted one, and how many values lie below and within.
#[derive(Clone, Copy)]
struct Range {
    low: u64,
    high: u64,
    below: u64,
    within: u64,
}

impl Search<'_> {
    /// The words of these ranks, of which the second is the same or the next; nothing where there is a NaN.
    fn find(&self, rank: u64, next: bool, floats: bool) -> Result<Option<(u64, u64)>> {
        let mut range = Range { low: 0, high: u64::MAX, below: 0, within: self.count };
        let few = FEW.max(self.count / 8);
        if self.count > FEW {
            let (narrower, greatest) = self.guess(rank)?;
            if floats && greatest == f64::NAN.word() {
                return Ok(None);
            }
            range = narrower;
            while range.within > few && range.low < range.high {
                range = self.narrow(range, rank)?;
            }
        }
        if range.low == range.high {
            let after = if next { self.after(&[], range, rank + 1)? } else { range.low };
            return Ok(Some((range.low, after)));
        }
        let _room = self.ctx.memory().reserve(16 * range.within, "the middle of a quantile")?;
        let parts = self.ctx.map(self.units.len(), |i| {
            let mut found = Vec::new();
            visit(&self.units[i], |words| {
                found.extend(words.iter().filter(|word| (range.low..=range.high).contains(*word)));
            })?;
            Ok(found)
        })?;
        let mut found = parts.concat();
        drop(parts);
        if floats && self.count <= FEW && found.contains(&f64::NAN.word()) {
            return Ok(None);
        }
        let place = (rank - range.below) as usize;
        if place >= found.len() {
            return Err(Error::internal("a quantile lost its place"));
        }
        let (_, low, right) = found.select_nth_unstable(place);
        let low = *low;
        let after = if next { self.after(right, range, rank + 1)? } else { low };
        Ok(Some((low, after)))
    }

    /// The word of `rank`, the least of `right` if that is within the range and else the least above.
    fn after(&self, right: &[u64], range: Range, rank: u64) -> Result<u64> {
        if rank < range.below + range.within {
            return Ok(right.iter().copied().min().unwrap_or(range.low));
        }
        let least = self.ctx.map(self.units.len(), |i| {
            let mut least = u64::MAX;
            visit(&self.units[i], |words| {
                for word in words {
                    least = least.min(if *word > range.high { *word } else { u64::MAX });
                }
            })?;
            Ok(least)
        })?;
        Ok(least.into_iter().min().unwrap_or(u64::MAX))
    }

    /// The range that a sample points to, and the greatest of all words.
    fn guess(&self, rank: u64) -> Result<(Range, u64)> {
        let step = self.units.len().div_ceil(256).max(1);
        let chosen: Vec<&ArrayRef> = self.units.iter().step_by(step).collect();
        let each = SAMPLE.div_ceil(chosen.len());
        let samples = self.ctx.map(chosen.len(), |i| {
            let array = chosen[i];
            let mut words = Vec::new();
            let stride = (array.len() / each).max(1);
            let rows = arrow_array::UInt32Array::from_iter_values((0..array.len() as u32).step_by(stride));
            let sample = arrow_select::take::take(array.as_ref(), &rows, None)?;
            visit(&sample, |part| words.extend_from_slice(part))?;
            Ok(words)
        })?;
        let mut sample = samples.concat();
        sample.sort_unstable();
        let (low, high) = if sample.is_empty() {
            (0, u64::MAX)
        } else {
            let n = sample.len() as f64;
            let share = rank as f64 / self.count as f64;
            // Six standard deviations to either side.
            let spread = 6.0 * (share * (1.0 - share) * n).sqrt() + 2.0;
            let place = share * n;
            let last = sample.len() - 1;
            let (from, to) = (place - spread, place + spread);
            let low = if from < 0.0 { 0 } else { sample[(from as usize).min(last)] };
            let high = if to > n - 1.0 { u64::MAX } else { sample[to as usize] };
            (low, high)
        };
        let counts = self.ctx.map(self.units.len(), |i| {
            let (mut below, mut upto, mut greatest) = (0, 0, 0);
            visit(&self.units[i], |words| {
                for word in words {
                    below += u64::from(*word < low);
                    upto += u64::from(*word <= high);
                    greatest = greatest.max(*word);
                }
            })?;
            Ok((below, upto, greatest))
        })?;
        let greatest = counts.iter().map(|c| c.2).max().unwrap_or(0);
        let below: u64 = counts.iter().map(|c| c.0).sum();
        let upto: u64 = counts.iter().map(|c| c.1).sum();
        let range = if rank < below {
            Range { low: 0, high: low - 1, below: 0, within: below }
        } else if rank < upto {
            Range { low, high, below, within: upto - below }
        } else {
            Range { low: high + 1, high: u64::MAX, below: upto, within: self.count - upto }
        };
        Ok((range, greatest))
    }

    /// The part of the range that holds the wanted value: one of some thousand of equal width.
    fn narrow(&self, range: Range, rank: u64) -> Result<Range> {
        let width = range.high - range.low;
        let shift = (64 - width.leading_zeros()).saturating_sub(RANGES);
        let counts = self.ctx.map(self.units.len(), |i| {
            let mut counts = vec![0u32; 1 << RANGES];
            visit(&self.units[i], |words| {
                for word in words {
                    let place = word.wrapping_sub(range.low);
                    if place <= width {
                        counts[(place >> shift) as usize] += 1;
                    }
                }
            })?;
            Ok(counts)
        })?;
        let mut below = range.below;
        for i in 0..1usize << RANGES {
            let within: u64 = counts.iter().map(|counts| u64::from(counts[i])).sum();
            if rank < below + within {
                let low = range.low + ((i as u64) << shift);
                let high = range.high.min(low.saturating_add((1 << shift) - 1));
                return Ok(Range { low, high, below, within });
            }
            below += within;
        }
        Err(Error::internal("a quantile lost its range"))
    }
}

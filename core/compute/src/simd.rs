//! The vector instructions of the machine, found once, and loops compiled for each of their generations.

use std::sync::OnceLock;

use arrow_buffer::{BooleanBuffer, Buffer};
use bytemuck::Pod;
use pulp::{Arch, Simd, WithSimd};

use crate::scratch::Scratch;

/// A generation of vector instructions. All levels give the same bits; [`Level::best`] is the fastest here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Level(Arch);

impl Level {
    /// The best that this machine has; looked for once.
    #[inline]
    pub(crate) fn best() -> Self {
        static BEST: OnceLock<Level> = OnceLock::new();
        #[cfg(test)]
        if let Some(level) = tests::FORCED.get() {
            return level;
        }
        *BEST.get_or_init(|| Self(Arch::new()))
    }

    /// The instructions of AVX-512, where this level has them.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    pub(crate) fn avx512(self) -> Option<pulp::x86::V4> {
        match self.0 {
            Arch::V4(simd) => Some(simd),
            _ => None,
        }
    }

    /// What every machine of this architecture has.
    #[cfg(test)]
    pub(crate) fn portable() -> Self {
        Self(Arch::Scalar)
    }

    /// All levels of this machine, so that a test can compare them.
    #[cfg(test)]
    pub(crate) fn all() -> Vec<Self> {
        let mut all = vec![Self::portable()];
        #[cfg(target_arch = "x86_64")]
        all.extend(pulp::x86::V3::try_new().map(|v3| Self(Arch::V3(v3))));
        all.push(Self(Arch::new()));
        all
    }

    /// Runs `body` compiled for this level: its loops become vector loops of that generation, as far as all that it
    /// calls is inlined. Write it as `level.run(#[inline(always)] || …)`.
    ///
    /// `FnMut`, since `FnOnce` is called by way of a function of its own, which the compiler need not inline: then the
    /// loops are those of every machine.
    #[inline(always)]
    pub(crate) fn run<R>(self, body: impl FnMut() -> R) -> R {
        self.with(Body(body))
    }

    /// Runs `operation` with the vectors of this level.
    #[inline(always)]
    pub(crate) fn with<O: WithSimd>(self, operation: O) -> O::Output {
        self.0.dispatch(operation)
    }
}

/// What [`Level::run`] runs.
struct Body<F>(F);

impl<R, F: FnMut() -> R> WithSimd for Body<F> {
    type Output = R;

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) -> R {
        (self.0)()
    }
}

/// A bit per row of whether `test` holds.
#[inline(always)]
pub(crate) fn test<A: Copy>(level: Level, a: &[A], test: impl Fn(A) -> bool + Copy) -> BooleanBuffer {
    let words = level.run(
        #[inline(always)]
        move || {
            let (chunks, rest) = a.as_chunks::<64>();
            let mut words = Vec::with_capacity(chunks.len() + 1);
            // A loop of its own: an iterator's would call from a function that need not be inlined here.
            for chunk in chunks {
                words.push(word(
                    #[inline(always)]
                    |i| test(chunk[i]),
                ));
            }
            if !rest.is_empty() {
                words.push(rest.iter().enumerate().fold(0, |w, (i, &a)| w | u64::from(test(a)) << i));
            }
            words
        },
    );
    bits(words, a.len())
}

/// A bit per row of whether `test` holds of both sides' values, which are as many.
#[inline(always)]
pub(crate) fn test2<A: Copy, B: Copy>(
    level: Level,
    a: &[A],
    b: &[B],
    test: impl Fn(A, B) -> bool + Copy,
) -> BooleanBuffer {
    let words = level.run(
        #[inline(always)]
        move || {
            let ((left, left_rest), (right, right_rest)) = (a.as_chunks::<64>(), b.as_chunks::<64>());
            let mut words = Vec::with_capacity(left.len() + 1);
            for (a, b) in left.iter().zip(right) {
                words.push(word(
                    #[inline(always)]
                    |i| test(a[i], b[i]),
                ));
            }
            if !left_rest.is_empty() {
                let rest = left_rest.iter().zip(right_rest).enumerate();
                words.push(rest.fold(0, |w, (i, (&a, &b))| w | u64::from(test(a, b)) << i));
            }
            words
        },
    );
    bits(words, a.len())
}

/// The word of 64 bits.
#[inline(always)]
pub(crate) fn word(bit: impl Fn(usize) -> bool) -> u64 {
    let mut word = 0;
    for i in 0..64 {
        word |= u64::from(bit(i)) << i;
    }
    word
}

/// A bit per row, 64 at a time: `bit(i)` of rows `0..rows`.
#[inline(always)]
pub(crate) fn pack(rows: usize, bit: impl Fn(usize) -> bool) -> BooleanBuffer {
    let mut words = Vec::with_capacity(rows.div_ceil(64));
    words.extend((0..rows / 64).map(|k| word(|i| bit(k * 64 + i))));
    if !rows.is_multiple_of(64) {
        let start = rows / 64 * 64;
        words.push((start..rows).fold(0, |w, i| w | u64::from(bit(i)) << (i - start)));
    }
    bits(words, rows)
}

/// The bitmap whose words these are.
pub(crate) fn bits(words: Vec<u64>, rows: usize) -> BooleanBuffer {
    BooleanBuffer::new(Buffer::from_vec(words), 0, rows)
}

/// A value per row, or one for all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Side<'a, T> {
    /// A value per row.
    Rows(&'a [T]),
    /// The same for all rows.
    One(T),
}

impl<T: Copy> Side<'_, T> {
    /// The value in row `i`, which exists.
    #[inline(always)]
    pub(crate) fn at(&self, i: usize) -> T {
        match self {
            Side::Rows(rows) => rows[i],
            Side::One(value) => *value,
        }
    }
}

/// `f` of each row, and the OR of the flags that it gives. Both sides have `rows` rows.
#[inline(always)]
pub(crate) fn map2<A: Copy, B: Copy, R: Pod, F: Copy + Default + std::ops::BitOr<Output = F>>(
    level: Level,
    a: Side<'_, A>,
    b: Side<'_, B>,
    rows: usize,
    f: impl Fn(A, B) -> (R, F) + Copy,
) -> (Scratch<R>, F) {
    match (a, b) {
        (Side::Rows(a), Side::Rows(b)) => level.run(
            #[inline(always)]
            move || {
                collect(
                    a.iter().zip(b),
                    #[inline(always)]
                    |(&a, &b)| f(a, b),
                )
            },
        ),
        (Side::Rows(a), Side::One(b)) => level.run(
            #[inline(always)]
            move || {
                collect(
                    a.iter(),
                    #[inline(always)]
                    |&a| f(a, b),
                )
            },
        ),
        (Side::One(a), Side::Rows(b)) => level.run(
            #[inline(always)]
            move || {
                collect(
                    b.iter(),
                    #[inline(always)]
                    |&b| f(a, b),
                )
            },
        ),
        (Side::One(a), Side::One(b)) => {
            let (value, flag) = f(a, b);
            (vec![value; rows].into(), flag)
        }
    }
}

/// `f` of each row.
#[inline(always)]
pub(crate) fn map<A: Copy, R: Pod>(level: Level, a: &[A], f: impl Fn(A) -> R + Copy) -> Scratch<R> {
    level.run(
        #[inline(always)]
        move || {
            let (out, _) = collect(
                a.iter(),
                #[inline(always)]
                |&a| (f(a), false),
            );
            out
        },
    )
}

/// `f` of each row, and the OR of the flags that it gives.
#[inline(always)]
pub(crate) fn map_flag<A: Copy, R: Pod, F: Copy + Default + std::ops::BitOr<Output = F>>(
    level: Level,
    a: &[A],
    f: impl Fn(A) -> (R, F) + Copy,
) -> (Scratch<R>, F) {
    level.run(
        #[inline(always)]
        move || {
            collect(
                a.iter(),
                #[inline(always)]
                |&a| f(a),
            )
        },
    )
}

#[inline(always)]
fn collect<I: ExactSizeIterator, R: Pod, F: Copy + Default + std::ops::BitOr<Output = F>>(
    rows: I,
    f: impl Fn(I::Item) -> (R, F),
) -> (Scratch<R>, F) {
    let mut out = Scratch::new(rows.len());
    let mut flags = F::default();
    for (slot, row) in out.iter_mut().zip(rows) {
        let (value, flag) = f(row);
        *slot = value;
        flags = flags | flag;
    }
    (out, flags)
}

#[cfg(test)]
mod tests;

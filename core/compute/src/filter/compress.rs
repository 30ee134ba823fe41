//! Values under a mask, side by side.

use bytemuck::Pod;
use pulp::Simd;
use pulp::WithSimd;

use crate::simd::Level;

/// A value that can be compressed.
pub(crate) trait Lane: Pod + Send + Sync {
    /// Compresses 64 values with AVX-512 into `out`, which has room for all that are selected; how many were written.
    #[cfg(target_arch = "x86_64")]
    fn compress(simd: pulp::x86::V4, values: &[Self; 64], mask: u64, out: &mut [Self]) -> usize;
}

/// Writes the values whose bit in `mask` is set to `out`, which is as long as they are many. Bits past the values are zero.
pub(crate) fn compress<T: Lane>(values: &[T], mask: &[u64], out: &mut [T]) {
    let level = Level::best();
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = level.avx512() {
        return simd.vectorize(Avx512 { simd, values, mask, out });
    }
    level.with(Portable { values, mask, out });
}

struct Portable<'a, T> {
    values: &'a [T],
    mask: &'a [u64],
    out: &'a mut [T],
}

impl<T: Lane> WithSimd for Portable<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let (values, rest) = self.values.as_chunks::<64>();
        let mut at = 0;
        for (values, &mask) in values.iter().zip(self.mask) {
            at += sixty_four(values, mask, &mut self.out[at..]);
        }
        if let Some(&mask) = self.mask.get(values.len()) {
            one_by_one(rest, mask, &mut self.out[at..]);
        }
    }
}

/// Above this many of 64 rows a step per row is quicker than one per selected row that waits for the one before.
const SPARSE: u32 = 20;

/// Up to this many of 64 rows single steps are quicker than vectors.
#[cfg(target_arch = "x86_64")]
const FEW: u32 = 3;

#[inline(always)]
fn sixty_four<T: Lane>(values: &[T; 64], mask: u64, out: &mut [T]) -> usize {
    let count = mask.count_ones();
    if count == 64 {
        out[..64].copy_from_slice(values);
        return 64;
    }
    if count <= SPARSE {
        return one_by_one(values, mask, out);
    }
    let mut kept = [T::zeroed(); 64];
    let mut at = 0;
    for (i, value) in values.iter().enumerate() {
        kept[at & 63] = *value;
        at += (mask >> i & 1) as usize;
    }
    out[..at].copy_from_slice(&kept[..at]);
    at
}

#[inline(always)]
fn one_by_one<T: Lane>(values: &[T], mut mask: u64, out: &mut [T]) -> usize {
    let count = mask.count_ones() as usize;
    for out in &mut out[..count] {
        *out = values[mask.trailing_zeros() as usize];
        mask &= mask - 1;
    }
    count
}

#[cfg(target_arch = "x86_64")]
struct Avx512<'a, T> {
    simd: pulp::x86::V4,
    values: &'a [T],
    mask: &'a [u64],
    out: &'a mut [T],
}

#[cfg(target_arch = "x86_64")]
impl<T: Lane> pulp::NullaryFnOnce for Avx512<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let (values, rest) = self.values.as_chunks::<64>();
        let mut at = 0;
        for (values, &mask) in values.iter().zip(self.mask) {
            at += match mask {
                0 => 0,
                u64::MAX => {
                    self.out[at..at + 64].copy_from_slice(values);
                    64
                }
                few if few.count_ones() <= FEW => one_by_one(values, few, &mut self.out[at..]),
                _ => T::compress(self.simd, values, mask, &mut self.out[at..]),
            };
        }
        if let Some(&mask) = self.mask.get(values.len()) {
            one_by_one(rest, mask, &mut self.out[at..]);
        }
    }
}

/// Writes the low `count` of the lanes; all of them where there is room, as what follows overwrites the rest.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn store<T: Lane, const N: usize>(lanes: [T; N], count: usize, out: &mut [T]) {
    match out.first_chunk_mut::<N>() {
        Some(out) => *out = lanes,
        None => out[..count].copy_from_slice(&lanes[..count]),
    }
}

macro_rules! lane {
    ($type:ty, $lanes:literal, |$simd:ident, $mask:ident, $values:ident| $compress:expr) => {
        impl Lane for $type {
            #[cfg(target_arch = "x86_64")]
            #[inline(always)]
            fn compress($simd: pulp::x86::V4, values: &[Self; 64], mask: u64, out: &mut [Self]) -> usize {
                let mut at = 0;
                let (groups, _) = values.as_chunks::<$lanes>();
                for (i, group) in groups.iter().enumerate() {
                    let bits = (mask >> ($lanes * i)) & ((1 << $lanes) - 1);
                    let count = bits.count_ones() as usize;
                    let ($mask, $values) = (bits as _, *group);
                    let lanes: [Self; $lanes] = $compress;
                    store(lanes, count, &mut out[at..]);
                    at += count;
                }
                at
            }
        }
    };
}

lane!(u64, 8, |simd, mask, values| pulp::cast(simd.avx512f._mm512_maskz_compress_epi64(mask, pulp::cast(values))));
lane!(u32, 16, |simd, mask, values| pulp::cast(simd.avx512f._mm512_maskz_compress_epi32(mask, pulp::cast(values))));
// Narrow values are widened, as compressing them takes AVX-512 VBMI2.
lane!(u16, 16, |simd, mask, values| {
    let wide = simd.avx512f._mm512_cvtepu16_epi32(pulp::cast(values));
    pulp::cast(simd.avx512f._mm512_cvtepi32_epi16(simd.avx512f._mm512_maskz_compress_epi32(mask, wide)))
});
lane!(u8, 16, |simd, mask, values| {
    let wide = simd.avx512f._mm512_cvtepu8_epi32(pulp::cast(values));
    pulp::cast(simd.avx512f._mm512_cvtepi32_epi8(simd.avx512f._mm512_maskz_compress_epi32(mask, wide)))
});

/// Wide values gain nothing from vectors.
macro_rules! wide {
    ($type:ty) => {
        impl Lane for $type {
            #[cfg(target_arch = "x86_64")]
            #[inline(always)]
            fn compress(_: pulp::x86::V4, values: &[Self; 64], mask: u64, out: &mut [Self]) -> usize {
                one_by_one(values, mask, out)
            }
        }
    };
}

wide!([u64; 2]);
wide!([u64; 4]);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn naive<T: Lane>(values: &[T], mask: &[u64]) -> Vec<T> {
        (0..values.len()).filter(|i| mask[i / 64] >> (i % 64) & 1 == 1).map(|i| values[i]).collect()
    }

    fn check<T: Lane + PartialEq + std::fmt::Debug>(values: &[T], mask: &[u64]) {
        let want = naive(values, mask);
        let out = || vec![T::zeroed(); want.len()];
        let mut got = out();
        compress(values, mask, &mut got);
        assert_eq!(got, want);
        let mut got = out();
        Portable { values, mask, out: &mut got }.with_simd(pulp::Scalar::new());
        assert_eq!(got, want);
        let mut got = out();
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            Simd::vectorize(simd, Portable { values, mask, out: &mut got });
            assert_eq!(got, want);
        }
    }

    proptest! {
        #[test]
        fn all_paths_keep_the_same_values(
            mut mask in prop::collection::vec(prop_oneof![any::<u64>(), Just(0), Just(u64::MAX), (0u32..64).prop_map(|s| 1 << s)], 0..12),
            tail in 0usize..64,
            seed: u64,
        ) {
            let rows = (64 * mask.len()).saturating_sub(tail);
            if let Some(last) = mask.last_mut() {
                *last &= u64::MAX >> tail;
            }
            let of = |i: usize| (i as u64).wrapping_mul(seed | 1);
            check(&(0..rows).map(|i| of(i) as u8).collect::<Vec<_>>(), &mask);
            check(&(0..rows).map(|i| of(i) as u16).collect::<Vec<_>>(), &mask);
            check(&(0..rows).map(|i| of(i) as u32).collect::<Vec<_>>(), &mask);
            check(&(0..rows).map(of).collect::<Vec<_>>(), &mask);
            check(&(0..rows).map(|i| [of(i), 3]).collect::<Vec<_>>(), &mask);
            check(&(0..rows).map(|i| [of(i), 1, 2, 3]).collect::<Vec<_>>(), &mask);
        }
    }
}

//! How an input damages a file: a list of small changes at places that the input names, and runs of its own bytes.

use std::ops::Range;

/// The rest of an input.
pub struct Edits<'a>(&'a [u8]);

impl<'a> Edits<'a> {
    /// What `bytes` say.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// A choice; the first where the input has ended.
    pub fn choice(&mut self, of: usize) -> usize {
        self.byte().map_or(0, |byte| usize::from(byte) % of.max(1))
    }

    /// All that is left.
    pub fn rest(self) -> &'a [u8] {
        self.0
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn short(&mut self) -> Option<usize> {
        let (first, rest) = self.0.split_first_chunk::<2>()?;
        self.0 = rest;
        Some(usize::from(u16::from_le_bytes(*first)))
    }

    /// Puts a few bytes of the input in the place of some of `bytes`.
    pub fn splice(&mut self, bytes: &mut Vec<u8>) -> Option<()> {
        let at = self.short()? % bytes.len().max(1);
        let end = (at + usize::from(self.byte()? % 32)).min(bytes.len());
        let len = usize::from(self.byte()? % 32).min(self.0.len());
        let (run, rest) = self.0.split_at(len);
        bytes.splice(at..end, run.iter().copied());
        self.0 = rest;
        Some(())
    }

    /// Changes `file` within `regions`. Tells whether it is another then.
    pub fn apply(mut self, file: &mut [u8], regions: &[Range<usize>]) -> bool {
        let before = file.to_vec();
        while self.one(file, regions).is_some() {}
        before != file
    }

    fn one(&mut self, file: &mut [u8], regions: &[Range<usize>]) -> Option<()> {
        let how = self.byte()?;
        let region = regions.get(usize::from(self.byte()?) % regions.len().max(1))?.clone();
        let at = region.start + self.short()? % region.len().max(1);
        match how % 4 {
            0 => *file.get_mut(at)? = self.byte()?,
            1 => *file.get_mut(at)? ^= 1 << (self.byte()? % 8),
            // A run of the input's bytes, which may pass the end of the region but not of all of them.
            2 => {
                let len = usize::from(self.byte()?).min(self.0.len());
                let end = regions.iter().map(|region| region.end).max()?.min(at + len);
                let (run, rest) = self.0.split_at(end.saturating_sub(at));
                file.get_mut(at..end)?.copy_from_slice(run);
                self.0 = rest;
            }
            // Bytes of another place of the file.
            _ => {
                let from = self.short()? % file.len();
                let len = usize::from(self.byte()? % 64).min(file.len() - from).min(region.end - at);
                file.copy_within(from..from + len, at);
            }
        }
        Some(())
    }
}

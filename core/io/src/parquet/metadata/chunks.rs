//! The column chunks of a row group, one after the other.

use std::borrow::Cow;
use std::fs::File;
use std::ops::Range;

use pf_base::{Context, Result};

use crate::parquet::chunk::Chunk;
use crate::parquet::footer::Footer;
use crate::parquet::thrift::Walker;

/// The bytes of neighbouring column chunks of one row group.
pub(super) struct Run<'a> {
    bytes: Cow<'a, [u8]>,
    leaves: Range<usize>,
}

impl<'a> Run<'a> {
    /// The runs of the chunks of `leaves` (ascending) in row group `group`; neighbours are read together.
    pub(super) fn read(
        footer: &'a Footer,
        file: Option<&File>,
        group: usize,
        leaves: &[usize],
        ctx: &Context,
    ) -> Result<Vec<Self>> {
        let run = |run: &[usize]| {
            let leaves = run.first().map_or(0..0, |first| *first..*first + run.len());
            Ok(Self { bytes: footer.chunk_bytes(file, group, leaves.clone(), ctx)?, leaves })
        };
        leaves.chunk_by(|a, b| a + 1 == *b).map(run).collect()
    }

    /// Calls `f` with each leaf and its chunk, in order.
    pub(super) fn each<'b>(&'b self, footer: &Footer, mut f: impl FnMut(usize, Chunk<'b>) -> Result<()>) -> Result<()> {
        let mut walker = Walker::new(&self.bytes);
        for leaf in self.leaves.clone() {
            f(leaf, Chunk::read(&mut walker).map_err(|fault| footer.damaged(fault))?)?;
        }
        Ok(())
    }
}

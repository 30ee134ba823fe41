//! What a scan does, in words.

use std::fmt::Write;
use std::sync::atomic::Ordering;

use pf_base::{Error, Result};

use super::Scan;
use super::file::{DataSource, Pruned};

/// Columns that are named, at most.
const NAMED: usize = 20;

/// Files that are opened at a time.
const FILES: usize = 64;

impl Scan {
    /// The plan in words: what is read of which files, and what pruning leaves out. Opens all files that partitions
    /// leave, and prunes them; decodes nothing. Where readers of this scan (or of its clones) have run, it says how much
    /// they read, tested and returned.
    ///
    /// # Errors
    /// As the reader's.
    pub fn explain(&self) -> Result<String> {
        let (plan, ctx) = (&self.plan, &self.context);
        let mut pruned = Pruned::default();
        for (round, files) in plan.files.chunks(FILES).enumerate() {
            ctx.advance((round * FILES) as f64 / plan.files.len() as f64);
            let read = ctx.map(files.len(), |i| Ok(DataSource::open(plan, files[i], &self.tally.read, ctx)?.1))?;
            read.iter().for_each(|file| pruned += file);
        }
        ctx.advance(1.0);
        self.text(&pruned).map_err(|_| Error::internal("text cannot be written"))
    }

    fn text(&self, pruned: &Pruned) -> Result<String, std::fmt::Error> {
        let plan = &self.plan;
        let mut out = String::new();
        let all = plan.dataset.files.len();
        writeln!(out, "scan of {} Parquet file{}", all, if all == 1 { "" } else { "s" })?;
        let names: Vec<String> = plan.schema.fields().iter().take(NAMED).map(|field| field.name().clone()).collect();
        let more = plan.schema.fields().len().saturating_sub(NAMED);
        let more = if more > 0 { format!(", … {more} more") } else { String::new() };
        writeln!(
            out,
            "  columns: {} of {}: {}{more}",
            plan.schema.fields().len(),
            plan.dataset.schema.fields().len(),
            names.join(", ")
        )?;
        if let Some(predicate) = &plan.predicate {
            writeln!(out, "  filter: {}", predicate.texts.join("\n      AND "))?;
        }
        if let Some(limit) = plan.limit {
            writeln!(out, "  limit: {limit}")?;
        }
        let left = all - plan.files.len();
        writeln!(out, "  files: {} of {all} opened, {left} left out by partitions", plan.files.len())?;
        let counts = &pruned.counts;
        writeln!(out, "  row groups: {} of {} left", pruned.groups_left, pruned.groups)?;
        if plan.predicate.is_some() {
            writeln!(
                out,
                "    left out: {} by statistics, {} by dictionaries, {} by bloom filters, {} by the page index",
                counts.by_statistics, counts.by_dictionary, counts.by_bloom_filter, counts.by_page_index
            )?;
            writeln!(out, "    all rows match in {}", counts.matching)?;
            writeln!(out, "  pages of the filter's columns: {} of {} left out", counts.pages_skipped, counts.pages)?;
        }
        writeln!(out, "  rows: {} of {} left", pruned.rows_left, pruned.rows)?;
        writeln!(out, "  bytes of column chunks: {} of {} left", pruned.bytes_left, pruned.bytes)?;
        let tally = &self.tally;
        let load = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
        let (read, tested, returned) = (load(&tally.read), load(&tally.tested), load(&tally.returned));
        if read + tested + returned > 0 {
            writeln!(out, "  so far: {read} bytes read, {tested} rows tested, {returned} rows returned")?;
        }
        Ok(out)
    }
}

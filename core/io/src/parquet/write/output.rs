//! Which file rows go to: the only one, or the next of their folder.

use std::fs::File;
use std::path::Path;

use arrow_array::RecordBatch;
use pf_base::{Context, Error, Result};

use super::atomic::{Staged, sync_folder};
use super::file::{Format, WrittenFile};
use super::options::Settings;
use super::rounds::Rounds;

/// The files of a call, by folder.
pub(super) struct Output<'a> {
    rounds: Rounds<'a>,
    staged: &'a Staged,
    /// The file, where only one is written.
    single: Option<File>,
    file_rows: u64,
    folders: Vec<Folder>,
}

#[derive(Default)]
struct Folder {
    /// How many files were begun.
    begun: usize,
    /// The one that takes rows, and how many it has.
    current: Option<(usize, u64)>,
}

impl<'a> Output<'a> {
    /// Files of `format`: the one that is open, or those of the folder that is staged.
    pub(super) fn new(
        staged: &'a Staged,
        single: Option<File>,
        format: &'a Format,
        settings: &Settings<'_>,
        ctx: &'a Context,
    ) -> Self {
        let rounds = Rounds::new(format, settings.group_rows, settings.group_bytes, settings.folder(), ctx);
        Self { rounds, staged, single, file_rows: settings.file_rows.unwrap_or(u64::MAX), folders: Vec::new() }
    }

    /// Appends rows to the folder of this number and name.
    pub(super) fn push(&mut self, folder: usize, name: &str, batch: &RecordBatch) -> Result<()> {
        let mut start = 0;
        while start < batch.num_rows() {
            let (file, rows) = self.current(folder, name)?;
            let room = usize::try_from(self.file_rows - rows).unwrap_or(usize::MAX);
            let taken = room.min(batch.num_rows() - start);
            self.rounds.push(file, &batch.slice(start, taken))?;
            start += taken;
            let rows = rows + taken as u64;
            self.folders[folder].current = (rows < self.file_rows).then_some((file, rows));
            if rows == self.file_rows {
                self.rounds.end(file);
            }
        }
        Ok(())
    }

    /// The file of a folder that takes rows, and how many it has.
    fn current(&mut self, folder: usize, name: &str) -> Result<(usize, u64)> {
        if self.folders.len() <= folder {
            self.folders.resize_with(folder + 1, Folder::default);
        }
        let Folder { begun, current } = &mut self.folders[folder];
        if let Some(current) = current {
            return Ok(*current);
        }
        let file = match self.single.take() {
            Some(open) => {
                let (path, shown) = (self.staged.temporary().to_owned(), self.staged.target().to_owned());
                self.rounds.start(path, shown, Some(open))?
            }
            None => {
                let name = Path::new(name).join(format!("part-{begun}.parquet"));
                let (path, shown) = (self.staged.temporary().join(&name), self.staged.target().join(&name));
                let parent = path.parent().unwrap_or(&path);
                std::fs::create_dir_all(parent)
                    .map_err(|e| Error::io(format!("{}: its folder cannot be made: {e}", shown.display())))?;
                self.rounds.start(path, shown, None)?
            }
        };
        *begun += 1;
        *current = Some((file, 0));
        Ok((file, 0))
    }

    /// Whether no row has come.
    pub(super) fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }

    /// Ends all files; where no row has come, an empty one is written.
    pub(super) fn finish(mut self) -> Result<Vec<WrittenFile>> {
        if self.is_empty() {
            self.current(0, "")?;
        }
        self.rounds.finish()
    }
}

/// Waits until files, and the folders they are in, are on the disk.
pub(super) fn sync(staged: &Staged, files: &[WrittenFile], ctx: &Context) -> Result<()> {
    let within = |file: &WrittenFile| match file.path.strip_prefix(staged.target()) {
        Ok(name) if !name.as_os_str().is_empty() => staged.temporary().join(name),
        _ => staged.temporary().to_owned(),
    };
    ctx.map(files.len(), |number| {
        let synced = File::open(within(&files[number])).and_then(|file| file.sync_all());
        synced.map_err(|e| Error::from_io(files[number].path.display(), &e))
    })?;
    if !staged.is_folder() {
        return Ok(());
    }
    let mut folders: Vec<_> = files
        .iter()
        .flat_map(|file| {
            let file = within(file);
            let above = file.ancestors().skip(1).take_while(|folder| folder.starts_with(staged.temporary()));
            above.map(Path::to_owned).collect::<Vec<_>>()
        })
        .collect();
    folders.sort();
    folders.dedup();
    ctx.map(folders.len(), |number| sync_folder(&folders[number]))?;
    Ok(())
}

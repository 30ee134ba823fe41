//! What the footers of Parquet files say, as Arrow tables.

mod chunks;
mod names;
mod pages;
mod rows;
mod statistics;
mod summary;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;
use pf_base::registry::{Column, Kernel, Kind as OptionKind, Literal, Param};
use pf_base::{Context, Error, Options, Reservation, Result};

use super::footer::Footer;
use super::statistics::Leaf;
use crate::files;
use names::Wanted;

/// The registry row of [`metadata`].
pub static PARQUET_METADATA: Kernel = Kernel {
    family: "io",
    name: "parquet_metadata",
    function: "pf_parquet_metadata",
    summary: "What the footers of a Parquet file, folder or glob say, without their data.",
    citation: "",
    params: &[
        Param {
            name: "paths",
            kind: OptionKind::StrList,
            default: None,
            doc: "Further files, folders and globs, after the first path.",
        },
        Param {
            name: "kind",
            kind: OptionKind::Str,
            default: Some(Literal::Str("files")),
            doc: "What the rows are: counts or files (one per file; counts has fewer columns and costs next to nothing), \
                  schema (one per leaf column), row_groups, columns (one per column chunk), statistics (one per row group, \
                  typed), pages, key_value.",
        },
        Param {
            name: "columns",
            kind: OptionKind::StrList,
            default: None,
            doc: "For schema, columns, statistics and pages: these columns alone (a nested one stands for all below it); all by \
                  default.",
        },
        Param {
            name: "aggregate",
            kind: OptionKind::Bool,
            default: Some(Literal::Bool(false)),
            doc: "For statistics: one row per column over all files and row groups, with minimum and maximum as text.",
        },
    ],
    columns: &[
        Column { name: "path", kind: "utf8", doc: "The file." },
        Column { name: "num_rows", kind: "int64", doc: "Rows." },
        Column { name: "num_row_groups", kind: "int64", doc: "Row groups." },
        Column { name: "num_columns", kind: "int64", doc: "Leaf columns." },
        Column { name: "file_size", kind: "int64", doc: "Bytes of the file." },
        Column { name: "metadata_size", kind: "int64", doc: "Bytes of the footer." },
        Column { name: "version", kind: "int32", doc: "Version of the format: 1 or 2." },
        Column { name: "created_by", kind: "utf8", doc: "The writer; null where the file does not say." },
        Column { name: "key_value", kind: "map<utf8, utf8>", doc: "Key-value metadata, in the file's order." },
    ],
};

/// Files whose footers are held at one time.
const FILES: usize = 256;

/// Files whose footers are read by one piece of work. Where neighbours have the same columns, those are decoded once.
const NEIGHBOURS: usize = 16;

/// Column chunks of one piece of work.
const CHUNKS: usize = 8192;

/// Bytes that a row of a table takes, about.
const ROW: u64 = 256;

/// What the rows of a table are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counts,
    Files,
    Schema,
    RowGroups,
    Columns,
    Statistics,
    Summary,
    Pages,
    KeyValue,
}

impl Kind {
    fn named(name: &str, aggregate: bool) -> Result<Self> {
        let kind = match name {
            "counts" => Self::Counts,
            "files" => Self::Files,
            "schema" => Self::Schema,
            "row_groups" => Self::RowGroups,
            "columns" => Self::Columns,
            "statistics" if aggregate => Self::Summary,
            "statistics" => Self::Statistics,
            "pages" => Self::Pages,
            "key_value" => Self::KeyValue,
            _ => {
                return Err(Error::invalid_argument(format!(
                    "kind '{name}' is unknown; it is one of: counts, files, schema, row_groups, columns, statistics, pages, \
                     key_value"
                )));
            }
        };
        if aggregate && kind != Self::Summary {
            return Err(Error::invalid_argument(format!("aggregate is for kind 'statistics', not '{name}'")));
        }
        Ok(kind)
    }

    /// Whether rows speak of columns, so that a file's columns must be known.
    fn of_columns(self) -> bool {
        matches!(self, Self::Schema | Self::Columns | Self::Statistics | Self::Summary | Self::Pages)
    }

    /// Rows of this table, about, or what costs as much.
    fn rows(self, source: &Source) -> u64 {
        let (groups, leaves) = (source.footer.num_row_groups() as u64, source.wanted.len() as u64);
        match self {
            Self::Counts | Self::Files | Self::KeyValue => 1,
            Self::Schema | Self::Summary => leaves,
            Self::RowGroups => groups,
            Self::Columns | Self::Statistics | Self::Pages => groups * leaves,
        }
    }
}

/// A file, with its columns where they matter.
struct Source {
    /// The path as text.
    path: String,
    footer: Arc<Footer>,
    leaves: Arc<Vec<Leaf>>,
    /// Positions of the wanted columns in `leaves`, ascending.
    wanted: Vec<usize>,
}

/// Row groups of one file.
type Part<'a> = (&'a Source, Range<usize>);

/// What the footers of `path` (a file, a folder, a glob) say: the table of [`PARQUET_METADATA`]'s option `kind`.
///
/// Rows come in the order of files, then of row groups, then of columns, for any number of threads. What a file does not
/// say is null, as is a minimum or maximum that cannot be believed: one of a type whose values have no order, in an order
/// that the file does not name, or that is NaN. Floats may hold NaN whatever their bounds are.
///
/// The table of kind `statistics` has `path`, `row_group` and `num_rows`, and for each column `x` of the first 256 files
/// `x.null_count`, `x.distinct_count`, `x.min` and `x.max` in the column's Arrow type (the values' type for dictionaries),
/// `x.min_exact` and `x.max_exact`, all null for files that do not have the column.
///
/// # Errors
/// [`Code::NotFound`](pf_base::Code::NotFound), [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for an unknown
/// option, kind, or column that no file has, [`Code::Corrupt`](pf_base::Code::Corrupt) and
/// [`Code::Unsupported`](pf_base::Code::Unsupported) with the file's path,
/// [`Code::Type`](pf_base::Code::Type) where typed statistics of a column have another type in another file,
/// [`Code::OutOfMemory`](pf_base::Code::OutOfMemory), [`Code::Cancelled`](pf_base::Code::Cancelled).
pub fn metadata(path: &str, options: &Options, ctx: &Context) -> Result<RecordBatch> {
    let mut batches = metadata_batches(&[path], options, ctx)?;
    match batches.as_slice() {
        [_] => batches.pop().ok_or_else(|| Error::internal("a table without batches")),
        [first, ..] => {
            let bytes: usize = batches.iter().map(RecordBatch::get_array_memory_size).sum();
            let _reserved = ctx.memory().reserve(bytes as u64, "Parquet metadata")?;
            Ok(concat_batches(&first.schema(), &batches)?)
        }
        [] => Err(Error::internal("a table without batches")),
    }
}

/// The same of a list of files, folders and globs, in batches, at least one.
///
/// # Errors
/// As [`metadata`].
pub fn metadata_batches<S: AsRef<str>>(paths: &[S], options: &Options, ctx: &Context) -> Result<Vec<RecordBatch>> {
    let options = options.bind(&PARQUET_METADATA)?;
    let kind = Kind::named(options.opt_str("kind").unwrap_or("files"), options.bool("aggregate")?)?;
    let columns = options.opt_str_list("columns");
    if columns.is_some() && !kind.of_columns() {
        return Err(Error::invalid_argument("columns is for kinds 'schema', 'columns', 'statistics' and 'pages'"));
    }
    let further = options.opt_str_list("paths").unwrap_or_default();
    let paths: Vec<&str> = paths.iter().map(AsRef::as_ref).chain(further.iter().map(String::as_str)).collect();
    let files = files::find(&paths, super::EXTENSIONS, ctx)?.into_iter().map(|file| file.path);
    tables(&files.collect::<Vec<_>>(), kind, columns, ctx)
}

/// The tables of the files, in their order.
fn tables(files: &[PathBuf], kind: Kind, columns: Option<&[String]>, ctx: &Context) -> Result<Vec<RecordBatch>> {
    let mut wanted = Wanted::new(columns);
    let mut typed = statistics::Typed::default();
    let mut summary = summary::Summary::default();
    let mut batches = Vec::new();
    let mut reserved: Vec<Reservation> = Vec::new();
    let done = Done { files: AtomicUsize::new(0), all: files.len() };
    for (window, files) in files.chunks(FILES).enumerate() {
        let sources = sources(files, kind, columns, &done, ctx)?;
        // The columns of typed statistics are set by the first of the files.
        if window == 0 || kind != Kind::Statistics {
            sources.iter().for_each(|source| wanted.seen(source));
        }
        let rows: u64 = sources.iter().map(|source| kind.rows(source)).sum();
        reserved.push(ctx.memory().reserve(rows * ROW, "Parquet metadata")?);
        match kind {
            Kind::Statistics => batches.extend(typed.tables(&sources, ctx)?),
            Kind::Summary => summary.add(&sources, ctx)?,
            _ => {
                let pieces = pieces(&sources, kind);
                batches.extend(
                    ctx.map(pieces.len(), |i| rows::table(kind, pieces.get(i).map_or(&[], Vec::as_slice), ctx))?,
                );
            }
        }
    }
    wanted.check()?;
    match kind {
        Kind::Summary => batches.push(summary.table()?),
        _ if batches.is_empty() => batches.push(rows::table(kind, &[], ctx)?),
        _ => {}
    }
    Ok(batches)
}

/// How many files are done.
struct Done {
    files: AtomicUsize,
    all: usize,
}

impl Done {
    /// So many more are.
    fn add(&self, files: usize, ctx: &Context) {
        let done = self.files.fetch_add(files, Ordering::Relaxed) + files;
        ctx.advance(done as f64 / self.all.max(1) as f64);
    }
}

/// The footers of the files and, where they matter, their columns.
fn sources(
    files: &[PathBuf],
    kind: Kind,
    columns: Option<&[String]>,
    done: &Done,
    ctx: &Context,
) -> Result<Vec<Source>> {
    let pieces: Vec<&[PathBuf]> = files.chunks(NEIGHBOURS).collect();
    let sources = ctx.map(pieces.len(), |i| {
        let mut sources: Vec<Source> = Vec::new();
        for path in pieces.get(i).copied().unwrap_or_default() {
            ctx.check()?;
            let footer = Footer::read(path, ctx)?;
            let (leaves, wanted) = match sources.last() {
                _ if !kind.of_columns() => Default::default(),
                Some(last) if last.footer.same_columns(&footer, ctx)? => (last.leaves.clone(), last.wanted.clone()),
                _ => {
                    let leaves = Leaf::all(&footer, ctx)?;
                    let wanted = names::positions(columns, &leaves);
                    (Arc::new(leaves), wanted)
                }
            };
            sources.push(Source { path: path.display().to_string(), footer, leaves, wanted });
        }
        done.add(sources.len(), ctx);
        Ok(sources)
    })?;
    Ok(sources.into_iter().flatten().collect())
}

/// The row groups of the files in pieces of like size; a file without row groups is a part, too.
fn pieces(sources: &[Source], kind: Kind) -> Vec<Vec<Part<'_>>> {
    let mut pieces: Vec<Vec<Part<'_>>> = Vec::new();
    let mut room = 0;
    for source in sources {
        let groups = source.footer.num_row_groups();
        let cost = if kind.of_columns() { source.wanted.len().max(1) } else { 1 };
        let per_group = matches!(kind, Kind::Columns | Kind::Pages | Kind::RowGroups);
        let mut next = 0;
        loop {
            if room == 0 {
                pieces.push(Vec::new());
                room = CHUNKS;
            }
            let end = if per_group { groups.min(next + room.div_ceil(cost)) } else { groups };
            let taken = if per_group { (end - next).max(1) * cost } else { cost };
            room = room.saturating_sub(taken);
            if let Some(piece) = pieces.last_mut() {
                piece.push((source, next..end));
            }
            next = end;
            if next >= groups {
                break;
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests;

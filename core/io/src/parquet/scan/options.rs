//! The options of a scan.

use pf_base::registry::{Kernel, Kind, Literal, Param};
use pf_base::{Bound, Error, Result};
use pf_compute_core::Settings;

use super::types::Types;
use crate::dataset::{DatasetOptions, Hive, Schemas, partition_types};
use crate::parquet::prune::Switches;

const fn text(name: &'static str, default: Option<&'static str>, doc: &'static str) -> Param {
    let default = match default {
        Some(text) => Some(Literal::Str(text)),
        None => None,
    };
    Param { name, kind: Kind::Str, default, doc }
}

const fn list(name: &'static str, doc: &'static str) -> Param {
    Param { name, kind: Kind::StrList, default: None, doc }
}

const fn flag(name: &'static str, default: bool, doc: &'static str) -> Param {
    Param { name, kind: Kind::Bool, default: Some(Literal::Bool(default)), doc }
}

/// The registry row of the scan.
pub static PARQUET_READ: Kernel = Kernel {
    family: "io",
    name: "parquet_read",
    function: "pf_parquet_read",
    summary: "Rows and columns of Parquet files, folders and globs as a stream of record batches.",
    citation: "",
    params: &[
        list("paths", "Further files, folders and globs, read after the first path."),
        list(
            "columns",
            "Columns to read, in this order; all by default. \"a.b\" is the field b of the struct a, which then has \
             the fields asked for alone.",
        ),
        text("filter", None, "A condition in SQL: only rows for which it is true are read; all by default."),
        Param { name: "limit", kind: Kind::I64, default: None, doc: "Only so many rows, the first; all by default." },
        list("row_groups", "Numbers of row groups, from 0: only these of each file are read, in its order."),
        Param {
            name: "batch_size",
            kind: Kind::I64,
            default: Some(Literal::I64(65_536)),
            doc: "The most rows of a batch, at least 1.",
        },
        text(
            "schema",
            Some("first"),
            "\"first\": the columns are those of the first file; \"union\": of all files, in types that hold them all.",
        ),
        text(
            "hive",
            Some("auto"),
            "Folders named key=value are columns: \"auto\" below the path that was given, \"on\" all of them, \"off\" none.",
        ),
        list("partition_types", "Types of partition columns, as \"year=int16\"; others are inferred."),
        text("file_path", None, "The name of a column with the path of each row's file."),
        text("row_number", None, "The name of a column with each row's number in its file, from 0."),
        text(
            "dictionaries",
            Some("auto"),
            "\"keep\": columns of text are dictionaries; \"values\": none is; \"auto\": as the file's Arrow schema says.",
        ),
        flag("string_views", false, "Text and bytes as views (utf8_view, binary_view)."),
        text("int96", Some("ns"), "The unit of INT96 timestamps: \"s\", \"ms\", \"us\" or \"ns\"."),
        flag("use_statistics", true, "Leave out row groups by their statistics."),
        flag("use_dictionaries", true, "Leave out row groups by the dictionaries of their columns."),
        flag("use_bloom_filters", true, "Leave out row groups by their bloom filters."),
        flag("use_page_index", true, "Leave out pages by the page index."),
    ],
    columns: &[],
};

/// The options of a scan.
#[derive(Clone, Debug)]
pub(crate) struct ScanOptions {
    pub(crate) columns: Option<Vec<String>>,
    pub(crate) filter: Option<String>,
    pub(crate) limit: Option<u64>,
    pub(crate) row_groups: Option<Vec<usize>>,
    pub(crate) batch_size: usize,
    pub(crate) dataset: DatasetOptions,
    pub(crate) types: Types,
    pub(crate) settings: Settings,
    pub(crate) switches: Switches,
}

impl ScanOptions {
    /// What the options of a call say.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) that names the option.
    pub(crate) fn new(options: &Bound<'_>) -> Result<Self> {
        let batch_size = usize::try_from(options.i64("batch_size")?).ok().filter(|n| *n > 0);
        let limit = match options.opt_i64("limit") {
            Some(limit) => {
                Some(u64::try_from(limit).map_err(|_| Error::invalid_argument("limit must not be negative"))?)
            }
            None => None,
        };
        Ok(Self {
            columns: options.opt_str_list("columns").map(<[String]>::to_vec),
            filter: options.opt_str("filter").map(str::to_owned),
            limit,
            row_groups: options.opt_str_list("row_groups").map(row_groups).transpose()?,
            batch_size: batch_size.ok_or_else(|| Error::invalid_argument("batch_size must be at least 1"))?,
            dataset: DatasetOptions {
                schema: Schemas::from_name(options.str("schema")?)?,
                hive: Hive::from_name(options.str("hive")?)?,
                partition_types: partition_types(options.opt_str_list("partition_types").unwrap_or_default())?,
                file_path: options.opt_str("file_path").map(str::to_owned),
                row_number: options.opt_str("row_number").map(str::to_owned),
            },
            types: Types::from_options(options)?,
            settings: Settings::default(),
            switches: Switches {
                statistics: options.bool("use_statistics")?,
                dictionary: options.bool("use_dictionaries")?,
                bloom: options.bool("use_bloom_filters")?,
                page_index: options.bool("use_page_index")?,
            },
        })
    }
}

/// The numbers, each once, in their order.
fn row_groups(texts: &[String]) -> Result<Vec<usize>> {
    let number = |text: &String| {
        let number = text.trim().parse();
        number.map_err(|_| Error::invalid_argument(format!("row_groups must be numbers from 0, not '{text}'")))
    };
    let mut numbers = texts.iter().map(number).collect::<Result<Vec<usize>>>()?;
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

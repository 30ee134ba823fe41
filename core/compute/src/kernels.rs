//! The registry rows of what hosts call with tables, and the options that several of them take.

use pf_base::registry::{Column, Kernel, Kind, Literal, Param};
use pf_base::{Bound, Result};

use crate::Settings;

const OVERFLOW: Param = Param {
    name: "overflow",
    kind: Kind::Str,
    default: Some(Literal::Str("error")),
    doc: "Integer overflow and division by zero: \"error\", \"null\", or \"wrap\" (two's complement).",
};
const NAN: Param = Param {
    name: "nan",
    kind: Kind::Str,
    default: Some(Literal::Str("keep")),
    doc: "NaN in columns: \"keep\", or \"null\" to take it for missing.",
};
const RESULT: Param = Param {
    name: "result",
    kind: Kind::Str,
    default: Some(Literal::Str("rows")),
    doc: "\"rows\", or \"index\": one column \"index\" (uint64) with the positions of the rows, from 0.",
};
const COLUMNS: Param = Param {
    name: "columns",
    kind: Kind::StrList,
    default: None,
    doc: "The columns that count and come back, in this order; all by default.",
};

/// The registry row of expressions evaluated over a table.
pub static EVALUATE: Kernel = Kernel {
    family: "compute",
    name: "evaluate",
    function: "pf_compute_evaluate",
    summary: "Columns that expressions give, a row for every row.",
    citation: "",
    params: &[OVERFLOW, NAN],
    columns: &[],
};

/// The registry row of the filter.
pub static FILTER: Kernel = Kernel {
    family: "compute",
    name: "filter",
    function: "pf_compute_filter",
    summary: "The rows for which a condition is true, in their order.",
    citation: "",
    params: &[
        Param {
            name: "columns",
            kind: Kind::StrList,
            default: None,
            doc: "The columns that come back, in this order; all by default.",
        },
        OVERFLOW,
        NAN,
    ],
    columns: &[],
};

/// The registry row of the aggregation to one row.
pub static AGGREGATE: Kernel = Kernel {
    family: "compute",
    name: "aggregate",
    function: "pf_compute_aggregate",
    summary: "Aggregates of all rows, as a table of one row.",
    citation: "",
    params: &[
        Param {
            name: "where",
            kind: Kind::Str,
            default: None,
            doc: "A condition: only the rows for which it is true count; all by default.",
        },
        OVERFLOW,
        NAN,
    ],
    columns: &[],
};

/// The registry row of [`sort`](crate::sort()).
pub static SORT: Kernel = Kernel {
    family: "compute",
    name: "sort",
    function: "pf_compute_sort",
    summary: "The rows in the order of keys; equal rows keep their order.",
    citation: "",
    params: &[
        Param { name: "limit", kind: Kind::I64, default: None, doc: "Only so many rows, the first; all by default." },
        RESULT,
        OVERFLOW,
        NAN,
    ],
    columns: &[],
};

/// The registry row of [`take_rows`](crate::take_rows).
pub static TAKE: Kernel = Kernel {
    family: "compute",
    name: "take",
    function: "pf_compute_take",
    summary: "The rows at positions, in the order of these.",
    citation: "",
    params: &[],
    columns: &[],
};

/// The registry row of [`unique_rows`](crate::unique_rows).
pub static UNIQUE: Kernel = Kernel {
    family: "compute",
    name: "unique",
    function: "pf_compute_unique",
    summary: "The rows that differ, each once, in the order in which they first appear.",
    citation: "",
    params: &[COLUMNS, RESULT],
    columns: &[],
};

/// The registry row of [`value_counts`](crate::value_counts).
pub static VALUE_COUNTS: Kernel = Kernel {
    family: "compute",
    name: "value_counts",
    function: "pf_compute_value_counts",
    summary: "The rows that differ, with how often each appears, the most frequent first.",
    citation: "",
    params: &[
        COLUMNS,
        Param {
            name: "sort",
            kind: Kind::Bool,
            default: Some(Literal::Bool(true)),
            doc: "False leaves the rows in the order in which they first appear.",
        },
        Param { name: "limit", kind: Kind::I64, default: None, doc: "Only so many rows, the first; all by default." },
    ],
    columns: &[Column {
        name: "count",
        kind: "int64",
        doc: "How often the row appears; the last column, after those of the table.",
    }],
};

/// The kernels of this crate.
pub static KERNELS: &[&Kernel] = &[&EVALUATE, &FILTER, &AGGREGATE, &SORT, &TAKE, &UNIQUE, &VALUE_COUNTS];

impl Settings {
    /// The settings that options of a call give.
    ///
    /// # Errors
    /// As [`from_names`](Self::from_names).
    pub fn from_options(options: &Bound<'_>) -> Result<Self> {
        Self::from_names(options.str("overflow")?, options.str("nan")?)
    }
}

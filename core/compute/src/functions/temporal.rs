//! Dates, times, timestamps, durations and intervals.
//!
//! Years are those of ISO 8601: there is a year 0, before 1. Timestamps with a zone are cut, taken apart and written in
//! its local time.

mod arithmetic;
mod extract;
mod place;
#[cfg(test)]
mod tests;
mod text;
mod ticks;
mod truncate;
mod unit;

#[allow(unused_imports, reason = "the operators of arithmetic call it")]
pub(crate) use arithmetic::{TemporalOp, temporal_arithmetic, temporal_binding};
use pf_base::Result;

use crate::{Argument, Binding, Call, Function, Implementation, Parameter, ScalarKernel, Settings};

const FORMAT: Parameter = Parameter::option("format", "string", "NULL");
const UNIT: Parameter = Parameter::literal("unit", "string");

/// The common parts of a row of this family.
const fn row(
    name: &'static str,
    parameters: &'static [Parameter],
    bind: fn(&[Argument], Settings) -> Result<Binding>,
    implementation: fn(&Call<'_>) -> Result<ScalarKernel>,
    doc: &'static str,
    examples: &'static [(&'static str, &'static str)],
) -> Function {
    Function {
        name,
        aliases: &[],
        family: "temporal",
        syntax: "",
        parameters,
        doc,
        examples,
        bind,
        implementation: Implementation::Scalar(implementation),
    }
}

/// The functions of this family.
pub(crate) static FUNCTIONS: &[Function] = &[
    Function {
        aliases: &["date_part"],
        syntax: "EXTRACT(unit FROM x)",
        ..row(
            "extract",
            &[UNIT, Parameter::new("x", "date, time, timestamp, duration or interval")],
            extract::bind,
            extract::extract,
            "A part of a date or time, as int64, in local time where it has a zone: year, quarter, month, week (ISO, 1 to \
             53), isoyear (the year of that week), day, hour, minute, second (whole), millisecond, microsecond, nanosecond \
             (each of the whole minute, seconds included), dow (Sunday 0), isodow (Monday 1), doy, decade, century, \
             millennium; epoch is the seconds since 1970-01-01T00:00:00 (UTC where there is a zone) as float64. Of a \
             duration the days, and what is left in hours and below; of an interval its parts, as they are.",
            &[
                ("EXTRACT(year FROM DATE '2024-02-29')", "2024"),
                ("EXTRACT(week FROM DATE '2021-01-03')", "53"),
                ("EXTRACT(millisecond FROM TIMESTAMP '2024-01-01 10:20:30.5')", "30500"),
                ("EXTRACT(dow FROM DATE '2024-03-03')", "0"),
                ("EXTRACT(epoch FROM DATE '1970-01-02')", "CAST(86400 AS float64)"),
            ],
        )
    },
    row(
        "date_trunc",
        &[UNIT, Parameter::new("x", "date, time, timestamp or duration")],
        truncate::bind,
        truncate::truncate,
        "The start of the unit that `x` lies in, of the type of `x`, in local time where it has a zone: microsecond, \
         millisecond, second, minute, hour, day, week (from Monday), month, quarter, year, decade, century, millennium. A \
         duration is cut toward zero. A start before the first value of the type is an error.",
        &[
            ("date_trunc('month', DATE '2024-02-29')", "DATE '2024-02-01'"),
            ("date_trunc('hour', TIMESTAMP '2024-01-01 10:20:30')", "TIMESTAMP '2024-01-01 10:00:00'"),
            ("date_trunc('week', DATE '2024-03-03')", "DATE '2024-02-26'"),
        ],
    ),
    row(
        "to_timestamp",
        &[Parameter::new("x", "string or number"), FORMAT],
        text::bind_to_timestamp,
        text::to_timestamp,
        "A timestamp in microseconds from text of the format, in the specifiers of strftime; what the format leaves out is \
         the least. Where it has an offset (%z) the result is in UTC, with that zone. Without a format the text is ISO \
         8601, and an offset in it is taken into account, but the result has no zone. A number is seconds since \
         1970-01-01. Fractions beyond microseconds are cut off. Text that does not match is an error.",
        &[
            ("to_timestamp('2024-01-31T10:20:30.5')", "TIMESTAMP '2024-01-31 10:20:30.5'"),
            ("to_timestamp('31.01.2024 10:20', '%d.%m.%Y %H:%M')", "TIMESTAMP '2024-01-31 10:20:00'"),
            ("to_timestamp(86400)", "TIMESTAMP '1970-01-02 00:00:00'"),
        ],
    ),
    row(
        "to_date",
        &[Parameter::new("x", "string, date or timestamp"), FORMAT],
        text::bind_to_date,
        text::to_date,
        "A date32 from text, in the specifiers of strftime or else ISO 8601, or the day of a timestamp in its local time. \
         Text that does not match is an error.",
        &[("to_date('2024-01-31')", "DATE '2024-01-31'"), ("to_date('31/01/24', '%d/%m/%y')", "DATE '2024-01-31'")],
    ),
    row(
        "strftime",
        &[Parameter::new("x", "date, time or timestamp"), Parameter::literal("format", "string")],
        text::bind_strftime,
        text::strftime,
        "The date or time as text. The format has the specifiers of Rust's chrono: %Y %m %d %H %M %S %f %j %a %b %z %Z and \
         more; %f gives nine digits, %6f six. One that it has not, or that asks for what the type has not, is an error, as is a year beyond 262,000.",
        &[
            ("strftime(DATE '2024-01-31', '%d.%m.%Y')", "'31.01.2024'"),
            ("strftime(TIMESTAMP '2024-01-31 10:20:30', '%H:%M')", "'10:20'"),
        ],
    ),
    Function {
        syntax: "x AT TIME ZONE zone",
        ..row(
            "at_time_zone",
            &[Parameter::new("x", "timestamp"), Parameter::literal("zone", "string")],
            place::bind_at_time_zone,
            place::at_time_zone,
            "A timestamp without a zone is taken as local time of the zone, and becomes the instant with that zone; one with \
             a zone becomes the local time of the given zone, without one. The zone is a name of the IANA database or an \
             offset as '+02:00'. A local time that does not exist moves forward by as much as the clocks did; of one that \
             comes twice it is the earlier.",
            &[(
                "strftime(TIMESTAMP '2024-07-01 12:00:00' AT TIME ZONE 'Europe/Berlin' AT TIME ZONE 'UTC', '%H:%M')",
                "'10:00'",
            )],
        )
    },
    row(
        "make_date",
        &[Parameter::new("year", "integer"), Parameter::new("month", "integer"), Parameter::new("day", "integer")],
        place::bind_make_date,
        place::make_date,
        "The date32 of a year, month and day; an error where there is no such day.",
        &[("make_date(2024, 2, 29)", "DATE '2024-02-29'")],
    ),
];

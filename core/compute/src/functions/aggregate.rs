//! Aggregates: all rows to one value.

mod approx_count_distinct;
mod approx_quantile;
mod byte_set;
mod count;
mod count_distinct;
mod covariance;
mod exact;
mod extremes;
mod interpolation;
mod moments;
mod product;
mod quantile;
mod rows;
mod squares;
mod sum;
pub(crate) mod summary;
mod wide;
mod word_set;
mod words;

use arrow_schema::DataType;
use pf_base::Result;

use crate::types::{Class, class, is_number, is_ordered, refuse, value_type};
use crate::{Argument, Binding, Function, Implementation, Parameter, Settings};

const X: Parameter = Parameter::new("x", "number");
const Y: Parameter = Parameter::new("y", "number");
const MEASURE: Parameter = Parameter::new("x", "number, date, time, timestamp or duration");
const ANY: Parameter = Parameter::new("x", "any");
const ORDERED: Parameter = Parameter::new("x", "anything with an order");
const DDOF: Parameter = Parameter::option("ddof", "integer", "1");

/// The functions of this family.
pub(crate) static FUNCTIONS: &[Function] = &[
    Function {
        name: "sum",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[Parameter::new("x", "number, bool or duration")],
        doc: "The sum of all rows that are not null; null if there are none. Integers and booleans give int64 or \
              uint64, decimals decimal128(38, s), floats float64, durations a duration. Only a final value that does \
              not fit is an overflow. Floats add up without rounding and are rounded once, so that the result does \
              not depend on the order of rows; NaN and infinities as in any addition.",
        examples: &[("sum(3)", "3"), ("sum(NULL)", "NULL")],
        bind: bind_sum,
        implementation: Implementation::Aggregate(sum::sum),
    },
    Function {
        name: "mean",
        aliases: &["avg"],
        family: "aggregate",
        syntax: "",
        parameters: &[Parameter::new("x", "number, bool, duration or timestamp")],
        doc: "The arithmetic mean of all rows that are not null; null if there are none. Numbers give float64, \
              durations and timestamps their own type, rounded down to its unit. The sum below it is exact.",
        examples: &[("mean(3)", "3.0"), ("avg(1.5)", "1.5")],
        bind: bind_mean,
        implementation: Implementation::Aggregate(sum::mean),
    },
    Function {
        name: "min",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[ORDERED],
        doc: "The least value; null if there is none. Strings and bytes compare byte by byte, false is less than true, \
              -0.0 less than 0.0. NaN counts only if there is nothing else.",
        examples: &[("min(3)", "3"), ("min('b')", "'b'")],
        bind: bind_ordered,
        implementation: Implementation::Aggregate(extremes::min),
    },
    Function {
        name: "max",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[ORDERED],
        doc: "The greatest value; null if there is none. Strings and bytes compare byte by byte, false is less than \
              true, -0.0 less than 0.0. NaN counts only if there is nothing else.",
        examples: &[("max(3)", "3"), ("max(TRUE)", "TRUE")],
        bind: bind_ordered,
        implementation: Implementation::Aggregate(extremes::max),
    },
    Function {
        name: "var",
        aliases: &["var_samp", "variance"],
        family: "aggregate",
        syntax: "",
        parameters: &[X, DDOF],
        doc: "The variance: the sum of squared distances from the mean divided by the number of rows less `ddof`; null \
              with no more than `ddof` rows that are not null. NaN and infinities give NaN. The sums below it are \
              exact, so that the result does not depend on the order of rows.",
        examples: &[("var(3)", "NULL"), ("var(3, ddof => 0)", "0.0")],
        bind: bind_float,
        implementation: Implementation::Aggregate(moments::variance),
    },
    Function {
        name: "var_pop",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[X],
        doc: "The variance of a whole population: `var` with `ddof` 0.",
        examples: &[("var_pop(3)", "0.0")],
        bind: bind_float,
        implementation: Implementation::Aggregate(moments::variance),
    },
    Function {
        name: "std",
        aliases: &["stddev", "stddev_samp"],
        family: "aggregate",
        syntax: "",
        parameters: &[X, DDOF],
        doc: "The standard deviation: the square root of `var`.",
        examples: &[("std(3)", "NULL"), ("stddev(3, ddof => 0)", "0.0")],
        bind: bind_float,
        implementation: Implementation::Aggregate(moments::deviation),
    },
    Function {
        name: "std_pop",
        aliases: &["stddev_pop"],
        family: "aggregate",
        syntax: "",
        parameters: &[X],
        doc: "The standard deviation of a whole population: `std` with `ddof` 0.",
        examples: &[("std_pop(3)", "0.0")],
        bind: bind_float,
        implementation: Implementation::Aggregate(moments::deviation),
    },
    Function {
        name: "skew",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[X],
        doc: "The skewness, corrected for bias as pandas does; null with fewer than 3 rows that are not null, NaN \
              (0/0) if all are equal. NaN and infinities give NaN.",
        examples: &[("skew(3)", "NULL")],
        bind: bind_float,
        implementation: Implementation::Aggregate(moments::skew),
    },
    Function {
        name: "kurtosis",
        aliases: &["kurt"],
        family: "aggregate",
        syntax: "",
        parameters: &[X],
        doc: "The excess kurtosis, corrected for bias as pandas does; null with fewer than 4 rows that are not null, NaN \
              (0/0) if all are equal. NaN and infinities give NaN.",
        examples: &[("kurtosis(3)", "NULL")],
        bind: bind_float,
        implementation: Implementation::Aggregate(moments::kurtosis),
    },
    Function {
        name: "count",
        aliases: &[],
        family: "aggregate",
        syntax: "count(x), count(*)",
        parameters: &[Parameter { default: Some("TRUE"), ..ANY }],
        doc: "The number of rows where `x` is not null; of all rows without an argument.",
        examples: &[("count(3)", "1"), ("count(NULL)", "0"), ("count(*)", "1")],
        bind: bind_count,
        implementation: Implementation::Aggregate(count::count),
    },
    Function {
        name: "count_null",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[ANY],
        doc: "The number of rows where `x` is null.",
        examples: &[("count_null(3)", "0"), ("count_null(NULL)", "1")],
        bind: bind_count,
        implementation: Implementation::Aggregate(count::count_null),
    },
    Function {
        name: "first",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[ANY],
        doc: "The value of the first row, be it null; null if there are no rows.",
        examples: &[("first(3)", "3")],
        bind: bind_any,
        implementation: Implementation::Aggregate(count::first),
    },
    Function {
        name: "last",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[ANY],
        doc: "The value of the last row, be it null; null if there are no rows.",
        examples: &[("last(3)", "3")],
        bind: bind_any,
        implementation: Implementation::Aggregate(count::last),
    },
    Function {
        name: "any",
        aliases: &["bool_or"],
        family: "aggregate",
        syntax: "",
        parameters: &[Parameter::new("x", "bool")],
        doc: "Whether `x` is true in any row; nulls are skipped, and without other rows the result is null.",
        examples: &[("any(TRUE)", "TRUE"), ("any(NULL)", "NULL")],
        bind: bind_truth,
        implementation: Implementation::Aggregate(extremes::max),
    },
    Function {
        name: "all",
        aliases: &["bool_and"],
        family: "aggregate",
        syntax: "",
        parameters: &[Parameter::new("x", "bool")],
        doc: "Whether `x` is true in all rows; nulls are skipped, and without other rows the result is null.",
        examples: &[("all(FALSE)", "FALSE"), ("all(NULL)", "NULL")],
        bind: bind_truth,
        implementation: Implementation::Aggregate(extremes::min),
    },
    Function {
        name: "product",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[Parameter::new("x", "number or bool")],
        doc: "The product of all rows that are not null; null if there are none. Integers and booleans give int64 or \
              uint64, other numbers float64. Only a final value that does not fit is an overflow.",
        examples: &[("product(3)", "3"), ("product(NULL)", "NULL")],
        bind: bind_product,
        implementation: Implementation::Aggregate(product::product),
    },
    Function {
        name: "covar",
        aliases: &["covar_samp"],
        family: "aggregate",
        syntax: "",
        parameters: &[X, Y, DDOF],
        doc: "The covariance of the rows where neither is null, divided by their number less `ddof`; null with no more \
              than `ddof` such rows. NaN and infinities give NaN. The sums below it are exact.",
        examples: &[("covar(1, 2)", "NULL"), ("covar(1, 2, ddof => 0)", "0.0")],
        bind: bind_floats,
        implementation: Implementation::Aggregate(covariance::covariance),
    },
    Function {
        name: "covar_pop",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[X, Y],
        doc: "The covariance of a whole population: `covar` with `ddof` 0.",
        examples: &[("covar_pop(1, 2)", "0.0")],
        bind: bind_floats,
        implementation: Implementation::Aggregate(covariance::covariance),
    },
    Function {
        name: "corr",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[X, Y],
        doc: "Pearson's correlation of the rows where neither is null; null with fewer than 2 such rows, NaN where one \
              of the two does not vary or has NaN or infinities.",
        examples: &[("corr(1, 2)", "NULL")],
        bind: bind_floats,
        implementation: Implementation::Aggregate(covariance::correlation),
    },
    Function {
        name: "median",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[MEASURE],
        doc: "The median: the mean of the two middle values where the number of rows that are not null is even; null \
              without any. Numbers give float64, and NaN where there is one; dates, times, timestamps and durations \
              give their own type, rounded down to its unit.",
        examples: &[("median(3)", "3.0")],
        bind: bind_quantile,
        implementation: Implementation::Holistic(quantile::median),
    },
    Function {
        name: "quantile",
        aliases: &["percentile_cont"],
        family: "aggregate",
        syntax: "",
        parameters: &[
            MEASURE,
            Parameter::literal("q", "number from 0 to 1"),
            Parameter::option("interpolation", "'linear', 'lower', 'higher', 'nearest' or 'midpoint'", "'linear'"),
        ],
        doc: "The value below which a share `q` of the rows lies; null without rows that are not null. Where it falls \
              between two rows, `interpolation` says what it is, as in pandas. Types and NaN as `median`.",
        examples: &[("quantile(3, 0.1)", "3.0"), ("quantile(3, 1, interpolation => 'lower')", "3.0")],
        bind: bind_quantile,
        implementation: Implementation::Holistic(quantile::quantile),
    },
    Function {
        name: "approx_median",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[MEASURE],
        doc: "`approx_quantile` with `q` 0.5.",
        examples: &[("approx_median(3)", "3.0")],
        bind: bind_quantile,
        implementation: Implementation::Aggregate(approx_quantile::approx_median),
    },
    Function {
        name: "approx_quantile",
        aliases: &["approx_percentile"],
        family: "aggregate",
        syntax: "",
        parameters: &[MEASURE, Parameter::literal("q", "number from 0 to 1")],
        doc: "A value of the rows whose rank is near that of the quantile `q`, in less than a megabyte: of `n` rows it \
              is off by at most `n * log2(n / 4096) / 8192` (0.2 % of 10^8 rows), and exact up to 8191 rows. Types, \
              nulls and NaN as `median`; the same for any number of threads.",
        examples: &[("approx_quantile(3, 0.1)", "3.0")],
        bind: bind_quantile,
        implementation: Implementation::Aggregate(approx_quantile::approx_quantile),
    },
    Function {
        name: "count_distinct",
        aliases: &[],
        family: "aggregate",
        syntax: "count_distinct(x), count(DISTINCT x)",
        parameters: &[ANY],
        doc: "The number of different values that are not null. All NaN are one value, and so are -0.0 and 0.0.",
        examples: &[("count_distinct(3)", "1"), ("count_distinct(NULL)", "0")],
        bind: bind_count,
        implementation: Implementation::Holistic(count_distinct::count_distinct),
    },
    Function {
        name: "approx_count_distinct",
        aliases: &["approx_unique"],
        family: "aggregate",
        syntax: "",
        parameters: &[ANY],
        doc: "About the number of different values that are not null, in 16 KiB: the standard error is 0.8 %. The same \
              values give the same estimate on every machine.",
        examples: &[("approx_count_distinct(3)", "1"), ("approx_count_distinct(NULL)", "0")],
        bind: bind_values_count,
        implementation: Implementation::Aggregate(approx_count_distinct::approx_count_distinct),
    },
    Function {
        name: "mode",
        aliases: &[],
        family: "aggregate",
        syntax: "",
        parameters: &[ORDERED],
        doc: "The most frequent value that is not null, the least of several; null without any. All NaN are one value, \
              greater than all others, and so are -0.0 and 0.0.",
        examples: &[("mode(3)", "3"), ("mode(NULL)", "NULL")],
        bind: bind_ordered,
        implementation: Implementation::Holistic(count_distinct::mode),
    },
];

/// The type of the first argument, as it is computed.
fn first_type(arguments: &[Argument]) -> DataType {
    arguments.first().map_or(DataType::Null, |argument| value_type(&argument.data_type))
}

/// The binding of a function of one argument.
fn unary(argument: DataType, result: DataType) -> Result<Binding> {
    Ok(Binding { arguments: vec![argument], result })
}

fn bind_sum(arguments: &[Argument], _: Settings) -> Result<Binding> {
    match first_type(arguments) {
        DataType::Null | DataType::Boolean => unary(DataType::Int64, DataType::Int64),
        DataType::Decimal128(precision, scale) => {
            unary(DataType::Decimal128(precision, scale), DataType::Decimal128(38, scale))
        }
        DataType::Decimal256(_, scale) if scale <= 38 => {
            unary(DataType::Decimal128(38, scale), DataType::Decimal128(38, scale))
        }
        x @ DataType::Duration(_) => unary(x.clone(), x),
        x if x.is_floating() => unary(DataType::Float64, DataType::Float64),
        x if x.is_signed_integer() => unary(x, DataType::Int64),
        x if x.is_unsigned_integer() => unary(x, DataType::UInt64),
        _ => Err(refuse(arguments, "number, bool or duration")),
    }
}

fn bind_mean(arguments: &[Argument], _: Settings) -> Result<Binding> {
    match first_type(arguments) {
        DataType::Boolean => unary(DataType::Int64, DataType::Float64),
        x @ (DataType::Duration(_) | DataType::Timestamp(..)) => unary(x.clone(), x),
        DataType::Null | DataType::Decimal256(..) => unary(DataType::Float64, DataType::Float64),
        x @ DataType::Decimal128(..) => unary(x, DataType::Float64),
        x if x.is_floating() => unary(DataType::Float64, DataType::Float64),
        x if x.is_integer() => unary(x, DataType::Float64),
        _ => Err(refuse(arguments, "number, bool, duration or timestamp")),
    }
}

fn bind_ordered(arguments: &[Argument], _: Settings) -> Result<Binding> {
    match first_type(arguments) {
        x if is_ordered(&x) => unary(x.clone(), x),
        _ => Err(refuse(arguments, "anything with an order")),
    }
}

/// Numbers become float64; what follows is a literal integer.
fn bind_float(arguments: &[Argument], _: Settings) -> Result<Binding> {
    let x = first_type(arguments);
    if !is_number(&x) && x != DataType::Boolean && x != DataType::Null {
        return Err(refuse(arguments, "number"));
    }
    let mut types = vec![DataType::Int64; arguments.len()];
    types.iter_mut().take(1).for_each(|x| *x = DataType::Float64);
    Ok(Binding { arguments: types, result: DataType::Float64 })
}

/// Numbers become float64, in the first two arguments; what follows is a literal integer.
fn bind_floats(arguments: &[Argument], _: Settings) -> Result<Binding> {
    let number = |x: &Argument| matches!(class(&x.data_type), Class::Boolean | Class::Null) || is_number(&x.data_type);
    if !arguments.iter().take(2).all(number) {
        return Err(refuse(arguments, "numbers"));
    }
    let mut types = vec![DataType::Int64; arguments.len()];
    types.iter_mut().take(2).for_each(|x| *x = DataType::Float64);
    Ok(Binding { arguments: types, result: DataType::Float64 })
}

fn bind_product(arguments: &[Argument], _: Settings) -> Result<Binding> {
    match first_type(arguments) {
        DataType::Null | DataType::Boolean => unary(DataType::Int64, DataType::Int64),
        x if x.is_signed_integer() => unary(DataType::Int64, DataType::Int64),
        x if x.is_unsigned_integer() => unary(DataType::UInt64, DataType::UInt64),
        x if is_number(&x) => unary(DataType::Float64, DataType::Float64),
        _ => Err(refuse(arguments, "number or bool")),
    }
}

/// What is measured, then a literal number and a literal string.
fn bind_quantile(arguments: &[Argument], _: Settings) -> Result<Binding> {
    let x = first_type(arguments);
    let (x, result) = match class(&x) {
        Class::Null | Class::Decimal => (DataType::Float64, DataType::Float64),
        Class::Integer | Class::Float => (x, DataType::Float64),
        Class::Date | Class::Time | Class::Timestamp | Class::Duration => (x.clone(), x),
        _ => return Err(refuse(arguments, "number, date, time, timestamp or duration")),
    };
    let types = [x, DataType::Float64, DataType::Utf8];
    Ok(Binding { arguments: types.into_iter().take(arguments.len()).collect(), result })
}

fn bind_count(arguments: &[Argument], _: Settings) -> Result<Binding> {
    Ok(Binding { arguments: arguments.iter().map(|a| a.data_type.clone()).collect(), result: DataType::Int64 })
}

/// As their values, dictionaries too.
fn bind_values_count(arguments: &[Argument], _: Settings) -> Result<Binding> {
    unary(first_type(arguments), DataType::Int64)
}

fn bind_any(arguments: &[Argument], _: Settings) -> Result<Binding> {
    let x = arguments.first().map_or(DataType::Null, |a| a.data_type.clone());
    unary(x.clone(), x)
}

fn bind_truth(arguments: &[Argument], _: Settings) -> Result<Binding> {
    match class(&first_type(arguments)) {
        Class::Boolean | Class::Null => unary(DataType::Boolean, DataType::Boolean),
        _ => Err(refuse(arguments, "bool")),
    }
}

#[cfg(test)]
mod measure;
#[cfg(test)]
mod tests;

//! Text. Characters are Unicode code points; results have the layout of the first argument.

mod case;
mod cut;
mod search;
#[cfg(test)]
mod tests;

use arrow_array::ArrayRef;
use arrow_schema::DataType;
use pf_base::Result;

use crate::block::{self, Block};
use crate::types::{Accepts, always, bind, bind_strings, same_as};
use crate::{Argument, Binding, Call, Function, Implementation, Parameter, ScalarKernel, Settings, Value};

fn kernel(
    call: &Call<'_>,
    compute: impl Fn(&[Value], &Block, &DataType) -> Result<ArrayRef> + Send + Sync + 'static,
) -> ScalarKernel {
    block::kernel(call.result, compute)
}

const TEXT: Parameter = Parameter::new("text", "string");
const COUNT: Parameter = Parameter::new("n", "integer");
const PATTERN: Parameter = Parameter::new("pattern", "string");

/// An argument with a default that need not be a literal.
const fn optional(name: &'static str, accepts: &'static str, default: &'static str) -> Parameter {
    Parameter { name, accepts, default: Some(default), constant: false, repeats: false }
}

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
        family: "string",
        syntax: "",
        parameters,
        doc,
        examples,
        bind,
        implementation: Implementation::Scalar(implementation),
    }
}

fn text_to_text(arguments: &[Argument], _: Settings) -> Result<Binding> {
    bind(arguments, &[Accepts::String], &same_as(0))
}

fn text_to_boolean(arguments: &[Argument], _: Settings) -> Result<Binding> {
    bind(arguments, &[Accepts::String], &always(DataType::Boolean))
}

fn text_to_integer(arguments: &[Argument], _: Settings) -> Result<Binding> {
    bind(arguments, &[Accepts::String], &always(DataType::Int64))
}

fn bytes_to_integer(arguments: &[Argument], _: Settings) -> Result<Binding> {
    bind(arguments, &[Accepts::Bytes], &always(DataType::Int64))
}

fn text_and_integers(arguments: &[Argument], _: Settings) -> Result<Binding> {
    bind(arguments, &[Accepts::String, Accepts::Int64], &same_as(0))
}

fn two_texts_and_integer(arguments: &[Argument], _: Settings) -> Result<Binding> {
    bind(arguments, &[Accepts::String, Accepts::String, Accepts::Int64], &same_as(0))
}

fn text_integer_text(arguments: &[Argument], _: Settings) -> Result<Binding> {
    bind(arguments, &[Accepts::String, Accepts::Int64, Accepts::String], &same_as(0))
}

/// A literal `NULL` as the length is an absent length.
fn text_and_range(arguments: &[Argument], settings: Settings) -> Result<Binding> {
    let mut binding = text_and_integers(arguments, settings)?;
    if let ([_, _, length], [_, _, to]) = (arguments, binding.arguments.as_mut_slice())
        && length.data_type == DataType::Null
    {
        *to = DataType::Null;
    }
    Ok(binding)
}

/// Each argument keeps its layout; the result has the one that they have in common.
fn texts_to_common(arguments: &[Argument], _: Settings) -> Result<Binding> {
    let result = bind_strings(arguments)?.result;
    bind(arguments, &[Accepts::String], &always(result))
}

/// The functions of this family.
pub(crate) static FUNCTIONS: &[Function] = &[
    Function {
        aliases: &["lcase"],
        ..row(
            "lower",
            &[TEXT],
            text_to_text,
            case::lower,
            "The text in lower case, by the full case mapping of Unicode.",
            &[("lower('ÀBC')", "'àbc'")],
        )
    },
    Function {
        aliases: &["ucase"],
        ..row(
            "upper",
            &[TEXT],
            text_to_text,
            case::upper,
            "The text in upper case, by the full case mapping of Unicode: 'ß' becomes 'SS'.",
            &[("upper('straße')", "'STRASSE'")],
        )
    },
    Function {
        aliases: &["char_length", "character_length"],
        ..row(
            "length",
            &[TEXT],
            text_to_integer,
            case::length,
            "The number of characters, as int64.",
            &[("length('né')", "2"), ("length('')", "0")],
        )
    },
    row(
        "octet_length",
        &[Parameter::new("value", "string or binary")],
        bytes_to_integer,
        case::octet_length,
        "The number of bytes, of text in UTF-8, as int64.",
        &[("octet_length('né')", "3")],
    ),
    Function {
        aliases: &["substring"],
        ..row(
            "substr",
            &[TEXT, Parameter::new("start", "integer"), optional("length", "integer", "NULL")],
            text_and_range,
            cut::substr,
            "The characters from number `start` on, counted from 1: `length` of them, or all where it is the literal \
             NULL. Characters before the first count, though there are none: substr('abc', -1, 3) is 'a'. A negative \
             length is an error.",
            &[
                ("substr('parquet', 4)", "'quet'"),
                ("substr('parquet', 2, 3)", "'arq'"),
                ("substr('abc', -1, 3)", "'a'"),
            ],
        )
    },
    row(
        "left",
        &[TEXT, COUNT],
        text_and_integers,
        cut::left,
        "The first `n` characters; where `n` is negative, all but the last.",
        &[("left('abc', 2)", "'ab'"), ("left('abc', -1)", "'ab'")],
    ),
    row(
        "right",
        &[TEXT, COUNT],
        text_and_integers,
        cut::right,
        "The last `n` characters; where `n` is negative, all but the first.",
        &[("right('abc', 2)", "'bc'"), ("right('abc', -1)", "'bc'")],
    ),
    Function {
        aliases: &["btrim"],
        ..row(
            "trim",
            &[TEXT, optional("characters", "string", "' '")],
            text_to_text,
            cut::trim,
            "The text without any of these characters at its start and end.",
            &[("trim('  a b ')", "'a b'"), ("trim('xyaxy', 'yx')", "'a'")],
        )
    },
    row(
        "ltrim",
        &[TEXT, optional("characters", "string", "' '")],
        text_to_text,
        cut::ltrim,
        "The text without any of these characters at its start.",
        &[("ltrim('  a ')", "'a '")],
    ),
    row(
        "rtrim",
        &[TEXT, optional("characters", "string", "' '")],
        text_to_text,
        cut::rtrim,
        "The text without any of these characters at its end.",
        &[("rtrim(' a  ')", "' a'")],
    ),
    row(
        "replace",
        &[TEXT, Parameter::new("part", "string"), Parameter::new("other", "string")],
        text_to_text,
        search::replace,
        "The text with `other` in every place of `part`. An empty part has no place.",
        &[("replace('a-b-c', '-', '')", "'abc'"), ("replace('abc', '', 'x')", "'abc'")],
    ),
    row(
        "starts_with",
        &[TEXT, Parameter::new("start", "string")],
        text_to_boolean,
        search::starts_with,
        "Whether the text starts so.",
        &[("starts_with('parquet', 'par')", "TRUE")],
    ),
    row(
        "ends_with",
        &[TEXT, Parameter::new("end", "string")],
        text_to_boolean,
        search::ends_with,
        "Whether the text ends so.",
        &[("ends_with('parquet', 'par')", "FALSE")],
    ),
    row(
        "contains",
        &[TEXT, Parameter::new("part", "string")],
        text_to_boolean,
        search::contains,
        "Whether the text holds the part, which is plain text. Every text holds the empty one.",
        &[("contains('parquet', 'que')", "TRUE"), ("contains('a', '')", "TRUE")],
    ),
    row(
        "strpos",
        &[TEXT, Parameter::new("part", "string")],
        text_to_integer,
        search::strpos,
        "The number of the character, from 1, where the part first begins; 0 where the text does not hold it.",
        &[("strpos('héllo', 'l')", "3"), ("strpos('a', 'b')", "0"), ("POSITION('l' IN 'hello')", "3")],
    ),
    row(
        "split_part",
        &[TEXT, Parameter::new("delimiter", "string"), Parameter::new("n", "integer")],
        two_texts_and_integer,
        cut::split_part,
        "The `n`th of the parts between delimiters, from 1, or from -1 at the end; '' where there are fewer. An empty \
         delimiter leaves the text whole. 0 is an error.",
        &[
            ("split_part('a,b,c', ',', 2)", "'b'"),
            ("split_part('a,b,c', ',', -1)", "'c'"),
            ("split_part('a', ',', 2)", "''"),
        ],
    ),
    Function {
        syntax: "a || b",
        ..row(
            "concat",
            &[Parameter::many("text", "string")],
            texts_to_common,
            search::concat,
            "The texts one after the other; null where one is null.",
            &[("'a' || 'b'", "'ab'"), ("concat('a', 'b', 'c')", "'abc'"), ("'a' || NULL", "NULL")],
        )
    },
    Function {
        syntax: "text LIKE pattern [ESCAPE escape]",
        ..row(
            "like",
            &[TEXT, PATTERN, Parameter::option("escape", "string", "'\\'")],
            text_to_boolean,
            search::like,
            "Whether the whole text is like the pattern, in which % stands for any text and _ for one character. The \
             character after the escape stands for itself; an empty escape is none. A pattern that ends in its escape is \
             an error.",
            &[
                ("'parquet' LIKE 'p%q_et'", "TRUE"),
                ("'50%' LIKE '50!%' ESCAPE '!'", "TRUE"),
                ("'a' NOT LIKE 'b'", "TRUE"),
            ],
        )
    },
    Function {
        syntax: "text ILIKE pattern [ESCAPE escape]",
        ..row(
            "ilike",
            &[TEXT, PATTERN, Parameter::option("escape", "string", "'\\'")],
            text_to_boolean,
            search::ilike,
            "LIKE without regard to case, by the simple case folding of Unicode.",
            &[("'PARQUET' ILIKE 'par%'", "TRUE")],
        )
    },
    Function {
        syntax: "text ~ pattern",
        ..row(
            "regexp_like",
            &[TEXT, PATTERN],
            text_to_boolean,
            search::regexp_like,
            "Whether some part of the text matches the regular expression, in the syntax of Rust's regex crate: no \
             references back and no look around, so that the time is linear.",
            &[("regexp_like('x12', '[0-9]+$')", "TRUE"), ("'abc' ~ '^b'", "FALSE")],
        )
    },
    row(
        "regexp_replace",
        &[TEXT, PATTERN, Parameter::new("replacement", "string")],
        text_to_text,
        search::regexp_replace,
        "The text with the replacement in the place of every match of the regular expression. $1 or ${1} stands for the \
         first group, $name or ${name} for a named one, $$ for a dollar.",
        &[("regexp_replace('a1b22', '[0-9]+', '#')", "'a#b#'"), ("regexp_replace('ab', '(a)(b)', '$2$1')", "'ba'")],
    ),
    row(
        "regexp_extract",
        &[TEXT, PATTERN, optional("group", "integer", "0")],
        two_texts_and_integer,
        search::regexp_extract,
        "What the group of the regular expression holds at its first match, the whole match for 0; null where there is \
         no match or the group has no part in it. A group that the expression has not is an error.",
        &[("regexp_extract('x=12', '([a-z])=([0-9]+)', 2)", "'12'"), ("regexp_extract('a', 'b')", "NULL")],
    ),
    row(
        "reverse",
        &[TEXT],
        text_to_text,
        case::reverse,
        "The characters in reverse order.",
        &[("reverse('añb')", "'bña'")],
    ),
    row(
        "repeat",
        &[TEXT, COUNT],
        text_and_integers,
        cut::repeat,
        "The text `n` times, '' where `n` is not positive. A result beyond 2^31 - 1 bytes is an error.",
        &[("repeat('ab', 3)", "'ababab'"), ("repeat('ab', -1)", "''")],
    ),
    row(
        "lpad",
        &[TEXT, COUNT, optional("fill", "string", "' '")],
        text_integer_text,
        cut::lpad,
        "The text with so much of the repeated fill before it that it has `n` characters; its first `n` where it has \
         more. A result beyond 2^31 - 1 bytes is an error.",
        &[("lpad('7', 3, '0')", "'007'"), ("lpad('abc', 2)", "'ab'")],
    ),
    row(
        "rpad",
        &[TEXT, COUNT, optional("fill", "string", "' '")],
        text_integer_text,
        cut::rpad,
        "The text with so much of the repeated fill after it that it has `n` characters; its first `n` where it has \
         more. A result beyond 2^31 - 1 bytes is an error.",
        &[("rpad('7', 3, 'ab')", "'7ab'")],
    ),
];

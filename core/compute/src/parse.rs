//! Text of an expression to its tree.
//!
//! sqlparser's tokenizer cuts the text; the grammar is our own, over those tokens. sqlparser's grammar is that of whole
//! SQL: it reads much that the language has not, drops the places of most operators, needs kilobytes of stack for every
//! level and makes a tree that is as deep as a chain of `AND` is long. Ours keeps what waits on a stack of its own, so
//! that no text overflows the thread's, takes time in proportion to the text, and knows where everything stands.

mod data_type;
mod grammar;
mod literal;
pub(crate) mod temporal;
mod tokens;

use arrow_schema::DataType;
use pf_base::{Error, Result};
use sqlparser::keywords::Keyword;

use crate::{Expr, Named, SortKey};
use tokens::Tokens;

/// Texts are at most so many bytes long.
pub const MAX_TEXT: usize = 1 << 20;

/// Trees are at most so deep. `AND`, `OR` and lists count as one level however long they are.
pub const MAX_DEPTH: usize = 256;

/// Reads one expression.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) with line and column for what is no expression, a text
/// longer than [`MAX_TEXT`] or a tree deeper than [`MAX_DEPTH`]; [`Code::Unsupported`](pf_base::Code::Unsupported) for
/// SQL that the language has not.
pub fn parse(text: &str) -> Result<Expr> {
    let mut tokens = read(text)?;
    let expr = grammar::expression(&mut tokens)?;
    tokens.expect_end("an operator or the end of the text")?;
    Ok(expr)
}

/// Reads one expression, with a name for its result where `AS` follows.
///
/// # Errors
/// As [`parse`].
pub fn parse_named(text: &str) -> Result<Named> {
    let mut tokens = read(text)?;
    let expr = grammar::expression(&mut tokens)?;
    let name = if tokens.take_keyword(Keyword::AS) { Some(tokens.expect_name("a name")?) } else { None };
    tokens.expect_end(if name.is_some() { "the end of the text" } else { "an operator, AS or the end of the text" })?;
    Ok(Named { name, expr })
}

/// Reads what rows are ordered by: an expression, then `ASC` or `DESC`, then `NULLS FIRST` or `NULLS LAST`.
///
/// # Errors
/// As [`parse`].
pub fn parse_sort_key(text: &str) -> Result<SortKey> {
    let mut tokens = read(text)?;
    let expr = grammar::expression(&mut tokens)?;
    let descending = tokens.take_keyword(Keyword::DESC);
    if !descending {
        tokens.take_keyword(Keyword::ASC);
    }
    let mut nulls_first = false;
    if tokens.take_keyword(Keyword::NULLS) {
        nulls_first = tokens.take_keyword(Keyword::FIRST);
        if !nulls_first && !tokens.take_keyword(Keyword::LAST) {
            return Err(tokens.unexpected("FIRST or LAST"));
        }
    }
    tokens.expect_end("an operator, ASC, DESC, NULLS or the end of the text")?;
    Ok(SortKey { expr, descending, nulls_first })
}

/// Reads a type as `CAST` takes it: `int64`, `decimal(10, 2)`, `timestamp(us, 'UTC')`, `list(utf8)`,
/// `struct(a int32, b utf8 not null)`, `BIGINT`.
///
/// # Errors
/// As [`parse`].
pub fn parse_type(text: &str) -> Result<DataType> {
    let mut tokens = read(text)?;
    let data_type = data_type::data_type(&mut tokens)?;
    tokens.expect_end("the end of the text")?;
    Ok(data_type)
}

fn read(text: &str) -> Result<Tokens> {
    if text.len() > MAX_TEXT {
        return Err(Error::invalid_argument(format!(
            "the text of an expression may be {MAX_TEXT} bytes long, not {}",
            text.len()
        )));
    }
    Tokens::new(text)
}

#[cfg(test)]
mod tests;

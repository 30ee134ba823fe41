//! The tree of an expression as text: operators and words as SQL has them, as few brackets as that needs.
//!
//! [`parse`](crate::parse) makes the same tree of it again, for every tree that it can make.

mod data_type;
mod literal;

use std::fmt::{self, Display, Formatter, Write};

pub use data_type::type_name;

use crate::operators::{self as level, Infix, Level, POSTFIX, find_infix, is_reserved};
use crate::{Expr, ExprKind, Literal, Named, SortKey};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        print(self, 0, f)
    }
}

impl Display for Named {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        print(&self.expr, 0, f)?;
        if let Some(alias) = &self.name {
            f.write_str(" AS ")?;
            name(alias, f)?;
        }
        Ok(())
    }
}

impl Display for SortKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        print(&self.expr, 0, f)?;
        if self.descending {
            f.write_str(" DESC")?;
        }
        if self.nulls_first {
            f.write_str(" NULLS FIRST")?;
        }
        Ok(())
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Null => f.write_str("NULL"),
            Literal::Boolean(true) => f.write_str("TRUE"),
            Literal::Boolean(false) => f.write_str("FALSE"),
            Literal::Number(digits) => f.write_str(digits),
            Literal::String(text) => quoted(text, '\'', f),
            Literal::Typed(array) => literal::typed(array.as_ref(), f),
        }
    }
}

/// Writes `text` between quotes, those in it twice.
fn quoted(text: &str, quote: char, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char(quote)?;
    for (i, part) in text.split(quote).enumerate() {
        if i > 0 {
            f.write_char(quote)?;
            f.write_char(quote)?;
        }
        f.write_str(part)?;
    }
    f.write_char(quote)
}

/// Writes a name, in quotes where it would not be read as one.
fn name(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    // TRIM reads these before it reads names.
    const SIDES: [&str; 3] = ["both", "leading", "trailing"];
    let mut bytes = text.bytes();
    let is_plain = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !is_reserved(text)
        && !SIDES.iter().any(|s| s.eq_ignore_ascii_case(text));
    if is_plain { f.write_str(text) } else { quoted(text, '"', f) }
}

/// A call as an operator takes it: arguments by position and nothing else.
fn plain_call(expr: &Expr) -> Option<(&str, &[Expr])> {
    match &expr.kind {
        ExprKind::Call { name, arguments, named, distinct: false, filter: None } if named.is_empty() => {
            Some((name, arguments))
        }
        _ => None,
    }
}

/// How a call is written where not as `f(x)`.
enum Form<'a> {
    /// `AND` and `OR`, of any number of operands.
    Chain(&'static Infix, &'a [Expr]),
    Infix(&'static Infix, bool, &'a Expr, &'a Expr),
    Postfix(&'static str, &'a Expr),
    Not(&'a Expr),
    Negative(&'a Expr),
    Like(&'static Infix, bool, &'a [Expr]),
    Between(bool, &'a [Expr]),
    In(bool, &'a Expr, &'a [Expr]),
    Case(&'a [Expr]),
}

impl Form<'_> {
    fn level(&self) -> Level {
        match self {
            Form::Chain(operator, _) | Form::Infix(operator, ..) => operator.level,
            Form::Postfix(..) => level::IS,
            Form::Not(_) => level::NOT,
            Form::Negative(_) => level::SIGN,
            Form::Like(..) | Form::Between(..) | Form::In(..) => level::MATCH,
            Form::Case(_) => level::WHOLE,
        }
    }
}

fn form(expr: &Expr) -> Option<Form<'_>> {
    let (name, arguments) = plain_call(expr)?;
    if name == "not"
        && let [operand] = arguments
    {
        return Some(negated(operand).unwrap_or(Form::Not(operand)));
    }
    positive(name, arguments, false)
}

/// `NOT` of an operator that has a form for it.
fn negated(expr: &Expr) -> Option<Form<'_>> {
    let (name, arguments) = plain_call(expr)?;
    let has_form = matches!(name, "in" | "between") || find_infix(name).is_some_and(|o| o.negated.is_some());
    if has_form { positive(name, arguments, true) } else { None }
}

fn positive<'a>(name: &str, arguments: &'a [Expr], negated: bool) -> Option<Form<'a>> {
    match (name, arguments) {
        ("neg", [operand]) => Some(Form::Negative(operand)),
        ("between", [_, _, _]) => Some(Form::Between(negated, arguments)),
        ("in", [value, items @ ..]) if !items.is_empty() => Some(Form::In(negated, value, items)),
        ("case", [_, _, _, ..]) if arguments.len() % 2 == 1 => Some(Form::Case(arguments)),
        ("and" | "or", [_, _, ..]) => Some(Form::Chain(find_infix(name)?, arguments)),
        ("like" | "ilike", [_, _, _]) => Some(Form::Like(find_infix(name)?, negated, arguments)),
        (_, [operand]) => POSTFIX.iter().find(|(n, _)| *n == name).map(|(_, symbol)| Form::Postfix(symbol, operand)),
        (_, [left, right]) => Some(Form::Infix(find_infix(name)?, negated, left, right)),
        _ => None,
    }
}

/// Writes an expression, in brackets where it holds its operands less tightly than `least`.
fn print(expr: &Expr, least: Level, f: &mut Formatter<'_>) -> fmt::Result {
    let Some(form) = form(expr) else { return whole(expr, f) };
    if form.level() >= least {
        return operator(&form, f);
    }
    f.write_char('(')?;
    operator(&form, f)?;
    f.write_char(')')
}

fn operator(form: &Form<'_>, f: &mut Formatter<'_>) -> fmt::Result {
    match *form {
        Form::Chain(operator, operands) => {
            for (i, operand) in operands.iter().enumerate() {
                if i > 0 {
                    symbol(operator.symbol, f)?;
                }
                print(operand, operator.level + 1, f)?;
            }
            Ok(())
        }
        Form::Infix(operator, negated, left, right) => infix(operator, negated, left, right, f),
        Form::Postfix(symbol, operand) => {
            print(operand, level::IS, f)?;
            f.write_char(' ')?;
            f.write_str(symbol)
        }
        Form::Not(operand) => {
            f.write_str("NOT ")?;
            print(operand, level::NOT, f)
        }
        Form::Negative(operand) => {
            // A second sign needs brackets: two of them begin a comment.
            f.write_char('-')?;
            print(operand, level::SIGN + 1, f)
        }
        Form::Like(operator, negated, operands) => {
            infix(operator, negated, &operands[0], &operands[1], f)?;
            f.write_str(" ESCAPE ")?;
            print(&operands[2], level::MATCH + 1, f)
        }
        Form::Between(negated, operands) => {
            print(&operands[0], level::MATCH, f)?;
            f.write_str(if negated { " NOT BETWEEN " } else { " BETWEEN " })?;
            print(&operands[1], level::MATCH + 1, f)?;
            f.write_str(" AND ")?;
            print(&operands[2], level::MATCH + 1, f)
        }
        Form::In(negated, value, items) => {
            print(value, level::MATCH, f)?;
            f.write_str(if negated { " NOT IN (" } else { " IN (" })?;
            list(items, f)?;
            f.write_char(')')
        }
        Form::Case(parts) => case(parts, f),
    }
}

fn symbol(symbol: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char(' ')?;
    f.write_str(symbol)?;
    f.write_char(' ')
}

fn infix(operator: &Infix, negated: bool, left: &Expr, right: &Expr, f: &mut Formatter<'_>) -> fmt::Result {
    // Comparisons do not chain.
    let chains = operator.level != level::COMPARISON;
    print(left, if chains { operator.level } else { operator.level + 1 }, f)?;
    symbol(operator.negated.filter(|_| negated).unwrap_or(operator.symbol), f)?;
    print(right, operator.level + 1, f)
}

fn list(items: &[Expr], f: &mut Formatter<'_>) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        print(item, 0, f)?;
    }
    Ok(())
}

fn case(parts: &[Expr], f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("CASE")?;
    let (pairs, default) = parts.as_chunks::<2>();
    for [condition, value] in pairs {
        f.write_str(" WHEN ")?;
        print(condition, 0, f)?;
        f.write_str(" THEN ")?;
        print(value, 0, f)?;
    }
    if let [default] = default
        && default.kind != ExprKind::Literal(Literal::Null)
    {
        f.write_str(" ELSE ")?;
        print(default, 0, f)?;
    }
    f.write_str(" END")
}

/// What is no operator.
fn whole(expr: &Expr, f: &mut Formatter<'_>) -> fmt::Result {
    match &expr.kind {
        ExprKind::Literal(literal) => literal.fmt(f),
        ExprKind::Column(path) => {
            for (i, part) in path.iter().enumerate() {
                if i > 0 {
                    f.write_char('.')?;
                }
                name(part, f)?;
            }
            Ok(())
        }
        ExprKind::Cast { value, to, try_cast } => {
            f.write_str(if *try_cast { "TRY_CAST(" } else { "CAST(" })?;
            print(value, 0, f)?;
            f.write_str(" AS ")?;
            data_type::data_type(to, f)?;
            f.write_char(')')
        }
        ExprKind::Call { .. } => call(expr, f),
    }
}

fn call(expr: &Expr, f: &mut Formatter<'_>) -> fmt::Result {
    let ExprKind::Call { name: function, arguments, named, distinct, filter } = &expr.kind else { return Ok(()) };
    // POSITION reads its arguments otherwise.
    if function == "position" {
        quoted(function, '"', f)?
    } else {
        name(function, f)?
    }
    f.write_char('(')?;
    if function == "count" && arguments.is_empty() && named.is_empty() && !distinct {
        f.write_char('*')?;
    }
    if *distinct {
        f.write_str("DISTINCT ")?;
    }
    list(arguments, f)?;
    for (i, (parameter, value)) in named.iter().enumerate() {
        if i > 0 || !arguments.is_empty() {
            f.write_str(", ")?;
        }
        name(parameter, f)?;
        f.write_str(" => ")?;
        print(value, 0, f)?;
    }
    f.write_char(')')?;
    if let Some(condition) = filter {
        f.write_str(" FILTER (WHERE ")?;
        print(condition, 0, f)?;
        f.write_char(')')?;
    }
    Ok(())
}

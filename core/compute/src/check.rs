//! Gives every part of an expression a type: names are looked up, arguments put in their places, literals take the
//! types that stand beside them, conversions are written out, and what is constant is computed.

mod call;
mod literal;

use arrow_schema::{DataType, Field, Fields, Schema};
use pf_base::{Error, Result};

pub(crate) use call::{converted, kernel_call};
#[cfg(test)]
pub(crate) use literal::{default_argument, default_literal};

use crate::types;
use crate::{Expr, ExprKind, Function, NanPolicy, Position, Settings, Typed, TypedKind, functions, names};

/// How many levels a tree may have. The parser allows fewer; this bounds trees that were made by hand.
const MAX_DEPTH: usize = 512;

/// The expression with its types, constants folded.
///
/// # Errors
/// [`Code::InvalidArgument`](pf_base::Code::InvalidArgument) for unknown names and bad constants,
/// [`Code::Type`](pf_base::Code::Type) for types that do not go together, [`Code::Unsupported`](pf_base::Code) for
/// what the language has not, and what constants fail with where every row would fail so.
pub fn check(expr: &Expr, schema: &Schema, settings: Settings) -> Result<Typed> {
    let checker = Checker { schema, settings, find: functions::find };
    Ok(checker.expr(expr, Scope::default())?.typed)
}

/// What stands around a part of an expression.
#[derive(Clone, Copy, Debug, Default)]
struct Scope {
    depth: usize,
    /// The aggregate that it is an argument of.
    aggregate: Option<&'static str>,
    /// Some rows may not need it, so that only those that do may fail.
    lazy: bool,
}

/// A typed part of an expression.
pub(crate) struct Checked {
    typed: Typed,
    /// The text of a literal number, with its sign: it is read again in the type that it adapts to.
    number: Option<String>,
}

impl From<Typed> for Checked {
    fn from(typed: Typed) -> Self {
        Self { typed, number: None }
    }
}

struct Checker<'a> {
    schema: &'a Schema,
    settings: Settings,
    /// Looks a function up.
    find: fn(&str) -> Option<&'static Function>,
}

/// " at line 1, column 3", or nothing where it was not read from text.
fn place(at: Position) -> String {
    if at.line == 0 { String::new() } else { format!(" at {at}") }
}

/// The error with the name and place of what failed before its message.
fn at_place(error: &Error, name: &str, at: Position) -> Error {
    Error::new(error.code(), format!("{name}{}: {}", place(at), error.message()))
}

impl Checker<'_> {
    /// The only function that calls itself: what it does beside that is in functions of their own, and what they
    /// give is on the heap, so that little of the stack is used per level.
    fn expr(&self, expr: &Expr, scope: Scope) -> Result<Box<Checked>> {
        if scope.depth > MAX_DEPTH {
            return Err(too_deep());
        }
        let inner = Scope { depth: scope.depth + 1, ..scope };
        match &expr.kind {
            ExprKind::Cast { value, .. } => {
                let value = self.expr(value, inner)?;
                self.cast(value, expr, scope)
            }
            ExprKind::Call { .. } if !literal::is_negative(expr) => {
                let mut plan = self.plan(expr, inner)?;
                while let Some((part, scope)) = plan.next() {
                    plan.add(self.expr(part, scope)?);
                }
                self.call(plan, scope)
            }
            _ => self.leaf(expr),
        }
    }

    /// What has no parts.
    #[inline(never)]
    fn leaf(&self, expr: &Expr) -> Result<Box<Checked>> {
        let checked = match &expr.kind {
            ExprKind::Column(path) => self.column(path, expr.at),
            ExprKind::Literal(literal) => literal::typed(literal, false, expr.at),
            _ => literal::negative(expr),
        };
        checked.map(Box::new)
    }

    /// A column by its name, then fields of structs.
    fn column(&self, path: &[String], at: Position) -> Result<Checked> {
        let Some((first, rest)) = path.split_first() else {
            return Err(Error::invalid_argument(format!("a column without a name{}", place(at))));
        };
        let index = find_field(self.schema.fields(), first, "column", "columns", path, at)?;
        let mut field: &Field = self.schema.field(index);
        let mut nullable = field.is_nullable();
        let mut indices = vec![index];
        for (depth, name) in rest.iter().enumerate() {
            let DataType::Struct(fields) = field.data_type() else {
                let (whole, kind) = (path[..=depth].join("."), types::name(field.data_type()));
                return Err(Error::wrong_type(format!("'{whole}'{} is {kind}: it has no field '{name}'", place(at))));
            };
            let index = find_field(fields, name, "field", "fields", path, at)?;
            field = &fields[index];
            nullable |= field.is_nullable();
            indices.push(index);
        }
        let data_type = field.data_type().clone();
        if !types::is_known(&data_type) {
            let message =
                format!("column '{}'{} is of type {data_type}, which has no operations", path.join("."), place(at));
            return Err(Error::wrong_type(message));
        }
        nullable |= data_type == DataType::Null;
        nullable |= self.settings.nan == NanPolicy::Null && types::is_float(&data_type);
        // A dictionary may hold nulls among its values, whatever the field says.
        nullable |= matches!(data_type, DataType::Dictionary(..));
        Ok(Typed { kind: TypedKind::Column(indices), data_type, nullable, at }.into())
    }

    /// `CAST` and `TRY_CAST`.
    #[inline(never)]
    #[allow(clippy::boxed_local, reason = "what levels hold is on the heap, not on the stack")]
    fn cast(&self, value: Box<Checked>, expr: &Expr, scope: Scope) -> Result<Box<Checked>> {
        let ExprKind::Cast { to, try_cast, .. } = &expr.kind else {
            return Err(Error::internal("a cast was expected"));
        };
        let name = if *try_cast { "try_cast" } else { "cast" };
        if !crate::cast::can_cast(&value.typed.data_type, to) {
            let (from, to) = (types::name(&value.typed.data_type), types::name(to));
            return Err(Error::wrong_type(format!("{name}{}: cannot convert {from} to {to}", place(expr.at))));
        }
        self.convert(*value, to, *try_cast, scope.lazy, (name, expr.at)).map(|typed| Box::new(typed.into()))
    }

    /// The value in another type: a literal at once, all else by a cast that is written into the tree. An error names
    /// what asked for it.
    fn convert(&self, value: Checked, to: &DataType, null: bool, lazy: bool, who: (&str, Position)) -> Result<Typed> {
        let Checked { typed, number } = value;
        if typed.data_type == *to {
            return Ok(typed);
        }
        if let TypedKind::Literal(array) = &typed.kind {
            match literal::convert(array, number.as_deref(), to, null) {
                Ok(array) => return Ok(literal::of(array, typed.at)),
                Err(e) if !lazy => return Err(at_place(&e, who.0, who.1)),
                Err(_) => {}
            }
        }
        if !crate::cast::can_cast(&typed.data_type, to) {
            let (from, to) = (types::name(&typed.data_type), types::name(to));
            return Err(at_place(&Error::wrong_type(format!("cannot convert {from} to {to}")), who.0, who.1));
        }
        let nullable = typed.nullable || null;
        let at = typed.at;
        let kind = TypedKind::Cast { value: Box::new(typed), try_cast: null };
        Ok(Typed { kind, data_type: to.clone(), nullable, at })
    }
}

#[inline(never)]
fn too_deep() -> Error {
    Error::invalid_argument(format!("the expression has more than {MAX_DEPTH} levels"))
}

/// The position of a field by its exact name.
fn find_field(fields: &Fields, name: &str, one: &str, many: &str, path: &[String], at: Position) -> Result<usize> {
    let mut found = fields.iter().enumerate().filter(|(_, f)| f.name() == name);
    match (found.next(), found.count()) {
        (Some((index, _)), 0) => Ok(index),
        (Some(_), others) => Err(Error::invalid_argument(format!(
            "{one} '{name}'{} is ambiguous: {} {many} have that name",
            place(at),
            others + 1
        ))),
        (None, _) => {
            let whole = path.join(".");
            let hint = if path.len() > 1 && fields.iter().any(|f| *f.name() == whole) {
                format!("; nearest: \"{whole}\", in quotes")
            } else {
                names::hint(name, many, fields.iter().map(|f| f.name().as_str()))
            };
            Err(Error::invalid_argument(format!("unknown {one} '{name}'{}{hint}", place(at))))
        }
    }
}

#[cfg(test)]
mod tests;

//! Calls: arguments go to their parameters, and the function says which types it takes.

use arrow_schema::DataType;
use pf_base::{Error, Result};

use super::{Checked, Checker, Scope, at_place, literal, place};
use crate::types::{self, Class};
use crate::{
    Argument, Call, Expr, ExprKind, Function, Implementation, Overflow, Parameter, Position, Special, Typed, TypedKind,
    functions, names, simplify,
};

/// Aggregates for which it makes no difference whether a value is there twice.
const SAME_WHEN_DISTINCT: &[&str] = &["min", "max", "any", "all", "count_distinct", "approx_count_distinct"];

/// Functions that never give null.
const NEVER_NULL: &[&str] = &[
    "is_null",
    "is_not_null",
    "is_true",
    "is_not_true",
    "is_false",
    "is_not_false",
    "distinct_from",
    "not_distinct_from",
    "count",
    "count_null",
    "count_distinct",
    "approx_count_distinct",
    "row_number",
];

/// Functions that give null for null, and for nothing else: of those that are not here nothing is known.
const NULL_FOR_NULL: &[&str] = &[
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "between",
    "in",
    "and",
    "or",
    "not",
    "like",
    "ilike",
    "regexp_like",
    "lower",
    "upper",
    "length",
    "octet_length",
    "concat",
    "starts_with",
    "ends_with",
    "contains",
    "sqrt",
    "exp",
    "sin",
    "cos",
    "is_nan",
    "is_finite",
    "is_infinite",
];

/// Functions that give null for null, and where overflow is null for that too.
const NULL_FOR_OVERFLOW: &[&str] = &["add", "sub", "mul", "div", "floor_div", "mod", "floor_mod", "neg", "abs"];

/// A part of a call before it has a type.
enum Part<'a> {
    Given(&'a Expr),
    Default(&'static str),
}

/// A call whose arguments are in their places, while they get their types one after the other.
pub(super) struct Plan<'a> {
    function: &'static Function,
    at: Position,
    parts: Vec<Part<'a>>,
    filter: Option<&'a Expr>,
    scope: Scope,
    checked: Vec<Checked>,
    filter_checked: Option<Typed>,
}

impl<'a> Plan<'a> {
    /// The next part that is to get its type, with what stands around it.
    #[inline(never)]
    pub(super) fn next(&mut self) -> Option<(&'a Expr, Scope)> {
        while let Some(part) = self.parts.get(self.checked.len()) {
            match part {
                Part::Given(expr) => {
                    let special = matches!(self.function.implementation, Implementation::Special(_));
                    let lazy = self.scope.lazy || (special && !self.checked.is_empty()) || self.filter.is_some();
                    return Some((expr, Scope { lazy, ..self.scope }));
                }
                Part::Default(text) => {
                    // The table's tests see to it that defaults are literals.
                    let literal = literal::default_literal(text).unwrap_or_else(|| literal::null(self.at));
                    self.checked.push(literal);
                }
            }
        }
        match (&self.filter, &self.filter_checked) {
            (Some(filter), None) => Some((filter, self.scope)),
            _ => None,
        }
    }

    /// The type of what [`next`](Self::next) gave.
    #[inline(never)]
    #[allow(clippy::boxed_local, reason = "what levels hold is on the heap, not on the stack")]
    pub(super) fn add(&mut self, checked: Box<Checked>) {
        if self.checked.len() < self.parts.len() {
            self.checked.push(*checked);
        } else {
            self.filter_checked = Some(checked.typed);
        }
    }
}

fn is_aggregate(function: &Function) -> bool {
    matches!(function.implementation, Implementation::Aggregate(_) | Implementation::Holistic(_))
}

/// "takes 1 to 3 arguments (x, digits)".
fn arity(function: &Function) -> String {
    let all = function.parameters.len();
    let required = function.parameters.iter().filter(|p| p.default.is_none()).count();
    let many = function.parameters.last().is_some_and(|p| p.repeats);
    let names: Vec<String> =
        function.parameters.iter().map(|p| format!("{}{}", p.name, if p.repeats { "…" } else { "" })).collect();
    let count = match () {
        () if many => format!("at least {required}"),
        () if required < all => format!("{required} to {all}"),
        () if all == 0 => "no".to_owned(),
        () => all.to_string(),
    };
    let plural = if count == "1" || count == "at least 1" { "" } else { "s" };
    let list = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    format!("takes {count} argument{plural}{list}")
}

/// The arguments in the order of the parameters, with defaults.
fn arrange<'a>(
    function: &'static Function,
    arguments: &'a [Expr],
    named: &'a [(String, Expr)],
) -> Result<Vec<Part<'a>>> {
    let parameters = function.parameters;
    // `count(*)` counts rows.
    if function.name == "count" && arguments.is_empty() && named.is_empty() {
        return Ok(Vec::new());
    }
    let wrong = |what: String| Error::invalid_argument(format!("{}, {what}", arity(function)));
    let repeats = parameters.last().is_some_and(|p| p.repeats);
    if arguments.len() > parameters.len() && !repeats {
        return Err(wrong(format!("not {}", arguments.len())));
    }
    let mut places: Vec<Option<&'a Expr>> = arguments.iter().map(Some).collect();
    places.resize(places.len().max(parameters.len()), None);
    for (name, value) in named {
        let Some(index) = parameters.iter().position(|p| p.name.eq_ignore_ascii_case(name)) else {
            let hint = names::hint(name, "parameters", parameters.iter().map(|p| p.name));
            return Err(Error::invalid_argument(format!("unknown parameter '{name}'{hint}")));
        };
        if places[index].replace(value).is_some() {
            return Err(Error::invalid_argument(format!("parameter '{}' is given twice", parameters[index].name)));
        }
    }
    let fill = |(i, part): (usize, Option<&'a Expr>)| match (part, parameters.get(i)) {
        (Some(expr), _) => Ok(Part::Given(expr)),
        (None, Some(Parameter { default: Some(text), .. })) => Ok(Part::Default(text)),
        (None, parameter) => Err(match (arguments.len(), named.is_empty(), parameter) {
            (0, true, _) | (_, _, None) => wrong("got none".to_owned()),
            (_, _, Some(p)) => wrong(format!("but '{}' is missing", p.name)),
        }),
    };
    places.into_iter().enumerate().map(fill).collect()
}

impl Checker<'_> {
    /// Finds the function and puts the arguments in their places.
    #[inline(never)]
    pub(super) fn plan<'e>(&self, expr: &'e Expr, mut scope: Scope) -> Result<Box<Plan<'e>>> {
        let (at, ExprKind::Call { name, arguments, named, distinct, filter }) = (expr.at, &expr.kind) else {
            return Err(Error::internal("a call was expected"));
        };
        let mut function = (self.find)(name).ok_or_else(|| {
            let near = functions::nearest(name);
            let hint = if near.is_empty() { String::new() } else { format!("; nearest: {}", near.join(", ")) };
            Error::invalid_argument(format!("unknown function '{name}'{}{hint}", place(at)))
        })?;
        let refuse = |message: &str| at_place(&Error::invalid_argument(message), function.name, at);
        if is_aggregate(function) {
            if let Some(outer) = scope.aggregate {
                return Err(refuse(&format!("an aggregate cannot stand inside another ({outer})")));
            }
            scope.aggregate = Some(function.name);
        } else if *distinct || filter.is_some() {
            let what = if *distinct { "DISTINCT" } else { "FILTER" };
            return Err(refuse(&format!("{what} is for aggregates only")));
        }
        if *distinct && !SAME_WHEN_DISTINCT.contains(&function.name) {
            if function.name != "count" || arguments.is_empty() {
                let message = format!("{}{}: DISTINCT is only there for count, min and max", function.name, place(at));
                return Err(Error::unsupported(message));
            }
            function = (self.find)("count_distinct").unwrap_or(function);
        }
        let parts = arrange(function, arguments, named).map_err(|e| at_place(&e, function.name, at))?;
        let checked = Vec::with_capacity(parts.len());
        let filter = filter.as_deref();
        Ok(Box::new(Plan { function, at, parts, filter, scope, checked, filter_checked: None }))
    }

    /// The call, now that its arguments have types.
    #[inline(never)]
    #[allow(clippy::boxed_local, reason = "what levels hold is on the heap, not on the stack")]
    pub(super) fn call(&self, plan: Box<Plan<'_>>, scope: Scope) -> Result<Box<Checked>> {
        let Plan { function, at, checked, filter_checked, .. } = *plan;
        let fail = |e: &Error| at_place(e, function.name, at);
        for (i, part) in checked.iter().enumerate() {
            let parameter = function.parameters.get(i).or(function.parameters.last());
            if let Some(p) = parameter.filter(|p| p.constant && !matches!(part.typed.kind, TypedKind::Literal(_))) {
                return Err(fail(&Error::invalid_argument(format!("'{}' must be a literal", p.name))));
            }
        }
        // Comparisons look at every value of a dictionary once; all else takes it as its values.
        let encoded = function.family == "comparison";
        let asked: Vec<Argument> = checked.iter().map(|part| argument(part, encoded)).collect();
        let binding = (function.bind)(&asked, self.settings).map_err(|e| fail(&e))?;
        if binding.arguments.len() != checked.len() {
            return Err(fail(&Error::internal("the binding has another number of arguments")));
        }
        // What does not fit the type that both sides of an operator were brought to is an overflow.
        let null = self.settings.overflow != Overflow::Error;
        let lazy = |i: usize| scope.lazy || (i > 0 && matches!(function.implementation, Implementation::Special(_)));
        let convert = |(i, (part, to)): (usize, (Checked, &DataType))| {
            let null = null && !matches!(part.typed.kind, TypedKind::Literal(_));
            self.convert(part, to, null, lazy(i), (function.name, at))
        };
        let arguments = checked.into_iter().zip(&binding.arguments).enumerate().map(convert);
        let arguments: Vec<Typed> = arguments.collect::<Result<_>>()?;
        let filter = filter_checked.map(|f| self.filter(f, function.name, at)).transpose()?;
        let nullable = self.nullable(function, &arguments);
        let kind = TypedKind::Call { function, arguments, distinct: false, filter: filter.map(Box::new) };
        let typed = Typed { kind, data_type: binding.result, nullable, at };
        let (typed, error) = simplify::call(typed, self.settings);
        match error {
            Some(e) if !scope.lazy => Err(fail(&e)),
            _ => Ok(Box::new(typed.into())),
        }
    }

    /// The condition of an aggregate.
    fn filter(&self, filter: Typed, name: &str, at: Position) -> Result<Typed> {
        match types::class(&filter.data_type) {
            Class::Boolean | Class::Null => {
                self.convert(filter.into(), &DataType::Boolean, false, false, ("filter", at))
            }
            _ => {
                let found = types::name(&filter.data_type);
                Err(at_place(&Error::wrong_type(format!("FILTER cannot take {found}; takes boolean")), name, at))
            }
        }
    }

    fn nullable(&self, function: &Function, arguments: &[Typed]) -> bool {
        let any = || arguments.iter().any(|a| a.nullable);
        let all = || arguments.iter().all(|a| a.nullable);
        match function.implementation {
            Implementation::Special(Special::Coalesce) => all(),
            Implementation::Special(Special::Case) => {
                let values = arguments.iter().skip(1).step_by(2);
                values.chain(arguments.last()).any(|a| a.nullable)
            }
            _ if NEVER_NULL.contains(&function.name) => false,
            _ if NULL_FOR_NULL.contains(&function.name) => any(),
            _ if NULL_FOR_OVERFLOW.contains(&function.name) && self.settings.overflow == Overflow::Error => any(),
            _ => true,
        }
    }
}

/// What a function may know of an argument before any row.
fn argument(part: &Checked, encoded: bool) -> Argument {
    let constant = match &part.typed.kind {
        TypedKind::Literal(array) => Some(array.clone()),
        _ => None,
    };
    let own = &part.typed.data_type;
    let data_type = if encoded { own.clone() } else { types::value_type(own) };
    Argument { data_type, constant, adapts: part.number.is_some() }
}

/// What a kernel knows of an argument that has its type.
pub(crate) fn converted(typed: &Typed) -> Argument {
    let constant = match &typed.kind {
        TypedKind::Literal(array) => Some(array.clone()),
        _ => None,
    };
    Argument { data_type: typed.data_type.clone(), constant, adapts: false }
}

/// The call as kernels are made from it.
pub(crate) fn kernel_call<'a>(arguments: &'a [Argument], typed: &'a Typed, settings: crate::Settings) -> Call<'a> {
    Call { arguments, result: &typed.data_type, settings }
}

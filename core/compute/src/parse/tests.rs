//! What text is read as, what it is written as, and what is said of text that cannot be read.

mod errors;
mod limits;
mod round_trip;
mod text;

use super::*;

/// The canonical text, which must be read as the same tree.
fn canonical(text: &str) -> String {
    let expr = parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    let printed = expr.to_string();
    let again = parse(&printed).unwrap_or_else(|e| panic!("{text} -> {printed}: {e}"));
    assert_eq!(again, expr, "{text} -> {printed}");
    assert_eq!(again.to_string(), printed);
    printed
}

/// The tree as calls: what the operators are called and how they nest.
fn calls(text: &str) -> String {
    fn write(expr: &Expr) -> String {
        match &expr.kind {
            crate::ExprKind::Column(path) => path.join("."),
            crate::ExprKind::Literal(literal) => literal.to_string(),
            crate::ExprKind::Cast { value, to, try_cast } => {
                format!("{}cast({}, {})", if *try_cast { "try_" } else { "" }, write(value), crate::type_name(to))
            }
            crate::ExprKind::Call { name, arguments, named, distinct, filter } => {
                let mut parts: Vec<String> = arguments.iter().map(write).collect();
                parts.extend(named.iter().map(|(name, value)| format!("{name}: {}", write(value))));
                let filter = filter.as_ref().map_or(String::new(), |f| format!(" where {}", write(f)));
                format!("{name}({}{}){filter}", if *distinct { "distinct " } else { "" }, parts.join(", "))
            }
        }
    }
    canonical(text);
    write(&parse(text).unwrap())
}

//! What text is read as, and what is said of text that cannot be read.

use pf_base::Code;

use super::*;

/// The canonical text, which must be read as the same tree.
fn canonical(text: &str) -> String {
    let expr = parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    let printed = expr.to_string();
    let again = parse(&printed).unwrap_or_else(|e| panic!("{text} -> {printed}: {e}"));
    assert_eq!(again, expr, "{text} -> {printed}");
    printed
}

#[test]
fn smoke() {
    for text in ["a + b * 2", "x NOT BETWEEN 1 AND 2 AND NOT y LIKE 'a' ESCAPE 'b'", "CASE x WHEN 1 THEN 2 END"] {
        println!("{}", canonical(text));
    }
    let _ = Code::Unsupported;
}

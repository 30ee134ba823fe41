//! Texts that are long or deep, on a thread with a small stack.

use std::time::{Duration, Instant};

use pf_base::Code;

use super::*;

/// Runs `work` with a stack of 512 KiB.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(512 << 10).spawn(work).unwrap().join().unwrap();
}

/// Text of `count` brackets or operators in one another.
fn nestings(count: usize) -> Vec<String> {
    let nest = |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(count), close.repeat(count));
    vec![
        nest("(", "a", ")"),
        nest("f(", "a", ")"),
        nest("f(x => ", "a", ")"),
        nest("f(DISTINCT ", "a", ")"),
        nest("sum(a) FILTER (WHERE ", "a", ")"),
        nest("-", "a", "").replace("--", "- -"),
        nest("- ", "a", ""),
        nest("+", "a", ""),
        nest("NOT ", "a", ""),
        nest("a + (", "a", ")"),
        nest("a AND (", "a", ")"),
        nest("a IN (", "a", ")"),
        nest("a IN (1, ", "a", ")"),
        nest("a BETWEEN ", "a", " AND a"),
        nest("a BETWEEN a AND (", "a", ")"),
        nest("CASE WHEN ", "a", " THEN b END"),
        nest("CASE ", "a", " WHEN b THEN c END"),
        nest("CASE WHEN a THEN b ELSE ", "a", " END"),
        nest("CAST(", "a", " AS int32)"),
        nest("TRY_CAST(", "a", " AS int32)"),
        nest("", "a", "::int32"),
        nest("", "a", " IS NULL"),
        nest("", "a", " + a"),
        nest("a || ", "a", ""),
        nest("a = (", "a", ")"),
        nest("", "a", " LIKE a ESCAPE a"),
        nest("", "a", ".a"),
        nest("", "a", " AT TIME ZONE 'UTC'"),
        nest("EXTRACT(year FROM ", "a", ")"),
        nest("SUBSTRING(", "a", " FROM 1)"),
        nest("SUBSTRING(a FROM ", "1", ")"),
        nest("TRIM(LEADING ", "a", " FROM b)"),
        nest("TRIM(", "a", ")"),
        nest("POSITION(", "a", " IN b)"),
        nest("POSITION(a IN ", "b", ")"),
        format!("a::{}", nest("list(", "int32", ")")),
        format!("a::{}", nest("struct(a ", "int32", ")")),
        format!("a::{}", nest("map(int32, ", "int32", ")")),
        format!("CAST(a AS {})", nest("dictionary(int32, ", "int32", ")")),
        nest("(a OR ", "b", ") AND c"),
        nest("(", "", ""),
        nest("[", "a", "]"),
        nest("CASE ", "", ""),
        nest("a BETWEEN ", "", ""),
    ]
}

#[test]
fn deep_texts_are_errors() {
    on_a_small_stack(|| {
        for count in [300, 10_000, 60_000] {
            for text in nestings(count).into_iter().filter(|t| t.len() <= MAX_TEXT) {
                let shown: String = text.chars().take(30).collect();
                match parse(&text) {
                    Err(error) => {
                        let message = error.message();
                        assert!(
                            matches!(error.code(), Code::InvalidArgument | Code::Unsupported),
                            "{shown}: {message}"
                        );
                        assert!(message.contains(" at line 1, column "), "{shown}: {message}");
                    }
                    // Brackets and signs without effect make no levels.
                    Ok(expr) => assert!(count == 300 && ["(((", "+++"].contains(&&shown[..3]), "{shown}: {expr}"),
                }
            }
        }
    });
}

#[test]
fn what_is_deep_but_allowed_goes_everywhere() {
    on_a_small_stack(|| {
        for count in [80, MAX_DEPTH - 1] {
            for text in nestings(count) {
                let Ok(expr) = parse(&text) else { continue };
                let printed = expr.to_string();
                assert_eq!(parse(&printed).unwrap(), expr.clone(), "{printed}");
                let _ = format!("{expr:?}");
            }
        }
        assert!(parse(&format!("{}a", "NOT ".repeat(MAX_DEPTH - 1))).is_ok());
        let error = parse(&format!("{}a", "NOT ".repeat(MAX_DEPTH))).unwrap_err();
        assert_eq!(error.message(), "syntax error at line 1, column 1: the expression is deeper than 256 levels");
    });
}

#[test]
fn chains_and_lists_are_flat() {
    on_a_small_stack(|| {
        for (text, count) in [
            (vec!["a = 1"; 10_000].join(" AND "), 10_000),
            (vec!["a"; 100_000].join(" OR "), 100_000),
            (format!("a IN ({})", vec!["1"; 100_000].join(", ")), 100_001),
            (format!("coalesce({})", vec!["a"; 100_000].join(",")), 100_000),
            (format!("CASE {} END", "WHEN a THEN 1 ".repeat(10_000)), 20_001),
            (format!("CASE a {} END", "WHEN 2 THEN 1 ".repeat(10_000)), 20_001),
        ] {
            let expr = parse(&text).unwrap();
            let crate::ExprKind::Call { arguments, .. } = &expr.kind else { panic!("no call") };
            assert_eq!(arguments.len(), count);
            assert_eq!(parse(&expr.to_string()).unwrap(), expr);
        }
    });
}

#[test]
fn what_is_too_long_is_refused_at_once() {
    on_a_small_stack(|| {
        let start = Instant::now();
        let error = parse(&"(".repeat(10_000_000)).unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument);
        assert_eq!(error.message(), "the text of an expression may be 1048576 bytes long, not 10000000");
        assert!(start.elapsed() < Duration::from_secs(1));
        // What is repeated is bounded, too.
        let text = format!("CASE '{}' {} END", "x".repeat(400_000), "WHEN a THEN b ".repeat(40_000));
        let error = parse(&text).unwrap_err();
        assert!(error.message().contains("too long to be compared with so many values"), "{error}");
        assert!(parse(&vec!["a"; 300].join(".")).unwrap_err().message().contains("deeper than 256 fields"));
    });
}

#[test]
fn time_is_in_proportion_to_the_text() {
    on_a_small_stack(|| {
        for piece in [
            "(", "f(", "a AND ", "a+", "NOT ", "'", "''", "\"", "$", "$a$", "a.", "/*", "--\n", "1e", "a IN(", "CASE ",
            "é",
        ] {
            let text = piece.repeat(MAX_TEXT / piece.len());
            let start = Instant::now();
            let _ = parse(&text);
            assert!(start.elapsed() < Duration::from_secs(20), "{piece}: {:?}", start.elapsed());
        }
    });
}

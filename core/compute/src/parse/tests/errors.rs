//! What is said of text that is no expression.

use pf_base::Code;

use super::*;

#[test]
fn syntax_errors_say_where_and_what() {
    for (text, message) in [
        ("", "line 1, column 1: expected an expression, found end of text"),
        ("price > ", "line 1, column 9: expected an expression, found end of text"),
        ("a +\n)", "line 2, column 1: expected an expression, found ')'"),
        ("a b", "line 1, column 3: expected an operator or the end of the text, found 'b'"),
        ("a, b", "line 1, column 2: expected an operator or the end of the text, found ','"),
        ("a;", "line 1, column 2: expected an operator or the end of the text, found ';'"),
        ("(a", "line 1, column 3: expected an operator or ')', found end of text"),
        ("f(a", "line 1, column 4: expected an operator, ',' or ')', found end of text"),
        ("f(a,)", "line 1, column 5: expected an expression, found ')'"),
        ("f(x => 1, 2)", "line 1, column 11: an argument without a name follows one with a name"),
        ("f(x => 1, X => 2)", "line 1, column 11: the argument x is there twice"),
        ("a < b < c", "line 1, column 7: comparisons do not chain; write a < b AND b < c, or use brackets"),
        ("a BETWEEN 1", "line 1, column 12: expected AND and the upper bound of BETWEEN, found end of text"),
        (
            "a BETWEEN b = c AND d",
            "line 1, column 13: expected AND and the upper bound of BETWEEN; a lower bound that compares needs brackets",
        ),
        ("a IN ()", "line 1, column 7: expected an expression, found ')'"),
        ("a IN b", "line 1, column 6: expected '(' and the values, found 'b'"),
        ("a NOT 1", "line 1, column 7: expected IN, BETWEEN, LIKE, ILIKE or REGEXP, found '1'"),
        ("a IS 1", "line 1, column 6: expected NOT, NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM, found '1'"),
        ("a ESCAPE 'x'", "line 1, column 3: ESCAPE belongs behind LIKE and its pattern"),
        ("CASE END", "line 1, column 6: expected an expression, found 'END'"),
        ("CASE WHEN a END", "line 1, column 13: expected an operator or THEN, found 'END'"),
        ("CASE WHEN a THEN b", "line 1, column 19: expected an operator, WHEN, ELSE or END, found end of text"),
        ("CAST(a int32)", "line 1, column 8: expected an operator or AS and a type, found 'int32'"),
        ("CAST(a AS nope)", "line 1, column 11: unknown type 'nope'; types are "),
        ("a::decimal", "line 1, column 4: decimal needs its digits: decimal(precision, scale)"),
        ("a::decimal(39, 2)", "line 1, column 12: the precision of decimal is from 1 to 38, "),
        ("a::time32(ns)", "line 1, column 11: time32 has the units s and ms, time64 us and ns"),
        ("a::dictionary(utf8, utf8)", "line 1, column 4: the first type of a dictionary must be an integer type"),
        ("a::varchar(10)", "line 1, column 11: the type varchar has nothing in brackets here"),
        ("'abc", "line 1, column 1: the string that begins here does not end"),
        ("a + \"abc", "line 1, column 5: the quoted name that begins here does not end"),
        ("a /* b", "line 1, column 7: the comment does not end"),
        ("1abc", "line 1, column 1: '1' is followed by what belongs to no number"),
        ("1_000", "line 1, column 1: '1' is followed by what belongs to no number"),
        ("1.5.5", "line 1, column 1: '1.5' is followed by what belongs to no number"),
        ("X'0'", "line 1, column 1: X'' takes an even number of hexadecimal digits and nothing else"),
        ("X'\\31'", "line 1, column 1: X'' takes an even number of hexadecimal digits and nothing else"),
        ("DATE '2020-02-30'", "line 1, column 6: '2020-02-30' is no date; dates are YYYY-MM-DD"),
        ("TIME '25:00'", "line 1, column 6: '25:00' is no time; "),
        ("TIMESTAMP 'x'", "line 1, column 11: 'x' is no timestamp; "),
        (
            "TIMESTAMP '9999-01-01 00:00:00.123456789'",
            "line 1, column 11: '9999-01-01 00:00:00.123456789' is beyond what ",
        ),
        (
            "INTERVAL '3'",
            "line 1, column 13: expected a unit: year, month, week, day, hour, minute or second, found end",
        ),
        ("INTERVAL ''", "line 1, column 10: '' is no interval: it is empty"),
        ("INTERVAL '1 lustrum'", "line 1, column 10: '1 lustrum' is no interval: expected a number and a unit: "),
        ("INTERVAL '99999999999 years'", "line 1, column 10: '99999999999 years' is no interval: it is too long"),
        ("a AS b", "line 1, column 3: expected an operator or the end of the text, found 'AS'"),
        ("a..b", "line 1, column 3: expected the name of a field, found '.'"),
        ("a \u{1} b", "line 1, column 3: expected an operator or the end of the text, found '\u{1}'"),
        ("sum(a) FILTER (b)", "line 1, column 16: expected WHERE and a condition, found 'b'"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.code(), Code::InvalidArgument, "{text}: {error}");
        let expected = format!("syntax error at {message}");
        assert!(error.message().starts_with(&expected), "{text}: {error}\n{expected}");
    }
}

#[test]
fn other_sql_is_not_supported() {
    for (text, message) in [
        ("(SELECT 1)", "line 1, column 2: subqueries"),
        ("SELECT a FROM b", "line 1, column 1: subqueries"),
        ("a IN (SELECT b)", "line 1, column 7: subqueries"),
        ("EXISTS (SELECT 1)", "line 1, column 9: subqueries"),
        ("sum(a) OVER (ORDER BY b)", "line 1, column 8: windows with OVER"),
        ("array_agg(a ORDER BY b)", "line 1, column 13: ORDER BY inside an expression"),
        ("q(0.5) WITHIN GROUP (a)", "line 1, column 8: WITHIN GROUP"),
        ("a[1]", "line 1, column 2: arrays and subscripts"),
        ("ARRAY[1]", "line 1, column 6: arrays and subscripts"),
        ("[1, 2]", "line 1, column 1: arrays and subscripts"),
        ("{'a': 1}", "line 1, column 1: literals of structs and maps"),
        ("a > ?", "line 1, column 5: parameters"),
        ("$1", "line 1, column 1: parameters"),
        ("a -> 'b'", "line 1, column 3: operators on JSON and lambdas"),
        ("a ^ 2", "line 1, column 3: the operator ^; write power(a, b)"),
        ("a & b", "line 1, column 3: operators on bits"),
        ("a ~* b", "line 1, column 3: ~*; write (?i) before the pattern of ~"),
        ("a SIMILAR TO b", "line 1, column 3: SIMILAR TO; write x ~ pattern"),
        ("a COLLATE b", "line 1, column 3: COLLATE"),
        ("(a, b) = (1, 2)", "line 1, column 1: rows of values in brackets"),
        ("t.*", "line 1, column 3: all columns with *"),
        ("sum(*)", "line 1, column 5: * as an argument of another function than count"),
        ("s.f(x)", "line 1, column 1: methods, and functions of a schema"),
        ("0xFF", "line 1, column 1: numbers in hexadecimal digits; X'FF' are bytes"),
        ("1L", "line 1, column 1: numbers with L behind them"),
        ("N'a'", "line 1, column 1: strings with N before them"),
        ("a::int32[]", "line 1, column 9: T[] as a type; write list(T)"),
        ("CAST(a AS TIME WITH TIME ZONE)", "line 1, column 16: times with a zone"),
        ("INTERVAL '1' YEAR TO MONTH", "line 1, column 19: intervals from one unit TO another"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.code(), Code::Unsupported, "{text}: {error}");
        let expected = format!("not supported at {message}");
        assert!(error.message().starts_with(&expected), "{text}: {error}");
    }
}

#[test]
fn names_and_keys_end_where_the_text_ends() {
    assert!(parse_named("a AS b c").is_err());
    assert!(parse_named("a AS").is_err());
    assert!(parse_named("a AS select").is_err());
    assert!(parse_sort_key("a DESC ASC").is_err());
    assert!(parse_sort_key("a NULLS").is_err());
    assert!(parse_type("int32 int32").is_err());
    assert!(parse_type("").is_err());
}

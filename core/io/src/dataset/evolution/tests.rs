use arrow_schema::Field;
use pf_compute_core::parse_type;

use super::*;

fn of(text: &str) -> DataType {
    parse_type(text).unwrap()
}

#[test]
fn common_types() {
    for (left, right, expected) in [
        ("int8", "int64", "int64"),
        ("uint8", "uint16", "uint16"),
        ("uint8", "int8", "int16"),
        ("uint32", "int8", "int64"),
        ("uint64", "int64", ""),
        ("float32", "float64", "float64"),
        ("int8", "float16", "float16"),
        ("int16", "float16", "float32"),
        ("uint32", "float32", "float64"),
        ("int64", "float64", ""),
        ("decimal(10, 2)", "decimal(9, 4)", "decimal(12, 4)"),
        ("decimal(38, 0)", "decimal(10, 5)", "decimal256(43, 5)"),
        ("decimal32(5, 2)", "decimal64(6, 4)", "decimal64(7, 4)"),
        ("decimal32(9, 2)", "decimal32(9, 4)", "decimal64(11, 4)"),
        ("decimal256(76, 0)", "decimal(10, 1)", ""),
        ("int32", "decimal(10, 2)", "decimal(12, 2)"),
        ("int8", "decimal32(4, 2)", "decimal32(5, 2)"),
        ("float32", "decimal(10, 2)", ""),
        ("date32", "timestamp(ms)", "timestamp(ms)"),
        ("date32", "date64", "date64"),
        ("date64", "timestamp(ms)", ""),
        ("date32", "timestamp(ms, 'UTC')", ""),
        ("timestamp(s)", "timestamp(ns)", "timestamp(ns)"),
        ("timestamp(s, 'Europe/Rome')", "timestamp(us, 'UTC')", "timestamp(us, 'Europe/Rome')"),
        ("timestamp(s)", "timestamp(s, 'UTC')", ""),
        ("time32(s)", "time32(ms)", "time32(ms)"),
        ("time32(s)", "time64(ns)", "time64(ns)"),
        ("duration(s)", "duration(us)", "duration(us)"),
        ("utf8", "large_utf8", "large_utf8"),
        ("large_utf8", "utf8_view", "utf8_view"),
        ("dictionary(int32, utf8)", "utf8", "utf8"),
        ("dictionary(int8, utf8)", "dictionary(int16, utf8)", "dictionary(int16, utf8)"),
        ("dictionary(uint64, utf8)", "dictionary(int64, utf8)", "utf8"),
        ("dictionary(int8, int32)", "int64", "int64"),
        ("dictionary(int8, int32)", "utf8", ""),
        ("fixed_size_binary(2)", "fixed_size_binary(3)", "binary"),
        ("fixed_size_binary(2)", "binary_view", "binary_view"),
        ("binary", "large_binary", "large_binary"),
        ("binary", "utf8", ""),
        ("bool", "int8", ""),
        ("null", "list(int8)", "list(int8)"),
        ("bool", "null", "bool"),
        ("interval", "interval(year_month)", ""),
        ("list(int8)", "large_list(int64)", "large_list(int64)"),
        (
            "fixed_size_list(int8 not null, 2)",
            "fixed_size_list(int64 not null, 2)",
            "fixed_size_list(int64 not null, 2)",
        ),
        ("fixed_size_list(int8 not null, 2)", "fixed_size_list(int8 not null, 3)", "list(int8)"),
        ("list(\"element\" int8)", "list(int16)", "list(\"element\" int16)"),
        ("list(int8)", "int8", ""),
        ("struct(a int8, b utf8 not null)", "struct(c bool not null, a int16)", "struct(a int16, b utf8, c bool)"),
        ("struct(a int8 not null)", "struct(a int8)", "struct(a int8)"),
        ("struct(a int8 not null)", "struct(a null)", "struct(a int8)"),
        ("map(utf8, int8)", "map(large_utf8, int16 not null, sorted)", "map(large_utf8, int16)"),
    ] {
        let found = common(&of(left), &of(right)).ok();
        let expected = (!expected.is_empty()).then(|| of(expected));
        assert_eq!(found, expected, "{left} and {right}");
    }
}

#[test]
fn files_widen_to_the_table() {
    for (from, to) in [
        ("int8", "int16"),
        ("uint32", "int64"),
        ("int32", "float64"),
        ("int32", "decimal(10, 0)"),
        ("decimal(10, 2)", "decimal256(14, 4)"),
        ("large_utf8", "utf8"),
        ("utf8_view", "dictionary(int8, large_utf8)"),
        ("dictionary(int32, utf8)", "dictionary(int8, utf8)"),
        ("fixed_size_binary(2)", "large_binary"),
        ("large_list(int8)", "list(int16)"),
        ("fixed_size_list(int8, 2)", "list(int16)"),
        ("struct(b utf8, a int8, c bool)", "struct(a int16, d date32)"),
        ("map(utf8, int8, sorted)", "map(utf8, int8)"),
        ("list(struct(a null))", "list(struct(a map(utf8, int8)))"),
        ("timestamp(s, 'Europe/Rome')", "timestamp(ns, 'UTC')"),
    ] {
        assert_eq!(fits(&of(from), &of(to)), Ok(()), "{from} to {to}");
    }
    for (from, to, path, inner) in [
        ("int16", "int8", "", "int8"),
        ("int64", "uint64", "", "uint64"),
        ("int64", "float64", "", "float64"),
        ("float64", "float32", "", "float32"),
        ("decimal(10, 2)", "decimal(10, 3)", "", "decimal(10, 3)"),
        ("decimal(10, 2)", "float64", "", "float64"),
        ("timestamp(ns)", "timestamp(us)", "", "timestamp(us)"),
        ("timestamp(s)", "date32", "", "date32"),
        ("binary", "fixed_size_binary(2)", "", "fixed_size_binary(2)"),
        ("fixed_size_binary(3)", "fixed_size_binary(2)", "", "fixed_size_binary(2)"),
        ("binary", "utf8", "", "utf8"),
        ("map(utf8, int8)", "map(utf8, int8, sorted)", "", "map(utf8, int8, sorted)"),
        ("struct(a int8)", "int8", "", "int8"),
        ("struct(a int8)", "struct(b int8 not null)", "", "struct(b int8 not null)"),
        ("struct(b struct(a utf8))", "struct(a int8, b struct(a int8))", "b.a", "int8"),
        ("struct(b list(bool))", "struct(b list(\"of\" int8))", "b.of", "int8"),
        ("list(int8)", "fixed_size_list(int8, 2)", "", "fixed_size_list(int8, 2)"),
        ("map(utf8, utf8)", "map(utf8, int8)", "values", "int8"),
    ] {
        let e = fits(&of(from), &of(to)).unwrap_err();
        assert_eq!((e.path.as_str(), e.to), (path, of(inner)), "{from} to {to}");
    }
}

#[test]
fn types_that_are_called_alike_are_told_apart() {
    let (from, to) = names(&of("large_list(int8)"), &of("fixed_size_list(int8, 2)"));
    assert!(from != to, "{from}");
    assert_eq!(names(&of("utf8"), &of("int8")), ("string".to_owned(), "int8".to_owned()));
}

#[test]
fn what_may_be_null_is_so_all_the_way_down_but_for_keys() {
    let field = |text: &str| Arc::new(Field::new("x", of(text), false));
    let strict = "struct(a list(int8 not null) not null, b map(utf8, struct(c fixed_size_list(int8 not null, 2) not null) not null))";
    let loose = "struct(a list(int8), b map(utf8, struct(c fixed_size_list(int8, 2))))";
    let loose = Arc::new(Field::new("x", of(loose), true));
    assert_eq!(relaxed(&field(strict)), loose);
    assert!(Arc::ptr_eq(&relaxed(&loose), &loose));
    assert_eq!(relaxed(&field("large_list(int8 not null)")).data_type(), &of("large_list(int8)"));
}

#[test]
fn names_that_are_there_twice_go_in_their_order() {
    let fields = |names: &[&str]| -> Fields { names.iter().map(|n| Field::new(*n, DataType::Int8, false)).collect() };
    let found = |from: &[&str], to: &[&str]| matching(&fields(from), &fields(to));
    assert_eq!(found(&["a", "b", "a", "c"], &["a", "a", "c", "d", "a"]), [Some(0), Some(2), Some(3), None, None]);
    assert_eq!(found(&["a", "a", "b"], &["a", "a"]), [Some(0), Some(1)]);
    assert_eq!(found(&[], &["a"]), [None]);
    let both = union(&fields(&["a", "a"]), &fields(&["b", "a"])).unwrap();
    let both: Vec<_> = both.iter().map(|f| (f.name().as_str(), f.is_nullable())).collect();
    assert_eq!(both, [("a", false), ("a", true), ("b", true)]);
}

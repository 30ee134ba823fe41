use arrow_array::cast::AsArray;
use arrow_schema::TimeUnit;
use proptest::prelude::*;

use super::*;

/// Files below a root of one component.
fn files(paths: &[&str]) -> Vec<Listed> {
    paths.iter().map(|p| Listed { path: Path::new("root=0").join(p), root: 1 }).collect()
}

fn keys(paths: &[&str], hive: Hive) -> Result<Vec<(String, Vec<Option<String>>)>> {
    let found = super::find(&files(paths), hive, &Context::default())?;
    let one = |p: Partition| (p.key, p.values.iter().map(|v| v.map(str::to_owned)).collect());
    Ok(found.into_iter().map(one).collect())
}

/// The column of values, as text after its type.
fn column(values: &[Option<&str>], given: Option<&str>, in_files: Option<&DataType>) -> Result<Vec<String>> {
    let partition = Partition { key: "k".to_owned(), values: values.iter().copied().collect() };
    let files: Vec<Listed> =
        values.iter().map(|v| Path::new(&format!("k={}/f", v.unwrap_or(NULL))).to_owned().into()).collect();
    let given = given.map(|t| parse_type(t).unwrap());
    let array = typed(&partition, given.as_ref(), in_files, &files, Hive::On)?;
    let texts = cast(&Value::Array(array.clone()), &DataType::Utf8, false)?;
    let texts = texts.inner().as_string::<i32>();
    let values = texts.iter().map(|t| t.unwrap_or("null").to_owned());
    Ok([name(array.data_type())].into_iter().chain(values).collect())
}

#[test]
fn keys_are_in_the_names_of_folders_below_the_root() {
    let pair = |key: &str, values: &[Option<&str>]| {
        (key.to_owned(), values.iter().map(|v| v.map(str::to_owned)).collect::<Vec<_>>())
    };
    let paths = ["y=1/other/m=a%3Db/x=y.parquet", "m=__HIVE_DEFAULT_PARTITION__/=/y=/f", "y=2=3/m=%ff/z"];
    let values = [pair("y", &[Some("1"), Some(""), Some("2=3")]), pair("m", &[Some("a=b"), None, Some("%ff")])];
    assert_eq!(keys(&paths, Hive::Auto).unwrap(), values);
    let root = [pair("root", &[Some("0"); 3])];
    assert_eq!(keys(&paths, Hive::On).unwrap(), [&root[..], &values[..]].concat());
    assert_eq!(keys(&paths, Hive::Off).unwrap(), []);
    assert_eq!(keys(&["a%20b=1/f"], Hive::Auto).unwrap(), [pair("a b", &[Some("1")])]);
    // A file that was named itself has no folders below it.
    let named = [Listed::from(Path::new("a=1/f").to_owned())];
    assert_eq!(super::find(&named, Hive::Auto, &Context::default()).unwrap().len(), 0);
    assert_eq!(super::find(&named, Hive::On, &Context::default()).unwrap().len(), 1);
}

#[test]
fn files_have_the_same_keys() {
    for (paths, without, with, key) in [
        (["y=1/f", "f"], "root=0/f", "root=0/y=1/f", "y"),
        (["f", "y=1/f"], "root=0/f", "root=0/y=1/f", "y"),
        (["y=1/f", "y=1/b=1/a=2/f"], "root=0/y=1/f", "root=0/y=1/b=1/a=2/f", "a"),
    ] {
        let e = keys(&paths, Hive::Auto).unwrap_err();
        assert!(e.message().starts_with(&format!("{without} has no folder '{key}=…', but {with} has")), "{e}");
        assert_eq!(e.code(), pf_base::Code::InvalidArgument);
    }
    let e = keys(&["y=1/%79=2/f"], Hive::Auto).unwrap_err();
    assert!(e.message().contains("two folders for the partition 'y'"), "{e}");
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let odd = |name: &[u8]| [Listed { path: Path::new(OsStr::from_bytes(name)).join("f"), root: 0 }];
        let e = super::find(&odd(b"y=\xff"), Hive::Auto, &Context::default()).err().unwrap();
        assert!(e.message().contains("not UTF-8"), "{e}");
        assert!(super::find(&odd(b"y\xff"), Hive::Auto, &Context::default()).unwrap().is_empty());
    }
}

#[test]
fn types_are_inferred_of_all_values() {
    for (values, expected) in [
        (&[Some("1"), Some("007"), None, Some("-5")][..], &["int64", "1", "7", "null", "-5"][..]),
        (&[Some("9223372036854775808")], &["string", "9223372036854775808"]),
        (&[Some("1"), Some("")], &["string", "1", ""]),
        (&[Some("+1")], &["string", "+1"]),
        (&[Some("-")], &["string", "-"]),
        (&[Some(" 1")], &["string", " 1"]),
        (&[Some("1.5")], &["string", "1.5"]),
        (&[Some("2024-02-29"), None], &["date32", "2024-02-29", "null"]),
        (&[Some("2024-02-30")], &["string", "2024-02-30"]),
        (&[Some("2024-02-29"), Some("1")], &["string", "2024-02-29", "1"]),
        (&[Some("2024-2-2")], &["string", "2024-2-2"]),
        (&[None, None], &["string", "null", "null"]),
    ] {
        assert_eq!(column(values, None, None).unwrap(), expected);
    }
}

#[test]
fn types_are_given_or_those_of_the_files() {
    let values = [Some("01"), None, Some("2")];
    assert_eq!(column(&values, Some("utf8"), None).unwrap(), ["string", "01", "null", "2"]);
    assert_eq!(column(&values, Some("int8"), Some(&DataType::Utf8)).unwrap(), ["int8", "1", "null", "2"]);
    assert_eq!(column(&values, Some("decimal(5, 2)"), None).unwrap(), ["decimal128(5, 2)", "1.00", "null", "2.00"]);
    assert_eq!(column(&values, Some("dictionary(int8, utf8)"), None).unwrap()[0], "dictionary(string)");
    let stamp = Some("timestamp(ms)");
    assert_eq!(
        column(&[Some("2024-01-01 10%3A00")], stamp, None).unwrap_err().message(),
        "k=2024-01-01 10%3A00: '2024-01-01 10%3A00' is not a value of timestamp(ms), which partition 'k' is"
    );
    assert_eq!(column(&[Some("2024-01-01 10:00")], stamp, None).unwrap()[1], "2024-01-01T10:00:00");
    let e = column(&[Some("1"), None, Some("200")], Some("int8"), None).unwrap_err();
    assert!(
        e.message().starts_with("k=200: '200' is not a value of int8") && e.code() == pf_base::Code::InvalidArgument
    );
    // Files that have the column too know better what it is, where that can be.
    assert_eq!(column(&values, None, Some(&DataType::Utf8)).unwrap(), ["string", "01", "null", "2"]);
    assert_eq!(column(&values, None, Some(&DataType::Int16)).unwrap()[0], "int16");
    assert_eq!(column(&values, None, Some(&DataType::Boolean)).unwrap()[0], "int64");
    assert_eq!(column(&values, None, Some(&DataType::Null)).unwrap()[0], "int64");
    assert_eq!(column(&[None], None, Some(&DataType::Null)).unwrap()[0], "string");
    assert_eq!(column(&values, None, Some(&DataType::Struct(arrow_schema::Fields::empty()))).unwrap()[0], "int64");
    assert_eq!(column(&[None], None, Some(&DataType::Duration(TimeUnit::Second))).unwrap()[0], "duration(s)");
}

#[test]
fn names_and_types_as_text() {
    let types = partition_types(&["year=int16", "a b=decimal(10, 2)", "=utf8"]).unwrap();
    let expected = [("year", DataType::Int16), ("a b", DataType::Decimal128(10, 2)), ("", DataType::Utf8)];
    assert_eq!(types, expected.map(|(n, t)| (n.to_owned(), t)));
    for (texts, part) in [
        (&["year"][..], "'year' must be written key=type"),
        (&["year=int"], ""),
        (&["year=nope"], "partition type 'year=nope': "),
        (&["year=list(int8)"], "partition 'year' cannot be list(int8)"),
        (&["year=int8", "year=int8"], "there twice"),
    ] {
        match partition_types(texts) {
            Ok(_) => assert_eq!(part, ""),
            Err(e) => assert!(!part.is_empty() && e.message().contains(part), "{e}"),
        }
    }
    assert_eq!(
        [Hive::from_name("auto"), Hive::from_name("on"), Hive::from_name("off")],
        [Ok(Hive::Auto), Ok(Hive::On), Ok(Hive::Off)]
    );
    assert!(Hive::from_name("x").is_err());
}

/// A value as Hive writes it into the name of a folder.
fn escaped(value: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-. ".contains(&b);
    let one = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    value.bytes().map(one).collect()
}

proptest! {
    #[test]
    fn any_text_comes_back(key in "\\PC{1,5}", values in prop::collection::vec(prop::option::of("\\PC{0,5}|[0-9%=/]{0,4}"), 1..5)) {
        let folder = |v: &Option<String>| v.as_ref().map_or(NULL.to_owned(), |v| escaped(v));
        let paths: Vec<String> = values.iter().map(|v| format!("{}={}/f", escaped(&key), folder(v))).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        prop_assert_eq!(keys(&paths, Hive::Auto).unwrap(), [(key, values)]);
    }

    #[test]
    fn numbers_are_what_they_say(values in prop::collection::vec(any::<Option<i64>>(), 1..5)) {
        let texts: Vec<_> = values.iter().map(|v| v.map(|v| v.to_string())).collect();
        let texts: Vec<_> = texts.iter().map(Option::as_deref).collect();
        let mut expected: Vec<String> = texts.iter().map(|v| v.unwrap_or("null").to_owned()).collect();
        expected.insert(0, if texts.iter().all(Option::is_none) { "string" } else { "int64" }.to_owned());
        prop_assert_eq!(column(&texts, None, None).unwrap(), expected);
    }
}

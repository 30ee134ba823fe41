//! Any bytes: what is read is written as text that is read as the same.

#![no_main]

use std::fmt::{Debug, Display};

use libfuzzer_sys::fuzz_target;
use pf_compute_core::{MAX_TEXT, parse, parse_named, parse_sort_key, parse_type, type_name};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    again(parse(&text), parse);
    again(parse_named(&text), parse_named);
    again(parse_sort_key(&text), parse_sort_key);
    if let Ok(data_type) = parse_type(&text) {
        let printed = type_name(&data_type);
        assert_eq!(parse_type(&printed).ok(), Some(data_type), "{printed}");
    }
});

fn again<T: PartialEq + Display + Debug, E: Debug>(read: Result<T, E>, parse: fn(&str) -> Result<T, E>) {
    let Ok(tree) = read else { return };
    let printed = tree.to_string();
    // Blanks and brackets may make a text longer than it was.
    if printed.len() <= MAX_TEXT {
        let again = parse(&printed).unwrap_or_else(|e| panic!("{printed}: {e:?}"));
        assert_eq!(again, tree, "{printed}");
        assert_eq!(again.to_string(), printed);
    }
}

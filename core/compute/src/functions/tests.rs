use std::collections::HashMap;

use arrow_array::{Array, ArrayRef};
use arrow_schema::Schema;
use pf_base::Context;

use super::*;
use crate::Settings;

#[test]
fn every_name_leads_to_its_function_and_no_name_is_there_twice() {
    let mut seen = HashMap::new();
    for f in all() {
        assert_eq!(find(f.name).map(|g| g.name), Some(f.name));
        assert_eq!(find(&f.name.to_uppercase()).map(|g| g.name), Some(f.name));
        for name in f.aliases.iter().chain([&f.name]) {
            assert_eq!(*name, name.to_lowercase(), "names are lower case");
            assert_eq!(find(name).map(|g| g.name), Some(f.name));
            assert_eq!(seen.insert(*name, f.name), None, "{name} is there twice");
        }
    }
    assert!(find("no such function").is_none());
}

#[test]
fn rows_are_complete() {
    for f in all() {
        assert!(!f.doc.is_empty() && f.doc.ends_with('.'), "{}: {:?}", f.name, f.doc);
        assert!(!f.examples.is_empty(), "{} has no example", f.name);
        let families = ["arithmetic", "comparison", "logic", "conditional", "numeric", "string", "temporal"];
        let others = ["conversion", "aggregate", "window"];
        assert!(families.contains(&f.family) || others.contains(&f.family), "{}: {}", f.name, f.family);
        for (i, p) in f.parameters.iter().enumerate() {
            assert!(!p.repeats || i + 1 == f.parameters.len(), "{}: only the last repeats", f.name);
            assert!(p.default.is_none_or(|d| crate::check::default_literal(d).is_some()), "{}: {p:?}", f.name);
            assert!(p.default.is_none() || !p.repeats, "{}: what repeats has no default", f.name);
        }
        let required = f.parameters.iter().rposition(|p| p.default.is_none()).map_or(0, |i| i + 1);
        let optional = f.parameters.iter().position(|p| p.default.is_some()).unwrap_or(f.parameters.len());
        assert!(required <= optional, "{}: what is required comes first", f.name);
    }
}

/// What an expression without columns gives, on one row.
fn value(text: &str) -> ArrayRef {
    let settings = Settings::default();
    let typed = crate::parse(text).and_then(|e| crate::check(&e, &Schema::empty(), settings));
    let typed = typed.unwrap_or_else(|e| panic!("{text}: {e}"));
    crate::evaluate(&typed, &[], 1, settings, &Context::default()).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn examples_give_what_they_say() {
    let mut wrong = Vec::new();
    for f in all() {
        for (text, gives) in f.examples {
            let outcome = std::panic::catch_unwind(|| {
                let (got, want) = (value(text), value(gives));
                let want = crate::cast(&crate::Value::Array(want), got.data_type(), false).unwrap();
                // Equal as values: NaN equals NaN here.
                let same =
                    got.to_data() == want.inner().to_data() || format!("{got:?}") == format!("{:?}", want.inner());
                assert!(same, "{got:?}");
            });
            if outcome.is_err() {
                wrong.push(format!("{}: {text} -> {gives}", f.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

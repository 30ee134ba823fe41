//! What an unknown name may have been meant to be.

use std::collections::BTreeSet;

/// The names that are spelled nearly like `wrong`, the nearest first, at most three. Case makes no difference.
pub(crate) fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    // One slip in three characters: more would be another word.
    let most = length.div_ceil(3);
    let mut near = BTreeSet::new();
    for (place, name) in names.into_iter().enumerate() {
        // Distances cost the product of the lengths, and cannot be less than their difference.
        if name.len() > 4 * (length + most) || name.chars().count().abs_diff(length) > most {
            continue;
        }
        let distance = strsim::osa_distance(&wrong, &name.to_lowercase());
        if distance <= most && distance < length {
            near.insert((distance, place, name));
        }
    }
    near.into_iter().take(3).map(|(_, _, name)| name).collect()
}

/// The end of a message about an unknown name: "; nearest: lower", or the names that there are, at most eight.
pub(crate) fn hint<'a>(wrong: &str, what: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let near = nearest(wrong, names.clone());
    if !near.is_empty() {
        return format!("; nearest: {}", near.join(", "));
    }
    let all: Vec<&str> = names.into_iter().take(9).collect();
    match all.len() {
        0 => format!("; there are no {what}"),
        9 => format!("; {what}: {}, …", all[..8].join(", ")),
        _ => format!("; {what}: {}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first() {
        assert_eq!(nearest("prcie", ["qty", "prices", "price"]), ["price", "prices"]);
        assert_eq!(nearest("lowr", ["lower", "floor", "low"]), ["lower", "low", "floor"]);
        assert_eq!(nearest("PRICE", ["price"]), ["price"]);
        assert!(nearest("x", ["y", "z"]).is_empty());
        assert!(nearest("", ["a"]).is_empty());
        assert_eq!(hint("zzz", "columns", ["a", "b"]), "; columns: a, b");
        assert_eq!(hint("zzz", "columns", []), "; there are no columns");
        let many = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        assert_eq!(hint("zzz", "columns", many), "; columns: a, b, c, d, e, f, g, h, …");
    }
}

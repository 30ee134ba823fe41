//! Both evaluators on arbitrary expressions and columns.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn evaluation_is_the_interpretation_of_every_row(bytes in vec(any::<u8>(), 0..600)) {
        prop_assert_eq!(agree(&bytes).err(), None);
    }
}

#[test]
fn most_cases_are_compared() {
    // A generator of Marsaglia's: the bytes are the same in every run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut bytes = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let mut count = [0; 3];
    for _ in 0..2_000 {
        let input: Vec<u8> = (0..64).flat_map(|_| bytes()).collect();
        count[agree(&input).unwrap() as usize] += 1;
    }
    let [refused, unknown, same] = count;
    println!("{same} compared, {refused} refused, {unknown} not interpreted");
    assert!(same >= 1_500 && unknown <= 100, "{same} compared, {refused} refused, {unknown} not interpreted");
}

#[test]
#[ignore = "survey"]
fn survey() {
    let mut state = std::env::var("SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0x2545_f491_4f6c_dd1d_u64);
    let count: usize = std::env::var("COUNT").ok().and_then(|s| s.parse().ok()).unwrap_or(5000);
    let mut bytes = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let mut found: Vec<String> = Vec::new();
    for _ in 0..count {
        let input: Vec<u8> = (0..64).flat_map(|_| bytes()).collect();
        let again = input.clone();
        match std::panic::catch_unwind(|| agree(&again)) {
            Ok(Ok(_)) => {}
            Ok(Err(e)) => found.push(e),
            Err(_) => found.push("PANIC".to_owned()),
        }
    }
    found.sort_by_key(|e| e.lines().next().unwrap_or("").len());
    println!("{} found", found.len());
    for e in found.iter().take(45) {
        println!("-----\n{}", e.chars().take(1000).collect::<String>());
    }
}

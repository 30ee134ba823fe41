use parquet::basic::Repetition;
use parquet::schema::types::{ColumnDescriptor, ColumnPath, Type as SchemaType};

use super::*;

/// The checks of an optional column of 100 rows, or of lists of as many values, of which 64 are decoded at a time.
fn checks(physical: Type, repetition: i16, limit: u64) -> Checks {
    let column = SchemaType::primitive_type_builder("x", physical)
        .with_repetition(if repetition > 0 { Repetition::REPEATED } else { Repetition::OPTIONAL })
        .build()
        .unwrap();
    let path = ColumnPath::from("x");
    let descriptor = ColumnDescriptor::new(Arc::new(column), 1, repetition, path);
    let memory = Memory::new(limit);
    let file = Arc::new(tempfile::tempfile().unwrap());
    Checks {
        descriptor: Arc::new(descriptor),
        group_rows: 100,
        left: 100,
        longest: 0,
        rows: Rows::new(64),
        bytes: ChunkBytes::new(file, 0, [], false, &memory, Arc::default()),
        memory,
        reserved: [None, None],
    }
}

fn dictionary(buf: Vec<u8>, num_values: u32) -> Page {
    Page::DictionaryPage { buf: buf.into(), num_values, encoding: Encoding::PLAIN, is_sorted: false }
}

/// A page of levels of so many bytes, then these bytes.
fn data(levels: u32, values: &[u8], num_values: u32, encoding: Encoding) -> Page {
    let levels = [&levels.to_le_bytes(), vec![0; levels as usize].as_slice()].concat();
    Page::DataPage {
        buf: [&levels, values].concat().into(),
        num_values,
        encoding,
        def_level_encoding: Encoding::RLE,
        rep_level_encoding: Encoding::RLE,
        statistics: None,
    }
}

fn fails(checks: &mut Checks, page: &Page, words: &str) {
    let error = checks.check(page).unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

#[test]
fn dictionaries_have_as_many_values_as_they_say() {
    let text = [3, 0, 0, 0, b'a', b'b', b'c', 1, 0, 0, 0, b'd'].to_vec();
    let mut of_text = checks(Type::BYTE_ARRAY, 0, u64::MAX);
    of_text.check(&dictionary(text.clone(), 2)).unwrap();
    assert_eq!(of_text.longest, 3);
    fails(&mut of_text, &dictionary(text, 3), "fewer values");
    let mut of_numbers = checks(Type::INT64, 0, 1000);
    of_numbers.check(&dictionary(vec![0; 24], 3)).unwrap();
    fails(&mut of_numbers, &dictionary(vec![0; 24], 4), "fewer values");
    fails(&mut of_numbers, &dictionary(vec![0; 24], 1 << 31), "fewer values");
    fails(&mut of_numbers, &dictionary(vec![0; 2000], 250), "needs 2000 bytes");
    assert_eq!(of_numbers.bytes.failure().map(|e| e.code()), Some(pf_base::Code::OutOfMemory));
}

#[test]
fn pages_have_no_more_values_than_there_are() {
    let mut flat = checks(Type::INT32, 0, u64::MAX);
    for _ in 0..3 {
        flat.check(&data(2, &[], 100, Encoding::PLAIN)).unwrap();
    }
    fails(&mut flat, &data(2, &[], 101, Encoding::PLAIN), "more values");
    let mut lists = checks(Type::INT32, 1, u64::MAX);
    let page = |count| Page::DataPageV2 {
        buf: vec![0; 10].into(),
        num_values: count,
        encoding: Encoding::PLAIN,
        num_nulls: 0,
        num_rows: 1,
        def_levels_byte_len: 4,
        rep_levels_byte_len: 4,
        is_compressed: false,
        statistics: None,
    };
    lists.check(&page(60)).unwrap();
    lists.check(&page(40)).unwrap();
    fails(&mut lists, &page(1), "more values");
    let short = Page::DataPage {
        buf: vec![9, 0, 0, 0, 1].into(),
        num_values: 1,
        encoding: Encoding::PLAIN,
        def_level_encoding: Encoding::RLE,
        rep_level_encoding: Encoding::RLE,
        statistics: None,
    };
    fails(&mut flat, &short, "levels pass its end");
}

#[test]
fn lengths_are_no_more_than_values() {
    // Blocks of 128 in 4 parts, 5 numbers from 7 on, then a block: a least difference, widths, one part of 4 bytes.
    let five = [128, 1, 4, 5, 14, 0, 1, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(delta(&five, 5).unwrap(), Some(0..14));
    assert!(delta(&five, 4).unwrap_err().to_string().contains("more lengths"));
    assert_eq!(delta(&[128, 1, 4, 0, 0], 0).unwrap(), None);
    for (at, value) in [(0, 129), (2, 0), (2, 8), (2, 3)] {
        let mut bad = five;
        bad[at] = value;
        assert!(delta(&bad, 5).is_err(), "{at}: {value}");
    }
    for len in 0..10 {
        assert!(delta(&five[..len], 5).is_err(), "{len}");
    }
    // 2^35 lengths in seven bytes.
    let many = [128, 1, 4, 128, 128, 128, 128, 128, 1, 0];
    let mut texts = checks(Type::BYTE_ARRAY, 0, u64::MAX);
    fails(&mut texts, &data(0, &many, 100, Encoding::DELTA_LENGTH_BYTE_ARRAY), "more lengths");
    fails(&mut texts, &data(0, &many, 100, Encoding::DELTA_BYTE_ARRAY), "more lengths");
}

#[test]
fn long_values_are_decoded_few_at_a_time() {
    // A part of the limit is 640 bytes.
    let mut texts = checks(Type::BYTE_ARRAY, 0, 640 * PARTS);
    let long = [&100_u32.to_le_bytes(), [b'x'; 100].as_slice()].concat();
    texts.check(&dictionary(long, 1)).unwrap();
    texts.check(&data(0, &[], 6, Encoding::RLE_DICTIONARY)).unwrap();
    fails(&mut texts, &data(0, &[], 60, Encoding::RLE_DICTIONARY), "64 rows at a time are too many");
    assert_eq!((texts.rows.fewer(), texts.rows.fewer()), (Some(6), None));
    texts.rows = Rows::new(6);
    texts.check(&data(0, &[], 60, Encoding::RLE_DICTIONARY)).unwrap();
    // Rows of lists have all of them, if need be: there is room, or there is not.
    let mut lists = checks(Type::BYTE_ARRAY, 1, 640 * PARTS);
    lists.longest = 1000;
    let page = Page::DataPageV2 {
        buf: vec![0; 10].into(),
        num_values: 50,
        encoding: Encoding::RLE_DICTIONARY,
        num_nulls: 0,
        num_rows: 1,
        def_levels_byte_len: 4,
        rep_levels_byte_len: 4,
        is_compressed: false,
        statistics: None,
    };
    fails(&mut lists, &page, "too many");
    lists.rows = Rows::new(lists.rows.fewer().unwrap());
    assert_eq!(lists.rows.at_once, 1);
    fails(&mut lists, &page, "needs 50000 bytes");
    assert_eq!(lists.bytes.failure().map(|e| e.code()), Some(pf_base::Code::OutOfMemory));
}

use super::*;
use proptest::prelude::*;

fn varint(bytes: &[u8]) -> (Walk<u64>, usize) {
    let mut walker = Walker::new(bytes);
    (walker.varint(), walker.at())
}

#[test]
fn what_is_written_is_read() {
    let mut writer = Writer::default();
    let mut last = 0;
    writer.field(&mut last, 1, kind::I64);
    writer.integer(i64::MIN);
    writer.field(&mut last, 20, kind::BINARY);
    writer.binary(b"text");
    writer.field(&mut last, 21, kind::LIST);
    writer.list(kind::I32, 20);
    (0..20).for_each(|i| writer.integer(i - 10));
    writer.field(&mut last, 3, kind::TRUE);
    writer.stop();
    let bytes = writer.into_bytes();
    let mut walker = Walker::new(&bytes);
    let mut last = 0;
    let field = walker.field(&mut last).unwrap().unwrap();
    assert_eq!((field.id, walker.integer_of(field)), (1, Ok(i64::MIN)));
    let field = walker.field(&mut last).unwrap().unwrap();
    assert_eq!((field.id, walker.binary_of(field)), (20, Ok(b"text".as_slice())));
    let field = walker.field(&mut last).unwrap().unwrap();
    assert_eq!((field.id, walker.list_of(field, &[kind::I32])), (21, Ok(20)));
    assert_eq!((0..20).map(|_| walker.integer().unwrap()).collect::<Vec<_>>(), (-10..10).collect::<Vec<_>>());
    let field = walker.field(&mut last).unwrap().unwrap();
    assert_eq!((field.id, walker.boolean_of(field)), (3, Ok(true)));
    assert_eq!((walker.field(&mut last), walker.left()), (Ok(None), 0));
    let mut whole = Walker::new(&bytes);
    assert_eq!(whole.span(kind::STRUCT), Ok(bytes.as_slice()));
}

#[test]
fn lies_are_found_out() {
    let end = |bytes: &[u8], kind| Walker::new(bytes).skip(kind);
    assert_eq!(end(&[0xff, 0xff, 0xff, 0xff, 0x0f], kind::BINARY), Err(Fault::End));
    // 2^28 structs in three bytes.
    assert_eq!(end(&[0xfc, 0xff, 0xff, 0xff, 0x7f, 0, 0], kind::LIST), Err(Fault::End));
    assert!(matches!(end(&[0x80; 11], kind::I64), Err(Fault::Bad(_))));
    // Booleans in a list, a map, a set, an unknown type.
    assert!(matches!(end(&[0x21, 1, 1], kind::LIST), Err(Fault::Bad(_))));
    for kind in [0, 10, 11, 13, 15] {
        assert!(matches!(end(&[0; 20], kind), Err(Fault::Bad(_))), "{kind}");
    }
    assert!(matches!(end(&[0x1c; 1000], kind::STRUCT), Err(Fault::Bad(_))));
    assert!(matches!(end(&[0x19; 1000], kind::LIST), Err(Fault::Bad(_))));
    assert!(matches!(Walker::new(&[0xf5]).field(&mut 32_760), Err(Fault::Bad(_))));
    assert_eq!(end(&[0x09, 2, 0x19, 0], kind::STRUCT), Err(Fault::End));
}

proptest! {
    #[test]
    fn numbers_are_skipped_as_they_are_read(bytes in prop::collection::vec(any::<u8>(), 0..16), high in 0..12usize) {
        let mut bytes = bytes;
        bytes.iter_mut().take(high).for_each(|b| *b |= 0x80);
        let mut walker = Walker::new(&bytes);
        let skipped = walker.skip(kind::I64);
        let (read, at) = varint(&bytes);
        prop_assert_eq!(skipped.is_ok(), read.is_ok());
        if read.is_ok() {
            prop_assert_eq!(walker.at(), at);
        }
    }

    #[test]
    fn a_walk_never_passes_the_end(bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0..16u8) {
        let mut walker = Walker::new(&bytes);
        if walker.skip(kind).is_ok() {
            prop_assert!(walker.at() <= bytes.len());
        }
    }

    #[test]
    fn integers_come_back(value: i64) {
        let mut writer = Writer::default();
        writer.integer(value);
        let bytes = writer.into_bytes();
        prop_assert_eq!(Walker::new(&bytes).integer(), Ok(value));
    }
}

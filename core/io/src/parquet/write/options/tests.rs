use super::*;

#[test]
fn codecs_are_read_with_their_levels() {
    let level = |text| codec(text, None).unwrap();
    assert_eq!(level("ZSTD"), Compression::ZSTD(ZstdLevel::try_new(1).unwrap()));
    assert_eq!(level(" zstd( 7 ) "), Compression::ZSTD(ZstdLevel::try_new(7).unwrap()));
    assert_eq!(level("lz4"), Compression::LZ4_RAW);
    assert_eq!(codec("gzip", Some(2)).unwrap(), Compression::GZIP(GzipLevel::try_new(2).unwrap()));
    for wrong in ["", "zstd(", "zstd(x)", "zstd(-1)", "zstd()", "lz5", "snappy(1)"] {
        assert!(codec(wrong, None).is_err(), "{wrong}");
    }
}

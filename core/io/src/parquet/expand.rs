//! Packed pages that unpack to more than their headers say: few bytes can be made to fill any memory.
//!
//! Most codecs are given room for as many bytes as the header says, and no more. Those that are not are unpacked to
//! nowhere first, where they could come to much.

use std::io::{Read, copy, sink};

use brotli::Decompressor;
use flate2::read::MultiGzDecoder;
use parquet::basic::Compression;
use parquet::errors::{ParquetError, Result};

use super::page::Header;

/// No deflated byte stands for more.
const DEFLATE: u64 = 1032;

/// No byte of an LZ4 block stands for more.
const LZ4: u64 = 255;

/// What LZ4 frames begin with; blocks of the format's own kind do not.
const LZ4_FRAME: &[u8] = &[0x04, 0x22, 0x4d, 0x18];

/// Bytes that are unpacked at a time.
const STEP: usize = 16 << 10;

/// Makes sure that a packed page unpacks to no more than its header says, unless that is less than `enough` either way.
/// Gives the bytes that unpacking may take beside those.
///
/// Linear in what the page unpacks to, where it has to be looked at.
///
/// # Errors
/// For a page that does not. What is damaged otherwise, unpacking will tell.
pub(crate) fn check(codec: Compression, header: &Header, page: &[u8], enough: u64) -> Result<u64> {
    let Some(packed) = page.get(header.levels..).filter(|_| header.is_packed) else { return Ok(0) };
    let most = header.unpacked.saturating_sub(header.levels) as u64;
    let len = packed.len() as u64;
    match codec {
        Compression::GZIP(_) if len.saturating_mul(DEFLATE) > enough => {
            within(MultiGzDecoder::new(packed), most)?;
        }
        Compression::BROTLI(_) => {
            // Windows of more than 16 MiB are not of the standard.
            if packed.first().is_some_and(|first| first & 0x7f == 0x11) {
                return Err(ParquetError::General("a page whose Brotli window is larger than the standard has".into()));
            }
            within(Decompressor::new(packed, STEP), most)?;
        }
        Compression::LZ4 if packed.starts_with(LZ4_FRAME) => return Ok(len.saturating_mul(LZ4)),
        _ => {}
    }
    Ok(0)
}

fn within(unpacked: impl Read, most: u64) -> Result<()> {
    match copy(&mut unpacked.take(most.saturating_add(1)), &mut sink()) {
        Ok(len) if len > most => {
            Err(ParquetError::General(format!("a page unpacks to more than the {most} bytes that its header says")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use parquet::basic::{BrotliLevel, GzipLevel};

    use super::*;

    fn header(unpacked: usize) -> Header {
        Header { unpacked, is_packed: true, ..Header::default() }
    }

    #[test]
    fn pages_that_unpack_to_more_are_refused() {
        let zeros = vec![0; 1 << 20];
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&zeros).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut packed = Vec::new();
        brotli::CompressorWriter::new(&mut packed, 4096, 9, 22).write_all(&zeros).unwrap();
        for (codec, page) in
            [(Compression::GZIP(GzipLevel::default()), gzip), (Compression::BROTLI(BrotliLevel::default()), packed)]
        {
            assert!(page.len() < 2000);
            assert_eq!(check(codec, &header(1 << 20), &page, 1000).unwrap(), 0);
            let error = check(codec, &header((1 << 20) - 1), &page, 1000).unwrap_err();
            assert!(error.to_string().contains("unpacks to more than the 1048575 bytes"), "{error}");
            let plain = Header { is_packed: false, ..header(10) };
            assert_eq!(check(codec, &plain, &page, 1000).unwrap(), 0);
            // What is damaged is found when it is unpacked.
            assert_eq!(check(codec, &header(1 << 20), &page[..page.len() / 2], 1000).unwrap(), 0);
        }
        let error = check(Compression::BROTLI(BrotliLevel::default()), &header(10), &[0x11, 30], 1000);
        assert!(error.unwrap_err().to_string().contains("window"));
    }

    #[test]
    fn frames_of_lz4_need_room_for_what_they_may_come_to() {
        let page = [LZ4_FRAME, &[0; 96]].concat();
        assert_eq!(check(Compression::LZ4, &header(10), &page, 0).unwrap(), 25_500);
        assert_eq!(check(Compression::LZ4, &header(10), &page[4..], 0).unwrap(), 0);
        assert_eq!(check(Compression::LZ4_RAW, &header(10), &page, 0).unwrap(), 0);
    }
}

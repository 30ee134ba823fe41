//! Bytes of column chunks, read from the file as the decoder asks for them.
//!
//! Small chunks are read whole, large ones in windows; where few rows of a chunk are wanted, pages are read one by one.
//! Every read names its position, so that threads share one handle. Files are never mapped: a file that is cut while
//! it is read would end the process.

use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};
use parquet::basic::Compression;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use pf_base::{Error, Memory, Reservation};

use super::super::bytes::read_exact_at;
use super::super::expand;
use super::super::page::{Header, header};

/// Chunks of no more bytes are read whole.
pub(super) const WHOLE: u64 = 4 << 20;

/// Bytes that are read at a time of larger ones.
pub(super) const WINDOW: u64 = 2 << 20;

/// What one page of one chunk may take without being looked at closely: threads read many chunks at a time, so that each
/// is a small part of the budget.
pub(super) const PARTS: u64 = 64;

/// Bytes that are read at a time where pages are left out: enough for the header of a page.
const HEADER: usize = 1 << 10;

/// The bytes of some column chunks of a file. Clones share what was read.
#[derive(Clone, Debug)]
pub(super) struct ChunkBytes(Arc<Chunks>);

#[derive(Debug)]
struct Chunks {
    file: Arc<File>,
    size: u64,
    chunks: Vec<Chunk>,
    memory: Memory,
    read: Arc<AtomicU64>,
    /// The first failure that is not the file's fault: the decoder hands on texts alone.
    failure: Mutex<Option<Error>>,
}

#[derive(Debug)]
struct Chunk {
    range: Range<u64>,
    codec: Compression,
    /// Bytes that are read at a time, at least.
    ahead: usize,
    window: Mutex<Window>,
}

/// What was read last of a chunk.
#[derive(Debug, Default)]
struct Window {
    start: u64,
    bytes: Bytes,
    /// Where the page begins whose header was read last, with that header.
    page: Option<(u64, Header)>,
    /// What the window takes, the page that is unpacked now, and what unpacking it takes beside.
    reserved: [Option<Reservation>; 3],
}

impl ChunkBytes {
    /// The bytes of these ranges, packed by these codecs, of a file of `size` bytes. With `sparse` few of their pages are
    /// wanted. What is read counts in `read`.
    pub(super) fn new(
        file: Arc<File>,
        size: u64,
        ranges: impl IntoIterator<Item = (Range<u64>, Compression)>,
        sparse: bool,
        memory: &Memory,
        read: Arc<AtomicU64>,
    ) -> Self {
        let most = memory.limit() / PARTS;
        let chunk = |(range, codec): (Range<u64>, Compression)| {
            let len = range.end.saturating_sub(range.start);
            let ahead = match () {
                () if sparse => HEADER as u64,
                () if len <= WHOLE.min(most) => len,
                () => WINDOW.min(most).max(HEADER as u64),
            };
            let ahead = usize::try_from(ahead).unwrap_or(HEADER);
            Chunk { range, codec, ahead, window: Mutex::default() }
        };
        let chunks = ranges.into_iter().map(chunk).collect();
        Self(Arc::new(Chunks { file, size, chunks, memory: memory.clone(), read, failure: Mutex::default() }))
    }

    /// Why reading failed, where that was for want of memory or by the operating system.
    pub(super) fn failure(&self) -> Option<Error> {
        self.0.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Keeps why the decoder was stopped, for [`failure`](Self::failure).
    pub(super) fn failed(&self, error: Error) -> ParquetError {
        self.0.failed(error)
    }

    fn chunk(&self, start: u64) -> Result<&Chunk> {
        let found = self.0.chunks.iter().find(|chunk| chunk.range.contains(&start));
        found.ok_or_else(|| ParquetError::General(format!("byte {start} is outside of the column chunk")))
    }
}

impl Chunks {
    /// The bytes of a chunk from `start` on, at least `least` of them, and as many more as there are at hand.
    fn fetch(&self, chunk: &Chunk, window: &mut Window, start: u64, least: usize) -> Result<Bytes> {
        let skip = start.checked_sub(window.start).and_then(|skip| usize::try_from(skip).ok());
        if let Some(skip) = skip.filter(|skip| skip.checked_add(least).is_some_and(|end| end <= window.bytes.len())) {
            return Ok(window.bytes.slice(skip..));
        }
        let rest = chunk.range.end.saturating_sub(start);
        if (least as u64) > rest {
            let text = format!("{least} bytes at {start} pass the end of the column chunk at {}", chunk.range.end);
            return Err(ParquetError::EOF(text));
        }
        let len = least.max(chunk.ahead).min(usize::try_from(rest).unwrap_or(usize::MAX));
        // The old window first: two at a time are not needed.
        window.bytes = Bytes::new();
        window.reserved[0] = None;
        let reserved = self.memory.reserve(len as u64, "bytes of a column chunk");
        let reserved = reserved.map_err(|error| self.failed(error))?;
        let mut bytes = vec![0; len];
        let read = read_exact_at(&self.file, start, &mut bytes);
        read.map_err(|error| self.failed(Error::io(format!("{len} bytes at {start}: {error}"))))?;
        self.read.fetch_add(len as u64, Ordering::Relaxed);
        window.start = start;
        window.bytes = Bytes::from(bytes);
        window.reserved[0] = Some(reserved);
        Ok(window.bytes.clone())
    }

    /// The bytes of a chunk from `start` on, where a header stands: all of it, at least.
    ///
    /// Makes room for the page behind it. The decoder allocates what the header says.
    fn fetch_header(&self, chunk: &Chunk, window: &mut Window, start: u64) -> Result<Bytes> {
        let rest = usize::try_from(chunk.range.end.saturating_sub(start)).unwrap_or(usize::MAX);
        let mut bytes = self.fetch(chunk, window, start, 1)?;
        let found = loop {
            if let Some(found) = header(&bytes)? {
                break found;
            }
            if bytes.len() >= rest {
                let text = format!("the header of the page at {start} passes the end of the column chunk");
                return Err(ParquetError::EOF(text));
            }
            let more = bytes.len().saturating_mul(2).max(HEADER).min(rest);
            bytes = self.fetch(chunk, window, start, more)?;
        };
        window.page = Some((start.saturating_add(found.len as u64), found));
        window.reserved[1] = None;
        window.reserved[2] = None;
        let reserved = self.memory.reserve(found.unpacked as u64, "a page of a column chunk");
        window.reserved[1] = Some(reserved.map_err(|error| self.failed(error))?);
        Ok(bytes)
    }

    /// Looks at a page before it is unpacked.
    fn check(&self, chunk: &Chunk, window: &mut Window, found: &Header, page: &[u8]) -> Result<()> {
        let room = expand::check(chunk.codec, found, page, self.memory.limit() / PARTS)?;
        if room > 0 {
            let reserved = self.memory.reserve(room, "a page of a column chunk");
            window.reserved[2] = Some(reserved.map_err(|error| self.failed(error))?);
        }
        Ok(())
    }

    fn failed(&self, error: Error) -> ParquetError {
        let text = error.to_string();
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        ParquetError::General(text)
    }
}

impl Length for ChunkBytes {
    fn len(&self) -> u64 {
        self.0.size
    }
}

impl ChunkReader for ChunkBytes {
    type T = ChunkRead;

    fn get_read(&self, start: u64) -> Result<ChunkRead> {
        let chunk = self.chunk(start)?;
        let mut window = chunk.window.lock().unwrap_or_else(PoisonError::into_inner);
        // A page whose header is known already is begun here, too. An empty one is not there: the next header is.
        let is_page = window.page.is_some_and(|(page, header)| page == start && header.packed > 0);
        let bytes = match is_page {
            true => self.0.fetch(chunk, &mut window, start, 1)?,
            false => self.0.fetch_header(chunk, &mut window, start)?,
        };
        Ok(ChunkRead { source: self.clone(), position: start + bytes.len() as u64, bytes })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        if length == 0 {
            return Ok(Bytes::new());
        }
        let chunk = self.chunk(start)?;
        let mut window = chunk.window.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = self.0.fetch(chunk, &mut window, start, length)?.slice(..length);
        if let Some((_, header)) = window.page.filter(|(page, header)| *page == start && header.packed == length) {
            self.0.check(chunk, &mut window, &header, &bytes)?;
        }
        Ok(bytes)
    }
}

/// The bytes of a chunk from some position to its end.
pub(super) struct ChunkRead {
    source: ChunkBytes,
    bytes: Bytes,
    /// Where what follows `bytes` begins.
    position: u64,
}

impl Read for ChunkRead {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.bytes.is_empty() {
            let Ok(chunk) = self.source.chunk(self.position) else { return Ok(0) };
            let mut window = chunk.window.lock().unwrap_or_else(PoisonError::into_inner);
            let more = self.source.0.fetch(chunk, &mut window, self.position, 1);
            self.bytes = more.map_err(std::io::Error::other)?;
            self.position += self.bytes.len() as u64;
        }
        let len = out.len().min(self.bytes.len());
        out[..len].copy_from_slice(&self.bytes[..len]);
        self.bytes.advance(len);
        Ok(len)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// A header of a page of 2,000,000 bytes, none of which are in the file.
    const HEAD: [u8; 10] = [0x15, 0x00, 0x15, 0x80, 0x92, 0xf4, 0x01, 0x15, 0x00, 0x00];

    /// Chunks of a file with a header at 5 and at 1,000.
    fn bytes_of(len: usize, ranges: &[Range<u64>], sparse: bool) -> (ChunkBytes, Vec<u8>, Arc<AtomicU64>) {
        let mut content: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
        for at in [5, 1_000] {
            if let Some(place) = content.get_mut(at..at + HEAD.len()) {
                place.copy_from_slice(&HEAD);
            }
        }
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&content).unwrap();
        let read = Arc::new(AtomicU64::new(0));
        let memory = Memory::new(u64::MAX);
        (
            ChunkBytes::new(
                Arc::new(file),
                len as u64,
                ranges.iter().map(|range| (range.clone(), Compression::UNCOMPRESSED)),
                sparse,
                &memory,
                read.clone(),
            ),
            content,
            read,
        )
    }

    #[test]
    fn small_chunks_are_read_once_and_large_ones_in_windows() {
        let (bytes, content, read) = bytes_of(10_000, &[100..5_000, 6_000..10_000], false);
        assert_eq!(bytes.get_bytes(200, 50).unwrap(), content[200..250]);
        assert_eq!(bytes.get_bytes(4_000, 1_000).unwrap(), content[4_000..5_000]);
        assert_eq!(bytes.get_bytes(6_000, 4_000).unwrap(), content[6_000..]);
        // The first read began at 200: what lies before it was not wanted then.
        assert_eq!(read.load(Ordering::Relaxed), 4_800 + 4_000);

        let large = 3 * WHOLE as usize;
        let (bytes, content, read) = bytes_of(large, std::slice::from_ref(&(0..large as u64)), false);
        assert_eq!(bytes.get_bytes(10, 100).unwrap(), content[10..110]);
        assert_eq!(read.load(Ordering::Relaxed), WINDOW);
        let mut all = Vec::new();
        bytes.get_read(5).unwrap().read_to_end(&mut all).unwrap();
        assert!(all == content[5..]);
    }

    #[test]
    fn sparse_chunks_are_read_page_by_page() {
        let (bytes, content, read) = bytes_of(1 << 20, std::slice::from_ref(&(0..1 << 20)), true);
        let mut header = [0; 30];
        bytes.get_read(1_000).unwrap().read_exact(&mut header).unwrap();
        assert_eq!(header, content[1_000..1_030]);
        assert_eq!(bytes.get_bytes(1_030, 50_000).unwrap(), content[1_030..51_030]);
        assert_eq!(read.load(Ordering::Relaxed), (HEADER + 50_000) as u64);
    }

    #[test]
    fn what_is_outside_is_an_error() {
        let (bytes, _, _) = bytes_of(1_000, std::slice::from_ref(&(100..200)), false);
        assert!(bytes.get_bytes(99, 1).is_err() && bytes.get_bytes(200, 1).is_err());
        assert!(bytes.get_bytes(150, 51).is_err() && bytes.get_bytes(150, usize::MAX).is_err());
        assert!(bytes.get_read(200).is_err());
    }

    #[test]
    fn pages_that_claim_more_than_the_budget_are_refused() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&HEAD).unwrap();
        let memory = Memory::new(1_000_000);
        let bytes = ChunkBytes::new(Arc::new(file), 10, [(0..10, Compression::SNAPPY)], false, &memory, Arc::default());
        assert!(bytes.get_read(0).is_err());
        assert_eq!(bytes.failure().unwrap().code(), pf_base::Code::OutOfMemory);
    }
}

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
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};
use pf_base::{Error, Memory, Reservation};

use super::super::bytes::read_exact_at;
use super::super::thrift::unpacked_size;

/// Chunks of no more bytes are read whole.
pub(super) const WHOLE: u64 = 4 << 20;

/// Bytes that are read at a time of larger ones.
pub(super) const WINDOW: u64 = 2 << 20;

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
    /// Bytes that are read at a time, at least.
    ahead: usize,
    window: Mutex<Window>,
}

/// What was read last of a chunk.
#[derive(Debug, Default)]
struct Window {
    start: u64,
    bytes: Bytes,
    /// Headers are asked for before the pages that they stand before.
    headers_first: bool,
    /// What the window and the page that is unpacked now take.
    reserved: [Option<Reservation>; 2],
}

impl ChunkBytes {
    /// The bytes of these `ranges` of a file of `size` bytes. With `sparse` few of their pages are wanted. What is read
    /// counts in `read`.
    pub(super) fn new(
        file: Arc<File>,
        size: u64,
        ranges: impl IntoIterator<Item = Range<u64>>,
        sparse: bool,
        memory: &Memory,
        read: Arc<AtomicU64>,
    ) -> Self {
        // Threads read many chunks at a time: each is a small part of the budget.
        let most = memory.limit() / 64;
        let chunk = |range: Range<u64>| {
            let len = range.end.saturating_sub(range.start);
            let ahead = match () {
                () if sparse => HEADER as u64,
                () if len <= WHOLE.min(most) => len,
                () => WINDOW.min(most).max(HEADER as u64),
            };
            let ahead = usize::try_from(ahead).unwrap_or(HEADER);
            Chunk { range, ahead, window: Mutex::default() }
        };
        let chunks = ranges.into_iter().map(chunk).collect();
        Self(Arc::new(Chunks { file, size, chunks, memory: memory.clone(), read, failure: Mutex::default() }))
    }

    /// Why reading failed, where that was for want of memory or by the operating system.
    pub(super) fn failure(&self) -> Option<Error> {
        self.0.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
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
        *window = Window { headers_first: window.headers_first, ..Window::default() };
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

    /// Makes room for the page whose header `bytes` begin with. The decoder allocates what the header says.
    fn make_room(&self, window: &mut Window, bytes: &[u8]) -> Result<()> {
        let Some(size) = unpacked_size(bytes) else { return Ok(()) };
        window.reserved[1] = None;
        let reserved = self.memory.reserve(size, "a page of a column chunk");
        window.reserved[1] = Some(reserved.map_err(|error| self.failed(error))?);
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
        let bytes = self.0.fetch(chunk, &mut window, start, 1)?;
        window.headers_first = true;
        self.0.make_room(&mut window, &bytes)?;
        Ok(ChunkRead { source: self.clone(), position: start + bytes.len() as u64, bytes })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let chunk = self.chunk(start)?;
        let mut window = chunk.window.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = self.0.fetch(chunk, &mut window, start, length)?.slice(..length);
        if !window.headers_first {
            self.0.make_room(&mut window, &bytes)?;
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

    fn bytes_of(len: usize, ranges: &[Range<u64>], sparse: bool) -> (ChunkBytes, Vec<u8>, Arc<AtomicU64>) {
        let content: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&content).unwrap();
        let read = Arc::new(AtomicU64::new(0));
        let memory = Memory::new(u64::MAX);
        (
            ChunkBytes::new(Arc::new(file), len as u64, ranges.iter().cloned(), sparse, &memory, read.clone()),
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
        // Type 0, 2,000,000 bytes unpacked.
        let header = [0x15, 0x00, 0x15, 0x80, 0x92, 0xf4, 0x01, 0x15, 0x10];
        assert_eq!(unpacked_size(&header), Some(2_000_000));
        assert_eq!(unpacked_size(&[0x15, 0, 0x15, 0x01]), None);
        assert_eq!(unpacked_size(&[0x15, 0, 0x15]), None);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&header).unwrap();
        let memory = Memory::new(1_000_000);
        let bytes = ChunkBytes::new(Arc::new(file), 9, std::iter::once(0..9), false, &memory, Arc::default());
        assert!(bytes.get_read(0).is_err());
        assert_eq!(bytes.failure().unwrap().code(), pf_base::Code::OutOfMemory);
    }
}

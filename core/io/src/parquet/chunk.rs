//! The metadata of one column chunk, read straight from the footer's bytes.

use super::thrift::{Fault, Field, Walk, Walker, kind};

/// What a footer says of a column chunk. Numbers are as they stand there, unchecked; texts are borrowed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chunk<'a> {
    /// Whether the chunk's metadata or pages are encrypted.
    pub(crate) encrypted: bool,
    /// The file that holds the chunk's pages, where it is another one.
    pub(crate) file_path: Option<&'a [u8]>,
    /// A bit for each encoding, by its number in the format; those above 31 are left out.
    pub(crate) encodings: u32,
    pub(crate) codec: i64,
    pub(crate) num_values: i64,
    pub(crate) uncompressed: i64,
    pub(crate) compressed: i64,
    pub(crate) data_page: i64,
    pub(crate) dictionary_page: Option<i64>,
    pub(crate) statistics: Option<ChunkStatistics<'a>>,
    pub(crate) bloom_filter: Place,
    pub(crate) offset_index: Place,
    pub(crate) column_index: Place,
}

/// Where something stands in the file.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    pub(crate) offset: Option<i64>,
    pub(crate) length: Option<i64>,
}

/// The statistics of a column chunk, as they stand in the footer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ChunkStatistics<'a> {
    /// `max` and `min` of old writers, compared as signed whatever the type.
    pub(crate) old_max: Option<&'a [u8]>,
    pub(crate) old_min: Option<&'a [u8]>,
    pub(crate) null_count: Option<i64>,
    pub(crate) distinct_count: Option<i64>,
    pub(crate) max: Option<&'a [u8]>,
    pub(crate) min: Option<&'a [u8]>,
    pub(crate) max_exact: Option<bool>,
    pub(crate) min_exact: Option<bool>,
}

impl<'a> Chunk<'a> {
    /// Reads the chunk at the walker's place.
    pub(crate) fn read(walker: &mut Walker<'a>) -> Walk<Self> {
        let mut chunk = Self::default();
        let mut described = false;
        let mut last = 0;
        while let Some(field) = walker.field(&mut last)? {
            match field.id {
                1 => chunk.file_path = Some(walker.binary_of(field)?),
                3 => {
                    described = true;
                    chunk.read_metadata(walker, field)?;
                }
                4 => chunk.offset_index.offset = Some(walker.integer_of(field)?),
                5 => chunk.offset_index.length = Some(walker.integer_of(field)?),
                6 => chunk.column_index.offset = Some(walker.integer_of(field)?),
                7 => chunk.column_index.length = Some(walker.integer_of(field)?),
                8 | 9 => {
                    chunk.encrypted = true;
                    walker.skip(field.kind)?;
                }
                _ => walker.skip(field.kind)?,
            }
        }
        if described || chunk.encrypted { Ok(chunk) } else { Err(Fault::Bad("a column chunk without metadata")) }
    }

    fn read_metadata(&mut self, walker: &mut Walker<'a>, field: Field) -> Walk<()> {
        structure(field)?;
        let mut last = 0;
        while let Some(field) = walker.field(&mut last)? {
            match field.id {
                2 => {
                    for _ in 0..walker.list_of(field, &[kind::I32])? {
                        let encoding = walker.integer()?;
                        self.encodings |= u32::try_from(encoding).ok().and_then(|e| 1u32.checked_shl(e)).unwrap_or(0);
                    }
                }
                4 => self.codec = walker.integer_of(field)?,
                5 => self.num_values = walker.integer_of(field)?,
                6 => self.uncompressed = walker.integer_of(field)?,
                7 => self.compressed = walker.integer_of(field)?,
                9 => self.data_page = walker.integer_of(field)?,
                11 => self.dictionary_page = Some(walker.integer_of(field)?),
                12 => self.statistics = Some(ChunkStatistics::read(walker, field)?),
                14 => self.bloom_filter.offset = Some(walker.integer_of(field)?),
                15 => self.bloom_filter.length = Some(walker.integer_of(field)?),
                _ => walker.skip(field.kind)?,
            }
        }
        Ok(())
    }
}

impl<'a> ChunkStatistics<'a> {
    fn read(walker: &mut Walker<'a>, field: Field) -> Walk<Self> {
        structure(field)?;
        let mut statistics = Self::default();
        let mut last = 0;
        while let Some(field) = walker.field(&mut last)? {
            match field.id {
                1 => statistics.old_max = Some(walker.binary_of(field)?),
                2 => statistics.old_min = Some(walker.binary_of(field)?),
                3 => statistics.null_count = Some(walker.integer_of(field)?),
                4 => statistics.distinct_count = Some(walker.integer_of(field)?),
                5 => statistics.max = Some(walker.binary_of(field)?),
                6 => statistics.min = Some(walker.binary_of(field)?),
                7 => statistics.max_exact = Some(walker.boolean_of(field)?),
                8 => statistics.min_exact = Some(walker.boolean_of(field)?),
                _ => walker.skip(field.kind)?,
            }
        }
        Ok(statistics)
    }
}

fn structure(field: Field) -> Walk<()> {
    if field.kind == kind::STRUCT { Ok(()) } else { Err(Fault::Bad("a field of another type, where a struct belongs")) }
}

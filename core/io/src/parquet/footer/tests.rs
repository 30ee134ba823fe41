use super::*;
use crate::parquet::testfiles::{properties, typed, wide, write};
use crate::parquet::thrift::Writer;
use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::file::metadata::{KeyValue, ParquetMetaData, ParquetMetaDataReader};
use pf_base::Code;
use proptest::prelude::*;
use tempfile::TempDir;

/// A long footer, walked over in small windows.
const SLIDING: Steps = Steps { last: 16, held: 0, window: 64 };

fn load(path: &Path, steps: Steps) -> Result<Footer> {
    let identity = Identity::of(&std::fs::metadata(path).unwrap());
    Footer::load_by(steps, path, identity, &Context::default())
}

fn file(dir: &TempDir, batch: &RecordBatch, times: usize, group: usize) -> PathBuf {
    let path = dir.path().join("a.parquet");
    let pair = |k: &str, v: Option<&str>| KeyValue { key: k.to_owned(), value: v.map(str::to_owned) };
    let pairs = vec![pair("who", Some("me")), pair("none", None), pair("who", Some("you"))];
    let properties = properties(group).set_compression(Compression::SNAPPY).set_key_value_metadata(Some(pairs));
    write(&path, batch, times, properties.build());
    path
}

fn whole(path: &Path) -> ParquetMetaData {
    ParquetMetaDataReader::new().parse_and_finish(&File::open(path).unwrap()).unwrap()
}

#[test]
fn a_footer_says_what_the_crate_says() {
    let dir = TempDir::new().unwrap();
    let ctx = Context::default();
    let path = file(&dir, &typed(25), 2, 10);
    let expected = whole(&path);
    for steps in [STEPS, SLIDING, Steps { held: 1 << 20, ..SLIDING }] {
        let footer = load(&path, steps).unwrap();
        assert_eq!(footer.num_rows(), 50);
        assert_eq!((footer.num_row_groups(), footer.version()), (5, expected.file_metadata().version()));
        assert_eq!(footer.created_by(&ctx).unwrap(), expected.file_metadata().created_by());
        let pairs: Vec<_> =
            footer.key_value(&ctx).unwrap().iter().take(3).map(|(k, v)| (k.as_str(), v.as_deref())).collect();
        assert_eq!(pairs, [("who", Some("me")), ("none", None), ("who", Some("you"))]);
        assert_eq!(footer.parquet_schema(&ctx).unwrap().columns(), expected.file_metadata().schema_descr().columns());
        let reader = ArrowReaderMetadata::try_new(Arc::new(expected.clone()), ArrowReaderOptions::new()).unwrap();
        assert_eq!(footer.schema(&ctx).unwrap(), *reader.schema());
        assert_eq!(footer.leaves_of_roots().len(), 32);
        let all = footer.metadata(None, None, &ctx).unwrap();
        assert_eq!(all.metadata.row_groups(), expected.row_groups());
        assert_eq!(all.metadata.file_metadata().column_orders(), expected.file_metadata().column_orders());
        assert_eq!(all.schema.fields(), reader.schema().fields());
    }
}

#[test]
fn reduced_metadata_reads_the_columns() {
    let dir = TempDir::new().unwrap();
    let ctx = Context::default();
    let batch = typed(25);
    let path = file(&dir, &batch, 1, 10);
    let expected = whole(&path);
    for steps in [STEPS, SLIDING] {
        let footer = load(&path, steps).unwrap();
        for (roots, groups) in [
            (vec![3, 30, 28, 4], None),
            (vec![31, 30, 29, 17, 22, 8, 2, 2], Some(vec![2, 0])),
            (vec![0], Some(vec![1])),
            (vec![], None),
            (vec![5], Some(vec![])),
        ] {
            let reduced = footer.metadata(Some(&roots), groups.as_deref(), &ctx).unwrap();
            let mut roots = roots;
            roots.sort_unstable();
            roots.dedup();
            let schema = batch.schema().project(&roots).unwrap();
            assert_eq!(reduced.schema.fields(), schema.fields());
            let leaves: Vec<usize> = roots.iter().flat_map(|r| footer.leaves_of_roots().nth(*r).unwrap()).collect();
            let mut groups = groups.unwrap_or(vec![0, 1, 2]);
            groups.sort_unstable();
            for (group, at) in reduced.metadata.row_groups().iter().zip(&groups) {
                let full = expected.row_group(*at);
                assert_eq!((group.num_rows(), group.ordinal()), (full.num_rows(), full.ordinal()));
                let columns: Vec<_> = leaves.iter().map(|leaf| full.column(*leaf).clone()).collect();
                assert_eq!(group.columns(), columns);
            }
            let metadata = ArrowReaderMetadata::try_new(reduced.metadata.clone(), ArrowReaderOptions::new()).unwrap();
            assert_eq!(*metadata.schema(), reduced.schema);
            let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(footer.open().unwrap(), metadata);
            let read: Vec<_> = reader.with_batch_size(10).build().unwrap().map(std::result::Result::unwrap).collect();
            let rows = |at: usize| batch.project(&roots).unwrap().slice(at * 10, 10.min(25 - at * 10));
            if !roots.is_empty() {
                assert_eq!(read, groups.iter().map(|at| rows(*at)).collect::<Vec<_>>());
            }
        }
        let code =
            |roots: &[usize], groups: &[usize]| footer.metadata(Some(roots), Some(groups), &ctx).unwrap_err().code();
        assert_eq!([code(&[32], &[0]), code(&[0], &[3])], [Code::InvalidArgument; 2]);
    }
}

#[test]
fn wide_files_are_walked_in_windows() {
    let dir = TempDir::new().unwrap();
    let ctx = Context::default();
    let batch = wide(1500, 16);
    let path = file(&dir, &batch, 1, 2);
    let footer = load(&path, STEPS).unwrap();
    assert!(footer.held.is_none() && footer.index.get().is_none());
    let reduced = footer.metadata(Some(&[7, 700, 1499]), None, &ctx).unwrap();
    let expected = whole(&path);
    for (group, full) in reduced.metadata.row_groups().iter().zip(expected.row_groups()) {
        let columns: Vec<_> = [7, 700, 1499].map(|at: usize| full.column(at).clone()).to_vec();
        assert_eq!(group.columns(), columns);
    }
    assert_eq!(footer.schema(&ctx).unwrap().fields(), batch.schema().fields());
    let small = ctx.with_memory_limit(1 << 10);
    assert_eq!(load(&path, STEPS).unwrap().schema(&small).unwrap_err().code(), Code::OutOfMemory);
}

#[test]
fn files_without_rows_or_columns() {
    let dir = TempDir::new().unwrap();
    let ctx = Context::default();
    for (batch, times) in [(typed(0), 1), (typed(3), 0), (typed(3).project(&[]).unwrap(), 1)] {
        let path = file(&dir, &batch, times, 10);
        for steps in [STEPS, SLIDING] {
            let footer = load(&path, steps).unwrap();
            assert_eq!(footer.num_rows() as i64, whole(&path).file_metadata().num_rows());
            assert_eq!(footer.schema(&ctx).unwrap().fields(), batch.schema().fields());
            assert_eq!(footer.metadata(None, None, &ctx).unwrap().metadata.num_row_groups(), footer.num_row_groups());
        }
    }
}

#[test]
fn an_arrow_schema_that_does_not_fit_is_left_out() {
    let dir = TempDir::new().unwrap();
    let ctx = Context::default();
    let path = dir.path().join("a.parquet");
    for value in ["nonsense", &parquet::arrow::encode_arrow_schema(&typed(1).schema())] {
        let pair = KeyValue { key: ARROW_SCHEMA_META_KEY.to_owned(), value: Some(value.to_owned()) };
        let batch = wide(4, 3);
        let file = File::create(&path).unwrap();
        let options = parquet::arrow::arrow_writer::ArrowWriterOptions::new()
            .with_skip_arrow_metadata(true)
            .with_properties(properties(10).set_key_value_metadata(Some(vec![pair])).build());
        let mut writer = parquet::arrow::ArrowWriter::try_new_with_options(file, batch.schema(), options).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let footer = load(&path, STEPS).unwrap();
        assert_eq!(footer.schema(&ctx).unwrap().fields(), batch.schema().fields());
        assert_eq!(
            footer.metadata(Some(&[1]), None, &ctx).unwrap().schema.field(0).name(),
            "feature_group_000.col_00001"
        );
    }
}

#[test]
fn what_is_no_parquet_file() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("x.parquet");
    let ctx = Context::default();
    let tail = |len: u32, magic: &[u8]| [b"PAR1".as_slice(), &[0; 4], &len.to_le_bytes(), magic].concat();
    for (bytes, code, what) in [
        (vec![], Code::Corrupt, "not a Parquet file: 0 bytes, where 12 are the least"),
        (b"PAR1PAR1".to_vec(), Code::Corrupt, "8 bytes"),
        (tail(4, b"PAR2"), Code::Corrupt, "does not end with PAR1"),
        (tail(5, b"PAR1"), Code::Corrupt, "a footer of 5 bytes in a file of 16"),
        (tail(u32::MAX, b"PAR1"), Code::Corrupt, "a footer of 4294967295 bytes"),
        (tail(4, b"PARE"), Code::Unsupported, "encrypted footer"),
        (tail(4, b"PAR1"), Code::Corrupt, "a footer without row groups"),
        (tail(0, b"PAR1"), Code::Corrupt, "it ends early"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let error = Footer::read(&path, &ctx).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.message().contains(what) && error.message().contains("x.parquet"), "{error}");
    }
    assert_eq!(Footer::read(dir.path(), &ctx).unwrap_err().code(), Code::InvalidArgument);
    assert_eq!(Footer::read(&dir.path().join("y"), &ctx).unwrap_err().code(), Code::NotFound);
}

#[test]
fn a_file_that_changes_is_noticed() {
    let dir = TempDir::new().unwrap();
    let path = file(&dir, &typed(5), 1, 5);
    let footer = load(&path, SLIDING).unwrap();
    file(&dir, &typed(9), 1, 5);
    let error = footer.schema(&Context::default()).unwrap_err();
    assert!(error.code() == Code::Io && error.message().contains("changed"), "{error}");
}

/// A schema element; the end of the struct is left to the caller.
fn element(writer: &mut Writer, name: &str, children: Option<i64>) {
    let mut last = 0;
    if children.is_none() {
        writer.field(&mut last, 1, kind::I32);
        writer.integer(1);
    }
    writer.field(&mut last, 3, kind::I32);
    writer.integer(1);
    writer.field(&mut last, 4, kind::BINARY);
    writer.binary(name.as_bytes());
    if let Some(children) = children {
        writer.field(&mut last, 5, kind::I32);
        writer.integer(children);
    }
}

/// A file of a footer of these elements (each without its end) and no row groups but what `rest` writes.
fn made(dir: &TempDir, elements: &[(&str, Option<i64>)], rest: impl FnOnce(&mut Writer, &mut i16)) -> PathBuf {
    let (mut writer, mut last) = (Writer::default(), 0);
    writer.field(&mut last, 1, kind::I32);
    writer.integer(2);
    writer.field(&mut last, 2, kind::LIST);
    writer.list(kind::STRUCT, elements.len());
    for (name, children) in elements {
        element(&mut writer, name, *children);
        writer.stop();
    }
    writer.field(&mut last, 3, kind::I64);
    writer.integer(0);
    rest(&mut writer, &mut last);
    writer.stop();
    let footer = writer.into_bytes();
    let path = dir.path().join("a.parquet");
    let file = [b"PAR1", footer.as_slice(), &(footer.len() as u32).to_le_bytes(), b"PAR1"].concat();
    std::fs::write(&path, file).unwrap();
    path
}

fn no_groups(writer: &mut Writer, last: &mut i16) {
    writer.field(last, 4, kind::LIST);
    writer.list(kind::STRUCT, 0);
}

#[test]
fn schemas_that_lie() {
    let dir = TempDir::new().unwrap();
    let ctx = Context::default();
    let nested = |depth: usize| {
        let mut elements = vec![("x", Some(1)); depth];
        elements.push(("x", None));
        elements
    };
    for (elements, what) in [
        (vec![], "a schema without elements"),
        (vec![("x", Some(2)), ("a", None)], "fewer elements"),
        (vec![("x", Some(i64::from(i32::MAX))), ("a", None)], "fewer elements"),
        (vec![("x", Some(1)), ("a", Some(1 << 40)), ("b", None)], "fewer elements"),
        (vec![("x", Some(-1))], "a negative number of columns"),
        (vec![("x", Some(1)), ("a", None), ("b", None)], "more elements"),
        (nested(1000), "nest too deep"),
    ] {
        let error = load(&made(&dir, &elements, no_groups), STEPS).unwrap_err();
        assert!(error.code() == Code::Corrupt && error.message().contains(what), "{error}");
    }
    // As deep as it may be, and groups without columns, which Arrow does not show.
    let footer = load(&made(&dir, &nested(90), no_groups), STEPS).unwrap();
    assert_eq!(footer.metadata(None, None, &ctx).unwrap().schema.fields().len(), 1);
    let hollow = [("x", Some(3)), ("a", None), ("hollow", Some(0)), ("b", None)];
    let footer = load(&made(&dir, &hollow, no_groups), STEPS).unwrap();
    let names = |schema: &SchemaRef| schema.fields().iter().map(|f| f.name().clone()).collect::<Vec<_>>();
    assert_eq!(names(&footer.schema(&ctx).unwrap()), ["a", "b"]);
    assert_eq!(names(&footer.metadata(Some(&[1]), None, &ctx).unwrap().schema), ["b"]);
}

#[test]
fn footers_that_lie() {
    let dir = TempDir::new().unwrap();
    let columns = [("x", Some(1)), ("a", None)];
    let groups = |len: usize| {
        move |writer: &mut Writer, last: &mut i16| {
            writer.field(last, 4, kind::LIST);
            writer.list(kind::STRUCT, len);
            writer.raw(&[0; 40]);
        }
    };
    let error = load(&made(&dir, &columns, groups(1 << 30)), STEPS).unwrap_err();
    assert!(error.code() == Code::Corrupt && error.message().contains("ends early"), "{error}");
    let error = load(&made(&dir, &columns, groups(3)), STEPS).unwrap_err();
    assert!(error.code() == Code::Corrupt && error.message().contains("row group"), "{error}");
    // What readers read in different ways goes to none of them.
    let booleans = |writer: &mut Writer, last: &mut i16| {
        no_groups(writer, last);
        writer.field(last, 30, kind::LIST);
        writer.list(kind::TRUE, 3);
        writer.raw(&[1; 3]);
    };
    for steps in [STEPS, SLIDING] {
        let footer = load(&made(&dir, &columns, booleans), steps);
        let error = footer.and_then(|footer| footer.schema(&Context::default())).unwrap_err();
        assert!(error.code() == Code::Corrupt && error.message().contains("booleans"), "{error}");
    }
}

#[test]
fn chunks_that_are_not_to_be_read() {
    let dir = TempDir::new().unwrap();
    let columns = [("x", Some(1)), ("a", None)];
    let group = |chunk: fn(&mut Writer)| {
        move |writer: &mut Writer, last: &mut i16| {
            writer.field(last, 4, kind::LIST);
            writer.list(kind::STRUCT, 1);
            let mut last = 0;
            writer.field(&mut last, 1, kind::LIST);
            writer.list(kind::STRUCT, 1);
            chunk(writer);
            writer.stop();
            writer.field(&mut last, 3, kind::I64);
            writer.integer(0);
            writer.stop();
        }
    };
    let elsewhere = |w: &mut Writer| {
        let mut last = 0;
        w.field(&mut last, 1, kind::BINARY);
        w.binary(b"other.parquet");
        w.field(&mut last, 3, kind::STRUCT);
        w.stop();
    };
    let encrypted = |w: &mut Writer| {
        w.field(&mut 0, 8, kind::STRUCT);
        w.stop();
    };
    let nothing = |_: &mut Writer| ();
    let astray = |w: &mut Writer| {
        let mut last = 0;
        w.field(&mut last, 2, kind::STRUCT);
        w.stop();
        w.field(&mut last, 3, kind::STRUCT);
        w.stop();
    };
    for (chunk, code, what) in [
        (elsewhere as fn(&mut Writer), Code::Unsupported, "another file"),
        (encrypted, Code::Unsupported, "encrypted columns"),
        (nothing, Code::Corrupt, "without metadata"),
        (astray, Code::Corrupt, "another type"),
    ] {
        let footer = load(&made(&dir, &columns, group(chunk)), STEPS).unwrap();
        let error = footer.metadata(None, None, &Context::default()).unwrap_err();
        assert!(error.code() == code && error.message().contains(what), "{error}");
    }
}

/// Everything that is asked of a footer, which must be answered or refused with the path.
fn ask(path: &Path, steps: Steps) {
    let ctx = Context::default().with_memory_limit(1 << 28);
    let refused = |e: Error| {
        assert!(matches!(e.code(), Code::Corrupt | Code::Unsupported), "{e:?}");
        assert!(e.message().contains("a.parquet"), "{e}");
    };
    match load(path, steps) {
        Err(e) => refused(e),
        Ok(footer) => {
            footer.schema(&ctx).map_or_else(refused, |_| ());
            footer.metadata(None, None, &ctx).map_or_else(refused, |_| ());
            let first = (footer.leaves_of_roots().len() > 3 && footer.num_row_groups() > 1).then_some([1usize]);
            let some =
                footer.metadata(first.as_ref().map(|_| [3, 1].as_slice()), first.as_ref().map(|f| f.as_slice()), &ctx);
            some.map_or_else(refused, |_| ());
        }
    }
}

#[test]
fn truncated_footers() {
    let dir = TempDir::new().unwrap();
    let path = file(&dir, &typed(12).project(&[3, 23, 29, 30]).unwrap(), 1, 6);
    let bytes = std::fs::read(&path).unwrap();
    for len in (0..bytes.len()).step_by(3) {
        // As it is, and with a tail that fits.
        std::fs::write(&path, &bytes[..len]).unwrap();
        ask(&path, STEPS);
        let footer = bytes.len() - 8 - load_len(&bytes);
        let mut cut = bytes[..len].to_vec();
        cut.extend_from_slice(&(len.saturating_sub(footer) as u32).to_le_bytes());
        cut.extend_from_slice(b"PAR1");
        std::fs::write(&path, &cut).unwrap();
        ask(&path, STEPS);
        ask(&path, SLIDING);
    }
}

fn load_len(bytes: &[u8]) -> usize {
    u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap()) as usize
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn flipped_footers(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), all: bool) {
        thread_local! {
            static FILES: [Vec<u8>; 2] = {
                let dir = TempDir::new().unwrap();
                [typed(12), typed(12).project(&[3, 23, 29, 30]).unwrap()]
                    .map(|batch| std::fs::read(file(&dir, &batch, 1, 6)).unwrap())
            };
        }
        let mut bytes = FILES.with(|files| files[usize::from(all)].clone());
        let len = load_len(&bytes);
        let start = bytes.len() - 8 - len;
        for (at, value) in flips {
            bytes[start + at.index(len)] = value;
        }
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("a.parquet");
        std::fs::write(&path, &bytes).unwrap();
        ask(&path, STEPS);
        ask(&path, SLIDING);
    }
}

//! What the structs of a footer, of indexes and of pages look like, for bytes that go to the `parquet` crate, which
//! trusts the type of each field.
//!
//! A field of another type would lead it astray; what it then takes for lengths is anybody's. Fields that are not known
//! here it passes over by the type that they name, as [`Walker::skip`] does.

use super::thrift::{Fault, Field, Walk, Walker, kind};

/// The type of a field.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    Integer,
    Byte,
    Boolean,
    Double,
    Binary,
    Struct(&'static [(i16, Shape)]),
    Booleans,
    Integers,
    Binaries,
    Structs(&'static [(i16, Shape)]),
}

use Shape::{Binaries, Binary, Boolean, Booleans, Byte, Double, Integer, Integers, Struct, Structs};

const EMPTY: &[(i16, Shape)] = &[];
const UNIT: &[(i16, Shape)] = &[(1, Struct(EMPTY)), (2, Struct(EMPTY)), (3, Struct(EMPTY))];
const TIME: &[(i16, Shape)] = &[(1, Boolean), (2, Struct(UNIT))];

const LOGICAL_TYPE: &[(i16, Shape)] = &[
    (1, Struct(EMPTY)),
    (2, Struct(EMPTY)),
    (3, Struct(EMPTY)),
    (4, Struct(EMPTY)),
    (5, Struct(&[(1, Integer), (2, Integer)])),
    (6, Struct(EMPTY)),
    (7, Struct(TIME)),
    (8, Struct(TIME)),
    (10, Struct(&[(1, Byte), (2, Boolean)])),
    (11, Struct(EMPTY)),
    (12, Struct(EMPTY)),
    (13, Struct(EMPTY)),
    (14, Struct(EMPTY)),
    (15, Struct(EMPTY)),
    (16, Struct(&[(1, Byte)])),
    (17, Struct(&[(1, Binary)])),
    (18, Struct(&[(1, Binary), (2, Integer)])),
    (19, Struct(EMPTY)),
];

/// A node of the schema.
pub(crate) const SCHEMA_ELEMENT: &[(i16, Shape)] = &[
    (1, Integer),
    (2, Integer),
    (3, Integer),
    (4, Binary),
    (5, Integer),
    (6, Integer),
    (7, Integer),
    (8, Integer),
    (9, Integer),
    (10, Struct(LOGICAL_TYPE)),
];

const STATISTICS: &[(i16, Shape)] = &[
    (1, Binary),
    (2, Binary),
    (3, Integer),
    (4, Integer),
    (5, Binary),
    (6, Binary),
    (7, Boolean),
    (8, Boolean),
    (9, Integer),
];

const BOX: &[(i16, Shape)] =
    &[(1, Double), (2, Double), (3, Double), (4, Double), (5, Double), (6, Double), (7, Double), (8, Double)];

const COLUMN_METADATA: &[(i16, Shape)] = &[
    (1, Integer),
    (2, Integers),
    (4, Integer),
    (5, Integer),
    (6, Integer),
    (7, Integer),
    (9, Integer),
    (10, Integer),
    (11, Integer),
    (12, Struct(STATISTICS)),
    (13, Structs(&[(1, Integer), (2, Integer), (3, Integer)])),
    (14, Integer),
    (15, Integer),
    (16, Struct(&[(1, Integer), (2, Integers), (3, Integers)])),
    (17, Struct(&[(1, Struct(BOX)), (2, Integers)])),
];

/// A column chunk.
pub(crate) const COLUMN_CHUNK: &[(i16, Shape)] =
    &[(1, Binary), (2, Integer), (3, Struct(COLUMN_METADATA)), (4, Integer), (5, Integer), (6, Integer), (7, Integer)];

/// The header of a page.
pub(crate) const PAGE_HEADER: &[(i16, Shape)] = &[
    (1, Integer),
    (2, Integer),
    (3, Integer),
    (4, Integer),
    (5, Struct(&[(1, Integer), (2, Integer), (3, Integer), (4, Integer), (5, Struct(STATISTICS))])),
    (6, Struct(EMPTY)),
    (7, Struct(&[(1, Integer), (2, Integer), (3, Boolean)])),
    (
        8,
        Struct(&[
            (1, Integer),
            (2, Integer),
            (3, Integer),
            (4, Integer),
            (5, Integer),
            (6, Integer),
            (7, Boolean),
            (8, Struct(STATISTICS)),
        ]),
    ),
];

/// Where the pages of a column chunk stand.
pub(crate) const OFFSET_INDEX: &[(i16, Shape)] =
    &[(1, Structs(&[(1, Integer), (2, Integer), (3, Integer)])), (2, Integers)];

/// The bounds of the pages of a column chunk.
pub(crate) const COLUMN_INDEX: &[(i16, Shape)] =
    &[(1, Booleans), (2, Binaries), (3, Binaries), (4, Integer), (5, Integers), (6, Integers), (7, Integers)];

/// Walks over a struct whose fields must have the types of `shape`.
pub(crate) fn check(walker: &mut Walker<'_>, shape: &[(i16, Shape)]) -> Walk<()> {
    let mut last = 0;
    while let Some(field) = walker.field(&mut last)? {
        match shape.iter().find(|(id, _)| *id == field.id) {
            Some((_, shape)) => check_field(walker, field, *shape)?,
            None => walker.skip(field.kind)?,
        }
    }
    Ok(())
}

fn check_field(walker: &mut Walker<'_>, field: Field, shape: Shape) -> Walk<()> {
    const WRONG: Fault = Fault::Bad("a field of another type than the format gives it");
    match (shape, field.kind) {
        // The crate reads a byte of its own only where the format has one.
        (Integer, kind::I16 | kind::I32 | kind::I64)
        | (Byte, kind::BYTE)
        | (Boolean, kind::TRUE | kind::FALSE)
        | (Double, kind::DOUBLE)
        | (Binary, kind::BINARY) => walker.skip(field.kind),
        (Struct(shape), kind::STRUCT) => check(walker, shape),
        (Integers, kind::LIST) => {
            for _ in 0..walker.list_of(field, &[kind::I16, kind::I32, kind::I64])? {
                walker.integer()?;
            }
            Ok(())
        }
        (Booleans, kind::LIST) => {
            for _ in 0..walker.list_of(field, &[kind::TRUE, kind::FALSE])? {
                walker.boolean()?;
            }
            Ok(())
        }
        (Binaries, kind::LIST) => {
            for _ in 0..walker.list_of(field, &[kind::BINARY])? {
                walker.binary()?;
            }
            Ok(())
        }
        (Structs(shape), kind::LIST) => {
            for _ in 0..walker.list_of(field, &[kind::STRUCT])? {
                check(walker, shape)?;
            }
            Ok(())
        }
        _ => Err(WRONG),
    }
}

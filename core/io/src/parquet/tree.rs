//! The schema of a footer as bytes: which of them belong to which top-level column.

use std::ops::Range;

use super::shape::{SCHEMA_ELEMENT, check};
use super::thrift::{Fault, Walk, Walker, Writer, kind};

/// How deep columns may nest. A list takes two or three levels; those who turn this into types recurse.
const DEPTH: usize = 96;

/// A top-level column that holds values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    /// Its schema elements, as bytes of the list.
    bytes: Range<usize>,
    /// How many elements those are.
    elements: usize,
    /// Its leaf columns.
    pub(crate) leaves: Range<usize>,
}

/// The schema's elements, with the place of each top-level column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    /// The list, with its head.
    bytes: Vec<u8>,
    /// The name of the schema.
    name: Range<usize>,
    pub(crate) roots: Vec<Root>,
    pub(crate) num_leaves: usize,
}

/// What of an element decides where it stands.
struct Element {
    name: Range<usize>,
    children: usize,
    typed: bool,
}

impl Tree {
    /// Finds the columns in the list of schema elements `bytes`: one walk.
    pub(crate) fn read(bytes: Vec<u8>) -> Walk<Self> {
        let mut walker = Walker::new(&bytes);
        let list = walker.list()?;
        if list.len == 0 || list.kind != kind::STRUCT {
            return Err(Fault::Bad("a schema without elements"));
        }
        let top = element(&mut walker)?;
        let mut roots = Vec::new();
        let mut leaves = 0;
        let mut elements = 1;
        for _ in 0..top.children {
            let start = walker.at();
            let (first, first_leaf) = (elements, leaves);
            // How many children are still to come, of each element that stands above the next one.
            let mut open = vec![1usize];
            while let Some(ahead) = open.last_mut() {
                if *ahead == 0 {
                    open.pop();
                    continue;
                }
                *ahead -= 1;
                elements += 1;
                if elements > list.len {
                    return Err(Fault::Bad("a schema with fewer elements than its groups have"));
                }
                let element = element(&mut walker)?;
                if element.children > list.len - elements {
                    return Err(Fault::Bad("a schema with fewer elements than its groups have"));
                }
                match element.children {
                    0 => leaves += usize::from(element.typed),
                    children => open.push(children),
                }
                if open.len() > DEPTH {
                    return Err(Fault::Bad("columns that nest too deep"));
                }
            }
            // A group without leaves has no values, and no column in the Arrow view.
            if leaves > first_leaf {
                roots.push(Root { bytes: start..walker.at(), elements: elements - first, leaves: first_leaf..leaves });
            }
        }
        if elements != list.len || walker.left() != 0 {
            return Err(Fault::Bad("a schema with more elements than its groups have"));
        }
        Ok(Self { name: top.name, roots, num_leaves: leaves, bytes })
    }

    /// Bytes that this takes.
    pub(crate) fn memory(&self) -> usize {
        self.bytes.len() + self.roots.len() * size_of::<Root>()
    }

    /// Writes the list of the elements of `roots` (positions in [`roots`](Self::roots)) under a new top.
    pub(crate) fn reduce<'a>(&self, roots: impl Iterator<Item = &'a Root> + Clone, into: &mut Writer) {
        into.list(kind::STRUCT, 1 + roots.clone().map(|r| r.elements).sum::<usize>());
        let mut last = 0;
        into.field(&mut last, 4, kind::BINARY);
        into.binary(self.bytes.get(self.name.clone()).unwrap_or_default());
        into.field(&mut last, 5, kind::I32);
        into.integer(roots.clone().count() as i64);
        into.stop();
        for root in roots {
            into.raw(self.bytes.get(root.bytes.clone()).unwrap_or_default());
        }
    }
}

fn element(walker: &mut Walker<'_>) -> Walk<Element> {
    check(&mut walker.clone(), SCHEMA_ELEMENT)?;
    let mut element = Element { name: 0..0, children: 0, typed: false };
    let mut last = 0;
    while let Some(field) = walker.field(&mut last)? {
        match field.id {
            1 => {
                element.typed = true;
                walker.skip(field.kind)?;
            }
            4 => {
                let name = walker.binary_of(field)?.len();
                element.name = walker.at() - name..walker.at();
            }
            5 => {
                let children = walker.integer_of(field)?;
                element.children = usize::try_from(children).map_err(|_| Fault::Bad("a negative number of columns"))?;
            }
            _ => walker.skip(field.kind)?,
        }
    }
    Ok(element)
}

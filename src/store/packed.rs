//! The cells of a change as one piece of bytes: of each the row, and the field and both texts with their lengths.

use std::sync::Arc;

use super::changes::{field_key, field_of};
use crate::domain::roster::CellEdit;

/// Packs cells; [`unpack`] is the inverse.
pub(super) fn pack(edits: &[CellEdit]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(edits.len() * 36);
    for edit in edits {
        number(&mut bytes, edit.row);
        for text in [field_key(edit.field), &*edit.before, &*edit.after] {
            number(&mut bytes, text.len() as u32);
            bytes.extend(text.as_bytes());
        }
    }
    bytes
}

/// Unpacks cells; `None` when the bytes are damaged. `share` makes the texts, so that equal ones may be held once.
pub(super) fn unpack(mut bytes: &[u8], share: &mut impl FnMut(&str) -> Arc<str>) -> Option<Vec<CellEdit>> {
    let mut edits = Vec::new();
    while !bytes.is_empty() {
        let row = read_number(&mut bytes)?;
        let field = field_of(read_text(&mut bytes)?)?;
        let (before, after) = (share(read_text(&mut bytes)?), share(read_text(&mut bytes)?));
        edits.push(CellEdit { row, field, before, after });
    }
    Some(edits)
}

/// Writes a number, seven bits a byte, the low ones first; the high bit says that more follow.
fn number(bytes: &mut Vec<u8>, mut value: u32) {
    while 0x80 <= value {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn read_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0;
    for place in 0..5 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return u32::try_from(value).ok();
        }
    }
    None
}

fn read_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = read_number(bytes)? as usize;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sheet::Field;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Option<Vec<CellEdit>> {
        unpack(bytes, &mut |text| text.into())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_packed_comes_back(
            cells in prop::collection::vec((any::<u32>(), 0..Field::COUNT, ".{0,200}", ".{0,9}"), 0..9),
        ) {
            let edit = |(row, field, before, after): (u32, usize, String, String)| {
                CellEdit { row, field: Field::ALL[field], before: before.into(), after: after.into() }
            };
            let edits: Vec<CellEdit> = cells.into_iter().map(edit).collect();
            prop_assert_eq!(read(&pack(&edits)), Some(edits));
        }

        #[test]
        fn damaged_bytes_are_no_cells_or_others(bytes in prop::collection::vec(any::<u8>(), 1..60)) {
            if let Some(edits) = read(&bytes) {
                prop_assert!(!edits.is_empty());
            }
        }
    }

    #[test]
    fn a_cut_is_noticed() {
        let edit = CellEdit { row: 300, field: Field::Code, before: "".into(), after: "S000062010001242J00001".into() };
        let whole = pack(std::slice::from_ref(&edit));
        for cut in 1..whole.len() {
            assert_eq!(read(&whole[..cut]), None, "{cut}");
        }
        assert_eq!(read(&whole), Some(vec![edit]));
    }
}

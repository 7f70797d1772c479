//! The table of texts of an xls, for those of which a part has a font that strikes out. It goes on in further records, also within
//! a text, whose letters then begin anew with how wide they are.

use std::collections::HashMap;

use super::{Fonts, records};

const TEXTS: u16 = 0x00FC;
const GOES_ON: u16 = 0x003C;
/// More such texts are a pattern.
const MAX_TEXTS: usize = 100_000;

/// What of a text is struck out: of what stands before the first change of fonts the cell's own decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Struck {
    as_the_cell: bool,
    has_out: bool,
    has_plain: bool,
}

impl Struck {
    /// Tells whether a part is struck out, and whether one is not, in a cell whose font strikes out or not.
    pub fn in_cell(self, is_struck: bool) -> (bool, bool) {
        (self.has_out || self.as_the_cell && is_struck, self.has_plain || self.as_the_cell && !is_struck)
    }
}

/// The texts with several fonts of which one strikes out, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Texts(HashMap<u32, Struck>);

impl Texts {
    pub fn of(stream: &[u8], fonts: &Fonts) -> Texts {
        let mut parts = records(stream, 0).skip_while(|(kind, _)| *kind != TEXTS);
        let first = parts.next().map(|(_, body)| body);
        let more = parts.take_while(|(kind, _)| *kind == GOES_ON).map(|(_, body)| body);
        let mut texts = Texts::default();
        let mut bytes = Bytes { parts: first.into_iter().chain(more).collect(), part: 0, at: 0 };
        // Whatever is not as it should be ends the table.
        let _ = texts.take(&mut bytes, fonts);
        texts
    }

    pub fn get(&self, number: u32) -> Option<Struck> {
        self.0.get(&number).copied()
    }

    fn take(&mut self, bytes: &mut Bytes<'_>, fonts: &Fonts) -> Option<()> {
        bytes.skip(4)?;
        let count = bytes.u32()?;
        for number in 0..count {
            let length = bytes.u16()?;
            let flags = bytes.byte()?;
            let runs = if flags & 8 != 0 { bytes.u16()? } else { 0 };
            let further = if flags & 4 != 0 { bytes.u32()? } else { 0 };
            let letters = bytes.letters(length, flags & 1 != 0, runs != 0)?;
            let mut changes = Vec::new();
            for _ in 0..runs {
                changes.push((usize::from(bytes.u16()?), usize::from(bytes.u16()?)));
            }
            bytes.skip(further as usize)?;
            if changes.iter().any(|(_, font)| fonts.strikes(*font)) && self.0.len() < MAX_TEXTS {
                self.0.insert(number, struck(&letters, &changes, fonts));
            }
        }
        Some(())
    }
}

/// `is_letter` tells of each place whether something is seen there.
fn struck(is_letter: &[bool], changes: &[(usize, usize)], fonts: &Fonts) -> Struck {
    let is_seen = |from: usize, upto: usize| is_letter.get(from..upto.max(from)).is_some_and(|run| run.contains(&true));
    let mut found = Struck { as_the_cell: is_seen(0, changes[0].0), ..Struck::default() };
    let ends = changes.iter().skip(1).map(|(at, _)| *at).chain([is_letter.len()]);
    for ((from, font), upto) in changes.iter().zip(ends) {
        if is_seen(*from, upto) {
            found.has_out |= fonts.strikes(*font);
            found.has_plain |= !fonts.strikes(*font);
        }
    }
    found
}

struct Bytes<'a> {
    parts: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl Bytes<'_> {
    /// Gives how many bytes are left in the part, after going on to one that has any.
    fn left(&mut self) -> Option<usize> {
        loop {
            let part = self.parts.get(self.part)?;
            if self.at < part.len() {
                return Some(part.len() - self.at);
            }
            (self.part, self.at) = (self.part + 1, 0);
        }
    }

    fn byte(&mut self) -> Option<u8> {
        self.left()?;
        let byte = self.parts[self.part][self.at];
        self.at += 1;
        Some(byte)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while 0 < count {
            let step = self.left()?.min(count);
            self.at += step;
            count -= step;
        }
        Some(())
    }

    /// Passes over letters, and tells of each whether something is seen there, if that is wanted.
    fn letters(&mut self, count: u16, mut is_wide: bool, is_wanted: bool) -> Option<Vec<bool>> {
        let mut seen = Vec::with_capacity(if is_wanted { count.into() } else { 0 });
        let mut left = usize::from(count);
        while 0 < left {
            let before = self.part;
            let there = self.left()?;
            if before != self.part {
                is_wide = self.byte()? & 1 != 0;
                continue;
            }
            let width = 1 + usize::from(is_wide);
            let step = (there / width).min(left);
            if step == 0 {
                return None;
            }
            let run = &self.parts[self.part][self.at..self.at + step * width];
            if is_wanted {
                seen.extend(
                    run.chunks_exact(width).map(|letter| {
                        !matches!(letter, [b' ' | b'\n' | b'\t'] | [b' ' | b'\n' | b'\t', 0] | [0, 0x30])
                    }),
                );
            }
            self.at += step * width;
            left -= step;
        }
        Some(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second font strikes out.
    fn fonts() -> Fonts {
        Fonts { fonts: vec![false, true], formats: Vec::new() }
    }

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(body.len() as u16).to_le_bytes(), body].concat()
    }

    fn text(words: &str, runs: &[(u16, u16)]) -> Vec<u8> {
        let letters: Vec<u16> = words.encode_utf16().collect();
        let mut all = (letters.len() as u16).to_le_bytes().to_vec();
        all.push(if runs.is_empty() { 1 } else { 9 });
        if !runs.is_empty() {
            all.extend((runs.len() as u16).to_le_bytes());
        }
        all.extend(letters.iter().flat_map(|letter| letter.to_le_bytes()));
        all.extend(runs.iter().flat_map(|(at, font)| [at.to_le_bytes(), font.to_le_bytes()].concat()));
        all
    }

    #[test]
    fn a_part_is_told_from_the_whole_also_where_the_table_goes_on() {
        let texts = [
            text("张三", &[]),
            text("王大明王小明", &[(0, 1), (3, 0)]),
            text("李四", &[(0, 1)]),
            text("赵六赵七", &[(2, 1)]),
            text("钱 \u{3000}", &[(1, 1)]),
        ];
        let head = [[0; 4], (texts.len() as u32).to_le_bytes()].concat();
        let whole = [head, texts.concat()].concat();
        let found = |stream: &[u8]| {
            let all = Texts::of(stream, &fonts());
            (0..5).map(|at| all.get(at).map(|text| text.in_cell(false))).collect::<Vec<_>>()
        };
        let expected = [None, Some((true, true)), Some((true, false)), Some((true, true)), Some((false, true))];
        assert_eq!(found(&record(TEXTS, &whole)), expected);
        // Cut within the letters of the second text, which begin anew with their width.
        let cut = 8 + text("张三", &[]).len() + 5 + 4;
        let rest = [&[1][..], &whole[cut..]].concat();
        let apart = [record(TEXTS, &whole[..cut]), record(GOES_ON, &rest)].concat();
        assert_eq!(found(&apart), expected);
        for cut in 0..apart.len() {
            let _ = found(&apart[..cut]);
        }
    }
}

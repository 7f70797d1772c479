//! From one screen to the next in few bytes: only what differs is sent, lines that moved are moved by the terminal, and
//! colours that nobody sees are left out.

mod look;
mod shift;

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr;

use super::theme::SignWidth;
use look::{CellStyle, is_blank};
use shift::{Shift, painted};

/// Writes the way from a screen to the next one.
pub struct Painter {
    shown: Buffer,
    /// Where the terminal's cursor stands, where that is certain.
    at: Option<(u16, u16)>,
    look: CellStyle,
    /// How wide the terminal draws `·`, `—` and their kin; where they are wide, each has a blank cell behind it.
    signs: SignWidth,
    /// Whether what is erased has the background that is in force.
    fills: bool,
}

impl Painter {
    /// Makes a painter over an empty screen; `fills` tells whether the terminal erases with the background that is in force.
    pub fn new(shown: Buffer, signs: SignWidth, fills: bool) -> Painter {
        Painter { shown, at: None, look: CellStyle::default(), signs, fills }
    }

    /// Learns how wide the terminal draws `·`, `—` and their kin.
    pub fn learn(&mut self, signs: SignWidth) {
        self.signs = signs;
    }

    /// Gives the screen as it stands.
    pub fn shown(&self) -> &Buffer {
        &self.shown
    }

    /// Writes what leads to the next screen, which has the same size.
    pub fn paint(&mut self, next: Buffer) -> Vec<u8> {
        let mut out = Vec::new();
        if let Some(shift) = Shift::best(&self.shown, &next) {
            self.scroll(shift, &mut out);
        }
        for y in 0..next.area.height {
            self.row_in_short(&next, y, &mut out);
        }
        CellStyle::default().follow(self.look, &mut out);
        self.look = CellStyle::default();
        self.shown = next;
        out
    }

    pub fn go(&mut self, (x, y): (u16, u16), out: &mut Vec<u8>) {
        match self.at {
            Some(at) if at == (x, y) => return,
            Some((now, row)) if row == y && now < x => {
                let by = x - now;
                out.extend_from_slice(if by == 1 { "\x1b[C".to_string() } else { format!("\x1b[{by}C") }.as_bytes());
            }
            Some((_, row)) if row == y && x == 0 => out.push(b'\r'),
            Some((_, row)) if row + 1 == y && x == 0 => out.extend_from_slice(b"\r\n"),
            _ if x == 0 => out.extend_from_slice(format!("\x1b[{}H", y + 1).as_bytes()),
            _ => out.extend_from_slice(format!("\x1b[{};{}H", y + 1, x + 1).as_bytes()),
        }
        self.at = Some((x, y));
    }

    /// Has the terminal move lines; by line feeds in a scroll region, which every terminal knows.
    fn scroll(&mut self, shift: Shift, out: &mut Vec<u8>) {
        let Shift { top, bottom, by, up } = shift;
        CellStyle::default().follow(self.look, out);
        self.look = CellStyle::default();
        out.extend_from_slice(format!("\x1b[{};{}r", top + 1, bottom + 1).as_bytes());
        // Setting the region has moved the cursor to the corner.
        self.at = None;
        self.go((0, if up { bottom } else { top }), out);
        for _ in 0..by {
            out.extend_from_slice(if up { b"\n" } else { b"\x1bM" });
        }
        out.extend_from_slice(b"\x1b[r");
        self.at = Some((0, 0));
        self.shown = shift.applied(&self.shown);
    }

    /// Writes a row. One of which much differs may be shorter when it is erased first: then only what is inked is sent.
    fn row_in_short(&mut self, next: &Buffer, y: u16, out: &mut Vec<u8>) {
        let width = next.area.width;
        let begun = (self.at, self.look);
        let mut shortest = Vec::new();
        self.row(next, y, &mut shortest);
        let mut end = (self.at, self.look);
        if usize::from(MUCH) <= painted(&self.shown, y, next, y) {
            let old: Vec<Cell> = (0..width).map(|x| self.shown[(x, y)].clone()).collect();
            for ground in self.grounds(next, y) {
                let mut bytes = Vec::new();
                (self.at, self.look) = begun;
                self.erase(&ground, y, &mut bytes);
                self.row(next, y, &mut bytes);
                if bytes.len() < shortest.len() {
                    (shortest, end) = (bytes, (self.at, self.look));
                }
                (0..width).zip(&old).for_each(|(x, cell)| self.shown[(x, y)] = cell.clone());
            }
        }
        (self.at, self.look) = end;
        out.append(&mut shortest);
    }

    /// Lists what a row may be erased to: what every terminal erases to, and the background that most of the row's blanks have.
    fn grounds(&self, next: &Buffer, y: u16) -> Vec<Cell> {
        let mut grounds = vec![Cell::default()];
        let of_blank = |cell: &&Cell| cell.symbol() == " " && cell.modifier.is_empty() && !is_blank(cell);
        let blanks: Vec<&Cell> = (0..next.area.width).map(|x| &next[(x, y)]).filter(of_blank).collect();
        let times = |cell: &&&Cell| blanks.iter().filter(|other| other.bg == cell.bg).count();
        if self.fills
            && let Some(most) = blanks.iter().max_by_key(times)
        {
            let mut ground = Cell::default();
            ground.set_bg(most.bg).set_fg(most.fg);
            grounds.push(ground);
        }
        grounds
    }

    /// Erases a row.
    fn erase(&mut self, ground: &Cell, y: u16, out: &mut Vec<u8>) {
        self.go((0, y), out);
        // The colour of the letters is set at once, as they come next.
        let look = CellStyle::of(ground.clone().set_symbol("x"));
        look.follow(self.look, out);
        self.look = look;
        out.extend_from_slice(b"\x1b[K");
        (0..self.shown.area.width).for_each(|x| self.shown[(x, y)] = ground.clone());
    }

    fn row(&mut self, next: &Buffer, y: u16, out: &mut Vec<u8>) {
        let width = next.area.width;
        // From here on the row is blank in the next screen.
        let end_of = |buffer: &Buffer| {
            let last = (0..width).rev().find(|x| !is_blank(&buffer[(*x, y)]));
            last.map_or(0, |x| x + self.columns(&buffer[(x, y)]))
        };
        let (end, old_end) = (end_of(next), end_of(&self.shown));
        let mut x = 0;
        while x < end.min(width) {
            let cell = &next[(x, y)];
            let wide = self.columns(cell);
            if self.is_same(next, x, y, wide) {
                x += wide;
                continue;
            }
            let blanks = (x..end).take_while(|x| is_blank(&next[(*x, y)])).count() as u16;
            if ERASED <= blanks {
                self.go((x, y), out);
                CellStyle::default().follow(self.look, out);
                self.look = CellStyle::default();
                out.extend_from_slice(format!("\x1b[{blanks}X").as_bytes());
                x += blanks;
                continue;
            }
            self.reach(next, x, y, out);
            self.put(cell, x, y, out);
            x += wide;
        }
        if end < old_end {
            self.go((end, y), out);
            CellStyle::default().follow(self.look, out);
            self.look = CellStyle::default();
            out.extend_from_slice(b"\x1b[K");
        }
    }

    /// Tells whether a cell, and the second half of a wide one, stands on the screen already.
    fn is_same(&self, next: &Buffer, x: u16, y: u16, wide: u16) -> bool {
        let (old, new) = (&self.shown[(x, y)], &next[(x, y)]);
        if old.symbol() != new.symbol() || CellStyle::of(old) != CellStyle::of(new) {
            return false;
        }
        // What stood on the second half of a wide character, or had a half of its own over this cell, is gone on screen.
        let is_covered = |buffer: &Buffer| x != 0 && 1 < self.columns(&buffer[(x - 1, y)]);
        wide == self.columns(old) && !is_covered(&self.shown)
    }

    /// Brings the cursor to a cell: over unchanged cells by writing them again where that is shorter.
    fn reach(&mut self, next: &Buffer, x: u16, y: u16, out: &mut Vec<u8>) {
        if let Some((from, row)) = self.at
            && row == y
            && from < x
            && x - from <= 3
        {
            let between: Vec<&Cell> = (from..x).map(|x| &next[(x, y)]).collect();
            let is_written = |c: &&Cell| {
                let look = CellStyle::of(c);
                c.symbol().len() == 1 && (look == self.look || c.symbol() == " " && look.is_as_blank(self.look))
            };
            if between.iter().all(is_written) {
                between.iter().for_each(|c| out.extend_from_slice(c.symbol().as_bytes()));
                self.at = Some((x, y));
                return;
            }
        }
        self.go((x, y), out);
    }

    fn put(&mut self, cell: &Cell, x: u16, y: u16, out: &mut Vec<u8>) {
        let symbol = cell.symbol();
        let look = CellStyle::of(cell);
        if symbol != " " || !look.is_as_blank(self.look) {
            look.follow(self.look, out);
            self.look = look;
        }
        out.extend_from_slice(symbol.as_bytes());
        let wide = self.columns(cell);
        // Terminals disagree about the width of `·` and its kin, and about the place behind the last column.
        let is_known = self.signs != SignWidth::Unknown || symbol.width() == symbol.width_cjk();
        self.at = (is_known && x + wide < self.shown.area.width).then_some((x + wide, y));
    }

    /// Counts the columns of a cell's character; the second half of a wide one counts as its own.
    fn columns(&self, cell: &Cell) -> u16 {
        let symbol = cell.symbol();
        let wide = if self.signs == SignWidth::Wide { symbol.width_cjk() } else { symbol.width() };
        (wide as u16).max(1)
    }
}

/// From so many blanks on they are erased instead of written.
const ERASED: u16 = 8;

/// Of a row of which so many cells differ it is tried whether erasing it first is shorter.
const MUCH: u16 = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZero;

    use proptest::prelude::*;
    use ratatui::style::{Color, Modifier, Style};

    const SIZE: (u16, u16) = (24, 8);

    fn screen(lines: &[String]) -> Buffer {
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, SIZE.0, SIZE.1));
        for (y, line) in lines.iter().enumerate().take(usize::from(SIZE.1)) {
            buffer.set_stringn(0, y as u16, line, usize::from(SIZE.0), Style::new());
        }
        buffer
    }

    /// Compares what a terminal shows with a screen: characters and the look of what is not blank.
    fn assert_shows(terminal: &vt100::Parser, buffer: &Buffer) {
        for y in 0..SIZE.1 {
            let mut x = 0;
            while x < SIZE.0 {
                let (seen, meant) = (terminal.screen().cell(y, x).expect("a cell"), &buffer[(x, y)]);
                let shown = if seen.contents().is_empty() { " " } else { seen.contents() };
                assert_eq!(shown, meant.symbol(), "column {x} of row {y}\n{}", terminal.screen().contents());
                let look = CellStyle::of(meant);
                let styles = [
                    (seen.bold(), Modifier::BOLD),
                    (seen.underline(), Modifier::UNDERLINED),
                    (seen.inverse(), Modifier::REVERSED),
                ];
                assert_eq!(seen.bgcolor() == vt100::Color::Default, look.behind.is_none(), "ground of {x}, {y}");
                if shown != " " {
                    styles.iter().for_each(|(is, m)| assert_eq!(*is, look.modifier.contains(*m), "{m:?} of {x}, {y}"));
                    assert_eq!(seen.fgcolor() == vt100::Color::Default, look.colour.is_none(), "colour of {x}, {y}");
                }
                x += columns(meant);
            }
        }
    }

    fn columns(cell: &Cell) -> u16 {
        (cell.symbol().width() as u16).max(1)
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(vec!["张", "a", "1", " ", "  ", "·", "省", "|", "      "]), 0..20)
            .prop_map(|parts| parts.concat())
    }

    fn style() -> impl Strategy<Value = Style> {
        let colours = prop::sample::select(vec![None, Some(Color::Red), Some(Color::DarkGray)]);
        let modifiers =
            prop::sample::select(vec![Modifier::empty(), Modifier::BOLD, Modifier::REVERSED, Modifier::UNDERLINED]);
        let grounds = prop::sample::select(vec![None, None, Some(Color::Blue), Some(Color::Cyan)]);
        (colours, modifiers, grounds).prop_map(|(colour, modifier, ground)| {
            let style = Style::new().add_modifier(modifier);
            let style = colour.map_or(style, |colour| style.fg(colour));
            ground.map_or(style, |ground| style.bg(ground))
        })
    }

    #[derive(Debug, Clone)]
    enum Step {
        Put(u16, u16, String, Style),
        Scroll(u16, u16, bool, String),
        Clear(u16),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (0..SIZE.0, 0..SIZE.1, text(), style()).prop_map(|(x, y, t, s)| Step::Put(x, y, t, s)),
            (0..SIZE.1, 0..SIZE.1, any::<bool>(), text()).prop_map(|(a, b, up, t)| Step::Scroll(
                a.min(b),
                a.max(b),
                up,
                t
            )),
            (0..SIZE.1).prop_map(Step::Clear),
        ];
        prop::collection::vec(step, 1..12)
    }

    fn apply(buffer: &mut Buffer, step: &Step) {
        match step {
            Step::Put(x, y, text, style) => {
                // As the canvas does: a wide character that is half painted over is gone.
                if let Some(before) = x.checked_sub(1).filter(|b| 1 < columns(&buffer[(*b, *y)])) {
                    buffer[(before, *y)].set_symbol(" ");
                }
                buffer.set_stringn(*x, *y, text, usize::from(SIZE.0 - x), *style);
            }
            Step::Scroll(top, bottom, up, text) => {
                *buffer = Shift { top: *top, bottom: *bottom, by: 1, up: *up }.applied(buffer);
                buffer.set_stringn(0, if *up { *bottom } else { *top }, text, usize::from(SIZE.0), Style::new());
            }
            Step::Clear(y) => (0..SIZE.0).for_each(|x| buffer[(x, *y)].reset()),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever changes from one screen to the next: the terminal shows the next one.
        #[test]
        fn the_terminal_shows_what_is_meant(frames in prop::collection::vec(steps(), 1..8)) {
            let mut terminal = vt100::Parser::new(NonZero::new(SIZE.1).unwrap(), NonZero::new(SIZE.0).unwrap(), 0);
            let mut painter = Painter::new(screen(&[]), SignWidth::Unknown, true);
            let mut meant = screen(&[]);
            for frame in frames {
                frame.iter().for_each(|step| apply(&mut meant, step));
                terminal.process(&painter.paint(meant.clone()));
                assert_shows(&terminal, &meant);
            }
        }
    }

    #[test]
    fn a_line_that_scrolls_in_is_all_that_is_painted() {
        let line =
            |n: usize| format!("{n:>3} {}{}", "甘肃省兰州市城关".repeat(n % 3), "张伟李强王芳".repeat(3 - n % 3));
        let before = screen(&(0..8).map(line).collect::<Vec<_>>());
        let after = screen(&(1..9).map(line).collect::<Vec<_>>());
        let mut painter = Painter::new(before.clone(), SignWidth::Unknown, true);
        let sent = String::from_utf8(painter.paint(after.clone())).unwrap();
        assert!(sent.starts_with("\x1b[1;8r\x1b[8H\n\x1b[r") && sent.len() < 70, "{sent:?}");
        let back = String::from_utf8(painter.paint(before)).unwrap();
        assert!(back.contains("\x1bM") && back.len() < 70, "{back:?}");
        assert!(painter.paint(after.clone()).len() < 70 && painter.paint(after).is_empty());
    }

    #[test]
    fn moves_only_after_characters_of_doubtful_width() {
        let sent = |text: &str| {
            let bytes = Painter::new(screen(&[]), SignWidth::Unknown, true).paint(screen(&[text.to_string()]));
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(sent("张伟a1"), "\x1b[1H张伟a1");
        assert_eq!(sent("提·艾"), "\x1b[1H提·\x1b[1;4H艾");
    }

    #[test]
    fn where_such_characters_are_wide_the_blank_behind_them_is_theirs() {
        let painter = |text: &str| Painter::new(screen(&[text.to_string()]), SignWidth::Wide, true);
        let sent = |from: &str, to: &str| String::from_utf8(painter(from).paint(screen(&[to.to_string()]))).unwrap();
        assert_eq!(sent("", "提· 艾"), "\x1b[1H提·艾");
        assert_eq!(sent("提· 艾", "提· 力"), "\x1b[1;5H力");
        assert_eq!(sent("提· 艾", "提a 艾"), "\x1b[1;3Ha ");
    }
}

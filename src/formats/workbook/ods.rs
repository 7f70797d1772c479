//! What the sheet of an ods has besides its values, which its parser passes over: merged ranges, what it hides, remarks, and what
//! is struck out or greyed, be it by the style of a cell, of its row or column, or of a part of its text.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader};
use std::ops::ControlFlow;

use calamine::Dimensions;

use super::MAX_ROWS;
use super::hidden::Hidden;
use super::looks::{Looker, Looks, MAX_PLACES, is_grey_ground, is_grey_text};
use super::merges::{MAX_RANGES, Zip, attribute};
use super::meter::Metered;
use super::rich::{Places, tags};

/// A run of repeated cells is looked at so far; a struck roster has no more.
const MOST_REPEATED: u32 = 1000;
/// More styles are a pattern, and a style is made of no more others, one of the other.
const MOST_STYLES: usize = 100_000;
const MOST_PARENTS: usize = 16;

/// What is known of an ods sheet besides its values.
#[derive(Debug, Default)]
pub struct SheetAside {
    pub ranges: Vec<Dimensions>,
    pub hidden: Hidden,
    pub looks: Looks,
    /// The cells of which a part is struck out, row and column from 1.
    pub partly_struck: Places,
    /// The cells that have remarks, row and column from 1.
    pub remarks: Places,
}

/// Picks it for the `nth` table.
pub fn aside(bytes: &[u8], nth: usize) -> io::Result<SheetAside> {
    let mut zip = Zip::new(Metered::new(bytes)).map_err(io::Error::other)?;
    let content = zip.by_name("content.xml").map_err(io::Error::other)?;
    spans(BufReader::with_capacity(64 * 1024, content), nth, Styles::named(bytes)?)
}

/// What a style does to a cell or a part of its text.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Look {
    is_struck: bool,
    is_greyed: bool,
}

/// What a style says itself; what it does not say it has of the one that it is made of.
#[derive(Debug, Default)]
struct Said {
    is_struck: Option<bool>,
    has_grey_text: Option<bool>,
    has_grey_ground: Option<bool>,
    parent: Vec<u8>,
}

/// The styles of the document by which something is struck out or greyed.
#[derive(Debug, Default)]
struct Styles {
    looks: HashMap<Vec<u8>, Look>,
    told: HashMap<Vec<u8>, Said>,
    /// That which is being told.
    open: Vec<u8>,
}

impl Styles {
    /// Takes those that have a name of their own, of which the document's are made.
    fn named(bytes: &[u8]) -> io::Result<Styles> {
        let mut styles = Styles::default();
        let mut zip = Zip::new(Metered::new(bytes)).map_err(io::Error::other)?;
        if let Ok(part) = zip.by_name("styles.xml") {
            tags(BufReader::with_capacity(64 * 1024, part), |_, tag| {
                styles.take(tag_name(tag), tag);
                ControlFlow::Continue(())
            })?;
        }
        Ok(styles)
    }

    fn take(&mut self, name: &[u8], tag: &[u8]) {
        match name {
            b"style:style" => {
                self.open = attribute(tag, b"name").unwrap_or_default().to_vec();
                if let Some(parent) = attribute(tag, b"parent-style-name") {
                    self.say(|said| said.parent = parent.to_vec());
                }
            }
            b"/style:style" => self.open.clear(),
            b"style:text-properties" if !self.open.is_empty() => {
                let lines = [&b"text-line-through-style"[..], b"text-line-through-type"];
                let mut said = lines.iter().filter_map(|line| attribute(tag, line)).peekable();
                if said.peek().is_some() {
                    let is_struck = said.all(|line| line != b"none");
                    self.say(|said| said.is_struck = Some(is_struck));
                }
                if let Some(color) = attribute(tag, b"color") {
                    self.say(|said| said.has_grey_text = Some(color_of(color).is_some_and(is_grey_text)));
                }
            }
            b"style:table-cell-properties" if !self.open.is_empty() => {
                if let Some(color) = attribute(tag, b"background-color") {
                    self.say(|said| said.has_grey_ground = Some(color_of(color).is_some_and(is_grey_ground)));
                }
            }
            _ => {}
        }
    }

    /// Notes what the style that is being told says.
    fn say(&mut self, note: impl FnOnce(&mut Said)) {
        if self.told.len() < MOST_STYLES {
            note(self.told.entry(self.open.clone()).or_default());
        }
    }

    /// Finds out what they do by what they are made of, once all are told.
    fn settle(&mut self) {
        let says = |said: &Said| [said.is_struck, said.has_grey_text, said.has_grey_ground].contains(&Some(true));
        if !self.told.values().any(says) {
            return;
        }
        let found = |name: &Vec<u8>, of: fn(&Said) -> Option<bool>| {
            let mut name = name;
            for _ in 0..MOST_PARENTS {
                let Some(said) = self.told.get(name) else { return false };
                match of(said) {
                    Some(is_so) => return is_so,
                    None => name = &said.parent,
                }
            }
            false
        };
        let look = |name: &Vec<u8>| Look {
            is_struck: found(name, |said| said.is_struck),
            is_greyed: found(name, |said| said.has_grey_text) || found(name, |said| said.has_grey_ground),
        };
        let looks = self.told.keys().map(|name| (name.clone(), look(name)));
        self.looks = looks.filter(|(_, look)| *look != Look::default()).collect();
    }
}

/// Reads a colour: `#d9d9d9`.
fn color_of(text: &[u8]) -> Option<[u8; 3]> {
    let digits = std::str::from_utf8(text.strip_prefix(b"#")?).ok().filter(|digits| digits.len() == 6)?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    Some([(number >> 16) as u8, (number >> 8) as u8, number as u8])
}

/// Gives the name with the sign of a closing tag before it; a tag without attributes may close itself right behind its name.
fn tag_name(tag: &[u8]) -> &[u8] {
    let is_end = |(at, b): (usize, &u8)| b.is_ascii_whitespace() || *b == b'>' || (*b == b'/' && at != 0);
    &tag[..tag.iter().enumerate().position(is_end).unwrap_or(tag.len())]
}

/// How the texts of the cell that goes by look.
#[derive(Debug, Default)]
struct CellLook {
    at: (u32, u32),
    repeat: u32,
    look: Look,
    /// For each part of the text that has a style of its own, whether that is struck out.
    parts: Vec<bool>,
    has_struck: bool,
    has_plain: bool,
}

impl CellLook {
    fn text(&mut self, before: &[u8]) {
        if !before.trim_ascii().is_empty() {
            let is_struck = self.parts.last().copied().unwrap_or(self.look.is_struck);
            self.has_struck |= is_struck;
            self.has_plain |= !is_struck;
        }
    }
}

/// Follows the tags of tables, rows and cells; a table inside a table, as in a drawing, is passed over.
fn spans(content: impl BufRead, nth: usize, mut styles: Styles) -> io::Result<SheetAside> {
    let (mut depth, mut tables, mut row, mut column, mut row_repeat) = (0_u32, 0, 0_u32, 0_u32, 0_u32);
    // Where columns are told, ahead of the rows; and how many folded groups are open.
    let (mut told, mut folds) = (0_u32, 0_u32);
    let mut aside = SheetAside::default();
    // For each open group whether it is folded.
    let mut groups: Vec<bool> = Vec::new();
    let (mut looker, mut cell) = (Looker::default(), None::<CellLook>);
    // The first column behind each run, and how its cells look where they say nothing; likewise the row.
    let (mut columns, mut row_look): (Vec<(u32, Look)>, Option<Look>) = (Vec::new(), None);
    // Where the cell stands that goes by, and whether its remark does.
    let (mut here, mut is_remark) = ((0_u32, 0_u32), false);
    tags(content, |before, tag| {
        let name = tag_name(tag);
        let number = |attribute_name: &[u8]| {
            let text = attribute(tag, attribute_name).and_then(|value| std::str::from_utf8(value).ok());
            text.and_then(|text| text.parse().ok()).unwrap_or(1_u32).clamp(1, MAX_ROWS)
        };
        let is_here = depth == 1 && tables == nth + 1;
        let by_style = |styles: &Styles, name: &[u8]| {
            attribute(tag, name).map(|style| styles.looks.get(style).copied().unwrap_or_default())
        };
        if tables == 0 && depth == 0 {
            styles.take(name, tag);
        }
        if let Some(cell) = cell.as_mut().filter(|_| !is_remark) {
            cell.text(before);
        }
        match name {
            b"table:table" => {
                if tables == 0 && depth == 0 {
                    styles.settle();
                }
                depth += 1;
                tables += usize::from(depth == 1);
            }
            b"/table:table" if is_here => return ControlFlow::Break(()),
            b"/table:table" => depth = depth.saturating_sub(1),
            b"table:table-row" if is_here => {
                column = 0;
                row_repeat = number(b"number-rows-repeated");
                row_look = by_style(&styles, b"default-cell-style-name");
                let visibility = attribute(tag, b"visibility");
                aside.hidden.is_filtered |= visibility == Some(b"filter");
                if 0 < folds || matches!(visibility, Some(b"collapse" | b"filter")) {
                    aside.hidden.hide_rows(row, row_repeat, 0 < folds);
                }
                if tag.ends_with(b"/>") {
                    row = row.saturating_add(row_repeat);
                }
            }
            b"/table:table-row" if is_here => row = row.saturating_add(row_repeat),
            b"table:table-column" if is_here => {
                let count = number(b"number-columns-repeated");
                if 0 < folds || matches!(attribute(tag, b"visibility"), Some(b"collapse" | b"filter")) {
                    aside.hidden.hide_columns(told, count);
                }
                told = told.saturating_add(count);
                if columns.len() < MAX_PLACES {
                    columns.push((told, by_style(&styles, b"default-cell-style-name").unwrap_or_default()));
                }
            }
            b"table:table-row-group" | b"table:table-column-group" if is_here && groups.len() < MAX_PLACES => {
                let is_folded = attribute(tag, b"display") == Some(b"false");
                groups.push(is_folded);
                folds += u32::from(is_folded);
            }
            b"/table:table-row-group" | b"/table:table-column-group" if is_here => {
                folds -= u32::from(groups.pop() == Some(true));
            }
            b"table:table-cell" | b"table:covered-table-cell" if is_here => {
                let (down, right) = (number(b"number-rows-spanned"), number(b"number-columns-spanned"));
                if (down > 1 || right > 1) && aside.ranges.len() < MAX_RANGES {
                    let end = (row.saturating_add(down - 1), column.saturating_add(right - 1));
                    aside.ranges.push(Dimensions::new((row, column), end));
                }
                let repeat = number(b"number-columns-repeated");
                here = (row.saturating_add(1), column.saturating_add(1));
                if !styles.looks.is_empty() && !tag.ends_with(b"/>") {
                    let by_column =
                        || columns.iter().find(|(end, _)| column < *end).map_or_else(Look::default, |(_, look)| *look);
                    let look = by_style(&styles, b"style-name").or(row_look).unwrap_or_else(by_column);
                    cell = Some(CellLook { at: (row, column), repeat, look, ..CellLook::default() });
                }
                column = column.saturating_add(repeat);
            }
            b"office:annotation" if is_here => {
                is_remark = !tag.ends_with(b"/>");
                if aside.remarks.len() < MAX_PLACES {
                    aside.remarks.push(here);
                }
            }
            b"/office:annotation" => is_remark = false,
            b"text:span" if !tag.ends_with(b"/>") => {
                let style = by_style(&styles, b"style-name");
                if let Some(cell) = &mut cell {
                    cell.parts.push(cell.look.is_struck || style.is_some_and(|look| look.is_struck));
                }
            }
            b"/text:span" => drop(cell.as_mut().and_then(|cell| cell.parts.pop())),
            b"/table:table-cell" | b"/table:covered-table-cell" if is_here => {
                let Some(cell) = cell.take().filter(|cell| cell.has_struck || cell.has_plain) else {
                    return ControlFlow::Continue(());
                };
                if cell.has_struck && cell.has_plain && aside.partly_struck.len() < MAX_PLACES {
                    aside.partly_struck.push((cell.at.0 + 1, cell.at.1 + 1));
                }
                for further in 0..cell.repeat.min(MOST_REPEATED) {
                    let at = (cell.at.0, cell.at.1.saturating_add(further));
                    looker.filled(at, !cell.has_plain, cell.look.is_greyed);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    })?;
    aside.looks = looker.done();
    Ok(aside)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(content: &[u8], nth: usize) -> io::Result<SheetAside> {
        spans(content, nth, Styles::default())
    }

    #[test]
    fn follows_the_cells_of_one_table() {
        let xml = br#"<table:table table:name="a"><table:table-row><table:table-cell table:number-columns-spanned="9"/>
            </table:table-row></table:table><table:table table:name="b"><table:table-header-rows>
            <table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row></table:table-header-rows>
            <table:table-row><table:table-cell table:number-columns-repeated="2"/><table:table-cell
            table:number-columns-spanned="2" table:number-rows-spanned="3"><text:p>x</text:p></table:table-cell>
            <table:covered-table-cell/></table:table-row></table:table>"#;
        assert_eq!(of(&xml[..], 0).unwrap().ranges, [Dimensions::new((0, 0), (0, 8))]);
        assert_eq!(of(&xml[..], 1).unwrap().ranges, [Dimensions::new((3, 2), (5, 3))]);
    }

    #[test]
    fn notes_what_a_table_hides() {
        let xml = br#"<table:table table:name="a"><table:table-column table:number-columns-repeated="3"/>
            <table:table-column table:visibility="collapse"/><table:table-column/><table:table-row><table:table-cell/>
            </table:table-row><table:table-row table:visibility="filter" table:number-rows-repeated="2"><table:table-cell/>
            </table:table-row><table:table-row-group><table:table-row><table:table-cell/></table:table-row>
            <table:table-row-group table:display="false"><table:table-row table:visibility="collapse"><table:table-cell/>
            </table:table-row></table:table-row-group></table:table-row-group><table:table-row><table:table-cell/>
            </table:table-row></table:table>"#;
        let expected =
            Hidden { rows: vec![(2, 3), (5, 5)], columns: vec![(4, 4)], folded: vec![(5, 5)], is_filtered: true };
        assert_eq!(of(&xml[..], 0).unwrap().hidden, expected);
    }

    #[test]
    fn a_tag_without_attributes_counts() {
        let xml = br#"<table:table><table:table-column/><table:table-column/><table:table-column table:visibility="collapse"/>
            <table:table-row/><table:table-row><table:table-cell/><table:table-cell table:number-columns-spanned="2"/>
            </table:table-row></table:table>"#;
        let aside = of(&xml[..], 0).unwrap();
        assert_eq!((aside.hidden.columns, aside.ranges), (vec![(3, 3)], vec![Dimensions::new((1, 1), (1, 2))]));
    }

    #[test]
    fn notes_what_is_struck_out() {
        let cell = |style: &str, text: &str| {
            let style = if style.is_empty() { String::new() } else { format!(" table:style-name=\"{style}\"") };
            format!("<table:table-cell{style}><text:p>{text}</text:p></table:table-cell>")
        };
        let styles = "<office:automatic-styles><style:style style:name=\"ce1\" style:family=\"table-cell\"><style:text-properties
            style:text-line-through-style=\"solid\" style:text-line-through-type=\"single\"/></style:style><style:style
            style:name=\"ce2\" style:family=\"table-cell\" style:parent-style-name=\"ce1\"/><style:style style:name=\"ce3\"
            style:family=\"table-cell\"><style:text-properties style:text-line-through-style=\"none\"/></style:style>
            <style:style style:name=\"T1\" style:family=\"text\"><style:text-properties style:text-line-through-style=\"wave\"/>
            </style:style></office:automatic-styles>";
        let row = |attributes: &str, cells: &[String]| {
            format!("<table:table-row{attributes}>{}</table:table-row>", cells.concat())
        };
        let part = "<text:span text:style-name=\"T1\">王大明</text:span>王小明";
        let rows = [
            row("", &[cell("ce1", "张"), cell("ce2", "1"), cell("ce3", "厂")]),
            row(" table:default-cell-style-name=\"ce1\"", &[cell("", "李"), cell("", "2"), cell("ce3", "厂")]),
            row("", &[cell("", part), cell("ce3", "3"), cell("ce1", " ")]),
            row("", &[cell("ce1", "赵"), cell("ce3", "4"), cell("ce3", "厂")]),
        ];
        let xml = format!("{styles}<table:table table:name=\"a\">{}</table:table>", rows.concat());
        let aside = of(xml.as_bytes(), 0).unwrap();
        let expected = Looks { struck: vec![(1, 2)], struck_cells: vec![(4, 1)], ..Looks::default() };
        assert_eq!((aside.looks, aside.partly_struck), (expected, vec![(3, 1)]));
    }

    #[test]
    fn notes_remarks_and_what_is_greyed() {
        let styles = "<office:automatic-styles><style:style style:name=\"g\"><style:table-cell-properties fo:background-color=\"#d9d9d9\"/>
            </style:style><style:style style:name=\"h\" style:parent-style-name=\"g\"><style:text-properties fo:color=\"#000000\"/></style:style>
            <style:style style:name=\"t\"><style:text-properties fo:color=\"#808080\"/></style:style></office:automatic-styles>";
        let cell = |style: &str, inside: &str| {
            format!("<table:table-cell table:style-name=\"{style}\">{inside}<text:p>张</text:p></table:table-cell>")
        };
        let remark = "<office:annotation><dc:creator>王</dc:creator><text:p>已退</text:p></office:annotation>";
        let row = |cells: [String; 3]| format!("<table:table-row>{}</table:table-row>", cells.concat());
        let rows = [
            row([cell("g", ""), cell("h", ""), cell("g", "")]),
            row([cell("a", ""), cell("a", remark), cell("g", "")]),
            row([cell("t", ""), cell("t", ""), cell("t", "")]),
        ];
        let aside = of(format!("{styles}<table:table>{}</table:table>", rows.concat()).as_bytes(), 0).unwrap();
        assert_eq!(
            (aside.looks.greyed, aside.looks.struck, aside.remarks),
            (vec![(1, 1), (3, 3)], vec![], vec![(2, 2)])
        );
        assert_eq!(aside.partly_struck, []);
    }

    #[test]
    fn a_style_is_struck_out_by_what_it_is_made_of() {
        let style = |name: &str, parent: &str, line: &str| {
            format!(
                "<style:style style:name=\"{name}\" style:parent-style-name=\"{parent}\"><style:text-properties {line}/></style:style>"
            )
        };
        let line = |kind: &str| format!("style:text-line-through-style=\"{kind}\"");
        let mut styles = Styles::default();
        // The one it is made of may stand behind it, or be made of itself.
        let all = [
            style("ce1", "Out", ""),
            style("ce2", "ce1", &line("none")),
            style("ce3", "Other", ""),
            style("Out", "Default", &line("solid")),
            style("Round", "Round", ""),
            "<style:default-style><style:text-properties style:text-line-through-style=\"solid\"/></style:default-style>"
                .to_string(),
        ];
        tags(all.concat().as_bytes(), |_, tag| {
            styles.take(tag_name(tag), tag);
            ControlFlow::Continue(())
        })
        .unwrap();
        styles.settle();
        let mut struck: Vec<_> = styles.looks.keys().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        struck.sort();
        assert_eq!(struck, ["Out", "ce1"]);
    }
}

//! What the sheet of an ods has besides its values, which its parser passes over: merged ranges, what it hides, and what is struck
//! out, be it by the style of a cell, of its row or column, or of a part of its text.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, BufReader};
use std::ops::ControlFlow;

use calamine::Dimensions;

use super::MAX_ROWS;
use super::hidden::Hidden;
use super::looks::{Looker, Looks, MAX_PLACES};
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
}

/// Picks it for the `nth` table.
pub fn aside(bytes: &[u8], nth: usize) -> io::Result<SheetAside> {
    let mut zip = Zip::new(Metered::new(bytes)).map_err(io::Error::other)?;
    let content = zip.by_name("content.xml").map_err(io::Error::other)?;
    spans(BufReader::with_capacity(64 * 1024, content), nth, Styles::named(bytes)?)
}

/// The styles of the document by which something is struck out.
#[derive(Debug, Default)]
struct Styles {
    struck: HashSet<Vec<u8>>,
    /// What each says itself, and the style that it is made of.
    told: HashMap<Vec<u8>, (Option<bool>, Vec<u8>)>,
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
                if let Some(parent) = attribute(tag, b"parent-style-name").filter(|_| self.told.len() < MOST_STYLES) {
                    self.told.insert(self.open.clone(), (None, parent.to_vec()));
                }
            }
            b"/style:style" => self.open.clear(),
            b"style:text-properties" if !self.open.is_empty() => {
                let lines = [&b"text-line-through-style"[..], b"text-line-through-type"];
                let mut said = lines.iter().filter_map(|line| attribute(tag, line)).peekable();
                if said.peek().is_some() && self.told.len() < MOST_STYLES {
                    let is_struck = said.all(|line| line != b"none");
                    self.told.entry(self.open.clone()).or_default().0 = Some(is_struck);
                }
            }
            _ => {}
        }
    }

    /// Finds out which are struck out by what they are made of, once all are told.
    fn settle(&mut self) {
        if !self.told.values().any(|(is_struck, _)| *is_struck == Some(true)) {
            return;
        }
        let is_struck = |name: &Vec<u8>| {
            let mut name = name;
            for _ in 0..MOST_PARENTS {
                match self.told.get(name) {
                    Some((Some(is_struck), _)) => return *is_struck,
                    Some((None, parent)) => name = parent,
                    None => return false,
                }
            }
            false
        };
        self.struck = self.told.keys().filter(|name| is_struck(name)).cloned().collect();
    }
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
    is_struck: bool,
    /// For each part of the text that has a style of its own, whether that is struck out.
    parts: Vec<bool>,
    has_struck: bool,
    has_plain: bool,
}

impl CellLook {
    fn text(&mut self, before: &[u8]) {
        if !before.trim_ascii().is_empty() {
            let is_struck = self.parts.last().copied().unwrap_or(self.is_struck);
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
    // The first column behind each run, and whether its cells are struck out where they say nothing; likewise the row.
    let (mut columns, mut is_row_struck): (Vec<(u32, bool)>, Option<bool>) = (Vec::new(), None);
    tags(content, |before, tag| {
        let name = tag_name(tag);
        let number = |attribute_name: &[u8]| {
            let text = attribute(tag, attribute_name).and_then(|value| std::str::from_utf8(value).ok());
            text.and_then(|text| text.parse().ok()).unwrap_or(1_u32).clamp(1, MAX_ROWS)
        };
        let is_here = depth == 1 && tables == nth + 1;
        let by_style = |styles: &Styles, name: &[u8]| attribute(tag, name).map(|style| styles.struck.contains(style));
        if tables == 0 && depth == 0 {
            styles.take(name, tag);
        }
        if let Some(cell) = &mut cell {
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
                is_row_struck = by_style(&styles, b"default-cell-style-name");
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
                    columns.push((told, by_style(&styles, b"default-cell-style-name").unwrap_or(false)));
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
                if !styles.struck.is_empty() && !tag.ends_with(b"/>") {
                    let by_column =
                        || columns.iter().find(|(end, _)| column < *end).is_some_and(|(_, is_struck)| *is_struck);
                    let is_struck = by_style(&styles, b"style-name").or(is_row_struck).unwrap_or_else(by_column);
                    cell = Some(CellLook { at: (row, column), repeat, is_struck, ..CellLook::default() });
                }
                column = column.saturating_add(repeat);
            }
            b"text:span" if !tag.ends_with(b"/>") => {
                let style = by_style(&styles, b"style-name");
                if let Some(cell) = &mut cell {
                    cell.parts.push(cell.is_struck || style.unwrap_or(false));
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
                    looker.filled((cell.at.0, cell.at.1.saturating_add(further)), !cell.has_plain, false);
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
        let mut struck: Vec<_> = styles.struck.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        struck.sort();
        assert_eq!(struck, ["Out", "ce1"]);
    }
}

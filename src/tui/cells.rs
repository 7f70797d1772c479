//! Text in terminal cells: every text of the data is made visible and cut by columns here, nowhere else.

use std::borrow::Cow;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::theme::{SignWidth, Strokes, Theme};
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::app::prompt::Prompt;
use crate::domain::text;
pub use crate::domain::wrap::{rest_after, wrap};

/// Counts the columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts a text to a number of columns; where something is cut off a `~` stands at the end.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    let text = text::visible(text);
    if text.width() <= columns {
        return text;
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        if columns < used + wide + 1 {
            break;
        }
        out.push_str(grapheme);
        used += wide;
    }
    if used < columns {
        out.push('~');
    }
    out.into()
}

/// So many signs that two texts share stand before what differs in them.
const SHARED: usize = 4;

/// Cuts two texts to a number of columns each, so that it can be seen where they differ first.
pub fn cut_beside([first, second]: [&str; 2], columns: usize) -> [String; 2] {
    if first.width() + second.width() <= 2 * columns {
        return [first, second].map(|text| text::visible(text).into_owned());
    }
    let same = first.graphemes(true).zip(second.graphemes(true)).take_while(|(a, b)| a == b);
    let (count, wide) = same.fold((0, 0), |(count, wide), (sign, _)| (count + 1, wide + sign.width()));
    // Two more signs are to be seen where it begins.
    let is_seen = wide + 4 <= columns || [first, second].iter().all(|text| text.width() <= columns);
    let left_out = if is_seen { 0 } else { usize::saturating_sub(count, SHARED) };
    [first, second].map(|text| match left_out {
        0 => cut(text, columns).into_owned(),
        left_out => cut(&format!("~{}", text.graphemes(true).skip(left_out).collect::<String>()), columns).into_owned(),
    })
}

/// Cuts a text to a number of columns by leaving out of its middle, where a `~` stands then.
pub fn cut_middle(text: &str, columns: usize) -> Cow<'_, str> {
    let text = text::visible(text);
    if text.width() <= columns || columns == 0 {
        return if columns == 0 { Cow::Borrowed("") } else { text };
    }
    let graphemes: Vec<&str> = text.graphemes(true).collect();
    let (mut head, mut tail, mut used) = (0, graphemes.len(), 1);
    loop {
        let next = if tail == graphemes.len() || graphemes.len() - tail < head { tail - 1 } else { head };
        let wide = graphemes[next].width();
        if tail <= head + 1 || columns < used + wide {
            break;
        }
        used += wide;
        if next == head { head += 1 } else { tail -= 1 }
    }
    format!("{}~{}", graphemes[..head].concat(), graphemes[tail..].concat()).into()
}

/// Cuts a text to a number of columns by leaving out its beginning, where a `~` stands then.
pub fn cut_beginning(text: &str, columns: usize) -> Cow<'_, str> {
    let text = text::visible(text);
    if text.width() <= columns || columns == 0 {
        return if columns == 0 { Cow::Borrowed("") } else { text };
    }
    let starts = text.grapheme_indices(true).map(|(at, _)| at);
    let at = starts.into_iter().find(|at| text[*at..].width() < columns).unwrap_or(text.len());
    format!("~{}", &text[at..]).into()
}

/// Leaves out the first columns of a text; of a character that they cut in two a blank is left.
pub fn from_column(text: &str, column: usize) -> String {
    let mut left = column;
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        if left == 0 {
            out.push_str(grapheme);
        } else if wide <= left {
            left -= wide;
        } else {
            out.extend(std::iter::repeat_n(' ', wide - left));
            left = 0;
        }
    }
    out
}

/// Cuts or pads a text to exactly a number of columns.
pub fn fit(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns).into_owned();
    let gap = columns.saturating_sub(out.width());
    out.extend(std::iter::repeat_n(' ', gap));
    out
}

/// Pads a text on the left to a number of columns.
pub fn right(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    format!("{}{text}", " ".repeat(columns.saturating_sub(text.width())))
}

/// Puts a blank behind every character that takes one column more on some terminals than on others.
fn spread(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for grapheme in text.graphemes(true) {
        out.push_str(grapheme);
        out.extend(std::iter::repeat_n(' ', grapheme.width_cjk().saturating_sub(grapheme.width())));
    }
    out
}

/// Where something was drawn that can be pointed at, or that lies over what can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClickArea {
    area: Area,
    /// What it is; nothing for what only covers the rest.
    pub target: Option<MouseTarget>,
}

impl ClickArea {
    /// Tells whether a place belongs to it.
    pub fn holds(&self, x: u16, y: u16) -> bool {
        let Area { x: left, y: top, width, height } = self.area;
        (left..left.saturating_add(width)).contains(&x) && (top..top.saturating_add(height)).contains(&y)
    }
}

/// The screen to paint on; whatever falls outside is left out.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    /// Whether the terminal draws `·`, `—` and their kin two columns wide.
    wide_signs: bool,
    strokes: Strokes,
    /// Where the terminal's cursor goes, when a text is being typed.
    pub caret: Option<(u16, u16)>,
    /// What can be pointed at, the later over the earlier.
    pub hits: Vec<ClickArea>,
}

impl<'a> Canvas<'a> {
    /// Makes a canvas over a buffer.
    pub fn new(buffer: &'a mut Buffer, theme: Theme) -> Canvas<'a> {
        let wide_signs = theme.signs == SignWidth::Wide;
        Canvas { buffer, wide_signs, strokes: theme.strokes(), caret: None, hits: Vec::new() }
    }

    /// Notes that a line of an area can be pointed at.
    pub fn points(&mut self, area: Area, row: u16, target: MouseTarget) {
        if row < area.height {
            self.hits.push(ClickArea { area: Area { y: area.y + row, height: 1, ..area }, target: Some(target) });
        }
    }

    /// Puts a text at a place, cut to a number of columns; returns the column after it.
    pub fn put(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        let Rect { width, height, .. } = self.buffer.area;
        let columns = columns.min(width.saturating_sub(x));
        if height <= y || columns == 0 {
            return x;
        }
        // A wide character whose second half is painted over would swallow what is painted there.
        let wide_signs = self.wide_signs;
        let takes_two = |c: &&mut Cell| 1 < if wide_signs { c.symbol().width_cjk() } else { c.symbol().width() };
        if let Some(before) = x.checked_sub(1).and_then(|x| self.buffer.cell_mut((x, y))).filter(takes_two) {
            before.set_symbol(" ");
        }
        let room = usize::from(columns);
        let mut text = cut(text, room);
        if self.wide_signs && text.width() != text.width_cjk() {
            // The blanks that fill a cell make way first; then the text's own end.
            let widened = spread(&text);
            text = if widened.trim_end().width() <= room { widened } else { cut(&widened, room).into_owned() }.into();
        }
        // Without the reset, a plain text over a reversed one would come out reversed.
        self.buffer.set_stringn(x, y, text, room, Style::reset().patch(style)).0
    }

    /// Fills a line of an area with a text, padded with blanks in the same style.
    pub fn line(&mut self, area: Area, row: u16, text: &str, style: Style) {
        if row < area.height {
            self.put(area.x, area.y + row, area.width, &fit(text, usize::from(area.width)), style);
        }
    }

    /// Draws the heading of a pane: its title in a rule from edge to edge.
    pub fn heading(&mut self, area: Area, title: &str, style: Style) {
        let rule = self.rule(title, usize::from(area.width));
        self.line(area, 0, &rule, style);
    }

    /// Writes a rule with a title in it: `── title ─────`.
    fn rule(&self, title: &str, columns: usize) -> String {
        let across = self.strokes.across;
        let title = format!("{across}{across} {} ", cut(title, columns.saturating_sub(6)));
        let rest = columns.saturating_sub(width(&title));
        title + &String::from(across).repeat(rest)
    }

    /// Draws a line down between two panes; `joins` where it begins in the rules of their headings.
    pub fn parting(&mut self, area: Area, joins: bool, style: Style) {
        let Strokes { down, tee, .. } = self.strokes;
        for row in 0..area.height {
            let stroke = if joins && row == 0 { tee } else { down };
            self.put(area.x, area.y + row, 1, stroke.encode_utf8(&mut [0; 4]), style);
        }
    }

    /// Draws a box with a title and clears its inside; returns the inside.
    pub fn frame(&mut self, area: Area, title: &str, style: Style) -> Area {
        self.hits.push(ClickArea { area, target: None });
        let inner = usize::from(area.width.saturating_sub(2));
        let Strokes { across, down, corners: [top_left, top_right, bottom_left, bottom_right], .. } = self.strokes;
        let top = self.rule(title, inner);
        self.line(area, 0, &format!("{top_left}{top}{top_right}"), style);
        for row in 1..area.height.saturating_sub(1) {
            self.line(area, row, &format!("{down}{}{down}", " ".repeat(inner)), style);
        }
        let bottom = String::from(across).repeat(inner);
        self.line(area, area.height.saturating_sub(1), &format!("{bottom_left}{bottom}{bottom_right}"), style);
        Area {
            x: area.x + 2,
            y: area.y + 1,
            width: area.width.saturating_sub(4),
            height: area.height.saturating_sub(2),
        }
    }

    /// Draws a line of text that is being typed and puts the terminal's cursor at its caret.
    pub fn prompt(&mut self, x: u16, y: u16, columns: u16, prompt: &Prompt, style: Style) {
        let room = usize::from(columns);
        // No more of a long line is looked at than may be seen of it.
        let near = prompt.before().char_indices().rev().nth(room * 4).map_or(0, |(i, _)| i);
        let before = text::visible(&prompt.before()[near..]).into_owned();
        let mut start = before.len();
        let mut wide = 0;
        // The caret takes a column of its own behind the last character.
        for (i, grapheme) in before.grapheme_indices(true).rev() {
            wide += grapheme.width();
            if room <= wide {
                break;
            }
            start = i;
        }
        let after: String = prompt.text()[prompt.caret()..].chars().take(room * 4).collect();
        let after = text::visible(&after).into_owned();
        let shown = format!("{}{after}", &before[start..]);
        self.put(x, y, columns, &fit(&shown, room), style);
        let typed = &before[start..];
        let wide = if self.wide_signs { typed.width_cjk() } else { typed.width() };
        let at = wide.min(room.saturating_sub(1)) as u16;
        let Rect { width, height, .. } = self.buffer.area;
        if x + at < width && y < height {
            self.caret = Some((x + at, y));
        }
    }
}

/// Gives the first line of a list that shows its cursor, page by page: a step within a page repaints two lines only.
pub fn page_top(at: usize, height: usize) -> usize {
    at / height.max(1) * height.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::Background;

    #[test]
    fn a_text_begins_at_a_column_even_within_a_wide_character() {
        let told: Vec<String> = [0, 1, 2, 3, 9].map(|at| from_column("甲ab", at)).to_vec();
        assert_eq!(told, ["甲ab", " ab", "ab", "b", ""]);
    }

    #[test]
    fn two_texts_are_cut_so_that_what_differs_stays() {
        let beside = |a, b| cut_beside([a, b], 12);
        assert_eq!(beside("甲乙丙丁戊己", "甲乙丙丁戊庚"), ["甲乙丙丁戊己", "甲乙丙丁戊庚"]);
        assert_eq!(beside("甘肃样例机电集团有限公司", "甘肃样例机电集团公司"), ["~机电集团有~", "~机电集团公~"]);
        assert_eq!(beside("甲厂甘肃样例机电集团", "乙厂甘肃样例机电集团"), ["甲厂甘肃样~", "乙厂甘肃样~"]);
    }

    #[test]
    fn cuts_by_columns_and_never_through_a_character() {
        assert_eq!(cut("甘肃省", 6), "甘肃省");
        assert_eq!(cut("甘肃省", 5), "甘肃~");
        assert_eq!(cut("甘肃省", 4), "甘~");
        assert_eq!(cut("甘", 1), "~");
        assert_eq!(cut("甘", 0), "");
        assert_eq!(cut_middle("甘肃省.csv", 10), "甘肃省.csv");
        assert_eq!(cut_middle("甘肃省名册.csv", 10), "甘肃省~csv");
        assert_eq!(cut_middle("甘肃省名册.csv", 3), "~v");
        assert_eq!(cut_middle("甘肃省名册.csv", 1), "~");
        assert_eq!(cut_middle("甘肃", 0), "");
        assert_eq!(fit("甘肃省", 4), "甘~ ");
        assert_eq!(right("7", 3), "  7");
        assert_eq!(cut("a\x1b[2J", 9), "a^[[2J");
    }

    #[test]
    fn where_a_dot_is_wide_it_has_two_cells() {
        let line = |text: &str, columns| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
            Canvas::new(&mut buffer, Theme { signs: SignWidth::Wide, ..Theme::new(Background::Dark) }).put(
                0,
                0,
                columns,
                text,
                Style::new(),
            );
            (0..12).map(|x| buffer[(x, 0)].symbol().to_string()).collect::<String>()
        };
        assert_eq!(line("a·b", 12), "a· b        ");
        assert_eq!(line(&fit("a·b", 4), 4), "a· b        ");
        assert_eq!(line("a·bc", 4), "a· ~        ");
    }
}

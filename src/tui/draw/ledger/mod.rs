//! The ledger pane: the tabs, the list of the one that is open, and what is opened from it.

mod audit;
mod cases;
mod certificates;
mod deadlines;
mod form;
mod institutions;
mod over;
mod plan;
mod screening;
mod series;
mod shares;
mod stock;

pub use form::{WIDE as FORM_WIDE, beside_row, draw_form, fact_lines};
pub use over::{CHOSEN, cuts_choices, draw_choose};
pub use plan::draw_plan;
pub use series::{bar as series_bar, scale as series_scale};

use super::super::cells::{self, Canvas, page_top};
use super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::command::{Place, shown_row};
use crate::app::layout::{self, Area, LedgerLayout};
use crate::app::ledger::request::LifeEvent;
use crate::app::ledger::tab::each_tab;
use crate::app::ledger::{OpenPage, Tab};
use crate::app::mouse::MouseTarget;
use crate::domain::ledger::Status;
use crate::domain::sheet::Field;
use crate::domain::text;

/// From this width on the lists show everything.
const WIDE: usize = 110;

/// So much of the name of a tab without a key stands there at least.
const LEAST_TAB: usize = 5;

/// How wide the labels of a page are.
const LABEL: usize = 11;

/// A line of a list and how it is drawn.
type Line = (String, Tone);

pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme) {
    let body = layout::body(app.size);
    for y in 0..body.height {
        canvas.line(body, y, "", theme.of(Tone::Plain));
    }
    let layout = layout::ledger(app.size, app.ledger.content().above());
    tabs(canvas, app, theme, layout.tabs);
    let mut pane = Pane { canvas, app, theme, layout };
    draw_content(&mut pane);
}

macro_rules! contents {
    ($($tab:ident $module:ident $title:literal,)*) => {
        /// Draws the list of the tab, or what is opened from it.
        fn draw_content(pane: &mut Pane<'_, '_>) {
            let ledger = &pane.app.ledger;
            match (ledger.pages().last(), ledger.tab()) {
                $((Some(OpenPage::$tab(page)), _) => $module::page(pane, page),)*
                $((None, Tab::$tab) => $module::list(pane),)*
            }
        }
    };
}
each_tab!(contents);

/// Tells the cursor's place in the list on screen: `3/120`, or `3/50+` where more is to come and nobody knows how many.
pub fn place_in_list(app: &App) -> String {
    let content = app.ledger.content();
    let (count, more) = content.known();
    let whole = content.whole().filter(|whole| more && count <= *whole);
    let (count, more) = if let Some(whole) = whole { (whole, false) } else { (count, more) };
    let count = if more || whole.is_some() { count } else { content.count() };
    let at = if count == 0 { 0 } else { content.at() + 1 };
    format!("{at}/{count}{}", if more && count != 0 { "+" } else { "" })
}

/// How a tab is drawn.
struct DrawnTab {
    tab: Tab,
    /// Its key and its name, and its key alone; a tab without a key has its name in both.
    texts: [String; 2],
    is_named: bool,
}

impl DrawnTab {
    fn text(&self) -> &str {
        &self.texts[usize::from(!self.is_named)]
    }
}

/// Names the tabs, the open one in brackets. Where all names have no room, the open tab has its own and so have those beside it as far
/// as there is room; the others have their keys, by which they are come to.
fn tabs(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let open = app.ledger.tab();
    let drawn = |tab: Tab| {
        let name = app.locale.text(tab.key());
        let texts = match app.keymap.keys(tab.shown_by(), Place::Series).first().map(|row| shown_row(row)) {
            Some(key) => [format!("{key} {name}"), key],
            None => [name.to_string(), cells::cut(name, LEAST_TAB).to_string()],
        };
        DrawnTab { tab, texts, is_named: true }
    };
    let mut all: Vec<DrawnTab> = Tab::ALL.iter().copied().map(drawn).collect();
    let room = usize::from(area.width);
    let is_tight = room < all.iter().map(|one| cells::width(one.text()) + 2).sum();
    if is_tight {
        fit_tabs(&mut all, open, room);
    }
    let mut x = area.x;
    for one in &all {
        let is_open = one.tab == open;
        let (before, behind) = if is_open { ("[", "]") } else { (" ", if is_tight { "" } else { " " }) };
        let text = format!("{before}{}{behind}", one.text());
        let tone = if is_open { Tone::Heading } else { Tone::Plain };
        let room = (area.x + area.width).saturating_sub(x);
        let width = (cells::width(&text) as u16).min(room);
        canvas.points(Area { x, width, ..area }, 0, MouseTarget::Run(one.tab.shown_by()));
        x = canvas.put(x, area.y, room, &text, theme.of(tone));
    }
}

/// Names as many tabs as have room, those next to the open one first; where there is no room for every key either, those furthest from it
/// are left out.
fn fit_tabs(all: &mut Vec<DrawnTab>, open: Tab, room: usize) {
    let width = |all: &[DrawnTab]| {
        all.iter().map(|one| cells::width(one.text()) + 1 + usize::from(one.tab == open)).sum::<usize>()
    };
    let away = |tab: Tab| (tab as usize).abs_diff(open as usize);
    all.iter_mut().for_each(|one| one.is_named = one.tab == open);
    let mut near: Vec<Tab> = Tab::ALL.to_vec();
    near.sort_by_key(|tab| away(*tab));
    for tab in near {
        let Some(at) = all.iter().position(|one| one.tab == tab) else { continue };
        all[at].is_named = true;
        if room < width(all) && tab != open {
            all[at].is_named = false;
        }
    }
    while room < width(all) && 1 < all.len() {
        let first = all.first().map_or(0, |one| away(one.tab));
        let last = all.last().map_or(0, |one| away(one.tab));
        all.remove(if last < first { 0 } else { all.len() - 1 });
    }
}

/// What the pane's parts draw with.
struct Pane<'a, 'b> {
    canvas: &'a mut Canvas<'b>,
    app: &'a App,
    theme: Theme,
    layout: LedgerLayout,
}

impl<'a> Pane<'a, '_> {
    fn width(&self) -> usize {
        usize::from(self.layout.list.width)
    }

    fn text(&self, key: &'static str) -> &'a str {
        self.app.locale.text(key)
    }

    /// Draws a line above the list.
    fn above(&mut self, row: u16, text: &str, tone: Tone) {
        let style = self.theme.of(tone);
        self.canvas.line(self.layout.above, row, text, style);
    }

    /// Draws a heading above the list.
    fn heading(&mut self, row: u16, title: &str) {
        let above = self.layout.above;
        if row < above.height {
            let style = self.theme.of(Tone::Heading);
            self.canvas.heading(Area { y: above.y + row, height: 1, ..above }, title, style);
        }
    }

    /// Draws the lines of a page below their heading, which says how many follow below those in sight; where there is no room
    /// for the heading, the last line does.
    fn lines(&mut self, (row, title): (u16, &str), (at, count): (usize, usize), line: impl Fn(usize) -> Option<Line>) {
        let area = self.layout.list;
        let height = usize::from(area.height);
        let below = count.saturating_sub(page_top(at, height) + height);
        let more = match below {
            0 => String::new(),
            n => self.app.told("ui.list.more", &[("n", &n.to_string())]),
        };
        self.heading(row, &joined(&[title, &more]));
        self.list(at, count, line);
        if self.layout.above.height <= row && below != 0 {
            let more = format!(" {more}");
            let wide = (cells::width(&more) as u16).min(area.width);
            let style = self.theme.of(Tone::Dim);
            self.canvas.put(area.x + area.width - wide, area.y + area.height.saturating_sub(1), wide, &more, style);
        }
    }

    /// Draws the labels of the list's columns, in the last line above it.
    fn head(&mut self, columns: &[(&'static str, usize)]) {
        let labels = columns.iter().map(|(key, wide)| {
            let text = self.app.locale.text(key);
            if is_number(key) { cells::right(text, *wide) } else { cells::fit(text, *wide) }
        });
        let line = format!("  {}", labels.collect::<Vec<_>>().join(" "));
        self.above(self.app.ledger.content().above().saturating_sub(1), &line, Tone::Heading);
    }

    /// Draws the list page by page around its cursor; a line that is not here yet shows that it is coming.
    fn list(&mut self, at: usize, count: usize, line: impl Fn(usize) -> Option<Line>) {
        let area = self.layout.list;
        let height = usize::from(area.height);
        let top = page_top(at, height);
        for (row, i) in (top..count).take(height).enumerate() {
            let (text, tone) = line(i).unwrap_or_else(|| ("...".to_string(), Tone::Dim));
            let (mark, tone) = if i == at { ('>', Tone::Cursor) } else { (' ', tone) };
            let style = self.theme.of(tone);
            self.canvas.line(area, row as u16, &format!("{mark} {text}"), style);
            self.canvas.points(area, row as u16, MouseTarget::Line(self.app.base_place(), i));
        }
    }

    /// Says why a list shows nothing: it is empty, still to come, or could not be read.
    fn nothing(&mut self, is_empty: bool, empty: &'static str) {
        let key = match (is_empty, self.app.ledger.has_failed()) {
            (true, _) => empty,
            (false, true) => "ui.ledger.failed",
            (false, false) => "ui.ledger.waiting",
        };
        let (area, style) = (self.layout.list, self.theme.of(Tone::Dim));
        let states: Vec<&str> = Status::ALL.into_iter().map(|status| self.app.locale.status(status)).collect();
        let states = states.join(self.text("finding.comma"));
        let search = &self.app.ledger.lists().certificates;
        let parts = Field::Occupation.masked(&search.parts.join(self.text("finding.comma")));
        let marked = search.marked.map_or("", |status| self.app.locale.status(status));
        let told = self.app.told(key, &[("states", &states), ("parts", &parts), ("status", marked)]);
        let lines = cells::wrap(&told, self.width().saturating_sub(2));
        for (row, line) in (0..area.height).zip(&lines) {
            self.canvas.line(area, row, &format!("  {line}"), style);
        }
    }

    /// Draws the current line in full below the list.
    fn detail(&mut self, text: &str) {
        let area = self.layout.detail;
        let style = self.theme.of(Tone::Dim);
        for (row, line) in (0..area.height).zip(cells::wrap(text, usize::from(area.width))) {
            self.canvas.line(area, row, &line, style);
        }
    }
}

/// Tells whether a column holds numbers, which stand on the right.
fn is_number(key: &str) -> bool {
    key.starts_with("ui.ledger.number.")
}

/// Puts texts side by side, each cut or padded to its width.
fn columns(texts: &[(&str, usize)]) -> String {
    texts.iter().map(|(text, wide)| cells::fit(text, *wide)).collect::<Vec<_>>().join(" ")
}

/// Joins the texts that are not empty.
fn joined(texts: &[&str]) -> String {
    texts.iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join("  ")
}

/// Writes an event on one line.
fn event_line(event: &LifeEvent) -> Line {
    let head = columns(&[(&event.when, 16), (text::signed_by(&event.user), 8)]);
    (format!("{head} {}", joined(&[&event.what, &event.reason])), Tone::Plain)
}

/// Puts a label before a value that stands in full, on several lines where it must.
fn whole(pane: &Pane<'_, '_>, key: &'static str, value: &str) -> Vec<String> {
    let room = pane.width().saturating_sub(LABEL + 3);
    let line = |(i, part): (usize, String)| {
        let label = if i == 0 { pane.text(key) } else { "" };
        format!(" {} {part}", cells::fit(label, LABEL))
    };
    cells::wrap(value, room).into_iter().enumerate().map(line).collect()
}

/// Puts labels before values, those side by side that are given side by side.
fn labelled(pane: &Pane<'_, '_>, parts: &[(&'static str, &str)]) -> String {
    let wide = pane.width() / parts.len().max(1);
    let part = |(key, value): &(&'static str, &str)| {
        let label = cells::fit(pane.text(key), LABEL);
        cells::fit(&format!("{label} {value}"), wide.saturating_sub(1))
    };
    format!(" {}", parts.iter().map(part).collect::<Vec<_>>().join(" "))
}

//! Where panes stand (布局), in terminal cells: plain numbers, so that paging and scrolling need no terminal.

use crate::domain::sheet::Field;

/// From so many columns on the status line has room for more than what one waits for.
pub const ROOMY: u16 = 100;

/// A rectangle of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// Columns from the left.
    pub x: u16,
    /// Rows from the top.
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

/// Which pane of the roster takes the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    #[default]
    Grid,
    Record,
    Findings,
}

/// The areas of the roster screen; a pane that is not shown has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layout {
    pub title: Area,
    /// The grid, its header line included.
    pub grid: Option<Area>,
    /// How the batch stands, and what rows are filtered and sorted by.
    pub heading: Option<Area>,
    /// The current cell in full and what was found in it.
    pub detail: Option<Area>,
    /// The record view, its heading included.
    pub record: Option<Area>,
    /// The findings, their heading included.
    pub findings: Option<Area>,
    /// How each column stands.
    pub summary: Option<Area>,
    /// What stands between panes side by side.
    pub partings: [Option<Area>; 2],
    pub status: Area,
    /// The keys that work now.
    pub footer: Area,
}

/// Below this size only one line is shown.
pub const SMALLEST: (u16, u16) = (40, 10);
/// From this height on the roster has a line that says how it stands.
const STRIP: u16 = 12;
/// From this width on all panes are shown.
pub const WIDE: u16 = 160;

/// The record's pane has so many columns at least where it stands beside the whole grid.
const RECORD: u16 = 60;

/// Under the grid the findings have so many columns, and the summary of the columns has so many; the record has the rest.
const FINDINGS: u16 = 50;
const SUMMARY: u16 = 46;

/// So many lines the findings keep at least where the summary stands below them.
const LEAST_FINDINGS: u16 = 8;

/// A body so high has room for the grid over the other panes.
const HIGH: u16 = 36;

/// Tells whether the screen is too small for the panes.
pub fn is_too_small(size: (u16, u16)) -> bool {
    size.0 < SMALLEST.0 || size.1 < SMALLEST.1
}

/// Gives the part of the screen between title and status line.
pub fn body(size: (u16, u16)) -> Area {
    Area { x: 0, y: 1, width: size.0, height: size.1.saturating_sub(3) }
}

/// The areas of the ledger screen between title and status line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LedgerLayout {
    /// The names of the tabs.
    pub tabs: Area,
    /// What stands between them and the list.
    pub above: Area,
    pub list: Area,
    /// The list's current line in full; in a low window there is none.
    pub detail: Area,
}

/// Lays out the ledger screen with so many lines above the list; of a low window the list keeps three.
pub fn ledger(size: (u16, u16), above: u16) -> LedgerLayout {
    let body = body(size);
    let part = |top: u16, height: u16| Area { y: body.y + top, height, ..body };
    let detail = if body.height < 15 { 0 } else { 2 };
    let above = above.min(body.height.saturating_sub(4 + detail));
    let list = body.height.saturating_sub(1 + above + detail);
    LedgerLayout {
        tabs: part(0, 1.min(body.height)),
        above: part(1, above),
        list: part(1 + above, list),
        detail: part(1 + above + list, detail),
    }
}

impl Layout {
    /// Lays out the roster screen. `wanted` is how wide the grid is with all its columns, and how many these are: it has them before
    /// the record's pane gets wide, and where there is no room beside them, the other panes stand below.
    pub fn of(size: (u16, u16), focus: Focus, (wanted, columns): (u16, u16)) -> Layout {
        let (width, height) = size;
        let line = |y: u16| Area { x: 0, y, width, height: 1 };
        let body = body(size);
        let mut layout = Layout {
            title: line(0),
            status: line(height.saturating_sub(2)),
            footer: line(height.saturating_sub(1)),
            ..Layout::default()
        };
        let body = if height < STRIP {
            body
        } else {
            layout.heading = Some(Area { height: 1, ..body });
            Area { y: body.y + 1, height: body.height - 1, ..body }
        };
        let detail = if body.height < 12 { 1 } else { 2 };
        let below = |top: u16| Area { y: body.y + top, height: body.height.saturating_sub(top), ..body };
        let share = |whole: u16, percent: u16| (u32::from(whole) * u32::from(percent) / 100) as u16;
        let is_below = HIGH <= body.height && width < wanted.saturating_add(RECORD);
        if WIDE <= width && is_below {
            let height = share(body.height, 50);
            layout.grid = Some(Area { height, ..body });
            layout.detail = Some(Area { height: detail, ..below(height) });
            let under = below(height + detail);
            let left = width - FINDINGS - SUMMARY - 2;
            let summary = width - SUMMARY;
            layout.record = Some(Area { width: left, ..under });
            layout.findings = Some(Area { x: left + 1, width: FINDINGS, ..under });
            layout.summary = Some(Area { x: summary, width: SUMMARY, ..under });
            layout.partings = [left, summary - 1].map(|x| Some(Area { x, width: 1, ..under }));
            return layout;
        }
        if WIDE <= width {
            let left = if wanted.saturating_add(RECORD) <= width { wanted } else { share(width, 60) };
            let right = Area { x: left + 1, width: width - left - 1, ..body };
            // What its columns need, and some lines for what was found.
            let record = (columns + 9).min(body.height * 3 / 5).min(34);
            layout.grid = Some(Area { width: left, height: body.height.saturating_sub(detail), ..body });
            layout.detail = Some(Area { width: left, ..below(body.height.saturating_sub(detail)) });
            layout.record = Some(Area { height: record, ..right });
            layout.partings[0] = Some(Area { x: left, width: 1, ..body });
            let below = Area { y: body.y + record, height: body.height - record, ..right };
            let summary = if columns + 2 + LEAST_FINDINGS <= below.height { columns + 2 } else { 0 };
            let findings = below.height - summary;
            layout.findings = Some(Area { height: findings, ..below });
            layout.summary = (summary != 0).then_some(Area { y: below.y + findings, height: summary, ..below });
            return layout;
        }
        // Of the split the grid keeps a few rows, so that the neighbours of the record stay in sight.
        let kept = if body.height < 18 { 0 } else { 6 };
        let rest = Some(below(kept));
        match focus {
            Focus::Grid => {
                layout.grid = Some(Area { height: body.height.saturating_sub(detail), ..body });
                layout.detail = Some(below(body.height.saturating_sub(detail)));
            }
            Focus::Record => layout.record = rest,
            Focus::Findings => layout.findings = rest,
        }
        if focus != Focus::Grid && kept != 0 {
            layout.grid = Some(Area { height: kept, ..body });
        }
        layout
    }

    /// Gives the first line of the grid of a low screen to what its rows are filtered and sorted by; not where it has few.
    pub fn with_heading(self) -> Layout {
        let is_without = self.heading.is_none();
        let Some(grid) = self.grid.filter(|grid| is_without && 5 <= grid.height) else { return self };
        let heading = Area { height: 1, ..grid };
        let grid = Area { y: grid.y + 1, height: grid.height - 1, ..grid };
        Layout { grid: Some(grid), heading: Some(heading), ..self }
    }

    /// Counts the roster rows the grid shows.
    pub fn grid_rows(&self) -> usize {
        self.grid.map_or(1, |a| usize::from(a.height.saturating_sub(1)).max(1))
    }
}

/// The least and the most that a column takes of the grid.
const NARROWEST: u16 = 2;
const WIDEST: u16 = 80;

/// So much is left to the columns that are scrolled.
const SCROLLED: u16 = 12;

/// Gives the width of a grid column that nobody has changed, without the mark before it.
fn column_width(field: Field) -> u16 {
    match field {
        Field::Name | Field::OldName | Field::IssueDate | Field::ContestClass => 10,
        Field::IdNumber | Field::OldIdNumber => 18,
        Field::Sex => 4,
        Field::IdType => 10,
        Field::Level => 12,
        Field::WorkType | Field::Occupation | Field::Award => 14,
        Field::Code | Field::OldCode => 22,
        Field::Employer | Field::Institution | Field::IssuingBody => 24,
    }
}

/// How wide columns are where somebody has changed that, and how many stay in place while the others are scrolled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnLook {
    /// One less than how many stay.
    more_frozen: usize,
    widths: Vec<(Field, u16)>,
}

impl ColumnLook {
    pub fn new(more_frozen: usize, widths: Vec<(Field, u16)>) -> ColumnLook {
        ColumnLook { more_frozen, widths }
    }

    /// Gives the widths that were changed.
    pub fn widths(&self) -> &[(Field, u16)] {
        &self.widths
    }

    /// Gives a column's width in terminal cells, without the mark before it.
    pub fn width_of(&self, field: Field) -> u16 {
        let own = self.widths.iter().find(|(f, _)| *f == field).map(|(_, wide)| *wide);
        own.unwrap_or_else(|| column_width(field)).clamp(NARROWEST, WIDEST)
    }

    /// Makes a column wider, or narrower.
    pub fn widen(&mut self, field: Field, by: i32) {
        let wide = i32::from(self.width_of(field)) + by;
        let wide = wide.clamp(i32::from(NARROWEST), i32::from(WIDEST)) as u16;
        self.widths.retain(|(f, _)| *f != field);
        if wide != column_width(field) {
            self.widths.push((field, wide));
        }
    }

    /// Gives how many columns stay in place, one at least.
    pub fn frozen(&self) -> usize {
        self.more_frozen + 1
    }

    /// Gives how wide a grid is with all its columns, without the numbers of the rows.
    pub fn whole(&self, fields: &[Field]) -> u16 {
        fields.iter().map(|field| self.width_of(*field) + 1).sum()
    }

    /// Has so many columns stay in place.
    pub fn freeze(&mut self, columns: usize) {
        self.more_frozen = columns.saturating_sub(1);
    }

    /// Gives how many stay in place in a grid so wide: the others need room as well.
    fn frozen_in(&self, fields: &[Field], width: u16) -> usize {
        let mut taken = 0;
        let fits = fields.iter().take(self.frozen()).take_while(|field| {
            taken += self.width_of(**field) + 1;
            taken + SCROLLED <= width
        });
        fits.count().max(1)
    }
}

/// Lists the grid columns that fit: those that stay in place, and the columns from `left` on; the last one may be cut.
pub fn columns_in((fields, look): (&[Field], &ColumnLook), width: u16, left: usize) -> Vec<(Field, u16)> {
    let mut rest = width;
    let mut shown = Vec::new();
    let frozen = look.frozen_in(fields, width);
    for field in fields.iter().take(frozen).chain(fields.iter().skip(left.max(frozen))).copied() {
        let Some(free) = rest.checked_sub(1).filter(|free| 2 <= *free) else { break };
        let wide = look.width_of(field).min(free);
        shown.push((field, wide));
        rest = free - wide;
    }
    shown
}

/// Moves the first scrolled column so that a column can be read in full where the width allows it.
pub fn scrolled((fields, look): (&[Field], &ColumnLook), width: u16, left: usize, column: usize) -> usize {
    let frozen = look.frozen_in(fields, width);
    let all: u16 = fields.iter().map(|field| look.width_of(*field).saturating_add(1)).fold(0, u16::saturating_add);
    // Where all find room none is scrolled away.
    let mut left = if all <= width { frozen } else { left.max(frozen) };
    if column < frozen {
        return left;
    }
    left = left.min(column);
    let wanted = fields.get(column).copied();
    let shown = |left: usize| columns_in((fields, look), width, left);
    let whole = |left: usize| shown(left).iter().any(|(f, w)| Some(*f) == wanted && *w == look.width_of(*f));
    while left < column && !whole(left) {
        left += 1;
    }
    left
}

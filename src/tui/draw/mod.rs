//! Drawing: what the screen shows follows from the [`App`] alone.

mod batches;
mod decoder;
mod export;
mod findings;
mod first_rows;
mod grid;
mod import;
mod ledger;
mod lookup;
mod overlay;
mod overview;
mod papers;
mod record;
mod replace;
mod sheets;
mod strip;
mod summary;
mod text_page;
mod today;
mod values;

use ratatui::Frame;

use super::cells::{self, Canvas, ClickArea};
use super::theme::{Theme, Tone, sign};
use crate::app::command::{COMMANDS, Command, CommandSpec, shown_row};
use crate::app::import::ImportStep;
use crate::app::layout::{self, Area, ROOMY};
use crate::app::mouse::MouseTarget;
use crate::app::overlay::Overlay;
use crate::app::{App, LinePurpose, Screen};
use crate::domain::rules::Severity;
use crate::domain::text;

/// Draws the whole screen and puts the terminal's cursor where text is being typed.
pub fn draw(frame: &mut Frame<'_>, app: &App, theme: Theme) {
    draw_for_mouse(frame, app, theme);
}

/// Draws the whole screen and gives what on it can be pointed at.
pub fn draw_for_mouse(frame: &mut Frame<'_>, app: &App, theme: Theme) -> Vec<ClickArea> {
    let mut canvas = Canvas::new(frame.buffer_mut(), theme);
    paint(&mut canvas, app, theme);
    let (caret, hits) = (canvas.caret, canvas.hits);
    if let Some(caret) = caret {
        frame.set_cursor_position(caret);
    }
    hits
}

fn paint(canvas: &mut Canvas<'_>, app: &App, theme: Theme) {
    if layout::is_too_small(app.size) {
        return lines_of(canvas, app, theme, &app.locale.fill("ui.too-small", &[("columns", "40"), ("rows", "10")]));
    }
    if app.privacy.is_blank() {
        return lines_of(canvas, app, theme, app.locale.text("ui.privacy.blank"));
    }
    if let Some(Overlay::Text(page)) = app.overlays.open() {
        return text_page::draw(canvas, app, theme, page);
    }
    let layout = app.layout();
    let mut rest = None;
    match app.screen {
        Screen::Import => import::draw(canvas, app, theme, layout::body(app.size)),
        Screen::Export => export::draw(canvas, app, theme, layout::body(app.size)),
        Screen::Ledger => ledger::draw(canvas, app, theme),
        Screen::Roster => {
            if let Some(area) = layout.heading {
                strip::draw(canvas, app, theme, area);
            }
            if let Some(area) = layout.grid {
                grid::draw(canvas, app, theme, area);
            }
            if let Some(area) = layout.detail {
                rest = grid::draw_detail(canvas, app, theme, area, is_quiet(app) && app.roster.holder().is_none());
            }
            if let Some(area) = layout.record {
                record::draw(canvas, app, theme, area);
            }
            if let Some(area) = layout.findings {
                findings::draw(canvas, app, theme, area);
            }
            if let Some(area) = layout.summary {
                overview::draw(canvas, app, theme, area);
            }
            for area in layout.partings.into_iter().flatten() {
                let joins = layout.grid.is_some_and(|grid| grid.y != area.y);
                canvas.parting(area, joins, theme.of(Tone::Dim));
            }
        }
    }
    title(canvas, app, theme, layout.title);
    // Below something that lies over it the end of a sentence would stand alone.
    let rest = rest.filter(|_| app.overlays.open().is_none());
    let told = status(canvas, app, theme, layout.status, rest);
    footer(canvas, app, theme, layout.footer);
    ledger::draw_form(canvas, app, theme, layout::body(app.size));
    if let Some(overlay) = app.overlays.open() {
        canvas.caret = None;
        let body = layout::body(app.size);
        let body = Area { height: body.height.saturating_sub(told), ..body };
        overlay::draw(canvas, app, theme, (overlay, app.place()), body);
    }
}

/// A sentence on an otherwise empty screen.
fn lines_of(canvas: &mut Canvas<'_>, app: &App, theme: Theme, text: &str) {
    let (width, height) = app.size;
    for (y, line) in (0..height).zip(cells::wrap(text, usize::from(width))) {
        canvas.put(0, y, width, &line, theme.of(Tone::Plain));
    }
}

/// So many columns of a file's name tell it apart.
const NAME: usize = 8;
/// From this width on the status line names who is at work, in so many columns.
const WITH_USER: u16 = 60;
const USER: usize = 10;

/// So many of a sheet's, where it tells one row 5 from another.
const SHEET: usize = 14;

/// The top line: what is open, and how it stands.
fn title(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let place = app.locale.text(app.base_place().key());
    let badge = match app.pressing {
        0 => String::new(),
        n => app.locale.fill("ui.due-badge", &[("n", &n.to_string())]),
    };
    let program = format!("skillcert {badge}").trim_end().to_string();
    let mut left = format!("{program}  {place}");
    let mut right = String::new();
    let mut counts = Vec::new();
    if app.screen == Screen::Import {
        // Whatever batch lies below, what counts here is the file that is being opened.
        let name = app
            .import
            .path()
            .filter(|_| !matches!(app.import.step(), ImportStep::Browse | ImportStep::Today | ImportStep::Batches))
            .and_then(|p| p.file_name());
        let sheet = app.import.sheet().filter(|_| app.import.step() != ImportStep::Sheets).unwrap_or_default();
        let place = |name: &std::ffi::OsStr| app.locale.file_place(&name.to_string_lossy(), sheet);
        left += &name.map(|name| format!("  {}", place(name))).unwrap_or_default();
    } else if app.screen == Screen::Ledger {
        left = format!("{program}  {}  {place}", app.locale.text("ui.ledger.title"));
        right = ledger::place_in_list(app);
    } else if let Some(batch) = app.roster.batch() {
        // Of several files the one that the row is of.
        let parts = batch.roster().parts();
        let part = app.roster.row().map_or(0, |row| batch.roster().part_of(row));
        let origin = parts.get(part).map_or(&batch.origin, |part| &part.origin);
        if app.roster.holder().is_some() {
            right = format!("{}  ", app.locale.text("status.reading-only"));
        }
        let lacks = app.export.lacks().len();
        if lacks != 0 {
            right += &format!("{}  ", app.locale.fill("ui.lacking-badge", &[("n", &lacks.to_string())]));
        }
        let total = app.roster.grid().count(batch);
        let at = if total == 0 { 0 } else { app.roster.grid().at + 1 };
        // As wide for every row, or all that stands before it would move with the cursor.
        let row = format!("{at:>wide$}/{total}", wide = total.to_string().len());
        let count_of = |severity: Severity| {
            (severity, format!("{} {} {}  ", sign(severity), app.locale.severity(severity), batch.count(severity)))
        };
        let mut told = Severity::ALL.map(count_of).to_vec();
        let mut sheet = if origin.sheet.is_empty() { String::new() } else { format!(" [{}]", origin.sheet) };
        if !parts.is_empty() {
            if !sheet.is_empty() {
                sheet = format!(" [{}]", cells::cut_middle(&origin.sheet, SHEET));
            }
            sheet += &format!(" ({}/{})", part + 1, parts.len());
        }
        let file = app.locale.file_name(&origin.file);
        let name = format!("{file}{sheet}");
        let mut profile = app.roster.profile_told_in_short(&app.locale);
        // Rather no word of what there is none of than half a name.
        let wide = |told: &[(Severity, String)]| told.iter().map(|(_, words)| cells::width(words)).sum::<usize>();
        let taken = [&right, &row, &name, &profile].map(|text| cells::width(text)).iter().sum::<usize>() + 3;
        if usize::from(area.width) < taken + wide(&told) {
            told.retain(|(severity, _)| batch.count(*severity) != 0);
        }
        for (severity, words) in told {
            counts.push((severity, (cells::width(&right), words.trim_end().to_string())));
            right += &words;
        }
        right += &row;
        let room_beside =
            |profile: &str| usize::from(area.width).saturating_sub(cells::width(&right) + cells::width(profile) + 3);
        // Of several files a row's number says nothing without the file and the sheet that it is of.
        let needed = if parts.is_empty() { 0 } else { cells::width(&sheet) };
        let least = NAME.min(cells::width(&file)) + needed;
        // Rather without a word about why than without the file.
        if room_beside(&profile) < least {
            profile = app.locale.profile_short(batch.context().profile()).to_string();
        }
        let most = (room_beside(&profile) + cells::width(&profile)).saturating_sub(least);
        let profile = cells::cut_middle(&profile, most);
        let room = room_beside(&profile);
        let name = if cells::width(&name) <= room {
            name
        } else if parts.is_empty() {
            file.into_owned()
        } else {
            format!("{}{sheet}", cells::cut_beginning(&file, room.saturating_sub(needed)))
        };
        // Under which notice the rows are judged has to be seen; the program's own name need not.
        let heads = [&program, &badge].map(|head| format!("{head}  "));
        let fits = |head: &&String| cells::width(head) + cells::width(&name) <= room;
        let head = heads.iter().find(fits).map_or("", |head| if head.trim().is_empty() { "" } else { head });
        left = format!("{head}{}  {profile}", cells::cut_beginning(&name, room - cells::width(head)));
    }
    let room = usize::from(area.width).saturating_sub(cells::width(&right) + 1);
    canvas.line(area, 0, &format!("{} {right}", cells::fit(&left, room)), theme.of(Tone::Bar));
    // Again in the colours of the severities, what there is any of.
    let Some(batch) = app.roster.batch().filter(|_| app.screen == Screen::Roster) else { return };
    for (severity, (at, words)) in counts.into_iter().filter(|(severity, _)| batch.count(*severity) != 0) {
        let x = area.x + (room + 1 + at) as u16;
        canvas.put(x, area.y, cells::width(&words) as u16, &words, theme.of(Tone::Badge(severity)));
    }
}

/// Tells whether the status line has nothing to say of its own.
fn is_quiet(app: &App) -> bool {
    app.line_question.is_none() && app.input.number().is_none() && app.status.text.is_empty()
}

/// The line above the keys: what just happened on the left, or the end of what stands above, and how the batch is stored on the right.
fn status(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, rest: Option<(String, Tone)>) -> u16 {
    let mut right = String::new();
    if app.privacy.is_unmasked() {
        right = format!("{}  ", app.locale.text("ui.privacy.unmasked"));
    }
    let progress = app.progress_words();
    if !app.user.is_empty() && WITH_USER <= app.size.0 {
        right = format!("{right}{}  ", cells::cut(&text::visible(text::signed_by(&app.user)), USER));
    }
    let batch = app.roster.batch().filter(|_| !matches!(app.screen, Screen::Import | Screen::Ledger));
    if let Some(batch) = batch {
        if app.roster.grid().is_filtered() && app.layout().heading.is_none() {
            right = format!("{right}{}  ", app.locale.text("status.filter-on"));
        }
        if batch.roster().count_aside() != 0 && (app.screen != Screen::Roster || app.layout().heading.is_none()) {
            let n = batch.roster().count_aside().to_string();
            right = format!("{right}{}  ", app.locale.fill("status.aside", &[("n", &n)]));
        }
        if progress.is_none() || ROOMY <= app.size.0 {
            right = format!("{right}{}  ", batch.origin.encoding);
        }
    }
    right += &match progress {
        _ if app.roster.saving().failed => app.locale.text("status.not-saved").to_string(),
        _ if batch.is_none() => String::new(),
        Some(words) => words,
        None if app.roster.saving().is_done() => app.locale.text("status.saved").to_string(),
        None => app.locale.text("status.saving").to_string(),
    };
    // Who keeps one from changing anything stays in sight when nothing else is to be said, and rather than how the batch is stored.
    let held = app.roster.holder().filter(|_| is_quiet(app) && batch.is_some());
    let held = held.map(|holder| app.locale.fill("status.held-by", &[("holder", holder)]));
    let beside = usize::from(area.width).saturating_sub(cells::width(&right) + 1);
    if held.as_ref().is_some_and(|told| beside < cells::width(told)) && !app.roster.saving().failed {
        right =
            if app.privacy.is_unmasked() { app.locale.text("ui.privacy.unmasked").to_string() } else { String::new() };
    }
    let wide = (cells::width(&right) as u16).min(area.width);
    let room = area.width.saturating_sub(wide + 1);
    let tone = if app.roster.saving().failed { Tone::Bad } else { Tone::Dim };
    canvas.line(area, 0, "", theme.of(Tone::Plain));
    canvas.put(area.x + area.width - wide, area.y, wide, &right, theme.of(tone));
    if let Some(question) = &app.line_question {
        let label = match question.purpose {
            LinePurpose::Search if app.roster.grid().searches_column => {
                let field = app.roster.grid().field();
                let label = app.roster.batch().map_or("", |b| b.context().sheet().label(field));
                app.locale.fill("ui.ask.search-column", &[("column", label)])
            }
            LinePurpose::Search => app.locale.text("ui.ask.search").to_string(),
            LinePurpose::Filter => app.locale.text("ui.ask.filter").to_string(),
            LinePurpose::FindInList => app.locale.text("ui.ask.find-in-list").to_string(),
            LinePurpose::GoTo => app.locale.text("ui.ask.go-to").to_string(),
            LinePurpose::PutAside { .. } => app.locale.text("ui.ask.aside").to_string(),
            LinePurpose::Note => app.locale.text("ui.ask.note").to_string(),
            LinePurpose::PlanBlanks(_) => app.locale.text("ui.ask.plan-blanks").to_string(),
            LinePurpose::RecipeName => app.locale.text("ui.ask.recipe-name").to_string(),
            LinePurpose::ReshapeText => app.locale.text("ui.ask.reshape-text").to_string(),
            LinePurpose::SetColumn(field) => {
                let label = app.roster.batch().map_or("", |b| b.context().sheet().label(field));
                app.locale.fill("ui.ask.column", &[("column", label)])
            }
            // Its form is a page of its own.
            LinePurpose::Ledger(_) => return 0,
        };
        let x = canvas.put(area.x, area.y, room, &label, theme.of(Tone::Heading)) + 1;
        canvas.prompt(x, area.y, room.saturating_sub(x).max(1), &question.prompt, theme.of_prompt(&question.prompt));
    } else if let Some((words, tone)) = rest {
        canvas.put(area.x, area.y, room, &cells::cut(&words, usize::from(room)), theme.of(tone));
    } else if let Some(number) = app.input.number() {
        canvas.put(
            area.x,
            area.y,
            room,
            &app.told("status.number", &[("n", &number.to_string())]),
            theme.of(Tone::Plain),
        );
    } else {
        let is_fault = app.status.is_bad && !app.status.is_miss;
        let (sign, tone) = if is_fault { ("! ", Tone::Bad) } else { ("", Tone::Plain) };
        let told = held.as_deref().unwrap_or(&app.status.text);
        // What does not fit takes lines of the pane above: half a sentence helps nobody.
        let mut lines = cells::wrap(&format!("{sign}{told}"), usize::from(area.width));
        // Only the last of them stands beside what is on the right.
        let last = lines.pop().unwrap_or_default();
        lines.extend(cells::wrap(&last, usize::from(room)));
        let above = lines.len().saturating_sub(1).min(4) as u16;
        let top = area.y.saturating_sub(above);
        for (y, line) in (top..=area.y).zip(&lines) {
            let wide = if y == area.y { room } else { area.width };
            canvas.put(area.x, y, wide, &cells::fit(line, usize::from(wide)), theme.of(tone));
        }
        return above;
    }
    0
}

/// The keys that work now, the most useful first; the help's key always finds room.
fn footer(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let place = app.place();
    // A plan that gives no row a number is nothing to say yes to, nor to give numbers in another way.
    // Nor can the ledger do with a line in hand whatever its keys are for.
    let is_idle = |c: &CommandSpec| match c.id {
        command if app.overlays.plan().is_some_and(|plan| !plan.has_use_for(command)) => true,
        command => app.ledger.is_idle(command, &app.locale),
    };
    let mut commands: Vec<&CommandSpec> =
        COMMANDS.iter().filter(|c| c.footer != 0 && c.is_in(place) && app.holds(c.when) && !is_idle(c)).collect();
    commands.sort_by_key(|c| std::cmp::Reverse(c.footer));
    let title = |command: Command| match command {
        Command::NextFinding if app.roster.grid().is_searching => app.locale.text("ui.footer.next-match").to_string(),
        command => app.locale.text(&command.title_key()).to_string(),
    };
    // In the middle of a row of keys only what may follow counts.
    let next = app.input.next_keys(&app.keymap, place);
    let mut items: Vec<(Command, String, String)> =
        next.into_iter().map(|(next, command)| (command, shown_row(&[next]), title(command))).collect();
    if items.is_empty() {
        let shown = |c: &CommandSpec| Some((c.id, shown_row(app.keymap.keys(c.id, place).first()?), title(c.id)));
        items = commands.into_iter().filter_map(shown).collect();
    }
    let wide = |item: &(Command, String, String)| (cells::width(&item.1) + cells::width(&item.2) + 3) as u16;
    let mut kept: u16 = items.iter().filter(|i| i.0 == Command::Help).map(wide).sum();
    canvas.line(area, 0, "", theme.of(Tone::Bar));
    let mut x = area.x;
    for item in &items {
        if item.0 == Command::Help {
            kept = 0;
        }
        if area.width + 2 < x + wide(item) + kept {
            continue;
        }
        canvas.points(Area { x, width: wide(item), ..area }, 0, MouseTarget::Run(item.0));
        x = canvas.put(x, area.y, wide(item), &item.1, theme.of(Tone::BarKey)) + 1;
        x = canvas.put(x, area.y, wide(item), &item.2, theme.of(Tone::Bar)) + 2;
    }
}

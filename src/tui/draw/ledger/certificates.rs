//! Certificates: the search and what it finds, and one with its life and its cases.

use super::super::super::cells;
use super::super::super::theme::Tone;
use super::{Line, Pane, WIDE, columns, event_line, joined, labelled, whole};
use crate::app::App;
use crate::app::ledger::certificates::Page;
use crate::app::ledger::content::Content;
use crate::app::ledger::request::CaseLine;
use crate::domain::date;
use crate::domain::ledger::{Certificate, Status};
use crate::domain::level::Level;
use crate::domain::sheet::Field;

/// Draws the search line and the certificates found.
pub fn list(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let tab = &app.ledger.lists().certificates;
    let above = pane.layout.above;
    let label = pane.text("ui.ledger.search").to_string();
    pane.above(0, &label, Tone::Heading);
    let x = above.x + cells::width(&label) as u16 + 1;
    let room = (above.x + above.width).saturating_sub(x);
    if 0 < above.height && tab.is_searching {
        pane.canvas.prompt(x, above.y, room, &tab.search, pane.theme.of_prompt(&tab.search));
    } else if 0 < above.height {
        let typed = tab.search.text();
        let (text, tone) = if typed.is_empty() {
            (app.told("ui.ledger.search-hint", &[]), Tone::Dim)
        } else {
            // Whatever looks like an ID number is masked as soon as nobody types it any more.
            (Field::Occupation.masked(typed), Tone::Plain)
        };
        pane.canvas.put(x, above.y, room, &text, pane.theme.of(tone));
    }
    head(pane);
    let list = &tab.found;
    if list.count() == 0 {
        let empty = match (tab.search.text().is_empty(), tab.parts.len()) {
            (false, _) if tab.marked.is_some() => "ui.ledger.empty.marked",
            (true, _) => "ui.ledger.empty.certificates",
            (false, 0 | 1) => "ui.ledger.empty.search",
            (false, _) => "ui.ledger.empty.parts",
        };
        return pane.nothing(list.is_empty(), empty);
    }
    let width = pane.width();
    pane.list(list.at, list.count(), |i| list.get(i).map(|one| line_of(app, one, width)));
    if let Some(one) = list.current() {
        detail(pane, one);
    }
}

/// Gives the columns of the list, each with its heading and its width; the last takes what is left.
fn widths(width: usize) -> Vec<(&'static str, usize)> {
    let mut all = vec![
        ("ui.ledger.column.code", 22),
        ("ui.ledger.column.name", 10),
        ("ui.ledger.column.id-number", 18),
        ("ui.ledger.column.status", 9),
        ("ui.ledger.column.level-short", 4),
    ];
    let taken = |all: &[(&str, usize)]| 2 + all.iter().map(|(_, wide)| wide + 1).sum::<usize>();
    if WIDE <= width {
        all.push(("ui.ledger.column.issue-date", 10));
        let occupation = (width - taken(&all)) * 2 / 5;
        all.insert(all.len() - 1, ("ui.ledger.column.occupation", occupation.min(28)));
    }
    let last = if WIDE <= width { "ui.ledger.column.employer" } else { "ui.ledger.column.occupation" };
    all.push((last, width.saturating_sub(taken(&all))));
    all
}

/// Draws the labels of a list of certificates.
pub fn head(pane: &mut Pane<'_, '_>) {
    pane.head(&widths(pane.width()));
}

/// Writes a certificate on one line.
pub fn line_of(app: &App, one: &Certificate, width: usize) -> Line {
    let one = app.ledger.shown(one);
    let holder = &one.holder;
    let told: Vec<&str> = if WIDE <= width {
        vec![&holder.occupation, &holder.issue_date, &holder.employer]
    } else {
        vec![&holder.occupation]
    };
    let first = [one.code.as_str(), &holder.name, &holder.id_number, app.locale.status(one.status), &holder.level];
    let texts = first.into_iter().chain(told).zip(widths(width));
    (columns(&texts.map(|(text, (_, wide))| (text, wide)).collect::<Vec<_>>()), tone_of(one.status))
}

fn tone_of(status: Status) -> Tone {
    match status {
        Status::Void | Status::Revoked => Tone::Dim,
        Status::Returned => Tone::Bad,
        _ => Tone::Plain,
    }
}

/// Draws what a list of certificates has no room for.
pub fn detail(pane: &mut Pane<'_, '_>, one: &Certificate) {
    let holder = &one.holder;
    let text =
        joined(&[&holder.occupation, &holder.work_type, &holder.employer, &holder.issue_date, &holder.institution]);
    pane.detail(&text);
}

/// Draws a certificate: the record, what happened to it, its cases.
pub fn page(pane: &mut Pane<'_, '_>, page: &Page) {
    let app = pane.app;
    let Some(file) = page.file.lines().first() else {
        pane.heading(0, page.code.as_str());
        return pane.nothing(false, "ui.ledger.waiting");
    };
    let one = app.ledger.shown(&file.certificate);
    let holder = &one.holder;
    pane.heading(0, &format!("{}  {}", one.code, app.locale.status(one.status)));
    let row = one.row.map(|(batch, row)| {
        // The line is known of the batch that is open.
        let line = app.roster.batch().filter(|_| app.roster.id() == Some(batch)).map(|b| b.roster().line(row));
        let (key, n) = line.map_or(("ui.ledger.in-batch", row + 1), |line| ("ui.ledger.in-batch-line", line));
        let places = [("batch", batch.to_string()), ("row", n.to_string())];
        app.locale.fill(key, &places.each_ref().map(|(name, text)| (*name, text.as_str())))
    });
    let taken = app.locale.fill("ui.ledger.taken", &[("entry", &file.given.to_string())]);
    let level = holder.level.parse().ok().and_then(Level::new).map(|level| {
        app.locale.fill("ui.ledger.with-code", &[("name", &app.locale.level_words(level)), ("code", &holder.level)])
    });
    let origin = joined(&[&taken, row.as_deref().unwrap_or_default()]);
    let mut lines = vec![
        labelled(pane, &[("ui.ledger.column.name", &holder.name), ("ui.ledger.column.id-number", &holder.id_number)]),
        labelled(pane, &[("ui.ledger.column.id-type", &file.id_type), ("ui.ledger.column.employer", &holder.employer)]),
        labelled(
            pane,
            &[("ui.ledger.column.occupation", &holder.occupation), ("ui.ledger.column.work-type", &holder.work_type)],
        ),
        labelled(
            pane,
            &[
                ("ui.ledger.column.level", level.as_ref().unwrap_or(&holder.level)),
                ("ui.ledger.column.issue-date", &holder.issue_date),
            ],
        ),
    ];
    lines.extend(whole(pane, "ui.ledger.column.institution", &holder.institution));
    lines.extend(whole(pane, "ui.ledger.column.issuing-body", &holder.issuing_body));
    lines.extend(whole(pane, "ui.ledger.column.origin", &origin));
    if one.reissued_on.is_some() {
        lines.extend(whole(pane, "ui.ledger.column.reissued", &date::written(one.reissued_on)));
    }
    if !file.blank.is_empty() {
        lines.extend(whole(pane, "ui.ledger.column.blank", &file.blank));
    }
    for (row, line) in (1..).zip(&lines) {
        pane.above(row, line, Tone::Plain);
    }
    let count = file.life.len() + file.cases.len();
    let heading = (page.above().saturating_sub(1), pane.text("ui.ledger.life"));
    if count == 0 {
        pane.heading(heading.0, heading.1);
        return pane.nothing(true, "ui.ledger.empty.life");
    }
    let case_line = |i: usize| {
        let CaseLine { case, opened, user, .. } = file.cases.get(i)?;
        let number = app.locale.fill("ui.ledger.case-number", &[("n", &case.id.to_string())]);
        let words = [app.locale.case_kind(case.kind()), app.locale.case_state(case.state), &case.application.reason];
        Some((format!("{} {number} {}", columns(&[(opened, 16), (user, 8)]), joined(&words)), Tone::Current))
    };
    let line = |i: usize| file.life.get(i).map(event_line).or_else(|| case_line(i - file.life.len()));
    pane.lines(heading, (page.at, count), line);
    if let Some(event) = file.life.get(page.at) {
        pane.detail(&joined(&[&event.what, &event.reason]));
    }
}

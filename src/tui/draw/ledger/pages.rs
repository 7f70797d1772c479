//! One thing in full: a series, a certificate, a case, an audit entry, an institution.

use super::super::super::cells;
use super::super::super::theme::Tone;
use super::{Line, Pane, columns, joined, lists};
use crate::app::ledger::ask::{AuditLine, CaseLine, LifeEvent};
use crate::app::ledger::{CasePage, CertificatePage, GAPS_SHOWN, SeriesPage};
use crate::domain::level::LevelForm;
use crate::domain::registry::Institution;

/// Draws a series: its numbers, its gaps, its certificates.
pub fn series(pane: &mut Pane<'_, '_>, page: &SeriesPage) {
    let app = pane.app;
    let state = &page.line.state;
    pane.heading(0, &format!("{} {}", pane.text("ui.ledger.series"), state.key));
    let next = state.next().map_or_else(|| pane.text("ui.ledger.full").to_string(), |n| n.to_string());
    let counts = [state.used, state.void, state.reserved, state.gaps, state.left()].map(|n| n.to_string());
    let [used, void, reserved, gaps, left] = counts.each_ref().map(String::as_str);
    let places = [
        ("used", used),
        ("void", void),
        ("reserved", reserved),
        ("gaps", gaps),
        ("left", left),
        ("next", next.as_str()),
    ];
    let numbers = app.locale.fill("ui.ledger.numbers", &places);
    pane.above(1, &joined(&[&numbers, &page.line.institution]), Tone::Plain);
    let all = page.gaps.lines();
    for (row, gap) in (2..).zip(all.iter().take(GAPS_SHOWN)) {
        let range = if gap.first == gap.last { gap.first.to_string() } else { format!("{}-{}", gap.first, gap.last) };
        let places = [("range", range), ("n", (gap.last - gap.first + 1).to_string()), ("reason", gap.reason.clone())];
        let text = app.locale.fill("ui.ledger.gap", &places.each_ref().map(|(name, text)| (*name, text.as_str())));
        pane.above(row, &text, Tone::Plain);
    }
    if GAPS_SHOWN < all.len() {
        let more = app.locale.fill("ui.ledger.more-gaps", &[("n", &(all.len() - GAPS_SHOWN).to_string())]);
        pane.above(2 + GAPS_SHOWN as u16, &more, Tone::Dim);
    }
    lists::certificate_head(pane);
    let list = &page.certificates;
    if list.count() == 0 {
        return pane.nothing(list.is_empty(), "ui.ledger.empty.of-series");
    }
    let width = pane.width();
    pane.list(list.at, list.count(), |i| list.get(i).map(|one| lists::certificate_line(app, one, width)));
    if let Some(one) = list.current() {
        lists::certificate_detail(pane, one);
    }
}

/// Writes an event on one line.
fn event_line(event: &LifeEvent) -> Line {
    let head = columns(&[(&event.when, 16), (&event.user, 8)]);
    (format!("{head} {}", joined(&[&event.what, &event.reason])), Tone::Plain)
}

/// Puts labels before values, those side by side that are given side by side.
fn labelled(pane: &Pane<'_, '_>, parts: &[(&'static str, &str)]) -> String {
    let wide = pane.width() / parts.len().max(1);
    let part = |(key, value): &(&'static str, &str)| {
        let label = cells::fit(pane.text(key), 11);
        cells::fit(&format!("{label} {value}"), wide.saturating_sub(1))
    };
    format!(" {}", parts.iter().map(part).collect::<Vec<_>>().join(" "))
}

/// Draws a certificate: the record, what happened to it, its cases.
pub fn certificate(pane: &mut Pane<'_, '_>, page: &CertificatePage) {
    let app = pane.app;
    let Some(file) = page.file.lines().first() else {
        pane.heading(0, page.code.as_str());
        return pane.nothing(false, "ui.ledger.waiting");
    };
    let one = app.ledger.shown(&file.certificate);
    let holder = &one.holder;
    pane.heading(0, &format!("{}  {}", one.code, app.locale.status(one.status)));
    let row = one.row.map(|(batch, row)| {
        let places = [("batch", batch.to_string()), ("row", (row + 1).to_string())];
        app.locale.fill("ui.ledger.in-batch", &places.each_ref().map(|(name, text)| (*name, text.as_str())))
    });
    let taken = app.locale.fill("ui.ledger.taken", &[("entry", &one.taken.to_string())]);
    let lines = [
        labelled(pane, &[("ui.ledger.column.name", &holder.name), ("ui.ledger.column.id-number", &holder.id_number)]),
        labelled(
            pane,
            &[("ui.ledger.column.id-type", &holder.id_type), ("ui.ledger.column.employer", &holder.employer)],
        ),
        labelled(
            pane,
            &[("ui.ledger.column.occupation", &holder.occupation), ("ui.ledger.column.work-type", &holder.work_type)],
        ),
        labelled(
            pane,
            &[("ui.ledger.column.level", &holder.level), ("ui.ledger.column.issue-date", &holder.issue_date)],
        ),
        labelled(pane, &[("ui.ledger.column.institution", &holder.institution)]),
        labelled(pane, &[("ui.ledger.column.issuing-body", &holder.issuing_body)]),
        labelled(
            pane,
            &[
                ("ui.ledger.column.origin", &joined(&[&taken, row.as_deref().unwrap_or_default()])),
                ("ui.ledger.column.reissued", &one.reissued_on),
            ],
        ),
    ];
    for (row, line) in (1..).zip(&lines) {
        pane.above(row, line, Tone::Plain);
    }
    pane.heading(8, pane.text("ui.ledger.life"));
    let count = file.life.len() + file.cases.len();
    if count == 0 {
        return pane.nothing(true, "ui.ledger.empty.life");
    }
    let case_line = |i: usize| {
        let CaseLine { case, opened, user } = file.cases.get(i)?;
        let number = app.locale.fill("ui.ledger.case-number", &[("n", &case.id.to_string())]);
        let words = [app.locale.case_kind(case.kind()), app.locale.case_state(case.state), &case.application.reason];
        Some((format!("{} {number} {}", columns(&[(opened, 16), (user, 8)]), joined(&words)), Tone::Current))
    };
    let line = |i: usize| file.life.get(i).map(event_line).or_else(|| case_line(i - file.life.len()));
    pane.list(page.at, count, line);
    if let Some(event) = file.life.get(page.at) {
        pane.detail(&joined(&[&event.what, &event.reason]));
    }
}

/// Draws a case: what is asked for and what happened.
pub fn case(pane: &mut Pane<'_, '_>, page: &CasePage) {
    let app = pane.app;
    let number = app.locale.fill("ui.ledger.case-number", &[("n", &page.id.to_string())]);
    let Some(file) = page.file.lines().first() else {
        pane.heading(0, &number);
        return pane.nothing(false, "ui.ledger.waiting");
    };
    let CaseLine { case, opened, user } = &file.line;
    let words = [number.as_str(), app.locale.case_kind(case.kind()), app.locale.case_state(case.state)];
    pane.heading(0, &joined(&words));
    let lines = [
        labelled(
            pane,
            &[("ui.ledger.column.code", case.code.as_str()), ("ui.ledger.column.name", &case.snapshot.name)],
        ),
        labelled(pane, &[("ui.ledger.column.opened", opened), ("ui.ledger.column.user", user)]),
        labelled(pane, &[("ui.ledger.column.reason", &case.application.reason)]),
        labelled(pane, &[("ui.ledger.column.approval", &lists::approval_of(case))]),
    ];
    for (row, line) in (1..).zip(&lines) {
        pane.above(row, line, Tone::Plain);
    }
    pane.heading(5, pane.text("ui.ledger.request"));
    let asked = |i: usize| {
        let (label, value) = file.request.get(i)?;
        Some((columns(&[(label, 16)]) + " " + value, Tone::Plain))
    };
    let line = |i: usize| asked(i).or_else(|| file.life.get(i - file.request.len()).map(event_line));
    pane.list(page.at, file.request.len() + file.life.len(), line);
    if let Some((text, _)) = line(page.at) {
        pane.detail(&text);
    }
}

/// Draws an entry of the audit chain with what stood before and what stood after.
pub fn entry(pane: &mut Pane<'_, '_>, line: &AuditLine, at: usize) {
    let entry = &line.entry;
    let number = pane.app.locale.fill("ui.ledger.entry", &[("n", &entry.seq.to_string())]);
    pane.heading(0, &joined(&[&number, &line.what]));
    let object = pane.app.locale.audit_object(&entry.object);
    let lines = [
        labelled(pane, &[("ui.ledger.column.time", &line.when), ("ui.ledger.column.user", &entry.user)]),
        labelled(pane, &[("ui.ledger.column.object", &object), ("ui.ledger.column.what", &entry.action)]),
        labelled(pane, &[("ui.ledger.column.reason", &entry.reason)]),
        labelled(pane, &[("ui.ledger.column.hash", &entry.hash)]),
    ];
    for (row, line) in (1..).zip(&lines) {
        pane.above(row, line, Tone::Plain);
    }
    pane.heading(5, pane.text("ui.ledger.before-after"));
    let before = entry.before.lines().map(|text| (format!("- {text}"), Tone::Dim));
    let all: Vec<Line> = before.chain(entry.after.lines().map(|text| (format!("+ {text}"), Tone::Plain))).collect();
    if all.is_empty() {
        return pane.nothing(true, "ui.ledger.empty.entry");
    }
    pane.list(at, all.len(), |i| all.get(i).cloned());
    if let Some((text, _)) = all.get(at) {
        pane.detail(text);
    }
}

/// Draws an institution: its names with their days, its seals, what it is on record for, and whether it may still issue.
pub fn institution(pane: &mut Pane<'_, '_>, one: &Institution, at: usize) {
    let app = pane.app;
    let day = |day: Option<chrono::NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
    let name = one.names.last().map_or("", |name| name.name.as_str());
    pane.heading(0, &joined(&[&one.prefix, name]));
    let filed = day(one.filed_on);
    let retired = one.retired.as_ref().map_or_else(
        || app.locale.text("ui.ledger.may-issue").to_string(),
        |r| {
            let successor = r.successor.as_deref().map(|to| format!("-> {to}")).unwrap_or_default();
            joined(&[&r.on.to_string(), &r.reason, &successor])
        },
    );
    let lines = [
        labelled(
            pane,
            &[("ui.ledger.column.kind", &joined(&[&one.kind, &one.profile])), ("ui.ledger.column.filed", &filed)],
        ),
        labelled(pane, &[("ui.ledger.column.contact", &one.contact)]),
        labelled(pane, &[("ui.ledger.column.retired", &retired)]),
    ];
    for (row, line) in (1..).zip(&lines) {
        pane.above(row, line, if row == 3 && one.retired.is_some() { Tone::Bad } else { Tone::Plain });
    }
    pane.heading(4, pane.text("ui.ledger.records"));
    let names = one.names.iter().rev().map(|n| {
        let days = format!("{:>10} - {:<10}", day(n.from), day(n.to));
        (columns(&[(app.locale.text("ui.ledger.column.institution"), 10), (&days, 23)]) + " " + &n.name, Tone::Plain)
    });
    let seals = one.seals.iter().map(|s| {
        let days = format!("{:>10} / {:<10}", day(s.from), day(s.electronic_from));
        (columns(&[(app.locale.text("ui.ledger.column.seal"), 10), (&days, 23)]) + " " + &s.name, Tone::Plain)
    });
    let scope = one.scope.iter().map(|s| {
        let label = columns(&[(app.locale.text("ui.ledger.column.scope"), 10), (&s.occupation_code, 12)]);
        let levels = s.levels.iter().map(|level| level.written(LevelForm::Grade)).collect::<Vec<_>>().join("、");
        (format!("{label} {}", joined(&[&s.occupation, &s.work_type, &levels, &s.standard])), Tone::Plain)
    });
    let all: Vec<Line> = names.chain(seals).chain(scope).collect();
    if all.is_empty() {
        return pane.nothing(true, "ui.ledger.empty.records");
    }
    pane.list(at, all.len(), |i| all.get(i).cloned());
    if let Some((text, _)) = all.get(at) {
        pane.detail(text);
    }
}

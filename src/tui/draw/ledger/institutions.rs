//! Institutions: the registry, and one with its names, seals and scope.

use super::super::super::cells;
use super::super::super::theme::Tone;
use super::{Line, Pane, WIDE, columns, joined, labelled};
use crate::app::ledger::institutions::Page;
use crate::domain::level::LevelForm;

/// How wide the column is that counts what an institution is on record for.
const SCOPE: usize = 8;

pub fn list(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let width = pane.width();
    // A wide list tells the rules an institution stands under as well.
    let rules = if width < WIDE { 0 } else { 12 };
    let rest = width.saturating_sub(2 + 13 + rules + usize::from(rules != 0) + 10 + 10 + SCOPE + 4);
    let mut heads = vec![("ui.ledger.column.prefix", 13), ("ui.ledger.column.institution", rest)];
    if rules != 0 {
        heads.push(("ui.ledger.column.profile", rules));
    }
    let days = [("ui.ledger.column.filed", 10), ("ui.ledger.column.retired", 10), ("ui.ledger.number.scope", SCOPE)];
    pane.head(&heads.into_iter().chain(days).collect::<Vec<_>>());
    let list = &app.ledger.lists().institutions.lines;
    if list.lines().is_empty() {
        return pane.nothing(list.rows.is_some(), "ui.ledger.empty.institutions");
    }
    pane.list(list.at, list.lines().len(), |i| {
        let one = list.lines().get(i)?;
        let name = one.names.last().map_or("", |name| name.name.as_str());
        let filed = one.filed_on.map(|day| day.to_string()).unwrap_or_default();
        let retired = one.retired.as_ref().map(|r| r.on.to_string()).unwrap_or_default();
        let profile = app.profiles.iter().find(|profile| profile.id == one.profile);
        let profile = profile.map_or(one.profile.as_str(), |profile| app.locale.profile_short(profile));
        let mut texts = vec![(one.prefix.as_str(), 13), (name, rest)];
        texts.extend(Some((profile, rules)).filter(|_| rules != 0));
        texts.extend([(filed.as_str(), 10), (retired.as_str(), 10)]);
        let text = columns(&texts);
        let is_rectifying = app.ledger.lists().institutions.rectification(one).is_some();
        let tone = match one.retired {
            Some(_) => Tone::Dim,
            None if is_rectifying => Tone::Bad,
            None => Tone::Plain,
        };
        // Where none was filed it is not known what may be issued, which is not nothing.
        let scope = match one.scope.len() {
            0 => app.locale.text("ui.ledger.no-scope").to_string(),
            n => n.to_string(),
        };
        Some((format!("{text} {}", cells::right(&scope, SCOPE)), tone))
    });
    if let Some(one) = list.current() {
        let name = one.names.last().map_or("", |name| name.name.as_str());
        let order = app.ledger.lists().institutions.rectification(one);
        let order = order.map(|order| app.locale.rectification(order)).unwrap_or_default();
        pane.detail(&joined(&[name, &order, &one.kind, &one.contact]));
    }
}

/// Draws an institution: its names with their days, its seals, what it is on record for, and whether it may still issue.
pub fn page(pane: &mut Pane<'_, '_>, page: &Page) {
    let Page { institution: one, rectification, at } = page;
    let app = pane.app;
    let day = |day: Option<chrono::NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
    let name = one.names.last().map_or("", |name| name.name.as_str());
    pane.heading(0, &joined(&[&one.prefix, name]));
    let filed = day(one.filed_on);
    let retired = one.retired.as_ref().map_or_else(
        || match rectification {
            Some(order) => app.locale.rectification(order),
            None => app.locale.text("ui.ledger.may-issue").to_string(),
        },
        |r| {
            let successor = r.successor.as_deref().map(|to| format!("-> {to}")).unwrap_or_default();
            joined(&[&r.on.to_string(), &r.reason, &successor])
        },
    );
    let profile = app.profiles.iter().find(|profile| profile.id == one.profile);
    let profile = profile.map_or(one.profile.as_str(), |profile| app.locale.profile_name(profile));
    let state = if one.retired.is_some() { "ui.ledger.column.retired" } else { "ui.ledger.column.status" };
    let lines = [
        labelled(pane, &[("ui.ledger.column.profile", profile), ("ui.ledger.column.filed", &filed)]),
        labelled(pane, &[("ui.ledger.column.kind", &one.kind), ("ui.ledger.column.contact", &one.contact)]),
        labelled(pane, &[(state, &retired)]),
    ];
    for (row, line) in (1..).zip(&lines) {
        pane.above(
            row,
            line,
            if row == 3 && (one.retired.is_some() || rectification.is_some()) { Tone::Bad } else { Tone::Plain },
        );
    }
    pane.heading(4, pane.text("ui.ledger.records"));
    let labels = ["ui.ledger.column.institution", "ui.ledger.column.seal", "ui.ledger.column.scope"];
    let labels = labels.map(|key| app.locale.text(key));
    let wide = labels.iter().map(|label| cells::width(label)).max().unwrap_or_default().max(10);
    let [of_name, of_seal, of_scope] = labels;
    let names = one.names.iter().rev().map(|n| {
        let days = format!("{:>10} - {:<10}", day(n.from), day(n.to));
        (columns(&[(of_name, wide), (&days, 23)]) + " " + &n.name, Tone::Plain)
    });
    let seals = one.seals.iter().map(|s| {
        let days = format!("{:>10} / {:<10}", day(s.from), day(s.electronic_from));
        (columns(&[(of_seal, wide), (&days, 23)]) + " " + &s.name, Tone::Plain)
    });
    let scope = one.scope.iter().map(|s| {
        let label = columns(&[(of_scope, wide), (&s.occupation_code, 12)]);
        let levels = s.levels.iter().map(|level| level.written(LevelForm::Grade)).collect::<Vec<_>>().join("、");
        (format!("{label} {}", joined(&[&s.occupation, &s.work_type, &levels, &s.standard])), Tone::Plain)
    });
    let all: Vec<Line> = names.chain(seals).chain(scope).collect();
    if all.is_empty() {
        return pane.nothing(true, "ui.ledger.empty.records");
    }
    pane.list(*at, all.len(), |i| all.get(i).cloned());
    if let Some((text, _)) = all.get(*at) {
        pane.detail(text);
    }
}

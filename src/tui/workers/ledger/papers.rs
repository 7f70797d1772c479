//! What is handed in of a thing, as pages: forms, checklists, submissions and statistics. What only looks is done on a thread of
//! its own, so that the store stays free for changes.

mod acts;
mod forms;

use std::sync::mpsc::Sender;
use std::thread;

pub(super) use acts::{done, write_beside};

use super::super::desk::StoreDesk;
use super::{LoopEvent, guarded};
use crate::app::ledger::paper::{PaperAsk, PaperLine, PaperMark, PaperPage, StatisticsAsk};
use crate::app::ledger::request::LedgerAnswer;
use crate::app::msg::Msg;
use crate::domain::date;
use crate::domain::due::Standing;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::event::Thing;
use crate::domain::ledger::statistics::CountedBy;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{CheckedForm, CheckedList, FileState, Office, Session, StatisticsOrder, WantedDue};
use crate::tui::cells;
use crate::words::{Lang, Locale};

/// Looks a page up on a thread of its own; one that is shown whole is an audit entry first.
pub(super) fn look_beside(
    desk: &mut StoreDesk,
    seq: u64,
    ask: PaperAsk,
    to: &Sender<LoopEvent>,
) -> Result<(), Failure> {
    if let PaperAsk::Form(form) = &ask
        && let Some(why) = &form.why
    {
        desk.session()?.unmask_form(&forms::thing_of(&form.of, &form.also), why)?;
    }
    let (office, to) = (desk.setup.office.clone(), to.clone());
    thread::spawn(move || {
        let looked = guarded(office.locale(), || page(&ask, &office));
        let answer = looked.map_or_else(LedgerAnswer::Failed, |page| LedgerAnswer::Paper(Box::new(page)));
        let _ = to.send(LoopEvent::Msg(Msg::Ledger { seq, answer }));
    });
    Ok(())
}

fn page(ask: &PaperAsk, office: &Office) -> Result<PaperPage, Failure> {
    let session = || office.look().map(Session::patient);
    match ask {
        PaperAsk::Forms(of) => forms::list(&session()?, of.as_ref(), &[]),
        PaperAsk::CaseForms(cases) => match cases.split_first() {
            Some((first, also)) => forms::list(&session()?, Some(&Thing::Case(*first)), also),
            None => Ok(PaperPage::default()),
        },
        PaperAsk::Form(ask) => forms::filled(&session()?, ask),
        PaperAsk::Template(batch, template) => forms::template(&session()?, *batch, template),
        PaperAsk::Checklists(of) => checklists(&session()?, of),
        PaperAsk::HandIns(batch) => hand_ins(&session()?, *batch),
        PaperAsk::Statistics(ask) => statistics(office, ask),
    }
}

fn line(text: impl Into<String>, mark: PaperMark) -> PaperLine {
    PaperLine { text: text.into(), mark, ..PaperLine::default() }
}

fn checklists(session: &Session, of: &Thing) -> Result<PaperPage, Failure> {
    let (office, lists) = (session.office(), session.checklists(of)?);
    let locale = office.locale();
    let mut lines: Vec<PaperLine> = Vec::new();
    for list in &lists {
        lines.push(line(locale.checklist_head(&list.list, list.left()), PaperMark::Head));
        for item in &list.items {
            let name = if locale.lang == Lang::Zh { &item.item.name } else { &item.item.name_en };
            lines.extend(item.forms.iter().map(|form| tick_line(form, &text::visible(name), locale)));
        }
    }
    let left: usize = lists.iter().map(CheckedList::left).sum();
    let head = match lists.len() {
        0 => vec![locale.text("checklist.none").to_string()],
        _ => vec![locale.fill("papers.left", &[("n", &left.to_string())])],
    };
    Ok(PaperPage { title: locale.thing(of), head, lines, ..PaperPage::default() })
}

fn tick_line(form: &CheckedForm, name: &str, locale: &Locale) -> PaperLine {
    let word = locale.paper_form(form.form);
    let is_wrong = form.file.as_ref().is_some_and(|(_, state)| *state != FileState::Same);
    let mark = match (form.is_ready, is_wrong) {
        (false, _) => PaperMark::Lacking,
        (true, true) => PaperMark::Wrong,
        (true, false) => PaperMark::Done,
    };
    let tick = if form.is_ready { "[x]" } else { "[ ]" };
    let mut told = format!("{tick} {} {name}", cells::fit(word, 6));
    if let Some((file, state)) = &form.file {
        let digest: String = file.sha256.chars().take(12).collect();
        told += &format!("  {}  SHA-256 {digest}", locale.attached_file(&file.path, state.key()));
    }
    PaperLine { name: form.tick.clone(), takes_file: form.form.is_file(), ..line(told, mark) }
}

/// Tells when a batch was handed in, what came back, what is due, and what is missing.
fn hand_ins(session: &Session, batch: BatchId) -> Result<PaperPage, Failure> {
    let (office, listed) = (session.office(), session.list_batch(batch)?);
    let locale = office.locale();
    let stands: Vec<String> =
        listed.numbers.iter().map(|(status, n)| format!("{} {n}", locale.status(*status))).collect();
    let stands = if stands.is_empty() {
        locale.text("papers.no-numbers").to_string()
    } else {
        stands.join(locale.text("finding.comma"))
    };
    let mut lines: Vec<PaperLine> = listed
        .handed
        .iter()
        .map(|one| line(locale.handed_in(&one.user, &one.noted, &one.reason), PaperMark::Plain))
        .collect();
    if lines.is_empty() {
        lines.push(line(locale.text("papers.never-handed-in"), PaperMark::Plain));
    }
    let due = office.due(&WantedDue::default())?;
    let of_batch = due.items.iter().filter(|item| item.thing == Thing::Batch(batch));
    lines.extend(of_batch.filter(|item| item.standing <= Standing::Ask).map(|item| {
        let told = format!("{}  {}", locale.due_line(item), locale.days_left(item, due.on));
        line(told, PaperMark::Wrong)
    }));
    lines.extend(listed.returned.iter().map(|(certificate, why)| {
        let name = Field::Name.masked(&certificate.holder.name);
        let why = if why.is_empty() { locale.text("finding.no-reason").to_string() } else { Locale::reason(why, true) };
        let places = [
            ("code", certificate.code.as_str()),
            ("name", &text::visible(&name)),
            ("day", &date::written(certificate.status_on)),
            ("reason", &why),
        ];
        line(locale.fill("ledger.batch-returned", &places).trim(), PaperMark::Wrong)
    }));
    lines.extend(listed.lacks.iter().map(|told| line(told, PaperMark::Lacking)));
    let title = format!("{}  {}", locale.thing(&Thing::Batch(batch)), locale.file_name(&listed.batch.origin.file));
    Ok(PaperPage { title, head: vec![stands], lines, ..PaperPage::default() })
}

fn statistics(office: &Office, ask: &StatisticsAsk) -> Result<PaperPage, Failure> {
    let locale = office.locale();
    let all = office.statistics(&order_of(ask))?;
    let mut lines = Vec::new();
    for by in CountedBy::ALL {
        let rows: Vec<[String; 3]> = all.sums(by).iter().map(|sum| locale.counted_cells(by, sum)).collect();
        if rows.is_empty() {
            continue;
        }
        lines.push(line(locale.counted_by(by), PaperMark::Head));
        let wide = |column: usize| rows.iter().map(|row| cells::width(&text::visible(&row[column]))).max();
        let (name, count) = (wide(0).unwrap_or_default(), wide(1).unwrap_or_default());
        lines.extend(rows.iter().map(|row| {
            let told = format!(
                "  {}  {}  {}",
                cells::fit(&text::visible(&row[0]), name),
                cells::right(&row[1], count),
                text::visible(&row[2])
            );
            line(told.trim_end(), PaperMark::Plain)
        }));
    }
    let total = if all.is_empty() {
        locale.text("statistics.nothing").to_string()
    } else {
        locale.fill("statistics.total", &[("n", &all.total().to_string())])
    };
    let mut told = vec![total];
    told.extend(
        ask.months.as_ref().map(|(from, until)| locale.fill("papers.months", &[("from", from), ("until", until)])),
    );
    if !ask.prefix.is_empty() {
        told.push(locale.fill("papers.prefix", &[("prefix", &text::visible(&ask.prefix))]));
    }
    if ask.files_only {
        told.push(locale.text("papers.files-only").to_string());
    }
    let mut head = vec![told.join(locale.text("finding.comma"))];
    if !ask.files.is_empty() {
        let names: Vec<String> =
            ask.files.iter().map(|file| text::visible(&file.to_string_lossy()).into_owned()).collect();
        head.push(locale.fill("papers.with-files", &[("files", &names.join(locale.text("finding.comma")))]));
    }
    let file = if all.is_empty() {
        String::new()
    } else {
        format!("{}.xlsx", office.report_locale().text("statistics.sheet"))
    };
    Ok(PaperPage { title: locale.text("ui.place.statistics").to_string(), head, lines, file, ..PaperPage::default() })
}

fn order_of(ask: &StatisticsAsk) -> StatisticsOrder<'_> {
    let months = ask.months.as_ref();
    StatisticsOrder {
        files: &ask.files,
        files_only: ask.files_only,
        from: months.map(|(from, _)| from.as_str()),
        to: months.map(|(_, until)| until.as_str()),
        prefix: Some(ask.prefix.as_str()).filter(|prefix| !prefix.is_empty()),
    }
}

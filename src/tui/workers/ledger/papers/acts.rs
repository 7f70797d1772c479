//! What is done from a page: a form written, a field kept, a template filled in, something ticked, statistics written.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::thread;

use super::super::{LoopEvent, guarded};
use super::forms::order_of as form_order;
use super::order_of;
use crate::app::ledger::paper::{PaperAct, PaperDone, StatisticsAsk};
use crate::app::ledger::request::LedgerAnswer;
use crate::app::msg::Msg;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::office::{FilledForm, Office, Session, TemplateOrder};
use crate::tui::workers::desk::StoreDesk;

/// Writes statistics on a thread of its own: that only counts.
pub(in super::super) fn write_beside(
    desk: &StoreDesk,
    seq: u64,
    (ask, file, replaces): (StatisticsAsk, PathBuf, bool),
    to: &Sender<LoopEvent>,
) {
    let (office, to) = (desk.setup.office.clone(), to.clone());
    thread::spawn(move || {
        let written = guarded(office.locale(), || statistics_written(&office, &ask, (&file, replaces)));
        let answer = written.map_or_else(LedgerAnswer::Failed, LedgerAnswer::PaperDone);
        let _ = to.send(LoopEvent::Msg(Msg::Ledger { seq, answer }));
    });
}

fn statistics_written(
    office: &Office,
    ask: &StatisticsAsk,
    (file, replaces): (&Path, bool),
) -> Result<PaperDone, Failure> {
    if !replaces && office.is_there(file) {
        return Ok(PaperDone::Exists);
    }
    let all = office.statistics(&order_of(ask))?;
    office.write_statistics(&all, file, replaces)?;
    let (n, path) = (all.groups().count().to_string(), file.to_string_lossy());
    let places = [("file", &*text::visible(&path)), ("n", &n)];
    Ok(PaperDone::Told(office.locale().fill("statistics.written", &places)))
}

/// Does it.
pub(in super::super) fn done(session: &Session, act: &PaperAct) -> Result<PaperDone, Failure> {
    let locale = session.office().locale();
    match act {
        PaperAct::WriteForm { file, replaces: false, .. } | PaperAct::FillTemplate { file, replaces: false, .. }
            if session.office().is_there(file) =>
        {
            Ok(PaperDone::Exists)
        }
        PaperAct::WriteForm { ask, file, replaces, why } => {
            let (filled, share) =
                session.write_form(&form_order(ask, Vec::new()), (file, *replaces), (why.as_deref(), None))?;
            let is_masked = filled.form.layout.masked && why.is_none();
            let told = form_written(session, file, (&filled, is_masked));
            let share = share.map(|id| session.share(id).map(|(share, _)| locale.share_noted(&share))).transpose()?;
            let told: Vec<String> = std::iter::once(told).chain(share).collect();
            Ok(PaperDone::Told(told.join(locale.text("finding.semicolon"))))
        }
        PaperAct::KeepField { ask, field, value } => {
            session.keep_form_values(&form_order(ask, vec![(field.clone(), value.clone())]))?;
            Ok(PaperDone::Told(locale.text("papers.kept").to_string()))
        }
        PaperAct::FillTemplate { batch, template, file, replaces, takes_new } => {
            let order = TemplateOrder {
                batch: *batch,
                template,
                sheet: None,
                target: file,
                overwrite: *replaces,
                takes_new: *takes_new,
                share: None,
            };
            match session.fill_template(&order) {
                Ok(filled) => {
                    let places = [("file", &*file.to_string_lossy()), ("n", &filled.rows.to_string())];
                    let mut told = vec![locale.fill("form.template.filled", &places)];
                    told.extend(filled.otherwise_told(locale));
                    if !filled.open.is_empty() {
                        let open = text::visible(&filled.open.join(locale.text("finding.comma"))).into_owned();
                        told.push(locale.fill("form.template.open", &[("columns", &open)]));
                    }
                    Ok(PaperDone::Told(told.join(locale.text("finding.semicolon"))))
                }
                Err(failure) if failure.kind == FailureKind::Rule && !takes_new => {
                    Ok(PaperDone::OtherHeader(failure.message))
                }
                Err(failure) => Err(failure),
            }
        }
        PaperAct::Tick { of, tick, ready } => {
            let ticks = [tick.clone()];
            let (yes, no): (&[String], &[String]) = if *ready { (&ticks, &[]) } else { (&[], &ticks) };
            session.tick(of, (yes, no, &[]), "")?;
            let key = if *ready { "papers.ticked" } else { "papers.unticked" };
            Ok(PaperDone::Told(locale.text(key).to_string()))
        }
        PaperAct::Attach { of, tick, file } => {
            let files = [(tick.clone(), file.to_string_lossy().into_owned())];
            session.tick(of, (&[], &[], &files), "")?;
            let path = file.to_string_lossy();
            Ok(PaperDone::Told(locale.fill("papers.attached", &[("file", &text::visible(&path))])))
        }
        PaperAct::WriteStatistics { ask, file, replaces } => {
            statistics_written(session.office(), ask, (file, *replaces))
        }
    }
}

fn form_written(session: &Session, file: &Path, (filled, is_masked): (&FilledForm, bool)) -> String {
    let locale = session.office().locale();
    let places = [("form", filled.form.name.as_str()), ("file", &file.to_string_lossy())];
    let mut told = locale.fill("form.written", &places);
    let copies = filled.form.layout.copies;
    if 1 < copies {
        told += &locale.fill("form.copies", &[("n", &copies.to_string())]);
    }
    if !filled.missing.is_empty() {
        let n = filled.missing.len().to_string();
        told += locale.text("finding.semicolon");
        told += &locale.fill("papers.left-blank", &[("n", &n)]);
    }
    if is_masked {
        told += locale.text("finding.semicolon");
        told += locale.text("papers.written-masked");
    }
    text::visible(&told).into_owned()
}

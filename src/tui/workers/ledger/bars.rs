//! What stands against an act whatever would be answered: told before its form begins.

use super::acts::{self, Listed};
use crate::app::ledger::request::Bars;
use crate::app::ledger::{FormKind, FormSubject};
use crate::domain::ledger::case::CaseKind;
use crate::domain::ledger::reach::Reach;
use crate::domain::ledger::{Selection, Status};
use crate::failure::{Failure, FailureKind};
use crate::office::{BarsToOpen, Session};

/// Tells what stands against what a form would ask about.
pub(super) fn told(session: &Session, kind: FormKind, subject: FormSubject, text: &str) -> Result<Bars, Failure> {
    let locale = session.office().locale();
    let refused = |text: String| Bars { refused: Some(Failure::new(FailureKind::Rule, text, "")), ..Bars::default() };
    Ok(match (kind, subject) {
        (FormKind::Open, FormSubject::Certificate(code, _)) => {
            let BarsToOpen { kinds, rules } = session.bars_to_open(code)?;
            let told = |(kind, refusal): &(CaseKind, _)| (kind.key().to_string(), locale.case_refusal(refusal));
            let choices: Vec<(String, String)> = kinds.iter().map(told).collect();
            match choices.first() {
                Some((_, why)) if choices.len() == CaseKind::ALL.len() => refused(why.clone()),
                _ => Bars { choices, rules: Some(rules), ..Bars::default() },
            }
        }
        (FormKind::Reserve, FormSubject::Series(series)) => {
            Bars { refused: session.may_reserve(series.key).err(), ..Bars::default() }
        }
        (FormKind::Mark, FormSubject::Found(..)) => {
            let listed = acts::listed(session, text)?;
            let choices = statuses(session, &listed)?;
            if choices.len() == Status::BY_HAND.len() {
                refused(locale.text("ledger.none-may-any").to_string())
            } else {
                Bars { choices, found: Some(acts::count(session, &listed)?), ..Bars::default() }
            }
        }
        (FormKind::Close | FormKind::CloseRevocation, FormSubject::Case(id)) => {
            session.bar_to_close(id)?.map_or_else(Bars::default, |refusal| refused(locale.case_refusal(&refusal)))
        }
        (FormKind::Register, FormSubject::Registry) => {
            Bars { tables: Some(session.office().tables(session.registry()?)), ..Bars::default() }
        }
        _ => Bars::default(),
    })
}

/// Lists the statuses that none of what a search lists may take, each with why.
fn statuses(session: &Session, listed: &Listed) -> Result<Vec<(String, String)>, Failure> {
    let locale = session.office().locale();
    let mut barred = Vec::new();
    for status in Status::BY_HAND {
        let may_any = match listed {
            Listed::Batch(batch) => {
                let reach = session.reach_of_mark(&Selection::Batch(*batch), status)?;
                matches!(reach, Reach::Marked { numbers, .. } if !numbers.is_empty())
            }
            Listed::Certificates(all) => all.iter().any(|one| one.status.may_become(status)),
        };
        if !may_any {
            barred.push((status.key().to_string(), locale.text("ledger.none-of-these").to_string()));
        }
    }
    Ok(barred)
}

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
            let takers = takers(session, &listed)?;
            if takers.iter().all(|(_, n)| *n == 0) {
                refused(locale.text("ledger.none-may-any").to_string())
            } else {
                Bars { takers, found: Some(acts::count(session, &listed)?), ..Bars::default() }
            }
        }
        (FormKind::Close | FormKind::CloseRevocation, FormSubject::Case(id)) => {
            session.bar_to_close(id)?.map_or_else(Bars::default, |refusal| refused(locale.case_refusal(&refusal)))
        }
        (FormKind::Register, FormSubject::Registry) | (FormKind::Stock | FormKind::Blanks(_), FormSubject::Stock) => {
            Bars { tables: Some(session.office().tables(session.registry()?)), ..Bars::default() }
        }
        _ => Bars::default(),
    })
}

/// Counts how many of what a search lists may take each status.
fn takers(session: &Session, listed: &Listed) -> Result<Vec<(Status, usize)>, Failure> {
    let count = |status: Status| match listed {
        Listed::Batch(batch) => match session.reach_of_mark(&Selection::Batch(*batch), status)? {
            Reach::Marked { numbers, .. } => Ok(numbers.values().map(|n| *n as usize).sum()),
            _ => Ok(0),
        },
        Listed::Certificates(all) => Ok(all.iter().filter(|one| one.status.may_become(status)).count()),
    };
    Status::BY_HAND.into_iter().map(|status| Ok((status, count(status)?))).collect()
}

//! What stands against an act whatever would be answered: told before its form begins.

use super::acts::{self, Listed};
use crate::app::ledger::request::{Bars, FactLine};
use crate::app::ledger::{FormKind, FormSubject};
use crate::domain::fact::{FactType, TICK_SIGN};
use crate::domain::ledger::case::CaseKind;
use crate::domain::ledger::event::Thing;
use crate::domain::ledger::reach::Reach;
use crate::domain::ledger::{Selection, Status};
use crate::failure::{Failure, FailureKind};
use crate::office::{BarsToOpen, ListedFact, Session};

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
            let open = session.office().stock_page((None, None))?.open;
            Bars {
                open_count: open.first().map(|count| count.id),
                tables: Some(session.office().tables(session.registry()?)),
                ..Bars::default()
            }
        }
        (FormKind::Submit, FormSubject::Batch(batch)) => {
            let reach = session.reach_of_mark(&Selection::Batch(batch), Status::Submitted)?;
            match reach {
                Reach::Marked { numbers, .. } if numbers.values().any(|n| 0 < *n) => Bars::default(),
                _ => refused(locale.text("papers.nothing-to-hand-in").to_string()),
            }
        }
        (FormKind::Event, FormSubject::Thing) => Bars { noted: session.office().events()?, ..Bars::default() },
        (FormKind::Fact, _) => Bars { facts: facts(session, text)?, ..Bars::default() },
        _ => Bars::default(),
    })
}

/// Lists the facts of a thing, named as the audit chain does; the ticks of its checklists are left to the verb.
fn facts(session: &Session, thing: &str) -> Result<Vec<FactLine>, Failure> {
    let locale = session.office().locale();
    let Some(thing) = Thing::read(thing) else { return Ok(Vec::new()) };
    let sheet = session.fact_sheet(&thing)?;
    let line = |fact: &ListedFact| FactLine {
        shown: if fact.value.is_empty() { String::new() } else { locale.fact_value(&fact.def, &fact.value, true) },
        lack: fact.lacks.first().map(|lack| locale.fact_lack(&fact.def, lack)).unwrap_or_default(),
        proposed: match fact.def.kind {
            FactType::Choice | FactType::YesNo => locale.fact_choice(&fact.proposed),
            _ => fact.proposed.clone(),
        },
        def: fact.def.clone(),
    };
    Ok(sheet.facts.iter().filter(|fact| !fact.def.id.contains(TICK_SIGN)).map(line).collect())
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

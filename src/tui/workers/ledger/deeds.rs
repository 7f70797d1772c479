//! What the pane has done to the ledger, each deed one entry of the audit chain.

use super::super::desk::Desk;
use crate::app::ledger::request::LedgerAct;
use crate::data;
use crate::domain::code::CertCode;
use crate::domain::ledger::audit::Stamp;
use crate::domain::ledger::{Barred, Marked, Marking, Reservation, Selection, SeriesKey, Status, Wanted};
use crate::domain::level::Level;
use crate::domain::registry::{Event, Filing};
use crate::failure::{Failure, FailureKind};
use crate::store::StoreError;

/// Does something to the ledger; gives the audit entry's place.
pub(super) fn done(desk: &mut Desk, deed: &LedgerAct) -> Result<u64, Failure> {
    let (today, office) = (desk.setup.today, desk.setup.office.clone());
    let entry_of = |stamp: Option<Stamp>| stamp.map_or(0, |stamp| stamp.entry);
    match deed {
        LedgerAct::Reserve { key, year, level, count, reason } => reserve(desk, (*key, *year, *level), *count, reason),
        LedgerAct::Register { prefix, profile, name, reason } => register(desk, (prefix, profile), name, reason),
        LedgerAct::Void { code, reason } => {
            let selection = Selection::Codes(vec![*code]);
            let marked = desk.patiently(|store| store.void(&selection, today, reason))?;
            entry(desk, &marked, *code, Status::Void)
        }
        LedgerAct::Mark { code, status, on, reason } => {
            let selection = Selection::Codes(vec![*code]);
            let marking = Marking { status: *status, on: *on, reason };
            let marked = desk.patiently(|store| store.mark(&selection, &marking))?;
            entry(desk, &marked, *code, *status)
        }
        LedgerAct::Open { code, application } => desk
            .session()?
            .open_case(*code, application)
            .map_err(|e| e.failure(&office))
            .map(|stored| stored.opened.entry),
        LedgerAct::Approve { case, approval } => desk
            .session()?
            .approve_case(*case, approval, "")
            .map_err(|e| e.failure(&office))
            .map(|s| entry_of(s.approved)),
        LedgerAct::Refuse { case, reason } => desk
            .session()?
            .refuse_case(*case, reason)
            .map_err(|e| e.failure(&office))
            .map(|stored| entry_of(stored.ended)),
        LedgerAct::Close { case, withdrawn_on, reason } => {
            let closed = desk.session()?.close_case(*case, *withdrawn_on, reason);
            closed.map_err(|e| e.failure(&office)).map(|stored| entry_of(stored.ended))
        }
    }
}

/// Registers an institution; its prefix must read under the profile.
fn register(desk: &mut Desk, (prefix, profile): (&str, &str), name: &str, reason: &str) -> Result<u64, Failure> {
    let profile = data::profile(profile).ok_or_else(|| desk.locale.unknown_profile(profile, data::catalogue()))?;
    let tables = data::tables([]);
    let typed = (prefix, name.to_string());
    let filing = Filing::read(typed, &profile, &|table, code| tables.regions.name(table, code))
        .map_err(|refusal| desk.locale.registry_refusal(&refusal))?;
    let (event, today) = (Event::Add(filing), desk.setup.today);
    desk.patiently(|store| store.institution_event(&event, reason, today))
}

/// Reserves the next numbers of a series; a year or level that is not the series' own is given with it.
fn reserve(
    desk: &mut Desk,
    (key, year, level): (SeriesKey, Option<u8>, Option<Level>),
    count: u32,
    reason: &str,
) -> Result<u64, Failure> {
    let on = desk.setup.today;
    let state = desk.patiently(|store| store.series_state(key))?;
    let profile = state.and_then(|state| data::profile(&state.profile));
    let named = profile.as_ref().and_then(|p| Some((p, key.year(p).or(year)?, key.level(p).or(level)?)));
    let Some((profile, year, level)) = named else {
        return Err(Failure::new(FailureKind::Rule, desk.locale.text("status.ledger-cannot"), ""));
    };
    let wanted = Wanted::Next(count);
    let reservation = Reservation { profile, prefix: key.prefix(), year, level, wanted, on, reason };
    desk.patiently(|store| Ok(store.reserve(&reservation)?.1))
}

/// Gives the entry of a marking, or says why there is none.
fn entry(desk: &Desk, marked: &Marked, code: CertCode, status: Status) -> Result<u64, Failure> {
    let locale = &desk.locale;
    match marked {
        Marked::Done(_, entry, _) => Ok(*entry),
        Marked::Refused(refused) => match refused.first() {
            Some(Barred { stands: Some((is, _)), .. }) => {
                let places = [("code", code.as_str()), ("is", locale.status(*is)), ("status", locale.status(status))];
                Err(Failure::new(FailureKind::Rule, locale.fill("status.mark-refused", &places), ""))
            }
            _ => Err(locale.store_failure(&StoreError::NoCertificate(code))),
        },
        Marked::Nothing => Err(locale.store_failure(&StoreError::NoCertificate(code))),
    }
}

//! What the pane has done to the ledger, each deed one entry of the audit chain.

use std::sync::Arc;

use super::super::desk::Desk;
use crate::app::ledger::request::LedgerAct;
use crate::data;
use crate::domain::code::CertCode;
use crate::domain::ledger::{SeriesKey, Status, Wanted};
use crate::domain::level::Level;
use crate::domain::registry::{Event, Filing};
use crate::domain::rules::CheckContext;
use crate::failure::{Failure, FailureKind};
use crate::store::{Barred, Marked, Marking, Reservation, Selection, Stamp, StoreError};

/// Does something to the ledger; gives the audit entry's place.
pub(super) fn done(desk: &mut Desk, deed: &LedgerAct) -> Result<u64, Failure> {
    let today = desk.setup.today;
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
        LedgerAct::Open { code, application } => {
            let (_, profile) = desk.patiently(|store| store.certificate_with_profile(*code))?;
            let context = context(desk, &profile)?;
            let id = desk.patiently(|store| store.open_case(*code, application, &context))?;
            desk.patiently(|store| Ok(store.case(id)?.opened.entry))
        }
        LedgerAct::Approve { case, approval } => {
            let profile = desk.patiently(|store| Ok(store.case(*case)?.profile))?;
            let context = context(desk, &profile)?;
            desk.patiently(|store| store.approve_case(*case, approval, "", &context))?;
            desk.patiently(|store| Ok(entry_of(store.case(*case)?.approved)))
        }
        LedgerAct::Refuse { case, reason } => {
            desk.patiently(|store| store.refuse_case(*case, reason))?;
            desk.patiently(|store| Ok(entry_of(store.case(*case)?.ended)))
        }
        LedgerAct::Close { case, withdrawn_on, reason } => {
            let profile = desk.patiently(|store| Ok(store.case(*case)?.profile))?;
            let context = context(desk, &profile)?;
            desk.patiently(|store| store.close_case(*case, *withdrawn_on, reason, &context))?;
            desk.patiently(|store| Ok(entry_of(store.case(*case)?.ended)))
        }
    }
}

/// Registers an institution; its prefix must read under the profile.
fn register(desk: &mut Desk, (prefix, profile): (&str, &str), name: &str, reason: &str) -> Result<u64, Failure> {
    let profile = data::profile(profile).ok_or_else(|| desk.locale.unknown_profile(profile))?;
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

/// Gives what the rules of a roster need to look at a corrected record.
fn context(desk: &Desk, profile: &str) -> Result<CheckContext, Failure> {
    let found = data::profile(profile).and_then(|profile| Some((data::sheet(profile.upload_sheet())?, profile)));
    let Some((sheet, profile)) = found else { return Err(desk.locale.unknown_profile(profile)) };
    let tables = Arc::new(data::tables([]));
    Ok(CheckContext { profile, sheet, tables, today: desk.setup.today, known: Arc::default() })
}

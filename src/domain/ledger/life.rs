//! A certificate's whole life (证书全程): everything that happened to it, in order of time.

use serde::{Serialize, Serializer};

use super::Certificate;
use super::action::{
    Act, Action, ActionName, BatchDeleted, BlanksMoved, CaseEffect, CellsChanged, EventDay, FactsNoted, FileWritten,
    Pairs, StatusNoted, StepMoved,
};
use super::audit::AuditEntry;
use super::case::{CaseRequest, CaseState};
use super::stock::{BlankMove, SeriesNumber};
use crate::domain::code::CertCode;
use crate::domain::date;
use crate::domain::sheet::Field;

/// A certificate and what happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// The certificate as it stands.
    pub certificate: Certificate,
    /// What happened, oldest first.
    pub events: Vec<CertificateEvent>,
}

impl Life {
    /// Gives the entry that gave the number to whoever has it; of one that nobody has, the entry that took it.
    pub fn given_by(&self) -> u64 {
        let allocated = |event: &&CertificateEvent| event.action == Happening::Entry(ActionName::LedgerAllocate);
        let given = self.events.iter().rfind(allocated).and_then(|event| event.entry);
        given.unwrap_or(self.certificate.taken)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// An entry of the audit chain.
    Entry(ActionName),
    /// An entry of an action that this release does not know, by its own name.
    Unknown(String),
    /// Cells of the row were changed.
    RowChange,
    /// Cells of the row were changed, and that was taken back.
    RowUndone,
}

impl Happening {
    /// Gives the name used in JSON: an entry's as the chain has it.
    pub fn key(&self) -> &str {
        match self {
            Happening::Entry(name) => name.key(),
            Happening::Unknown(name) => name,
            Happening::RowChange => "row.change",
            Happening::RowUndone => "row.undone",
        }
    }
}

impl Serialize for Happening {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

/// Something that happened to a certificate, or to the row it was given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateEvent {
    /// When, UTC.
    pub time: String,
    pub user: String,
    /// The entry of the audit chain; `None` for a change of the row's cells.
    pub entry: Option<u64>,
    pub action: Happening,
    /// Why, in the user's words; may be empty. Of a change its title.
    pub reason: String,
    /// What it changed or tells.
    pub facts: Vec<Fact>,
}

/// One thing an event changed or tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    /// What, by its name in JSON, such as `status` or `id-number`.
    pub key: String,
    /// Before; empty for something that is only told.
    pub before: String,
    pub after: String,
}

impl Fact {
    /// Gives the column as whose text it is masked.
    pub fn field(&self) -> Field {
        match self.key.as_str() {
            "name" | "old-name" => Field::Name,
            "id-number" | "old-id-number" => Field::IdNumber,
            // Whatever looks like an ID number is masked in every column.
            _ => Field::Employer,
        }
    }

    /// Gives the fact with personal data masked.
    pub fn masked(&self) -> Fact {
        // The number of a sheet of paper is nobody's.
        if self.key == "blank" {
            return self.clone();
        }
        let field = self.field();
        Fact { key: self.key.clone(), before: field.masked(&self.before), after: field.masked(&self.after) }
    }
}

impl CertificateEvent {
    /// Gives the event without what only a program compares.
    pub fn without_digests(&self) -> CertificateEvent {
        let mut event = self.clone();
        event.facts.retain(|fact| !matches!(fact.key.as_str(), "sha256" | "digest" | "head"));
        event
    }

    /// Reads what an entry of the chain tells of a certificate.
    pub fn of_entry(entry: &AuditEntry, code: CertCode) -> CertificateEvent {
        let name = ActionName::read(&entry.action);
        CertificateEvent {
            time: entry.time.clone(),
            user: entry.user.clone(),
            entry: Some(entry.seq),
            action: name.map_or_else(|| Happening::Unknown(entry.action.clone()), Happening::Entry),
            reason: entry.reason.clone(),
            facts: Action::of_entry(entry).map_or_else(Vec::new, |action| facts(sides(&action, code))),
        }
    }
}

/// Texts of one side of an entry, by their names in JSON.
#[derive(Default)]
struct EntryTexts(Vec<(&'static str, String)>);

impl EntryTexts {
    fn with(mut self, key: &'static str, text: &(impl ToString + ?Sized)) -> EntryTexts {
        self.0.push((key, text.to_string()));
        self
    }

    fn with_some(self, key: &'static str, text: Option<&impl ToString>) -> EntryTexts {
        match text {
            Some(text) => self.with(key, text),
            None => self,
        }
    }

    fn file(name: &str, sha256: &str) -> EntryTexts {
        EntryTexts::default().with("file", name).with("sha256", sha256)
    }

    fn state(state: CaseState) -> EntryTexts {
        EntryTexts::default().with("state", state.key())
    }

    fn noted(self, now: &StatusNoted) -> EntryTexts {
        let told = self.with("status", now.status.key()).with("on", &now.on);
        let told = [("handed-to", &now.to), ("receipt", &now.receipt), ("past", &now.past)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .fold(told, |told, (key, text)| told.with(key, text));
        told.with_some("reply", now.reply.as_ref().map(|reply| &reply.file))
    }

    fn change(change: &CellsChanged) -> EntryTexts {
        let CellsChanged { title, cells, digest, rows_aside, rows_back, rows_noted, .. } = change;
        let own = EntryTexts::default().with("title", title).with("cells", cells).with_some("digest", digest.as_ref());
        let rows = [("rows-aside", rows_aside), ("rows-back", rows_back), ("rows-noted", rows_noted)];
        rows.into_iter().filter(|(_, n)| **n != 0).fold(own, |own, (key, n)| own.with(key, n))
    }

    fn step(step: &StepMoved) -> EntryTexts {
        EntryTexts::default().with("title", &step.title).with("step", &step.step)
    }

    fn record(records: &Pairs<CertCode, Pairs<Field, String>>, code: CertCode) -> EntryTexts {
        let own = records.0.iter().filter(|(of, _)| *of == code).flat_map(|(_, texts)| &texts.0);
        EntryTexts(own.map(|(field, text)| (field.key(), text.clone())).collect())
    }

    fn effect(effect: &CaseEffect) -> EntryTexts {
        let reissued_on = date::written(effect.reissued_on);
        let side =
            EntryTexts::state(effect.state).with("status", effect.status.key()).with("reissued-on", &reissued_on);
        let side = effect.record.columns().into_iter().fold(side, |side, (key, text)| side.with(key, text));
        side.with_some("withdrawn-on", effect.withdrawn_on.as_ref())
    }

    fn request(self, request: &CaseRequest) -> EntryTexts {
        match request {
            CaseRequest::Correct(values) => values.iter().fold(self, |side, v| side.with(v.item.key(), &v.to)),
            CaseRequest::Reissue { on, cause, .. } => self.with("on", on).with("cause", cause.key()),
            CaseRequest::Revoke { benefits_cancelled_on, authority } => {
                self.with_some("benefits-cancelled-on", benefits_cancelled_on.as_ref()).with("authority", authority)
            }
        }
    }
}

/// Lists what an action tells of one certificate: what stood before, and what stands after. What is said of many numbers at
/// once is left out, and what the certificate's own line tells anyway.
fn sides(action: &Action, code: CertCode) -> (EntryTexts, EntryTexts) {
    let new = |after: EntryTexts| (EntryTexts::default(), after);
    match action {
        Action::BatchCreate(Act { after, .. }) => {
            new(EntryTexts::default().with("file", &after.file).with("sheet", &after.sheet))
        }
        Action::BatchComplete(Act { after, .. }) => {
            new(EntryTexts::default().with("rows", &after.rows).with_some("sha256", after.sha256.as_ref()))
        }
        Action::BatchAdd(Act { after, .. }) => {
            let side = EntryTexts::default().with("file", &after.file).with("sheet", &after.sheet);
            new(side.with("rows", &after.rows).with_some("sha256", after.sha256.as_ref()))
        }
        Action::BatchDigest(Act { after, .. }) => new(EntryTexts::default().with("sha256", &after.sha256)),
        Action::BatchDelete(Act { before, after, .. }) => {
            let before = match before {
                BatchDeleted::ByUser { file, rows, sha256, changes } => EntryTexts::default()
                    .with("file", file)
                    .with("rows", rows)
                    .with_some("sha256", sha256.as_ref())
                    .with("changes", changes),
                BatchDeleted::Leftover { file } => EntryTexts::default().with("file", file),
            };
            (before, EntryTexts::default().with_some("replaced-by", after.as_ref().map(|by| &by.replaced_by.0)))
        }
        Action::BatchChange(Act { after, .. }) => new(EntryTexts::change(after)),
        Action::BatchUndo(Act { after, .. }) | Action::BatchRedo(Act { after, .. }) => new(EntryTexts::step(after)),
        Action::BatchTakeOver(Act { before, after, .. }) => (
            EntryTexts::default().with("user", &before.user).with("host", &before.host).with("since", &before.since),
            EntryTexts::default().with("user", &after.user).with("host", &after.host),
        ),
        Action::LedgerImport(Act { after, .. }) => {
            new(EntryTexts::file(&after.file, &after.sha256).with("status", after.status.key()))
        }
        Action::LedgerAllocate(Act { after, .. }) => new(EntryTexts::default().with("file", &after.file)),
        Action::LedgerMark(Act { after, .. }) | Action::LedgerVoid(Act { after, .. }) => {
            new(EntryTexts::default().noted(after))
        }
        Action::LedgerExport(Act { after: FileWritten::Upload(file), .. }) => {
            new(EntryTexts::file(&file.file, &file.sha256).with("rows", &file.rows).noted(&file.now))
        }
        Action::LedgerExport(Act { after: FileWritten::Year(file), .. })
        | Action::LedgerYearExport(Act { after: file, .. }) => {
            let after = EntryTexts::file(&file.file, &file.sha256).with("year", &file.year).with("lines", &file.lines);
            new(after.with("head", &file.head))
        }
        Action::LedgerSync(Act { before, after, .. }) => {
            (EntryTexts::record(&before.records, code), EntryTexts::record(&after.records, code))
        }
        Action::LedgerPrint(Act { after, .. }) => {
            let side = EntryTexts::file(&after.file, &after.sha256).with("medium", after.medium.key());
            new(side.with("on", &after.on))
        }
        Action::CaseOpen(Act { after, .. }) => {
            let side =
                EntryTexts::state(after.state).with("kind", after.kind.key()).with("applied-on", &after.applied_on);
            new(side.request(&after.request))
        }
        Action::CaseApprove(Act { before, after, .. }) => (
            EntryTexts::state(before.state),
            EntryTexts::state(after.state).with("reference", &after.reference).with("on", &after.on),
        ),
        Action::CaseRefuse(Act { before, after, .. }) => {
            (EntryTexts::state(before.state), EntryTexts::state(after.state))
        }
        Action::CaseClose(Act { before, after, .. }) => (EntryTexts::effect(before), EntryTexts::effect(after)),
        Action::CaseExport(Act { after, .. }) => new(EntryTexts::file(&after.file, &after.sha256)),
        Action::EventNote(Act { before, after, .. }) => {
            let side = |told: &EventDay| EntryTexts::default().with("on", &date::written(told.day));
            let before = before.as_ref().map(side).unwrap_or_default();
            (before, EntryTexts::default().with("event", after.event.key()).with("on", &date::written(after.day)))
        }
        Action::FactNote(Act { before, after, .. }) => {
            // What they are shows where they are kept; some are somebody's.
            let which = |told: &FactsNoted, is_there: bool| {
                let ids: Vec<&str> =
                    told.all().filter(|(_, value)| value.is_empty() != is_there).map(|(id, _)| id.as_str()).collect();
                if ids.is_empty() { EntryTexts::default() } else { EntryTexts::default().with("facts", &ids.join(" ")) }
            };
            (which(before, true), which(after, true))
        }
        Action::StockUse(Act { after, .. })
        | Action::StockSpoil(Act { after, .. })
        | Action::StockCorrect(Act { after, .. }) => blanks(after, code),
        // Nothing in them is about one certificate.
        Action::BatchColumns(_)
        | Action::BatchProfile(_)
        | Action::BatchClose(_)
        | Action::BatchReopen(_)
        | Action::LedgerReserve(_)
        | Action::InstitutionAdd(_)
        | Action::InstitutionChange(_)
        | Action::InstitutionScope(_)
        | Action::InstitutionMerge(_)
        | Action::InstitutionAbsorb(_)
        | Action::InstitutionCancel(_)
        | Action::StockReceive(_)
        | Action::StockDraw(_)
        | Action::StockHandOver(_)
        | Action::StockReturn(_)
        | Action::StockDestroy(_)
        | Action::StockCount(_)
        | Action::StockClose(_)
        | Action::StockTakeBack(_)
        | Action::StockWithdraw(_)
        | Action::StockDemand(_)
        | Action::SiteTwoPeople(_)
        | Action::ShareAdd(_)
        | Action::ShareChange(_)
        | Action::ShareHandOut(_)
        | Action::ShareEnd(_)
        | Action::AuditUnmask(_)
        | Action::AuditAccept(_)
        | Action::AuditRestore(_) => (EntryTexts::default(), EntryTexts::default()),
    }
}

/// Tells on which blank a certificate was before, and on which it is after.
fn blanks(moved: &BlanksMoved, code: CertCode) -> (EntryTexts, EntryTexts) {
    let side = |of: fn(&BlankMove) -> Option<SeriesNumber>| {
        let found = moved.moves.iter().find_map(|told| {
            let start = of(told)?;
            let place = start.series.serial_of(code)?.checked_sub(start.serial)?;
            told.run.first.further(place).filter(|number| told.run.holds(*number))
        });
        EntryTexts::default().with_some("blank", found.as_ref())
    };
    let (before, after) = (side(|told| told.had), side(|told| told.certificate));
    (before, after.with("on", &moved.on))
}

/// Joins what stood before with what stands after, and leaves out what stayed.
fn facts((EntryTexts(before), EntryTexts(after)): (EntryTexts, EntryTexts)) -> Vec<Fact> {
    let of = |key: &str| before.iter().find(|(k, _)| *k == key).map_or("", |(_, text)| text.as_str());
    let fact = |(key, text): &(&str, String)| Fact { key: (*key).into(), before: of(key).into(), after: text.clone() };
    let mut facts: Vec<Fact> = after.iter().map(fact).filter(|f| f.before != f.after).collect();
    let gone = before.iter().filter(|(key, text)| !text.is_empty() && after.iter().all(|(k, _)| k != key));
    facts.extend(gone.map(|(key, text)| Fact { key: (*key).into(), before: text.clone(), after: String::new() }));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_tells_of_one_certificate_only() {
        let entry = |action: &str, before: &str, after: &str| AuditEntry {
            seq: 4,
            time: "2026-11-21T08:00:00Z".into(),
            user: "wang".into(),
            action: action.into(),
            object: "batch:1".into(),
            before: before.into(),
            after: after.into(),
            reason: String::new(),
            previous: String::new(),
            hash: String::new(),
        };
        let (one, two) = ("S000062010001242J00001", "S000062010001242J00002");
        let told = |entry: &AuditEntry| {
            let facts = CertificateEvent::of_entry(entry, CertCode::new(one).unwrap()).facts;
            facts.iter().map(|f| format!("{} {}>{}", f.key, f.before, f.after)).collect::<Vec<_>>()
        };
        let run = r#"{"series":"S000062010001242J*****","first":1,"last":2}"#;
        let sync = entry(
            "ledger.sync",
            &format!(r#"{{"records":{{"{one}":{{"employer":"甲"}},"{two}":{{"employer":"乙"}}}}}}"#),
            &format!(r#"{{"records":{{"{one}":{{"employer":"丙"}},"{two}":{{"employer":"丁"}}}},"numbers":[{run}]}}"#),
        );
        assert_eq!(told(&sync), ["employer 甲>丙"]);
        let mark = entry(
            "ledger.mark",
            &format!(r#"{{"exported":[{run}]}}"#),
            &format!(r#"{{"status":"returned","on":"2026-11-21","count":2,"numbers":[{run}]}}"#),
        );
        assert_eq!(told(&mark), ["status >returned", "on >2026-11-21"]);
        let side = |state: &str, name: &str| {
            format!(
                r#"{{"state":"{state}","certificate":"{one}","status":"published","reissued-on":"","record":{{"name":"{name}","id-type":"","id-number":"","employer":"","occupation":"","work-type":"","level":"2","issue-date":"","institution":"","issuing-body":""}}}}"#
            )
        };
        let mut case = entry("case.close", &side("approved", "张伟"), &side("closed", "张炜"));
        case.object = "case:1".into();
        assert_eq!(told(&case), ["state approved>closed", "name 张伟>张炜"]);
        let asked = r#""kind":"correct","applied-on":"2026-11-20","request":{"values":[{"item":"name","to":"张炜"}]}}"#;
        let mut open = entry("case.open", "", &format!(r#"{{"state":"open","certificate":"{one}",{asked}"#));
        open.object = "case:1".into();
        assert_eq!(told(&open), ["state >open", "kind >correct", "applied-on >2026-11-20", "name >张炜"]);
        assert!(told(&entry("ledger.void", "", "no JSON")).is_empty());
        let later = entry("ledger.lend", "", r#"{"status":"lent"}"#);
        assert!(told(&later).is_empty());
        assert_eq!(CertificateEvent::of_entry(&later, CertCode::new(one).unwrap()).action.key(), "ledger.lend");
        let fact = Fact { key: "name".into(), before: "张小伟".into(), after: "张小炜".into() };
        assert_eq!(fact.masked(), Fact { key: "name".into(), before: "张*伟".into(), after: "张*炜".into() });
    }
}

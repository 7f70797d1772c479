//! What the store knows that deadlines are about: read in groups, never certificate by certificate.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::error::Result;
use super::{Store, StoreReader, events, registry};
use crate::domain::code::{CertCode, PREFIX_LENGTH};
use crate::domain::date;
use crate::domain::due::{CertificateGroup, HandedIn, KnownBatch, KnownCase, KnownOutside, KnownThings};
use crate::domain::ledger::action::ActionName;
use crate::domain::ledger::case::{CaseId, CaseKind};
use crate::domain::ledger::{BatchId, Certificate, Selection, Status};

/// How the certificates of batches stand, as it was counted when they changed.
const GROUPS: &str = "
    SELECT batch, status, series, issue_date, since, certificates, first, last FROM batch_count
    WHERE ?1 <= batch AND batch <= ?2 ORDER BY batch, status, series, issue_date";

/// How those stand that belong to no batch, as far as anything is still to come of them: whole series of what was published long
/// ago are left out by the index.
const OUTSIDE: &str = "
    SELECT series, status, assessment, min(status_on), count(*), min(id) & 1073741823, max(id) & 1073741823 FROM certificate
    WHERE batch IS NULL AND status IN ('allocated', 'exported', 'submitted', 'accepted', 'returned')
    GROUP BY series, status, assessment";

/// The serials of such a group.
const SERIALS_OUTSIDE: &str = "
    SELECT id & 1073741823 FROM certificate WHERE batch IS NULL
      AND status IN ('allocated', 'exported', 'submitted', 'accepted', 'returned')
      AND series = ?1 AND status = ?2 AND assessment = ?3";

/// The serials of a group of a batch.
const SERIALS: &str = "
    SELECT c.id & 1073741823 FROM certificate c JOIN assessment a ON a.id = c.assessment
    WHERE c.batch = ?1 AND c.status = ?2 AND c.series = ?3 AND a.issue_date = ?4";

/// When runs of a series were handed in or came back, in the order in which it was noted. Of what was taken into the ledger so,
/// the day is that of the entry. Entries that gave numbers to a batch are many, and none of them.
const SENT: &str = "
    SELECT t.first, t.last, coalesce(json_extract(a.after, '$.on'), substr(a.time, 1, 10)), json_extract(a.after, '$.status')
    FROM touched t JOIN audit a ON a.seq = t.entry
    WHERE t.series = ?1 AND NOT (t.gives AND t.batch IS NOT NULL) AND a.action IN ('ledger.mark', 'ledger.import')
      AND json_extract(a.after, '$.status') IN ('submitted', 'returned') ORDER BY t.entry";

/// When the numbers of a series were handed in and came back: the runs for which that is the same, by their first serial, each with
/// its last one. No two hold the same number.
#[derive(Default)]
struct SentRuns(BTreeMap<u32, (u32, HandedIn)>);

/// What was noted of the series that were asked about, by their ids.
#[derive(Default)]
struct SentOf(HashMap<i64, SentRuns>);

/// Certificates of one profile and day.
pub type OfDay = BTreeMap<(String, NaiveDate), Vec<CertCode>>;

/// Certificates that are to be handed in, by the day from which that is counted; those without such a day are left out.
#[derive(Debug, Default)]
pub struct ToSubmit {
    /// Those that never were, by issue date.
    pub first: OfDay,
    /// Those that came back, by the day on which they did.
    pub anew: OfDay,
}

impl Store {
    /// Lists the certificates among some that can be handed in.
    pub fn to_submit(&self, selection: &Selection) -> Result<ToSubmit> {
        let found = self.list_certificates(&self.db, selection, false)?;
        let series: HashMap<String, (i64, String)> = self.read(|db| {
            let read = |r: &rusqlite::Row| Ok((r.get(0)?, (r.get(1)?, r.get(2)?)));
            db.prepare("SELECT key, id, profile FROM series")?.query_map([], read)?.collect()
        })?;
        let (mut all, mut sent) = (ToSubmit::default(), SentOf::default());
        for certificate in found.into_iter().filter(|one| one.status.may_become(Status::Submitted)) {
            let Some((series, profile)) = series.get(certificate.series.as_str()) else { continue };
            let serial = certificate.serial;
            let was_sent = self.read(|db| sent.have_any(db, *series, (serial, serial)))?;
            let came_back = match certificate.status {
                Status::Returned => certificate.status_on,
                _ => sent.of(*series, serial).filter(|_| was_sent).and_then(|handed_in| handed_in.returned),
            };
            let issued = date::read(&certificate.holder.issue_date).day().filter(|_| !was_sent);
            for (days, day) in [(&mut all.first, issued), (&mut all.anew, came_back)] {
                if let Some(day) = day {
                    days.entry((profile.clone(), day)).or_default().push(certificate.code);
                }
            }
        }
        Ok(all)
    }
}

impl StoreReader {
    /// Reads what deadlines are about.
    pub fn known_things(&self) -> Result<KnownThings> {
        self.read(|db| known_things(db, None))
    }

    /// Tells of one certificate what deadlines ask of those of a batch.
    pub fn group_of(&self, certificate: &Certificate) -> Result<CertificateGroup> {
        self.read(|db| {
            let series =
                db.query_row("SELECT id FROM series WHERE key = ?1", [certificate.series.as_str()], |r| r.get(0));
            let (series, serial, mut sent) = (series?, certificate.serial, SentOf::default());
            let was_sent = sent.have_any(db, series, (serial, serial))?;
            Ok(CertificateGroup {
                prefix: certificate.code.as_str()[..PREFIX_LENGTH].to_string(),
                status: certificate.status,
                issued: date::read(&certificate.holder.issue_date).day(),
                since: certificate.status_on,
                handed_in: sent.of(series, serial).filter(|_| was_sent),
                count: 1,
            })
        })
    }

    /// Reads what the deadlines of one batch are about.
    pub fn known_batch(&self, batch: BatchId) -> Result<KnownThings> {
        self.read(|db| known_things(db, Some(batch)))
    }
}

/// Reads everything, or of one batch alone, at one moment.
fn known_things(db: &Connection, only: Option<BatchId>) -> rusqlite::Result<KnownThings> {
    let tx = Transaction::new_unchecked(db, TransactionBehavior::Deferred)?;
    let (batches, events) = (batches(&tx, only)?, events::noted(&tx)?);
    if only.is_some() {
        return Ok(KnownThings { batches, events, ..KnownThings::default() });
    }
    let (cases, registry, since) = (cases(&tx)?, registry::read_in(&tx)?, since(&tx)?);
    let blanks_since = super::stock::first_receipt(&tx)?;
    Ok(KnownThings { batches, outside: outside(&tx)?, cases, registry, since, events, blanks_since })
}

/// Gives the series by their ids: the institution's prefix and the profile.
fn series(db: &Connection) -> rusqlite::Result<HashMap<i64, (String, String)>> {
    db.prepare("SELECT id, substr(key, 1, ?1), profile FROM series")?
        .query_map([PREFIX_LENGTH as i64], |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?))))?
        .collect()
}

/// Gives the issue dates of assessments by their ids.
fn issue_dates(db: &Connection) -> rusqlite::Result<HashMap<i64, Option<NaiveDate>>> {
    db.prepare("SELECT id, issue_date FROM assessment")?
        .query_map([], |r| Ok((r.get(0)?, date::read(r.get_ref(1)?.as_str()?).day())))?
        .collect()
}

/// Cuts a group where its certificates were not handed in at the same time.
fn cut(
    group: &CertificateGroup,
    serials: &mut rusqlite::MappedRows<'_, impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<u32>>,
    of: impl Fn(u32) -> Option<HandedIn>,
) -> rusqlite::Result<Vec<CertificateGroup>> {
    let mut counts: BTreeMap<Option<HandedIn>, u32> = BTreeMap::new();
    for serial in serials {
        *counts.entry(of(serial?)).or_default() += 1;
    }
    let part = |(handed_in, count)| CertificateGroup { handed_in, count, ..group.clone() };
    Ok(counts.into_iter().map(part).collect())
}

/// Reads what belongs to no batch, by institution and profile.
fn outside(db: &Connection) -> rusqlite::Result<Vec<KnownOutside>> {
    let mut found: BTreeMap<(String, String), Vec<CertificateGroup>> = BTreeMap::new();
    let mut statement = db.prepare(OUTSIDE)?;
    let mut rows = statement.query([])?;
    let (mut series_of, mut issued, mut sent) = (None, None, SentOf::default());
    while let Some(row) = rows.next()? {
        // Most ledgers have none, and read nothing for it.
        let known = match &mut series_of {
            Some(known) => known,
            empty => empty.insert(series(db)?),
        };
        let issued = match &mut issued {
            Some(issued) => issued,
            empty => empty.insert(issue_dates(db)?),
        };
        let (at, assessment): (i64, i64) = (row.get(0)?, row.get(2)?);
        let (Some(status), Some((prefix, profile))) = (Status::read(row.get_ref(1)?.as_str()?), known.get(&at)) else {
            continue;
        };
        let group = CertificateGroup {
            prefix: prefix.clone(),
            status,
            issued: issued.get(&assessment).copied().flatten(),
            since: row.get_ref(3)?.as_str()?.parse().ok(),
            handed_in: None,
            count: row.get(4)?,
        };
        let of_institution = found.entry((prefix.clone(), profile.clone())).or_default();
        if !sent.have_any(db, at, (row.get(5)?, row.get(6)?))? {
            of_institution.push(group);
            continue;
        }
        let mut each = db.prepare_cached(SERIALS_OUTSIDE)?;
        let mut serials = each.query_map(params![at, status.key(), assessment], |r| r.get(0))?;
        of_institution.extend(cut(&group, &mut serials, |serial| sent.of(at, serial))?);
    }
    let one = |((prefix, profile), groups)| KnownOutside { prefix, profile, groups };
    Ok(found.into_iter().map(one).collect())
}

fn batches(db: &Connection, only: Option<BatchId>) -> rusqlite::Result<Vec<KnownBatch>> {
    let (first, last) = only.map_or((0, i64::MAX), |batch| (batch.0, batch.0));
    let known = series(db)?;
    let mut groups: HashMap<i64, Vec<CertificateGroup>> = HashMap::new();
    let mut sent = SentOf::default();
    let mut statement = db.prepare(GROUPS)?;
    let mut rows = statement.query([first, last])?;
    while let Some(row) = rows.next()? {
        let Some(status) = Status::read(row.get_ref(1)?.as_str()?) else { continue };
        let (batch, series, issue_date): (i64, i64, String) = (row.get(0)?, row.get(2)?, row.get(3)?);
        let group = CertificateGroup {
            prefix: known.get(&series).map(|(prefix, _)| prefix.clone()).unwrap_or_default(),
            status,
            issued: date::read(&issue_date).day(),
            since: row.get_ref(4)?.as_str()?.parse().ok(),
            handed_in: None,
            count: row.get(5)?,
        };
        let of_batch = groups.entry(batch).or_default();
        // What is done with, or waits for its first word, is asked about of one batch alone.
        let is_in_hand = matches!(status, Status::Allocated | Status::Exported);
        let asks = is_in_hand || status == Status::Accepted || first == last;
        let serials = (row.get(6)?, row.get(7)?);
        if !asks || !sent.have_any(db, series, serials)? {
            of_batch.push(group);
            continue;
        }
        let mut each = db.prepare_cached(SERIALS)?;
        let mut serials = each.query_map(params![batch, status.key(), series, issue_date], |r| r.get(0))?;
        of_batch.extend(cut(&group, &mut serials, |serial| sent.of(series, serial))?);
    }
    db.prepare("SELECT id, file, profile, closed FROM batch WHERE complete AND ?1 <= id AND id <= ?2 ORDER BY id")?
        .query_map([first, last], |r| {
            let id: i64 = r.get(0)?;
            let groups = groups.remove(&id).unwrap_or_default();
            Ok(KnownBatch { id: BatchId(id), file: r.get(1)?, profile: r.get(2)?, is_closed: r.get(3)?, groups })
        })?
        .collect()
}

impl SentRuns {
    /// Takes what was noted of a run: that it was handed in on a day, or came back.
    fn note(&mut self, (first, last): (u32, u32), on: NaiveDate, is_return: bool) {
        self.cut_at(first);
        self.cut_at(last.saturating_add(1));
        let noted = |so_far: Option<HandedIn>| match (so_far, is_return) {
            // What was taken into the ledger as returned was handed in before, and no later.
            (None, true) => HandedIn { first: on, last: on, returned: Some(on), answered: None },
            (Some(so_far), true) => HandedIn { returned: Some(on), ..so_far },
            (None, false) => HandedIn { first: on, last: on, returned: None, answered: None },
            (Some(so_far), false) => {
                HandedIn { last: on, returned: None, answered: so_far.returned.or(so_far.answered), ..so_far }
            }
        };
        let (mut next, mut gaps) = (first, Vec::new());
        for (begin, (end, handed_in)) in self.0.range_mut(first..=last) {
            if next < *begin {
                gaps.push((next, *begin - 1));
            }
            *handed_in = noted(Some(*handed_in));
            next = end.saturating_add(1);
        }
        if next <= last {
            gaps.push((next, last));
        }
        self.0.extend(gaps.into_iter().map(|(first, last)| (first, (last, noted(None)))));
    }

    /// Has no run begin before a serial and end behind it.
    fn cut_at(&mut self, serial: u32) {
        let Some((_, (end, handed_in))) = self.0.range_mut(..serial).next_back().filter(|(_, (end, _))| serial <= *end)
        else {
            return;
        };
        let behind = (*end, *handed_in);
        *end = serial - 1;
        self.0.insert(serial, behind);
    }
}

impl SentOf {
    /// Tells whether anything of a run of serials was ever handed in; what is noted of its series is read once.
    fn have_any(&mut self, db: &Connection, series: i64, (first, last): (u32, u32)) -> rusqlite::Result<bool> {
        if let Entry::Vacant(new) = self.0.entry(series) {
            let mut runs = SentRuns::default();
            let mut statement = db.prepare_cached(SENT)?;
            let mut rows = statement.query([series])?;
            while let Some(row) = rows.next()? {
                if let Ok(on) = row.get_ref(2)?.as_str()?.parse() {
                    runs.note((row.get(0)?, row.get(1)?), on, row.get_ref(3)?.as_str()? == Status::Returned.key());
                }
            }
            new.insert(runs);
        }
        let before = self.0[&series].0.range(..=last).next_back();
        Ok(before.is_some_and(|(_, (end, _))| first <= *end))
    }

    /// Tells when a number was handed in and came back, of a series that was asked about.
    fn of(&self, series: i64, serial: u32) -> Option<HandedIn> {
        let (_, (end, handed_in)) = self.0.get(&series)?.0.range(..=serial).next_back()?;
        (serial <= *end).then_some(*handed_in)
    }
}

fn cases(db: &Connection) -> rusqlite::Result<Vec<KnownCase>> {
    let read = |r: &rusqlite::Row| -> rusqlite::Result<Option<KnownCase>> {
        let (kind, day) = (CaseKind::read(r.get_ref(1)?.as_str()?), r.get_ref(4)?.as_str()?.parse());
        let (Some(kind), Ok(applied_on)) = (kind, day) else { return Ok(None) };
        Ok(Some(KnownCase { id: CaseId(r.get(0)?), kind, code: r.get(2)?, profile: r.get(3)?, applied_on }))
    };
    let found: Vec<Option<KnownCase>> = db
        .prepare(
            "SELECT f.id, f.kind, c.code, s.profile, f.applied_on FROM case_file f
             JOIN certificate c ON c.id = f.certificate JOIN series s ON s.id = c.series
             WHERE f.state IN ('open', 'approved') ORDER BY f.id",
        )?
        .query_map([], read)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// Tells since when institutions are on record.
fn since(db: &Connection) -> rusqlite::Result<HashMap<String, NaiveDate>> {
    let mut statement = db.prepare(
        "SELECT substr(object, length('institution:') + 1), min(time) FROM audit
         WHERE 'institution:' < object AND object < 'institution;' AND action IN (?1, ?2) GROUP BY object",
    )?;
    let named = [ActionName::InstitutionAdd, ActionName::InstitutionMerge].map(ActionName::key);
    let rows = statement.query_map(named, |r| {
        let time: String = r.get(1)?;
        Ok((r.get(0)?, time.get(..10).and_then(|day| day.parse().ok())))
    })?;
    let all: Vec<(String, Option<NaiveDate>)> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(all.into_iter().filter_map(|(prefix, day)| Some((prefix, day?))).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::batches::samples::open;
    use crate::store::records::samples::plan;

    /// What stands of batches was counted, and no other certificate is read.
    #[test]
    fn certificates_are_read_in_groups() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        let of = |statement| plan(&store, statement);
        assert_eq!(of(GROUPS), "SEARCH batch_count USING PRIMARY KEY (batch>? AND batch<?)");
        assert_eq!(
            of(SERIALS),
            "SEARCH c USING INDEX certificate_of_batch (batch=? AND status=?)\nSEARCH a USING INTEGER PRIMARY KEY (rowid=?)"
        );
        assert_eq!(of(OUTSIDE), "SCAN certificate USING INDEX certificate_outside");
        assert_eq!(
            of(SERIALS_OUTSIDE),
            "SEARCH certificate USING INDEX certificate_outside (series=? AND status=? AND assessment=?)"
        );
        let plan = of(SENT);
        assert!(!plan.contains("SCAN"), "{plan}");
    }

    proptest! {
        /// However runs overlap, each number has what was noted of it, in the order in which it was.
        #[test]
        fn runs_tell_of_each_number_what_was_noted(noted in prop::collection::vec((1..40_u32, 0..12_u32, 1..28_u32, any::<bool>()), 0..30)) {
            let day = |day| NaiveDate::from_ymd_opt(2026, 2, day).unwrap();
            let mut sent = SentOf::default();
            let mut runs = SentRuns::default();
            let mut each: HashMap<u32, HandedIn> = HashMap::new();
            for (first, more, on, is_return) in noted {
                let (last, on) = (first + more, day(on));
                runs.note((first, last), on, is_return);
                for serial in first..=last {
                    let one = each.entry(serial).or_insert(HandedIn {
                        first: on,
                        last: on,
                        returned: None,
                        answered: None,
                    });
                    if is_return {
                        one.returned = Some(on);
                    } else {
                        one.answered = one.returned.or(one.answered);
                        (one.last, one.returned) = (on, None);
                    }
                }
            }
            sent.0.insert(1, runs);
            for serial in 0..60 {
                prop_assert_eq!(sent.of(1, serial), each.get(&serial).copied());
            }
        }
    }
}

//! Looking at blanks: where each is and was, balances, spoilage, stocktakes and demands.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, params};

use super::count::is_halfyearly;
use super::{STANDING, print, standing_of};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::{Act, Action, BlanksCounted, BlanksDemanded, BlanksMoved};
use crate::domain::ledger::audit::AuditEntry;
use crate::domain::ledger::case::{CaseId, CaseRequest, ReissueCause};
use crate::domain::ledger::stock::{
    self as stock, Balance, BlankKind, BlankNumber, BlankRun, BlankState, CountId, Spoilage, Standing, StockRefusal,
    union, without,
};
use crate::domain::ledger::verify::{BlankMoveRow, BlankTables};
use crate::store::audit::{ENTRY_COLUMNS, entry_of};
use crate::store::error::Result;
use crate::store::{Store, StoreReader};

/// The first version of the file that holds blanks.
const WITH_STOCK: i64 = 6;

/// Which blanks are wanted; all where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlankFilter {
    pub kind: Option<BlankKind>,
    pub keeper: Option<String>,
    pub states: Vec<BlankState>,
    /// Only those whose numbers are in a run.
    pub within: Option<BlankRun>,
}

/// One thing that happened to a blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlankStep {
    pub state: BlankState,
    pub keeper: String,
    pub place: String,
    pub on: NaiveDate,
    /// The certificate it was used for.
    pub code: Option<CertCode>,
    pub entry: AuditEntry,
}

/// A blank: how it stands, and all that happened to it, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlankLife {
    pub kind: BlankKind,
    pub number: BlankNumber,
    pub standing: Standing,
    pub steps: Vec<BlankStep>,
}

/// How much a keeper spoiled in a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeeperSpoilage {
    pub kind: BlankKind,
    pub keeper: String,
    pub spoilage: Spoilage,
}

/// A stocktake, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stocktake {
    pub id: CountId,
    pub told: BlanksCounted,
    /// The entry that noted it.
    pub entry: AuditEntry,
    /// The entry that closed it, and what was lost or found again; nothing while it is open.
    pub closed: Option<(AuditEntry, BlanksMoved)>,
    /// The entry that withdrew it.
    pub withdrawn: Option<AuditEntry>,
}

impl Stocktake {
    /// Tells whether its difference still waits to be explained.
    pub fn is_open(&self) -> bool {
        self.closed.is_none() && self.withdrawn.is_none()
    }
}

/// The latest word on what an institution needs in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedDemand {
    pub year: i32,
    pub told: BlanksDemanded,
    pub entry: u64,
}

/// Where a blank is.
pub(super) const WHERE: &str = "
    WHERE b.kind = ?1 AND b.first = (SELECT max(first) FROM blank WHERE kind = ?1 AND first <= ?2) AND ?2 <= b.last";

/// One step of a blank's way, and the number of the one before it.
pub(super) const STEP: &str = "
    SELECT m.state, m.keeper, m.place, m.day, m.before,
           (SELECT c.code FROM certificate c WHERE c.id = m.certificate + ?2 - m.first), m.entry
    FROM blank_move m WHERE m.id = ?1";

const BALANCES: &str = "
    SELECT kind, keeper, received, came, went, stock, used, spoiled, destroyed, lost FROM blank_balance ORDER BY kind, keeper";

impl Store {
    /// Gives a stocktake.
    ///
    /// # Errors
    /// [`StockRefusal::NoCount`].
    pub fn stocktake(&self, id: CountId) -> Result<Stocktake> {
        self.read(|db| count(db, id))?.ok_or_else(|| StockRefusal::NoCount(id).into())
    }

    /// Gives the blank that the old paper of a case is printed on, while its new paper is not printed.
    pub fn blank_to_replace(&self, id: CaseId) -> Result<Option<BlankNumber>> {
        let code = self.case(id)?.case.code;
        let Some(certificate) = self.certificate(code)? else { return Ok(None) };
        let number = print::number_of(&certificate);
        self.read(|db| {
            if !has_stock(db)? || print::printed_for(db, number, id)?.is_some() {
                return Ok(None);
            }
            Ok(print::blank_of(db, number)?.map(|(_, piece)| piece.run.first))
        })
    }
}

impl StoreReader {
    /// Gives how many blanks of each kind every keeper has had, and where they are.
    pub fn balances(&self) -> Result<Vec<(BlankKind, String, Balance)>> {
        self.of_stock(|db| {
            let rows = db.prepare_cached(BALANCES)?.query_map([], balance_of)?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(rows.into_iter().flatten().collect())
        })
    }

    /// Lists blanks in pieces, by kind and number.
    pub fn blanks(&self, filter: &BlankFilter) -> Result<Vec<(BlankKind, Standing)>> {
        self.of_stock(|db| pieces(db, filter))
    }

    /// Tells where a blank is and was, of each kind that has its number.
    pub fn blank_lives(&self, number: BlankNumber) -> Result<Vec<BlankLife>> {
        self.of_stock(|db| {
            let mut lives = Vec::new();
            for kind in BlankKind::ALL {
                lives.extend(life(db, kind, number)?);
            }
            Ok(lives)
        })
    }

    /// Gives the blank that a certificate is printed on.
    pub fn blank_of(&self, code: CertCode) -> Result<Option<(BlankKind, BlankNumber)>> {
        let found = self.of_stock(|db| {
            let id: Option<i64> = db
                .prepare_cached("SELECT id FROM certificate WHERE code = ?1")?
                .query_row([code.as_str()], |r| r.get(0))
                .optional()?;
            let Some(id) = id else { return Ok(Vec::new()) };
            Ok(print::blank_with(db, id)?.into_iter().collect())
        })?;
        Ok(found.first().copied())
    }

    /// Lists the spoiled blanks of a kind in whose place new paper was printed for a certificate that was lost, each with the case:
    /// such a sheet is in nobody's drawer.
    pub fn blanks_not_in_hand(&self, kind: BlankKind) -> Result<Vec<(BlankRun, CaseId)>> {
        self.of_stock(|db| {
            let found = db
                .prepare_cached(
                    "SELECT b.first, b.last, f.id, f.request FROM blank b JOIN blank_move m ON m.id = b.move
                     JOIN audit a ON a.seq = m.entry JOIN case_file f ON f.id = json_extract(a.after, '$.case')
                     WHERE b.kind = ?1 AND m.state = 'spoiled' AND a.action = 'stock.use' ORDER BY b.first",
                )?
                .query_map([kind.key()], |r| {
                    let number = |at: usize| BlankNumber::new(r.get(at)?).ok_or_else(|| super::not_ours(at));
                    let request: Option<CaseRequest> = serde_json::from_str(r.get_ref(3)?.as_str()?).ok();
                    let is_lost = matches!(request, Some(CaseRequest::Reissue { cause: ReissueCause::Lost, .. }));
                    let run = BlankRun { first: number(0)?, last: number(1)? };
                    Ok(is_lost.then_some((run, CaseId(r.get(2)?))))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(found.into_iter().flatten().collect())
        })
    }

    /// Gives the certificate that is printed on the first blank of a piece.
    pub fn first_certificate(&self, kind: BlankKind, piece: &Standing) -> Result<Option<CertCode>> {
        self.read(|db| super::certificate_on(db, kind, piece.run.first))
    }

    /// Counts what came out good and what was spoiled between two days, both included.
    pub fn spoilage(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<KeeperSpoilage>> {
        self.of_stock(|db| {
            let rows = db
                .prepare_cached(
                    // What was corrected is taken off on the day on which it was noted to be.
                    "SELECT m.kind, m.keeper,
                            sum(m.n * ((m.state = 'used' AND b.state = 'stock')
                                - (m.state = 'spoiled' AND b.state = 'used' AND a.action = 'stock.spoil'))),
                            sum(m.n * (m.state = 'spoiled' AND b.state IN ('stock', 'used') AND a.action = 'stock.spoil'))
                     FROM (SELECT kind, keeper, last - first + 1 AS n, state, before, entry, day FROM blank_move
                           WHERE restores IS NULL
                           UNION ALL
                           SELECT c.kind, c.keeper, c.first - c.last - 1, o.state, o.before, o.entry, o.day FROM blank_move c
                           JOIN blank_move w ON w.id = c.before JOIN blank_move o ON o.id = coalesce(w.restores, w.id)
                           WHERE c.restores IS NOT NULL) m
                     JOIN blank_move b ON b.id = m.before JOIN audit a ON a.seq = m.entry
                     WHERE m.day BETWEEN ?1 AND ?2 GROUP BY 1, 2 HAVING 0 < sum(m.n * (m.state IN ('used', 'spoiled')))
                     ORDER BY 1, 2",
                )?
                .query_map([from.to_string(), to.to_string()], |r| {
                    let count = |at: usize| r.get::<_, i64>(at).map(|number| number.max(0) as u64);
                    let spoilage = Spoilage { good: count(2)?, spoiled: count(3)? };
                    let kind = BlankKind::read(r.get_ref(0)?.as_str()?);
                    let keeper: String = r.get(1)?;
                    Ok(kind.map(|kind| KeeperSpoilage { kind, keeper, spoilage }))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(rows.into_iter().flatten().collect())
        })
    }

    /// Counts the blanks of a kind that were in stock at the end of a day.
    pub fn stock_on(&self, kind: BlankKind, day: NaiveDate) -> Result<u64> {
        let found = self.of_stock(|db| Ok(vec![stock::count(&held_on(db, kind, None, day)?)]))?;
        Ok(found.first().copied().unwrap_or(0))
    }

    /// Lists the stocktakes, oldest first.
    pub fn stocktakes(&self) -> Result<Vec<Stocktake>> {
        self.of_stock(|db| {
            let last = last_count(db)?;
            let found = (1..=last).map(|id| count(db, CountId(id))).collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(found.into_iter().flatten().collect())
        })
    }

    /// Lists what each institution needs in a year.
    pub fn demands(&self, year: i32) -> Result<Vec<NotedDemand>> {
        self.of_stock(|db| {
            let mut latest = BTreeMap::new();
            for entry in entries(db, &format!("demand:{year}"))? {
                if let Some(Action::StockDemand(Act { after: told, .. })) = Action::of_entry(&entry) {
                    let key = (told.institution.clone(), told.kind);
                    latest.insert(key, NotedDemand { year, told, entry: entry.seq });
                }
            }
            Ok(latest.into_values().collect())
        })
    }

    /// Reads of blanks; none where the store is from before there were any.
    fn of_stock<T>(&self, query: impl Fn(&Connection) -> rusqlite::Result<Vec<T>>) -> Result<Vec<T>> {
        self.read(|db| if has_stock(db)? { query(db) } else { Ok(Vec::new()) })
    }
}

fn has_stock(db: &Connection) -> rusqlite::Result<bool> {
    let version: i64 = db.pragma_query_value(None, "user_version", |r| r.get(0))?;
    Ok(WITH_STOCK <= version)
}

fn balance_of(r: &rusqlite::Row) -> rusqlite::Result<Option<(BlankKind, String, Balance)>> {
    let count = |at: usize| r.get::<_, i64>(at).map(|number| number.max(0) as u64);
    let balance = Balance {
        received: count(2)?,
        came: count(3)?,
        went: count(4)?,
        stock: count(5)?,
        used: count(6)?,
        spoiled: count(7)?,
        destroyed: count(8)?,
        lost: count(9)?,
    };
    let keeper: String = r.get(1)?;
    Ok(BlankKind::read(r.get_ref(0)?.as_str()?).map(|kind| (kind, keeper, balance)))
}

/// Lists pieces, those that reach out of the run cut to it.
pub(super) fn pieces(db: &Connection, filter: &BlankFilter) -> rusqlite::Result<Vec<(BlankKind, Standing)>> {
    let whole = BlankRun { first: BlankNumber::new(0).unwrap_or(BlankNumber::LARGEST), last: BlankNumber::LARGEST };
    let run = filter.within.unwrap_or(whole);
    let mut all = Vec::new();
    for kind in BlankKind::ALL.into_iter().filter(|kind| filter.kind.is_none_or(|wanted| wanted == *kind)) {
        for piece in super::pieces(db, kind, run)? {
            let is_of = filter.keeper.as_ref().is_none_or(|keeper| *keeper == piece.keeper);
            if is_of && (filter.states.is_empty() || filter.states.contains(&piece.state)) {
                all.push((kind, piece.within(run)));
            }
        }
    }
    Ok(all)
}

fn life(db: &Connection, kind: BlankKind, number: BlankNumber) -> rusqlite::Result<Option<BlankLife>> {
    let standing = db
        .prepare_cached(&format!("{STANDING} {WHERE}"))?
        .query_row(params![kind.key(), number.value()], standing_of)
        .optional()?;
    let Some(standing) = standing else { return Ok(None) };
    let (mut steps, mut next) = (Vec::new(), Some(standing.by));
    while let Some(id) = next {
        let (step, before) = db.prepare_cached(STEP)?.query_row(params![id, number.value()], |r| {
            let code: Option<String> = r.get(5)?;
            let entry = db
                .prepare_cached(&format!("SELECT {ENTRY_COLUMNS} FROM audit WHERE seq = ?1"))?
                .query_row([r.get::<_, i64>(6)?], entry_of)?;
            let step = BlankStep {
                state: BlankState::read(r.get_ref(0)?.as_str()?).ok_or_else(|| super::not_ours(0))?,
                keeper: r.get(1)?,
                place: r.get(2)?,
                on: r.get_ref(3)?.as_str()?.parse().map_err(|_| super::not_ours(3))?,
                code: code.as_deref().and_then(CertCode::new),
                entry,
            };
            Ok((step, r.get::<_, Option<i64>>(4)?))
        })?;
        steps.push(step);
        // Each step comes before the one it leads to; where somebody bent that, the way ends here.
        next = before.filter(|before| *before < id);
    }
    steps.reverse();
    let run = BlankRun::of_one(number);
    Ok(Some(BlankLife { kind, number, standing: standing.within(run), steps }))
}

fn entries(db: &Connection, object: &str) -> rusqlite::Result<Vec<AuditEntry>> {
    db.prepare_cached(&format!("SELECT {ENTRY_COLUMNS} FROM audit WHERE object = ?1 ORDER BY seq"))?
        .query_map([object], entry_of)?
        .collect()
}

/// Lists the blanks that were in stock at the end of a day, with one keeper or anybody, in order. A receipt that was taken back
/// never was, and neither was what is corrected: a correction goes on from the day of what it restores.
pub(super) fn held_on(
    db: &Connection,
    kind: BlankKind,
    keeper: Option<&str>,
    day: NaiveDate,
) -> rusqlite::Result<Vec<BlankRun>> {
    let run = |r: &rusqlite::Row, at: usize| {
        let number = |at: usize| BlankNumber::new(r.get(at)?).ok_or_else(|| super::not_ours(at));
        Ok::<_, rusqlite::Error>(BlankRun { first: number(at)?, last: number(at + 1)? })
    };
    let day = day.to_string();
    let mut after = db.prepare_cached(
        "SELECT first, last FROM blank_move WHERE before = ?1 AND (day <= ?2 OR withdrawn = 1)
         UNION ALL
         SELECT first, last FROM blank_move
         WHERE restores = coalesce((SELECT restores FROM blank_move WHERE id = ?1), ?1) AND ?1 < id",
    )?;
    let mut came = db.prepare_cached(
        "SELECT id, first, last FROM blank_move
         WHERE kind = ?1 AND state = 'stock' AND withdrawn = 0 AND day <= ?2 AND (?3 IS NULL OR keeper = ?3)",
    )?;
    let mut rows = came.query(params![kind.key(), day, keeper])?;
    let mut held = Vec::new();
    while let Some(row) = rows.next()? {
        let went: Vec<BlankRun> =
            after.query_map(params![row.get::<_, i64>(0)?, day], |r| run(r, 0))?.collect::<rusqlite::Result<_>>()?;
        held.extend(without(&[run(row, 1)?], &went));
    }
    Ok(union(&held).0)
}

/// Lists what stocktakes of the same kind found that were held after another one, and which.
pub(super) fn found_later(
    db: &Connection,
    id: CountId,
    told: &BlanksCounted,
) -> rusqlite::Result<Vec<(CountId, Vec<BlankRun>)>> {
    let mut all = Vec::new();
    for later in (1..=last_count(db)?).map(CountId).filter(|later| *later != id) {
        let Some(count) = count(db, later)?.filter(|count| count.withdrawn.is_none()) else { continue };
        let of = count.told;
        if of.kind != told.kind || (of.on, later) < (told.on, id) {
            continue;
        }
        let keeper = Some(of.keeper.as_str()).filter(|keeper| !keeper.is_empty());
        let mut found = without(&held_on(db, of.kind, keeper, of.on)?, &of.missing);
        found.extend(of.surplus);
        all.push((later, union(&found).0));
    }
    Ok(all)
}

/// Gives the day of the latest stocktake of an institution's ordinary blanks that is closed.
pub(in crate::store) fn counted_day(db: &Connection, institution: &str) -> rusqlite::Result<Option<NaiveDate>> {
    let mut latest = None;
    for id in 1..=last_count(db)? {
        let found = count(db, CountId(id))?.filter(|count| count.closed.is_some() && count.withdrawn.is_none());
        let is_its = |count: &Stocktake| is_halfyearly(&count.told) && count.told.institution == institution;
        latest = latest.max(found.filter(is_its).map(|count| count.told.on));
    }
    Ok(latest)
}

/// Gives the day of the first receipt of ordinary blanks that is not taken back; nothing where there is none.
pub(in crate::store) fn first_receipt(db: &Connection) -> rusqlite::Result<Option<NaiveDate>> {
    if !has_stock(db)? {
        return Ok(None);
    }
    let day: Option<String> = db.query_row(
        "SELECT min(r.day) FROM blank_move r WHERE r.before IS NULL AND r.kind = 'ordinary'
           AND NOT EXISTS (SELECT 1 FROM blank_move w WHERE w.before = r.id AND w.withdrawn = 1
                           AND w.first = r.first AND w.last = r.last)",
        [],
        |r| r.get(0),
    )?;
    Ok(day.and_then(|day| day.parse().ok()))
}

/// Gives the number of the last stocktake; 0 where there was none.
pub(super) fn last_count(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "SELECT coalesce(max(CAST(substr(object, 7) AS INTEGER)), 0) FROM audit WHERE 'count:' < object AND object < 'count;'",
    )?
    .query_row([], |r| r.get(0))
}

pub(super) fn count(db: &Connection, id: CountId) -> rusqlite::Result<Option<Stocktake>> {
    let mut found: Option<Stocktake> = None;
    for entry in entries(db, &format!("count:{id}"))? {
        match Action::of_entry(&entry) {
            Some(Action::StockCount(Act { after: told, .. })) => {
                found = Some(Stocktake { id, told, entry, closed: None, withdrawn: None });
            }
            Some(Action::StockClose(Act { after, .. })) => {
                if let Some(count) = &mut found {
                    count.closed = Some((entry, after.lost));
                }
            }
            Some(Action::StockWithdraw(_)) => {
                if let Some(count) = &mut found {
                    count.withdrawn = Some(entry);
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Reads the tables as they stand.
pub(in crate::store) fn tables(db: &Connection) -> rusqlite::Result<BlankTables> {
    if !has_stock(db)? {
        return Ok(BlankTables::default());
    }
    let certificate = |r: &rusqlite::Row, at: usize| -> rusqlite::Result<Option<(String, i64)>> {
        let serial: Option<i64> = r.get(at + 1)?;
        serial.map(|serial| Ok((r.get::<_, Option<String>>(at)?.unwrap_or_default(), serial))).transpose()
    };
    let moves = db
        .prepare(
            "SELECT m.id, m.entry, m.kind, m.first, m.last, m.state, m.keeper, m.place, m.day, m.before, s.key,
                    m.certificate & 1073741823, m.withdrawn, m.restores
             FROM blank_move m LEFT JOIN series s ON s.id = m.certificate >> 30 ORDER BY m.id",
        )?
        .query_map([], |r| {
            Ok(BlankMoveRow {
                id: r.get(0)?,
                entry: r.get::<_, i64>(1)? as u64,
                kind: r.get(2)?,
                first: r.get(3)?,
                last: r.get(4)?,
                state: r.get(5)?,
                keeper: r.get(6)?,
                place: r.get(7)?,
                day: r.get(8)?,
                before: r.get(9)?,
                certificate: certificate(r, 10)?,
                withdrawn: r.get(12)?,
                restores: r.get(13)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let pieces = db
        .prepare(
            "SELECT b.kind, b.first, b.last, b.move, s.key, b.certificate & 1073741823
             FROM blank b LEFT JOIN series s ON s.id = b.certificate >> 30",
        )?
        .query_map([], |r| Ok(((r.get(0)?, r.get(1)?), (r.get(2)?, r.get(3)?, certificate(r, 4)?))))?
        .collect::<rusqlite::Result<_>>()?;
    let balances = db
        .prepare(BALANCES)?
        .query_map([], |r| {
            let mut counts = [0; 8];
            for (at, count) in (2..).zip(&mut counts) {
                *count = r.get(at)?;
            }
            Ok(((r.get(0)?, r.get(1)?), counts))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(BlankTables { moves, pieces, balances })
}

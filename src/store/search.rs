//! Searching the ledger (查台账): what was typed is the beginning of a code, an ID number, a name, or of the first letters of
//! one; every way reads an index, a screen at a time.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params_from_iter};

use super::StoreReader;
use super::error::{Result, StoreError};
use super::records::{TABLES, certificate_of, columns};
use crate::cause::OwnFileFault;
use crate::domain::ledger::Certificate;
use crate::domain::ledger::search::{CertificateQuery, SearchWay};
use crate::domain::sound::initials;

/// How many certificates are looked at for one page: where a filter leaves few, a page may come shorter, so that none takes
/// long.
const STEP: usize = 5_000;

/// The last character there is: no text reaches it.
const LAST: char = '\u{10FFFF}';

/// The first letters that names have from `?1` on, before `?2`.
const NEXT_LETTERS: &str = "SELECT pinyin FROM certificate
    WHERE ?1 <= pinyin AND pinyin < ?2 AND name <> '' ORDER BY pinyin LIMIT 1";

/// Where the next page begins: behind the last place looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    scan: usize,
    place: IndexPlace,
}

/// A place in an index, behind which reading goes on.
#[derive(Debug, Clone, Default, PartialEq)]
struct IndexPlace {
    /// The first letters of the name.
    letters: String,
    /// The text of the index.
    text: String,
    id: i64,
}

/// Some of what was found, in the order of the ways.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CertificatePage {
    pub found: Vec<Certificate>,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
}

/// One index that is read from an end to the other.
#[derive(Debug)]
enum Scan {
    /// The texts of a column with a beginning.
    Beginning(&'static str, String),
    /// The names whose first letters have a beginning.
    Initials(String),
    /// The names with a beginning. The index has them by their first letters, so it is read letters by letters: those the
    /// beginning has, with any that may follow.
    Name(String),
    /// The certificates between two ids: a series or a part of it.
    Ids(i64, i64),
}

/// A page that is being filled.
struct Filling<'a> {
    query: &'a CertificateQuery,
    limit: usize,
    looked: usize,
    page: CertificatePage,
}

impl StoreReader {
    /// Finds the first `limit` certificates from a place on. A page may be short or even empty although there is a next.
    pub fn search(&self, query: &CertificateQuery, from: Option<&Cursor>, limit: usize) -> Result<CertificatePage> {
        let ways = query.ways();
        let mut filling = Filling { query, limit, looked: 0, page: CertificatePage::default() };
        let first = from.map_or(0, |cursor| cursor.scan);
        for (number, scan) in self.scans(query, &ways)?.iter().enumerate().skip(first) {
            // What an earlier way has shown does not come again; ids follow each other.
            let earlier = if matches!(scan, Scan::Ids(..)) { &[] } else { &ways[..number] };
            let from = from.filter(|cursor| cursor.scan == number).map(|cursor| &cursor.place);
            let stopped = match scan {
                Scan::Name(name) => self.fill_by_name(name, from, earlier, &mut filling)?,
                _ => self.fill(scan, from.unwrap_or(&scan.start()), earlier, &mut filling)?,
            };
            if let Some(place) = stopped {
                filling.page.next = Some(Cursor { scan: number, place });
                break;
            }
        }
        Ok(filling.page)
    }

    /// Tells whether certificates name an institution in whose name a text is.
    pub fn names_institution(&self, text: &str) -> Result<bool> {
        let statement = "SELECT EXISTS (SELECT 1 FROM assessment WHERE instr(institution, ?1))";
        self.read(|db| db.prepare_cached(statement)?.query_row([text], |row| row.get(0)))
    }

    /// Fills a page by names with a beginning, letters by letters; gives the place where it is full.
    fn fill_by_name(
        &self,
        name: &str,
        from: Option<&IndexPlace>,
        earlier: &[SearchWay],
        filling: &mut Filling,
    ) -> Result<Option<IndexPlace>> {
        let scan = Scan::Name(name.to_string());
        let first = initials(name);
        let end = format!("{first}{LAST}");
        let next = |letters: &str| -> Result<Option<IndexPlace>> {
            let found =
                self.read(|db| db.prepare_cached(NEXT_LETTERS)?.query_row([letters, &end], |r| r.get(0)).optional())?;
            Ok(found.map(|letters| IndexPlace { letters, ..scan.start() }))
        };
        let mut place = match from {
            Some(place) => Some(place.clone()),
            None => next(&first)?,
        };
        while let Some(at) = place {
            if let Some(full) = self.fill(&scan, &at, earlier, filling)? {
                return Ok(Some(full));
            }
            filling.looked += 1;
            // Letters and digits only: what follows them is larger than a control character.
            place = next(&format!("{}\u{1}", at.letters))?;
            if STEP <= filling.looked {
                return Ok(place);
            }
        }
        Ok(None)
    }

    /// Fills a page from a place of a scan on; gives the place where it is full.
    fn fill(
        &self,
        scan: &Scan,
        from: &IndexPlace,
        earlier: &[SearchWay],
        filling: &mut Filling,
    ) -> Result<Option<IndexPlace>> {
        let (statement, values) = scan.statement(from);
        let (stopped, is_whole) = self.read(|db| {
            let mut statement = db.prepare_cached(&statement)?;
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                filling.looked += 1;
                // Of another status: not worth reading the rest of the row.
                let status = filling.query.status;
                if status.is_none_or(|status| row.get_ref(3).is_ok_and(|s| s.as_str() == Ok(status.key()))) {
                    let Some(certificate) = certificate_of(row)? else { return Ok((None, false)) };
                    if filling.query.wants(&certificate) && !earlier.iter().any(|way| way.finds(&certificate)) {
                        filling.page.found.push(certificate);
                    }
                }
                if filling.limit <= filling.page.found.len() || STEP <= filling.looked {
                    let place = IndexPlace { letters: row.get(20)?, text: row.get(21)?, id: row.get(19)? };
                    return Ok((Some(place), true));
                }
            }
            Ok((None, true))
        })?;
        if is_whole { Ok(stopped) } else { Err(StoreError::damaged(&self.path, OwnFileFault::Certificate)) }
    }

    /// Lists what is read, one for each way; without a text the series or the batch, or all there is.
    fn scans(&self, query: &CertificateQuery, ways: &[SearchWay]) -> Result<Vec<Scan>> {
        let scan = |way: &SearchWay| match way {
            SearchWay::Code(prefix) => Some(Scan::Beginning("c.code", prefix.clone())),
            SearchWay::IdNumber(prefix) => Some(Scan::Beginning("c.id_number", prefix.clone())),
            SearchWay::Name(prefix) => Some(Scan::Name(prefix.clone())),
            SearchWay::Initials(prefix) => Some(Scan::Initials(prefix.clone())),
            SearchWay::All => None,
        };
        if let Some(scans) = ways.iter().map(scan).collect() {
            return Ok(scans);
        }
        let (statement, value): (_, Value) = match (query.batch, query.series) {
            (Some(batch), _) => (
                "SELECT DISTINCT series, first, last FROM touched WHERE batch = ?1 AND gives ORDER BY series, first",
                batch.0.into(),
            ),
            (None, Some(series)) => ("SELECT id, 0, 1073741823 FROM series WHERE key = ?1", series.to_string().into()),
            (None, None) => return Ok(vec![Scan::Ids(0, i64::MAX)]),
        };
        self.read(|db| {
            let ids = |row: &Row| {
                let (series, first, last): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(Scan::Ids(series << 30 | first, series << 30 | last))
            };
            db.prepare_cached(statement)?.query_map([value], ids)?.collect()
        })
    }
}

impl Scan {
    /// Gives the place before everything that is wanted.
    fn start(&self) -> IndexPlace {
        match self {
            Scan::Beginning(_, prefix) | Scan::Name(prefix) => {
                IndexPlace { text: prefix.clone(), id: -1, ..IndexPlace::default() }
            }
            Scan::Initials(prefix) => IndexPlace { letters: prefix.clone(), id: -1, ..IndexPlace::default() },
            Scan::Ids(first, _) => IndexPlace { id: first - 1, ..IndexPlace::default() },
        }
    }

    /// Gives the statement for what comes after a place, and its values; of names those of the place's letters. The place of
    /// a row stands in the 21st and the 22nd column, and in its id.
    fn statement(&self, from: &IndexPlace) -> (String, Vec<Value>) {
        let IndexPlace { letters, text, id } = from.clone();
        let (key, condition, values): (&str, String, Vec<Value>) = match self {
            Scan::Beginning(column, prefix) => (
                column,
                format!("({column}, c.id) > (?1, ?2) AND {column} < ?3 AND {column} <> ''"),
                vec![text.into(), id.into(), format!("{prefix}{LAST}").into()],
            ),
            Scan::Initials(prefix) => (
                "c.pinyin, c.name",
                "(c.pinyin, c.name, c.id) > (?1, ?2, ?3) AND c.pinyin < ?4 AND c.name <> ''".to_string(),
                vec![letters.into(), text.into(), id.into(), format!("{prefix}{LAST}").into()],
            ),
            Scan::Name(prefix) => (
                "c.name",
                "c.pinyin = ?1 AND (c.name, c.id) > (?2, ?3) AND c.name < ?4 AND c.name <> ''".to_string(),
                vec![letters.into(), text.into(), id.into(), format!("{prefix}{LAST}").into()],
            ),
            Scan::Ids(_, last) => ("c.id", "?1 < c.id AND c.id <= ?2".to_string(), vec![id.into(), (*last).into()]),
        };
        let text = match self {
            Scan::Beginning(column, _) => column,
            _ => "c.name",
        };
        let order = if key == "c.id" { key.to_string() } else { format!("{key}, c.id") };
        let statement =
            format!("SELECT {}, c.pinyin, {text} FROM {TABLES} WHERE {condition} ORDER BY {order}", columns());
        (statement, values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::{SeriesKey, Status};
    use crate::store::batches::samples::{new_batch, open};
    use crate::store::records::samples::{certificate, plan, put};
    use crate::store::{StatePaths, Store};

    fn reader(store: &Store) -> StoreReader {
        StoreReader::open(&StatePaths::at(store.path().parent().unwrap()).unwrap()).unwrap().unwrap()
    }

    /// Lists the serials of all pages.
    fn serials(reader: &StoreReader, query: &CertificateQuery, limit: usize) -> Vec<u32> {
        let (mut all, mut next) = (Vec::new(), None);
        loop {
            let page = reader.search(query, next.as_ref(), limit).unwrap();
            assert!(page.found.len() <= limit);
            all.extend(page.found.iter().map(|c| c.serial));
            next = page.next;
            if next.is_none() {
                return all;
            }
        }
    }

    #[test]
    fn finds_by_every_beginning_page_by_page() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        let names = ["张伟", "张薇", "赵武", "欧阳娜娜", "E. Smith", "张伟"];
        let mut all: Vec<_> = (1..=600)
            .map(|i| {
                let id_number = if i == 5 { "E12345678".to_string() } else { format!("6201021990{i:07}X") };
                certificate(i, names[i as usize % 6], &id_number, Status::Published)
            })
            .collect();
        for i in [9, 21] {
            all[i].status = Status::Void;
        }
        let batch = store.create_batch(&new_batch("a.csv")).unwrap();
        (10..30).for_each(|i| all[i].row = Some((batch, i as u32)));
        put(&store, &all).unwrap();
        let reader = reader(&store);
        let of = |text: &str| serials(&reader, &CertificateQuery::new(text), 7);
        let by_name = |name: &str| (1..=600).filter(|i| names[i % 6] == name).map(|i| i as u32).collect::<Vec<_>>();
        assert_eq!(of("欧阳"), by_name("欧阳娜娜"));
        assert_eq!(of("张伟"), by_name("张伟"));
        assert_eq!(of("zw").len(), 400);
        assert_eq!(of("OYNN"), by_name("欧阳娜娜"));
        assert_eq!(of("620102 1990-0000 01").len(), 10);
        assert_eq!(of("62010219900000012x"), [12]);
        assert_eq!(of("s0000620100012 42j0031"), (310..320).collect::<Vec<_>>());
        assert_eq!(of("S000062010001242J00031"), [31]);
        assert_eq!(of("e1"), [5]);
        // An E may begin a name, its letters and a number: each certificate comes once.
        let letters = of("E");
        assert_eq!((letters.len(), letters.iter().collect::<std::collections::BTreeSet<_>>().len()), (101, 101));
        assert!(of("刘").is_empty() && of("%").is_empty());
        assert_eq!(of("").len(), 600);
        let void = CertificateQuery { status: Some(Status::Void), ..CertificateQuery::new("") };
        assert_eq!(serials(&reader, &void, 7), [10, 22]);
        let elsewhere =
            CertificateQuery { series: SeriesKey::read("S000062010001253J*****"), ..CertificateQuery::new("") };
        assert!(serials(&reader, &elsewhere, 7).is_empty());
        let of_batch = CertificateQuery { batch: Some(batch), ..CertificateQuery::new("") };
        assert_eq!(serials(&reader, &of_batch, 7), (11..=30).collect::<Vec<_>>());
        let of_batch = CertificateQuery { batch: Some(batch), ..CertificateQuery::new("欧阳") };
        assert_eq!(serials(&reader, &of_batch, 7), [15, 21, 27]);
        let here =
            CertificateQuery { series: SeriesKey::read("S000062010001242J*****"), ..CertificateQuery::new("zw") };
        assert_eq!(serials(&reader, &here, 500).len(), 400);
    }

    #[test]
    fn every_way_reads_an_index_in_its_order() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        put(&store, &[certificate(1, "张伟", "1", Status::Published)]).unwrap();
        let reader = reader(&store);
        for (text, scan, index) in [
            ("S00006", 0, "INDEX sqlite_autoindex_certificate_1"),
            ("6201", 1, "INDEX certificate_by_id_number"),
            ("张", 0, "INDEX certificate_by_name"),
            ("zw", 2, "INDEX certificate_by_name"),
            ("", 0, "INTEGER PRIMARY KEY"),
        ] {
            let query = CertificateQuery::new(text);
            let scans = reader.scans(&query, &query.ways()).unwrap();
            let scan = &scans[scan];
            let plan = plan(&store, &scan.statement(&scan.start()).0);
            assert!(plan.starts_with(&format!("SEARCH c USING {index}")), "{text}: {plan}");
            assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "{text}: {plan}");
        }
    }
}

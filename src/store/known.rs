//! What the ledger knows of the codes and persons of a roster.

use std::collections::{HashMap, HashSet};

use rusqlite::params_from_iter;

use super::StoreReader;
use super::error::{Result, StoreError};
use super::records::{TABLES, certificate_of, columns};
use super::returned::Returns;
use crate::domain::code::CertCode;
use crate::domain::ledger::{BatchId, Holder, KnownCertificate, KnownCertificates, RecordPart, SeriesKey, Status};
use crate::domain::rules::cleaned_id_number;
use crate::domain::sheet::Field;

/// How many texts one statement asks for.
const CHUNK: usize = 500;

/// A certificate with its series and serial.
type Found = ((SeriesKey, u32), KnownCertificate);

impl StoreReader {
    /// Finds every certificate with one of the codes or of a person with one of the ID numbers, both in the clean form in
    /// which the rules compare them. `batch` is the stored batch they are of, if any.
    ///
    /// Reads in short pieces, so that nobody who writes has to wait for a large roster.
    pub fn known(
        &self,
        batch: Option<BatchId>,
        mut codes: Vec<String>,
        mut id_numbers: Vec<String>,
    ) -> Result<KnownCertificates> {
        // A record keeps the number as it was written; the one other spelling that passes unnoticed is a small x.
        let small: Vec<String> =
            id_numbers.iter().filter_map(|id| Some(format!("{}x", id.strip_suffix('X')?))).collect();
        id_numbers.extend(small);
        let mut found: Vec<Found> = Vec::new();
        for (column, texts) in [("code", &mut codes), ("id_number", &mut id_numbers)] {
            // In order of the index: neighbours lie on the same page.
            texts.sort_unstable();
            texts.dedup();
            texts.retain(|text| !text.is_empty());
            for chunk in texts.chunks(CHUNK) {
                self.read_chunk(column, chunk, &mut found)?;
            }
        }
        let mut seen = HashSet::new();
        found.retain(|(_, certificate)| seen.insert(certificate.code));
        let in_vain = codes.iter().filter_map(|code| CertCode::new(code)).filter(|code| !seen.contains(code));
        let not_given = self.of_our_series(in_vain.collect())?;
        let mut returns = Returns::default();
        for ((series, serial), certificate) in found.iter_mut().filter(|(_, one)| one.status == Status::Returned) {
            certificate.why = self.read(|db| returns.reason_of(db, *series, *serial))?;
        }
        for ((series, serial), certificate) in found.iter_mut().filter(|(_, one)| one.status == Status::Exported) {
            certificate.again = self.read(|db| returns.exported_since(db, *series, *serial))?;
        }
        let known = KnownCertificates::new(batch, found.into_iter().map(|(_, certificate)| certificate));
        Ok(known
            .without(not_given)
            .issued_by(self.route(batch)?, self.filed_body(batch)?)
            .of_kind(self.kind(batch)?)
            .beside(self.same_people(batch)?))
    }

    /// Leaves of codes those of the series of the ledger.
    fn of_our_series(&self, mut codes: Vec<CertCode>) -> Result<Vec<CertCode>> {
        if !codes.is_empty() {
            let keys: Vec<String> =
                self.read(|db| db.prepare("SELECT key FROM series")?.query_map([], |row| row.get(0))?.collect())?;
            let mut of_prefix: HashMap<String, Vec<SeriesKey>> = HashMap::new();
            for key in keys.iter().filter_map(|key| SeriesKey::read(key)) {
                of_prefix.entry(key.prefix().to_string()).or_default().push(key);
            }
            let is_of = |code: CertCode| move |key: &SeriesKey| key.serial_of(code).is_some();
            codes.retain(|code| of_prefix.get(code.prefix()).is_some_and(|keys| keys.iter().any(is_of(*code))));
        }
        Ok(codes)
    }

    /// Lists what certificates say in a column that were handed in, each text once; nothing for what is no part of the record.
    pub fn handed_in(&self, field: Field) -> Result<Vec<String>> {
        let Some(column) = Holder::COLUMNS.into_iter().find(|column| column.field == field) else {
            return Ok(Vec::new());
        };
        let table = if column.part == RecordPart::Person { 'c' } else { 'a' };
        let statement = format!(
            "SELECT DISTINCT {table}.{name} FROM {TABLES}
             WHERE c.status IN ('submitted', 'accepted', 'published') AND {table}.{name} <> ''",
            name = column.name
        );
        self.read(|db| db.prepare(&statement)?.query_map([], |row| row.get(0))?.collect())
    }

    fn read_chunk(&self, column: &str, texts: &[String], found: &mut Vec<Found>) -> Result<()> {
        let complete = self.read(|db| {
            let mut statement = db.prepare_cached(&statement(column, self.has_parts))?;
            // The last piece asks for its last text again and again: one statement serves all.
            let last = texts.last().into_iter().cycle();
            let mut rows = statement.query(params_from_iter(texts.iter().chain(last).take(CHUNK)))?;
            while let Some(row) = rows.next()? {
                let Some(certificate) = certificate_of(row)? else { return Ok(false) };
                let known = KnownCertificate {
                    code: certificate.code,
                    status: certificate.status,
                    status_on: certificate.status_on,
                    why: String::new(),
                    again: None,
                    person: cleaned_id_number(&certificate.holder.id_number).into_owned(),
                    holder: certificate.holder,
                    row: certificate.row,
                    file: row.get::<_, Option<String>>(20)?.unwrap_or_default(),
                };
                found.push(((certificate.series, certificate.serial), known));
            }
            Ok(true)
        })?;
        if complete { Ok(()) } else { Err(StoreError::damaged(&self.path, crate::cause::OwnFileFault::Certificate)) }
    }
}

/// Gives the statement that asks for the certificates with one of [`CHUNK`] texts in a column.
fn statement(column: &str, has_parts: bool) -> String {
    let places = vec!["?"; CHUNK].join(", ");
    let part = if has_parts {
        "(SELECT p.file FROM part p WHERE p.batch = c.batch AND p.first_row <= c.row ORDER BY p.first_row DESC LIMIT 1)"
    } else {
        "NULL"
    };
    format!(
        "SELECT {}, coalesce({part}, b.file) FROM {TABLES} LEFT JOIN batch b ON b.id = c.batch
         WHERE c.{column} IN ({places}) AND c.{column} <> ''",
        columns()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::Status;
    use crate::domain::roster::Origin;
    use crate::domain::sheet::ColumnMap;
    use crate::store::batches::samples::{new_batch, open};
    use crate::store::records::samples::{certificate, put};
    use crate::store::{NewPart, SourceFile, StatePaths, Store};

    fn reader(store: &Store) -> StoreReader {
        StoreReader::open(&StatePaths::at(store.path().parent().unwrap()).unwrap()).unwrap().unwrap()
    }

    fn part(file: &str) -> NewPart {
        NewPart {
            source: SourceFile::default(),
            origin: Origin { file: file.into(), ..Origin::default() },
            sha256: None,
            columns: ColumnMap::default(),
            blocks: Vec::new(),
            skipped: Vec::new(),
            matched: None,
        }
    }

    #[test]
    fn finds_codes_and_persons_once_each() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        let batch = store.create_batch(&new_batch("名册.csv")).unwrap();
        let mut all: Vec<_> = (1..=1200)
            .map(|i| certificate(i, "张伟", &format!("62010219900307{:03}X", i / 2), Status::Published))
            .collect();
        all[0].row = Some((batch, 7));
        all[8].row = Some((batch, 9));
        store.complete_batch(batch, 9, None).unwrap();
        let columns = store.batch(batch).unwrap().columns;
        store.db.execute("UPDATE batch SET row_count = 9 WHERE id = ?1", [batch.0]).unwrap();
        store.add_part(batch, &part("补报.csv"), &columns, &columns).unwrap();
        all[1].holder.id_number = "62010219900307001x".into();
        put(&store, &all).unwrap();
        let reader = reader(&store);
        let codes = |serials: &[u32]| serials.iter().map(|i| all[*i as usize - 1].code.to_string()).collect::<Vec<_>>();
        let known = reader.known(Some(batch), codes(&[1, 9, 9]), vec!["62010219900307001X".into()]).unwrap();
        let mut serials: Vec<&str> = known.certificates().iter().map(|c| &c.code.as_str()[17..]).collect();
        serials.sort_unstable();
        assert_eq!(serials, ["00001", "00002", "00003", "00009"]);
        assert_eq!(known.of_person("62010219900307001X").count(), 2);
        let (_, first) = known.of_code(all[0].code).unwrap();
        assert_eq!((first.row, first.file.as_str()), (Some((batch, 7)), "名册.csv"));
        // Of several files the one that the row is from.
        let (_, ninth) = known.of_code(all[8].code).unwrap();
        assert_eq!((ninth.row, ninth.file.as_str()), (Some((batch, 9)), "补报.csv"));
        assert!(reader.known(None, Vec::new(), vec![String::new(), "62".into()]).unwrap().is_empty());
        // A number of a series of the ledger that it never gave; of others nobody knows.
        let strange = ["S000062010001242J07777", "S000062010009242J07777", "S000062010001242J0777"].map(String::from);
        let asked = reader.known(None, [&strange[..], &codes(&[1])].concat(), Vec::new()).unwrap();
        let not_given: Vec<CertCode> = asked.missed_since(&KnownCertificates::default()).collect();
        assert_eq!(not_given, [CertCode::new(&strange[0]).unwrap()]);
        assert!(reader.known(None, codes(&[1, 2]), Vec::new()).unwrap().missed_since(&asked).next().is_none());
        let everybody = all.iter().map(|c| c.holder.id_number.clone()).collect();
        assert_eq!(reader.known(None, Vec::new(), everybody).unwrap().certificates().len(), 1200);
    }

    #[test]
    fn reads_by_an_index() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        for (column, index) in [("code", "sqlite_autoindex_certificate_1"), ("id_number", "certificate_by_id_number")] {
            let plan = crate::store::records::samples::plan(&store, &statement(column, true));
            assert!(plan.contains(&format!("SEARCH c USING INDEX {index}")), "{plan}");
        }
    }
}

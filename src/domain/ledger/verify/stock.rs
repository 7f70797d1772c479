//! The tables of blank certificates held against the chain: every move, how each blank stands, and every balance.

use std::collections::BTreeMap;

use super::{ProblemKind, VerifyReport};
use crate::domain::ledger::stock::{Balance, KeptMove, Stock};

/// A move as its table has it, each column as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlankMoveRow {
    pub id: i64,
    pub entry: u64,
    pub kind: String,
    pub first: i64,
    pub last: i64,
    pub state: String,
    pub keeper: String,
    pub place: String,
    /// The key of the series and the serial.
    pub certificate: Option<(String, i64)>,
    pub day: String,
    pub before: Option<i64>,
    pub withdrawn: bool,
    pub restores: Option<i64>,
}

/// What the tables of blank certificates hold.
#[derive(Debug, Clone, Default)]
pub struct BlankTables {
    /// In the order of their numbers.
    pub moves: Vec<BlankMoveRow>,
    /// By kind and first number: the last one, the move, and the certificate.
    pub pieces: BTreeMap<(String, i64), PieceRow>,
    /// By kind and keeper: received, came, went, stock, used, spoiled, destroyed, lost.
    pub balances: BTreeMap<(String, String), [i64; 8]>,
}

/// How blanks stand: the last number, the move, and the series and the serial of the first one's certificate.
type PieceRow = (i64, i64, Option<(String, i64)>);

/// The columns of a balance.
const BALANCE: [&str; 8] = ["received", "came", "went", "stock", "used", "spoiled", "destroyed", "lost"];

impl BlankTables {
    /// Compares the tables with what the chain leads to.
    pub fn compare(&self, told: &Stock, report: &mut VerifyReport) {
        let mut differ = |kind: &str, what: String| {
            report.add(ProblemKind::StockDiffers, format!("stock:{kind}"), what);
        };
        let stands: BTreeMap<i64, &BlankMoveRow> = self.moves.iter().map(|row| (row.id, row)).collect();
        for (id, told) in (1_i64..).zip(told.moves()) {
            let kind = told.kind.key();
            match stands.get(&id) {
                None => differ(kind, format!("blank_move {id} -")),
                Some(row) => {
                    let columns = differing(told, row);
                    columns.into_iter().for_each(|column| differ(kind, format!("blank_move {id} {column}")));
                }
            }
        }
        let known = told.moves().len() as i64;
        let others = stands.range(known + 1..).chain(stands.range(..1));
        others.for_each(|(id, row)| differ(&row.kind, format!("blank_move {id} +")));

        let told_pieces = told.pieces().iter().map(|((kind, first), piece)| {
            let key = (kind.key().to_string(), i64::from(first.value()));
            let certificate =
                told.certificate_of(*kind, *first).map(|number| (number.series.to_string(), i64::from(number.serial)));
            (key, (i64::from(piece.last.value()), piece.by as i64, certificate))
        });
        compare(&told_pieces.collect(), &self.pieces, |(kind, first), what| {
            differ(kind, format!("blank {first:08} {what}"));
        });
        let told_balances = told
            .balances()
            .iter()
            .map(|((kind, keeper), balance)| ((kind.key().to_string(), keeper.clone()), columns_of(balance)));
        let told_balances: BTreeMap<_, _> = told_balances.collect();
        compare(&told_balances, &self.balances, |(kind, keeper), what| {
            let place = |told: &[i64; 8], stands: &[i64; 8]| told.iter().zip(stands).position(|(a, b)| a != b);
            let key = (kind.clone(), keeper.clone());
            let both = told_balances.get(&key).zip(self.balances.get(&key));
            let column = both.and_then(|(told, stands)| place(told, stands)).map_or(what, |at| BALANCE[at]);
            differ(kind, format!("blank_balance {keeper} {column}"));
        });
    }
}

fn columns_of(balance: &Balance) -> [i64; 8] {
    let Balance { received, came, went, stock, used, spoiled, destroyed, lost } = *balance;
    [received, came, went, stock, used, spoiled, destroyed, lost].map(|number| number as i64)
}

/// Lists the keys under which two tables have something else.
fn compare<K: Ord, V: PartialEq>(
    told: &BTreeMap<K, V>,
    stands: &BTreeMap<K, V>,
    mut differ: impl FnMut(&K, &'static str),
) {
    for (key, value) in told {
        match stands.get(key) {
            None => differ(key, "-"),
            Some(other) if other != value => differ(key, "differs"),
            Some(_) => {}
        }
    }
    stands.keys().filter(|key| !told.contains_key(*key)).for_each(|key| differ(key, "+"));
}

/// Names the columns in which a row says something else.
fn differing(told: &KeptMove, row: &BlankMoveRow) -> Vec<&'static str> {
    let KeptMove { entry, kind, on, told, before, restores } = told;
    let number = |number: &Option<(String, i64)>| number.as_ref().map(|(key, serial)| (key.clone(), *serial));
    let certificate = told.certificate.map(|number| (number.series.to_string(), i64::from(number.serial)));
    let columns = [
        ("entry", *entry == row.entry),
        ("kind", kind.key() == row.kind),
        ("first", i64::from(told.run.first.value()) == row.first),
        ("last", i64::from(told.run.last.value()) == row.last),
        ("state", told.state.key() == row.state),
        ("keeper", told.keeper == row.keeper),
        ("place", told.place == row.place),
        ("certificate", certificate == number(&row.certificate)),
        ("day", on.to_string() == row.day),
        ("before", before.map(|id| id as i64) == row.before),
        ("withdrawn", told.withdrawn == row.withdrawn),
        ("restores", restores.map(|id| id as i64) == row.restores),
    ];
    columns.into_iter().filter(|(_, is_same)| !is_same).map(|(column, _)| column).collect()
}

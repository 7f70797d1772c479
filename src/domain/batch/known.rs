//! What the rows of a batch are compared with: what the ledger knows of them, and tables; taken, and taken anew.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::Batch;
use crate::domain::ledger::{KnownCertificate, KnownCertificates};
use crate::domain::roster::{Roster, RowId};
use crate::domain::rules::{CheckContext, Memo, Tables, cleaned_code, cleaned_id_number};
use crate::domain::sheet::Field;

/// Lists the codes and the ID numbers of all rows in the clean form in which the ledger is asked for them.
pub fn all_asked(roster: &Roster) -> (Vec<String>, Vec<String>) {
    let column = |field: Field| {
        // Rows that were put aside among them: they may be brought back.
        let texts = (0..roster.len()).map(|row| asked(field, roster.cell(row, field)));
        texts.filter(|text| !text.is_empty()).map(Cow::into_owned).collect()
    };
    (column(Field::Code), column(Field::IdNumber))
}

impl Batch {
    /// Takes what the ledger knows of some codes and persons, and checks the rows that have to do with them again. Nothing
    /// happens before every row is there.
    pub fn set_known(&mut self, news: Arc<KnownCertificates>) {
        self.take_known(news, false);
    }

    /// Takes what the ledger knows of all codes and persons of the rows by now; what it knew before counts no more.
    pub fn renew_known(&mut self, news: Arc<KnownCertificates>) {
        self.take_known(news, true);
    }

    fn take_known(&mut self, news: Arc<KnownCertificates>, is_all: bool) {
        let mut known = Arc::clone(&self.context().known);
        let is_rerouted = (known.route, known.kind) != (news.route, news.kind);
        if !self.complete || (!is_rerouted && news.is_empty() && (!is_all || known.is_empty())) {
            return;
        }
        let mut rows: BTreeSet<RowId> = BTreeSet::new();
        if is_rerouted {
            rows.extend(0..self.roster().len());
        }
        let mut touched = |certificate: &KnownCertificate| {
            rows.extend(self.rows_with(Field::Code, certificate.code.as_str()));
            rows.extend(self.rows_with(Field::IdNumber, &certificate.person));
        };
        for new in news.certificates() {
            let old = known.of_code(new.code).map(|(_, old)| old);
            // Of a ledger that is asked again almost everything is as it was.
            if old != Some(new) || known.batch != news.batch {
                touched(new);
                old.into_iter().for_each(&mut touched);
            }
        }
        if is_all {
            known.gone_from(&news).for_each(touched);
            rows.extend(known.missed_since(&news).flat_map(|code| self.rows_with(Field::Code, code.as_str())));
        }
        rows.extend(news.missed_since(&known).flat_map(|code| self.rows_with(Field::Code, code.as_str())));
        if known.is_empty() {
            known = news;
        } else {
            // The checker's own copy goes first, so that nothing large is copied.
            self.checker.set_known(Arc::default());
            let known = Arc::make_mut(&mut known);
            if is_all {
                known.forget_all_but(&news);
            }
            known.learn(&news);
        }
        self.checker.set_known(known);
        let mut memo = Memo::uncounted();
        for row in rows {
            self.check_again(row, &mut memo);
        }
    }

    /// Takes other tables and checks every row with them again; the rows are compared with each other as before.
    pub fn set_tables(&mut self, tables: Arc<Tables>) {
        let context = CheckContext { tables, ..self.context().clone() };
        self.checker = self.checker.with(context);
        let mut memo = Memo::uncounted();
        for row in 0..self.roster.len() {
            if !self.roster.is_aside(row) {
                self.check_again(row, &mut memo);
            }
        }
        self.renew_whole_by_tables();
    }

    /// Checks a row by itself again.
    fn check_again(&mut self, row: RowId, memo: &mut Memo) {
        let (mut findings, _) = self.checker.check_one(&self.roster, row, memo);
        findings.extend(self.findings.of_row(row).iter().filter(|f| f.rule.compares_rows()));
        findings.sort_unstable();
        if findings != self.findings.of_row(row) {
            self.findings.replace(row, &findings);
        }
    }
}

/// Gives the clean form in which the ledger is asked for a code or an ID number; nothing of other columns.
pub fn asked(field: Field, text: &str) -> Cow<'_, str> {
    match field {
        Field::Code => cleaned_code(text),
        Field::IdNumber => cleaned_id_number(text),
        _ => Cow::Borrowed(""),
    }
}

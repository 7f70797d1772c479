//! What the ledger says: why a row gets no number, why one cannot be adopted, what became of a certificate.

use super::{Locale, filled};
use crate::domain::ledger::adopt::Conflict;
use crate::domain::ledger::plan::Refusal;
use crate::domain::sheet::SheetSpec;

impl Locale {
    /// Tells why a row gets no number.
    pub fn plan_refusal(&self, refusal: &Refusal, sheet: &SheetSpec) -> String {
        let value = match refusal {
            Refusal::Faulty(field) => sheet.label(*field).to_string(),
            Refusal::Retired(day) => day.format("%Y-%m-%d").to_string(),
            Refusal::DateTooEarly(year) => year.to_string(),
            Refusal::Full(last) => last.to_string(),
            _ => String::new(),
        };
        filled(self.text(&format!("ledger.refused.{}", refusal.key())), &[("value", &value)])
    }

    /// Tells why a row of a file cannot be adopted.
    pub fn conflict(&self, conflict: Conflict) -> String {
        let line = if let Conflict::Twice(line) = conflict { line.to_string() } else { String::new() };
        self.fill(&format!("ledger.conflict.{}", conflict.key()), &[("row", &line)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::ComposeError;
    use crate::domain::ledger::{Status, TakeError};
    use crate::domain::sheet::Field;
    use crate::locale::Lang;
    use crate::store::StoreError;
    use chrono::NaiveDate;

    #[test]
    fn every_refusal_has_its_words() {
        let sheet = crate::data::sheet("upload-11").unwrap();
        let refusals = [
            Refusal::HasCode,
            Refusal::Faulty(Field::IdNumber),
            Refusal::NoLevel,
            Refusal::NoInstitution,
            Refusal::UnknownInstitution,
            Refusal::SeveralInstitutions,
            Refusal::Retired(NaiveDate::default()),
            Refusal::NoIssueDate,
            Refusal::DateUnread,
            Refusal::DateInFuture,
            Refusal::DateTooEarly(2019),
            Refusal::Full(99_999),
            Refusal::Unreadable,
            Refusal::NotComposed(ComposeError::Prefix),
        ];
        let conflicts =
            [Conflict::NoCode, Conflict::WrongCode, Conflict::Twice(7), Conflict::OtherPerson, Conflict::Void];
        let takes = [
            TakeError::Retired("S000062010001".into()),
            TakeError::Full(3),
            TakeError::Taken(4),
            TakeError::Outside(1, 9),
            TakeError::NotComposed(ComposeError::Prefix),
            TakeError::Unreadable,
        ];
        for locale in [Lang::Zh, Lang::En].map(Locale::load) {
            let mut told: Vec<String> = refusals.iter().map(|r| locale.plan_refusal(r, &sheet)).collect();
            told.extend(conflicts.iter().map(|c| locale.conflict(*c)));
            told.extend(Status::ALL.map(|s| locale.status(s).to_string()));
            told.extend(takes.iter().map(|t| locale.store_failure(&StoreError::Refused(t.clone())).to_string()));
            for words in told {
                assert!(!words.contains("ledger.") && !words.contains("store.") && !words.contains('{'), "{words}");
            }
        }
    }
}

//! Cases (更正、补发、撤销) in the user's words.

use super::Locale;
use crate::domain::ledger::case::{
    Case, CaseKind, CaseRefusal, CaseRequest, CaseState, Day, Item, NewValue, ReissueCause, Remark, WhyCaseRefused,
};
use crate::domain::sheet::Field;

impl Locale {
    /// Names a kind of case.
    pub fn case_kind(&self, kind: CaseKind) -> &str {
        match kind {
            CaseKind::Correct => self.text("case.kind.correct"),
            CaseKind::Reissue => self.text("case.kind.reissue"),
            CaseKind::Revoke => self.text("case.kind.revoke"),
        }
    }

    /// Names a case's state.
    pub fn case_state(&self, state: CaseState) -> &str {
        match state {
            CaseState::Open => self.text("case.state.open"),
            CaseState::Approved => self.text("case.state.approved"),
            CaseState::Closed => self.text("case.state.closed"),
            CaseState::Refused => self.text("case.state.refused"),
        }
    }

    /// Names why a certificate is issued again.
    pub fn case_cause(&self, cause: ReissueCause) -> &str {
        match cause {
            ReissueCause::Lost => self.text("case.cause.lost"),
            ReissueCause::Damaged => self.text("case.cause.damaged"),
        }
    }

    /// Names what a correction changes, as the upload form labels it.
    pub fn case_item(&self, item: Item) -> String {
        match item {
            Item::Field(field) => record_field(field),
            Item::Photo => self.text("case.photo").to_string(),
        }
    }

    /// Lists what a case asks for, label and value; masked, what changes unseen is told.
    pub fn case_request(&self, case: &Case, masked: bool) -> Vec<(String, String)> {
        let named = |key: &str, value: String| (self.fact_name(key), value);
        let mut lines = match &case.application.request {
            CaseRequest::Correct(values) => values
                .iter()
                .map(|value| {
                    let [from, to] = self.case_change(case, value, masked);
                    let change = match value.item {
                        Item::Photo => to,
                        Item::Field(_) if from.is_empty() => format!("{} -> {to}", self.text("ui.preview.blank")),
                        Item::Field(_) => format!("{from} -> {to}"),
                    };
                    (self.case_item(value.item), change)
                })
                .collect(),
            CaseRequest::Reissue { on, cause, papers } => vec![
                named("reissued-on", on.to_string()),
                named("cause", self.case_cause(*cause).to_string()),
                named("papers", papers.join(self.text("finding.comma"))),
            ],
            CaseRequest::Revoke { benefits_cancelled_on, authority } => vec![
                named("benefits-cancelled-on", benefits_cancelled_on.map(|day| day.to_string()).unwrap_or_default()),
                named("authority", authority.clone()),
            ],
        };
        lines.push(named("applied-on", case.application.applied_on.to_string()));
        lines.extend(case.withdrawn_on.map(|day| named("withdrawn-on", day.to_string())));
        lines.retain(|(_, value)| !value.is_empty());
        lines
    }

    /// Writes what a value of a case is and is to be.
    fn case_change(&self, case: &Case, value: &NewValue, masked: bool) -> [String; 2] {
        let Item::Field(field) = value.item else {
            let photo = if masked { value.masked().to } else { value.to.clone() };
            return [String::new(), photo];
        };
        let before = case.snapshot.cell(field).unwrap_or_default();
        let change = self.change_shown(field, [before, &value.to], masked);
        let unseen = self.changed_unseen(&change);
        let [before, after] = change.texts;
        [before, after + &unseen]
    }

    /// Tells line by line what a case asks for.
    pub fn case_request_lines(&self, case: &Case, masked: bool) -> Vec<String> {
        let line = |key: &str, places: &[(&str, &str)]| self.fill(&format!("case.{key}"), places);
        match &case.application.request {
            CaseRequest::Correct(values) => {
                let told = |value: &NewValue| {
                    let [from, to] = self.case_change(case, value, masked);
                    match value.item {
                        Item::Photo => line("new-photo", &[("to", &to)]),
                        Item::Field(_) => {
                            line("change", &[("item", &self.case_item(value.item)), ("from", &from), ("to", &to)])
                        }
                    }
                };
                values.iter().map(told).collect()
            }
            CaseRequest::Reissue { on, cause, papers } => {
                let mut lines = vec![line("reissue", &[("day", &on.to_string()), ("cause", self.case_cause(*cause))])];
                if !papers.is_empty() {
                    lines.push(line("papers", &[("papers", &papers.join(self.text("finding.comma")))]));
                }
                lines
            }
            CaseRequest::Revoke { benefits_cancelled_on, authority } => {
                let mut lines = Vec::new();
                lines.extend(benefits_cancelled_on.map(|day| line("benefits", &[("day", &day.to_string())])));
                if !authority.is_empty() {
                    lines.push(line("authority", &[("authority", authority)]));
                }
                lines
            }
        }
    }

    /// Tells why something about a case is refused, with the clause.
    pub fn case_refusal(&self, refusal: &CaseRefusal) -> String {
        let key = format!("case.why.{}", refusal.why.key());
        let (item, other, rule, title) = match &refusal.why {
            WhyCaseRefused::Twice(item) | WhyCaseRefused::Never(item) | WhyCaseRefused::Same(item) => {
                (self.case_item(*item), String::new(), "", String::new())
            }
            WhyCaseRefused::OnlyOne(field, other) | WhyCaseRefused::OnlyOneEver(field, other, _) => {
                (record_field(*field), record_field(*other), "", String::new())
            }
            WhyCaseRefused::Value(field, rule) => {
                let title = self.rule(rule).map_or_else(String::new, |page| page.title.clone());
                (record_field(*field), String::new(), *rule, title)
            }
            _ => <(String, String, &str, String)>::default(),
        };
        let (day, first) = match refusal.why {
            WhyCaseRefused::Future(day) => (self.case_day(day), ""),
            WhyCaseRefused::Before(day, first) => (self.case_day(day), self.case_day(first)),
            _ => ("", ""),
        };
        let status = match refusal.why {
            WhyCaseRefused::Ended(status)
            | WhyCaseRefused::NotHandedIn(status)
            | WhyCaseRefused::NotOnRecord(status)
            | WhyCaseRefused::NotOnline(status) => self.status(status),
            _ => "",
        };
        let state = if let WhyCaseRefused::State(state) = refusal.why { self.case_state(state) } else { "" };
        let paper = if let WhyCaseRefused::NoPaper(paper) = &refusal.why { paper.as_str() } else { "" };
        let case = match refusal.why {
            WhyCaseRefused::Live(id) | WhyCaseRefused::OnlyOneEver(_, _, id) => id.to_string(),
            _ => String::new(),
        };
        let places = [
            ("item", item.as_str()),
            ("other", &other),
            ("rule", rule),
            ("title", &title),
            ("day", day),
            ("first", first),
            ("status", status),
            ("state", state),
            ("paper", paper),
            ("case", &case),
        ];
        self.cited("case.cited", &self.fill(&key, &places), &refusal.clause)
    }

    /// Tells what is to be done or known beside a case, with the clause.
    pub fn case_remark(&self, remark: &Remark) -> String {
        let (text, clause) = match remark {
            Remark::Silent(kind) => (self.fill("case.remark.silent", &[("kind", self.case_kind(*kind))]), ""),
            Remark::Attach(text, clause) => (self.fill("case.remark.attach", &[("text", text)]), clause.as_str()),
            Remark::SameCode(clause) => (self.text("case.remark.same-code").to_string(), clause.as_str()),
            Remark::Proof(clause) => (self.text("case.remark.proof").to_string(), clause.as_str()),
            Remark::TakeBack(clause) => (self.text("case.remark.take-back").to_string(), clause.as_str()),
        };
        self.cited("case.cited", &text, clause)
    }

    fn cited(&self, key: &str, text: &str, clause: &str) -> String {
        if clause.is_empty() { text.to_string() } else { self.fill(key, &[("text", text), ("clause", clause)]) }
    }

    fn case_day(&self, day: Day) -> &str {
        match day {
            Day::Application => self.text("case.day.application"),
            Day::Approval => self.text("case.day.approval"),
            Day::Issue => self.text("case.day.issue"),
            Day::Reissue => self.text("case.day.reissue"),
            Day::Benefits => self.text("case.day.benefits"),
            Day::Withdrawal => self.text("case.day.withdrawal"),
        }
    }
}

fn record_field(field: Field) -> String {
    field.upload_label().unwrap_or(field.key()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::Status;
    use crate::domain::ledger::case::CaseId;
    use crate::words::Lang;

    #[test]
    fn every_refusal_and_remark_is_told_in_both_languages() {
        let whys = [
            WhyCaseRefused::Ended(Status::Void),
            WhyCaseRefused::NotHandedIn(Status::Allocated),
            WhyCaseRefused::SentBack,
            WhyCaseRefused::NotOnRecord(Status::Exported),
            WhyCaseRefused::Live(CaseId(7)),
            WhyCaseRefused::NoReason,
            WhyCaseRefused::Future(Day::Approval),
            WhyCaseRefused::Before(Day::Reissue, Day::Issue),
            WhyCaseRefused::Nothing,
            WhyCaseRefused::Twice(Item::Photo),
            WhyCaseRefused::Never(Item::Field(Field::Code)),
            WhyCaseRefused::OnlyOne(Field::Name, Field::IdNumber),
            WhyCaseRefused::OnlyOneEver(Field::Name, Field::IdNumber, CaseId(7)),
            WhyCaseRefused::Same(Item::Field(Field::Sex)),
            WhyCaseRefused::Value(Field::IdNumber, "D05"),
            WhyCaseRefused::NoPaper("申请表".into()),
            WhyCaseRefused::NoBenefitsDay,
            WhyCaseRefused::NoWithdrawal,
            WhyCaseRefused::NoAuthority,
            WhyCaseRefused::State(CaseState::Closed),
            WhyCaseRefused::NoReference,
            WhyCaseRefused::NotApproved,
            WhyCaseRefused::NotOnline(Status::Accepted),
            WhyCaseRefused::Outdated,
            WhyCaseRefused::NotARevocation,
            WhyCaseRefused::NotACorrection,
        ];
        let clause = || "BJ-25".to_string();
        let remarks = [
            Remark::Silent(CaseKind::Reissue),
            Remark::Attach("复印件".into(), clause()),
            Remark::SameCode(clause()),
            Remark::Proof(clause()),
            Remark::TakeBack(clause()),
        ];
        for locale in [Lang::Zh, Lang::En].map(Locale::load) {
            let told = whys.iter().map(|why| locale.case_refusal(&CaseRefusal { why: why.clone(), clause: clause() }));
            for text in told.chain(remarks.iter().map(|r| locale.case_remark(r))) {
                let is_whole = !text.contains("case.") && !text.contains('{') && !text.contains("“”");
                assert!(
                    is_whole && (text.contains("BJ-25") || text.contains(locale.text("case.kind.reissue"))),
                    "{text}"
                );
            }
            let words: Vec<&str> = CaseKind::ALL
                .map(|k| locale.case_kind(k))
                .into_iter()
                .chain(CaseState::ALL.map(|s| locale.case_state(s)))
                .chain(ReissueCause::ALL.map(|c| locale.case_cause(c)))
                .chain(Day::ALL.map(|d| locale.case_day(d)))
                .chain(Status::ALL.map(|s| locale.status(s)))
                .collect();
            assert!(words.iter().all(|w| !w.contains("case.")), "{words:?}");
        }
    }
}

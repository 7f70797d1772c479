//! What the ledger says: why a row gets no number, why one cannot be adopted, what became of a certificate.

use super::{Locale, NameOfProfile, filled};
use crate::domain::batch::Batch;
use crate::domain::date;
use crate::domain::ledger::adopt::Conflict;
use crate::domain::ledger::case::{CaseKind, CaseState, ReissueCause};
use crate::domain::ledger::event::DatedEvent;
use crate::domain::ledger::life::{CertificateEvent, Fact};
use crate::domain::ledger::plan::{Plan, RowRefusal, WrittenElsewhere};
use crate::domain::ledger::reach::{DayJump, Reach, RetiredPrefix};
use crate::domain::ledger::search::{CertificateQuery, NamedInstitution};
use crate::domain::ledger::stock::{BlankKind, BlankState};
use crate::domain::ledger::two_people::{PreparedThing, SamePerson, WaitsForSecond};
use crate::domain::ledger::{Bar, BatchId, KnownCertificate, Status};
use crate::domain::numbering::{self, Restamp};
use crate::domain::sheet::{Field, SheetSpec};
use crate::domain::text;

/// How many days that are written over are named.
const DAYS: usize = 3;

/// Says of an institution nobody registered that there is one like it.
const LIKE: &str = "ledger.refused.unknown-institution-like";

impl Locale {
    /// Tells why a row gets no number.
    pub fn plan_refusal(&self, refusal: &RowRefusal, sheet: &SheetSpec, profile: NameOfProfile<'_>) -> String {
        match refusal {
            RowRefusal::UnknownInstitution(name, like) => {
                let key = like.as_ref().map_or("ledger.refused.unknown-institution", |_| LIKE);
                let like = like.as_deref().unwrap_or_default();
                return self.fill(key, &[("value", &text::visible(name)), ("like", &text::visible(like))]);
            }
            RowRefusal::NamedLater(name, prefix, from, before) => {
                let (name, before) = (text::visible(name), text::visible(before));
                let places = [("value", &*name), ("prefix", prefix), ("from", &from.to_string()), ("like", &before)];
                let key =
                    if before.is_empty() { "ledger.refused.named-later-first" } else { "ledger.refused.named-later" };
                return self.fill(key, &places);
            }
            RowRefusal::OtherKind(kind, clause) => {
                let places = [("value", &*self.fact_choice(kind.key())), ("clause", clause)];
                return self.fill("ledger.refused.other-kind", &places);
            }
            RowRefusal::NotStamped(prefix, must, clause)
            | RowRefusal::Stamped(prefix, must, clause)
            | RowRefusal::OtherBody(prefix, must, clause) => {
                let places = [("value", &*text::visible(prefix)), ("must", &text::visible(must)), ("clause", clause)];
                return self.fill(&format!("ledger.refused.{}", refusal.key()), &places);
            }
            _ => {}
        }
        let line = match refusal {
            RowRefusal::Written(_, line) => line.to_string(),
            _ => String::new(),
        };
        let value = match refusal {
            RowRefusal::Written(code, _) => code.to_string(),
            RowRefusal::Faulty(field) | RowRefusal::HasError(field) => sheet.label(*field).to_string(),
            RowRefusal::OtherPrefix(prefix) => prefix.clone(),
            RowRefusal::OtherProfile(id, first, last) => {
                format!("{} {first}-{last}", profile(id).unwrap_or_else(|| id.clone()))
            }
            RowRefusal::Retired(day) => day.format("%Y-%m-%d").to_string(),
            RowRefusal::DateTooEarly(year) => year.to_string(),
            RowRefusal::Full(last) => last.to_string(),
            RowRefusal::AwardOnRecord(code) => code.to_string(),
            RowRefusal::AwardTwice(line) | RowRefusal::IdTwoNames(line) => line.to_string(),
            _ => String::new(),
        };
        filled(self.text(&format!("ledger.refused.{}", refusal.key())), &[("value", &value), ("line", &line)])
    }

    /// The same for whoever works with commands: with the one that helps.
    pub fn plan_refusal_in_shell(&self, refusal: &RowRefusal, sheet: &SheetSpec, profile: NameOfProfile<'_>) -> String {
        let why = self.plan_refusal(refusal, sheet, profile);
        let todo = match refusal {
            RowRefusal::UnknownInstitution(..) => "ledger.refused-todo.unknown-institution",
            RowRefusal::SeveralInstitutions => "ledger.refused-todo.several-institutions",
            RowRefusal::Written(..) => "ledger.refused-todo.written",
            _ => return why,
        };
        self.fill("ledger.refused-and-todo", &[("why", &why), ("todo", self.text(todo))])
    }

    /// Tells how far an act reaches that cannot be taken back.
    pub fn reach(&self, reach: &Reach) -> String {
        match reach {
            Reach::Reserved { series, run: (first, last), passed_over } => {
                let key = if *passed_over == 0 { "reach.reserved" } else { "reach.passed-over" };
                let (first, last, n) = (first.to_string(), last.to_string(), passed_over.to_string());
                self.fill(key, &[("series", series.as_str()), ("first", &first), ("last", &last), ("n", &n)])
            }
            Reach::Adopted { file, numbers, passed_over } => {
                let key = if *passed_over == 0 { "reach.adopted" } else { "reach.adopted-past" };
                let (file, n, gaps) = (text::visible(file), numbers.to_string(), passed_over.to_string());
                self.fill(key, &[("file", &file), ("n", &n), ("gaps", &gaps)])
            }
            Reach::Marked { status, numbers } => {
                let key = match status {
                    Status::Void if reach.outside() == 0 => "reach.void-inside",
                    Status::Void => "reach.void",
                    Status::Published => "reach.published",
                    _ => "reach.marked",
                };
                let of = |(status, n): (&Status, &u32)| format!("{} {n}", self.status(*status));
                let all = numbers.iter().map(of).collect::<Vec<_>>().join(self.text("finding.comma"));
                let (n, outside) = (numbers.values().sum::<u32>().to_string(), reach.outside().to_string());
                let status = self.status(*status);
                self.fill(key, &[("n", &n), ("outside", &outside), ("all", &all), ("status", status)])
            }
            Reach::Retired(prefixes) => {
                let line = |one: &RetiredPrefix| {
                    let (name, n) = (text::visible(&one.name), one.used.to_string());
                    self.fill("reach.retired", &[("prefix", &one.prefix), ("name", &name), ("n", &n)])
                };
                prefixes.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            Reach::Closed { id, kind, code } => {
                let (id, kind) = (id.to_string(), self.case_kind(*kind));
                self.fill("reach.closed", &[("id", &id), ("kind", kind), ("code", code.as_str())])
            }
        }
    }

    /// Tells why the day that numbers would be of may be wrong.
    pub fn day_jump(&self, jump: DayJump) -> String {
        let (key, day, other) = match jump {
            DayJump::Named { on, today } => ("reach.day-named", on, today),
            DayJump::Doubted { today, told } => ("reach.day-doubted", today, told),
            DayJump::Clock { today, last } => ("reach.day-clock", today, last),
        };
        let n = (day - other).num_days().abs().to_string();
        self.fill(key, &[("day", &day.to_string()), ("other", &other.to_string()), ("n", &n)])
    }

    /// Tells why rows get no number, in words that are the same for all that get none for that reason.
    pub fn plan_reason(&self, refusal: &RowRefusal, sheet: &SheetSpec, profile: NameOfProfile<'_>) -> String {
        if refusal.is_held() {
            return self.text(&format!("ledger.held-rows.{}", refusal.key())).to_string();
        }
        self.plan_refusal(refusal, sheet, profile)
    }

    /// Tells what becomes of 发证日期 where numbers stamp it, and on what ground; nothing where no cell changes.
    pub fn restamp(&self, batch: &Batch, plan: &Plan) -> Option<String> {
        let Restamp { rows, from, to } = numbering::restamp(batch, plan)?;
        let shown = |text: &String| match text.as_str() {
            "" => self.text("ledger.restamp-empty").to_string(),
            text => Locale::shown(Field::IssueDate, text, true),
        };
        let mut days: Vec<String> = from.iter().take(DAYS).map(shown).collect();
        if DAYS < from.len() {
            days.push("..".to_string());
        }
        let comma = self.text("finding.comma");
        let label = batch.context().sheet().label(Field::IssueDate);
        let clause = match batch.context().profile().numbering.issue_date_clause.as_str() {
            "" => String::new(),
            clause => self.fill("ledger.restamp-clause", &[("clause", clause)]),
        };
        let places = [
            ("n", &*rows.to_string()),
            ("label", label),
            ("from", &*days.join(comma)),
            ("to", &to.to_string()),
            ("clause", &clause),
        ];
        Some(self.fill("ledger.restamp", &places))
    }

    /// Tells in which other open batches numbers of a plan stand already, a sentence for each.
    pub fn written_elsewhere(&self, plan: &Plan) -> Vec<String> {
        let told = |other: &WrittenElsewhere| {
            let (batch, file) = (other.batch.to_string(), self.file_name(&other.file));
            let places =
                [("batch", &*batch), ("file", &file), ("n", &other.count.to_string()), ("code", other.first.as_str())];
            self.fill("ledger.written-elsewhere", &places)
        };
        plan.elsewhere.iter().map(told).collect()
    }

    /// Names the numbering of rows in the history: the numbers, and the days that were written with them.
    pub fn numbering_title(&self, batch: &Batch, plan: &Plan) -> String {
        let title = self.fill("ledger.title", &[("number", &plan.rows.len().to_string())]);
        let Some(Restamp { rows, to, .. }) = numbering::restamp(batch, plan) else { return title };
        let label = batch.context().sheet().label(Field::IssueDate);
        title
            + &self.fill("ledger.title-restamp", &[("n", &rows.to_string()), ("label", label), ("to", &to.to_string())])
    }

    /// Tells what the ledger has under a code: the holder, masked, what became of it, and which batch it was given to.
    pub fn held(&self, held: &KnownCertificate) -> String {
        let name = text::visible(&held.holder.masked().name).into_owned();
        let mut told = self.fill("ledger.held", &[("name", &name), ("status", self.status(held.status))]);
        if let Some((batch, _)) = held.row {
            let places = [("batch", &*batch.to_string()), ("file", &text::visible(&held.file))];
            told += &self.fill("ledger.held-batch", &places);
        }
        told
    }

    /// Tells something that happened to a certificate: what was done, and what it changed.
    pub fn life_event(&self, event: &CertificateEvent) -> String {
        let facts = event.facts.iter().map(|fact| self.life_fact(&self.masked_fact(fact)));
        std::iter::once(self.life_action(&event.action)).chain(facts).collect::<Vec<_>>().join(" ")
    }

    /// Names what a key of the chain is about; a status that numbers had stands as a key as well.
    pub fn fact_name(&self, key: &str) -> String {
        let status = Status::read(key).map(|status| self.status(status).to_string());
        status.unwrap_or_else(|| self.known_or(&format!("audit.fact.{key}"), key))
    }

    /// Gives the word for what the chain keeps under a key by a name of its own.
    pub fn fact_word(&self, key: &str, name: &str) -> Option<&str> {
        match key {
            "status" => Status::read(name).map(|status| self.status(status)),
            "kind" => {
                let blanks = || BlankKind::read(name).map(|kind| self.blank_kind(kind));
                CaseKind::read(name).map(|kind| self.case_kind(kind)).or_else(blanks)
            }
            "state" | "was" => {
                let blanks = || BlankState::read(name).map(|state| self.blank_state(state));
                CaseState::read(name).map(|state| self.case_state(state)).or_else(blanks)
            }
            "cause" => ReissueCause::read(name).map(|cause| self.case_cause(cause)),
            "event" => DatedEvent::read(name).map(|event| self.dated_event(event)),
            _ => None,
        }
    }

    /// Tells what an event changed or tells; what the program has a word for by that word.
    pub fn life_fact(&self, fact: &Fact) -> String {
        let value = |text: &str| self.fact_word(&fact.key, text).unwrap_or(text).to_string();
        let arrow = if fact.before.is_empty() { String::new() } else { format!("{} -> ", value(&fact.before)) };
        let is = format!("{arrow}{}", value(&fact.after));
        let told = self.labelled(&self.fact_name(&fact.key), &is);
        text::visible(&told).into_owned()
    }

    /// Writes what something is behind what it is of.
    pub fn labelled(&self, what: &str, is: &str) -> String {
        self.fill("finding.labelled", &[("what", what), ("is", is)])
    }

    /// Names what an entry of the audit chain is about: its kind in words, then which one.
    pub fn audit_object(&self, object: &str) -> String {
        let (kind, which) = object.split_once(':').unwrap_or((object, ""));
        // A row of a batch is counted from 0 in the chain.
        if let ("batch", Some((batch, Ok(row)))) = (kind, which.split_once(' ').map(|(b, row)| (b, row.parse::<u64>())))
        {
            return self
                .fill("ui.ledger.in-batch", &[("batch", &text::visible(batch)), ("row", &(row + 1).to_string())]);
        }
        if let ("stock", Some(blanks)) = (kind, BlankKind::read(which)) {
            return self.blank_kind(blanks).to_string();
        }
        let kind = self.known_or(&format!("audit.object.{kind}"), kind);
        if which.is_empty() { kind } else { format!("{kind} {}", text::visible(which)) }
    }

    fn known_or(&self, key: &str, own: &str) -> String {
        match self.text(key) {
            unknown if unknown == key => own.to_string(),
            known => known.to_string(),
        }
    }

    /// Reads what was typed to find certificates: words between blanks or `&` that name a status, a batch, a year or an
    /// institution filter, what is left is searched for. `named` gives the prefixes of the institutions whose name holds a
    /// text, where it is in any such name.
    pub fn certificate_query(&self, typed: &str, named: &dyn Fn(&str) -> Option<Vec<String>>) -> CertificateQuery {
        let mut query = CertificateQuery::default();
        let mut rest: Vec<&str> = Vec::new();
        let between = |c: char| c == '&' || c == '＆' || text::is_blank(c);
        let mut words = typed.split(between).filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            // What is named in two words: batch 4, 尾号 1234.
            let is_named = |names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
            let is_number = |next: &&str| next.bytes().all(|b| b.is_ascii_digit());
            if is_named(&["batch", "批次"])
                && let Some(next) = words.next_if(is_number)
            {
                query.batch = next.parse().ok().map(BatchId);
                continue;
            }
            let ending = word.strip_prefix(['*', '＊']).or_else(|| word.strip_prefix("尾号"));
            let ending =
                ending.map(|ending| if ending.is_empty() { words.next_if(is_ending).unwrap_or("") } else { ending });
            if let Some(ending) = ending.filter(is_ending) {
                query.ending = Some(ending.to_ascii_uppercase());
                continue;
            }
            let number = word.strip_suffix('年').unwrap_or(word);
            let year = date::year(number).filter(|_| word.chars().count() != number.chars().count() || is_year(number));
            let batch =
                |before: &str, behind: &str| word.strip_prefix(before)?.strip_suffix(behind)?.parse().ok().map(BatchId);
            let batch = batch("第", "批").or_else(|| batch("批次", "")).or_else(|| batch("#", ""));
            let is_words = 2 < word.chars().count() && word.chars().any(text::is_han);
            let prefixes = if is_words { named(word) } else { None };
            if let Some(status) = Status::ALL.into_iter().find(|status| self.status(*status) == word) {
                query.status = Some(status);
            } else if batch.is_some() {
                query.batch = batch;
            } else if year.is_some() {
                query.year = year;
            } else if let Some(prefixes) = prefixes {
                query.institution = Some(NamedInstitution { name: word.to_string(), prefixes });
            } else {
                rest.push(word);
            }
        }
        query.text = rest.join(" ");
        query
    }

    /// Names everything that a search asks for at once.
    pub fn query_parts(&self, query: &CertificateQuery) -> Vec<String> {
        let status = query.status.map(|status| self.status(status).to_string());
        let year = query.year.map(|year| self.fill("ui.ledger.of-year", &[("year", &format!("20{year:02}"))]));
        let batch = query.batch.map(|batch| self.fill("ui.ledger.of-batch", &[("batch", &batch.to_string())]));
        let quoted = |key: &str, text: &str| self.fill(key, &[("text", &text::visible(text))]);
        let institution = query.institution.as_ref().map(|one| quoted("ui.ledger.of-institution", &one.name));
        let ending = query.ending.as_ref().map(|ending| quoted("ui.ledger.of-ending", ending));
        let text = Some(&query.text).filter(|text| !text.is_empty()).map(|text| quoted("ui.ledger.of-text", text));
        [status, year, batch, institution, ending, text].into_iter().flatten().collect()
    }

    /// Tells why certificates do not become `next`; `codes` names them.
    pub fn barred(&self, codes: &str, bar: Bar, next: Status) -> String {
        let (key, is, since) = match bar {
            Bar::Unknown => ("ledger.barred.unknown", None, None),
            Bar::Aside => ("ledger.barred.aside", None, None),
            Bar::Status(is) => ("ledger.barred.status", Some(is), None),
            Bar::Day(is, since) => ("ledger.barred.day", Some(is), since),
        };
        let is = is.map_or("", |is| self.status(is));
        let since = date::written(since);
        self.fill(key, &[("codes", codes), ("is", is), ("status", self.status(next)), ("since", &since)])
    }

    /// Tells what somebody cannot do, and what they did to prepare it.
    pub fn same_person(&self, same: &SamePerson, when: &str) -> String {
        let id = match same.thing {
            PreparedThing::Batch(batch) => batch.to_string(),
            PreparedThing::Case(case) => case.to_string(),
        };
        let act = self.fill(&format!("two-people.act.{}", same.act.key()), &[("id", &id)]);
        let did = format!("two-people.did.{}", same.did.key());
        let did = self.text(&did);
        let user = text::visible(text::signed_by(&same.user));
        self.fill("two-people.same-person", &[("user", &user), ("when", when), ("did", did), ("act", &act)])
    }

    /// Tells that a batch waits for a second person.
    pub fn waits_for_second(&self, waits: &WaitsForSecond) -> String {
        let by: Vec<_> = waits.by.iter().map(|user| text::visible(text::signed_by(user)).into_owned()).collect();
        let key = if waits.is_yours { "two-people.waits-yours" } else { "two-people.waits-other" };
        self.fill(key, &[("by", &by.join(self.text("finding.comma")))])
    }

    /// Tells why a row of a file cannot be adopted.
    pub fn conflict(&self, conflict: Conflict) -> String {
        let line = if let Conflict::Twice(line) = conflict { line.to_string() } else { String::new() };
        self.fill(&format!("ledger.conflict.{}", conflict.key()), &[("row", &line)])
    }
}

/// Tells whether a text may be the end of a code or an ID number.
fn is_ending(text: &&str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b.eq_ignore_ascii_case(&b'x'))
}

/// Tells whether four digits are a year in which such certificates were given, and no beginning of a number.
fn is_year(typed: &str) -> bool {
    typed.len() == 4 && typed.starts_with("20")
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_that_name_a_status_a_year_a_batch_or_an_institution_filter() {
        let locale = Locale::load(Lang::Zh);
        let named = |text: &str| "兰州技师学院".contains(text).then(|| vec!["S0000620".to_string()]);
        let read = |typed: &str| locale.certificate_query(typed, &named);
        let query = read("被退回 & 2024 第3批 技师学院 张伟");
        assert_eq!((query.status, query.year, query.batch), (Some(Status::Returned), Some(24), Some(BatchId(3))));
        let named = NamedInstitution { name: "技师学院".into(), prefixes: vec!["S0000620".to_string()] };
        assert_eq!((query.institution.as_ref(), query.text.as_str()), (Some(&named), "张伟"));
        assert_eq!(locale.query_parts(&query), ["被退回", "2024 年", "第 3 批", "机构“技师学院”", "“张伟”"]);
        for (typed, batch, ending) in [
            ("batch 4", Some(4), None),
            ("批次 4", Some(4), None),
            ("*003x", None, Some("003X")),
            ("尾号 1234", None, Some("1234")),
            ("尾号1234 #2", Some(2), Some("1234")),
        ] {
            let query = read(typed);
            assert_eq!(
                (query.batch, query.ending.as_deref(), &*query.text),
                (batch.map(BatchId), ending, ""),
                "{typed}"
            );
        }
        // What names nothing else is searched for as ever.
        for text in ["zw", "6201", "S0000620", "张 伟", "技师"] {
            assert_eq!(read(text), CertificateQuery::new(text), "{text}");
        }
    }

    use super::*;
    use crate::domain::code::{CertCode, ComposeError};
    use crate::domain::fact::CertificateKind;
    use crate::words::Lang;
    use chrono::NaiveDate;

    #[test]
    fn every_refusal_has_its_words() {
        let sheet = SheetSpec::parse(include_str!("../../data/sheets/upload-11.toml")).unwrap();
        let refusals = [
            RowRefusal::HasCode,
            RowRefusal::OtherKind(CertificateKind::SpecialSkill, "SC-10".into()),
            RowRefusal::Faulty(Field::IdNumber),
            RowRefusal::NoLevel,
            RowRefusal::NoInstitution,
            RowRefusal::UnknownInstitution("组委会".into(), None),
            RowRefusal::UnknownInstitution("组委会".into(), Some("大赛组委会".into())),
            RowRefusal::NamedLater("组委会".into(), "S000062010001".into(), NaiveDate::default(), "旧名".into()),
            RowRefusal::SeveralInstitutions,
            RowRefusal::OtherPrefix("S000062010001".into()),
            RowRefusal::NotStamped("S000051001234".into(), "9999".into(), "SC-09".into()),
            RowRefusal::Stamped("S000051009999".into(), "9999".into(), "SC-08".into()),
            RowRefusal::OtherBody("S000051001234".into(), "1235".into(), "SC-08".into()),
            RowRefusal::OtherProfile("national".into(), 1, 99_999),
            RowRefusal::Retired(NaiveDate::default()),
            RowRefusal::NoIssueDate,
            RowRefusal::DateUnread,
            RowRefusal::DateInFuture,
            RowRefusal::DateTooEarly(2019),
            RowRefusal::Full(99_999),
            RowRefusal::Written(CertCode::new("S000062010001243J00001").unwrap(), 7),
            RowRefusal::Unreadable,
            RowRefusal::NotComposed(ComposeError::Prefix),
            RowRefusal::AwardOnRecord(CertCode::new("S000062010001243J00001").unwrap()),
            RowRefusal::AwardTwice(7),
            RowRefusal::IdTwoNames(7),
            RowRefusal::HasError(Field::Employer),
        ];
        let conflicts = [
            Conflict::NoCode,
            Conflict::WrongCode,
            Conflict::Twice(7),
            Conflict::OtherPerson,
            Conflict::Void,
            Conflict::Outside,
        ];
        let name = |id: &str| (id == "national").then(|| "全国".to_string());
        for locale in [Lang::Zh, Lang::En].map(Locale::load) {
            let mut told: Vec<String> = refusals.iter().map(|r| locale.plan_refusal(r, &sheet, &name)).collect();
            told.extend(refusals.iter().map(|r| locale.plan_reason(r, &sheet, &name)));
            told.extend(conflicts.iter().map(|c| locale.conflict(*c)));
            told.extend(Status::ALL.map(|s| locale.status(s).to_string()));
            for words in told {
                assert!(!words.contains("ledger.") && !words.contains("store.") && !words.contains('{'), "{words}");
            }
        }
    }
}

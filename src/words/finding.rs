//! The sentences: what a finding, a refusal or a skipped row is called in the user's language.

mod dates;
mod source;

use std::sync::Arc;

use super::{Locale, filled_by};
use crate::domain::batch::{Batch, masked_cell, of_moved_row};
use crate::domain::code::{PREFIX_LENGTH, Segment, SegmentReader};
use crate::domain::date;
use crate::domain::fact::Route;
use crate::domain::identity::{IdProblem, IdReader, IdType, IdTypeReading, check_number};
use crate::domain::ledger::{KnownCertificate, Status};
use crate::domain::level;
use crate::domain::registry::Institution;
use crate::domain::roster::Roster;
use crate::domain::rules::{
    CheckContext, Detail, Elsewhere, Finding, OtherNumber, RuleId, Safety, Severity, cleaned_code, cleaned_id_number,
    difference, entries_within, filed_under, fix_of, several, types_meant,
};
use crate::domain::sheet::{Field, SkipReason};
use crate::domain::text;
use crate::words::Lang;

/// A value in a sentence is cut to this many characters.
const SHOWN: usize = 40;

/// A reason in a sentence, which may be several clauses long, is cut to this many characters.
const REASON: usize = 200;

/// Gives the key of what is to be said besides where nearly every cell of a column has a finding of a rule.
pub(super) fn of_column(rule: RuleId) -> Option<&'static str> {
    (rule == RuleId::IdDigitsLost).then_some("folded.lost")
}

impl Locale {
    pub fn severity(&self, severity: Severity) -> &str {
        self.text(match severity {
            Severity::Error => "severity.error",
            Severity::Warning => "severity.warning",
            Severity::Notice => "severity.notice",
        })
    }

    /// Names what became of a certificate.
    pub fn status(&self, status: Status) -> &str {
        self.text(match status {
            Status::Reserved => "ledger.status.reserved",
            Status::Allocated => "ledger.status.allocated",
            Status::Exported => "ledger.status.exported",
            Status::Submitted => "ledger.status.submitted",
            Status::Returned => "ledger.status.returned",
            Status::Accepted => "ledger.status.accepted",
            Status::Published => "ledger.status.published",
            Status::Void => "ledger.status.void",
            Status::Revoked => "ledger.status.revoked",
        })
    }

    /// Tells in a few words whether a fix needs a look.
    pub fn safety(&self, safety: Safety) -> &str {
        self.text(match safety {
            Safety::Safe => "safety.safe",
            Safety::Unsafe => "safety.unsafe",
        })
    }

    /// Tells why a row was not taken as data.
    pub fn skip_reason(&self, reason: SkipReason) -> &str {
        self.text(match reason {
            SkipReason::Blank => "skip.blank",
            SkipReason::RepeatedHeader => "skip.repeated-header",
            SkipReason::TurnedHeader => "skip.turned-header",
            SkipReason::Note => "skip.note",
            SkipReason::Title => "skip.title",
            SkipReason::NumberOnly => "skip.number-only",
            SkipReason::Template => "skip.template",
            SkipReason::Example => "skip.example",
            SkipReason::Filling => "skip.filling",
            SkipReason::Line => "skip.line",
        })
    }

    /// Tells what is wrong and what to do. Personal values are masked unless `masked` is false.
    pub fn finding(&self, batch: &Batch, finding: &Finding, masked: bool) -> String {
        let facts = FindingFacts {
            locale: self,
            context: batch.context(),
            roster: batch.roster(),
            finding,
            masked,
            is_moved: masked && batch.has_moved(finding.row),
        };
        self.told_by(&facts)
    }

    /// Tells what is wrong and what to do, where there is no batch.
    pub fn finding_in(&self, context: &CheckContext, roster: &Roster, finding: &Finding, masked: bool) -> String {
        self.told_by(&FindingFacts { locale: self, context, roster, finding, masked, is_moved: false })
    }

    fn told_by(&self, facts: &FindingFacts<'_>) -> String {
        let code = facts.finding.rule.spec().code;
        self.rule(code).map_or_else(|| code.to_string(), |page| filled_by(&page.message, |place| facts.place(place)))
    }

    /// Makes a cell's text fit to stand in a sentence: masked where asked and personal, visible, and not too long.
    pub fn shown(field: Field, value: &str, masked: bool) -> String {
        fitted(&if masked { field.masked(value) } else { value.to_string() }, SHOWN)
    }

    /// Makes the reason that somebody wrote fit to stand in a sentence: ID numbers in it are masked where asked.
    pub fn reason(written: &str, masked: bool) -> String {
        fitted(&if masked { text::masked_sentence(written) } else { written.to_string() }, REASON)
    }

    /// Joins alternatives: `a`, `a or b`, `a, b or c`.
    pub fn alternatives(&self, items: impl IntoIterator<Item = String>) -> String {
        let mut items: Vec<String> = items.into_iter().collect();
        let Some(last) = items.pop() else { return String::new() };
        if items.is_empty() { last } else { items.join(self.text("finding.comma")) + self.text("finding.or") + &last }
    }
}

fn fitted(value: &str, most: usize) -> String {
    let visible = text::visible(value);
    if visible.chars().count() <= most {
        return visible.into_owned();
    }
    visible.chars().take(most).collect::<String>() + ".."
}

/// What a message may name.
struct FindingFacts<'a> {
    locale: &'a Locale,
    context: &'a CheckContext,
    roster: &'a Roster,
    finding: &'a Finding,
    masked: bool,
    /// What stands in the row is masked as that of one that has moved.
    is_moved: bool,
}

impl FindingFacts<'_> {
    /// Gives the value of a place; `None` when this finding has none, which the tests forbid.
    fn place(&self, name: &str) -> Option<String> {
        let field = self.finding.field;
        let profile = &self.context.profile();
        match (name, self.finding.detail) {
            ("value", _) if self.is_moved => {
                Some(fitted(&of_moved_row(self.context.tables(), Some(field), self.cell(field)), SHOWN))
            }
            ("value", _) if self.masked => {
                let place = (self.finding.row, field);
                Some(fitted(&masked_cell(self.context, self.roster, place, self.cell(field)), SHOWN))
            }
            ("value", _) => Some(Locale::shown(field, self.cell(field), false)),
            ("label", _) => Some(self.context.sheet().label(field).to_string()),
            ("max", _) if self.finding.rule == RuleId::RowTooWide => {
                let columns = &self.roster.columns;
                Some((columns.source.len() - columns.beyond().len()).to_string())
            }
            ("max", _) => self.context.sheet().column(field).map(|c| c.max.to_string()),
            ("number", Detail::Number(n)) if self.finding.rule == RuleId::IdArea => Some(format!("{n:06}")),
            ("number" | "year", Detail::Number(n)) => Some(n.to_string()),
            ("year", _) => Some(profile.year.first.to_string()),
            ("number" | "usual" | "rows" | "spellings", Detail::Usual(place)) => self.of_usual(name, place),
            ("position", Detail::Position(p)) => Some(p.to_string()),
            ("place", Detail::Row(row)) => Some(self.locale.row_named(self.roster, row)),
            ("place", Detail::Elsewhere(place)) => {
                let Elsewhere { file, sheet, line } = self.context.elsewhere(place)?;
                Some(self.locale.row_place(file, sheet, *line))
            }
            ("expected", Detail::Expected(c)) => Some(c.to_string()),
            ("expected", _) => {
                fix_of(self.context, self.roster, self.finding).map(|fix| Locale::shown(field, &fix.to, self.masked))
            }
            ("prefix", _) => cleaned_code(self.cell(Field::Code)).get(..PREFIX_LENGTH).map(String::from),
            ("institution", _) => self.filed().map(|(i, _)| text::visible(i.name()).into_owned()),
            ("retired", _) => self.filed()?.0.retired.as_ref().map(|r| r.on.to_string()),
            ("since", _) => {
                let prefix = &self.filed()?.0.prefix;
                self.context.tables().registry.rectification(prefix).map(|order| order.since.to_string())
            }
            ("written", _) => self.marked(0),
            ("filed", _) => self.marked(1),
            ("unseen", Detail::Certificate(place)) => {
                let recorded = self.context.known().at(place)?.holder.cell(field).unwrap_or_default();
                let change = self.locale.change_shown(field, [self.cell(field), recorded], true);
                Some(self.locale.changed_unseen(&change))
            }
            ("holder" | "code" | "status" | "batch" | "recorded" | "day" | "reason", Detail::Certificate(place)) => {
                Some(self.of_certificate(name, self.context.known().at(place)?))
            }
            ("token", _) => Some(profile.empty_work_type.text.clone()),
            // Nobody can shorten a number.
            ("remedy", _) if matches!(field, Field::IdNumber | Field::OldIdNumber | Field::OldCode) => {
                Some(self.locale.text("finding.remedy.compare").to_string())
            }
            ("remedy", _) => Some(self.locale.text("finding.remedy.shorten").to_string()),
            ("day-off", _) => self.day_off(),
            ("from" | "belongs" | "way" | "n", Detail::Moved { by, column }) => Some(self.moved(name, by, column)),
            ("parts", _) => Some(self.parts()),
            ("other", _) => self.other(),
            ("hidden", _) => Some(self.hidden()),
            ("form", _) => Some(self.form()),
            ("looks", _) => Some(self.looks()),
            ("beside", _) => Some(self.beside_day()),
            ("company", _) => Some(self.company()),
            ("stray", detail) => Some(self.stray(detail)),
            ("merged", _) => Some(self.merged()),
            ("found", _) => self.found(),
            ("segment", _) => self.segment().map(|s| match self.locale.lang {
                Lang::Zh => s.name.clone(),
                Lang::En => s.name_en.clone(),
            }),
            ("positions", _) => self.segment().map(|s| self.positions(s)),
            ("allowed", _) => self.allowed(),
            ("meant", _) => Some(self.meant()),
            ("near", _) => Some(self.near()),
            ("type", _) => Some(
                self.id_type()
                    .map_or_else(|| Locale::shown(Field::IdType, self.cell(Field::IdType), false), |t| t.name.clone()),
            ),
            ("shape", _) => self.id_type().map(|t| self.locale.text(shape_key(t.reader)).to_string()),
            _ => None,
        }
    }

    /// Tells a fact of a certificate in the ledger.
    fn of_certificate(&self, name: &str, certificate: &KnownCertificate) -> String {
        let cell = |field: Field| certificate.holder.cell(field).unwrap_or_default();
        // What the store keeps of a person is shown whole by its own verbs only, which ask for a reason and note it.
        let masked = |field: Field| Locale::shown(field, cell(field), true);
        match name {
            // Somebody else, of whom the roster at hand says nothing.
            "holder" if certificate.holder.name.is_empty() => masked(Field::IdNumber),
            "holder" => masked(Field::Name),
            "code" => certificate.code.to_string(),
            "status" => self.locale.status(certificate.status).to_string(),
            "recorded" if self.finding.field == Field::Code => certificate.code.to_string(),
            "recorded" => masked(self.finding.field),
            "day" => date::written(certificate.status_on),
            "reason" if certificate.why.is_empty() => self.locale.text("finding.no-reason").to_string(),
            "reason" => Locale::reason(&certificate.why, self.masked),
            _ => match certificate.row {
                Some((batch, _)) => {
                    let file = text::visible(&certificate.file);
                    self.locale.fill("finding.ledger-batch", &[("number", &batch.to_string()), ("file", &file)])
                }
                None => self.locale.text("finding.ledger-adopted").to_string(),
            },
        }
    }

    fn cell(&self, field: Field) -> &str {
        self.roster.cell(self.finding.row, field)
    }

    /// Names the values that stand side by side in the cell.
    fn parts(&self) -> String {
        let (field, cell) = (self.finding.field, self.cell(self.finding.field));
        let tidy = text::trimmed(cell);
        let parts = match field {
            Field::Level => level::several(cell),
            _ if self.finding.rule != RuleId::SeveralEntries => several(self.context, field, cell),
            _ => entries_within(self.context.tables(), &tidy).into_iter().map(String::from).collect(),
        };
        let shown: Vec<String> = parts.iter().map(|part| Locale::shown(field, part, self.masked)).collect();
        let Some((last, before)) = shown.split_last() else { return String::new() };
        let before = before.join(self.locale.text("finding.between"));
        [before, last.clone()].join(self.locale.text("finding.and"))
    }

    /// Gives the number as it is to be written; where there is more in the cell, nobody knows which one is meant.
    fn form(&self) -> String {
        match self.place("expected") {
            Some(number) => self.locale.fill("finding.form", &[("number", &number)]),
            None => self.locale.text("finding.form-of-several").to_string(),
        }
    }

    /// Names what a number is that is none of a document; nothing where it may be one.
    fn looks(&self) -> String {
        let is_number = matches!(self.finding.field, Field::IdNumber | Field::OldIdNumber);
        match OtherNumber::of(self.cell(self.finding.field)).filter(|_| is_number) {
            Some(OtherNumber::Mobile) => self.locale.text("finding.looks.mobile").to_string(),
            Some(OtherNumber::BankCard) => self.locale.text("finding.looks.bank-card").to_string(),
            None => String::new(),
        }
    }

    /// Gives the institution of the row's code and the name that was filed for the row's day.
    fn filed(&self) -> Option<(&Institution, Option<&str>)> {
        filed_under(self.context, self.roster, self.finding.row)
    }

    /// Gives the institution's name as it is written (0) or filed (1), with what differs between signs.
    fn marked(&self, which: usize) -> Option<String> {
        let written = text::trimmed(self.cell(self.finding.field));
        let [before, differing, behind] = difference(&written, self.filed()?.1?)[which].map(text::visible);
        Some(
            self.locale
                .fill("finding.difference", &[("before", &before), ("differing", &differing), ("behind", &behind)]),
        )
    }

    /// Gives the segment the finding is about.
    fn segment(&self) -> Option<&Segment> {
        let layout = &self.context.profile().layout;
        match (self.finding.rule, self.finding.detail) {
            (_, Detail::Segment(i)) => layout.segments().get(usize::from(i)),
            (RuleId::CodeCharacter, Detail::Position(p)) => {
                layout.segments().iter().find(|s| s.range().contains(&(usize::from(p).wrapping_sub(1))))
            }
            (RuleId::CodeLevel, _) => layout.find(|r| matches!(r, SegmentReader::Level)).map(|(_, s)| s),
            (RuleId::CodeYear | RuleId::CodeYearRange | RuleId::CodeYearEarly, _) => {
                layout.find(|r| matches!(r, SegmentReader::Year)).map(|(_, s)| s)
            }
            _ => None,
        }
    }

    fn positions(&self, segment: &Segment) -> String {
        let key = if segment.from == segment.to { "finding.position" } else { "finding.positions" };
        self.locale.fill(key, &[("from", &segment.from.to_string()), ("to", &segment.to.to_string())])
    }

    /// Gives the characters that are wrong: those of a segment, or the one at a position.
    fn found(&self) -> Option<String> {
        let field = self.finding.field;
        if matches!(self.finding.rule, RuleId::ForbiddenWord | RuleId::ForbiddenWordInName) {
            let words = &self.context.profile().words.forbidden.as_ref()?.words;
            return words.iter().filter(|w| self.cell(field).contains(w.as_str())).max_by_key(|w| w.len()).cloned();
        }
        let chars: Vec<char> = match field {
            Field::Code => cleaned_code(self.cell(field)).chars().collect(),
            _ => text::trimmed(self.cell(field)).chars().collect(),
        };
        let part = match (self.finding.detail, self.segment()) {
            (Detail::Position(p), _) => chars.get(usize::from(p).checked_sub(1)?..usize::from(p))?,
            (_, Some(segment)) => chars.get(segment.range())?,
            _ => chars.get(..1)?,
        };
        Some(text::visible(&part.iter().collect::<String>()).into_owned())
    }

    /// Lists the values that would be right, where they are few.
    fn allowed(&self) -> Option<String> {
        let profile = &self.context.profile();
        let range = |from: &str, to: &str| self.locale.fill("finding.range", &[("from", from), ("to", to)]);
        match self.finding.rule {
            RuleId::InstitutionForm => {
                Some(self.locale.alternatives(profile.organisations.institution_endings.clone()))
            }
            RuleId::IssuingBodyForm => Some(self.locale.alternatives(profile.organisations.issuing_body_words.clone())),
            RuleId::CodeYearRange => {
                let this_year = self.context.today().format("%Y").to_string();
                Some(range(&profile.year.first.to_string(), &this_year))
            }
            RuleId::ValueUnlisted => {
                Some(self.locale.alternatives(self.context.sheet().column(self.finding.field)?.values.clone()))
            }
            RuleId::OccupationClass => {
                Some(self.locale.alternatives(profile.words.major_classes.as_ref()?.words.clone()))
            }
            RuleId::IssuerNumber => {
                let number = profile.organisations.issuer_number.as_ref()?;
                let key = match self.context.known().route {
                    None => "finding.issuer-number",
                    Some(Route::Committee) => "finding.issuer-number-committee",
                    Some(Route::Filed) => "finding.issuer-number-filed",
                };
                Some(
                    self.locale.fill(
                        key,
                        &[("value", &number.value), ("words", &self.locale.alternatives(number.words.clone()))],
                    ),
                )
            }
            RuleId::CodeYearEarly => Some(profile.year.usual.to_string()),
            _ => match &self.segment()?.reader {
                SegmentReader::Fixed { values, .. } => Some(self.locale.alternatives(values.clone())),
                SegmentReader::Region { .. } => Some(self.locale.text("finding.printed-table").to_string()),
                SegmentReader::Level => Some(range("1", "5")),
                SegmentReader::Serial { first, last, usual } => {
                    let width = self.segment()?.range().len();
                    if self.finding.rule == RuleId::CodeSerialUnusual {
                        return Some(format!("{usual:0width$}"));
                    }
                    Some(range(&format!("{first:0width$}"), &format!("{last:0width$}")))
                }
                _ => None,
            },
        }
    }

    /// Gives the ID type of the row, where its cell names one.
    fn id_type(&self) -> Option<&IdType> {
        let types = &self.context.tables().id_types;
        match types.read(self.cell(Field::IdType)) {
            IdTypeReading::Exact(i) | IdTypeReading::Alias(i) => types.all().get(i),
            IdTypeReading::Unknown(_) => None,
        }
    }

    /// Tells what the column usually says, and how else that is written.
    fn of_usual(&self, name: &str, place: u32) -> Option<String> {
        let usual = self.context.usual().get(place as usize)?;
        let shown = |text: &str| Locale::shown(usual.field, text, self.masked);
        let spelling = |(text, rows): &(Arc<str>, usize)| {
            self.locale.fill("finding.spelling", &[("text", &shown(text)), ("rows", &rows.to_string())])
        };
        Some(match name {
            "number" => (usual.others.len() + 1).to_string(),
            "usual" => shown(&usual.text),
            "rows" => usual.rows.to_string(),
            _ => usual.others.iter().map(spelling).collect::<Vec<_>>().join(self.locale.text("finding.comma")),
        })
    }

    /// Lists the names of the user's catalogue that may be meant; nothing where none comes near.
    fn near(&self) -> String {
        let tables = self.context.tables();
        let typed = text::trimmed(self.cell(self.finding.field));
        let near = match self.finding.rule {
            RuleId::WorkTypeUnlisted => {
                let own = tables.work_types_beside(&text::trimmed(self.cell(Field::Occupation))).near(&typed);
                // Of another occupation, to look at.
                if own.is_empty() { tables.work_types.near(&typed) } else { own }
            }
            _ => tables.occupations.near(&typed),
        };
        if near.is_empty() {
            return String::new();
        }
        let near = self.locale.alternatives(near.iter().map(|name| text::visible(name).into_owned()));
        self.locale.fill("finding.nearest", &[("near", &near)])
    }

    /// Lists the ID types that may be meant.
    fn meant(&self) -> String {
        let types = &self.context.tables().id_types;
        let near: Vec<&IdType> = match (self.id_type(), types.read(self.cell(Field::IdType))) {
            (Some(named), _) => {
                let number = cleaned_id_number(self.cell(Field::IdNumber));
                let report =
                    check_number(named.reader, &number, &self.context.tables().divisions, self.context.today());
                match report.problem {
                    Some(IdProblem::OtherType(reader)) => types.all().iter().filter(|t| t.reader == reader).collect(),
                    _ => Vec::new(),
                }
            }
            (None, IdTypeReading::Unknown(near)) => types_meant(self.context, self.roster, self.finding.row, near)
                .iter()
                .filter_map(|i| types.all().get(*i))
                .collect(),
            (None, _) => Vec::new(),
        };
        if near.is_empty() {
            return self.locale.text("finding.no-id-type-near").to_string();
        }
        self.locale.alternatives(near.iter().map(|t| format!("{}={}", t.code, t.name)))
    }
}

fn shape_key(reader: IdReader) -> &'static str {
    match reader {
        IdReader::Resident => "finding.shape.resident",
        IdReader::PassportCn => "finding.shape.passport-cn",
        IdReader::HkMacauPermit => "finding.shape.hk-macau-permit",
        IdReader::HkMacauResidence => "finding.shape.hk-macau-residence",
        IdReader::TaiwanPermit => "finding.shape.taiwan-permit",
        IdReader::TaiwanResidence => "finding.shape.taiwan-residence",
        IdReader::PassportForeign => "finding.shape.passport-foreign",
        IdReader::PermanentResidence => "finding.shape.permanent-residence",
        IdReader::WorkPermit => "finding.shape.work-permit",
        IdReader::Other => "finding.shape.other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_values_masked_visible_and_short() {
        assert_eq!(Locale::shown(Field::Name, "李小刚", true), "李*刚");
        assert_eq!(Locale::shown(Field::Name, "李小刚", false), "李小刚");
        assert_eq!(Locale::shown(Field::IdNumber, "11010519491231002x", true), "110105********002x");
        assert_eq!(Locale::shown(Field::Employer, "甲\u{1b}[2J\u{202E}公司", true), "甲^[[2J<U+202E>公司");
        assert_eq!(Locale::shown(Field::Occupation, &"电".repeat(40), true), "电".repeat(40));
        assert_eq!(Locale::shown(Field::Occupation, &"电".repeat(41), true), "电".repeat(40) + "..");
    }
}

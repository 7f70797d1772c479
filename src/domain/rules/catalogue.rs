//! The list of all rules. Codes are never reused; names read well after "allow".

use super::Severity::{self, Error, Notice, Warning};

macro_rules! rules {
    ($($(#[$doc:meta])* $id:ident $code:literal $name:literal $severity:ident $clause:literal;)*) => {
        /// A rule, by its place in [`RULES`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum RuleId {
            $($(#[$doc])* $id,)*
        }

        /// Every rule, in the order of its code.
        pub static RULES: &[RuleSpec] = &[
            $(RuleSpec { id: RuleId::$id, code: $code, name: $name, severity: $severity, clause: $clause },)*
        ];
    };
}

/// A rule's facts; its words are in the locales under its code.
#[derive(Debug, Clone, Copy)]
pub struct RuleSpec {
    pub id: RuleId,
    /// Stable code, such as `D05`.
    pub code: &'static str,
    /// Stable name in kebab case.
    pub name: &'static str,
    /// How bad a finding of it is.
    pub severity: Severity,
    /// The clause, or nothing when the column, the segment or the profile names it.
    pub clause: &'static str,
}

impl RuleId {
    /// Gives the rule's facts.
    pub fn spec(self) -> &'static RuleSpec {
        &RULES[self as usize]
    }

    /// Finds a rule by its code or name.
    pub fn find(text: &str) -> Option<RuleId> {
        RULES.iter().find(|r| r.code.eq_ignore_ascii_case(text) || r.name.eq_ignore_ascii_case(text)).map(|r| r.id)
    }
}

rules! {
    /// The issue date is no `YYYY-MM-DD`, but can mean only one day.
    DateForm "A01" "date-form" Error "GS-41";
    /// There is no such day.
    DateImpossible "A02" "date-impossible" Error "";
    /// The day lies in the future.
    DateFuture "A03" "date-future" Error "";
    /// The day lies before the coding rule.
    DateEarly "A04" "date-early" Warning "X-17";
    /// Day, month or century cannot be told apart.
    DateAmbiguous "A05" "date-ambiguous" Error "";
    /// No date at all.
    DateUnreadable "A06" "date-unreadable" Error "";
    /// The day is a Saturday or Sunday.
    DateWeekend "A07" "date-weekend" Notice "";
    /// The code does not have 22 characters.
    CodeLength "C01" "code-length" Error "GS-40";
    /// A character cannot stand at its position.
    CodeCharacter "C02" "code-character" Error "X-03";
    /// A segment has a value the notice does not allow.
    CodeSegment "C03" "code-segment" Error "";
    /// The region is in no printed table.
    CodeRegion "C04" "code-region" Warning "";
    /// The year in the code is not that of the issue date.
    CodeYear "C05" "code-year" Error "GS-23";
    /// The level in the code is not that of the level column.
    CodeLevel "C06" "code-level" Error "GS-24";
    /// The year in the code is before the rule or after today.
    CodeYearRange "C07" "code-year-range" Error "";
    /// The year in the code is before the kind of certificate existed.
    CodeYearEarly "C08" "code-year-early" Warning "";
    /// The code is typed in lower case, full width or with blanks.
    CodeSpelling "C09" "code-spelling" Error "X-20";
    /// The serial lies beyond the range the notice prints.
    CodeSerialUnusual "C10" "code-serial-unusual" Warning "";
    /// The number is in no range the notice assigns.
    CodeRangeUnassigned "C11" "code-range-unassigned" Warning "";
    /// The first letter and the range of the institution's number belong to different kinds of institution.
    CodeCategory "C12" "code-category" Warning "X-15";
    /// A competition code under a rule for ordinary ones.
    CodeOtherKind "C13" "code-other-kind" Error "X-02";
    /// The shorter form of a code that the notice's own samples have.
    CodeShortForm "C14" "code-short-form" Error "";
    /// The ID type is not in the table.
    IdTypeUnknown "D01" "id-type-unknown" Error "GS-32";
    /// The ID type is written in another way.
    IdTypeSpelling "D02" "id-type-spelling" Error "GS-31";
    /// The ID number cannot belong to the ID type.
    IdShape "D03" "id-shape" Error "";
    /// The ID number has an unusual shape for its type.
    IdUnusual "D04" "id-unusual" Warning "";
    /// The check digit is wrong.
    IdCheckDigit "D05" "id-check-digit" Error "";
    /// The birth date in the number does not exist or lies in the future.
    IdBirthDate "D06" "id-birth-date" Error "";
    /// The number's first six digits are and were no division.
    IdArea "D07" "id-area" Warning "";
    /// A spreadsheet turned the number into a rounded one.
    IdDigitsLost "D08" "id-digits-lost" Error "";
    /// A 15-digit number of the first card generation.
    IdFifteen "D09" "id-fifteen" Error "";
    /// The number belongs to another ID type.
    IdTypeMismatch "D10" "id-type-mismatch" Error "GS-32";
    /// The person would have been under 16 or over 75 on the issue date.
    IdAge "D11" "id-age" Warning "";
    /// The number is typed in lower case, full width, or with blanks and hyphens.
    IdSpelling "D12" "id-spelling" Error "";
    /// The sex is not that of the ID number.
    SexDisagrees "G01" "sex-disagrees" Error "";
    /// The value is none of the form's.
    ValueUnlisted "G02" "value-unlisted" Error "";
    /// The award is not a medal or prize with a rank.
    AwardForm "G03" "award-form" Warning "";
    /// The institution's name is not the one that was filed for the day.
    InstitutionName "I01" "institution-name" Error "GD-20";
    /// The code's prefix is none that was filed.
    InstitutionUnknown "I02" "institution-unknown" Warning "";
    /// The code's prefix was retired before the day.
    InstitutionRetired "I03" "institution-retired" Error "BJ-50";
    /// The level is not one of the five.
    LevelUnknown "L01" "level-unknown" Error "GS-39";
    /// The level is written in a form the upload does not name.
    LevelForm "L02" "level-form" Error "GS-38";
    /// The wording belongs to the abolished vocational qualifications.
    LevelQualification "L03" "level-qualification" Warning "GS-38";
    /// The level exists, but not in the upload table.
    LevelOutside "L04" "level-outside" Error "GS-39";
    /// The title lacks 工.
    LevelShort "L05" "level-short" Warning "GS-39";
    /// A blank inside a Chinese name.
    NameBlank "N01" "name-blank" Warning "";
    /// A separator other than U+00B7 between the parts of a name.
    NameSeparator "N02" "name-separator" Error "X-24";
    /// A compatibility form of a 汉字.
    NameCompatibility "N03" "name-compatibility" Warning "";
    /// Digits or symbols in a name.
    NameUnusual "N04" "name-unusual" Warning "";
    /// The evaluation institution does not look like a competition committee.
    InstitutionForm "O01" "institution-form" Warning "";
    /// The issuing body lacks the stamp remark.
    IssuingBodyForm "O02" "issuing-body-form" Warning "";
    /// The institution's number and the issuing body do not go together.
    IssuerNumber "O03" "issuer-number" Warning "";
    /// The employer is another than the institution, which assesses its own staff.
    EmployerElsewhere "O04" "employer-elsewhere" Warning "";
    /// A word that a certificate must not carry.
    ForbiddenWord "P01" "forbidden-word" Warning "";
    /// Such a word in the name of an organisation, which may have been filed so.
    ForbiddenWordInName "P02" "forbidden-word-in-name" Notice "";
    /// A required cell is empty.
    Required "R01" "required" Error "";
    /// More characters than the upload takes.
    TooLong "R02" "too-long" Error "";
    /// More characters than the upload may take when 汉字 count as two.
    TooWide "R03" "too-wide" Warning "X-24";
    /// The row has cells beyond the last column.
    RowTooWide "S01" "row-too-wide" Error "GS-12";
    /// A formula whose result was never stored.
    FormulaWithoutValue "S02" "formula-without-value" Error "";
    /// A spreadsheet error such as #N/A.
    SpreadsheetError "S03" "spreadsheet-error" Error "";
    /// Bytes that are no text.
    BadBytes "S04" "bad-bytes" Error "";
    /// An empty cell inside a merged range.
    MergedCell "S05" "merged-cell" Error "";
    /// Blanks at the ends, line breaks or invisible characters.
    StrayCharacters "T01" "stray-characters" Error "";
    /// Full-width digits or letters where ASCII is meant.
    FullWidth "T02" "full-width" Warning "";
    /// A masked value in place of the real one.
    Masked "T03" "masked" Error "GS-46";
    /// The cell would be taken for a formula.
    FormulaStart "T04" "formula-start" Error "";
    /// A character that stands for one that was lost.
    LostCharacter "T05" "lost-character" Error "";
    /// The same certificate code on another row.
    CodeTwice "U01" "code-twice" Error "GS-40";
    /// The same person, occupation and level on another row.
    AwardTwice "U02" "award-twice" Warning "GS-40";
    /// The same ID number with another name.
    IdTwoNames "U03" "id-two-names" Warning "GS-33";
    /// The ledger has the code under another person.
    CodeOfAnother "U04" "code-of-another" Error "X-22";
    /// The code is void, revoked or only reserved in the ledger.
    CodeNotInForce "U05" "code-not-in-force" Error "X-22";
    /// The ledger has another certificate of the same person, occupation and level.
    AwardOnRecord "U06" "award-on-record" Warning "SC-34";
    /// The row says something else than the record, which is the authority's by now.
    RecordDiffers "U07" "record-differs" Warning "BJ-27";
    /// The issue date is not the day on which the number was given.
    DateNotStamped "U08" "date-not-stamped" Error "";
    /// The certificate came back and has not been handed in again.
    CertificateReturned "U09" "certificate-returned" Warning "BJ-20";
    /// The work type is empty.
    WorkTypeEmpty "W01" "work-type-empty" Error "";
    /// Another sign in place of the token for "no work type".
    WorkTypeDash "W02" "work-type-dash" Error "";
    /// 同上 or the like in place of a value.
    WorkTypeDitto "W03" "ditto" Error "";
    /// The work type repeats the occupation.
    WorkTypeRepeats "W04" "work-type-repeats" Warning "GS-37";
    /// The occupation is not in the user's catalogue.
    OccupationUnlisted "W05" "occupation-unlisted" Warning "";
    /// Several values in one cell.
    SeveralValues "W06" "several-values" Warning "";
    /// The employer does not look like a full name.
    EmployerShort "W07" "employer-short" Warning "";
    /// The occupation is of a major class that is not assessed.
    OccupationClass "W08" "occupation-class" Warning "";
    /// The occupation is one with access control.
    OccupationControlled "W09" "occupation-controlled" Error "";
    /// The row lies outside the institution's filed scope.
    OutsideScope "W10" "outside-scope" Error "";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_stands_at_its_place_under_its_own_name() {
        for (i, rule) in RULES.iter().enumerate() {
            assert_eq!(rule.id as usize, i);
            assert_eq!(RuleId::find(rule.code), Some(rule.id));
            assert_eq!(RuleId::find(rule.name), Some(rule.id), "{} stands twice", rule.name);
            assert!(rule.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.name);
        }
        assert!(RULES.windows(2).all(|w| w[0].code < w[1].code));
    }
}

//! Rules about one text: required, length, stray characters, names, organisations, work types.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::checker::Sink;
use super::{CheckContext, Detail, RuleId, clean};
use crate::domain::sheet::{Column, Field};
use crate::domain::text;

/// Checks a cell that holds words. `occupation` is the row's cell 职业名称, cleaned.
pub fn check(context: &CheckContext, column: &Column, raw: &str, occupation: &str, sink: &mut Sink<'_>) {
    let field = column.field;
    let tidy = tidy(field, raw);
    if tidy != raw {
        let only_width = text::trimmed(raw) == raw;
        sink.add(field, if only_width { RuleId::FullWidth } else { RuleId::StrayCharacters });
    }
    if tidy.is_empty() {
        sink.add(field, if field == Field::WorkType { RuleId::WorkTypeEmpty } else { RuleId::Required });
        return;
    }
    if field == Field::WorkType && tidy == context.profile.empty_work_type.text {
        return;
    }
    if field == Field::WorkType && clean::is_dash(&tidy) {
        sink.add(field, RuleId::WorkTypeDash);
        return;
    }
    if clean::is_ditto(&tidy) {
        sink.add(field, RuleId::WorkTypeDitto);
        return;
    }
    // One asterisk may belong to a company's name, several hide something: the standard's own samples have them.
    if field != Field::Name && ["**", "＊＊"].iter().any(|run| tidy.contains(run)) {
        sink.add(field, RuleId::Masked);
        return;
    }
    if tidy.starts_with(['=', '+', '-', '@']) {
        sink.add(field, RuleId::FormulaStart);
    }
    forbidden(context, field, &tidy, sink);
    lost_character(field, &tidy, sink);
    length(column, &tidy, sink);
    match field {
        Field::Name => name(&tidy, sink),
        Field::Occupation => {
            several(field, &tidy, sink);
            let listed = &context.tables.occupations;
            if !listed.is_empty() && !listed.contains(&*tidy) {
                sink.add(field, RuleId::OccupationUnlisted);
            }
            let words = &context.profile.words;
            if let (Some(classes), Some(code)) = (&words.major_classes, context.tables.occupation_codes.get(&*tidy))
                && !classes.words.iter().any(|class| code.starts_with(class.as_str()))
            {
                sink.add(field, RuleId::OccupationClass);
            }
            if !words.controlled_clause.is_empty() && context.tables.controlled.contains(&*tidy) {
                sink.add(field, RuleId::OccupationControlled);
            }
        }
        Field::WorkType => {
            several(field, &tidy, sink);
            if tidy == occupation {
                sink.add(field, RuleId::WorkTypeRepeats);
            }
        }
        Field::Employer if !ends_with_any(&tidy, &context.profile.words.employer_endings) => {
            sink.add(field, RuleId::EmployerShort);
        }
        Field::Sex | Field::ContestClass if !column.values.is_empty() && !column.values.iter().any(|v| *v == *tidy) => {
            sink.add(field, RuleId::ValueUnlisted);
        }
        Field::Award if !is_award(&tidy) => sink.add(field, RuleId::AwardForm),
        Field::Institution if !ends_with_any(&tidy, &context.profile.organisations.institution_endings) => {
            sink.add(field, RuleId::InstitutionForm);
        }
        Field::IssuingBody => {
            let words = &context.profile.organisations.issuing_body_words;
            if !words.is_empty() && !words.iter().any(|w| tidy.contains(w.as_str())) {
                sink.add(field, RuleId::IssuingBodyForm);
            }
        }
        _ => {}
    }
}

/// Compares the code with the two organisations and the employer, as the profile asks.
pub fn organisations<'a>(
    context: &CheckContext,
    code: &str,
    of: impl Fn(Field) -> Option<&'a str>,
    sink: &mut Sink<'_>,
) {
    let rules = &context.profile.organisations;
    let code = clean::code(code);
    if let (Some(number), Some(body)) = (&rules.issuer_number, of(Field::IssuingBody))
        && !body.is_empty()
    {
        let has_value = code.get(number.from - 1..).is_some_and(|rest| rest.starts_with(&number.value));
        if has_value != number.words.iter().any(|word| body.contains(word.as_str())) {
            sink.add(Field::IssuingBody, RuleId::IssuerNumber);
        }
    }
    if let (Some(staff), Some(employer), Some(institution)) =
        (&rules.own_staff, of(Field::Employer), of(Field::Institution))
        && code.starts_with(&staff.category)
        && ![employer, institution].contains(&"")
        && tidy(Field::Employer, employer) != tidy(Field::Institution, institution)
    {
        sink.add(Field::Employer, RuleId::EmployerElsewhere);
    }
}

/// Tells whether an award is a medal or prize and a rank: 金奖/第一名 (SC-24).
fn is_award(value: &str) -> bool {
    let half: String = value.chars().map(text::half_width).collect();
    half.split_once('/').is_some_and(|(prize, rank)| {
        prize.ends_with('奖') && rank.starts_with('第') && rank.ends_with('名') && 3 <= rank.chars().count()
    })
}

/// Gives the form of a words cell that the rules look at and the safe fix writes: no stray characters, and ASCII digits
/// and letters. Punctuation keeps its width: 有限公司（兰州） is a legal name.
pub fn tidy(field: Field, raw: &str) -> Cow<'_, str> {
    let trimmed = text::trimmed(raw);
    let is_wide = |c: char| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    if field == Field::Name || !trimmed.chars().any(is_wide) {
        return trimmed;
    }
    Cow::Owned(trimmed.chars().map(|c| if is_wide(c) { text::half_width(c) } else { c }).collect())
}

/// Looks for a word that a certificate must not carry; the names of organisations may have been filed with one.
fn forbidden(context: &CheckContext, field: Field, value: &str, sink: &mut Sink<'_>) {
    let rule = match field {
        Field::Occupation | Field::WorkType => RuleId::ForbiddenWord,
        Field::Institution | Field::IssuingBody => RuleId::ForbiddenWordInName,
        _ => return,
    };
    if let Some(list) = &context.profile.words.forbidden
        && let Some(at) = list.words.iter().filter_map(|word| value.find(word.as_str())).min()
    {
        sink.push(field, rule, Detail::Position((value[..at].chars().count() + 1).min(255) as u8));
    }
}

/// Checks the length: error above the limit in code points, warning above it with 汉字 counted as two.
pub fn length(column: &Column, value: &str, sink: &mut Sink<'_>) {
    let points = value.chars().count();
    if column.max < points {
        sink.push(column.field, RuleId::TooLong, Detail::Number(points as u32));
    } else if column.max < text::gbk_width(value) {
        sink.push(column.field, RuleId::TooWide, Detail::Number(text::gbk_width(value) as u32));
    }
}

fn lost_character(field: Field, value: &str, sink: &mut Sink<'_>) {
    if let Some(at) = value.chars().position(is_lost) {
        sink.push(field, RuleId::LostCharacter, Detail::Position((at + 1).min(255) as u8));
    }
}

/// Tells whether a character stands for one that was lost.
fn is_lost(c: char) -> bool {
    matches!(c, '\u{FFFD}' | '□' | '?' | '？' | '〾') || text::is_private_use(c)
}

/// Tells whether a character is a 汉字 that stands for another one; a dozen in the same block stand for themselves.
fn is_compatibility(c: char) -> bool {
    matches!(c, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}') && !std::iter::once(c).nfkc().eq([c])
}

fn name(value: &str, sink: &mut Sink<'_>) {
    if clean::is_masked(value) {
        sink.add(Field::Name, RuleId::Masked);
        return;
    }
    if is_han_name(value) && value.contains(' ') {
        sink.add(Field::Name, RuleId::NameBlank);
    }
    if with_standard_separator(value) != value {
        sink.add(Field::Name, RuleId::NameSeparator);
    }
    if value.chars().any(is_compatibility) {
        sink.add(Field::Name, RuleId::NameCompatibility);
    }
    let usual = |c: char| {
        text::is_han(c) || c.is_alphabetic() || is_separator(c) || is_lost(c) || matches!(c, ' ' | '\'' | '’')
    };
    if let Some(at) = value.chars().position(|c| !usual(c)) {
        sink.push(Field::Name, RuleId::NameUnusual, Detail::Position((at + 1).min(255) as u8));
    }
}

/// Tells whether a name consists of 汉字 and blanks only.
pub fn is_han_name(value: &str) -> bool {
    value.chars().all(|c| text::is_han(c) || c == ' ')
}

fn is_separator(c: char) -> bool {
    matches!(c, '·' | '.' | '•' | '．' | '・' | '‧' | '●' | '˙' | '-' | '∙' | '⋅')
}

/// Writes U+00B7 where another sign separates two groups of 汉字 (民委发〔2016〕33号).
pub fn with_standard_separator(value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    let between_han =
        |i: usize| 0 < i && i + 1 < chars.len() && text::is_han(chars[i - 1]) && text::is_han(chars[i + 1]);
    chars.iter().enumerate().map(|(i, c)| if is_separator(*c) && between_han(i) { '·' } else { *c }).collect()
}

fn several(field: Field, value: &str, sink: &mut Sink<'_>) {
    if value.contains(['/', '／', ';', '；', ',', '，']) {
        sink.add(field, RuleId::SeveralValues);
    }
}

/// Tells whether a name ends with one of the endings; brackets of either width count alike, and so does a bracketed remark
/// after the ending.
fn ends_with_any(value: &str, endings: &[String]) -> bool {
    if endings.is_empty() || endings.iter().any(|e| value.ends_with(e.as_str())) {
        return true;
    }
    let half: String = value.chars().map(text::half_width).collect();
    let stem = half.strip_suffix(')').and_then(|h| h.rsplit_once('(')).map_or(half.as_str(), |(stem, _)| stem);
    endings.iter().any(|e| half.ends_with(e.as_str()) || stem.ends_with(e.as_str()))
}

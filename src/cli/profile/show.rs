//! One profile in full: everything its file says, in words or as JSON.

use serde_json::{Value, json};

use super::{facts, head, name_of, origin};
use crate::domain::code::{CodeRange, Segment, SegmentReader, decode};
use crate::domain::level::LevelForm;
use crate::domain::profile::{Example, IdTypeForm, Profile};
use crate::domain::rules::Tables;
use crate::office::{Catalogue, ProfileSource};
use crate::words::{Lang, Locale};

/// Writes a profile as plain text.
pub fn text(profile: &Profile, source: &ProfileSource, all: &Catalogue, locale: &Locale) -> String {
    let zh = locale.lang == Lang::Zh;
    let comma = locale.text("finding.comma");
    let mut lines = vec![format!("{} {}", profile.id, name_of(profile, locale))];
    let mut line = |key: &str, places: &[(&str, &str)], clause: &str| {
        let cited = if clause.is_empty() { String::new() } else { format!("  {clause}") };
        lines.push(locale.fill(&format!("profile.{key}"), places) + &cited);
    };
    line("notice", &[("document", &profile.document), ("date", &profile.date.to_string())], "");
    line("origin", &[("origin", &origin(source, locale))], "");
    let year = &profile.year;
    line("year", &[("first", &year.first.to_string()), ("usual", &year.usual.to_string())], &year.clause);
    line("empty-work-type", &[("text", &profile.empty_work_type.text)], &profile.empty_work_type.clause);
    let id_type = match profile.output.id_type {
        IdTypeForm::Code => "profile.value.id-type-code",
        IdTypeForm::Name => "profile.value.id-type-name",
    };
    let level = match profile.output.level {
        LevelForm::Digit => "profile.value.level-digit",
        LevelForm::Grade => "profile.value.level-grade",
        LevelForm::Title => "profile.value.level-title",
    };
    line("output", &[("id-type", locale.text(id_type)), ("level", locale.text(level))], "");
    let (organisations, words) = (&profile.organisations, &profile.words);
    for (key, list, clause) in [
        ("institution", &organisations.institution_endings, &organisations.clause),
        ("issuing-body", &organisations.issuing_body_words, &organisations.clause),
        ("employer", &words.employer_endings, &words.employer_clause),
    ] {
        if !list.is_empty() {
            line(key, &[("words", &list.join(comma))], clause);
        }
    }
    line("layout", &[], "");
    for segment in profile.layout.segments() {
        let name = if zh { &segment.name } else { &segment.name_en };
        let places = places(segment);
        lines.push(format!("  {places:>5}  {name}  {}  {}", reader(segment, locale), segment.clause));
    }
    for id in &profile.sheets {
        let Some(sheet) = all.sheet(id) else { continue };
        lines.push(locale.fill("profile.form", &[("id", id), ("name", &sheet.name)]) + "  " + &sheet.clause);
        for column in &sheet.columns {
            let required = locale.text(if column.required { "profile.required" } else { "profile.optional" });
            let most = locale.fill("profile.most", &[("max", &column.max.to_string())]);
            lines.push(format!("  {}  {most}{comma}{required}  {}", column.label, column.clause));
        }
    }
    lines.extend(facts::lines(profile, all, locale));
    if !profile.notes.is_empty() {
        lines.push(locale.text("profile.notes").to_string());
        lines
            .extend(profile.notes.iter().map(|n| format!("  {}  {}", n.clause, if zh { &n.text } else { &n.text_en })));
    }
    if !profile.examples.is_empty() {
        lines.push(locale.text("profile.examples").to_string());
        let tables = all.tables();
        for example in &profile.examples {
            let reads = reads(profile, example, &tables);
            let word = locale.text(if reads { "profile.reads" } else { "profile.reads-not" });
            let but = if reads == example.reads { "" } else { locale.text("profile.unexpected") };
            lines.push(format!("  {}  {word}  {}  {but}", example.code, example.clause).trim_end().to_string());
        }
    }
    lines.join("\n")
}

fn places(segment: &Segment) -> String {
    if segment.from == segment.to { segment.from.to_string() } else { format!("{}-{}", segment.from, segment.to) }
}

fn reads(profile: &Profile, example: &Example, tables: &Tables) -> bool {
    decode(&profile.layout, &example.code, &|table, code| tables.regions.name(table, code)).complete()
}

/// Tells in words how a segment is read.
fn reader(segment: &Segment, locale: &Locale) -> String {
    let zh = locale.lang == Lang::Zh;
    let comma = locale.text("finding.comma");
    let fill = |key: &str, places: &[(&str, &str)]| locale.fill(&format!("profile.reader.{key}"), places);
    match &segment.reader {
        SegmentReader::Fixed { values, meanings } => {
            let value = |(i, value): (usize, &String)| match meanings.get(i) {
                Some([chinese, english]) => format!("{value} {}", if zh { chinese } else { english }),
                None => value.clone(),
            };
            let values: Vec<String> = values.iter().enumerate().map(value).collect();
            fill("fixed", &[("values", &values.join(comma))])
        }
        SegmentReader::Region { table, closed } => {
            fill(if *closed { "region-closed" } else { "region-open" }, &[("table", table)])
        }
        SegmentReader::Ranges { ranges, .. } => {
            let range = |r: &CodeRange| {
                let category = if r.category.is_empty() { String::new() } else { format!(" ({})", r.category) };
                format!("{}-{} {}{category}", r.first, r.last, if zh { &r.name } else { &r.name_en })
            };
            let ranges: Vec<String> = ranges.iter().map(range).collect();
            fill("ranges", &[("ranges", &ranges.join(comma))])
        }
        SegmentReader::Digits { .. } => fill("digits", &[]),
        SegmentReader::Year => fill("year", &[]),
        SegmentReader::Level => fill("level", &[]),
        SegmentReader::Serial { first, last, usual } => {
            let key = if usual < last { "serial-usual" } else { "serial" };
            let [first, last, usual] = [first, last, usual].map(ToString::to_string);
            fill(key, &[("first", &first), ("last", &last), ("usual", &usual)])
        }
    }
}

/// Gives a profile as JSON: the listing's keys and what is inside.
pub fn as_json(profile: &Profile, source: &ProfileSource, all: &Catalogue) -> Value {
    let tables = all.tables();
    let segment = |s: &Segment| {
        let (kind, more) = match &s.reader {
            SegmentReader::Fixed { values, meanings } => ("fixed", json!({ "values": values, "meanings": meanings })),
            SegmentReader::Region { table, closed } => ("region", json!({ "table": table, "closed": closed })),
            SegmentReader::Ranges { ranges, category_clause } => {
                let range = |r: &CodeRange| {
                    json!({ "first": r.first, "last": r.last, "name": r.name, "name_en": r.name_en,
                        "category": r.category })
                };
                let ranges: Vec<Value> = ranges.iter().map(range).collect();
                ("ranges", json!({ "ranges": ranges, "category_clause": category_clause }))
            }
            SegmentReader::Digits { .. } => ("digits", json!({})),
            SegmentReader::Year => ("year", json!({})),
            SegmentReader::Level => ("level", json!({})),
            SegmentReader::Serial { first, last, usual } => {
                ("serial", json!({ "first": first, "last": last, "usual": usual }))
            }
        };
        let mut value = json!({ "from": s.from, "to": s.to, "name": s.name, "name_en": s.name_en, "reader": kind,
            "clause": s.clause });
        extend(&mut value, more);
        value
    };
    let form = |id: &String| {
        let sheet = all.sheet(id);
        let column = |c: &crate::domain::sheet::Column| json!({ "label": c.label, "max": c.max, "required": c.required, "clause": c.clause });
        let columns: Vec<Value> = sheet.map(|s| s.columns.iter().map(column).collect()).unwrap_or_default();
        json!({ "id": id, "name": sheet.map(|s| s.name.as_str()), "columns": columns })
    };
    let note = |n: &crate::domain::profile::Note| json!({ "clause": n.clause, "text": n.text, "text_en": n.text_en });
    let example = |e: &Example| json!({ "code": e.code, "reads": reads(profile, e, &tables), "should_read": e.reads, "clause": e.clause });
    let (organisations, words) = (&profile.organisations, &profile.words);
    // The words of a profile file.
    let id_type = match profile.output.id_type {
        IdTypeForm::Code => "code",
        IdTypeForm::Name => "name",
    };
    let level = match profile.output.level {
        LevelForm::Digit => "digit",
        LevelForm::Grade => "grade",
        LevelForm::Title => "title",
    };
    let mut value = head(profile, source);
    // In the listing `segments` is their number, here they stand themselves.
    extend(
        &mut value,
        json!({
            "year": { "first": profile.year.first, "usual": profile.year.usual, "clause": profile.year.clause },
            "empty_work_type": { "text": profile.empty_work_type.text, "clause": profile.empty_work_type.clause },
            "output": { "id_type": id_type, "level": level },
            "organisations": {
                "institution_endings": organisations.institution_endings,
                "issuing_body_words": organisations.issuing_body_words,
                "clause": organisations.clause,
            },
            "words": {
                "occupation_clause": words.occupation_clause,
                "employer_endings": words.employer_endings,
                "employer_clause": words.employer_clause,
            },
            "segments": profile.layout.segments().iter().map(segment).collect::<Vec<_>>(),
            "sheets": profile.sheets.iter().map(form).collect::<Vec<_>>(),
            "notes": profile.notes.iter().map(note).collect::<Vec<_>>(),
            "examples": profile.examples.iter().map(example).collect::<Vec<_>>(),
            // Everything else as the file has it.
            "file": source.text.parse::<toml::Table>().ok().and_then(|table| serde_json::to_value(table).ok()),
        }),
    );
    value
}

fn extend(value: &mut Value, more: Value) {
    if let (Value::Object(value), Value::Object(more)) = (value, more) {
        value.extend(more);
    }
}

//! `skillcert decode CODE…`: what a certificate code or a resident ID number says.

use std::io::{self, BufRead, Write};

use serde::Serialize;

use super::args::DecodeArgs;
use super::{out, today};
use crate::data;
use crate::domain::code::{ReadingState, decode, look_alike};
use crate::domain::identity::{self, IdProblem, IdReader, check_number};
use crate::domain::profile::Profile;
use crate::domain::rules::Tables;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::locale::{Lang, Locale};

/// One answer.
#[derive(Debug, Serialize)]
struct Answer {
    input: String,
    kind: &'static str,
    ok: bool,
    profile: Option<String>,
    parts: Vec<Part>,
    problems: Vec<String>,
    nearest: Vec<String>,
}

/// One segment of an answer.
#[derive(Debug, Serialize)]
struct Part {
    from: usize,
    to: usize,
    name: String,
    text: String,
    meaning: Option<String>,
    state: &'static str,
}

/// Decodes the arguments, or the lines of stdin when there are none. Exit code 1 when one of them does not read.
pub fn run(args: &DecodeArgs, locale: &Locale) -> Result<u8, Failure> {
    let tables = data::tables([]);
    let now = today(None, locale)?;
    let mut stdout = out::stdout();
    let mut all_ok = true;
    let mut first = true;
    let mut answer = |input: &str| -> io::Result<()> {
        let answer = read(input, &tables, now, locale);
        all_ok &= answer.ok;
        if args.format == "json" {
            serde_json::to_writer(&mut stdout, &answer)?;
            return writeln!(stdout);
        }
        if !std::mem::take(&mut first) {
            writeln!(stdout)?;
        }
        print(&answer, locale, &mut stdout)
    };
    let result = if args.codes.is_empty() {
        io::stdin().lock().split(b'\n').try_for_each(|line| match line?.trim_ascii() {
            // A line that Windows ended holds a CR more; a blank one asks nothing.
            [] => Ok(()),
            line => answer(&String::from_utf8_lossy(line)),
        })
    } else {
        args.codes.iter().try_for_each(|code| answer(code))
    };
    let result = result.and_then(|()| stdout.flush());
    out::settled(result).map_err(|e| Failure::new(FailureKind::File, e.to_string(), ""))?;
    Ok(u8::from(!all_ok))
}

fn read(input: &str, tables: &Tables, now: chrono::NaiveDate, locale: &Locale) -> Answer {
    let compact = text::compact(input);
    let compact: String = compact.chars().take(64).collect();
    if (compact.len() == 18 || compact.len() == 15)
        && let Some(answer) = resident(input, &compact.to_ascii_uppercase(), tables, now, locale)
    {
        return answer;
    }
    // The profile that reads most segments speaks; on a tie the first.
    let regions = |table: &str, code: &str| tables.regions.name(table, code);
    let best = data::profiles().iter().rev().max_by_key(|p| {
        let d = decode(&p.layout, &compact, &regions);
        d.readings.iter().filter(|r| matches!(r.state, ReadingState::Good(_) | ReadingState::Doubtful)).count()
    });
    match best {
        Some(profile) => certificate(input, &compact, profile, tables, locale),
        None => Answer {
            input: shown(input),
            kind: "unknown",
            ok: false,
            profile: None,
            parts: vec![],
            problems: vec![],
            nearest: vec![],
        },
    }
}

fn shown(input: &str) -> String {
    let cut: String = input.chars().take(64).collect();
    text::visible(&cut).into_owned()
}

fn certificate(input: &str, compact: &str, profile: &Profile, tables: &Tables, locale: &Locale) -> Answer {
    let regions = |table: &str, code: &str| tables.regions.name(table, code);
    let decoding = decode(&profile.layout, compact, &regions);
    let mut problems = Vec::new();
    let count = compact.chars().count();
    if count != 22 {
        problems.push(locale.fill("decode.length", &[("number", &count.to_string())]));
    }
    let parts = profile.layout.segments().iter().zip(&decoding.readings).map(|(segment, reading)| {
        let name = if locale.lang == Lang::Zh { &segment.name } else { &segment.name_en };
        let (state, meaning) = match &reading.state {
            ReadingState::Empty => ("empty", None),
            ReadingState::Partial => ("partial", None),
            ReadingState::Good(meaning) => ("good", meaning.clone()),
            ReadingState::Doubtful => ("doubtful", Some(locale.text("decode.doubtful").to_string())),
            ReadingState::Wrong(values) => {
                let places = [
                    ("name", name.as_str()),
                    ("value", &text::visible(&reading.text)),
                    ("allowed", &values.join(" / ")),
                    ("clause", &segment.clause),
                ];
                problems.push(locale.fill(if values.is_empty() { "decode.wrong" } else { "decode.wrong-of" }, &places));
                ("wrong", None)
            }
        };
        Part {
            from: segment.from,
            to: segment.to,
            name: name.clone(),
            text: text::visible(&reading.text).into_owned(),
            meaning,
            state,
        }
    });
    let parts = parts.collect();
    let upper = compact.to_ascii_uppercase();
    let nearest = if decoding.complete() {
        Vec::new()
    } else if upper != compact && decode(&profile.layout, &upper, &regions).complete() {
        vec![upper]
    } else {
        look_alike(&profile.layout, compact, &regions).into_iter().collect()
    };
    Answer {
        input: shown(input),
        kind: "certificate",
        ok: decoding.complete(),
        profile: Some(profile.id.clone()),
        parts,
        problems,
        nearest,
    }
}

fn resident(input: &str, number: &str, tables: &Tables, now: chrono::NaiveDate, locale: &Locale) -> Option<Answer> {
    let digits = number.bytes().take(17).all(|b| b.is_ascii_digit());
    if !digits {
        return None;
    }
    let report = check_number(IdReader::Resident, number, &tables.divisions, now);
    let mut problems = Vec::new();
    let mut nearest = Vec::new();
    match report.problem {
        Some(IdProblem::CheckDigit(c)) => {
            problems.push(locale.fill("decode.check-digit", &[("expected", &c.to_string())]));
        }
        Some(IdProblem::BirthDate) => problems.push(locale.text("decode.birth").to_string()),
        Some(IdProblem::Fifteen) => {
            problems.push(locale.text("decode.fifteen").to_string());
            nearest.extend(identity::eighteen_from_fifteen(number));
        }
        Some(IdProblem::OtherType(_)) => problems.push(locale.text("decode.other-type").to_string()),
        Some(IdProblem::Shape | IdProblem::Unusual) => return None,
        None => {}
    }
    let area = number[..6].parse().ok().map(|code| tables.divisions.of(code));
    let area = area.and_then(<[_]>::last).map(|d| match d.last_year {
        Some(year) => format!("{} ({} {year})", d.name, locale.text("decode.until")),
        None => d.name.clone(),
    });
    let part = |from: usize, to: usize, name: &str, meaning: Option<String>| Part {
        from,
        to,
        name: locale.text(name).to_string(),
        text: number[from - 1..to].to_string(),
        state: if meaning.is_some() { "good" } else { "doubtful" },
        meaning,
    };
    let mut parts = vec![part(1, 6, "decode.area", area)];
    if number.len() == 18 {
        let sex = if (number.as_bytes()[16] - b'0') % 2 == 1 { "decode.male" } else { "decode.female" };
        parts.push(part(7, 14, "decode.born", report.birth.map(|d| d.format("%Y-%m-%d").to_string())));
        parts.push(part(15, 17, "decode.sequence", Some(locale.text(sex).to_string())));
        parts.push(part(
            18,
            18,
            "decode.check",
            report.problem.is_none().then(|| locale.text("decode.right").to_string()),
        ));
    }
    Some(Answer {
        input: shown(input),
        kind: "resident-id",
        ok: report.problem.is_none(),
        profile: None,
        parts,
        problems,
        nearest,
    })
}

fn print(answer: &Answer, locale: &Locale, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", answer.input)?;
    for part in &answer.parts {
        let places = if part.from == part.to { part.from.to_string() } else { format!("{}-{}", part.from, part.to) };
        let mark = match part.state {
            "good" => " ",
            "wrong" => "!",
            _ => "?",
        };
        writeln!(out, " {mark} {places:>5}  {:<6} {} {}", part.text, part.name, part.meaning.as_deref().unwrap_or(""))?;
    }
    for problem in &answer.problems {
        writeln!(out, "   {problem}")?;
    }
    for near in &answer.nearest {
        writeln!(out, "   {}", locale.fill("decode.nearest", &[("code", near)]))?;
    }
    match &answer.profile {
        Some(id) if answer.ok => writeln!(out, "   {}", locale.fill("decode.reads", &[("profile", id)])),
        _ => Ok(()),
    }
}

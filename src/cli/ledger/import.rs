//! `skillcert ledger import FILE…`: numbers that were issued before, each file whole or not at all; folders are those in them.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::answer;
use crate::cli::consent::{self, DayArgs};
use crate::cli::io::{Io, begin_numbers};
use crate::cli::json::{self, document};
use crate::cli::many;
use crate::cli::reading::ReadingArgs;
use crate::cli::typed::{TextOrJson, filled, status};
use crate::domain::batch::Batch;
use crate::domain::ledger::Status;
use crate::domain::ledger::adopt::{AdoptLeave, Adopted};
use crate::domain::ledger::runs;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{AdoptOrder, AdoptedFile, Office, Session, TriedFiles};
use crate::words::Locale;

/// How many kinds of conflict of a file are listed, and how many rows of each.
const LISTED: usize = 20;

#[derive(Debug, Args)]
pub struct LedgerImportArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(id = "file", value_name = "FILE", help = "ledger-files", required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long, value_name = "STATUS", default_value = Status::Published.key(), value_parser = status(&Status::BY_HAND))]
    status: Status,
    #[arg(long)]
    yes: bool,
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    day: DayArgs,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

impl LedgerImportArgs {
    fn order(&self) -> AdoptOrder<'_> {
        AdoptOrder { status: self.status, reason: self.reason.as_deref().unwrap_or_default() }
    }
}

/// Adopts the numbers of files, and tells each as it is done: one that cannot be read does not hide what was taken of the others.
/// Exit code 1 when one of them has conflicts; nothing of that one is taken. Of several files each has a line, and the highest of
/// their exit codes counts.
pub fn run(args: &LedgerImportArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    args.reading.must_be_of_one_sheet(office)?;
    let several = many::named(&args.files, &args.reading, io, office)?;
    let session = begin_numbers(io, office, args.dry_run, "ledger")?;
    args.day.check(office.or_today(args.reading.reading().today)?, args.dry_run, io, &session)?;
    let files = several.as_ref().map_or(&args.files, |named| &named.files);
    let is_one = several.is_none();
    let mut code = 0;
    let mut list = Vec::new();
    let mut taken = Taken::default();
    let mut tried = TriedFiles::default();
    for (at, file) in files.iter().enumerate() {
        if !is_one {
            many::begin(io, locale, (at, files.len()), file);
        }
        let name = file.to_string_lossy();
        let done = if args.dry_run {
            let (order, reading) = ((&args.order(), &mut tried), args.reading.reading());
            session.try_adopt(file, &reading, order, &mut |words| io.message(&words))
        } else {
            import_one(args, file, io, &session)
        };
        let AdoptedFile { adopted, batch } = match done {
            Ok(done) => done,
            Err(failure) if is_one => {
                if args.format == TextOrJson::Json {
                    tell_all(args, &list, None, io, locale)?;
                }
                return Err(failure);
            }
            Err(failure) => {
                code = code.max(failure.exit_code());
                io.complain(&failure);
                if args.format == TextOrJson::Text {
                    io.print(locale, &locale.fill("many.line-failed", &[("file", &many::shown(file))]))?;
                }
                taken.failed.push((name.into_owned(), failure));
                continue;
            }
        };
        code = code.max(u8::from(!adopted.conflicts.is_empty()));
        io.tell_left_out(&batch, locale);
        taken.add(&name, &adopted);
        list.push(to_json(&name, &adopted, &batch, locale));
        if args.format == TextOrJson::Text {
            let summary = summary(args, &name, &adopted, locale);
            answer(io, locale, args.format, &Value::Null, |w| {
                if is_one { text_of(w, &summary, &adopted, locale) } else { writeln!(w, "{summary}") }
            })?;
        }
    }
    io.about(None);
    if args.format == TextOrJson::Json {
        tell_all(args, &list, Some(&taken).filter(|_| !is_one), io, locale)?;
    } else if !is_one {
        io.print(locale, &taken.line(files.len(), locale))?;
    }
    Ok(code)
}

fn tell_all(
    args: &LedgerImportArgs,
    list: &[Value],
    several: Option<&Taken>,
    io: &mut Io,
    locale: &Locale,
) -> Result<(), Failure> {
    let failed = |(file, failure): &(String, Failure)| json!({ "file": file, "message": failure.message, "hint": failure.hint, "exit_code": failure.exit_code() });
    let mut body = json!({ "dry_run": args.dry_run, "files": list });
    if let Some(taken) = several {
        body["failed"] = taken.failed.iter().map(failed).collect();
    }
    answer(io, locale, args.format, &document(json::IMPORT, body), |_| Ok(()))
}

/// What came of all files.
#[derive(Default)]
struct Taken {
    new: usize,
    same: usize,
    refused: Vec<String>,
    failed: Vec<(String, Failure)>,
}

impl Taken {
    fn add(&mut self, file: &str, adopted: &Adopted) {
        if adopted.conflicts.is_empty() {
            self.new += adopted.new as usize;
            self.same += adopted.same as usize;
        } else {
            self.refused.push(text::visible(file).into_owned());
        }
    }

    fn line(&self, files: usize, locale: &Locale) -> String {
        let places = [("files", &*files.to_string()), ("new", &self.new.to_string()), ("same", &self.same.to_string())];
        let mut line = locale.fill("many.imported", &places);
        let failed: Vec<String> = self.failed.iter().map(|(file, _)| text::visible(file).into_owned()).collect();
        for (key, files) in [("many.conflicts", &self.refused), ("many.failed", &failed)] {
            if !files.is_empty() {
                let all = files.join(locale.text("finding.comma"));
                line += &locale.fill(key, &[("n", &files.len().to_string()), ("files", &all)]);
            }
        }
        line
    }
}

fn text_of(w: &mut dyn Write, summary: &str, adopted: &Adopted, locale: &Locale) -> io::Result<()> {
    writeln!(w, "{summary}")?;
    for (key, first, last, count, gaps) in &adopted.series {
        let places = [
            ("series", key.to_string()),
            ("first", first.to_string()),
            ("last", last.to_string()),
            ("number", count.to_string()),
            ("gaps", gaps.to_string()),
        ];
        let places = places.each_ref().map(|(k, v)| (*k, v.as_str()));
        writeln!(w, "  {}", locale.fill("ledger.adopted-series", &places))?;
    }
    for (why, lines) in by_conflict(adopted, locale).iter().take(LISTED) {
        let named = runs(lines).into_iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") });
        let mut named: Vec<String> = named.take(LISTED + 1).collect();
        if LISTED < named.len() {
            named[LISTED] = "…".to_string();
        }
        let rows = named.join(locale.text("finding.comma"));
        let places = [("row", &*rows), ("why", why), ("n", &*lines.len().to_string())];
        let key = if lines.len() == 1 { "ledger.conflict-row" } else { "ledger.conflict-rows" };
        writeln!(w, "  {}", locale.fill(key, &places))?;
    }
    Ok(())
}

/// Puts together the rows that are refused for the same, in the order of the first of each.
fn by_conflict(adopted: &Adopted, locale: &Locale) -> Vec<(String, Vec<u32>)> {
    let mut all: Vec<(String, Vec<u32>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (line, conflict) in &adopted.conflicts {
        let why = locale.conflict(*conflict);
        let place = *places.entry(why.clone()).or_insert_with(|| {
            all.push((why, Vec::new()));
            all.len() - 1
        });
        all[place].1.push(*line);
    }
    all
}

fn import_one(args: &LedgerImportArgs, file: &Path, io: &mut Io, session: &Session) -> Result<AdoptedFile, Failure> {
    let adopt = |leave, io: &mut Io| {
        session.adopt(file, &args.reading.reading(), (&args.order(), leave), &mut |words| io.message(&words))
    };
    if args.yes {
        return adopt(AdoptLeave::Any, io);
    }
    let locale = session.office().locale();
    let mut most = 0;
    loop {
        let done = adopt(AdoptLeave::AtMost(most), io)?;
        let adopted = &done.adopted;
        // Nobody has agreed to more than was told; the ledger may have moved while they thought about it.
        if !adopted.is_held_back() {
            return Ok(done);
        }
        let told = locale.reach(&adopted.reach(&file.to_string_lossy()));
        consent::ask(&told, "reach.say-yes", io, locale)?;
        most = adopted.passed_over();
    }
}

fn summary(args: &LedgerImportArgs, file: &str, adopted: &Adopted, locale: &Locale) -> String {
    let key = match adopted {
        Adopted { conflicts, .. } if !conflicts.is_empty() => "ledger.adopt-refused",
        _ if args.dry_run => "ledger.adopt-dry",
        _ => "ledger.adopted",
    };
    let places = [
        ("file", text::visible(file).into_owned()),
        ("new", adopted.new.to_string()),
        ("same", adopted.same.to_string()),
        ("number", adopted.conflicts.len().to_string()),
        ("status", locale.status(args.status).to_string()),
    ];
    locale.fill(key, &places.each_ref().map(|(k, v)| (*k, v.as_str())))
}

fn to_json(file: &str, adopted: &Adopted, batch: &Batch, locale: &Locale) -> Value {
    let conflicts: Vec<Value> = adopted
        .conflicts
        .iter()
        .map(|(row, why)| json!({ "row": row, "conflict": why.key(), "message": locale.conflict(*why) }))
        .collect();
    let series: Vec<Value> = adopted
        .series
        .iter()
        .map(|(key, first, last, count, gaps)| {
            json!({ "series": key.as_str(), "first": first, "last": last, "count": count, "gaps": gaps })
        })
        .collect();
    json!({
        "file": file, "entry": adopted.entry, "new": adopted.new, "same": adopted.same, "conflicts": conflicts,
        "series": series, "other_sheets": json::other_sheets(&batch.origin.beside.others),
        "hidden_rows": batch.hidden_lines(),
    })
}

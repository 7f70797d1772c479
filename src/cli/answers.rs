//! `skillcert answers FILE --batch N`: the list that an organiser has filled in, put into the batch that it was written of.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Value, json};

use super::io::{Io, look, sign_on};
use super::json::{ANSWERS, document};
use super::typed::{RefusedValue, TextOrJson, day, number};
use crate::domain::answers::{AcceptedAnswers, Answer, AnswerState, RowState, UnknownRow, UnreadPart};
use crate::domain::ledger::BatchId;
use crate::domain::rules::RuleId;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{AnswerOrder, Office, RosterReading, TakenAnswers};
use crate::words::Locale;

/// How many answers that are not taken are listed as text.
const SHOWN: usize = 50;

#[derive(Debug, Args)]
pub struct AnswersArgs {
    #[arg(value_name = "FILE", help = "answers-file")]
    file: PathBuf,
    #[arg(long, value_name = "N", required = true, help = "answers-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: BatchId,
    #[arg(long, value_name = "NAME", help = "answers-sheet")]
    sheet: Option<String>,
    #[arg(long, value_name = "WHAT", value_parser = accepted)]
    accept: Vec<AcceptedAnswers>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<NaiveDate>,
    #[arg(long)]
    dry_run: bool,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Reads what is taken besides: a rule, a row of the list, what has one thing against it, or all.
fn accepted(typed: &str) -> Result<AcceptedAnswers, RefusedValue> {
    let line = || typed.parse().ok().filter(|line| *line != 0).map(AcceptedAnswers::Line);
    let state = || match AnswerState::read(typed) {
        Some(state @ (AnswerState::Conflict | AnswerState::InPlace | AnswerState::Moved)) => {
            Some(AcceptedAnswers::State(state))
        }
        _ => None,
    };
    let found = match typed {
        "all" => Some(AcceptedAnswers::All),
        _ => line().or_else(state).or_else(|| RuleId::find(typed).map(AcceptedAnswers::Rule)),
    };
    found.ok_or_else(|| RefusedValue {
        key: "cli.needs-accept".into(),
        places: vec![("typed", text::visible(typed).into_owned())],
    })
}

/// Puts the answers in and tells how they came back. Exit code 1 when anything is left to be asked or decided.
pub fn run(args: &AnswersArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let session = if args.dry_run { look(io, office, false, "answers")? } else { sign_on(io, office, "answers")? };
    let order = AnswerOrder { path: &args.file, sheet: args.sheet.as_deref(), accepted: &args.accept };
    let reading = RosterReading { today: args.today, ..RosterReading::default() };
    let mut tell = |words: String| io.message(&words);
    let taken = session.take_answers(args.batch, (&order, args.dry_run), &reading, &mut tell)?;
    match args.format {
        TextOrJson::Json => io.json(locale, &to_json(args, &taken))?,
        TextOrJson::Text => io.answer(locale, |w| to_text(w, args, &taken, locale))?,
    }
    Ok(u8::from(taken.answers.is_left_open()))
}

fn to_text(w: &mut dyn Write, args: &AnswersArgs, taken: &TakenAnswers, locale: &Locale) -> io::Result<()> {
    let TakenAnswers { batch, answers, cells } = taken;
    writeln!(w, "{}", locale.answers_summed(answers))?;
    let key = if args.dry_run { "answers.would-change" } else { "answers.changed" };
    writeln!(w, "{}", locale.fill(key, &[("n", &cells.to_string()), ("batch", &args.batch.to_string())]))?;
    for (label, n) in Locale::edits_by_column(&answers.edits(&[], batch), batch) {
        writeln!(w, "  {n:>7}  {}", text::visible(&label))?;
    }
    let cleaned: Vec<_> = answers.cleaned().collect();
    for (answer, written) in cleaned.iter().take(SHOWN) {
        writeln!(w, "  {}", locale.answer_cleaned((answer, written), batch))?;
    }
    tell_cut(w, cleaned.len(), locale)?;
    let open = answers.told().count();
    if open != 0 {
        writeln!(w, "\n{}", locale.text("answers.open"))?;
    }
    for answer in answers.told().take(SHOWN) {
        writeln!(w, "  {}", locale.answer_told(answer, batch))?;
    }
    tell_cut(w, open, locale)?;
    for (told, _) in locale.unknown_answers_told(answers) {
        writeln!(w, "{told}")?;
    }
    if let Some(told) = locale.unanswered_told(answers) {
        writeln!(w, "{told}")?;
    }
    for part in &answers.unread {
        writeln!(w, "{}", locale.unread_told(part))?;
    }
    if answers.cells.iter().any(|answer| !answer.is_taken) {
        for kind in locale.answers_to_accept(answers) {
            writeln!(w, "  --accept {}  {}", kind.name, kind.words)?;
        }
    }
    Ok(())
}

/// Says that not all of so many were told.
fn tell_cut(w: &mut dyn Write, total: usize, locale: &Locale) -> io::Result<()> {
    if total <= SHOWN {
        return Ok(());
    }
    let places = [("shown", &*SHOWN.to_string()), ("total", &total.to_string())];
    writeln!(w, "  {}", locale.fill("check.showing", &places))
}

fn to_json(args: &AnswersArgs, taken: &TakenAnswers) -> Value {
    let TakenAnswers { batch, answers, cells } = taken;
    let roster = batch.roster();
    let label = |field| batch.context().sheet().label(field);
    let rows: serde_json::Map<String, Value> =
        RowState::ALL.into_iter().map(|state| (state.key().to_string(), answers.count(state).into())).collect();
    let columns = Locale::edits_by_column(&answers.edits(&[], batch), batch);
    let told = |answer: &Answer| {
        let [imported, here, theirs] = Locale::answer_texts(answer, batch);
        json!({
            "line": answer.line, "row": roster.line(answer.row), "column": label(answer.field),
            "imported": imported, "here": here, "theirs": theirs,
            "state": answer.state.key(), "rule": answer.rule.map(|rule| rule.spec().code), "taken": answer.is_taken,
        })
    };
    let cleaned = |(answer, written): (&Answer, &Arc<str>)| {
        let [theirs, text] = Locale::cleaned_texts((answer, written), batch);
        json!({ "line": answer.line, "row": roster.line(answer.row), "column": label(answer.field),
                "theirs": theirs, "text": text })
    };
    let unknown =
        |(line, why, of): &(u32, UnknownRow, Option<i64>)| json!({ "line": line, "why": why.key(), "batch": of });
    let unread = |part: &UnreadPart| json!({ "why": part.why.key(), "name": part.name, "lines": part.lines });
    document(
        ANSWERS,
        json!({
            "file": args.file.to_string_lossy(), "batch": args.batch.0, "dry_run": args.dry_run,
            "row_count": answers.rows.len(), "rows": rows, "changed_cells": cells,
            "columns": columns.iter().map(|(label, n)| json!({ "column": label, "cells": n })).collect::<Vec<_>>(),
            "cleaned": answers.cleaned().map(cleaned).collect::<Vec<_>>(),
            "open": answers.told().map(told).collect::<Vec<_>>(),
            "unanswered": answers.unanswered().collect::<Vec<_>>(),
            "unknown": answers.unknown.iter().map(unknown).collect::<Vec<_>>(),
            "unread": answers.unread.iter().map(unread).collect::<Vec<_>>(), "sheet": answers.sheet,
        }),
    )
}

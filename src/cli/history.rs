//! `skillcert history --batch N`: the steps of a batch, and with `--to` or `--revert` which of them are in force.

use std::io::{self, Write};

use clap::Args;
use clap::builder::TypedValueParser;

use super::io::{Io, look, sign_on};
use super::typed::number;
use super::usage::usage;
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::roster::{Change, Kept, StepMade};
use crate::failure::Failure;
use crate::office::{Office, Purpose, RosterReading};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct HistoryArgs {
    #[arg(long, value_name = "N", required = true, help = "history-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: BatchId,
    #[arg(long, value_name = "STEPS", help = "history-to", value_parser = number(0_usize, None))]
    to: Option<usize>,
    #[arg(long, value_name = "STEP", conflicts_with = "to", help = "history-revert", value_parser = number(1_usize, None))]
    revert: Option<usize>,
    #[arg(long)]
    dry_run: bool,
}

/// Lists the steps, after what is wanted has been done. Exit code 1 where not as many could be taken back as was wanted.
pub fn run(args: &HistoryArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (locale, reading) = (office.locale(), RosterReading::default());
    let is_tried = args.dry_run || args.to.is_none() && args.revert.is_none();
    let session = if is_tried { look(io, office, false, "history")? } else { sign_on(io, office, "history")? };
    let batch = match (args.to, args.revert) {
        (Some(steps), _) => {
            session.go_to_step((args.batch, steps), is_tried, &reading, &mut |words| io.message(&words))?
        }
        (None, Some(step)) => {
            let plan = |batch: &Batch| {
                let back = batch.history().taking_back(step - 1, None);
                let change = back.map_err(|kept| refused(kept, locale))?;
                let places = [("n", &*step.to_string()), ("title", &*locale.step_title(&change.title))];
                let title = locale.fill("ui.change.revert", &places);
                Ok((Change { title, ..change }, ()))
            };
            session.change_batch(args.batch, is_tried, &reading, &mut |words| io.message(&words), plan)?.after
        }
        (None, None) => {
            session.reopen(&session.batch(args.batch)?, &reading, Purpose::Look, &mut |words| io.message(&words))?
        }
    };
    let made = session.steps_made(args.batch)?;
    io.answer(locale, |w| list(w, &batch, &made, locale))?;
    let has_stopped = args.to.is_some_and(|steps| {
        let history = batch.history();
        steps.min(history.applied().len() + history.undone_steps().len()) != history.applied().len()
    });
    if has_stopped {
        io.note(locale.text("history.lasting"));
    }
    Ok(u8::from(has_stopped))
}

fn refused(kept: Kept, locale: &Locale) -> Failure {
    let (key, n) = match kept {
        Kept::Nothing => ("history.no-step", 0),
        Kept::Lasting(later) => ("history.kept-lasting", later + 1),
        Kept::By(later) => ("history.kept-by", later + 1),
    };
    usage(locale, key, &[("n", &n.to_string())])
}

/// Lists the steps, the first one first.
fn list(w: &mut dyn Write, batch: &Batch, made: &[StepMade], locale: &Locale) -> io::Result<()> {
    let history = batch.history();
    let applied = history.applied().iter().map(|step| (step, true));
    let all: Vec<_> = applied.chain(history.undone_steps().iter().map(|step| (step, false))).collect();
    if all.is_empty() {
        return writeln!(w, "{}", locale.text("history.none"));
    }
    for (at, (step, is_in_force)) in all.into_iter().enumerate() {
        let (number, told) = ((at + 1).to_string(), locale.step_told(step));
        let mut places = vec![("number", &*number), ("title", &*told)];
        places.extend(made.get(at).into_iter().flat_map(|made| [("at", &*made.at), ("user", &*made.user)]));
        let key = match (at < made.len(), is_in_force) {
            (true, true) => "plain.step-made",
            (true, false) => "plain.step-made-undone",
            (false, true) => "plain.step",
            (false, false) => "plain.step-undone",
        };
        writeln!(w, "{}", locale.fill(key, &places))?;
    }
    Ok(())
}

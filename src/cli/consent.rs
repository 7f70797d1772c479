//! What cannot be taken back (不能收回的事): a `y` on a terminal, `--yes` without one, and `--dry-run` to see how far it reaches.

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use super::io::Io;
use super::json::{self, document};
use super::typed::TextOrJson;
use super::usage::usage;
use crate::domain::ledger::Status;
use crate::domain::ledger::reach::{Reach, RetiredPrefix};
use crate::failure::Failure;
use crate::office::Session;
use crate::words::Locale;

#[derive(Debug, Default, Args)]
pub struct ConsentArgs {
    #[arg(long)]
    yes: bool,
    #[arg(long, help = "reach-dry-run")]
    dry_run: bool,
}

impl ConsentArgs {
    pub fn is_only_tried(&self) -> bool {
        self.dry_run
    }

    /// Does what is agreed to. What is only tried is refused as it would be, and nothing of it is kept; nor is anybody asked about
    /// what would be refused anyway.
    ///
    /// # Errors
    /// Those of the act; it reaches far, and nobody has agreed to it.
    pub fn act<T, E: From<Failure>>(
        &self,
        reach: &Reach,
        io: &mut Io,
        session: &Session,
        act: impl Fn(&Session) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.dry_run {
            return session.tried(act);
        }
        if !self.yes && reach.is_far() {
            session.tried(&act)?;
            let locale = session.office().locale();
            ask(&locale.reach(reach), "reach.say-yes", io, locale)?;
        }
        act(session)
    }
}

/// What is told of an act on blanks, and whether it must be agreed to.
pub struct Told {
    pub lines: Vec<String>,
    pub is_far: bool,
}

impl ConsentArgs {
    /// Does what is agreed to, where what would come of it is the question. What is only tried is refused as it would be, and
    /// nothing of it is kept.
    ///
    /// # Errors
    /// Those of the act; it is far, and nobody has agreed to it.
    pub fn act_told<T>(
        &self,
        io: &mut Io,
        session: &Session,
        act: impl Fn(&Session) -> Result<T, Failure>,
        told: impl Fn(&T) -> Told,
    ) -> Result<T, Failure> {
        if self.dry_run {
            return session.tried(act);
        }
        if !self.yes {
            let Told { lines, is_far } = told(&session.tried(&act)?);
            if is_far {
                let locale = session.office().locale();
                agree(&locale.blanks_ahead(&lines), ("stock.agree", "stock.say-yes"), io, locale)?;
            }
        }
        act(session)
    }
}

/// Tells how far an act reaches that was only tried.
pub fn preview(reach: &Reach, format: TextOrJson, io: &mut Io, locale: &Locale) -> Result<u8, Failure> {
    match format {
        TextOrJson::Json => io.json(locale, &as_json(reach))?,
        TextOrJson::Text => io.print(locale, &format!("{}\n{}", locale.reach(reach), locale.text("reach.dry")))?,
    }
    Ok(0)
}

/// Asks whether something is meant. Without a terminal `refusal` is the key of what is said.
///
/// # Errors
/// Nobody is there to say so, or says no.
pub fn ask(told: &str, refusal: &str, io: &mut Io, locale: &Locale) -> Result<(), Failure> {
    agree(told, ("reach.agree", refusal), io, locale)
}

fn agree(told: &str, (question, refusal): (&str, &str), io: &mut Io, locale: &Locale) -> Result<(), Failure> {
    if !io.may_ask() || !io.is_answered() {
        return Err(usage(locale, refusal, &[("what", told)]));
    }
    io.message(told);
    io.message(locale.text(question));
    if io.is_agreed() { Ok(()) } else { Err(usage(locale, "reach.nothing-done", &[])) }
}

/// Of which day numbers are.
#[derive(Debug, Args)]
pub struct DayArgs {
    #[arg(long)]
    day_is_right: bool,
}

impl DayArgs {
    /// Asks before numbers are of a day that may be wrong; where they are only tried it is told.
    ///
    /// # Errors
    /// Nobody is there to say that it is right, or says no.
    pub fn check(&self, on: NaiveDate, is_tried: bool, io: &mut Io, session: &Session) -> Result<(), Failure> {
        if self.day_is_right {
            return Ok(());
        }
        let locale = session.office().locale();
        let Some(jump) = session.day_jump(on)? else { return Ok(()) };
        let told = locale.day_jump(jump);
        if is_tried {
            io.message(&told);
            return Ok(());
        }
        ask(&told, "reach.say-day", io, locale)
    }
}

fn as_json(reach: &Reach) -> Value {
    let act = match reach {
        Reach::Reserved { series, run: (first, last), passed_over } => json!({
            "act": "reserve", "series": series.as_str(), "first": first, "last": last, "passed_over": passed_over,
        }),
        Reach::Adopted { file, numbers, passed_over } => {
            json!({ "act": "import", "file": file, "count": numbers, "passed_over": passed_over })
        }
        Reach::Marked { status, numbers } => {
            let of = |(now, count): (&_, &u32)| json!({ "status": Status::key(*now), "count": count });
            let numbers: Vec<Value> = numbers.iter().map(of).collect();
            json!({ "act": "mark", "status": status.key(), "numbers": numbers, "outside": reach.outside() })
        }
        Reach::Retired(prefixes) => {
            let of = |one: &RetiredPrefix| json!({ "prefix": one.prefix, "name": one.name, "used": one.used });
            json!({ "act": "retire", "institutions": prefixes.iter().map(of).collect::<Vec<_>>() })
        }
        Reach::Closed { id, kind, code } => {
            json!({ "act": "close", "case": id.0, "kind": kind.key(), "code": code.as_str() })
        }
    };
    let mut all = document(json::REACH, act);
    all["far"] = reach.is_far().into();
    all
}

//! `skillcert two-people`: whether one prepares and another approves, which stands in the ledger for everybody.

use clap::{Args, ValueEnum};

use super::io::{Io, look, sign_on};
use super::json::{self, document};
use super::typed::{TextOrJson, filled};
use crate::domain::ledger::two_people::{TwoPeople, is_same_person};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::Office;

#[derive(Debug, Args)]
pub struct TwoPeopleArgs {
    #[arg(value_enum, value_name = "STATE", help = "two-people-state", requires = "reason")]
    state: Option<Switch>,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

/// Tells how it stands, or changes it.
pub fn run(args: &TwoPeopleArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let reason = args.reason.as_deref().unwrap_or_default();
    let (session, key) = match args.state {
        None => (look(io, office, false, "two-people")?, None),
        Some(Switch::On) => {
            let session = sign_on(io, office, "two-people")?;
            let is_new = session.require_two_people(reason)?;
            (session, Some(if is_new { "two-people.turned-on" } else { "two-people.on-already" }))
        }
        Some(Switch::Off) => {
            let session = sign_on(io, office, "two-people")?;
            let (stood, by) = session.two_people()?;
            let key = match (stood, session.release_two_people(reason)?) {
                (TwoPeople::Off, _) => "two-people.off-already",
                (_, TwoPeople::Off) => "two-people.turned-off",
                (TwoPeople::Asked, _) if is_same_person(&by, office.signature()) => "two-people.asked-already",
                _ => "two-people.asked-now",
            };
            (session, Some(key))
        }
    };
    let (state, by) = session.two_people()?;
    let user = text::visible(text::signed_by(&by)).into_owned();
    match args.format {
        TextOrJson::Json => {
            let body = serde_json::json!({ "state": state.key(), "is_on": state.is_on(), "user": user });
            io.json_line(locale, &document(json::TWO_PEOPLE, body))?;
        }
        TextOrJson::Text => {
            let key = key.unwrap_or(match state {
                TwoPeople::Off => "two-people.off",
                TwoPeople::On => "two-people.on",
                TwoPeople::Asked => "two-people.asked",
            });
            io.print(locale, &locale.fill(key, &[("user", &user)]))?;
        }
    }
    Ok(0)
}

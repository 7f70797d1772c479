//! The verbs of `skillcert institution` and their shape.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use crate::cli::consent::ConsentArgs;
use crate::cli::typed::{TextOrJson, day, filled};

/// The verb; the list when none is given.
#[derive(Debug, Args)]
pub struct InstitutionArgs {
    #[command(subcommand)]
    pub verb: Option<InstitutionVerb>,
}

#[derive(Debug, Subcommand)]
pub enum InstitutionVerb {
    Add(InstitutionAddArgs),
    List(InstitutionListArgs),
    Show(InstitutionShowArgs),
    Change(InstitutionChangeArgs),
    Merge(InstitutionMergeArgs),
    Absorb(InstitutionAbsorbArgs),
    Cancel(InstitutionCancelArgs),
    Rectify(InstitutionRectifyArgs),
    Rectified(InstitutionRectifiedArgs),
    Scope(InstitutionScopeArgs),
    Seal(InstitutionSealArgs),
}

/// Files a new one.
#[derive(Debug, Args)]
pub struct InstitutionAddArgs {
    #[arg(help = "institution-prefix")]
    pub prefix: String,
    #[arg(long, value_name = "NAME", help = "institution-name")]
    pub name: String,
    #[arg(long, value_name = "ID", help = "institution-profile")]
    pub profile: String,
    #[arg(long, value_name = "DATE", help = "institution-from", value_parser = day)]
    pub from: Option<NaiveDate>,
    #[command(flatten)]
    pub facts: InstitutionFacts,
    #[command(flatten)]
    pub answered: ChangeAnswerArgs,
}

#[derive(Debug, Default, Args)]
pub struct InstitutionListArgs {
    #[arg(long, help = "institution-all")]
    pub all: bool,
    #[arg(long, value_enum, default_value_t)]
    pub format: TextOrJson,
}

/// Shows one with its history.
#[derive(Debug, Args)]
pub struct InstitutionShowArgs {
    #[arg(help = "institution-prefix")]
    pub prefix: String,
    #[arg(long, value_enum, default_value_t)]
    pub format: TextOrJson,
}

#[derive(Debug, Args)]
pub struct InstitutionChangeArgs {
    #[arg(help = "institution-prefix")]
    pub prefix: String,
    #[arg(long, value_name = "NAME", help = "institution-name")]
    pub name: Option<String>,
    #[arg(long, value_name = "DATE", help = "institution-from", value_parser = day)]
    pub from: Option<NaiveDate>,
    #[command(flatten)]
    pub facts: InstitutionFacts,
    #[command(flatten)]
    pub answered: ChangeAnswerArgs,
}

/// Makes a new one of several.
#[derive(Debug, Args)]
pub struct InstitutionMergeArgs {
    #[arg(help = "institution-prefix")]
    pub prefix: String,
    #[arg(long, value_name = "NAME", help = "institution-name")]
    pub name: String,
    #[arg(long, value_name = "PREFIX", help = "institution-of", required = true)]
    pub of: Vec<String>,
    #[arg(long, value_name = "DATE", help = "institution-on", value_parser = day)]
    pub on: Option<NaiveDate>,
    #[arg(long, value_name = "DATE", help = "institution-from", value_parser = day)]
    pub from: Option<NaiveDate>,
    #[arg(long, value_name = "ID", help = "institution-profile")]
    pub profile: Option<String>,
    #[command(flatten)]
    pub facts: InstitutionFacts,
    #[command(flatten)]
    pub answered: ChangeAnswerArgs,
    #[command(flatten)]
    pub consent: ConsentArgs,
}

/// Lets one take others over.
#[derive(Debug, Args)]
pub struct InstitutionAbsorbArgs {
    #[arg(help = "institution-prefix")]
    pub prefix: String,
    #[arg(long, value_name = "PREFIX", help = "institution-of", required = true)]
    pub of: Vec<String>,
    #[arg(long, value_name = "DATE", help = "institution-on", value_parser = day)]
    pub on: Option<NaiveDate>,
    #[command(flatten)]
    pub answered: ChangeAnswerArgs,
    #[command(flatten)]
    pub consent: ConsentArgs,
}

#[derive(Debug, Args)]
pub struct InstitutionCancelArgs {
    #[arg(help = "institution-prefix")]
    pub prefix: String,
    #[arg(long, value_name = "DATE", help = "institution-on", value_parser = day)]
    pub on: NaiveDate,
    #[command(flatten)]
    pub answered: ChangeAnswerArgs,
    #[command(flatten)]
    pub consent: ConsentArgs,
}

/// Notes that one is ordered to put things right.
#[derive(Debug, Args)]
pub struct InstitutionRectifyArgs {
    #[command(flatten)]
    pub word: RectificationArgs,
}

/// Notes that this was accepted.
#[derive(Debug, Args)]
pub struct InstitutionRectifiedArgs {
    #[command(flatten)]
    pub word: RectificationArgs,
}

/// Of whom, since when, and by which paper.
#[derive(Debug, Args)]
pub struct RectificationArgs {
    #[arg(help = "institution-prefix")]
    pub prefix: String,
    #[arg(long, value_name = "DATE", help = "institution-rectified-on", value_parser = day)]
    pub on: NaiveDate,
    #[arg(long, value_name = "TEXT", help = "institution-paper", value_parser = filled("blank-reason"))]
    pub paper: String,
    #[arg(long, value_enum, default_value_t)]
    pub format: TextOrJson,
}

/// Takes its filed scope from a table.
#[derive(Debug, Args)]
pub struct InstitutionScopeArgs {
    #[arg(help = "institution-prefix")]
    pub prefix: String,
    #[arg(value_name = "FILE", help = "institution-file")]
    pub file: PathBuf,
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    #[command(flatten)]
    pub answered: ChangeAnswerArgs,
}

#[derive(Debug, Args)]
pub struct InstitutionSealArgs {
    #[arg(help = "institution-prefix")]
    pub prefix: String,
    #[arg(long, value_name = "NAME", help = "institution-seal")]
    pub name: String,
    #[arg(long, value_name = "DATE", help = "institution-seal-from", value_parser = day)]
    pub from: Option<NaiveDate>,
    #[arg(long, value_name = "DATE", help = "institution-electronic-from", value_parser = day)]
    pub electronic_from: Option<NaiveDate>,
    #[command(flatten)]
    pub answered: ChangeAnswerArgs,
}

/// How a change is answered, and why it is made.
#[derive(Debug, Args)]
pub struct ChangeAnswerArgs {
    #[arg(long, value_name = "TEXT", help = "institution-reason")]
    pub reason: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    pub format: TextOrJson,
}

/// What may be known of an institution besides its name.
#[derive(Debug, Args)]
pub struct InstitutionFacts {
    #[arg(long, value_name = "TEXT", help = "institution-kind")]
    pub kind: Option<String>,
    #[arg(long, value_name = "DATE", help = "institution-filed-on", value_parser = day)]
    pub filed_on: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT", help = "institution-contact")]
    pub contact: Option<String>,
}

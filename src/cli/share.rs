//! `skillcert share`: the register of data that was given to others outside the upload (BJ-31).

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::io::{Io, look, sign_on};
use super::json::{self, document};
use super::table::{Alignment, table};
use super::typed::{TextOrJson, day, filled, number};
use crate::domain::ledger::share::{Share, ShareField, ShareId, ShareState, ShareTerms};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{Office, Session, WantedShares};
use crate::words::Locale;

/// The verb; the list when none is given.
#[derive(Debug, Args)]
pub struct ShareArgs {
    #[command(subcommand)]
    verb: Option<ShareVerb>,
}

#[derive(Debug, Subcommand)]
enum ShareVerb {
    List(ShareListArgs),
    Show(ShareShowArgs),
    Add(ShareAddArgs),
    Change(ShareChangeArgs),
    End(ShareEndArgs),
}

#[derive(Debug, Default, Args)]
struct ShareListArgs {
    #[arg(long, help = "share-expired")]
    expired: bool,
    #[arg(long, help = "share-incomplete")]
    incomplete: bool,
    #[arg(long, help = "share-all", conflicts_with_all = ["expired", "incomplete"])]
    all: bool,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

#[derive(Debug, Args)]
struct ShareShowArgs {
    #[arg(value_name = "N", help = "share-id", value_parser = number(1_i64, None).map(ShareId))]
    id: ShareId,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Registers what is about to be given, or was.
#[derive(Debug, Args)]
struct ShareAddArgs {
    #[arg(long, value_name = "TEXT", help = "share-receiver", value_parser = filled("blank-reason"))]
    receiver: String,
    #[arg(long, value_name = "TEXT", help = "share-purpose", value_parser = filled("blank-reason"))]
    purpose: String,
    #[arg(long, value_name = "TEXT", help = "share-scene", value_parser = filled("blank-reason"))]
    scene: String,
    #[arg(long, value_name = "TEXT", help = "share-approver", value_parser = filled("blank-reason"))]
    approver: String,
    #[arg(long, value_name = "DATE", help = "share-expires", value_parser = day)]
    expires: NaiveDate,
    #[arg(long, value_name = "TEXT", help = "share-scope", value_parser = filled("blank-reason"))]
    scope: Option<String>,
    #[arg(long, value_name = "FILE", help = "share-file")]
    file: Option<PathBuf>,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Completes or corrects an entry.
#[derive(Debug, Args)]
struct ShareChangeArgs {
    #[arg(value_name = "N", help = "share-id", value_parser = number(1_i64, None).map(ShareId))]
    id: ShareId,
    #[arg(long, value_name = "TEXT", help = "share-receiver", value_parser = filled("blank-reason"))]
    receiver: Option<String>,
    #[arg(long, value_name = "TEXT", help = "share-purpose", value_parser = filled("blank-reason"))]
    purpose: Option<String>,
    #[arg(long, value_name = "TEXT", help = "share-scene", value_parser = filled("blank-reason"))]
    scene: Option<String>,
    #[arg(long, value_name = "TEXT", help = "share-approver", value_parser = filled("blank-reason"))]
    approver: Option<String>,
    #[arg(long, value_name = "DATE", help = "share-expires", value_parser = day)]
    expires: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT", help = "share-scope", value_parser = filled("blank-reason"))]
    scope: Option<String>,
    #[arg(long, value_name = "FILE", help = "share-file")]
    file: Option<PathBuf>,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Ends an entry.
#[derive(Debug, Args)]
struct ShareEndArgs {
    #[arg(value_name = "N", help = "share-id", value_parser = number(1_i64, None).map(ShareId))]
    id: ShareId,
    #[arg(long, value_name = "DATE", help = "share-on", value_parser = day)]
    on: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: String,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Under which entry of the register a file goes out.
#[derive(Debug, Default, Args)]
pub struct UnderShareArgs {
    #[arg(long, value_name = "N", help = "share-under", value_parser = number(1_i64, None).map(ShareId))]
    pub share: Option<ShareId>,
}

/// Does what a verb says. Exit code 1 for a list of those that have expired or are incomplete, where there are any.
pub fn run(args: ShareArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    match args.verb.unwrap_or(ShareVerb::List(ShareListArgs::default())) {
        ShareVerb::List(args) => list(&args, io, office),
        ShareVerb::Show(args) => show(&args, io, office),
        ShareVerb::Add(args) => add(&args, io, office),
        ShareVerb::Change(args) => change(args, io, office),
        ShareVerb::End(args) => {
            let session = sign_on(io, office, "share")?;
            let on = office.or_today(args.on)?;
            let entry = session.end_share(args.id, on, &args.reason)?;
            let day = on.to_string();
            told(&session, (args.id, &[entry]), ("share.ended-now", &day), args.format, io)
        }
    }
}

/// Tells under which entry a file went out.
pub fn tell_share(share: &Share, io: &mut Io, locale: &Locale) {
    io.note(&locale.share_noted(share));
}

fn list(args: &ShareListArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let wanted = WantedShares { expired: args.expired, incomplete: args.incomplete, all: args.all };
    let all = office.shares(wanted)?;
    let code = u8::from((args.expired || args.incomplete) && !all.is_empty());
    if args.format == TextOrJson::Json {
        let shares: Vec<Value> = all.iter().map(|(share, state)| as_json(share, *state)).collect();
        io.json_line(locale, &document(json::SHARES, json!({ "shares": shares })))?;
        return Ok(code);
    }
    if all.is_empty() {
        io.text(locale, &(locale.text("share.none").to_string() + "\n"))?;
        return Ok(code);
    }
    let row = |(share, state): &(Share, ShareState)| {
        let mut cells = vec![share.id.to_string(), locale.share_state(*state).to_string()];
        cells.extend(locale.share_line(share));
        cells
    };
    let mut head = vec![String::new(), String::new()];
    let named = [ShareField::Receiver, ShareField::Purpose, ShareField::Expires];
    head.extend(named.map(|field| locale.share_field(field).to_string()));
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(all.iter().map(row)).collect();
    io.text(locale, &table(&rows, Alignment::Texts, ""))?;
    Ok(code)
}

fn show(args: &ShareShowArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let (share, state) = look(io, office, false, "share")?.share(args.id)?;
    if args.format == TextOrJson::Json {
        io.json_line(locale, &document(json::SHARE, as_json(&share, state)))?;
        return Ok(0);
    }
    io.text(locale, &(locale.share_told(&share, state).join("\n") + "\n"))?;
    Ok(0)
}

fn as_json(share: &Share, state: ShareState) -> Value {
    let shown = |field: ShareField| text::visible(&share.terms.text(field)).into_owned();
    let files: Vec<Value> = share
        .files
        .iter()
        .map(|(file, time)| {
            json!({ "file": text::visible(&file.file), "sha256": file.sha256, "holds": text::visible(&file.holds),
                    "time": time })
        })
        .collect();
    json!({
        "id": share.id.0, "state": state.key(), "receiver": shown(ShareField::Receiver),
        "purpose": shown(ShareField::Purpose), "scene": shown(ShareField::Scene), "scope": shown(ShareField::Scope),
        "approver": shown(ShareField::Approver), "expires": share.terms.expires, "time": share.made.0,
        "user": text::visible(text::signed_by(&share.made.1)), "ended_on": share.ended_on, "files": files,
        "missing": share.terms.missing().iter().map(|field| field.key()).collect::<Vec<_>>(),
    })
}

fn add(args: &ShareAddArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let mut terms = ShareTerms { expires: Some(args.expires), ..ShareTerms::default() };
    terms.put(ShareField::Receiver, &args.receiver);
    terms.put(ShareField::Purpose, &args.purpose);
    terms.put(ShareField::Scene, &args.scene);
    terms.put(ShareField::Approver, &args.approver);
    terms.put(ShareField::Scope, args.scope.as_deref().unwrap_or_default());
    let session = sign_on(io, office, "share")?;
    let reason = args.reason.as_deref().unwrap_or_default();
    let (id, entry) = session.add_share(&terms, args.file.as_deref(), reason)?;
    told(&session, (id, &[entry]), ("share.added", ""), args.format, io)
}

fn change(args: ShareChangeArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let expires = args.expires.map(|day| day.to_string());
    let parts = [
        (ShareField::Receiver, args.receiver),
        (ShareField::Purpose, args.purpose),
        (ShareField::Scene, args.scene),
        (ShareField::Scope, args.scope),
        (ShareField::Approver, args.approver),
        (ShareField::Expires, expires),
    ];
    let parts: Vec<(ShareField, String)> =
        parts.into_iter().filter_map(|(field, typed)| typed.map(|typed| (field, typed))).collect();
    let session = sign_on(io, office, "share")?;
    let reason = args.reason.as_deref().unwrap_or_default();
    let entries = session.change_share(args.id, &parts, args.file.as_deref(), reason)?;
    told(&session, (args.id, &entries), ("share.changed", ""), args.format, io)
}

/// Tells what came of an act.
fn told(
    session: &Session,
    (id, entries): (ShareId, &[u64]),
    (key, day): (&str, &str),
    format: TextOrJson,
    io: &mut Io,
) -> Result<u8, Failure> {
    let locale = session.office().locale();
    let (share, state) = session.share(id)?;
    if format == TextOrJson::Json {
        let value = json!({ "id": id.0, "state": state.key(), "entries": entries });
        io.json_line(locale, &document(json::SHARE_CHANGE, value))?;
        return Ok(0);
    }
    let entry = entries.iter().map(ToString::to_string).collect::<Vec<_>>().join(locale.text("finding.comma"));
    let places = [("id", &*id.to_string()), ("entry", &entry), ("day", day)];
    io.text(locale, &(locale.fill(key, &places) + "\n"))?;
    if state != ShareState::Ended
        && let Some(lacks) = locale.share_lacks(&share)
    {
        io.note(&lacks);
    }
    Ok(0)
}

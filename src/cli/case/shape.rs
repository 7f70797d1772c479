//! The shape of `skillcert case` and what is read from it.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::cli::shape::Shape;
use crate::domain::ledger::case::{CaseId, CaseKind, Cause};

/// A verb about cases.
#[derive(Debug)]
pub enum CaseVerb {
    Open(Box<OpenArgs>),
    /// Note the authority's consent.
    Approve {
        id: CaseId,
        /// The document of the consent.
        reference: String,
        /// Its day; today when not given.
        on: Option<String>,
        reason: String,
        /// text or json.
        format: String,
    },
    Refuse {
        id: CaseId,
        reason: String,
        /// text or json.
        format: String,
    },
    /// Let one take effect.
    Close {
        id: CaseId,
        /// The day a revoked certificate was taken back.
        withdrawn: Option<String>,
        reason: String,
        /// text or json.
        format: String,
    },
    List {
        /// Only those still open.
        live: bool,
        /// The name of the only kind.
        kind: Option<String>,
        /// The code of the only certificate.
        code: Option<String>,
        /// text or json.
        format: String,
        /// Why personal data is shown whole; masked without.
        unmask: Option<String>,
    },
    Show {
        id: CaseId,
        /// text or json.
        format: String,
        /// Why personal data is shown whole; masked without.
        unmask: Option<String>,
    },
    /// Write the rows of corrections.
    Export(ExportArgs),
}

/// `skillcert case open`
#[derive(Debug)]
pub struct OpenArgs {
    pub code: String,
    pub wish: Wish,
    /// The day of the application; today when not given.
    pub on: Option<String>,
    pub reason: String,
    /// text or json.
    pub format: String,
}

/// What a case is opened for.
#[derive(Debug)]
pub enum Wish {
    Correct {
        /// `name=张伟` each.
        set: Vec<String>,
        /// The file of a new photo.
        photo: Option<String>,
    },
    /// The certificate once more.
    Reissue {
        /// lost or damaged.
        cause: String,
        /// The day; today when not given.
        issued_on: Option<String>,
        papers: Vec<String>,
    },
    /// The end of it.
    Revoke {
        /// The day on which what was granted was cancelled.
        benefits_cancelled: Option<String>,
        /// Who declares it void.
        authority: String,
    },
}

/// `skillcert case export`
#[derive(Debug)]
pub struct ExportArgs {
    pub ids: Vec<CaseId>,
    pub output: PathBuf,
    /// xlsx or csv; by the file's ending when not given.
    pub format: Option<String>,
    /// utf-8 or gb18030.
    pub encoding: String,
    /// Whether an existing file is replaced.
    pub force: bool,
}

/// Builds the family's shape.
pub fn shape(shape: Shape) -> Command {
    let id = || shape.argument("id", "ID", "case-id").required(true).value_parser(shape.number(1_i64, None));
    let text_or_json = || shape.choice("format", &["text", "json"]).default_value("text");
    let reason = || shape.reason();
    let many = |arg: Arg| arg.action(ArgAction::Append);
    let opens = |name: &'static str| {
        let code = shape.argument("code", "CODE", "case-code").required(true);
        shape.verb_of("case-open", name).args([code, reason(), shape.option("on", "DATE"), text_or_json()])
    };
    let opening = [
        opens("correct")
            .args([many(shape.option("set", "COLUMN=VALUE")), shape.filled("photo", "FILE", "blank-photo")]),
        opens("reissue").args([
            shape
                .option("cause", "CAUSE")
                .value_parser(PossibleValuesParser::new(Cause::ALL.map(Cause::key)))
                .required(true),
            shape.option("issued-on", "DATE"),
            many(shape.option("paper", "TEXT")),
        ]),
        opens("revoke").args([shape.option("benefits-cancelled", "DATE"), shape.option("authority", "TEXT")]),
    ];
    let open = shape
        .verb_of("case", "open")
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .subcommands(opening.map(|verb| shape.dressed(verb)));
    let kinds = PossibleValuesParser::new(CaseKind::ALL.map(CaseKind::key));
    let verbs = [
        open,
        shape.verb_of("case", "approve").args([
            id(),
            shape.option("reference", "TEXT").required(true),
            shape.option("on", "DATE").help(shape.text("approved-on")),
            reason(),
            text_or_json(),
        ]),
        shape.verb_of("case", "refuse").args([id(), reason().required(true), text_or_json()]),
        shape.verb_of("case", "close").args([id(), shape.option("withdrawn", "DATE"), reason(), text_or_json()]),
        shape
            .verb_of("case", "list")
            .args([
                shape.flag("open"),
                shape.option("kind", "KIND").value_parser(kinds),
                shape.option("code", "CODE"),
                text_or_json(),
            ])
            .args(shape.unmask_with_reason()),
        shape.verb_of("case", "show").args([id(), text_or_json()]).args(shape.unmask_with_reason()),
        shape.verb_of("case", "export").args([
            id().num_args(1..),
            shape.output().required(true),
            shape.choice("format", &["xlsx", "csv"]),
            shape.choice("encoding", &["utf-8", "gb18030"]).default_value("utf-8").value_name("ENCODING"),
            shape.flag("force"),
        ]),
    ];
    shape.family("case", verbs).subcommand_required(true)
}

/// Reads what was typed.
pub fn read(mut m: ArgMatches) -> CaseVerb {
    let Some((name, mut m)) = m.remove_subcommand() else {
        // The shape asks for a verb; a list harms nobody.
        return CaseVerb::List { live: false, kind: None, code: None, format: "text".into(), unmask: None };
    };
    if name == "open" {
        return CaseVerb::Open(Box::new(read_open(m)));
    }
    if name == "export" {
        return CaseVerb::Export(ExportArgs {
            ids: m.remove_many("id").map(|ids| ids.map(CaseId).collect()).unwrap_or_default(),
            output: m.remove_one("output").unwrap_or_default(),
            format: m.remove_one("format"),
            encoding: m.remove_one("encoding").unwrap_or_default(),
            force: m.get_flag("force"),
        });
    }
    let format = text(&mut m, "format");
    if name == "list" {
        return CaseVerb::List {
            live: m.get_flag("open"),
            kind: m.remove_one("kind"),
            code: m.remove_one("code"),
            format,
            unmask: unmask(&mut m),
        };
    }
    let id = CaseId(m.remove_one("id").unwrap_or_default());
    match name.as_str() {
        "show" => CaseVerb::Show { id, format, unmask: unmask(&mut m) },
        "approve" => CaseVerb::Approve {
            id,
            reference: text(&mut m, "reference"),
            on: m.remove_one("on"),
            reason: text(&mut m, "reason"),
            format,
        },
        "refuse" => CaseVerb::Refuse { id, reason: text(&mut m, "reason"), format },
        _ => CaseVerb::Close { id, withdrawn: m.remove_one("withdrawn"), reason: text(&mut m, "reason"), format },
    }
}

fn read_open(mut m: ArgMatches) -> OpenArgs {
    let (name, mut m) = m.remove_subcommand().unwrap_or_default();
    let many = |m: &mut ArgMatches, name: &str| m.remove_many(name).map(Iterator::collect).unwrap_or_default();
    let wish = match name.as_str() {
        "correct" => Wish::Correct { set: many(&mut m, "set"), photo: m.remove_one("photo") },
        "reissue" => Wish::Reissue {
            cause: text(&mut m, "cause"),
            issued_on: m.remove_one("issued-on"),
            papers: many(&mut m, "paper"),
        },
        _ => Wish::Revoke {
            benefits_cancelled: m.remove_one("benefits-cancelled"),
            authority: text(&mut m, "authority"),
        },
    };
    OpenArgs {
        code: text(&mut m, "code"),
        wish,
        on: m.remove_one("on"),
        reason: text(&mut m, "reason"),
        format: text(&mut m, "format"),
    }
}

/// Reads why personal data is to be shown whole.
fn unmask(m: &mut ArgMatches) -> Option<String> {
    if m.get_flag("unmask") { m.remove_one("reason") } else { None }
}

fn text(m: &mut ArgMatches, name: &str) -> String {
    m.remove_one(name).unwrap_or_default()
}

//! `skillcert init [--shared DIR]`: makes the state folder, for oneself or for a group.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command, value_parser};

use super::json::{self, document};
use super::out;
use super::shape::Shape;
use crate::domain::text;
use crate::failure::Failure;
use crate::store::{Places, Store, user};
use crate::words::Locale;

/// `skillcert init`
#[derive(Debug)]
pub struct InitArgs {
    /// The folder to be shared by its group; without it the state folder is its owner's alone.
    pub shared: Option<PathBuf>,
    /// text or json.
    pub format: String,
}

/// Builds the verb's shape.
pub fn shape(shape: Shape<'_>) -> Command {
    shape.verb("init").args([
        shape.option("shared", "DIR").value_parser(value_parser!(PathBuf)),
        shape.choice("format", &["text", "json"]).default_value("text"),
    ])
}

/// Reads what was asked for.
pub fn read(mut m: ArgMatches) -> InitArgs {
    InitArgs { shared: m.remove_one("shared"), format: m.remove_one("format").unwrap_or_default() }
}

/// Makes the folder and the store in it. What is there already stays.
pub fn run(args: &InitArgs, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    let failed = |e| locale.store_failure(&e);
    let places = Places::from_environment(args.shared.as_deref().or(home)).map_err(failed)?;
    if args.shared.is_some() {
        places.share().map_err(failed)?;
    }
    let store = Store::open(&places, &user(), "init").map_err(failed)?;
    let head = store.audit_head().map_err(failed)?;
    let (path, shared) = (places.home().to_string_lossy().into_owned(), places.is_shared());
    let mut stdout = out::stdout();
    let written = if args.format == "json" {
        let all = serde_json::json!({ "home": path, "shared": shared, "head": head });
        serde_json::to_writer_pretty(&mut stdout, &document(json::INIT, all))
            .map_err(Into::into)
            .and_then(|()| writeln!(stdout))
    } else {
        let key = if shared { "init.shared" } else { "init.own" };
        let words = locale.fill(key, &[("path", &text::visible(&path))]);
        writeln!(stdout, "{words}\n{}", locale.audit_head(&head))
    };
    out::settled(written.and_then(|()| stdout.flush())).map_err(|e| locale.untold(&e))?;
    Ok(0)
}

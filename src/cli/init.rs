//! `skillcert init [--shared DIR]`: makes the state folder, for oneself or for a group.

use std::path::PathBuf;

use clap::Args;

use super::io::Io;
use super::json::{self, document};
use super::typed::TextOrJson;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::Office;

#[derive(Debug, Args)]
pub struct InitArgs {
    #[arg(long, value_name = "DIR")]
    shared: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Makes the folder and the store in it. What is there already stays.
pub fn run(args: &InitArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let made = office.make_state_folder(args.shared.as_deref())?;
    let path = made.path.to_string_lossy();
    match args.format {
        TextOrJson::Json => {
            let all = serde_json::json!({ "home": path, "shared": made.is_shared, "head": made.head });
            io.json(locale, &document(json::INIT, all))?;
        }
        TextOrJson::Text => {
            let key = if made.is_shared { "init.shared" } else { "init.own" };
            let words = locale.fill(key, &[("path", &text::visible(&path))]);
            io.text(locale, &format!("{words}\n{}\n", locale.audit_head(&made.head)))?;
        }
    }
    Ok(0)
}

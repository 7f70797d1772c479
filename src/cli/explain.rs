//! `skillcert explain [RULE]`: the handbook.

use std::io::Write;

use super::{out, usage};
use crate::failure::{Failure, FailureKind};
use crate::locale::{Locale, handbook, rule_page};

/// Prints the list of rules, or one rule's page.
pub fn run(rule: Option<&str>, locale: &Locale) -> Result<u8, Failure> {
    let page = match rule {
        None => handbook(locale),
        Some(name) => rule_page(locale, name).ok_or_else(|| usage(locale, "cli.unknown-rule", &[("rule", name)]))?,
    };
    let mut stdout = out::stdout();
    let written = writeln!(stdout, "{}", page.trim_end()).and_then(|()| stdout.flush());
    out::settled(written).map_err(|e| Failure::new(FailureKind::File, e.to_string(), ""))?;
    Ok(0)
}

//! What the ledger has of a number, in words and as JSON.

use serde_json::{Value, json};

use crate::domain::ledger::KnownCertificate;
use crate::domain::text;
use crate::office::BlankLife;
use crate::words::Locale;

/// What the ledger has under a code or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerMatch {
    /// In words: the holder, masked, the status, the batch; where a blank is.
    pub words: String,
    pub json: String,
}

impl LedgerMatch {
    pub fn certificate(held: &KnownCertificate, locale: &Locale) -> LedgerMatch {
        let name = text::visible(&held.holder.masked().name).into_owned();
        let batch = held.row.map(|(batch, _)| batch);
        let file = text::visible(&held.file).into_owned();
        let json = json!({ "name": name, "status": held.status.key(), "batch": batch, "file": file });
        LedgerMatch { words: locale.held(held), json: json.to_string() }
    }

    /// Tells where the blanks of a number are, of each kind that has it; nothing where none was received.
    pub fn blanks(lives: &[BlankLife], locale: &Locale) -> Option<LedgerMatch> {
        let words: Vec<String> =
            lives.iter().map(|one| locale.blank_line(one.kind, one.number, &one.standing)).collect();
        let json = |one: &BlankLife| -> Value {
            let BlankLife { kind, standing, .. } = one;
            let (keeper, place) = (text::visible(&standing.keeper), text::visible(&standing.place));
            json!({ "kind": kind.key(), "state": standing.state.key(), "keeper": keeper, "place": place })
        };
        let blanks: Vec<Value> = lives.iter().map(json).collect();
        (!lives.is_empty())
            .then(|| LedgerMatch { words: words.join("; "), json: json!({ "blanks": blanks }).to_string() })
    }
}

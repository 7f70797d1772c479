//! The changes of keys in `config.toml`: what is written there and where, not yet what it means.
//!
//! ```toml
//! [keys]                      # in every place of the command
//! fix = ["x", "ctrl-f"]
//! [keys.grid]                 # in one place
//! first = "g g"
//! ```

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::problem::{DataFault, DataProblem, KeysFault, line_and_column};

/// A change of keys as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenKeys {
    pub file: PathBuf,
    /// Its line there, from 1.
    pub line: usize,
    /// The name of the only place it is for; every place of the command when not given.
    pub place: Option<String>,
    pub command: String,
    /// All its keys from now on; none takes them away.
    pub keys: Vec<String>,
}

impl WrittenKeys {
    /// Makes a problem of the change.
    pub fn problem(&self, fault: KeysFault) -> DataProblem {
        let name = self.place.as_ref().map_or(self.command.clone(), |place| format!("{place}.{}", self.command));
        DataProblem::of_line(&self.file, self.line, DataFault::Keys(Box::new((name, fault))))
    }
}

/// Reads the changes of a file, of whose text they are a table; those for one place go before those for every place.
pub(super) fn read(
    file: &Path,
    text: &str,
    changes: &DeTable<'_>,
    all: &mut Vec<WrittenKeys>,
    problems: &mut Vec<DataProblem>,
) {
    let mut of_places = Vec::new();
    for (name, value) in changes {
        let line = |span: std::ops::Range<usize>| line_and_column(text, span.start).0;
        let mut take = |to: &mut Vec<WrittenKeys>, place: Option<&str>, command: &str, line: usize, value: &DeValue| {
            let change = |keys| WrittenKeys {
                file: file.to_path_buf(),
                line,
                place: place.map(String::from),
                command: command.to_string(),
                keys,
            };
            match keys_of(value) {
                Some(keys) => to.push(change(keys)),
                None => problems.push(change(Vec::new()).problem(KeysFault::NotKeys)),
            }
        };
        match value.get_ref() {
            DeValue::Table(commands) => {
                for (command, value) in commands {
                    let line = line(command.span());
                    take(&mut of_places, Some(name.get_ref()), command.get_ref(), line, value.get_ref());
                }
            }
            keys => take(all, None, name.get_ref(), line(name.span()), keys),
        }
    }
    all.append(&mut of_places);
}

fn keys_of(value: &DeValue<'_>) -> Option<Vec<String>> {
    match value {
        DeValue::String(key) => Some(vec![key.to_string()]),
        DeValue::Array(keys) => {
            keys.iter().map(|key| Some(key.get_ref().as_str()?.to_string())).collect::<Option<Vec<_>>>()
        }
        _ => None,
    }
}

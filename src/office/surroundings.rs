//! What the program is started in (环境): variables, its own file, the user.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::data::Settings;
use crate::formats::workbook;
use crate::store::{self, StatePaths, SystemUser};

/// What the program is started in. A value, so that a test can start it in any.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    variables: HashMap<OsString, OsString>,
    /// Our own program, which reads workbooks as a child process; nothing where the system does not tell.
    pub program: Option<PathBuf>,
    /// The user's name as the operating system gives it.
    pub user: String,
    /// The name as it signs entries of the audit chain.
    pub signature: String,
}

impl Surroundings {
    /// Looks at the process.
    pub fn of_process() -> Surroundings {
        let variables: HashMap<OsString, OsString> = std::env::vars_os().collect();
        let SystemUser { name: user, signature } = store::user(|name| variables.get(OsStr::new(name)).cloned());
        Surroundings { variables, program: std::env::current_exe().ok(), user, signature }
    }

    /// Makes surroundings of variables.
    pub fn of(variables: HashMap<OsString, OsString>, program: PathBuf, user: &str) -> Surroundings {
        let (user, signature) = (user.to_string(), user.to_string());
        Surroundings { variables, program: Some(program), user, signature }
    }

    pub fn var(&self, name: &str) -> Option<OsString> {
        self.variables.get(OsStr::new(name)).cloned()
    }

    /// Gives a variable as text; nothing for an empty one.
    pub fn text(&self, name: &str) -> Option<String> {
        self.var(name).filter(|value| !value.is_empty()).map(|value| value.to_string_lossy().into_owned())
    }

    /// Reads the settings of the site and of the person; `home` is the state folder that was asked for.
    pub fn settings(&self, home: Option<&Path>) -> Settings {
        Settings::load(&StatePaths::settings(home, &|name| self.var(name)))
    }
}

/// Serves as a child process of our own, which reads a workbook or tries locks; nothing where the program itself is called.
pub fn serve_as_child(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    match arguments.nth(1)? {
        verb if verb == workbook::VERB => {
            let of = |name| std::env::var_os(name);
            Some(workbook::serve(arguments, of(workbook::SHEET), of(workbook::LIMITS)))
        }
        verb if verb == store::PROBE_VERB => Some(store::serve_probe(arguments)),
        _ => None,
    }
}

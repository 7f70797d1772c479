//! When the program breaks (程序出错): a report for whoever mends it, without a word of what anybody typed or imported.
//!
//! A panic's own message may quote a cell, so it is never shown nor written; where it happened and the way there are enough.

use std::backtrace::Backtrace;
use std::panic::{PanicHookInfo, set_hook};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use super::io::Io;
use crate::office::Office;

/// From now on a panic writes a report into the state folder; one on the main thread, which ends the program, also tells
/// where the report is.
pub fn watch(office: &Office) {
    super::abort::watch(office.locale().text("crash.aborted"));
    let office = office.clone();
    let main = std::thread::current().id();
    set_hook(Box::new(move |info| {
        let place = place(info);
        let written = write(&office, &report(&place, &Backtrace::force_capture().to_string()));
        if std::thread::current().id() == main {
            let path = written.map(|path| path.display().to_string()).unwrap_or_default();
            let key = if path.is_empty() { "crash.told" } else { "crash.written" };
            Io::of_process().message(&office.locale().fill(key, &[("place", &place), ("file", &path)]));
        }
    }));
}

fn place(info: &PanicHookInfo<'_>) -> String {
    info.location().map_or_else(|| "?".to_string(), |at| format!("{}:{}:{}", at.file(), at.line(), at.column()))
}

fn report(place: &str, way: &str) -> String {
    let thread = std::thread::current().name().unwrap_or("?").to_string();
    let (version, os, cpu) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    format!("skillcert {version} ({os} {cpu})\nthread {thread}\nat {place}\n\n{way}")
}

/// Writes a report into the folder of logs; nothing when that cannot be done: there is no one left to tell.
fn write(office: &Office, report: &str) -> Option<PathBuf> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis());
    office.keep_log(&format!("crash-{since}-{}.txt", std::process::id()), report)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::office::{Settings, Surroundings};
    use crate::words::{Lang, Locale};

    /// Breaks; only as the child of the next test, because a hook belongs to a whole process.
    #[test]
    fn child_that_breaks() {
        let Some(home) = std::env::var_os("SKILLCERT_TEST_CRASH") else { return };
        let surroundings = Surroundings::of(HashMap::new(), PathBuf::new(), "zhang");
        watch(&Office::new(Locale::load(Lang::Zh), Settings::default(), surroundings, Some(home.into())));
        std::thread::Builder::new()
            .name("worker".into())
            .spawn(|| panic!("张伟 620102199001010011"))
            .unwrap()
            .join()
            .unwrap_err();
    }

    #[test]
    fn the_report_tells_where_and_quotes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("home");
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cli::crash::tests::child_that_breaks", "--nocapture"])
            .env("SKILLCERT_TEST_CRASH", &home)
            .output()
            .unwrap();
        assert!(run.status.success(), "{run:?}");
        let files: Vec<PathBuf> = std::fs::read_dir(home.join("logs")).unwrap().map(|f| f.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        let text = std::fs::read_to_string(&files[0]).unwrap();
        assert!(
            text.contains("thread worker\nat src/cli/crash.rs:") && text.contains(env!("CARGO_PKG_VERSION")),
            "{text}"
        );
        for secret in ["张伟", "620102199001010011"] {
            assert!(!text.contains(secret) && !String::from_utf8_lossy(&run.stderr).contains(secret), "{secret}");
        }
    }
}

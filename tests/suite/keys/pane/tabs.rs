//! The names of the tabs: whatever the width, the open one is marked, and every other has its key.

use skillcert::app::ledger::Tab;
use skillcert::words::Lang;

use super::pane;
use crate::screens::screen;
use crate::support::fake_ledger::Fake;

#[test]
fn the_open_tab_is_marked_and_every_other_has_its_key_in_windows_of_every_width() {
    for lang in Lang::ALL {
        for width in [40, 50, 60, 70, 80, 100, 120, 200] {
            for (at, tab) in (1..).zip(Tab::ALL) {
                let app = pane(lang, (width, 24), Fake::small(), &at.to_string());
                let shown = screen(&app);
                let open = format!("[{at} {}]", app.locale.text(tab.key()));
                let line = shown.lines().find(|line| line.contains(&open)).unwrap_or_else(|| {
                    panic!("{lang:?} {width}: {open} is not marked:\n{shown}");
                });
                // Each of the others has its key, and its whole name or none.
                let names: Vec<&str> = Tab::ALL.iter().map(|tab| app.locale.text(tab.key())).collect();
                let rest = line.replace(&open, &format!("{at}"));
                let mut left = rest.as_str();
                for (key, name) in (1..).zip(&names) {
                    left = left.trim_start().strip_prefix(&key.to_string()).unwrap_or_else(|| panic!("{width} {line}"));
                    left = left.trim_start().strip_prefix(name).unwrap_or(left);
                }
                assert_eq!(left.trim(), "", "{lang:?} {width}: {line}");
                if width == 200 {
                    assert!(names.iter().all(|name| line.contains(name)), "{line}");
                }
            }
        }
    }
}

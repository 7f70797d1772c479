//! The tour of a first start (导览): five screens over the pane, skipped with one key, shown again by its command.

/// The screens: locale key of the title and of the text.
pub const PAGES: [(&str, &str); 5] = [
    ("ui.tour.screen.title", "ui.tour.screen.text"),
    ("ui.tour.open.title", "ui.tour.open.text"),
    ("ui.tour.fix.title", "ui.tour.fix.text"),
    ("ui.tour.numbers.title", "ui.tour.numbers.text"),
    ("ui.tour.help.title", "ui.tour.help.text"),
];

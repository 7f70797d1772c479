//! What somebody may have meant who typed a name that nothing has.

use crate::domain::text;
use crate::locale::Locale;

/// How many names are offered in place of one that is not known.
const MOST: usize = 5;

/// Tells which names come nearest to the one that was typed, and how to list all of them: `list` is the key of that sentence.
pub fn hint<'a>(typed: &str, names: impl Iterator<Item = &'a str>, list: &str, locale: &Locale) -> String {
    let mut near = text::nearest(typed, names);
    near.truncate(MOST);
    let list = locale.text(list);
    if near.is_empty() {
        return list.to_string();
    }
    let near = text::visible(&near.join(locale.text("finding.comma"))).into_owned();
    format!("{}\n{list}", locale.fill("name.near", &[("near", &near)]))
}

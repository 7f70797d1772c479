//! The wording of steps (修改步骤).

use std::borrow::Cow;

use super::{Lang, Locale};
use crate::domain::reshape::ReshapeAct;
use crate::domain::roster::{Change, RowWhat};

/// The texts by which steps are called in the history: those of a section, and some besides.
const OWN: &str = "ui.change.";
const TITLES: [&str; 7] =
    ["answers.title", "carry.title", "fill.title", "fix.title", "ledger.title", "recipe.title", "replace.title"];

/// What stands in the places of a text.
type Places<'a> = Vec<(&'a str, &'a str)>;

impl Locale {
    /// Tells what is said of a row, or that nothing is any more.
    pub fn said_of_row(&self, what: RowWhat, text: Option<&str>) -> String {
        let key = match (what, text) {
            (RowWhat::Aside, Some(_)) => "ui.row.aside",
            (RowWhat::Aside, None) => "ui.row.no-aside",
            (RowWhat::Note, Some(_)) => "ui.row.note",
            (RowWhat::Note, None) => "ui.row.no-note",
        };
        self.fill(key, &[("text", text.unwrap_or_default())])
    }

    /// Gives the title of a step, which was stored in the words of whoever made it, in this language. One that is none of the
    /// program's own stays as it is.
    pub fn step_title<'a>(&self, stored: &'a str) -> Cow<'a, str> {
        if self.told_title(stored).is_some() || self.told_reshaping(stored).is_some() {
            return stored.into();
        }
        let others = Lang::ALL.into_iter().filter(|lang| *lang != self.lang).map(Locale::load);
        for other in others {
            if let Some((act, columns)) = other.told_reshaping(stored) {
                let aside = |column: &str| {
                    let places = places_of(other.text("reshape.aside"), column);
                    places.map_or_else(|| column.to_string(), |places| self.fill("reshape.aside", &places))
                };
                let columns: Vec<String> = columns.split(other.text("finding.comma")).map(aside).collect();
                let columns = columns.join(self.text("finding.comma"));
                return self.fill("reshape.title", &[("act", &self.reshape_act(act)), ("columns", &columns)]).into();
            }
            let Some((key, places)) = other.told_title(stored) else { continue };
            // What was taken back is called by its own title.
            let own: Vec<(&str, Cow<'_, str>)> = places
                .into_iter()
                .map(|(name, value)| (name, if name == "title" { self.step_title(value) } else { value.into() }))
                .collect();
            let own: Places<'_> = own.iter().map(|(name, value)| (*name, &**value)).collect();
            return self.fill(&key, &own).into();
        }
        stored.into()
    }

    /// Finds what was done to columns, and to which, in the title of such a step.
    fn told_reshaping<'a>(&self, title: &'a str) -> Option<(ReshapeAct, &'a str)> {
        let columns = |act: ReshapeAct| {
            let text = self.text("reshape.title").replace("{act}", &self.reshape_act(act));
            let (before, behind) = text.split_once("{columns}")?;
            title.strip_prefix(before)?.strip_suffix(behind).filter(|columns| !columns.is_empty())
        };
        ReshapeAct::ALL.into_iter().find_map(|act| Some((act, columns(act)?)))
    }

    /// Finds the text that a title was made of, and what stands in its places; of several the one that says most.
    fn told_title<'a>(&'a self, title: &'a str) -> Option<(String, Places<'a>)> {
        let own = self.texts.get(OWN.trim_end_matches('.')).into_iter().flatten();
        let own = own.map(|(name, text)| (format!("{OWN}{name}"), &**text));
        let others = TITLES.into_iter().filter_map(|key| Some((key.to_string(), self.find(key)?)));
        let told = own.chain(others).filter_map(|(key, text)| Some((key, places_of(text, title)?)));
        let left_open = |places: &Places<'_>| places.iter().map(|(_, value)| value.len()).sum::<usize>();
        told.min_by_key(|(key, places)| (left_open(places), key.clone()))
    }

    /// Counts what a step changed: cells, and rows that were put aside, brought back or noted upon. Where it is about one thing
    /// said of rows, its title has told what.
    pub fn step_counts(&self, step: &Change) -> String {
        let rows = step.row_counts();
        let told_by_title =
            step.edits.is_empty() && step.rows.len() as u64 == rows.aside.max(rows.back).max(rows.noted);
        if told_by_title && !step.rows.is_empty() {
            let n = step.rows.len().to_string();
            return if step.rows.len() == 1 { String::new() } else { self.fill("status.rows", &[("n", &n)]) };
        }
        let counts = [
            ("status.cells", step.edits.len() as u64),
            ("status.rows-aside", rows.aside),
            ("status.rows-back", rows.back),
            ("status.rows-noted", rows.noted),
        ];
        let is_told = |(key, n): &(&str, u64)| *n != 0 || (*key == "status.cells" && step.rows.is_empty());
        let told: Vec<String> = counts
            .iter()
            .filter(|count| is_told(count))
            .map(|(key, n)| self.fill(key, &[("n", &n.to_string())]))
            .collect();
        told.join(self.text("finding.comma"))
    }

    /// Names a step with what it changed.
    pub fn step_told(&self, step: &Change) -> String {
        let (title, n) = (self.step_title(&step.title), self.step_counts(step));
        if n.is_empty() { title.into_owned() } else { self.fill("status.step", &[("title", &title), ("n", &n)]) }
    }
}

/// Gives what stands in the places of a text that was filled; nothing where it was not made of this text.
fn places_of<'a>(text: &'a str, filled: &'a str) -> Option<Places<'a>> {
    let Some(open) = text.find('{') else { return (text == filled).then(Vec::new) };
    let (before, place) = text.split_at(open);
    let filled = filled.strip_prefix(before)?;
    let (name, rest) = place[1..].split_once('}')?;
    if let Some((_, words)) = name.split_once('|') {
        let (one, more) = words.split_once('|')?;
        return [more, one].into_iter().find_map(|word| places_of(rest, filled.strip_prefix(word)?));
    }
    let is_number = matches!(name, "n" | "line" | "number" | "batch");
    let fits = |value: &str| !value.is_empty() && (!is_number || value.bytes().all(|b| b.is_ascii_digit()));
    let ends = filled.char_indices().map(|(at, _)| at).skip(1).chain([filled.len()]);
    ends.map(|end| filled.split_at(end)).filter(|(value, _)| fits(value)).find_map(|(value, left)| {
        let mut places = places_of(rest, left)?;
        places.push((name, value));
        Some(places)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::RowEdit;

    #[test]
    fn a_title_is_told_in_the_language_of_whoever_reads_it() {
        let [zh, en] = [Lang::Zh, Lang::En].map(Locale::load);
        let names = zh.keys().into_iter().filter(|key| key.starts_with(OWN) || TITLES.contains(&&**key));
        let keys: Vec<String> = names.collect();
        assert!(20 < keys.len());
        for key in keys {
            let title = |locale: &Locale| {
                let inner = locale.fill("ui.change.edit", &[("column", "所在单位"), ("line", "7")]);
                let places = [
                    ("line", "12"),
                    ("n", "3"),
                    ("number", "5"),
                    ("batch", "4"),
                    ("column", "所在单位"),
                    ("title", &inner),
                    ("name", "lanzhou"),
                    ("file", "回执 2.xlsx"),
                    ("source", "other.csv"),
                ];
                locale.fill(&key, &places)
            };
            assert_eq!(en.step_title(&title(&zh)), title(&en), "{key}");
            assert_eq!(zh.step_title(&title(&en)), title(&zh), "{key}");
            assert_eq!(zh.step_title(&title(&zh)), title(&zh), "{key}");
        }
        for (of_zh, of_en) in [
            ("一栏拆成两栏 职业名称", "Cut a column in two: 职业名称"),
            ("两栏合成一栏 职业名称、培训项目（表样以外）", "Join two columns: 职业名称, 培训项目 (not of the form)"),
        ] {
            assert_eq!((en.step_title(of_zh), zh.step_title(of_en)), (of_en.into(), of_zh.into()));
            assert_eq!((zh.step_title(of_zh), en.step_title(of_en)), (of_zh.into(), of_en.into()));
        }
        for own in ["", "Note 3", "第行", "my own words"] {
            assert_eq!(zh.step_title(own), own, "nothing is made of what nobody knows");
        }
    }

    #[test]
    fn what_a_title_says_is_not_counted_again() {
        let zh = Locale::load(Lang::Zh);
        let said = |what, rows: u32| {
            let edit = |row| RowEdit { row, what, before: None, after: Some("x".into()) };
            Change { title: "移出名册".into(), rows: (0..rows).map(edit).collect(), ..Change::default() }
        };
        assert_eq!(zh.step_told(&said(RowWhat::Aside, 6)), "移出名册，6 行");
        assert_eq!(zh.step_told(&said(RowWhat::Note, 1)), "移出名册");
        let mut both = said(RowWhat::Aside, 2);
        both.rows.extend(said(RowWhat::Note, 1).rows);
        assert_eq!(zh.step_counts(&both), "移出 2 行、备注 1 行");
    }
}

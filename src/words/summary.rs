//! The summary of a roster in words: what is counted, and bars beside the numbers.

use super::Locale;
use crate::domain::rules::RuleId;
use crate::domain::sheet::Field;
use crate::domain::summary::{Summary, SummaryBy, SummaryLine};
use crate::domain::text;

impl Locale {
    pub fn summary_title(&self, by: SummaryBy) -> String {
        self.text(&format!("summary.by.{}", by.key())).to_string()
    }

    /// Says how many rows and people there are, and what is wrong with them.
    pub fn summary_told(&self, summary: &Summary) -> String {
        let places = [
            ("rows", summary.rows.to_string()),
            ("people", summary.people.to_string()),
            ("wrong", summary.wrong.to_string()),
            ("without", summary.without_code.to_string()),
        ];
        self.fill("summary.told", &places.each_ref().map(|(place, n)| (*place, n.as_str())))
    }

    /// Names what a line counts.
    pub fn summary_name(&self, by: SummaryBy, line: &SummaryLine) -> String {
        match (by, &*line.text) {
            (SummaryBy::Rule, code) => {
                let title = self.rule(code).map_or("", |page| page.title.as_str());
                let name = RuleId::find(code).map_or("", |rule| rule.spec().name);
                format!("{code} {}", if title.is_empty() { name } else { title })
            }
            (SummaryBy::Month, "") => self.text("summary.no-day").to_string(),
            (_, "") => self.text("summary.blank").to_string(),
            // A column that slipped by one shows no number.
            _ => text::visible(&line.masked(Field::Employer)).into_owned(),
        }
    }

    /// Draws how many rows a line counts beside the longest of its table, whose bar has so many signs.
    pub fn summary_bar(&self, line: &SummaryLine, longest: u32, (sign, signs): (char, u32)) -> String {
        // What there is at all is seen.
        let signs = (u64::from(line.rows) * u64::from(signs)).div_ceil(u64::from(longest.max(1)));
        String::from(sign).repeat(signs as usize)
    }
}

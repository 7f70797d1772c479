//! Texts with places: `大赛名称：{contest}`, boxes that are ticked where a value is chosen: `{?collection=受理点}`,
//! and days as data has them: `{issue-day|iso}`.

use std::borrow::Cow;

use serde::Deserialize;

/// A text with places.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// What stands there is the value of a name; a day as data has it where that is asked for.
    Place(String, bool),
    /// A box, ticked where the value of the name is this one.
    Tick(String, String),
}

impl From<String> for Template {
    fn from(text: String) -> Template {
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, behind)) = rest.split_once('{') {
            let Some((inside, after)) = behind.split_once('}') else { break };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_string()));
            }
            parts.push(match inside.strip_prefix('?').and_then(|inside| inside.split_once('=')) {
                Some((name, value)) => Part::Tick(name.to_string(), value.to_string()),
                None => {
                    let (name, is_iso) = inside.strip_suffix("|iso").map_or((inside, false), |name| (name, true));
                    Part::Place(name.to_string(), is_iso)
                }
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_string()));
        }
        Template(parts)
    }
}

impl Template {
    /// Lists the names of its places.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Place(name, _) | Part::Tick(name, _) => Some(name.as_str()),
        })
    }

    /// Fills the places; `value` gives what is known under a name, a day as data has it or as it is written.
    pub fn filled<'a>(&self, value: impl Fn(&str, bool) -> Cow<'a, str>) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(words) => text += words,
                Part::Place(name, is_iso) => text += &value(name, *is_iso),
                Part::Tick(name, of) => text.push(if value(name, true) == of.as_str() { '☑' } else { '□' }),
            }
        }
        text
    }
}

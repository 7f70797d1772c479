//! Texts with places: `大赛名称：{contest}`, and boxes that are ticked where a value is chosen: `{?collection=受理点}`.

use serde::Deserialize;

/// A text with places.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// What stands there is the value of a name.
    Place(String),
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
                None => Part::Place(inside.to_string()),
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
            Part::Place(name) | Part::Tick(name, _) => Some(name.as_str()),
        })
    }

    /// Fills the places; `value` gives what is known under a name, as it is written.
    pub fn filled<'a>(&self, value: impl Fn(&str) -> std::borrow::Cow<'a, str>) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(words) => text += words,
                Part::Place(name) => text += &value(name),
                Part::Tick(name, of) => text.push(if value(name) == of.as_str() { '☑' } else { '□' }),
            }
        }
        text
    }
}

//! An institution as a case tells it.

use serde::Deserialize;
use skillcert::domain::level::Level;
use skillcert::domain::registry::{DatedName, Institution, Rectification, Retired, ScopeItem, Standing};

/// An institution of the registry.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filed {
    pub prefix: String,
    /// The profile it was filed under.
    pub profile: String,
    /// Its names with the days they are valid: `样例学院`, `样例学院 - 2023-12-31`, `样例大学 2024-01-01 -`.
    pub names: Vec<String>,
    /// The last day of its certificates; none while it may issue.
    pub retired: String,
    /// What it is on record for: occupation, work type, levels, separated by `|`.
    pub scope: Vec<String>,
    /// Since when it puts things right; none while it does not.
    pub rectifying: String,
    /// The employers that belong to it.
    pub affiliates: Vec<String>,
}

impl Filed {
    pub fn standing(&self) -> Standing {
        let since = self.rectifying.parse().ok();
        let rectification = since.map(|since| Rectification { since, paper: String::new() });
        Standing { rectification, affiliates: self.affiliates.clone() }
    }

    pub fn institution(&self) -> Institution {
        let day = |text: &str| text.parse().ok();
        let name = |named: &String| {
            let mut parts = named.split(' ');
            let mut part = || parts.next().unwrap_or_default();
            DatedName { name: part().to_string(), from: day(part()), to: day(part()) }
        };
        let item = |row: &String| {
            let parts: Vec<&str> = row.split('|').collect();
            let [occupation, work_type] = [parts[0], parts[1]].map(String::from);
            let levels = parts[2].bytes().filter_map(|digit| Level::new(digit - b'0')).collect();
            ScopeItem { occupation, work_type, levels, ..ScopeItem::default() }
        };
        let retired = |on| Retired { on, reason: "取消".into(), successor: None };
        Institution {
            prefix: self.prefix.clone(),
            profile: self.profile.clone(),
            names: self.names.iter().map(name).collect(),
            scope: self.scope.iter().map(item).collect(),
            retired: day(&self.retired).map(retired),
            ..Institution::default()
        }
    }
}

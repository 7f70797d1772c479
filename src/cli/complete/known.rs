//! What the state folder knows: profiles, batches, cases, institutions, recipes.

use crate::domain::ledger::case::CaseFilter;
use crate::domain::rules::{RULES, RuleSpec};
use crate::office::Office;

/// How many cases are offered, newest first.
const CASES: u32 = 100;

/// What is known by a name or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Profiles,
    /// Those at work, and all of them where one that was put away is meant.
    Batches {
        all: bool,
    },
    Cases,
    Prefixes,
    Recipes,
    /// The rules of the handbook.
    Topics,
}

/// Lists what there is of a kind, each with a remark that names nobody; nothing where the folder cannot be read.
pub fn known(kind: Known, office: &Office) -> Option<Vec<(String, String)>> {
    let locale = office.locale();
    Some(match kind {
        Known::Profiles => {
            let all = office.catalogue().profiles.iter();
            all.map(|profile| (profile.id.clone(), locale.profile_name(profile).to_string())).collect()
        }
        Known::Batches { all } => {
            let listed = office.batches_by_name().ok()?.into_iter().filter(|batch| all || !batch.closed);
            listed.map(|batch| (batch.id.to_string(), batch.origin.file)).collect()
        }
        Known::Cases => {
            let filter = CaseFilter { limit: Some(CASES), ..CaseFilter::default() };
            let cases = office.look().ok()?.cases(&filter).ok()?;
            let told = |kind, state| format!("{} {}", locale.case_kind(kind), locale.case_state(state));
            cases.iter().map(|c| (c.case.id.to_string(), told(c.case.kind(), c.case.state))).collect()
        }
        Known::Prefixes => {
            let registry = office.registry().ok()?;
            registry.institutions().map(|one| (one.prefix.clone(), locale.institution(one))).collect()
        }
        Known::Recipes => office.recipes().ok()?.into_iter().map(|kept| (kept.name, String::new())).collect(),
        Known::Topics => {
            let page = |rule: &RuleSpec| {
                let title = locale.rule(rule.code).map_or(rule.name, |page| page.title.as_str());
                (rule.code.to_string(), title.to_string())
            };
            RULES.iter().map(page).collect()
        }
    })
}

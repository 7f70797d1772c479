//! The sample rosters: what stands in each, found by the real program.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::support::Desk;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    file: String,
    /// The profile, given where the roster has no codes to tell it.
    profile: String,
    given: bool,
    rows: u64,
    /// `row column rule clause`, in the order of the report.
    finds: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Samples {
    sample: Vec<Sample>,
}

/// Each sample is recognised by its codes or columns and shows its mistakes, each under a clause of its own notice.
#[test]
fn every_sample_shows_its_mistakes() {
    let text = include_str!("../cases/samples.toml");
    let samples: Samples = toml::from_str(text).expect("the cases");
    let desk = Desk::new();
    for sample in samples.sample {
        let path = crate::support::root("data/samples").join(&sample.file);
        let path = path.to_str().expect("a path");
        let mut arguments = vec!["check", path, "--format", "json"];
        if sample.given {
            arguments.extend(["--profile", &sample.profile]);
        }
        let report: serde_json::Value = serde_json::from_str(&desk.verb(&arguments).out).expect("JSON");
        assert_eq!(report["profile"], sample.profile.as_str(), "{}", sample.file);
        assert_eq!(report["row_count"], sample.rows, "{}", sample.file);
        let text = |f: &serde_json::Value, key: &str| f[key].as_str().unwrap_or_default().to_string();
        let found: Vec<String> = report["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|f| format!("{} {} {} {}", f["row"], text(f, "column"), text(f, "rule"), text(f, "clause")))
            .collect();
        assert_eq!(found, sample.finds, "{}", sample.file);
        let counted = report["summary"]["rules"].as_object().expect("counts").values();
        let counted: u64 = counted.map(|n| n.as_u64().expect("a count")).sum();
        assert_eq!(counted, found.len() as u64, "{}: each finding is counted under its rule", sample.file);
        let messages = report["findings"].as_array().expect("findings").iter().map(|f| text(f, "message"));
        assert!(messages.into_iter().all(|m| !m.contains('{')), "{}: a place is not filled", sample.file);
    }
}

/// Every profile that is built in has a sample.
#[test]
fn every_profile_has_a_sample() {
    let samples: Samples = toml::from_str(include_str!("../cases/samples.toml")).expect("the cases");
    let with: BTreeMap<&str, usize> = samples.sample.iter().map(|s| (s.profile.as_str(), s.finds.len())).collect();
    for profile in &skillcert::data::Catalogue::built_in().profiles {
        assert!(with.get(profile.id.as_str()).is_some_and(|n| 3 < *n), "{}", profile.id);
    }
}

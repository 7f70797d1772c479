//! Profiles nobody would write: read or refused, and what is read can be worked with.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use skillcert::data::{self, Catalogue};
use skillcert::domain::decoder::Decoder;
use skillcert::domain::profile::Profile;
use skillcert::domain::roster::BlockBuilder;
use skillcert::domain::rules::{CheckContext, Checker, Tables};
use skillcert::domain::sheet::{ColumnMap, Field};

static TABLES: LazyLock<Arc<Tables>> = LazyLock::new(|| Arc::new(data::tables([])));

/// A profile's text with pieces of it cut out, repeated or overwritten.
fn damaged() -> impl Strategy<Value = String> {
    let texts: Vec<String> =
        Catalogue::built_in().sources.iter().map(|s| s.text.to_string()).chain([data::template("x")]).collect();
    let edit = (any::<prop::sample::Index>(), 0usize..12, "[0-9a-zA-Z\\[\\]=\", {}.\\-\n#省]{0,6}");
    (prop::sample::select(texts), prop::collection::vec(edit, 0..6)).prop_map(|(text, edits)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (place, length, new) in edits {
            let from = place.index(chars.len());
            let to = (from + length).min(chars.len());
            chars.splice(from..to, new.chars());
        }
        chars.into_iter().collect()
    })
}

/// A layout whose widths and numbers are any that can be written.
fn odd_layout() -> impl Strategy<Value = String> {
    let reader = prop_oneof![
        Just("reader = \"digits\"".to_string()),
        Just("reader = \"year\"".to_string()),
        Just("reader = \"level\"".to_string()),
        Just("reader = \"region\"\ntable = \"beijing\"".to_string()),
        (any::<u32>(), any::<u32>()).prop_map(|(a, b)| format!("reader = \"serial\"\nfirst = {a}\nlast = {b}")),
        (any::<u32>(), any::<u32>()).prop_map(|(a, b)| format!(
            "reader = \"ranges\"\nranges = [{{ first = {a}, last = {b}, name = \"x\", name_en = \"x\" }}]"
        )),
    ];
    prop::collection::vec((1usize..23, reader), 1..8).prop_map(|parts| {
        let template = data::template("x");
        let (head, _) = template.split_once("[[segment]]").expect("segments");
        let mut text = head.to_string();
        let mut from = 1;
        let last = parts.len() - 1;
        for (i, (width, reader)) in parts.into_iter().enumerate() {
            let to = if i == last { 22 } else { (from + width - 1).min(21) };
            text += &format!(
                "[[segment]]\nname = \"x\"\nname_en = \"x\"\nfrom = {from}\nto = {to}\n{reader}\nclause = \"x\"\n"
            );
            from = to + 1;
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a profile file, it is read or refused; and what is read can be worked with.
    #[test]
    fn no_profile_breaks_the_program(text in prop_oneof![2 => damaged(), 1 => odd_layout()], code in "[SY][0-9J]{18,23}") {
        if let Ok(profile) = Profile::parse(&text) {
            let profile = Arc::new(profile);
            let tables = Arc::clone(&TABLES);
            let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
            let decoder = Decoder::new(vec![Arc::clone(&profile)], Arc::clone(&tables), today);
            let first = decoder.examine(&code);
            prop_assert_eq!(first, decoder.examine(&code));
            let sheet = data::sheet("upload-11").expect("the form");
            let labels: Vec<String> = sheet.columns.iter().map(|c| c.label.clone()).collect();
            let columns = ColumnMap::matched(&labels, &sheet);
            let mut block = BlockBuilder::new();
            sheet.columns.iter().for_each(|c| block.cell(if c.field == Field::Code { &code } else { &c.example }));
            block.end_row(0);
            let context = CheckContext::new(profile, sheet, tables, today);
            let report = Checker::new(context, columns).check_block(&block.finish(1));
            prop_assert!(report.findings.iter().all(|f| f.row == 0));
        }
    }
}

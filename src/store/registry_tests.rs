use super::*;
use crate::domain::profile::Profile;
use crate::domain::registry::{Changes, FiledPrefix, Filing};
use crate::store::{BatchCounts, NewBatch, StatePaths, StoreReader};
use proptest::prelude::*;

const A: &str = "Y000111021001";
const B: &str = "Y000111021002";
const C: &str = "Y000111021003";

fn filing(prefix: &str, name: &str) -> Filing {
    let profile = Profile::parse(include_str!("../../data/profiles/beijing.toml")).unwrap();
    Filing {
        prefix: FiledPrefix::read(prefix, &profile, &|_, _| Some(Default::default())).unwrap(),
        name: name.into(),
        from: None,
        kind: "用人单位".into(),
        filed_on: Some(day_of("2022-01-05")),
        contact: "张三 010-12345678".into(),
    }
}

fn day_of(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn open(dir: &tempfile::TempDir) -> Store {
    Store::open(&StatePaths::at(dir.path()).unwrap(), "wang", "test").unwrap()
}

fn renamed(prefix: &str, name: &str, from: &str) -> InstitutionEvent {
    let changes = Changes { name: Some((name.into(), day_of(from))), ..Changes::default() };
    InstitutionEvent::Change { prefix: prefix.into(), changes }
}

#[test]
fn what_was_counted_before_the_registry_changed_is_told_as_outdated() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    let id = store.create_batch(&NewBatch::default()).unwrap();
    let is_outdated = || store.work_of(&store.batch(id).unwrap()).unwrap().is_outdated;
    let add = |prefix: &str| {
        let event = InstitutionEvent::Add(filing(prefix, "甲公司"));
        store.institution_event(&event, "", day_of("2026-11-21")).unwrap();
    };
    add(A);
    assert!(!is_outdated(), "nothing was counted yet");
    store.note_counts(id, BatchCounts::default()).unwrap();
    assert!(!is_outdated());
    add(B);
    assert!(is_outdated());
    store.save_view(id, "{}").unwrap();
    assert!(!is_outdated(), "whoever had it on the screen saw what counts now");
}

#[test]
fn what_happened_is_there_for_the_next_one_with_its_entries() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    assert_eq!(
        store.institution_event(&InstitutionEvent::Add(filing(A, "甲公司")), "备案", day_of("2026-11-21")).unwrap(),
        1
    );
    store.institution_event(&InstitutionEvent::Add(filing(B, "乙公司")), "", day_of("2026-11-21")).unwrap();
    store.institution_event(&renamed(A, "甲集团", "2023-03-01"), "改制", day_of("2026-11-21")).unwrap();
    let level = |digit| Level::new(digit).unwrap();
    let item = ScopeItem { occupation: "电工".into(), levels: vec![level(3), level(4)], ..ScopeItem::default() };
    store
        .institution_event(
            &InstitutionEvent::Scope { prefix: A.into(), items: vec![item.clone()] },
            "",
            day_of("2026-11-21"),
        )
        .unwrap();
    let merge =
        InstitutionEvent::Merge {
            filing: filing(C, "丙公司"), of: vec![A.into(), B.into()], on: day_of("2024-06-30")
        };
    assert_eq!(store.institution_event(&merge, "合并", day_of("2026-11-21")).unwrap(), 5);
    drop(store);

    let reader = StoreReader::open(&StatePaths::at(dir.path()).unwrap()).unwrap().unwrap();
    let registry = reader.registry().unwrap();
    let a = registry.get(A).unwrap();
    assert_eq!((a.names.len(), a.name(), &a.scope), (2, "甲集团", &vec![item]));
    assert_eq!(a.retired.as_ref().unwrap().successor.as_deref(), Some(C));
    assert_eq!(registry.get(C).unwrap().name(), "丙公司");
    let entries = reader.entries_of(&object_of(A)).unwrap();
    let actions: Vec<&str> = entries.iter().map(|e| e.action.as_str()).collect();
    let all = ["institution.add", "institution.change", "institution.scope", "institution.merge"];
    assert_eq!(actions, all);
    assert_eq!(
        (entries[0].before.as_str(), entries[0].user.as_str(), entries[1].reason.as_str()),
        ("", "wang", "改制")
    );
    let after: serde_json::Value = serde_json::from_str(&entries[3].after).unwrap();
    assert_eq!(after["retired"]["on"], "2024-06-30");
    assert_eq!(after["names"][0]["to"], "2023-02-28");
    assert!(entries.windows(2).all(|w| w[0].after == w[1].before));
    assert!(entries.iter().all(|e| e.hash == e.computed_hash()));
}

#[test]
fn a_refusal_stores_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    store.institution_event(&InstitutionEvent::Add(filing(A, "甲公司")), "", day_of("2026-11-21")).unwrap();
    let head = store.audit_head().unwrap();
    let error =
        store.institution_event(&InstitutionEvent::Add(filing(A, "乙公司")), "", day_of("2026-11-21")).unwrap_err();
    assert!(matches!(error, StoreError::Registry(_)), "{error}");
    assert_eq!((store.audit_head().unwrap(), store.registry().unwrap().get(A).unwrap().name()), (head, "甲公司"));
}

#[test]
fn what_nobody_of_us_wrote_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    store.institution_event(&InstitutionEvent::Add(filing(A, "甲公司")), "", day_of("2026-11-21")).unwrap();
    store.db.execute("UPDATE institution SET filed_on = 'x'", []).unwrap();
    assert_eq!(store.registry().unwrap_err().key(), "damaged");
}

#[test]
fn the_file_itself_keeps_a_retired_prefix_retired() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    store.institution_event(&InstitutionEvent::Add(filing(A, "甲公司")), "", day_of("2026-11-21")).unwrap();
    store
        .institution_event(
            &InstitutionEvent::Cancel { prefix: A.into(), on: day_of("2024-01-01") },
            "注销",
            day_of("2026-11-21"),
        )
        .unwrap();
    for statement in ["UPDATE institution SET retired_on = NULL", "DELETE FROM institution"] {
        assert!(store.db.execute(statement, []).is_err(), "{statement}");
    }
}

/// A step out of small numbers: few prefixes and days, so that they meet.
fn any_event() -> impl Strategy<Value = InstitutionEvent> {
    let prefixes = vec![A, B, C];
    let prefix = move || prop::sample::select(prefixes.clone()).prop_map(String::from);
    let date = || (1..28_u32).prop_map(|d| NaiveDate::from_ymd_opt(2024, 5, d).unwrap());
    let name = || prop::sample::select(vec!["甲公司", "乙公司", "丙公司"]);
    let filed = |(p, name): (String, &str)| filing(&p, name);
    prop_oneof![
        3 => (prefix.clone()(), name()).prop_map(filed).prop_map(InstitutionEvent::Add),
        3 => (prefix.clone()(), name(), date()).prop_map(|(p, name, from)| renamed(&p, name, &from.to_string())),
        1 => (prefix.clone()(), name()).prop_map(|(prefix, name)| {
            let seal = Seal { name: name.into(), from: None, electronic_from: None };
            InstitutionEvent::Change { prefix, changes: Changes { seal: Some(seal), ..Changes::default() } }
        }),
        1 => (prefix.clone()(), prop::collection::vec(name(), 1..3)).prop_map(|(prefix, names)| {
            let items = names.into_iter().map(|n| ScopeItem { occupation: n.into(), ..ScopeItem::default() });
            InstitutionEvent::Scope { prefix, items: items.collect() }
        }),
        1 => (prefix.clone()(), prefix.clone()(), date())
            .prop_map(|(prefix, of, on)| InstitutionEvent::Absorb { prefix, of: vec![of], on }),
        1 => (prefix(), date()).prop_map(|(prefix, on)| InstitutionEvent::Cancel { prefix, on }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_events_again_give_the_stored_registry(events in prop::collection::vec(any_event(), 0..20)) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(&dir);
        let mut memory = Registry::default();
        for (n, event) in events.iter().enumerate() {
            if n % 7 == 6 {
                drop(store);
                store = open(&dir);
            }
            let stored = store.institution_event(event, "原因", day_of("2026-11-21"));
            prop_assert_eq!(stored.is_ok(), memory.apply(event, "原因", day_of("2026-11-21")).is_ok());
            prop_assert_eq!(&store.registry().unwrap(), &memory);
        }
        // What the chain says was there last is what is there.
        drop(store);
        let reader = StoreReader::open(&StatePaths::at(dir.path()).unwrap()).unwrap().unwrap();
        for institution in memory.institutions() {
            let entries = reader.entries_of(&object_of(&institution.prefix)).unwrap();
            prop_assert_eq!(&entries.last().unwrap().after, &serde_json::to_string(institution).unwrap());
        }
    }
}

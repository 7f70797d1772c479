use super::*;
use crate::domain::profile::Profile;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn beijing() -> Profile {
    Profile::parse(include_str!("../../../data/profiles/beijing.toml")).unwrap()
}

/// Every district is known, so that only the shape decides.
fn read(prefix: &str) -> Result<FiledPrefix, PrefixFault> {
    FiledPrefix::read(prefix, &beijing(), &|_, _| Some(["区".to_string(), String::new()]))
}

fn filing(prefix: &str, name: &str) -> Filing {
    Filing {
        prefix: read(prefix).unwrap(),
        name: name.into(),
        from: None,
        kind: String::new(),
        filed_on: None,
        contact: String::new(),
    }
}

fn rename_to(prefix: &str, name: &str, from: &str) -> InstitutionEvent {
    let changes = Changes { name: Some((name.into(), day(from))), ..Changes::default() };
    InstitutionEvent::Change { prefix: prefix.into(), changes }
}

const A: &str = "Y000111021001";
const B: &str = "Y000111021002";
const C: &str = "Y000111021003";

fn two() -> Registry {
    let mut registry = Registry::default();
    registry.apply(&InstitutionEvent::Add(filing(A, "甲公司")), "", day("2026-11-21")).unwrap();
    registry.apply(&InstitutionEvent::Add(filing(B, "乙公司")), "", day("2026-11-21")).unwrap();
    registry
}

#[test]
fn a_prefix_reads_under_its_profile_or_is_refused() {
    assert_eq!(read(A).unwrap().profile(), "beijing");
    for (text, length) in [("Y00011102100", 12), ("y000111021001", 13), ("Y00011102100证", 13), ("", 0)] {
        assert_eq!(read(text), Err(PrefixFault::Shape { length }), "{text}");
    }
    let fault = |text: &str| match read(text).unwrap_err() {
        PrefixFault::Segment { from, to, found, clause, .. } => (from, to, found, clause),
        fault @ PrefixFault::Shape { .. } => panic!("{fault:?}"),
    };
    assert_eq!(fault("Z000111021001"), (1, 1, "Z".into(), "BJ-41".into()));
    assert_eq!(fault("Y000112021001"), (6, 7, "12".into(), "BJ-43".into()));
    assert_eq!(fault("Y0001110210A1").0, 12);
    let closed = FiledPrefix::read("Y000111991001", &beijing(), &|_, _| None);
    assert!(matches!(closed, Err(PrefixFault::Segment { from: 8, to: 9, .. })), "{closed:?}");
}

#[test]
fn a_new_name_keeps_the_old_one_and_ends_it_the_day_before() {
    let mut registry = two();
    registry.apply(&rename_to(A, " 甲集团 ", "2023-03-01"), "", day("2026-11-21")).unwrap();
    let institution = registry.get(A).unwrap();
    assert_eq!(institution.name_on(day("2023-02-28")), Some("甲公司"));
    assert_eq!(institution.name_on(day("2023-03-01")), Some("甲集团"));
    assert_eq!(institution.name(), "甲集团");
    assert_eq!(registry.named("甲公司", day("2023-02-28")).count(), 1);
    assert_eq!(registry.named("甲公司", day("2023-03-01")).count(), 0);
    let order = InstitutionRefusal::NameOrder { from: day("2023-03-01"), since: day("2023-03-01") };
    assert_eq!(registry.apply(&rename_to(A, "甲", "2023-03-01"), "", day("2026-11-21")), Err(order));
    assert_eq!(
        registry.apply(&rename_to(A, "甲集团", "2024-03-01"), "", day("2026-11-21")),
        Err(InstitutionRefusal::SameName)
    );
    assert_eq!(
        registry.apply(&rename_to(A, "\u{200B} ", "2024-03-01"), "", day("2026-11-21")),
        Err(InstitutionRefusal::EmptyName)
    );
    assert_eq!(
        registry.apply(&rename_to(C, "丙", "2024-03-01"), "", day("2026-11-21")),
        Err(InstitutionRefusal::Unknown(C.into()))
    );
}

#[test]
fn a_merger_makes_a_new_institution_and_retires_the_old_prefixes() {
    let mut registry = two();
    let merge = |of: &[&str]| InstitutionEvent::Merge {
        filing: filing(C, "丙公司"),
        of: of.iter().map(|p| (*p).to_string()).collect(),
        on: day("2024-06-30"),
    };
    assert_eq!(registry.apply(&merge(&[A]), "", day("2026-11-21")), Err(InstitutionRefusal::TooFew { needed: 2 }));
    assert_eq!(registry.apply(&merge(&[A, A]), "", day("2026-11-21")), Err(InstitutionRefusal::Twice(A.into())));
    assert_eq!(registry.apply(&merge(&[A, C]), "", day("2026-11-21")), Err(InstitutionRefusal::Twice(C.into())));
    assert_eq!(registry, two(), "a refusal changes nothing");
    assert_eq!(registry.apply(&merge(&[A, B]), "合并", day("2026-11-21")).unwrap(), [C, A, B]);
    let retired = registry.get(A).unwrap().retired.clone().unwrap();
    assert_eq!((retired.on, retired.successor.as_deref()), (day("2024-06-30"), Some(C)));
    assert_eq!(registry.predecessors(C).count(), 2);
    assert_eq!(
        registry.apply(&InstitutionEvent::Add(filing(A, "别家")), "", day("2026-11-21")),
        Err(InstitutionRefusal::Retired(A.into()))
    );
    assert_eq!(
        registry.apply(&InstitutionEvent::Add(filing(C, "别家")), "", day("2026-11-21")),
        Err(InstitutionRefusal::Taken(C.into()))
    );
    assert_eq!(
        registry.apply(&rename_to(A, "别家", "2025-01-01"), "", day("2026-11-21")),
        Err(InstitutionRefusal::Retired(A.into()))
    );
}

#[test]
fn one_that_takes_others_over_keeps_its_prefix() {
    let mut registry = two();
    let absorb = |of: &str| InstitutionEvent::Absorb { prefix: A.into(), of: vec![of.into()], on: day("2024-06-30") };
    assert_eq!(registry.apply(&absorb(A), "", day("2026-11-21")), Err(InstitutionRefusal::Twice(A.into())));
    assert_eq!(registry.apply(&absorb(B), "", day("2026-11-21")).unwrap(), [A, B]);
    assert!(registry.get(A).unwrap().retired.is_none());
    assert_eq!(registry.apply(&absorb(B), "", day("2026-11-21")), Err(InstitutionRefusal::Retired(B.into())));
}

#[test]
fn a_cancelled_prefix_needs_a_reason_and_a_day_in_order() {
    let mut registry = two();
    registry.apply(&rename_to(A, "甲集团", "2023-03-01"), "", day("2026-11-21")).unwrap();
    let cancel = |on: &str| InstitutionEvent::Cancel { prefix: A.into(), on: day(on) };
    assert_eq!(registry.apply(&cancel("2024-01-01"), " ", day("2026-11-21")), Err(InstitutionRefusal::NoReason));
    let since = day("2023-03-01");
    let order = InstitutionRefusal::EndOrder { prefix: A.into(), on: day("2023-02-01"), since };
    assert_eq!(registry.apply(&cancel("2023-02-01"), "注销", day("2026-11-21")), Err(order));
    let ahead = registry.apply(&cancel("2026-11-22"), "注销", day("2026-11-21"));
    assert_eq!(ahead, Err(InstitutionRefusal::Ahead(day("2026-11-22"))), "it would be retired today already");
    registry.apply(&cancel("2024-01-01"), "注销", day("2026-11-21")).unwrap();
    let institution = registry.get(A).unwrap();
    assert!(!institution.is_retired_before(day("2024-01-01")) && institution.is_retired_before(day("2024-01-02")));
    assert_eq!(institution.name(), "甲集团", "it still decodes");
}

#[test]
fn seals_and_scope_are_kept_and_an_empty_change_is_refused() {
    let mut registry = two();
    let seal = |from: Option<&str>, electronic: Option<&str>| {
        let seal = Seal { name: "甲公司章".into(), from: from.map(day), electronic_from: electronic.map(day) };
        InstitutionEvent::Change { prefix: A.into(), changes: Changes { seal: Some(seal), ..Changes::default() } }
    };
    registry.apply(&seal(Some("2022-01-01"), None), "", day("2026-11-21")).unwrap();
    registry.apply(&seal(None, Some("2023-01-01")), "", day("2026-11-21")).unwrap();
    let expected =
        Seal { name: "甲公司章".into(), from: Some(day("2022-01-01")), electronic_from: Some(day("2023-01-01")) };
    assert_eq!(registry.get(A).unwrap().seals, [expected]);
    assert_eq!(registry.apply(&seal(None, None), "", day("2026-11-21")), Err(InstitutionRefusal::NothingChanges));
    let scope = |items: Vec<ScopeItem>| InstitutionEvent::Scope { prefix: A.into(), items };
    let item = ScopeItem { occupation: "电工".into(), ..ScopeItem::default() };
    assert_eq!(registry.apply(&scope(vec![]), "", day("2026-11-21")), Err(InstitutionRefusal::EmptyScope));
    registry.apply(&scope(vec![item.clone()]), "", day("2026-11-21")).unwrap();
    assert!(registry.has_scope());
    assert_eq!(registry.apply(&scope(vec![item]), "", day("2026-11-21")), Err(InstitutionRefusal::NothingChanges));
}

#[test]
fn every_refusal_has_its_own_name() {
    let all = [
        InstitutionRefusal::Prefix(PrefixFault::Shape { length: 0 }),
        InstitutionRefusal::Taken(A.into()),
        InstitutionRefusal::Retired(A.into()),
        InstitutionRefusal::Unknown(A.into()),
        InstitutionRefusal::EmptyName,
        InstitutionRefusal::SameName,
        InstitutionRefusal::NothingChanges,
        InstitutionRefusal::EmptyScope,
        InstitutionRefusal::TooFew { needed: 2 },
        InstitutionRefusal::Twice(A.into()),
        InstitutionRefusal::OtherProfile(A.into()),
        InstitutionRefusal::NoReason,
    ];
    let keys: BTreeSet<&str> = all.iter().map(InstitutionRefusal::key).collect();
    assert_eq!(keys.len(), all.len());
}

/// An event out of small numbers: few prefixes and days, so that they meet.
pub fn any_event() -> impl Strategy<Value = InstitutionEvent> {
    let prefix = || (0..5_u8).prop_map(|n| format!("Y00011102100{n}"));
    let date = || (1..28_u32).prop_map(|d| NaiveDate::from_ymd_opt(2024, 5, d).unwrap());
    let name = || prop::sample::select(vec!["甲公司", "乙公司", "丙公司", " "]);
    let filed = move || {
        (prefix(), name(), prop::option::of(date())).prop_map(|(p, name, from)| Filing { from, ..filing(&p, name) })
    };
    let of = move || prop::collection::vec(prefix(), 0..3);
    prop_oneof![
        4 => filed().prop_map(InstitutionEvent::Add),
        4 => (prefix(), name(), date()).prop_map(|(p, name, from)| {
            let changes = Changes { name: Some((name.into(), from)), ..Changes::default() };
            InstitutionEvent::Change { prefix: p, changes }
        }),
        1 => (prefix(), name(), prop::option::of(date())).prop_map(|(prefix, name, from)| {
            let seal = Seal { name: name.into(), from, electronic_from: None };
            InstitutionEvent::Change { prefix, changes: Changes { seal: Some(seal), ..Changes::default() } }
        }),
        1 => (prefix(), prop::collection::vec(name(), 0..3)).prop_map(|(prefix, names)| {
            let items = names.into_iter().map(|n| ScopeItem { occupation: n.into(), ..ScopeItem::default() });
            InstitutionEvent::Scope { prefix, items: items.collect() }
        }),
        1 => (filed(), of(), date()).prop_map(|(filing, of, on)| InstitutionEvent::Merge { filing, of, on }),
        1 => (prefix(), of(), date()).prop_map(|(prefix, of, on)| InstitutionEvent::Absorb { prefix, of, on }),
        1 => (prefix(), date()).prop_map(|(prefix, on)| InstitutionEvent::Cancel { prefix, on }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_retired_prefixes_stay_and_names_never_overlap(
        events in prop::collection::vec(any_event(), 0..60),
    ) {
        let mut registry = Registry::default();
        for event in &events {
            let before = registry.clone();
            match registry.apply(event, "原因", day("2026-11-21")) {
                Err(_) => prop_assert_eq!(&registry, &before),
                Ok(touched) => {
                    let mut changed = registry.institutions().filter(|i| before.get(&i.prefix) != Some(*i));
                    prop_assert!(changed.all(|i| touched.contains(&i.prefix)), "{:?}", touched);
                    prop_assert_eq!(touched, event.prefixes());
                }
            }
            for old in before.institutions() {
                let now = registry.get(&old.prefix).expect("nothing is taken out");
                prop_assert!(old.retired.is_none() || now == old, "a retired one changed");
                prop_assert!(now.names.len() >= old.names.len());
            }
            for institution in registry.institutions() {
                for pair in institution.names.windows(2) {
                    prop_assert!(pair[0].to.is_some() && pair[0].to < pair[1].from, "{:?}", institution.names);
                    prop_assert!(pair[0].from.is_none_or(|from| Some(from) <= pair[0].to));
                }
                prop_assert!(institution.names.last().is_some_and(|n| n.to.is_none()));
                let gone = institution.retired.as_ref().and_then(|r| r.successor.as_deref());
                prop_assert!(gone.is_none_or(|into| registry.get(into).is_some()));
            }
        }
    }
}

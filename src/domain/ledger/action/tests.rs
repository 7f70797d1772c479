use super::*;
use crate::domain::code::CertCode;

/// Entries that no store kept under `tests/stores` holds, as the chain has them.
const WRITTEN: [(&str, &str, &str, &str); 24] = [
    ("site.two-people", "site", r#"{"state":"on"}"#, r#"{"state":"asked"}"#),
    ("batch.digest", "batch:3", "", r#"{"sha256":"ab"}"#),
    (
        "batch.add",
        "batch:3",
        "",
        r#"{"part":1,"file":"名册.xlsx","sheet":"第二组","first_row":5,"rows":2,"sha256":"ab"}"#,
    ),
    (
        "batch.columns",
        "batch:3",
        r#"{"columns":[{"label":"姓名","field":"name"},{"label":"号","field":null}]}"#,
        r#"{"columns":[{"label":"姓名","field":"name"},{"label":"号","field":"id-number"}]}"#,
    ),
    ("batch.profile", "batch:3", r#"{"profile":"national"}"#, r#"{"profile":"beijing-2022"}"#),
    ("batch.close", "batch:3", "", ""),
    ("batch.reopen", "batch:3", "", ""),
    ("audit.unmask", "batch:03", "", ""),
    ("batch.complete", "batch:3", "", r#"{"rows":2,"sha256":null}"#),
    (
        "ledger.allocate",
        "batch:3",
        r#"{"series":[]}"#,
        r#"{"file":"名册.csv","profile":"national","count":0,"series":[]}"#,
    ),
    ("event.note", "institution:S000011000001", "", r#"{"event":"receipt","day":"2026-01-22"}"#),
    ("event.note", "batch:3", r#"{"event":"exam","day":"2026-10-12"}"#, r#"{"event":"exam","day":""}"#),
    ("fact.note", "batch:3", r#"{"facts":{"award-number":""}}"#, r#"{"facts":{"award-number":"甘人社通〔2025〕1号"}}"#),
    (
        "fact.note",
        "institution:S000011000001",
        r#"{"facts":{},"people":{"contact-name":"王强"}}"#,
        r#"{"facts":{},"people":{"contact-name":""}}"#,
    ),
    (
        "stock.receive",
        "stock:ordinary",
        "",
        r#"{"on":"2026-01-05","count":120,"moves":[{"first":"00011881","last":"00012000","state":"stock","keeper":"李敏","place":"三号柜"}]}"#,
    ),
    (
        "stock.use",
        "stock:competition",
        "",
        r#"{"on":"2026-03-02","count":2,"moves":[{"first":"00011881","last":"00011881","was":"used","had":{"series":"S000062010001242J*****","serial":4},"state":"spoiled","keeper":"王强"},{"first":"00011882","last":"00011882","was":"stock","state":"used","keeper":"王强","certificate":{"series":"S000062010001242J*****","serial":4}}],"case":7}"#,
    ),
    (
        "stock.destroy",
        "stock:ordinary",
        "",
        r#"{"on":"2026-03-09","count":1,"moves":[{"first":"00011881","last":"00011881","was":"spoiled","from":"李敏","state":"destroyed","keeper":"王强"}],"witness":"赵静","record":"2026-1"}"#,
    ),
    (
        "stock.count",
        "count:1",
        "",
        r#"{"on":"2026-06-30","kind":"ordinary","institution":"S000044012001","counted":313,"held":314,"missing":[{"first":"00012301","last":"00012301"}]}"#,
    ),
    (
        "stock.close",
        "count:1",
        "",
        r#"{"kind":"ordinary","lost":{"on":"2026-06-30","count":1,"moves":[{"first":"00012301","last":"00012301","was":"stock","state":"lost","keeper":"李敏"}]}}"#,
    ),
    (
        "stock.demand",
        "demand:2027",
        "",
        r#"{"kind":"ordinary","estimates":[40,200,150,20,5],"stock":313,"stock_on":"2026-12-31","allowance":0,"order":102}"#,
    ),
    (
        "share.add",
        "share:1",
        "",
        r#"{"receiver":"某局","purpose":"帮扶","scene":"核对","approver":"李主任","expires":"2026-12-31"}"#,
    ),
    ("share.change", "share:1", r#"{"purpose":"帮扶"}"#, r#"{"purpose":"帮扶","scope":"三人"}"#),
    ("share.hand-out", "share:1", "", r#"{"file":"year.csv","sha256":"ab","holds":"2024年台账"}"#),
    ("share.end", "share:1", "", r#"{"on":"2026-11-20"}"#),
];

#[test]
fn what_is_read_is_written_the_same() {
    for (name, object, before, after) in WRITTEN {
        let action = Action::read(name, object, before, after).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(
            (action.name().key(), action.written().each_ref().map(String::as_str)),
            (name, [object, before, after])
        );
    }
}

/// A word that is only told makes no entry unreadable: a later version may have more of them.
#[test]
fn a_word_of_a_later_version_that_decides_nothing_leaves_the_entry_readable() {
    let created = r#"{"file":"a.csv","sheet":"","profile":"national","profile_by":"the-stars"}"#;
    match Action::read("batch.create", "batch:3", "", created) {
        Some(Action::BatchCreate(act)) => assert_eq!((&*act.after.profile, act.after.profile_by), ("national", None)),
        other => panic!("{other:?}"),
    }
    let changed = r#"{"profile":"beijing","profile_by":"the-stars"}"#;
    assert!(Action::read("batch.profile", "batch:3", r#"{"profile":"national"}"#, changed).is_some());
    // What a column gave way to may bar the export: what nobody here knows is for a person to look at.
    let lost = r#"{"columns":[{"label":"证书编号","field":null,"lost":{"field":"code","to":"the-stars"}}]}"#;
    match Action::read("batch.columns", "batch:3", r#"{"columns":[]}"#, lost) {
        Some(Action::BatchColumns(act)) => {
            let lost = act.after.columns[0].lost.map(|lost| lost.to);
            assert_eq!(lost, Some(crate::domain::sheet::GaveWay::Disputed));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_nobody_writes_is_not_read() {
    for (name, object, before, after) in [
        ("ledger.lend", "ledger", "", "{}"),
        ("batch.close", "case:3", "", ""),
        ("batch.close", "batch:x", "", ""),
        ("batch.close", "batch:3", "", "{}"),
        ("batch.digest", "batch:3", "", ""),
        ("batch.digest", "batch:3", "", "no JSON"),
        ("case.refuse", "case:1", r#"{"state":"open"}"#, r#"{"state":"asleep"}"#),
        ("case.export", "case:1", "", r#"{"file":"x"}"#),
        ("institution.add", "institution:x", "", r#"{"prefix":"x"}"#),
        ("event.note", "ledger", "", r#"{"event":"exam","day":""}"#),
        ("stock.receive", "stock:wooden", "", r#"{"on":"2026-01-05","count":0,"moves":[]}"#),
        (
            "stock.receive",
            "stock:ordinary",
            "",
            r#"{"on":"2026-01-05","count":1,"moves":[{"first":"1","last":"1","state":"stock","keeper":"x"}]}"#,
        ),
        ("event.note", "batch:3", "", r#"{"event":"lent","day":""}"#),
    ] {
        assert_eq!(Action::read(name, object, before, after), None, "{name} {after}");
    }
}

#[test]
fn names_are_told_apart_and_lead_to_the_events_of_the_registry() {
    assert!(ActionName::ALL.iter().all(|name| ActionName::read(name.key()) == Some(*name)));
    for name in ActionName::ALL {
        assert_eq!(name.event().is_some(), name.key().starts_with("institution."), "{name:?}");
        assert!(name.event().is_none_or(|kind| ActionName::of_event(kind) == name), "{name:?}");
    }
}

#[test]
fn personal_values_are_no_part_of_what_is_printed_for_a_developer() {
    let change = r#"{"title":"x","cells":1,"edits":[{"row":1,"field":"name","before":"张伟","after":"张炜"}]}"#;
    let records = r#"{"records":{"S000062010001242J00001":{"name":"张伟"}}"#;
    for (name, before, after) in [
        ("batch.change", "", change.to_string()),
        ("ledger.sync", &*format!("{records}}}"), format!(r#"{records},"numbers":[]}}"#)),
    ] {
        let action = Action::read(name, "batch:1", before, &after).expect(name);
        assert!(!format!("{action:?}").contains('张'), "{action:?}");
    }
}

#[test]
fn what_is_unmasked_is_named_in_the_chain_as_ever() {
    let code = CertCode::new("S000062010001242J00001").unwrap();
    let whole = |name: &str| UnmaskedObject::Chain(Some(name.to_string()));
    for (object, written) in [
        (UnmaskedObject::Batch(BatchId(7)), "batch:7"),
        (UnmaskedObject::Row(BatchId(7), 3), "batch:7 3"),
        (UnmaskedObject::Certificate(code), "certificate:S000062010001242J00001"),
        (UnmaskedObject::Case(CaseId(5)), "case:5"),
        (UnmaskedObject::Cases, "case"),
        (UnmaskedObject::Ledger, "ledger"),
        (UnmaskedObject::Chain(None), "audit"),
        (whole("batch:7"), "batch:7"),
        (whole("batch:07"), "batch:07"),
    ] {
        assert_eq!(object.subject().written(), written);
        assert_eq!(object.subject(), Subject::named(written));
    }
}

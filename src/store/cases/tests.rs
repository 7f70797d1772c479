use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::domain::date;
use crate::domain::ledger::Status;
use crate::domain::ledger::adopt::{AdoptLeave, Issued};
use crate::domain::ledger::case::{CaseFilter, CaseKind, CaseRequest, Item, NewValue, ReissueCause, WhyCaseRefused};
use crate::domain::profile::Profile;
use crate::domain::rules::Tables;
use crate::domain::sheet::{Field, SheetSpec};
use crate::store::AdoptFile;
use crate::store::batches::samples::open;
use serde_json::Value;

const CODE: &str = "S000011084001223000001";

fn code() -> CertCode {
    CertCode::new(CODE).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn context() -> CheckContext {
    let profile = Profile::parse(include_str!("../../../data/profiles/beijing.toml")).unwrap();
    let sheet = SheetSpec::parse(include_str!("../../../data/sheets/upload-11.toml")).unwrap();
    // Without tables the rules find the same before and after a correction, and refuse nothing.
    CheckContext::new(Arc::new(profile), Arc::new(sheet), Arc::new(Tables::default()), day("2026-11-21"))
}

/// Puts a certificate into the ledger, as an adopted file would.
fn insert(store: &Store, status: Status) {
    let holder = Holder {
        name: "李小刚".into(),
        id_type: "201".into(),
        id_number: "11010519491231002X".into(),
        employer: "北京某某机械有限公司".into(),
        occupation: "电工".into(),
        work_type: "——".into(),
        level: "3".into(),
        issue_date: "2022-11-08".into(),
        institution: "北京某某技能培训学校".into(),
        issuing_body: "北京某某技能培训学校".into(),
    };
    let context = context();
    let (profile, on) = (context.profile(), day("2022-11-08"));
    let file = AdoptFile { name: "2022.csv", sha256: "", profile, status, on, reason: "" };
    let adopted = store.adopt(
        &file,
        [Issued { line: 2, code: CODE, is_wrong: false }].into_iter(),
        &|_| holder.clone(),
        AdoptLeave::Any,
    );
    assert_eq!(adopted.unwrap().new, 1);
}

fn application_for(request: CaseRequest) -> Application {
    Application { request, applied_on: day("2026-11-01"), reason: "登记时写错".into() }
}

fn correct(values: &[(&str, &str)]) -> Application {
    let value = |(item, to): &(&str, &str)| NewValue { item: Item::read(item).unwrap(), to: (*to).to_string() };
    application_for(CaseRequest::Correct(values.iter().map(value).collect()))
}

fn approval() -> Approval {
    Approval { reference: "京鉴函〔2026〕5号".into(), on: day("2026-11-20") }
}

fn record(store: &Store) -> Certificate {
    store.certificate_with_profile(code()).unwrap().0
}

/// Lists what stands in the chain: action, before and after.
fn entries(store: &Store) -> Vec<(String, String, String)> {
    store
        .read(|db| {
            db.prepare("SELECT action, before, after FROM audit ORDER BY seq")?
                .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
                .collect()
        })
        .unwrap()
}

#[test]
fn a_correction_keeps_what_stood_before() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "wang");
    insert(&store, Status::Published);
    let context = context();
    let application = correct(&[("name", "张玮"), ("photo", "p.jpg")]);
    let id = store.open_case(code(), &application, &context).unwrap();
    store.approve_case(id, &approval(), "传真件在档", &context).unwrap();
    assert_eq!(record(&store).holder.name, "李小刚", "nothing changes before the case is closed");
    store.close_case(id, None, "", &context).unwrap();
    drop(store);

    let store = open(dir.path(), "li");
    let stored = store.case(id).unwrap();
    assert_eq!((stored.case.state, stored.profile.as_str()), (CaseState::Closed, "beijing"));
    assert_eq!(stored.case.application, application);
    assert_eq!(stored.case.approval, Some(approval()));
    assert_eq!((stored.case.snapshot.name.as_str(), record(&store).holder.name.as_str()), ("李小刚", "张玮"));
    assert_eq!((stored.opened.user.as_str(), stored.opened.reason.as_str()), ("wang", "登记时写错"));
    assert_eq!(stored.approved.unwrap().reason, "传真件在档");
    let all = entries(&store);
    let actions: Vec<&str> = all.iter().map(|(action, ..)| action.as_str()).collect();
    assert_eq!(actions, ["ledger.import", "case.open", "case.approve", "case.close"]);
    let close: [Value; 2] = [&all[3].1, &all[3].2].map(|text| serde_json::from_str(text).unwrap());
    assert_eq!([&close[0]["record"]["name"], &close[1]["record"]["name"]], ["李小刚", "张玮"]);
    assert_eq!(close[0]["record"]["id-number"], close[1]["record"]["id-number"]);
}

#[test]
fn a_refused_step_leaves_no_trace() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "wang");
    insert(&store, Status::Published);
    let context = context();
    let id = store.open_case(code(), &correct(&[("name", "张玮")]), &context).unwrap();
    let before = entries(&store);
    let why = |done: Result<()>| match done.unwrap_err() {
        StoreError::Case(refusal) => refusal.why,
        other => panic!("{other}"),
    };
    assert_eq!(why(store.close_case(id, None, "", &context)), WhyCaseRefused::NotApproved);
    assert_eq!(why(store.refuse_case(id, " ")), WhyCaseRefused::NoReason);
    let late = Approval { on: day("2026-11-22"), ..approval() };
    assert!(matches!(why(store.approve_case(id, &late, "", &context)), WhyCaseRefused::Future(_)));
    let second = correct(&[("photo", "")]);
    assert_eq!(why(store.open_case(code(), &second, &context).map(drop)), WhyCaseRefused::Live(id));
    let unknown = CertCode::new("S000011084001223000002").unwrap();
    assert_eq!(store.open_case(unknown, &second, &context).unwrap_err().key(), "no-certificate");
    assert_eq!(store.case(CaseId(9)).unwrap_err().key(), "no-case");
    assert_eq!(entries(&store), before);
}

#[test]
fn a_record_that_changed_meanwhile_is_not_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "wang");
    insert(&store, Status::Exported);
    let context = context();
    let id = store.open_case(code(), &correct(&[("name", "张玮")]), &context).unwrap();
    store.approve_case(id, &approval(), "", &context).unwrap();
    store.write(|tx| tx.execute("UPDATE certificate SET employer = '另一家公司'", [])).unwrap();
    let StoreError::Case(refusal) = store.close_case(id, None, "", &context).unwrap_err() else { panic!("closed") };
    assert_eq!(refusal.why, WhyCaseRefused::Outdated);
    store.refuse_case(id, "内容已改").unwrap();
    assert_eq!(record(&store).holder.name, "李小刚");
}

#[test]
fn the_file_itself_lets_no_case_go_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "wang");
    insert(&store, Status::Published);
    let context = context();
    let id = store.open_case(code(), &correct(&[("name", "张玮")]), &context).unwrap();
    let refuses = |statement: &str| store.write(|tx| tx.execute(statement, [])).is_err();
    assert!(refuses("DELETE FROM case_file"));
    assert!(refuses("UPDATE case_file SET snapshot = '{}'"));
    assert!(refuses("UPDATE case_file SET state = 'closed'"), "an end has its entry");
    assert!(refuses(
        "INSERT INTO case_file (id, kind, state, certificate, snapshot, request, applied_on, reason, opened)
         SELECT 9, kind, state, certificate, snapshot, request, applied_on, reason, opened FROM case_file"
    ));
    store.refuse_case(id, "撤回").unwrap();
    assert!(refuses("UPDATE case_file SET state = 'open', ended = NULL"));
}

#[test]
fn cases_are_listed_by_what_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "wang");
    insert(&store, Status::Published);
    let context = context();
    let first = store.open_case(code(), &correct(&[("name", "张玮")]), &context).unwrap();
    let on = day("2026-11-20");
    let reissue = application_for(CaseRequest::Reissue { on, cause: ReissueCause::Lost, papers: vec![] });
    let second = store.open_case(code(), &reissue, &context).unwrap();
    store.close_case(second, None, "", &context).unwrap();
    assert_eq!(record(&store).reissued_on, Some(on));
    let ids = |filter: &CaseFilter| store.cases(filter).unwrap().iter().map(|c| c.case.id).collect::<Vec<_>>();
    assert_eq!(ids(&CaseFilter::default()), [second, first]);
    assert_eq!(ids(&CaseFilter { live: true, ..CaseFilter::default() }), [first]);
    assert_eq!(ids(&CaseFilter { kind: Some(CaseKind::Reissue), ..CaseFilter::default() }), [second]);
    let other = CertCode::new("S000011084001223000002");
    assert_eq!(ids(&CaseFilter { code: other, ..CaseFilter::default() }), []);
    assert_eq!(store.case(second).unwrap().case.application.request, reissue.request);
}

/// A step of a random life; the number picks one of the open cases, or now and then any there is or is not.
#[derive(Debug, Clone)]
enum CaseStep {
    Open(Application),
    Approve(usize),
    Refuse(usize),
    Close(usize),
}

fn picked(store: &Store, pick: usize) -> CaseId {
    let live = store.cases(&CaseFilter { live: pick < 6, ..CaseFilter::default() }).unwrap();
    live.get(pick % 6).or(live.first()).map_or(CaseId(99), |c| c.case.id)
}

fn any_step() -> impl Strategy<Value = CaseStep> {
    let request = prop_oneof![
        3 => Just(correct(&[("name", "张玮")])),
        2 => Just(correct(&[("name", "李晓刚"), ("photo", "p.jpg")])),
        3 => Just(correct(&[("id-number", "11010519491231010X")])),
        1 => Just(correct(&[("name", "张玮"), ("id-number", "11010519491231010X")])),
        1 => Just(correct(&[("photo", "q.jpg")])),
        1 => Just(correct(&[("level", "2")])),
        2 => (1..22_u32).prop_map(|d| {
            let on = NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
            application_for(CaseRequest::Reissue { on, cause: ReissueCause::Damaged, papers: vec![] })
        }),
        1 => Just(application_for(CaseRequest::Revoke { benefits_cancelled_on: Some(day("2026-10-01")), authority: String::new() })),
    ];
    prop_oneof![
        4 => request.prop_map(CaseStep::Open),
        4 => (0..8_usize).prop_map(CaseStep::Approve),
        1 => (0..8_usize).prop_map(CaseStep::Refuse),
        4 => (0..8_usize).prop_map(CaseStep::Close),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lives_only_go_on_and_the_chain_tells_them_again(steps in prop::collection::vec(any_step(), 1..48)) {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "wang");
        insert(&store, Status::Published);
        let (context, first) = (context(), record(&store));
        let mut states: Vec<CaseState> = Vec::new();
        for step in steps {
            let was = record(&store);
            let done = match &step {
                CaseStep::Open(application) => store.open_case(code(), application, &context).map(drop),
                CaseStep::Approve(pick) => store.approve_case(picked(&store, *pick), &approval(), "", &context),
                CaseStep::Refuse(pick) => store.refuse_case(picked(&store, *pick), "撤回"),
                CaseStep::Close(pick) => store.close_case(picked(&store, *pick), None, "证书未收回", &context),
            };
            if let Err(e) = &done {
                prop_assert!(matches!(e, StoreError::Case(_) | StoreError::NoCase(_)), "{}", e);
            }
            let now = record(&store);
            prop_assert!(now == was || (done.is_ok() && matches!(step, CaseStep::Close(_))));
            prop_assert!(now.status == was.status || was.status.may_become(now.status));
            let mut cases = store.cases(&CaseFilter::default()).unwrap();
            cases.reverse();
            for (case, state) in cases.iter().zip(&states) {
                prop_assert!(case.case.state == *state || state.may_become(case.case.state));
            }
            prop_assert!(states.len() <= cases.len(), "no case is ever lost");
            states = cases.iter().map(|c| c.case.state).collect();
        }
        let now = record(&store);
        let changed = [Field::Name, Field::IdNumber].map(|f| now.holder.cell(f) != first.holder.cell(f));
        prop_assert!(changed != [true, true], "of name and ID number only one changes");

        // The chain alone tells what the certificate is, each step beginning where the one before ended.
        let mut told = serde_json::to_value(&first.holder).unwrap();
        let (mut status, mut reissued) = (first.status.key().to_string(), String::new());
        for (_, before, after) in entries(&store).iter().filter(|(action, ..)| action == "case.close") {
            let [before, after] = [before, after].map(|text| serde_json::from_str::<Value>(text).unwrap());
            prop_assert_eq!(&before["record"], &told);
            prop_assert_eq!(before["status"].as_str(), Some(status.as_str()));
            told = after["record"].clone();
            status = after["status"].as_str().unwrap().to_string();
            reissued = after["reissued-on"].as_str().unwrap().to_string();
        }
        prop_assert_eq!(serde_json::from_value::<Holder>(told).unwrap(), now.holder);
        prop_assert_eq!((status.as_str(), reissued), (now.status.key(), date::written(now.reissued_on)));
    }
}

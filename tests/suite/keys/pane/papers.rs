//! Forms, checklists, submissions and statistics: what their keys ask for, what is typed and asked in between, and where they lead back to.

use std::path::PathBuf;

use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::ledger::paper::{PaperAct, PaperAsk};
use skillcert::app::ledger::request::{LedgerAct, LedgerAnswer, LedgerRequest, SubmitOrder};
use skillcert::app::msg::{Effect, LackLine, Msg};
use skillcert::domain::fact::Strength;
use skillcert::domain::ledger::BatchId;
use skillcert::domain::ledger::event::Thing;
use skillcert::failure::{Failure, FailureKind};

use super::acts::press as press_told;
use super::{ask_of, serve, small};
use crate::keys::press;
use crate::screens::screen;
use crate::support::fake_ledger::{Fake, acts, day};

/// Presses keys, all of it answered.
fn go(app: &mut App, keys: &str) {
    serve(app, Fake::small(), keys);
}

/// Gives the one act that is asked for.
#[track_caller]
fn act_of(effects: &[Effect]) -> PaperAct {
    match ask_of(effects) {
        (_, LedgerRequest::PaperAct(act)) => (**act).clone(),
        other => panic!("{other:?}"),
    }
}

/// Gives the one page that is asked for.
#[track_caller]
fn page_of(effects: &[Effect]) -> PaperAsk {
    match ask_of(effects) {
        (_, LedgerRequest::Paper(ask)) => ask.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_forms_of_what_is_in_hand_are_listed_looked_at_and_left_again() {
    let mut app = small("2 down");
    assert_eq!(page_of(&press(&mut app, "b")), PaperAsk::Forms(Some(Thing::Batch(BatchId(3)))));
    let mut app = small("7");
    assert_eq!(page_of(&press(&mut app, "b")), PaperAsk::Forms(None), "those of every institution");
    let mut app = small("3 b");
    let PaperAsk::Form(ask) = page_of(&press(&mut app, "enter")) else { panic!("no form") };
    assert_eq!((ask.form.as_str(), ask.columns, ask.why), ("hand-out-list", 76, None));
    let mut app = small("3 b down");
    // One that is of another thing is filled for that.
    let PaperAsk::Form(ask) = page_of(&press(&mut app, "enter")) else { panic!("no form") };
    assert_eq!(ask.of, Thing::Institution("S000062010001".into()));
    let mut app = small("3 b enter");
    assert_eq!(app.place(), Place::FormPage);
    go(&mut app, "esc");
    assert_eq!(app.place(), Place::Forms);
    go(&mut app, "esc");
    assert_eq!(app.place(), Place::Cases);
}

#[test]
fn a_form_is_written_where_it_is_said_and_whole_only_with_a_reason() {
    let mut app = small("3 b enter w");
    assert_eq!(app.place(), Place::PaperLine);
    assert!(screen(&app).contains("hand-out-list-3.xlsx"), "{}", screen(&app));
    go(&mut app, "ctrl-u 'x.csv' enter");
    assert!(app.status.text.contains("xlsx"), "{}", app.status.text);
    // It would be masked: whoever wants it whole says why.
    go(&mut app, "ctrl-u 'x.xlsx' enter");
    assert!(screen(&app).contains("留空就遮盖着写"), "{}", screen(&app));
    let PaperAct::WriteForm { why, file, replaces, .. } = act_of(&press(&mut app, "'发证书' enter")) else {
        panic!()
    };
    assert_eq!((why.as_deref(), replaces), (Some("发证书"), false));
    assert_eq!(file, app.import.folder().join("x.xlsx"));
    let mut app = small("3 b enter w ctrl-u 'x.xlsx' enter");
    let PaperAct::WriteForm { why, .. } = act_of(&press(&mut app, "enter")) else { panic!() };
    assert_eq!(why, None);
}

#[test]
fn a_file_that_is_there_is_replaced_only_by_a_yes() {
    let mut app = small("3 b enter w ctrl-u 'old.xlsx' enter enter");
    assert_eq!(app.place(), Place::Confirm);
    assert!(screen(&app).contains("old.xlsx"), "{}", screen(&app));
    go(&mut app, "enter");
    assert_eq!(app.place(), Place::Confirm, "enter alone says no");
    go(&mut app, "esc");
    assert_eq!(app.place(), Place::FormPage);
    let mut app = small("3 b enter w ctrl-u 'old.xlsx' enter enter");
    let PaperAct::WriteForm { replaces, .. } = act_of(&press(&mut app, "y")) else { panic!() };
    assert!(replaces);
}

#[test]
fn what_a_form_lacks_is_asked_for_kept_and_told_where_it_is_wrong() {
    let mut app = small("3 b enter f");
    assert!(screen(&app).contains("大赛名称 SC-20（留空跳过）"), "{}", screen(&app));
    let effects = press(&mut app, "'第三届大赛' enter");
    let PaperAct::KeepField { field, value, .. } = act_of(&effects) else { panic!() };
    assert_eq!((field.as_str(), value.as_str()), ("contest", "第三届大赛"));
    let (seq, _) = ask_of(&effects);
    let failure = Failure::new(FailureKind::Usage, "写不下", "最多 200 个字\n可分两行");
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Failed(failure) });
    assert_eq!(app.place(), Place::PaperLine);
    assert!(!app.status.text.contains('\n') && !screen(&app).contains("\\n"), "one line: {}", app.status.text);
    assert!(screen(&app).contains("第三届大赛") && app.status.text.contains("写不下"), "{}", screen(&app));
    // Left empty it is left out.
    go(&mut app, "ctrl-u enter");
    assert_eq!(app.place(), Place::FormPage);
    // What may not be left blank keeps the form from being written.
    let mut app = small("3 b down enter");
    go(&mut app, "w");
    assert_eq!((app.place(), app.status.text.contains("大赛名称")), (Place::FormPage, true));
}

#[test]
fn the_list_of_forms_is_looked_up_anew_once_something_was_kept() {
    let mut app = small("3 b enter");
    assert!(
        press(&mut app, "esc").iter().all(|effect| !matches!(effect, Effect::Ledger { .. })),
        "nothing has changed"
    );
    let mut app = small("3 b enter f");
    go(&mut app, "'第三届大赛' enter esc");
    assert_eq!(app.place(), Place::FormPage);
    assert!(matches!(page_of(&press(&mut app, "esc")), PaperAsk::Forms(Some(_))), "counted anew");
}

#[test]
fn nothing_is_attached_to_paper() {
    let mut app = small("5 t down");
    go(&mut app, "a");
    assert_eq!(app.place(), Place::Checklist);
    assert!(app.status.is_bad && app.status.text.contains("不附文件"), "{}", app.status.text);
    let mut app = small("5 t down down");
    go(&mut app, "a");
    assert_eq!(app.place(), Place::PaperLine);
}

#[test]
fn a_form_is_shown_whole_with_a_reason_and_masked_again_by_the_same_key() {
    let mut app = small("3 b enter m enter");
    assert_eq!(app.place(), Place::PaperLine, "nobody is shown anything without a reason");
    let PaperAsk::Form(ask) = page_of(&press(&mut app, "'核对' enter")) else { panic!() };
    assert_eq!(ask.why.as_deref(), Some("核对"));
    let mut app = small("3 b enter m '核对' enter");
    assert!(screen(&app).contains("完整"), "{}", screen(&app));
    let PaperAsk::Form(ask) = page_of(&press(&mut app, "m")) else { panic!() };
    assert_eq!(ask.why, None);
    // Nobody looks at it any more: it is out of sight before the masked one comes.
    let mut app = small("3 b enter m '核对' enter");
    assert!(app.privacy.is_unmasked());
    let due = app.privacy.wakes_at().expect("a time");
    let PaperAsk::Form(ask) = page_of(&app.update(Msg::Time(due))) else { panic!() };
    assert!(ask.why.is_none() && !screen(&app).contains("序号"), "{}", screen(&app));
}

#[test]
fn a_wide_form_is_scrolled_to_the_side() {
    let mut app = small("3 b enter");
    assert!(screen(&app).contains("序号"));
    go(&mut app, "right right right right right right right right");
    assert!(!screen(&app).contains("序号") && screen(&app).contains("领取人签名"), "{}", screen(&app));
    go(&mut app, "left left left left left left left left left");
    assert!(screen(&app).contains("序号"));
}

#[test]
fn a_template_of_ones_own_is_looked_at_and_filled_by_a_new_header_only_where_that_is_agreed_to() {
    let app = small("3 b t");
    assert!(app.status.is_bad, "a case fills no template");
    let mut app = small("2 down b t");
    let PaperAsk::Template(batch, file) = page_of(&press(&mut app, "'模板.xlsx' enter")) else { panic!() };
    assert_eq!((batch, file), (BatchId(3), app.import.folder().join("模板.xlsx")));
    let mut app = small("2 down b t '模板.xlsx' enter w enter");
    assert_eq!(app.place(), Place::Confirm);
    assert!(screen(&app).contains("表头不同"), "{}", screen(&app));
    let PaperAct::FillTemplate { takes_new, .. } = act_of(&press(&mut app, "y")) else { panic!() };
    assert!(takes_new);
}

#[test]
fn a_checklist_is_ticked_by_a_key_and_a_file_attached_by_its_path() {
    let mut app = small("5 t");
    go(&mut app, "space");
    assert_eq!(app.place(), Place::Checklist, "a heading is no item");
    let PaperAct::Tick { tick, ready, .. } = act_of(&press(&mut app, "down space")) else { panic!() };
    assert_eq!((tick.as_str(), ready), ("papers.notice.paper", false));
    let mut app = small("5 t down down");
    let PaperAct::Tick { tick, ready, .. } = act_of(&press(&mut app, "space")) else { panic!() };
    assert_eq!((tick.as_str(), ready), ("papers.notice.pdf", true));
    let mut app = small("5 t down down a enter");
    assert!(app.status.is_bad && app.place() == Place::PaperLine);
    let PaperAct::Attach { tick, file, .. } = act_of(&press(&mut app, "'扫描件.pdf' enter")) else { panic!() };
    assert_eq!((tick.as_str(), file), ("papers.notice.pdf", app.import.folder().join("扫描件.pdf")));
}

#[test]
fn a_batch_is_handed_in_with_its_receipt_and_only_after_a_yes() {
    let mut app = small("2 down O");
    assert!(screen(&app).contains("回执号 7"), "{}", screen(&app));
    press_told(&mut app, "a");
    assert!(screen(&app).contains("记上报"), "{}", screen(&app));
    press_told(&mut app, "enter '甘肃省平台' enter '20261121-3' enter enter");
    let done = acts(&press_told(&mut app, "y"));
    let order = SubmitOrder {
        batch: BatchId(3),
        on: day("2026-11-21").expect("a day"),
        to: "甘肃省平台".into(),
        receipt: "20261121-3".into(),
        reason: String::new(),
        insists: false,
    };
    assert_eq!(done, [LedgerAct::Submit(Box::new(order))]);
    let mut app = small("2 down O");
    press_told(&mut app, "r");
    assert!(screen(&app).contains("读回回执"), "{}", screen(&app));
}

#[test]
fn statistics_count_what_is_asked_and_files_that_were_added() {
    let ask = |app: &mut App, keys: &str| match page_of(&press(app, keys)) {
        PaperAsk::Statistics(ask) => ask,
        other => panic!("{other:?}"),
    };
    let mut app = small("T");
    assert_eq!(app.place(), Place::Statistics);
    let file = app.import.folder().join("乙校.csv");
    assert_eq!(ask(&mut app, "a '乙校.csv' enter").files, [file]);
    let mut app = small("T a '乙校.csv' enter");
    assert_eq!(ask(&mut app, "a '乙校.csv' enter").files, Vec::<PathBuf>::new(), "once more takes it out");
    let mut app = small("T m '明年' enter");
    assert!(app.status.is_bad && app.place() == Place::PaperLine);
    assert_eq!(ask(&mut app, "ctrl-u '2026' enter").months, Some(("2026-01".into(), "2026-12".into())));
    assert_eq!(ask(&mut small("T"), "p 's000062' enter").prefix, "S000062");
    assert!(ask(&mut small("T"), "o").files_only);
    let mut app = small("T w");
    let PaperAct::WriteStatistics { file, .. } = act_of(&press(&mut app, "ctrl-u '三季度.csv' enter")) else {
        panic!()
    };
    assert_eq!(file, app.import.folder().join("三季度.csv"));
    // A file that cannot be read leaves what was counted before.
    let mut app = small("T");
    let effects = press(&mut app, "a '坏.csv' enter");
    let (seq, _) = ask_of(&effects);
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Failed(Failure::new(FailureKind::File, "坏了", "")) });
    assert_eq!((app.place(), app.status.text.contains("坏了")), (Place::Statistics, true));
    assert!(ask(&mut app, "o").files.is_empty());
}

#[test]
fn what_cannot_be_looked_up_at_all_is_told_and_closed() {
    let mut app = small("5");
    let (seq, _) = ask_of(&press(&mut app, "t"));
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Failed(Failure::new(FailureKind::Store, "锁着", "")) });
    assert_eq!((app.place(), app.status.text.contains("锁着")), (Place::Institutions, true));
}

#[test]
fn the_roster_and_the_export_tell_what_the_notice_demands_and_is_missing() {
    let mut app = small("esc");
    app.update(Msg::Created { switched: 1, batch: BatchId(3) });
    let lack = |told: &str, strength| LackLine { told: told.into(), strength };
    let lacks =
        vec![lack("缺“奖励决定文号”（GS-02）。", Strength::Refuse), lack("计划年度（GS-03）。", Strength::Warn)];
    app.update(Msg::Lacks { batch: BatchId(4), lacks: Some(lacks.clone()), is_asked: false });
    assert!(!screen(&app).contains("缺资料"), "it is of another batch");
    app.update(Msg::Lacks { batch: BatchId(3), lacks: Some(lacks), is_asked: false });
    assert!(screen(&app).contains("缺资料 2"), "{}", screen(&app));
    press(&mut app, "e");
    let painted = screen(&app);
    assert!(painted.contains("GS-02") && painted.contains("GS-03") && painted.contains("缺 1 项"), "{painted}");
    // The key leads to the form of the facts, and back.
    assert!(matches!(ask_of(&press(&mut app, "f7")).1, LedgerRequest::Bars { .. }));
    // An error list is written all the same.
    press(&mut app, "tab tab tab tab tab");
    assert!(!screen(&app).contains("GS-02"), "{}", screen(&app));
}

#[test]
fn cases_that_are_marked_stand_on_one_form() {
    let mut app = small("3 space");
    assert!(screen(&app).contains("已勾选 1 件个案"), "{}", screen(&app));
    // One alone is that case.
    press(&mut app, "up");
    assert!(matches!(page_of(&press(&mut app, "b")), PaperAsk::Forms(Some(Thing::Case(_)))));
    let mut app = small("3 space space");
    let PaperAsk::CaseForms(cases) = page_of(&press(&mut app, "b")) else { panic!("of one case") };
    assert_eq!(cases.len(), 2);
    let mut app = small("3 space space b");
    let PaperAsk::Form(ask) = page_of(&press(&mut app, "enter")) else { panic!("no form") };
    assert_eq!((ask.of, ask.also), (Thing::Case(cases[0]), vec![cases[1]]));
    // Marked once more it is left out again, and `Esc` leaves all out before it leaves the list.
    let mut app = small("3 space space up up space");
    assert!(screen(&app).contains("已勾选 1 件个案"), "{}", screen(&app));
    press(&mut app, "esc");
    assert_eq!(app.place(), Place::Cases);
    assert!(app.ledger.lists().cases.marks.is_empty());
    press(&mut app, "esc");
    assert!(app.place() != Place::Cases);
}

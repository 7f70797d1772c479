//! Rows put aside, notes on rows, and steps taken back from the middle: by keys, line by line, in files.

use std::path::Path;

use skillcert::app::App;
use skillcert::app::msg::{Effect, Msg, StoreJob};
use skillcert::app::overlay::Overlay;
use skillcert::domain::batch::Batch;
use skillcert::domain::ledger::BatchId;
use skillcert::domain::ledger::plan::PlanWish;
use skillcert::domain::numbering;
use skillcert::domain::roster::{RowWhat, StepMade};
use skillcert::domain::sheet::Field;
use skillcert::domain::summary::Summary;
use skillcert::domain::upload::{self, UploadPart};
use skillcert::office::{Purpose, RosterReading};
use skillcert::words::Lang;

use crate::keys::{app_with, press, three, with};
use crate::plain::talk;
use crate::support::{Desk, goods};

fn batch(app: &App) -> &Batch {
    app.roster.batch().expect("a batch")
}

fn app() -> App {
    app_with(Lang::Zh, (100, 24), &three())
}

fn steps(app: &App) -> (usize, usize) {
    (batch(app).history().applied().len(), batch(app).history().undone_steps().len())
}

#[test]
fn a_row_put_aside_is_nobody_s_of_the_roster_until_it_is_brought_back() {
    let mut app = app();
    press(&mut app, "j -");
    press(&mut app, "enter");
    assert!(app.status.is_bad && batch(&app).roster().count_aside() == 0, "no row goes without a reason");
    let before = batch(&app).findings().iter().filter(|f| f.row == 1).count();
    assert_ne!(before, 0);
    let effects = press(&mut app, "- '重复报名，见李小刚620102199003077731' enter");
    assert!(effects.iter().any(|e| matches!(e, Effect::Store { job: StoreJob::Record { .. }, .. })));
    let roster = batch(&app).roster();
    assert_eq!((roster.count_aside(), roster.count_left(), roster.len()), (1, 2, 3));
    assert!(batch(&app).findings().of_row(1).is_empty());
    let shown = app.roster.said(1, RowWhat::Aside).expect("a reason").into_owned();
    assert_eq!(shown, "重复报名，见李*刚620102********7731");
    let whole = upload::of(batch(&app));
    assert_eq!((whole.count(), whole.row_ids().collect::<Vec<_>>()), (2, vec![0, 2]));
    let shown = UploadPart::Shown([0, 1].into());
    assert_eq!(upload::part_of(batch(&app), &shown).count(), 1);
    assert_eq!(Summary::of(batch(&app)).people, 2);
    let plan = numbering::plan(batch(&app), PlanWish::default(), None, &|_, _| unreachable!(), (&[], None));
    assert_eq!(plan.refused.iter().map(|refused| refused.0).collect::<Vec<_>>(), [0, 2]);
    press(&mut app, "-");
    assert_eq!(batch(&app).roster().count_aside(), 0);
    assert_eq!(batch(&app).findings().of_row(1).len(), before);
    press(&mut app, "u u");
    assert_eq!((batch(&app).roster().count_aside(), steps(&app)), (0, (0, 2)));
}

#[test]
fn the_later_of_two_equal_rows_is_proposed_to_be_put_aside() {
    let mut rows = three();
    rows.push(rows[0]);
    let mut app = app_with(Lang::Zh, (100, 24), &rows);
    let twice = |app: &App| batch(app).findings().iter().filter(|f| f.rule.key_kind().is_some()).count();
    assert_ne!(twice(&app), 0);
    press(&mut app, "G x");
    let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("{:?}", app.status) };
    let edit = &pane.preview().change.rows[0];
    assert_eq!((edit.row, edit.after.as_deref()), (3, Some("与第2行完全相同")));
    press(&mut app, "y");
    assert_eq!((twice(&app), batch(&app).roster().is_aside(3)), (0, true));
}

#[test]
fn a_foot_that_was_read_as_a_person_is_proposed_to_be_put_aside() {
    let empty = [
        (Field::IdNumber, ""),
        (Field::Employer, ""),
        (Field::Occupation, ""),
        (Field::WorkType, ""),
        (Field::Level, ""),
        (Field::Code, ""),
    ];
    let foot = |more: [(Field, &'static str); 2]| with(&[&empty[..], &more].concat());
    let mut rows = three();
    rows.push(foot([(Field::Name, "陈建国"), (Field::IdType, "审核人")]));
    rows.push(foot([(Field::Name, "马玉"), (Field::Employer, "单位负责人")]));
    // What people do is called as those who sign.
    let people = ["审核员", "填表人", "制表员助理", "校对员"];
    for work in people {
        rows.push(foot([(Field::Name, "周海"), (Field::Occupation, work)]));
        rows.push(foot([(Field::Name, "周海"), (Field::WorkType, work)]));
    }
    let mut app = app_with(Lang::Zh, (100, 24), &rows);
    for row in [3_u32, 4] {
        press(&mut app, &format!("g g{} x", " j".repeat(row as usize)));
        let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("{row} {:?}", app.status) };
        let [edit] = pane.preview().change.rows.as_slice() else { panic!("{row}") };
        assert_eq!((edit.row, edit.after.as_deref()), (row, Some("是表尾签字、合计这类行，不是人员")));
        press(&mut app, "y");
    }
    assert_eq!(batch(&app).roster().count_aside(), 2);
    for row in 5..5 + 2 * people.len() as u32 {
        press(&mut app, &format!("g g{} x", " j".repeat(row as usize)));
        if let Some(Overlay::Preview(pane)) = app.overlays.open() {
            assert!(pane.preview().change.rows.is_empty(), "{row}: {:?}", pane.preview().change);
            press(&mut app, "esc");
        }
    }
}

#[test]
fn all_rows_shown_are_put_aside_and_brought_back_with_a_preview() {
    let mut app = app();
    press(&mut app, "& '技师' enter");
    let all = |app: &mut App, keys: &str| {
        app.order(skillcert::app::command::Command::PutAllAside);
        press(app, keys);
    };
    all(&mut app, "'弃考' enter");
    assert!(matches!(app.overlays.open(), Some(Overlay::Preview(_))));
    press(&mut app, "y");
    assert_eq!(batch(&app).roster().all_said(RowWhat::Aside).collect::<Vec<_>>(), [(2, "弃考")]);
    all(&mut app, "y");
    assert_eq!(batch(&app).roster().count_aside(), 0);
    press(&mut app, "F i '电话13900000000，缺照片' enter");
    let row = app.roster.row().expect("a row");
    let shown = app.roster.said(row, RowWhat::Note).expect("a note").into_owned();
    assert!(!shown.contains("13900000000") && shown.contains("缺照片"), "{shown}");
    press(&mut app, "i ctrl-u enter");
    assert!(batch(&app).roster().said(row, RowWhat::Note).is_none());
}

#[test]
fn history_jumps_and_takes_one_step_or_one_cell_back_from_the_middle() {
    let mut app = app();
    let employer = |app: &App, row| batch(app).roster().cell(row, Field::Employer).to_string();
    let own = employer(&app, 0);
    press(&mut app, "l l l c ctrl-u '甲厂' enter y");
    press(&mut app, "j enter ctrl-u '乙厂' enter");
    press(&mut app, "g g - '弃考' enter");
    assert_eq!(steps(&app), (3, 0));
    let effects = press(&mut app, "H");
    assert!(effects.iter().any(|e| matches!(e, Effect::Store { job: StoreJob::TellSteps, .. })));
    app.update(Msg::StepsMade(vec![StepMade { user: "wang".into(), at: "2026-11-29 13:00".into() }; 3]));
    assert_eq!(app.roster.steps_made().len(), 3);
    // The second step touched a cell of the first, which stays; another cell of it goes alone.
    press(&mut app, "g g x");
    assert!(app.status.is_bad && app.status.text.contains("第 2 步"), "{}", app.status.text);
    // What goes back is shown before; whoever does not want it comes back to the steps.
    press(&mut app, "H g g c");
    let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("{}", app.status.text) };
    assert_eq!((pane.preview().change.edits.len(), steps(&app)), (1, (3, 0)));
    press(&mut app, "esc");
    assert!(matches!(app.overlays.open(), Some(Overlay::History(pane)) if pane.at() == 0));
    press(&mut app, "c y");
    assert_eq!((employer(&app, 0), employer(&app, 1), employer(&app, 2)), (own, "乙厂".into(), "甲厂".into()));
    assert_eq!(steps(&app), (4, 0));
    // A step from the middle, as a step of its own.
    app.revert_step(2);
    assert_eq!(steps(&app), (4, 0), "it is shown first");
    press(&mut app, "y");
    assert_eq!((batch(&app).roster().count_aside(), steps(&app)), (0, (5, 0)));
    let last = batch(&app).history().applied().last().expect("a step");
    assert!(last.title.starts_with("撤销第 3 步"), "{}", last.title);
    let effects = press(&mut app, "H g g enter");
    assert_eq!(effects.iter().filter(|e| matches!(e, Effect::Store { job: StoreJob::Undo, .. })).count(), 4);
    assert_eq!((employer(&app, 1), steps(&app)), ("甲厂".into(), (1, 4)));
    app.go_to_step(3);
    assert_eq!((batch(&app).roster().is_aside(0), steps(&app)), (true, (3, 2)));
    // What drops the undone steps is asked about.
    press(&mut app, "i '核对过' enter");
    assert_eq!(steps(&app), (3, 2));
    press(&mut app, "y");
    assert_eq!(steps(&app), (4, 0));
}

#[test]
fn the_line_mode_says_so_of_rows_and_files_and_chain_heed_it() {
    let desk = Desk::new();
    desk.roster("r.csv", &goods(4));
    let refused = talk(&desk, &["--lang", "zh", "open", "r.csv"], "y\naside 3 重复报名\n0\ny\nrows\nquit\n");
    assert_eq!(refused.out.matches("没有等着确认的事").count(), 2, "{}", refused.out);
    assert!(!refused.out.contains("错误 0 处，其他 0 处，移出名册"), "{}", refused.out);
    let script = "aside 3 重复报名\ny\nnote 4 补照片\ny\naside 99 x\nhistory\nundo step 1\ny\naside 3 弃考\ny\nback 3\ny\naside 3 弃考\ny\n\
                  undo to 1\ny\nundo to 6\ny\nrows\n";
    let said = talk(&desk, &["--lang", "zh", "open", "r.csv"], script);
    for words in ["第 3 行：移出名册：重复报名", "退到第 1 步为止", "进到第 6 步为止", "，移出名册：弃考"]
    {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    for words in ["移出名册：重复报名", "备注：补照片", "没有表格第 99 行", "撤销第 1 步", "第 1 步：移出名册 第3行"]
    {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    let verb = |arguments: &[&str]| desk.verb(&[&["--home", "state"], arguments].concat());
    let told = verb(&["check", "--batch", "1", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    assert_eq!((told["row_count"].as_u64(), told["rows_put_aside"].as_u64()), (Some(3), Some(1)), "{told}");
    let export = verb(&["export", "--batch", "1", "-o", "up.csv", "--format", "csv"]);
    assert_eq!(export.code, 0, "{}{}", export.out, export.err);
    let manifest = std::fs::read(desk.path("up.csv.manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
    assert_eq!((manifest["rows"].as_u64(), manifest["rows_put_aside"].as_u64()), (Some(3), Some(1)));
    let list = verb(&["check", "--batch", "1", "--format", "xlsx", "--output", "list.xlsx"]);
    assert!(Path::new(&desk.path("list.xlsx")).exists(), "{}{}", list.out, list.err);
    let list = verb(&["check", "list.xlsx", "--format", "json", "--with-rows"]);
    assert!(list.out.contains("核对备注") || list.out.contains("备注"), "{}", list.out);
    assert_eq!(verb(&["ledger", "verify"]).code, 0);
}

#[test]
fn what_is_said_of_rows_names_nobody_and_stays_readable() {
    let mut app = app();
    let name = batch(&app).roster().cell(2, Field::Name).to_string();
    let mut shown = |text: &str| {
        press(&mut app, "g g");
        press(&mut app, &format!("i ctrl-u '{text}' enter"));
        app.roster.said(0, RowWhat::Note).expect("a note").into_owned()
    };
    for plain in ["制表人不是人", "经办人重复登记", "缺照片，请补齐"] {
        assert_eq!(shown(plain), plain);
    }
    let told = shown(&format!("找{name}要"));
    assert!(!told.contains(&name) && told.starts_with('找') && told.ends_with('要'), "{told}");
    assert_eq!(shown("经办人李小刚"), "经办人李*刚");
    // A name that somebody was given by an edit is somebody's.
    let before = batch(&app).roster().cell(1, Field::Name).to_string();
    let change = batch(&app).change("t", [(1, Field::Name, "欧阳建军".into())]);
    let mut edited = batch(&app).clone();
    edited.apply(change);
    let told = edited.masked_said(0, &format!("问欧阳建军或{before}"));
    assert!(!told.contains("欧阳建军") && !told.contains(&before), "{told}");
}

#[test]
fn the_line_mode_takes_one_cell_of_a_step_back() {
    let desk = Desk::new();
    desk.roster("r.csv", &goods(3));
    let own = goods(3)[1][3].clone();
    talk(&desk, &["open", "r.csv"], "quit\n");
    let set = ["reshape", "prefix", "--column", "所在单位", "--text", "旧", "--batch", "1", "--home", "state"];
    assert!(desk.verb(&set).code <= 1);
    let script =
        "history\nundo step 1 3 所在单位\ny\nundo step 1 99 所在单位\nundo step 1 3 门派\n撤销 第 1 步 4 行 所在单位\n";
    let said = talk(&desk, &["--lang", "zh", "open"], script).out;
    assert!(said.contains(&format!("“旧{own}” 改为 “{own}”")) || said.contains(&format!("旧{own}")), "{said}");
    assert!(said.contains("没有表格第 99 行") && said.contains("“undo step 1 3 门派”"), "{said}");
    let session = desk.office_at("state").look().expect("a session");
    let stored = session.batch(BatchId(1)).expect("a batch");
    let batch = session.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ()).expect("read");
    let employers: Vec<&str> = (0..3).map(|row| batch.roster().cell(row, Field::Employer)).collect();
    assert_eq!((employers[1], employers.iter().filter(|cell| cell.starts_with('旧')).count()), (&*own, 2));
}

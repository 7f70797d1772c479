//! Blank certificates in the ledger pane: the list, the way of one, the forms; and the worked example done through them.

use std::sync::Arc;

use serde_json::json;
use skillcert::app::App;
use skillcert::app::Screen;
use skillcert::app::command::Place;
use skillcert::app::ledger::request::{
    Bars, LedgerAct, LedgerAnswer, LedgerRequest, RequestKind, StockDeed, StockFound, StockWhich,
};
use skillcert::app::msg::Msg;
use skillcert::data;
use skillcert::domain::ledger::stock::{AfterSpoiling, BlankKind, BlankRun, Passing, Printing, TakenBack};
use skillcert::domain::registry::{DatedName, Institution, Registry};
use skillcert::domain::rules::Tables;
use skillcert::failure::{Failure, FailureKind};

use super::acts::press;
use super::{ask_of, serve, small};
use crate::keys::press as unanswered;
use crate::office::at_the_workbench;
use crate::screens::screen;
use crate::stock::{balance, printed_batch};
use crate::support::Desk;
use crate::support::fake_ledger::{Fake, acts, code, day};

/// Goes through a form: which act, by its place in the list, then an answer for each question; gives what is done.
#[track_caller]
fn booked(app: &mut App, verb: usize, answers: &[&str]) -> LedgerAct {
    press(app, "a");
    let downs = vec!["down"; verb].join(" ");
    press(app, format!("{downs} enter").trim());
    for answer in answers {
        let keys = match *answer {
            "" => "enter".to_string(),
            // What is proposed is taken away.
            "-" => "ctrl-u enter".to_string(),
            answer => format!("ctrl-u '{answer}' enter"),
        };
        press(app, &keys);
    }
    let mut done = acts(&press(app, "y"));
    assert_eq!(done.len(), 1, "{}", screen(app));
    done.remove(0)
}

const RECEIVE: usize = 0;
const DRAW: usize = 1;
const HAND_OVER: usize = 2;
const RETURN: usize = 3;
const USE: usize = 4;
const SPOIL: usize = 5;
const DESTROY: usize = 6;
const COUNT: usize = 7;
const CLOSE: usize = 8;
const DEMAND: usize = 9;
const TAKE_BACK: usize = 10;

#[test]
fn the_list_stands_below_the_balances_and_a_key_shows_where_one_was() {
    let mut app = small("7");
    assert_eq!(app.place(), Place::Stock);
    let painted = screen(&app);
    assert!(painted.contains("入库 620、库存 600") && painted.contains("> 普通 00011881-00011899"), "{painted}");
    assert_eq!(serve(&mut app, Fake::small(), "down enter"), [RequestKind::Blank]);
    assert_eq!(app.place(), Place::BlankPage);
    assert!(screen(&app).contains("空白证书损耗 王强"), "{}", screen(&app));
    press(&mut app, "esc esc");
    assert_eq!(app.screen, Screen::Roster);
    // The page of a certificate names its blank.
    assert!(screen(&small("2 enter")).contains("00011881  普通空白证书"));
    // Nothing is booked elsewhere.
    assert!(unanswered(&mut small("1"), "a").is_empty());
}

#[test]
fn what_is_answered_is_what_is_done() {
    let done =
        booked(&mut small("7"), RECEIVE, &["", "00012501-00012600", "李敏", "三号柜", "2026-11-20", "送货单9号"]);
    let LedgerAct::Stock(order) = &done else { panic!("{done:?}") };
    assert_eq!((order.kind, Some(order.on), &*order.reason), (BlankKind::Ordinary, day("2026-11-20"), "送货单9号"));
    let StockDeed::Receive { run, keeper, place } = &order.what else { panic!("{order:?}") };
    assert_eq!((run.to_string(), &**keeper, &**place), ("00012501-00012600".into(), "李敏", "三号柜"));
    // The numbers of the line under the cursor are proposed.
    let done = booked(&mut small("7 down down down"), DRAW, &["", "", "赵静", "", "", ""]);
    let LedgerAct::Stock(order) = &done else { panic!("{done:?}") };
    let StockDeed::Pass { way: Passing::Draw, which, to, place: None } = &order.what else { panic!("{order:?}") };
    assert_eq!((which, to.as_deref()), (&StockWhich::Runs(vec![run_of("00012001-00012500")]), Some("赵静")));
    let done = booked(&mut small("7 down down"), USE, &["", "", &code(0).to_string(), "", "", ""]);
    let LedgerAct::Stock(order) = &done else { panic!("{done:?}") };
    let StockDeed::Print { from, whom, spoiled } = &order.what else { panic!("{order:?}") };
    assert_eq!((from.to_string(), *whom, spoiled.len()), ("00011901".into(), Printing::Certificate(code(0)), 0));
    // What becomes of the certificates is chosen.
    let mut app = small("7");
    press(&mut app, "a");
    press(&mut app, "down down down down down enter enter");
    press(&mut app, "ctrl-u '00011890' enter down down enter enter '卡纸' enter");
    let done = acts(&press(&mut app, "y"));
    let [LedgerAct::Stock(order)] = &done[..] else { panic!("{done:?}: {}", screen(&app)) };
    let StockDeed::Spoil { after, .. } = &order.what else { panic!("{order:?}") };
    assert_eq!((*after, &*order.reason), (AfterSpoiling::Shift, "卡纸"));
}

fn run_of(text: &str) -> BlankRun {
    BlankRun::read(text).expect("a run")
}

#[track_caller]
fn deed(done: LedgerAct) -> StockDeed {
    let LedgerAct::Stock(order) = done else { panic!("{done:?}") };
    order.what
}

/// What the verbs can the keys can, too.
#[test]
fn every_choice_of_the_verbs_is_asked_for() {
    // All that somebody has, where no number is named.
    let done = booked(&mut small("7"), HAND_OVER, &["", "-", "李敏", "赵静", "五号柜", "", ""]);
    let (which, to, place) = (StockWhich::AllOf("李敏".into()), Some("赵静".into()), Some("五号柜".into()));
    assert_eq!(deed(done), StockDeed::Pass { way: Passing::HandOver, which, to, place });
    let done = booked(&mut small("7"), RETURN, &["", "00011901-00011910", "李敏", "", "", ""]);
    let which = StockWhich::Runs(vec![run_of("00011901-00011910")]);
    assert_eq!(deed(done), StockDeed::Pass { way: Passing::Return, which, to: Some("李敏".into()), place: None });
    // What is spoiled in printing is said why.
    let mut app = small("7");
    press(&mut app, "a");
    press(
        &mut app,
        "down down down down enter enter ctrl-u '00011901' enter '批次1' enter '00011902,00011905' enter enter",
    );
    press(&mut app, "enter");
    assert_eq!(app.status.text, app.locale.text("status.answer-needed"));
    press(&mut app, "'卡纸' enter");
    let done = acts(&press(&mut app, "y")).remove(0);
    let StockDeed::Print { spoiled, .. } = deed(done) else { panic!("no print run") };
    assert_eq!(spoiled, [run_of("00011902"), run_of("00011905")]);
    let done = booked(&mut small("7"), DESTROY, &["", "全部", "赵静", "", "", ""]);
    assert!(matches!(deed(done), StockDeed::Destroy { which: StockWhich::Spoiled, .. }));
    // A list that was scanned, for one institution.
    let done = booked(&mut small("7"), COUNT, &["", "", "scan.txt", "", "S000044012001", "", ""]);
    let StockDeed::Count { keeper: None, institution, found } = deed(done) else { panic!("no stocktake") };
    assert_eq!((institution.as_deref(), found), (Some("S000044012001"), StockFound::Listed("scan.txt".into())));
    let done = booked(
        &mut small("7"),
        DEMAND,
        &["", "2027", "0/0/10/0/0", "S000044012001", "3%", "2026-11-01", "2026-11-20", ""],
    );
    let wanted = StockDeed::Demand {
        year: 2027,
        estimates: [0, 0, 10, 0, 0],
        institution: Some("S000044012001".into()),
        allowance: Some(3),
        as_of: day("2026-11-01"),
        ordered: day("2026-11-20"),
    };
    assert_eq!(deed(done), wanted);
}

/// A wrong entry is taken back by a key as by the verb, which one is chosen.
#[test]
fn what_is_taken_back_is_chosen_and_done_as_the_verb_does_it() {
    let mut app = small("7");
    press(&mut app, "a");
    press(&mut app, &format!("{}enter enter", "down ".repeat(TAKE_BACK)));
    assert!(screen(&app).contains("入库") && screen(&app).contains("销毁"), "{}", screen(&app));
    press(&mut app, "down down enter ctrl-u '00011890' enter enter");
    press(&mut app, "enter");
    assert_eq!(app.status.text, app.locale.text("status.answer-needed"), "it is said why");
    press(&mut app, "'号看错了' enter");
    let spoilage = acts(&press(&mut app, "y")).remove(0);
    assert_eq!(deed(spoilage), StockDeed::TakeBack(TakenBack::Spoilage, vec![run_of("00011890")]));
    let desk = Desk::new();
    printed_batch(&desk, 2);
    let book = |verb, answers: &[&str]| at_the_workbench(&desk, booked(&mut small("7"), verb, answers));
    book(RECEIVE, &["", "00011881-00012000", "李敏", "三号柜", "2026-01-05", ""]).expect("received");
    book(USE, &["", "00011881", "批次1", "", "2026-03-02", ""]).expect("used");
    let taken_back = |which: usize, number: &str| {
        let mut app = small("7");
        press(&mut app, "a");
        press(&mut app, &format!("{}enter enter", "down ".repeat(TAKE_BACK)));
        let keys = format!("{}enter ctrl-u '{number}' enter enter '记错了' enter", "down ".repeat(which));
        press(&mut app, &keys);
        at_the_workbench(&desk, acts(&press(&mut app, "y")).remove(0))
    };
    let refused = taken_back(2, "00011881").expect_err("it is used, not spoiled");
    assert!(refused.message.contains("不是“损耗”"), "{refused}");
    taken_back(1, "00011881").expect("taken back");
    assert_eq!(balance(&desk), [120, 119, 1, 0, 0, 0]);
}

/// Where several are registered, nobody types a prefix of thirteen characters.
#[test]
fn the_institution_of_a_stocktake_is_chosen() {
    let named = |prefix: &str, name: &str| Institution {
        prefix: prefix.into(),
        names: vec![DatedName { name: name.into(), ..DatedName::default() }],
        ..Institution::default()
    };
    let two = [named("S000044012001", "广州样例技师学院"), named("Y000111020001", "样例企业")];
    let mut app = small("7");
    let asked = unanswered(&mut app, "a");
    let (seq, ask) = ask_of(&asked);
    let LedgerRequest::Bars { kind, subject, .. } = ask else { panic!("{ask:?}") };
    let tables = Arc::new(Tables { registry: Registry::new(two), ..data::tables([]) });
    let bars = Bars { tables: Some(tables), ..Bars::default() };
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Barred(*kind, *subject, bars) });
    press(&mut app, "down down down down down down down enter enter '00011901' enter enter");
    let painted = screen(&app);
    assert!(painted.contains("Y000111020001  样例企业"), "{painted}");
    press(&mut app, "down enter enter enter");
    let done = acts(&press(&mut app, "y")).remove(0);
    let StockDeed::Count { institution, .. } = deed(done) else { panic!("no stocktake") };
    assert_eq!(institution.as_deref(), Some("Y000111020001"));
}

#[test]
fn one_blank_is_found_by_its_number_and_another_list_is_held_against_the_stock() {
    let mut app = small("7");
    press(&mut app, "/");
    press(&mut app, "'953' enter");
    assert!(screen(&app).contains("“953”不是空白证书的号码"), "{}", screen(&app));
    assert_eq!(serve(&mut app, Fake::small(), "ctrl-u '00012345' enter"), [RequestKind::Blank]);
    assert_eq!(app.place(), Place::BlankPage);
    assert!(screen(&app).contains("00012345"), "{}", screen(&app));
    // From there another one.
    press(&mut app, "/");
    serve(&mut app, Fake::small(), "'99999999' enter");
    assert!(app.status.text.contains("99999999 没有入过库"), "{}", app.status.text);
    press(&mut app, "esc");
    assert_eq!(app.place(), Place::Stock);
    press(&mut app, "c");
    assert_eq!(serve(&mut app, Fake::small(), "enter enter '联盟.xlsx' enter"), [RequestKind::CompareBlanks]);
    let painted = screen(&app);
    assert!(painted.contains("与 联盟.xlsx 比对") && painted.contains("对方 601 张"), "{painted}");
    press(&mut app, "esc");
    // What cannot be read is asked for once more.
    press(&mut app, "c");
    let effects = press(&mut app, "enter '王强' enter '没有.xlsx' enter");
    let (seq, _) = ask_of(&effects);
    app.update(Msg::Ledger {
        seq, answer: LedgerAnswer::Failed(Failure::new(FailureKind::File, "没有这个文件", ""))
    });
    assert!(screen(&app).contains("没有.xlsx") && app.place() == Place::Prompt, "{}", screen(&app));
}

#[test]
fn a_wrong_number_is_told_where_it_is_typed() {
    let mut app = small("7");
    press(&mut app, "a");
    press(&mut app, "enter enter '12001-00012500' enter");
    let painted = screen(&app);
    assert!(painted.contains("“12001”不是空白证书的号码"), "{painted}");
    press(&mut app, "ctrl-u '00012500-00012001' enter");
    assert!(screen(&app).contains("止号比起号小"), "{}", screen(&app));
    press(&mut app, "ctrl-u '00012501-00012600' enter enter");
    assert_eq!(app.status.text, app.locale.text("status.answer-needed"), "somebody keeps them");
    // A day to come is none on which anything happened.
    press(&mut app, "'李敏' enter enter ctrl-u '2026-11-22' enter");
    assert!(screen(&app).contains("2026-11-22"), "{}", screen(&app));
    // Back to what is to be done.
    press(&mut app, "shift-tab shift-tab shift-tab shift-tab shift-tab");
    assert!(screen(&app).contains("空白证书申领"), "{}", screen(&app));
}

/// AFTER.md B through the forms of the pane, each act done as the workbench does it.
#[test]
fn the_worked_example_comes_out_at_the_workbench() {
    let desk = Desk::new();
    printed_batch(&desk, 300);
    let book = |verb, answers: &[&str]| at_the_workbench(&desk, booked(&mut small("7"), verb, answers));
    book(RECEIVE, &["", "00011881-00012000", "李敏", "三号柜", "2026-01-05", ""]).expect("received");
    book(RECEIVE, &["", "00012001-00012500", "李敏", "三号柜", "2026-02-02", ""]).expect("received");
    assert_eq!(balance(&desk), [620, 620, 0, 0, 0, 0]);
    let refused = book(RECEIVE, &["", "00012500-00012600", "李敏", "", "", ""]).expect_err("an overlap");
    assert!(refused.kind == FailureKind::Rule && refused.message.contains("00012500 已经入过库"), "{refused}");
    // The batch is printed; six are spoiled over it, each printed again on the next one that is free.
    book(USE, &["", "00011881", "批次1", "", "2026-03-02", ""]).expect("printed");
    let again = |number: &str| {
        let mut app = small("7");
        press(&mut app, "a");
        press(&mut app, "down down down down down enter enter");
        press(&mut app, &format!("ctrl-u '{number}' enter down enter ctrl-u '2026-03-02' enter '卡纸' enter"));
        let done = acts(&press(&mut app, "y"));
        at_the_workbench(&desk, done[0].clone()).expect("spoiled")
    };
    ["00011900", "00011950", "00012000-00012002", "00012100"]
        .into_iter()
        .for_each(|number| assert_ne!(again(number), 0));
    assert_eq!(balance(&desk), [620, 314, 300, 6, 0, 0]);
    book(DESTROY, &["", "00011900,00011950,00012000-00012002,00012100", "赵静", "2026-1", "2026-03-09", ""])
        .expect("destroyed");
    let refused = book(SPOIL, &["", "00011900", "", "2026-03-10", "x"]).expect_err("it was destroyed");
    assert!(refused.message.contains("00011900 已经销毁，不能再用"), "{refused}");
    let found = "00012187-00012300,00012302-00012500";
    book(COUNT, &["", found, "", "", "2026-06-30", ""]).expect("counted");
    assert_eq!(balance(&desk)[1], 314);
    book(CLOSE, &["1", "2026-06-30", "搬柜时夹带，找不到"]).expect("closed");
    assert_eq!(balance(&desk), [620, 313, 300, 0, 6, 1]);
    book(DEMAND, &["", "2027", "40/200/150/20/5", "S000044012001", "", "", "", ""]).expect("noted");
    let noted = desk.verb(&["stock", "demand", "--year", "2027", "--format", "json"]);
    let noted: serde_json::Value = serde_json::from_str(&noted.out).expect("JSON");
    let one = &noted["demands"][0];
    assert_eq!((&one["passes"], &one["stock"], &one["order"]), (&json!(415), &json!(313), &json!(102)));
}

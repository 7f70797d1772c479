//! Numbers for the rows of a roster: the plan, the yes, and what the store says.

use std::sync::Arc;

use skillcert::app::ledger::request::{LedgerAct, LedgerAnswer, LedgerRequest};
use skillcert::app::msg::{Effect, Msg, StoreJob};
use skillcert::app::overlay::Overlay;
use skillcert::app::{App, Screen};
use skillcert::domain::ledger::plan::{Plan, PlanWish, RowOrder, RowRefusal};
use skillcert::domain::ledger::stock::BlankKind;
use skillcert::domain::sheet::Field;
use skillcert::failure::{Failure, FailureKind};
use skillcert::words::Lang;

use super::super::{GOOD, app_with, cell, press, three};
use super::{ask_of, serve};
use crate::screens::screen;
use crate::support::fake_ledger::{Fake, acts, code};

/// A roster of three of whom two have no number.
pub fn without_numbers() -> Vec<[&'static str; 11]> {
    let mut rows = three();
    rows[1][Field::Code.index()] = "";
    rows[2][Field::Code.index()] = "";
    rows
}

fn app() -> App {
    app_with(Lang::Zh, (80, 24), &without_numbers())
}

fn plan_of(app: &App) -> Option<&Plan> {
    app.overlays.plan().expect("no plan on screen").plan()
}

fn allocation(effects: &[Effect]) -> Option<(u64, Arc<Plan>)> {
    effects.iter().find_map(|e| match e {
        Effect::Store { seq, job: StoreJob::Allocate { plan, .. } } => Some((*seq, Arc::clone(plan))),
        _ => None,
    })
}

fn refusal() -> Failure {
    Failure::new(FailureKind::Store, "台账已变动", "")
}

#[test]
fn numbers_are_shown_first_and_taken_by_a_yes_alone() {
    let mut app = app();
    let effects = press(&mut app, "A");
    assert!(matches!(ask_of(&effects).1, LedgerRequest::Plan { wish: PlanWish { order: RowOrder::Roster, .. }, .. }));
    // Before the plan is there nothing can be taken.
    assert!(allocation(&press(&mut app, "y")).is_none() && plan_of(&app).is_none());
    Fake::small().serve(&mut app, effects);
    assert_eq!(plan_of(&app).map(|p| (p.rows.len(), p.refused.len())), Some((2, 1)));
    assert!(allocation(&press(&mut app, "enter")).is_none());
    let effects = press(&mut app, "y");
    let (seq, plan) = allocation(&effects).expect("a job");
    assert_eq!(plan.rows[0].code, code(120));
    // Until the store answers no cell has changed, nor can one be.
    assert_eq!(cell(&app, 1, Field::Code), "");
    press(&mut app, "enter");
    assert_eq!(app.status.text, app.locale.text("status.allocating"));
    assert!(app.roster.edit().is_none());
    assert!(!app.roster.saving().is_done());
    app.update(Msg::Allocated { seq, entry: 42 });
    app.update(Msg::Saved(seq));
    assert_eq!([1, 2].map(|row| cell(&app, row, Field::Code)), [120, 121].map(|i| code(i).to_string()));
    assert_eq!(cell(&app, 1, Field::IssueDate), "2026-11-21");
    assert!(app.status.text.contains("42") && app.roster.saving().is_done());
}

/// Very many numbers are put in beside the keys; nobody stops what the ledger has given.
#[test]
fn very_many_numbers_are_put_in_beside_the_keys() {
    let mut row = GOOD;
    (row[2], row[7]) = ("", "");
    let mut app = app_with(Lang::Zh, (100, 24), &vec![row; 2_500]);
    serve(&mut app, Fake::small(), "A");
    let (seq, _) = allocation(&press(&mut app, "y")).expect("a job");
    let effects = app.update(Msg::Allocated { seq, entry: 42 });
    app.update(Msg::Saved(seq));
    let made =
        |effect| if let Effect::Make { seq, batch, making } = effect { Some((seq, batch, making)) } else { None };
    let (seq, mut copy, making) = effects.into_iter().find_map(made).expect("handed over");
    assert!(app.is_busy() && cell(&app, 2_499, Field::Code).is_empty());
    assert!(!press(&mut app, "esc").iter().any(|effect| matches!(effect, Effect::StopMaking)));
    let made = copy.make(making, &|_, _| false).expect("made");
    let effects = app.update(Msg::Made { seq, made: Some(Box::new((*copy, made))) });
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Store { .. })), "the store has it");
    assert!(!cell(&app, 2_499, Field::Code).is_empty() && app.status.text.contains("42"), "{}", app.status.text);
    assert!(!app.is_busy() && app.roster.batch().is_some_and(|batch| batch.history().is_lasting()));
}

#[test]
fn numbers_given_cannot_be_taken_back() {
    let mut app = app();
    press(&mut app, "enter ctrl-u 甲 enter");
    serve(&mut app, Fake::small(), "A");
    let (seq, _) = allocation(&press(&mut app, "y")).expect("a job");
    app.update(Msg::Allocated { seq, entry: 42 });
    // What was done since can, what was done before cannot.
    press(&mut app, "enter ctrl-u 乙 enter u u");
    assert_eq!(app.status.text, app.told("status.lasting", &[]));
    assert_eq!((cell(&app, 0, Field::Name), cell(&app, 1, Field::Code)), ("甲".into(), code(120).to_string()));
    press(&mut app, "H u");
    assert_eq!(cell(&app, 1, Field::Code), code(120).to_string());
    // A second answer to the same order changes nothing.
    app.update(Msg::Allocated { seq, entry: 43 });
    assert_eq!(app.roster.batch().map(|b| b.history().applied().len()), Some(2));
}

#[test]
fn a_ledger_that_moved_means_a_new_plan_and_a_new_question() {
    let mut app = app();
    serve(&mut app, Fake::small(), "A s s");
    let (seq, _) = allocation(&press(&mut app, "y")).expect("a job");
    // An answer to an order that was never given is no answer.
    assert!(app.update(Msg::NotAllocated { seq: seq + 7, moved: true, failure: refusal() }).is_empty());
    let effects = app.update(Msg::NotAllocated { seq, moved: true, failure: refusal() });
    assert!(matches!(ask_of(&effects).1, LedgerRequest::Plan { wish: PlanWish { order: RowOrder::IdNumber, .. }, .. }));
    assert!(app.status.is_bad && cell(&app, 1, Field::Code).is_empty());
    let moved = Fake { certificates: 130, ..Fake::small() };
    moved.serve(&mut app, effects);
    let Some(Overlay::Plan(pane)) = app.overlays.open() else { panic!("no plan") };
    assert!(pane.is_overtaken());
    assert_eq!(plan_of(&app).map(|p| p.rows[0].code), Some(code(130)));
    assert!(allocation(&press(&mut app, "enter")).is_none());
    let (_, plan) = allocation(&press(&mut app, "y")).expect("a job");
    assert_eq!(plan.series[0].from(), 131);
}

#[test]
fn what_else_went_wrong_is_told_and_the_roster_takes_changes_again() {
    let mut app = app();
    serve(&mut app, Fake::small(), "A");
    let (seq, _) = allocation(&press(&mut app, "y")).expect("a job");
    let effects = app.update(Msg::NotAllocated { seq, moved: false, failure: refusal() });
    assert!(effects.iter().all(|e| !matches!(e, Effect::Ledger { .. })) && !app.overlays.is_open());
    assert!(app.status.is_bad && app.roster.is_editable());
}

#[test]
fn an_order_is_planned_anew_and_an_older_plan_does_not_come_through() {
    let mut app = app();
    let first = press(&mut app, "A");
    let second = press(&mut app, "s");
    let (old, old_ask) = ask_of(&first);
    let answer = Fake::small().answer(old_ask, &app.locale);
    app.update(Msg::Ledger { seq: old, answer });
    assert!(plan_of(&app).is_none());
    Fake::small().serve(&mut app, second);
    assert!(
        matches!(app.overlays.open(), Some(Overlay::Plan(pane)) if pane.order() == RowOrder::Name && pane.plan().is_some())
    );
    // A plan that comes when the question was left opens nothing.
    let effects = press(&mut app, "s");
    press(&mut app, "esc");
    Fake::small().serve(&mut app, effects);
    assert!(!app.overlays.is_open());
}

#[test]
fn where_every_row_has_its_number_there_is_nothing_to_take() {
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    serve(&mut app, Fake::small(), "A");
    assert!(allocation(&press(&mut app, "y")).is_none());
    assert_eq!(app.status.text, app.locale.text("status.nothing-to-allocate"));
    assert!(plan_of(&app).is_some());
}

#[test]
fn reserved_numbers_are_asked_for_in_place_of_new_ones_and_back() {
    let mut app = app();
    let asked = |app: &App, effects: &[Effect]| {
        let LedgerRequest::Plan { wish: PlanWish { order, reserved, .. }, .. } = ask_of(effects).1 else {
            panic!("no plan is asked for")
        };
        let Some(Overlay::Plan(pane)) = app.overlays.open() else { panic!("no plan on screen") };
        assert_eq!((pane.order(), pane.is_reserved()), (*order, *reserved));
        (*order, *reserved)
    };
    for (key, expected) in [
        ("A", (RowOrder::Roster, false)),
        ("r", (RowOrder::Roster, true)),
        ("s", (RowOrder::Name, true)),
        ("r", (RowOrder::Name, false)),
        ("r", (RowOrder::Name, true)),
    ] {
        let effects = press(&mut app, key);
        assert_eq!(asked(&app, &effects), expected);
        Fake::small().serve(&mut app, effects);
    }
    assert!(plan_of(&app).is_some_and(|plan| plan.reserved));
    let (seq, plan) = allocation(&press(&mut app, "y")).expect("a job");
    assert!(plan.reserved);
    // A plan that was overtaken is made again with the same numbers.
    let again = app.update(Msg::NotAllocated { seq, moved: true, failure: refusal() });
    assert_eq!(asked(&app, &again), (RowOrder::Name, true));
}

/// A plan of which no row gets a number, as its institution is not registered.
fn unregistered() -> Plan {
    Plan {
        profile: "gansu-competition".into(),
        refused: [1, 2].map(|row| (row, RowRefusal::UnknownInstitution(GOOD[9].into(), None))).to_vec(),
        ..Plan::default()
    }
}

#[test]
fn what_the_store_would_refuse_is_told_with_the_plan() {
    let mut app = app();
    let effects = press(&mut app, "A");
    let (seq, ask) = ask_of(&effects);
    let LedgerAnswer::Planned(plan, None, None) = Fake::small().answer(ask, &app.locale) else { panic!("no plan") };
    let why = Failure::new(FailureKind::Store, "账本是旧的", "请先核对");
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Planned(plan, Some(why), None) });
    let shown = screen(&app);
    assert!(shown.contains("现在不能赋号：账本是旧的。请先核对"), "{shown}");
    assert!(allocation(&press(&mut app, "y")).is_none());
    assert!(plan_of(&app).is_some() && app.status.is_bad);
    // Once it is mended the next plan says nothing of it.
    serve(&mut app, Fake::small(), "s");
    assert!(!screen(&app).contains("账本是旧的"));
    assert!(allocation(&press(&mut app, "y")).is_some());
}

#[test]
fn an_institution_that_is_not_registered_can_be_registered_from_the_plan() {
    let mut app = app();
    let effects = press(&mut app, "A");
    let (seq, _) = ask_of(&effects);
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Planned(Box::new(unregistered()), None, None) });
    let shown = screen(&app);
    assert!(shown.contains("按 i 登记这个评价机构") && !shown.contains("--prefix"), "{shown}");
    // From the first question back to the plan, which is made anew.
    let effects = press(&mut app, "i esc");
    let (seq, _) = ask_of(&effects);
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Planned(Box::new(unregistered()), None, None) });
    assert!(app.ledger.form().is_none() && plan_of(&app).is_some());
    // The notice of the roster is chosen already; a prefix that does not read is asked for again as it was typed.
    press(&mut app, "i enter 's0000620' enter");
    assert!(app.status.is_bad && screen(&app).contains("S0000620"), "{}", screen(&app));
    press(&mut app, "ctrl-u 'ｓ000062010002' enter");
    assert_eq!(app.line_question.as_ref().map(|ask| ask.prompt.text()), Some(GOOD[9]), "{}", app.status.text);
    // The name of the roster is a proposal: another that is typed takes its place, and is not put behind it.
    press(&mut app, "'样例技能大赛组委会'");
    assert_eq!(app.line_question.as_ref().map(|ask| ask.prompt.text()), Some("样例技能大赛组委会"));
    press(&mut app, &format!("ctrl-u '{}'", GOOD[9]));
    serve(&mut app, Fake::small(), "enter '备案' enter");
    let effects = press(&mut app, "y");
    // What the store refuses is asked again with every answer.
    let again = app.update(Msg::Ledger { seq: ask_of(&effects).0, answer: LedgerAnswer::Failed(refusal()) });
    Fake::small().serve(&mut app, again);
    assert!(app.status.is_bad && screen(&app).contains("S000062010002"), "{}", screen(&app));
    serve(&mut app, Fake::small(), "ctrl-u enter");
    let effects = press(&mut app, "y");
    let deed = LedgerAct::Register {
        prefix: "S000062010002".into(),
        profile: "gansu-competition".into(),
        name: GOOD[9].into(),
        reason: String::new(),
    };
    assert_eq!(acts(&effects), [deed]);
    // Then the numbers are planned anew.
    let asks = Fake::small().serve(&mut app, effects);
    assert!(asks.iter().any(|ask| matches!(ask, LedgerRequest::Plan { .. })));
    assert_eq!(plan_of(&app).map(|p| p.rows.len()), Some(2));
    // Whoever gives up leaves nothing behind.
    press(&mut app, "esc A");
    assert!(app.ledger.replan().is_none());
}

#[test]
fn an_institution_is_registered_in_the_registry_too() {
    let mut app = app();
    serve(&mut app, Fake::small(), "L 5");
    press(&mut app, "a end enter");
    assert!(app.line_question.is_some() && app.ledger.replan().is_none());
    // Back to the notice, and out.
    press(&mut app, "shift-tab");
    assert!(matches!(app.overlays.open(), Some(Overlay::Choose(choose)) if choose.at() + 1 == choose.options().len()));
    press(&mut app, "esc");
    assert!(app.ledger.form().is_none() && app.screen == Screen::Ledger);
}

#[test]
fn holders_and_errors_are_let_in_by_a_key_each_and_kept_out_again() {
    let mut app = app();
    let asked = |effects: &[Effect]| {
        let LedgerRequest::Plan { wish, .. } = ask_of(effects).1 else { panic!("no plan is asked for") };
        (wish.also_held, wish.also_errors)
    };
    for (key, expected) in
        [("A", (false, false)), ("h", (true, false)), ("e", (true, true)), ("h", (false, true)), ("e", (false, false))]
    {
        let effects = press(&mut app, key);
        assert_eq!(asked(&effects), expected, "{key}");
        Fake::small().serve(&mut app, effects);
    }
    serve(&mut app, Fake::small(), "h");
    let Some(Overlay::Plan(pane)) = app.overlays.open() else { panic!("no plan") };
    assert!(pane.notes().iter().any(|note| note == app.locale.text("ui.plan.also-held-none")), "{:?}", pane.notes());
    // The day that the number stamps is told before it is written (BJ-17).
    assert!(pane.notes().iter().any(|note| note.contains("2026-11-21")), "{:?}", pane.notes());
    let (seq, _) = allocation(&press(&mut app, "y")).expect("a job");
    app.update(Msg::Allocated { seq, entry: 42 });
    assert!(app.status.text.contains("2026-11-21"), "the history names both acts: {}", app.status.text);
}

/// Has a plan come to the one that was asked for.
fn planned(app: &mut App, plan: Plan) {
    let effects = press(app, "A");
    let (seq, _) = ask_of(&effects);
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Planned(Box::new(plan), None, None) });
}

#[test]
fn a_plan_says_how_many_rows_it_lets_in_and_which_profile_another_is() {
    let mut app = app();
    app.profiles = vec![skillcert::data::profile("national").expect("a profile")];
    let overruled = vec![(1, RowRefusal::HasError(Field::Employer))];
    let refused = vec![(2, RowRefusal::OtherProfile("national".into(), 1, 99_999))];
    press(&mut app, "A");
    let effects = press(&mut app, "e");
    let (seq, _) = ask_of(&effects);
    let plan = Plan { profile: "gansu-competition".into(), overruled, refused, ..Plan::default() };
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Planned(Box::new(plan), None, None) });
    let shown = screen(&app);
    assert!(shown.contains("有错误的 1 行也排进来了"), "{shown}");
    assert!(shown.contains("全国") && !shown.contains("national"), "a profile goes by its name:\n{shown}");
}

#[test]
fn the_reasons_that_are_not_named_are_counted() {
    let mut app = app();
    let refused = vec![
        (0, RowRefusal::AwardTwice(1)),
        (1, RowRefusal::AwardTwice(2)),
        (0, RowRefusal::HasCode),
        (1, RowRefusal::NoIssueDate),
        (2, RowRefusal::NoInstitution),
        (2, RowRefusal::SeveralInstitutions),
    ];
    planned(&mut app, Plan { profile: "gansu-competition".into(), refused, ..Plan::default() });
    let shown = screen(&app);
    assert!(shown.contains("6 行不能") && shown.contains(" 2 其他原因"), "{shown}");
    assert!(shown.contains("2 行可能重复发证"), "{shown}");
}

#[test]
fn nothing_of_a_plan_is_cut_and_the_room_that_is_left_shows_the_numbers() {
    let mut app = app();
    serve(&mut app, Fake::small(), "A");
    let shown = screen(&app);
    let row = shown.lines().find(|line| line.contains(code(120).as_str())).unwrap_or_else(|| panic!("{shown}"));
    assert!(row.contains("第 2 行") || row.contains("第 3 行"), "{row}");
    // A reason that is longer than the screen goes on in the next line.
    press(&mut app, "esc");
    let spots: Vec<_> = (1..3).map(|row| (row, RowRefusal::Full(99_999))).collect();
    app.locale = skillcert::words::Locale::load(Lang::En);
    planned(&mut app, Plan { profile: "gansu-competition".into(), refused: spots, ..Plan::default() });
    let Some(Overlay::Plan(pane)) = app.overlays.open() else { panic!("no plan") };
    let (told, shown) = (pane.refused()[0].clone(), screen(&app));
    let joined: String = shown.lines().map(|line| line.trim_matches(['│', ' '])).collect::<Vec<_>>().join(" ");
    assert!(joined.contains(&told) && !shown.contains('~'), "{told}\n{shown}");
}

/// From which blank on is printed is typed over the plan, which is there again behind it.
#[test]
fn blanks_are_laid_beside_a_plan() {
    let mut app = app();
    serve(&mut app, Fake::small(), "A");
    assert!(press(&mut app, "b").is_empty());
    // What is no number leaves the plan as it was, and so does whoever backs out.
    serve(&mut app, Fake::small(), "'11881' enter");
    assert!(app.status.text.contains("“11881”不是空白证书的号码"), "{}", app.status.text);
    assert_eq!(plan_of(&app).and_then(|plan| plan.blanks), None);
    press(&mut app, "b");
    let effects = press(&mut app, "esc");
    let LedgerRequest::Plan { wish: PlanWish { blanks: None, .. }, .. } = ask_of(&effects).1 else { panic!("no plan") };
    Fake::small().serve(&mut app, effects);
    press(&mut app, "b");
    let effects = press(&mut app, "'00011881' enter");
    let (_, LedgerRequest::Plan { wish: PlanWish { blanks: Some(start), .. }, .. }) = ask_of(&effects) else {
        panic!("no plan")
    };
    assert_eq!((start.kind, start.from.to_string()), (BlankKind::Ordinary, "00011881".to_string()));
    Fake::small().serve(&mut app, effects);
    assert!(screen(&app).contains("空白证书：00011881"), "{}", screen(&app));
    // It is kept when the plan is made anew, and taken with the numbers.
    serve(&mut app, Fake::small(), "s");
    let (_, plan) = allocation(&press(&mut app, "y")).expect("a job");
    assert_eq!(plan.blanks.map(|start| start.from.to_string()), Some("00011881".into()));
    // What is typed over it for another kind; and none again.
    let mut app = self::app();
    serve(&mut app, Fake::small(), "A");
    press(&mut app, "b");
    serve(&mut app, Fake::small(), "'00000001　竞赛' enter");
    assert_eq!(plan_of(&app).and_then(|plan| plan.blanks).map(|start| start.kind), Some(BlankKind::Competition));
    press(&mut app, "b");
    serve(&mut app, Fake::small(), "ctrl-u enter");
    assert_eq!(plan_of(&app).and_then(|plan| plan.blanks), None);
}

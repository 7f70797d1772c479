//! The values of a column, those that mean the same, and replacing: keys, and what becomes of the cells.

use std::sync::Arc;

use skillcert::app::App;
use skillcert::app::command::{Command, Place};
use skillcert::app::msg::{BesideAnswer, BesideAsk, ColumnAnswer, ColumnAsk, Effect, Msg, StoreJob};
use skillcert::app::overlay::{Narrowing, Overlay, ValuesPane};
use skillcert::data;
use skillcert::domain::batch::ColumnMask;
use skillcert::domain::replace::{Replaced, taking_back};
use skillcert::domain::reshape::ReshapeMasks;
use skillcert::domain::sheet::Field;
use skillcert::domain::spared::Spared;
use skillcert::domain::summary::Summary;
use skillcert::domain::values::groups::{kept_apart, value_groups};
use skillcert::domain::values::places::Places;
use skillcert::domain::values::{ColumnValues, wrong_rows};
use skillcert::words::Lang;

use super::{GOOD, app_with, cell, press, with};

/// Works out what is asked, as a worker would.
pub fn answer(ask: ColumnAsk) -> ColumnAnswer {
    let replaced = |replaced: Replaced, masks: &[ColumnMask]| {
        let values = replaced.masked(masks);
        ColumnAnswer::Replaced(replaced, values)
    };
    match ask {
        ColumnAsk::Count { batch, column } => {
            let wrong = wrong_rows(&batch, column);
            let values = ColumnValues::of(batch.roster(), column, &wrong, &|| false).expect("values");
            let narrowing = Narrowing::of(&values);
            ColumnAnswer::Counted(Arc::new(values), Arc::new(narrowing), Box::new(batch.column_mask(column)))
        }
        ColumnAsk::Group(values) => {
            let all: Vec<_> = values.all().iter().map(|value| (Arc::clone(&value.text), value.rows)).collect();
            let groups = value_groups(&all, &[], (data::spellings(), &Places::default()), &|| false).expect("groups");
            let apart = kept_apart(&all, &groups, data::spellings());
            ColumnAnswer::Grouped(groups, apart)
        }
        ColumnAsk::Sum { roster, findings, form } => {
            let summary = Summary::unless((&roster, &findings), &form, &|| false);
            ColumnAnswer::Summed(Box::new(summary.expect("a summary")))
        }
        ColumnAsk::Set { values, to, spared, mask } => replaced(Replaced::set(&values, &spared, &to), &[mask]),
        ColumnAsk::Replace { batch, replacing, reach } => {
            let of = (batch.roster(), &Spared::of(&batch));
            let masks: Vec<_> = reach.fields.iter().map(|field| batch.column_mask(*field)).collect();
            replaced(replacing.plan(of, &reach, &|| false).expect("a plan"), &masks)
        }
        ColumnAsk::Beside(ask) => match *ask {
            BesideAsk::PlanReshape { reshaping, batch, rows } => {
                let of = (batch.roster(), &Spared::of(&batch));
                let reshaped = reshaping.plan(of, rows.as_deref(), &|| false).expect("a plan");
                let masks = ReshapeMasks::of(&reshaping, &batch);
                let values = masks.told(&reshaped.replaced);
                ColumnAnswer::Beside(BesideAnswer::Reshaped(Box::new(reshaped), values, masks))
            }
            BesideAsk::PlanFixes { mut batch, shown } => {
                let plan = batch.plan_fixes(false, |f| shown.as_ref().is_none_or(|s| s.wants(f) && s.has(f.row)));
                ColumnAnswer::Beside(BesideAnswer::Fixes(plan))
            }
            BesideAsk::PlanSame { batch, wish, told } => {
                let plan = batch.plan_same(&wish, &|| false).expect("a plan");
                ColumnAnswer::Beside(BesideAnswer::Same(told, plan))
            }
            BesideAsk::PlanSaid { batch, saying, note } => {
                let (rows, numbers) = batch.plan_said(&saying, &|| false).expect("a plan");
                ColumnAnswer::Beside(BesideAnswer::Said(saying, rows, numbers, note))
            }
            BesideAsk::PlanBack { batch, step, only } => {
                let back = taking_back(&batch, step, only, &|| false).expect("a plan");
                ColumnAnswer::Beside(BesideAnswer::Back(step, back))
            }
            other => panic!("{other:?}"),
        },
    }
}

/// Presses keys one by one, and has the work done that each asks for, as a worker would.
pub fn serve(app: &mut App, keys: &str) -> Vec<Effect> {
    let mut all = Vec::new();
    for key in keys.split(' ') {
        for effect in press(app, key) {
            match effect {
                Effect::Work { seq, ask } => all.extend(app.update(Msg::Worked { seq, answer: Some(answer(ask)) })),
                other => all.push(other),
            }
        }
    }
    all
}

fn employers(names: &[&'static str]) -> App {
    let rows: Vec<_> = names.iter().map(|name| with(&[(Field::Employer, *name)])).collect();
    let mut app = app_with(Lang::Zh, (80, 24), &rows);
    app.roster.go_to_column(Field::Employer.index());
    app
}

fn pane(app: &App) -> &ValuesPane {
    let Some(Overlay::Values(pane)) = app.overlays.open() else { panic!("closed") };
    pane
}

fn listed(app: &App) -> Vec<(&str, u32)> {
    let pane = pane(app);
    (0..pane.count_shown()).filter_map(|at| pane.shown(at)).map(|(value, _)| (&*value.text, value.rows)).collect()
}

fn cells(app: &App, field: Field) -> Vec<String> {
    (0..app.roster.batch().expect("a batch").roster().len()).map(|row| cell(app, row, field)).collect()
}

#[test]
fn values_are_counted_ordered_and_narrowed() {
    let mut app = employers(&["兰州大学", "兰州大学", "", "天水师范学院", "兰州大学"]);
    serve(&mut app, "v");
    assert_eq!(app.place(), Place::Values);
    assert_eq!(listed(&app), [("兰州大学", 3), ("", 1), ("天水师范学院", 1)]);
    assert_eq!(pane(&app).shown(1).map(|(value, _)| value.errors), Some(1), "an employer must be there");
    serve(&mut app, "s");
    assert_eq!(listed(&app)[0], ("", 1), "most errors first");
    serve(&mut app, "s");
    assert_eq!(listed(&app).last(), Some(&("天水师范学院", 1)));
    for (typed, found) in [("天水", 1), ("lzdx", 1), ("tianshui", 1), ("zzz", 0)] {
        let keys: Vec<String> = typed.chars().map(String::from).collect();
        serve(&mut app, &format!("/ {} enter", keys.join(" ")));
        assert_eq!((app.place(), listed(&app).len()), (Place::Values, found), "{typed}");
        serve(&mut app, "/ esc");
        assert_eq!(listed(&app).len(), 3);
    }
    serve(&mut app, "esc");
    assert_eq!((app.place(), app.roster.row()), (Place::Grid, Some(0)));
}

#[test]
fn marked_values_are_set_to_one_in_one_step_and_who_thinks_again_comes_back() {
    let mut app = employers(&["甲公司", "乙公司", "乙公司", "丙公司"]);
    serve(&mut app, "v space space e ctrl-u '丁公司' enter");
    let Some(Overlay::Preview(preview)) = app.overlays.open() else { panic!("no preview: {:?}", app.status) };
    let told: Vec<_> = preview.preview().values.iter().map(|v| (v.shown.texts[0].as_str(), v.cells)).collect();
    assert_eq!(told, [("乙公司", 2), ("丙公司", 1)]);
    serve(&mut app, "esc");
    assert_eq!(pane(&app).count_marked(), 2, "nothing is lost by looking");
    let effects = serve(&mut app, "e ctrl-u '丁公司' enter y");
    assert_eq!(cells(&app, Field::Employer), ["甲公司", "丁公司", "丁公司", "丁公司"]);
    let stored = effects.iter().filter(|e| matches!(e, Effect::Store { job: StoreJob::Record { .. }, .. }));
    assert_eq!(stored.count(), 1);
    press(&mut app, "u");
    assert_eq!(cells(&app, Field::Employer), ["甲公司", "乙公司", "乙公司", "丙公司"]);
}

/// Sixty rows in seven spellings of three employers: open, group, three decisions, yes.
#[test]
fn sixty_rows_in_seven_spellings_of_three_employers_are_three_decisions() {
    let names = [
        ("天水麦积技工学校", 20),
        ("天水市麦积技工学校", 9),
        ("天水麦积技工学校 ", 1),
        ("兰州陇原机械有限公司", 15),
        ("蘭州隴原機械有限公司", 5),
        ("白银有色职业技能培训中心", 8),
        ("白银有色职业技能培训中心（本部）", 2),
    ];
    let all: Vec<&'static str> = names.iter().flat_map(|(name, n)| std::iter::repeat_n(*name, *n)).collect();
    let mut app = employers(&all);
    serve(&mut app, "v g");
    assert_eq!(app.place(), Place::ValueGroups);
    serve(&mut app, "enter enter enter");
    assert_eq!(app.place(), Place::Preview, "{:?}", app.status);
    serve(&mut app, "y");
    let mut after = cells(&app, Field::Employer);
    after.dedup();
    assert_eq!(after, ["天水麦积技工学校", "兰州陇原机械有限公司", "白银有色职业技能培训中心"]);
    assert_eq!(app.roster.batch().expect("a batch").history().applied().len(), 1);
}

/// One of the forms is another body: it is left out, the rest of its group is decided, and `x` takes it in again.
#[test]
fn a_form_is_left_out_of_its_group_before_that_is_decided() {
    let names = [("天水麦积技工学校", 20), ("天水市麦积技工学校", 9), ("天水麦积技校", 3)];
    let all: Vec<&'static str> = names.iter().flat_map(|(name, n)| std::iter::repeat_n(*name, *n)).collect();
    let mut app = employers(&all);
    serve(&mut app, "v g right right x");
    let groups = pane(&app).groups().expect("groups");
    let form: Arc<str> = Arc::from("天水麦积技校");
    assert!(groups.is_out(0, &form) && groups.rows_to(0, "天水麦积技工学校") == 9);
    // What was left out is nothing that the others become.
    serve(&mut app, "right right enter");
    assert_eq!(app.place(), Place::ValueGroups);
    serve(&mut app, "x");
    assert!(!pane(&app).groups().expect("groups").is_out(0, &form));
    serve(&mut app, "right right x enter y");
    let mut after = cells(&app, Field::Employer);
    after.dedup();
    assert_eq!(after, ["天水麦积技工学校", "天水麦积技校"]);
}

#[test]
fn help_and_palette_over_a_pane_come_back_to_it() {
    let mut app = employers(&["甲公司", "乙公司", "乙公司"]);
    serve(&mut app, "v space");
    for key in [":", "?"] {
        serve(&mut app, key);
        assert_ne!(app.place(), Place::Values);
        serve(&mut app, "esc");
        assert_eq!((app.place(), pane(&app).count_marked()), (Place::Values, 1), "{key}");
    }
    serve(&mut app, "? esc g");
    assert_eq!(app.place(), Place::Values, "{:?}", app.status);
}

type Act<'a> = &'a dyn Fn(&mut App) -> Vec<Effect>;

/// What is done to very many rows is planned beside the keys, and Esc stops it.
#[test]
fn very_many_rows_are_planned_beside_the_keys() {
    let mut rows = vec![with(&[(Field::Employer, "甲公司")]); 2_500];
    rows[0] = with(&[(Field::Employer, "乙公司")]);
    rows[7] = with(&[(Field::Employer, "")]);
    let mut app = app_with(Lang::Zh, (80, 24), &rows);
    app.roster.go_to_column(Field::Employer.index());
    let aside = |app: &mut App| {
        app.order(Command::PutAllAside);
        press(app, "'弃考' enter")
    };
    let acts: [Act<'_>; 4] =
        [&|app| press(app, "d"), &|app| press(app, "D"), &|app| press(app, "c ctrl-u '丙公司' enter"), &aside];
    for (n, act) in acts.iter().enumerate() {
        let effects = act(&mut app);
        let asked = effects.iter().any(|e| matches!(e, Effect::Work { ask: ColumnAsk::Beside(_), .. }));
        assert!(asked && app.place() == Place::Choose, "{n} {:?}", app.place());
        let effects = press(&mut app, "esc");
        assert!(effects.iter().any(|e| matches!(e, Effect::StopWork)), "{n}");
        assert_eq!(app.place(), Place::Grid, "{n}");
        for effect in act(&mut app) {
            if let Effect::Work { seq, ask } = effect {
                app.update(Msg::Worked { seq, answer: Some(answer(ask)) });
            }
        }
        let Some(Overlay::Preview(shown)) = app.overlays.open() else { panic!("{n} {:?}", app.status) };
        let change = &shown.preview().change;
        assert_eq!((change.edits.len(), change.rows.len()), [(1, 0), (2_499, 0), (2_500, 0), (0, 2_500)][n], "{n}");
        press(&mut app, "esc");
    }
}

/// Two companies that differ by their form may be two: whether there is anything to merge or not, both are named.
#[test]
fn companies_that_differ_by_their_form_are_told_and_kept_apart() {
    let two = ["白银样例有限公司", "白银样例有限责任公司"];
    let told = |names: &[&'static str]| {
        let mut app = employers(names);
        serve(&mut app, "v g");
        (app.place(), app.status.text.clone())
    };
    for (names, place) in
        [(&two[..], Place::Values), (&[two[0], two[1], "天水麦积技工学校", "天水市麦积技工学校"], Place::ValueGroups)]
    {
        let (at, words) = told(names);
        assert!(at == place && two.iter().all(|name| words.contains(name)), "{at:?} {words}");
    }
}

#[test]
fn a_group_takes_another_form_or_one_that_is_typed_or_is_left() {
    let start = || {
        let mut app = employers(&["天水麦积技工学校", "天水麦积技工学校", "天水市麦积技工学校"]);
        serve(&mut app, "v g");
        app
    };
    for (keys, expected) in [
        ("right enter y", "天水市麦积技工学校"),
        ("right left enter y", "天水麦积技工学校"),
        ("e ctrl-u '麦积技校' enter y", "麦积技校"),
    ] {
        let mut app = start();
        serve(&mut app, keys);
        assert!(cells(&app, Field::Employer).iter().all(|cell| cell == expected), "{keys}: {:?}", app.status);
    }
    let mut app = start();
    serve(&mut app, "-");
    assert!(app.status.is_bad && app.place() == Place::ValueGroups, "nothing was decided that could be done");
    serve(&mut app, "esc");
    assert_eq!(app.place(), Place::Values);
    let mut app = employers(&["兰州大学"]);
    app.roster.go_to_column(Field::Name.index());
    serve(&mut app, "v g");
    assert_eq!((app.place(), app.status.is_bad), (Place::Values, true), "people are never merged");
}

#[test]
fn names_stay_masked_and_no_mask_is_written() {
    let mut app = app_with(Lang::Zh, (80, 24), &[GOOD, with(&[(Field::Name, "张 伟")])]);
    serve(&mut app, "* space tab tab enter");
    let Some(Overlay::Preview(preview)) = app.overlays.open() else { panic!("no preview: {:?}", app.status) };
    assert_eq!(preview.preview().values[0].shown.texts, ["张␣*", "张*"]);
    serve(&mut app, "y");
    assert_eq!(cells(&app, Field::Name), ["张伟", "张伟"]);
    serve(&mut app, "v e");
    assert_eq!(app.place(), Place::ValueLine);
    serve(&mut app, "esc");
    assert_eq!(app.place(), Place::Values);
}

#[test]
fn a_text_or_an_expression_is_replaced_where_it_is_asked_for() {
    let rows = ["兰州市第6届大赛", "天水市第7届大赛", "白银"];
    let mut app = employers(&rows);
    serve(&mut app, "* '第(\\d+)届' down '第${1}期' down right enter y");
    assert_eq!(cells(&app, Field::Employer), ["兰州市第6期大赛", "天水市第7期大赛", "白银"]);
    // The rows shown alone.
    app.order(skillcert::app::command::Command::Undo);
    press(&mut app, "& '天水' enter");
    app.roster.go_to_column(Field::Employer.index());
    serve(&mut app, "* '市' enter y");
    assert_eq!(cells(&app, Field::Employer), ["兰州市第6届大赛", "天水第7届大赛", "白银"]);
    // Every row and every column all the same.
    serve(&mut app, "* '兰州' down '金城' down down right down right enter y");
    assert_eq!(cells(&app, Field::Employer)[0], "金城市第6届大赛");
}

#[test]
fn what_was_put_aside_is_not_replaced() {
    let mut app = employers(&["兰州市", "天水市"]);
    press(&mut app, "j - '重复' enter g g");
    app.roster.go_to_column(Field::Employer.index());
    serve(&mut app, "* '市' enter");
    let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("{}", app.status.text) };
    assert_eq!(pane.preview().open, ["移出名册的 1 行不动"]);
    serve(&mut app, "y");
    assert_eq!(cells(&app, Field::Employer), ["兰州", "天水市"]);
}

#[test]
fn a_bad_expression_is_told_where_it_is_typed() {
    let mut app = employers(&["兰州"]);
    serve(&mut app, "* '兰(' down down right enter");
    let Some(Overlay::Replace(pane)) = app.overlays.open() else { panic!("closed") };
    let (line, bad) = pane.fault().expect("a fault");
    assert_eq!((line as usize, bad.behind, pane.at()), (0, 1, 0));
    assert!(app.locale.pattern_fault(&bad).contains("括号"));
    serve(&mut app, "backspace x");
    let Some(Overlay::Replace(pane)) = app.overlays.open() else { panic!("closed") };
    assert_eq!(pane.fault(), None);
    serve(&mut app, "enter");
    assert!(matches!(app.overlays.open(), Some(Overlay::Replace(_))), "nothing to change: it stays");
}

#[test]
fn what_takes_long_is_stopped_and_what_comes_late_is_dropped() {
    let mut app = employers(&["兰州"]);
    let effects = press(&mut app, "v");
    assert!(app.overlays.is_waiting());
    let mut asked = effects.into_iter().filter_map(|effect| match effect {
        Effect::Work { seq, ask } => Some((seq, ask)),
        _ => None,
    });
    let (seq, ask) = asked.next().expect("work");
    // Keys answer meanwhile.
    press(&mut app, "e");
    assert!(app.status.is_bad);
    let effects = press(&mut app, "esc");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::StopWork)));
    assert_eq!(app.place(), Place::Grid);
    press(&mut app, "v");
    app.update(Msg::Worked { seq, answer: Some(answer(ask)) });
    assert!(app.overlays.is_waiting(), "that was the answer to another question");
    app.update(Msg::Worked { seq: seq + 1, answer: None });
    assert!(!app.overlays.is_waiting() && app.status.is_bad);
}

#[test]
fn help_lists_the_keys_of_the_pane_and_leads_back_to_it_as_it_was() {
    let mut app = employers(&["天水市麦积技工学校", "天水麦积技工学校", "兰州大学", "天水麦积技工学校"]);
    serve(&mut app, "v j space");
    let help = |app: &App| {
        let Some(Overlay::Help(list)) = app.overlays.open() else { panic!("{:?}", app.place()) };
        let lines = list.lines(&app.locale, &app.keymap, app.base_place());
        lines.into_iter().map(|line| line.command).collect::<Vec<_>>()
    };
    let as_it_is = |app: &App| (pane(app).at(), pane(app).count_marked(), listed(app).len());
    let before = as_it_is(&app);
    serve(&mut app, "?");
    let of_values = help(&app);
    assert!(of_values.contains(&Command::SetValues) && !of_values.contains(&Command::FillDown), "{of_values:?}");
    serve(&mut app, "esc");
    assert_eq!(as_it_is(&app), before);
    serve(&mut app, "g ?");
    assert!(help(&app).contains(&Command::LeaveGroup), "{:?}", help(&app));
    serve(&mut app, "esc");
    assert!(pane(&app).groups().is_some_and(|groups| groups.open_count() == 1));
    // Over the preview of what the pane proposes, too: back to that, then to the pane.
    serve(&mut app, "enter");
    assert_eq!(app.place(), Place::Preview);
    serve(&mut app, "?");
    assert!(help(&app).contains(&Command::Apply));
    serve(&mut app, "esc");
    assert_eq!(app.place(), Place::Preview);
    serve(&mut app, "esc");
    assert!(pane(&app).groups().is_some());
}

#[test]
fn whatever_is_previewed_tells_what_undone_steps_it_drops() {
    let names = ["天水市麦积技工学校", "天水麦积技工学校", "兰州大学", "天水麦积技工学校"];
    for keys in ["v e ctrl-u '甲厂' enter", "v g enter", "* '天水' down '秦州' enter", "d"] {
        let mut app = employers(&names);
        serve(&mut app, "enter ctrl-u '乙厂' enter u");
        assert_eq!(app.roster.batch().expect("a batch").history().undone_steps().len(), 1);
        serve(&mut app, keys);
        let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("{keys}: {}", app.status.text) };
        assert!(pane.preview().note.contains("执行就放弃刚才撤销的 1 步"), "{keys}: {}", pane.preview().note);
        serve(&mut app, "y");
        assert_eq!(app.place(), Place::Grid, "nobody is asked twice");
    }
}

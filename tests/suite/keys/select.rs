//! Filters that add up, order, marks and searches by keys.

use skillcert::app::App;
use skillcert::app::msg::{Effect, Msg, ReadEnd};
use skillcert::app::overlay::Overlay;
use skillcert::app::roster::view::View;
use skillcert::domain::rules::Severity;
use skillcert::domain::sheet::Field;
use skillcert::words::Lang;

use crate::screens::screen;

use super::{GOOD, app_with, cell, labels, new_app, opened, press, rows, three, with};

/// Six people of three employers; one of them has an error.
fn six() -> Vec<[&'static str; 11]> {
    let of = |name, employer, day| with(&[(Field::Name, name), (Field::Employer, employer), (Field::IssueDate, day)]);
    vec![
        of("张伟", "天水某厂", "2024-11-08"),
        of("李小刚", "兰州某厂", "2024/11/7"),
        of("王芳", "天水某厂", "2024-11-06"),
        of("赵敏", "", "2024-11-09"),
        of("李四", "天水技校", "2024-11-08"),
        of("周杰", "天水某厂", "2024-11-01"),
    ]
}

fn app() -> App {
    app_with(Lang::Zh, (100, 24), &six())
}

fn shown(app: &App) -> Vec<u32> {
    let batch = app.roster.batch().expect("batch");
    (0..app.roster.grid().count(batch)).filter_map(|at| app.roster.grid().row_at(batch, at)).collect()
}

/// Types a filter.
fn filter(app: &mut App, typed: &str) {
    press(app, &format!("& '{typed}' enter"));
}

/// A filter with a slip in it is there to be mended the next time.
#[test]
fn a_filter_that_finds_nothing_is_proposed_again() {
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    for (typed, is_kept) in [("所在单位=没有这家", true), ("所在单位~兰州", false)] {
        press(&mut app, "&");
        app.update(Msg::Paste(typed.into()));
        press(&mut app, "enter &");
        let text = app.line_question.as_ref().map(|question| question.prompt.text().to_string());
        assert_eq!(text.as_deref(), Some(if is_kept { typed } else { "" }), "{}", app.status.text);
        press(&mut app, "esc");
    }
}

#[test]
fn filters_add_up_and_go_one_by_one() {
    let mut app = app();
    for (typed, left) in [("所在单位=天水某厂", &[0, 2, 5][..]), ("发证日期!=2024-11-06", &[0, 5]), ("姓名~周", &[5])]
    {
        filter(&mut app, typed);
        assert_eq!(shown(&app), left, "{typed}");
    }
    let (told, beside) = app.roster.selection_words(&app.locale).expect("words");
    assert_eq!(told, "筛选：所在单位=天水某厂；发证日期!=2024-11-06；姓名~*");
    assert_eq!(beside, "1/6 行");
    press(&mut app, "backspace");
    assert_eq!(shown(&app), [0, 5]);
    // The list takes any of them away.
    press(&mut app, ": 'filters' enter");
    assert!(matches!(app.overlays.open(), Some(Overlay::Choose(pane)) if pane.options().len() == 2));
    press(&mut app, "up enter");
    assert_eq!(shown(&app), [0, 1, 3, 4, 5]);
    // What would leave nothing changes nothing; one on the same column takes the other's place.
    filter(&mut app, "所在单位=没有");
    assert_eq!((app.status.is_bad, shown(&app).len()), (true, 5));
    filter(&mut app, "所在单位=天水技校");
    filter(&mut app, "所在=兰州某厂");
    assert_eq!(shown(&app), [1]);
    press(&mut app, "F");
    filter(&mut app, "szdw=");
    assert_eq!(shown(&app), [3]);
    press(&mut app, "F & '所在单位!=' enter");
    assert_eq!(shown(&app), [0, 1, 2, 4, 5]);
    filter(&mut app, "证=1");
    assert!(app.status.is_bad && app.status.text.contains("证件类型、证件号码"), "{}", app.status.text);
}

#[test]
fn what_is_empty_is_filtered_by_as_it_is_shown() {
    for typed in ["所在单位=", "所在单位=空", "所在单位=（空）", "所在单位＝（空）"] {
        let mut app = app();
        filter(&mut app, typed);
        assert_eq!(shown(&app), [3], "{typed}");
    }
    let mut app = app();
    filter(&mut app, "所在单位!=（空）");
    assert_eq!(shown(&app), [0, 1, 2, 4, 5]);
}

/// What bars the export is told before what does not, and no column is named twice.
#[test]
fn the_worst_of_a_cell_is_told_first() {
    let mut rows = six();
    rows[0][Field::Name.index()] = " 张 三丰 ";
    let mut app = app_with(Lang::Zh, (80, 24), &rows);
    let found = app.roster.batch().expect("a batch").findings().of_row(0).to_vec();
    let of_name = || found.iter().filter(|f| f.field == Field::Name);
    let worst = of_name().min_by_key(|f| f.severity()).expect("a finding");
    assert!(of_name().any(|f| f.severity() != worst.severity()), "{found:?}");
    press(&mut app, "home");
    let painted = screen(&app);
    assert!(painted.contains(&format!("! {} ", worst.rule.spec().code)), "{painted}");
    let twice = six()[0];
    rows[0] = twice;
    rows[1][Field::Code.index()] = twice[Field::Code.index()];
    let app = app_with(Lang::Zh, (80, 24), &rows);
    assert!(!screen(&app).contains("证书编号 证书编号"), "{}", screen(&app));
}

#[test]
fn nothing_stays_scrolled_away_where_all_columns_find_room() {
    let mut app = app_with(Lang::Zh, (80, 24), &six());
    press(&mut app, "end");
    let label = app.roster.batch().expect("a batch").context().sheet().label(Field::IdType).to_string();
    let head = |app: &App| screen(app).lines().nth(2).unwrap_or_default().to_string();
    assert!(!head(&app).contains(&label), "{}", head(&app));
    app.update(Msg::Resize(220, 50));
    assert!(head(&app).contains(&label), "{}", head(&app));
}

#[test]
fn one_key_filters_by_the_cell_and_tab_completes_a_column() {
    let mut app = app();
    press(&mut app, "l l l ,");
    assert_eq!(shown(&app), [0, 2, 5]);
    press(&mut app, "F & 所 tab");
    assert_eq!(app.line_question.as_ref().map(|q| q.prompt.text()), Some("所在单位="));
    press(&mut app, "ctrl-u 证 tab");
    assert_eq!(app.line_question.as_ref().map(|q| q.prompt.text()), Some("证"), "证件 and 证书 begin so");
    let mut app = app_with(Lang::Zh, (100, 24), &three());
    press(&mut app, ": 'filter-errors' enter");
    let wrong = |row: &u32| {
        app.roster.batch().expect("batch").findings().of_row(*row).iter().any(|f| f.severity() == Severity::Error)
    };
    assert_eq!(shown(&app), (0..3).filter(wrong).collect::<Vec<_>>());
}

#[test]
fn what_is_set_for_many_rows_says_for_which() {
    let mut app = app();
    filter(&mut app, "所在单位=天水某厂");
    press(&mut app, "home l l l c ctrl-u 某 校 enter");
    let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("a preview") };
    assert_eq!(pane.preview().note, "只动筛选出的 3 行：所在单位=天水某厂");
    press(&mut app, "y F");
    assert_eq!([0, 1, 2, 5].map(|row| cell(&app, row, Field::Employer)), ["某校", "兰州某厂", "某校", "某校"]);
}

#[test]
fn rows_are_sorted_by_the_column_and_everything_goes_by_what_is_shown() {
    let mut app = app();
    let to_day = "home l l l l l l l l";
    press(&mut app, to_day);
    assert_eq!(app.roster.grid().field(), Field::IssueDate);
    press(&mut app, "s");
    assert_eq!(shown(&app), [5, 2, 1, 0, 4, 3]);
    assert_eq!(app.roster.row(), Some(0), "the cursor stays on its row");
    assert_eq!(app.roster.batch().expect("batch").roster().line(5), 7, "row numbers stay the file's");
    // Down, the line, the page and the fill go by what is shown.
    press(&mut app, "j");
    assert_eq!(app.roster.row(), Some(4));
    press(&mut app, "# 3 enter");
    assert_eq!(app.roster.row(), Some(1));
    press(&mut app, "home l l l d tab y");
    let employers = [0, 1, 2, 3, 4, 5].map(|row| cell(&app, row, Field::Employer));
    assert_eq!(employers, ["兰州某厂", "兰州某厂", "天水某厂", "兰州某厂", "兰州某厂", "天水某厂"]);
    press(&mut app, &format!("{to_day} s"));
    assert_eq!(shown(&app), [3, 0, 4, 1, 2, 5], "equal days stay in the order of the file");
    filter(&mut app, "所在单位=天水某厂");
    assert_eq!(shown(&app), [2, 5]);
    press(&mut app, "F s");
    assert_eq!((shown(&app), app.roster.grid().shown.is_none()), (vec![0, 1, 2, 3, 4, 5], true));
    press(&mut app, "s g f");
    assert!(app.roster.grid().shown.is_none());
}

#[test]
fn the_next_finding_follows_the_order_shown() {
    let mut app = app();
    press(&mut app, "home s");
    let order = shown(&app);
    let batch = app.roster.batch().expect("batch");
    let expected: Vec<u32> = order.iter().copied().filter(|row| !batch.findings().of_row(*row).is_empty()).collect();
    press(&mut app, "g g");
    let mut met = Vec::new();
    for _ in 0..batch_findings(&app) {
        press(&mut app, "n");
        met.extend(app.roster.row());
    }
    met.dedup();
    let from = expected.iter().position(|row| Some(row) == met.first()).expect("one of them");
    let turned: Vec<u32> = expected[from..].iter().chain(&expected[..from]).copied().collect();
    assert!(met.starts_with(&turned[..turned.len().min(met.len())]), "{met:?} {turned:?}");
    press(&mut app, "g g home N");
    assert_eq!(app.roster.row(), expected.last().copied());
}

fn batch_findings(app: &App) -> usize {
    app.roster.batch().expect("batch").findings().iter().count()
}

#[test]
fn marked_rows_are_acted_upon_whatever_is_shown() {
    let mut app = app();
    press(&mut app, "space j space");
    assert_eq!(app.roster.acted_rows(), [0, 2]);
    assert_eq!(app.roster.row(), Some(3));
    filter(&mut app, "所在单位=天水某厂");
    press(&mut app, "home l l l c ctrl-u 新 厂 enter");
    let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("a preview") };
    assert_eq!(pane.preview().note, "只动已标记的 2 行");
    press(&mut app, "y F");
    assert_eq!([0, 2, 5].map(|row| cell(&app, row, Field::Employer)), ["新厂", "新厂", "天水某厂"]);
    press(&mut app, ": 'filter-marked' enter");
    assert_eq!(shown(&app), [0, 2]);
    press(&mut app, "F : 'unmark-all' enter");
    assert_eq!(app.roster.acted_rows(), [app.roster.row().expect("a row")]);
    filter(&mut app, "所在单位=新厂");
    press(&mut app, ": 'mark-shown' enter F");
    assert_eq!(app.roster.acted_rows(), [0, 2]);
}

#[test]
fn a_search_goes_on_with_n_until_it_is_ended() {
    let mut app = app();
    press(&mut app, "/ '某厂' enter");
    assert_eq!((app.roster.row(), app.roster.grid().field()), (Some(0), Field::Employer));
    press(&mut app, "n n");
    assert_eq!(app.roster.row(), Some(2));
    press(&mut app, "N");
    assert_eq!(app.roster.row(), Some(1));
    press(&mut app, "esc");
    assert_eq!(app.status.text, "查找已结束");
    press(&mut app, "g g n");
    assert!(!app.roster.grid().is_searching);
    // Initials of the sounds, and one column alone.
    press(&mut app, "g g home / l s enter");
    assert_eq!((app.roster.row(), app.roster.grid().column), (Some(4), 0), "李四");
    press(&mut app, "esc g g home / tab 天 水 enter");
    assert!(app.status.is_bad, "no name has it: {}", app.status.text);
    press(&mut app, "l l l / 天 水 enter");
    assert_eq!(app.roster.grid().field(), Field::Employer);
}

#[test]
fn filters_order_and_marks_come_back_with_the_batch() {
    let mut first = app();
    press(&mut first, "j space home s");
    filter(&mut first, "所在单位~某厂");
    let effects = press(&mut first, "j");
    let json =
        effects.iter().rev().find_map(|e| if let Effect::SaveView(json) = e { Some(json.clone()) } else { None });
    let mut app = new_app(Lang::Zh, (100, 24));
    app.start(None, None);
    app.update(opened(&labels(), json));
    let msg = rows(&app, &six());
    app.update(msg);
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    assert_eq!((shown(&app), app.roster.acted_rows()), (shown(&first), vec![1]));
    assert_eq!(app.roster.view(), View { path: "/data/名册.csv".into(), ..first.roster.view() });
}

#[test]
fn many_rows_are_chosen_by_steps_that_esc_stops() {
    let mut row = GOOD;
    row[Field::Employer.index()] = "甲";
    let mut app = app_with(Lang::Zh, (80, 24), &vec![row; 0x1_0002]);
    let asks = |effects: &[Effect]| effects.iter().any(|e| matches!(e, Effect::GoOn));
    assert!(asks(&press(&mut app, "& 甲 enter")) && app.is_busy() && app.roster.grid().shown.is_none());
    press(&mut app, "j");
    assert_eq!(app.roster.row(), Some(1), "keys are answered");
    press(&mut app, "esc");
    assert!(!app.is_busy() && !asks(&app.update(Msg::GoOn)) && app.roster.grid().shown.is_none());
    press(&mut app, "& 甲 enter");
    while app.is_busy() {
        app.update(Msg::GoOn);
    }
    assert_eq!(shown(&app).len(), 0x1_0002);
}

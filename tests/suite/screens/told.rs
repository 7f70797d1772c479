//! What has to be read stands on the screen: nothing is cut at the end that matters, and what follows is counted.

use skillcert::app::App;
use skillcert::app::msg::Msg;
use skillcert::domain::sheet::Field;
use skillcert::words::Lang;

use super::screen;
use crate::keys::{GOOD, app_with, press, three, with};

/// The text of a screen in one piece, without what frames it.
fn joined(screen: &str) -> String {
    screen.chars().filter(|c| !c.is_whitespace() && !"│─┌┐└┘".contains(*c)).collect()
}

#[test]
fn a_finding_without_a_ready_fix_offers_none() {
    let last = |app: &skillcert::app::App| screen(app).lines().last().map(String::from).unwrap_or_default();
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    let title = format!("  x {}", app.locale.text("command.fix.title"));
    assert!(!last(&app).contains(&title), "{}", last(&app));
    // The check digit of the second person can be right in many ways; the day beside it has one way to be written.
    press(&mut app, "n");
    assert_eq!(app.roster.grid().field(), Field::IdNumber);
    assert!(!last(&app).contains(&title), "{}", last(&app));
    press(&mut app, "x");
    assert!(!app.overlays.is_open(), "what stands in another cell was not asked for");
    assert!(app.status.is_bad && app.status.text.contains("发证日期"), "{}", app.status.text);
    press(&mut app, "n");
    assert_eq!(app.roster.grid().field(), Field::IssueDate);
    assert!(last(&app).contains(&title), "{}", last(&app));
    // Where nothing was found in the cell, what was found in its row is meant.
    press(&mut app, "home x y");
    assert_eq!(app.roster.batch().expect("a batch").roster().cell(1, Field::IssueDate), "2024-11-08");
    // Only a person can know who it is.
    let mut nameless = app_with(
        Lang::Zh,
        (80, 24),
        &[
            GOOD,
            with(&[
                (Field::Name, ""),
                (Field::Code, "S000062010001242J00002"),
                (Field::IdNumber, "620102199003077731"),
            ]),
        ],
    );
    press(&mut nameless, "j");
    assert!(!last(&nameless).contains(&title), "{}", last(&nameless));
    press(&mut nameless, "x");
    assert!(!nameless.overlays.is_open());
}

#[test]
fn the_record_beside_the_grid_tells_clause_and_proposal() {
    let wrong_year = with(&[(Field::Code, "S000062010001232J00002")]);
    let mut wide = app_with(Lang::Zh, (200, 50), &[wrong_year]);
    let text = screen(&wide);
    assert!(text.contains("GS-23") && text.contains("x 可改为[S000062010001242J00002]"), "{text}");
    let mut narrow = app_with(Lang::Zh, (80, 24), &[wrong_year]);
    press(&mut narrow, "tab");
    assert!(!screen(&narrow).contains("可改为"), "where the grid keeps its rows there is no room");
    press(&mut wide, "x y");
    assert!(!screen(&wide).contains("可改为"), "{}", screen(&wide));
}

#[test]
fn what_help_cuts_is_told_below_in_full_and_what_follows_is_counted() {
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    press(&mut app, "?");
    for _ in 0..12 {
        let text = joined(&screen(&app));
        let skillcert::app::overlay::Overlay::Help(list) = app.overlays.open().expect("help") else {
            panic!("no help")
        };
        let command = list.lines(&app.locale, &app.keymap, app.base_place())[list.at()].command;
        let help = app.keymap.help(&app.locale, command, &[app.base_place()]);
        assert!(text.contains(&joined(&help)), "{help}\n{}", screen(&app));
        press(&mut app, "down");
    }
    assert!(screen(&app).contains("下面还有"), "{}", screen(&app));
    press(&mut app, "'撤销'");
    assert!(!screen(&app).contains("下面还有"), "{}", screen(&app));
}

#[test]
fn the_decoder_uses_the_width_and_cuts_nothing_above_empty_lines() {
    for (size, code) in
        [((80, 24), "S000044012001253000001"), ((120, 40), "S000044012001253000001"), ((200, 50), GOOD[7])]
    {
        let mut app = app_with(Lang::Zh, size, &three());
        press(&mut app, &format!("= '{code}'"));
        let text = screen(&app);
        assert!(!text.lines().any(|line| line.starts_with('│') && line.contains('~')), "{text}");
        let ruler = text.lines().position(|line| line.contains("1   5   10   15   20")).expect("a ruler");
        let beside = text.lines().nth(ruler).is_some_and(|line| line.contains("代码"));
        assert_eq!(beside, 100 <= size.0, "{text}");
    }
}

/// A roster of which the second of four rows has the code of the fourth, and the third the number behind the gap.
fn one_number_missing() -> App {
    let rows = [
        ("S000062010001242J00001", "62010219900307123X"),
        ("S000062010001242J00004", "620102199001010011"),
        ("S000062010001242J00003", "62010219900101002X"),
        ("S000062010001242J00004", "620102199001010038"),
    ];
    let rows = rows.map(|(code, id)| with(&[(Field::Code, code), (Field::IdNumber, id)]));
    app_with(Lang::Zh, (200, 50), &rows)
}

#[test]
fn a_code_that_stands_twice_gets_the_number_that_is_missing_between_its_neighbours() {
    let mut app = one_number_missing();
    press(&mut app, "n");
    let offered = app.told("ui.record.proposal", &[("to", "[S000062010001242J00002]")]);
    assert!(screen(&app).contains(&offered), "{}", screen(&app));
    press(&mut app, "x y");
    assert_eq!(app.roster.batch().expect("a batch").roster().cell(1, Field::Code), "S000062010001242J00002");
}

#[test]
fn the_same_award_under_another_number_may_be_put_aside() {
    let again = with(&[(Field::Code, "S000062010001242J00002")]);
    let mut app = app_with(Lang::Zh, (200, 50), &[with(&[(Field::Code, "S000062010001242J00001")]), again]);
    press(&mut app, "x");
    assert!(!app.overlays.is_open(), "the first of them stays");
    press(&mut app, "j");
    assert!(screen(&app).contains(&app.told("ui.record.proposal-aside", &[])), "{}", screen(&app));
    press(&mut app, "x y");
    assert!(app.roster.batch().expect("a batch").roster().is_aside(1));
}

#[test]
fn a_number_that_is_missing_is_given_by_a_key_that_is_named() {
    for lang in [Lang::Zh, Lang::En] {
        let mut app = app_with(lang, (80, 24), &[with(&[(Field::Code, "")])]);
        press(&mut app, "n");
        let named = app.told("ui.grid.give-number", &[]);
        assert!(named.contains('A') && joined(&screen(&app)).contains(&joined(&named)), "{}", screen(&app));
        press(&mut app, "x");
        assert!(app.status.text == app.told("status.no-fix-number", &[]), "{}", app.status.text);
        app.update(Msg::Resize(200, 50));
        assert!(screen(&app).contains(&app.told("ui.record.proposal-number", &[])), "{}", screen(&app));
    }
}

#[test]
fn beside_the_findings_each_column_is_summed_up() {
    let mut app = app_with(Lang::Zh, (200, 50), &three());
    let lines = |app: &App| {
        let text = screen(app);
        let title =
            text.lines().position(|line| line.contains(&format!("── {} ", app.locale.text("ui.overview.title"))));
        let title = title.unwrap_or_else(|| panic!("{text}"));
        text.lines().skip(title + 1).map(String::from).collect::<Vec<_>>()
    };
    let of = |app: &App, label: &str| {
        let line =
            lines(app).into_iter().find_map(|line| Some(line.rsplit('│').next()?.split_once(label)?.1.to_string()));
        line.unwrap_or_else(|| panic!("{}", screen(app))).split_whitespace().map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(of(&app, "发证日期"), ["3", "1", "0"], "{}", screen(&app));
    press(&mut app, "X y");
    assert_eq!(of(&app, "发证日期"), ["3", "0", "1"], "{}", screen(&app));
    // A blank cell is one as well, also where only a number is missing.
    let blank = with(&[(Field::Code, ""), (Field::Employer, "")]);
    let app = app_with(Lang::Zh, (200, 50), &[GOOD, blank]);
    let has = |field| app.roster.batch().expect("a batch").findings().of_row(1).iter().any(|f| f.field == field);
    for (label, field) in [("证书编号", Field::Code), ("所在单位", Field::Employer)] {
        assert_eq!(of(&app, label)[..2], ["1".to_string(), u32::from(has(field)).to_string()], "{}", screen(&app));
    }
    assert!(has(Field::Code));
}

#[test]
fn lists_are_as_wide_as_their_texts() {
    let mut app = app_with(Lang::Zh, (200, 50), &three());
    press(&mut app, "B");
    let mut lines = crate::keys::batches::lines();
    lines.truncate(2);
    app.update(Msg::Batches(Ok(lines)));
    let text = screen(&app);
    let line = text.lines().find(|line| line.contains("电工三级.xlsx")).expect("the line");
    assert!(cells_wide(line) < 140, "{line}");
}

fn cells_wide(line: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(line.trim_end())
}

#[test]
fn who_holds_a_roster_is_told_to_the_end() {
    for (lang, holder) in [
        (Lang::Zh, "zhangxiaoming（anquan-pc-0017，进程号 10788），2026-11-30 05:20 起"),
        (Lang::En, "zhangxm (anquan-0017, process 10788) since 2026-11-30 05:20"),
    ] {
        let mut app = app_with(lang, (80, 24), &three());
        app.update(Msg::Held { switched: 1, holder: Some(holder.into()) });
        press(&mut app, "j");
        assert!(joined(&screen(&app)).contains(&joined(holder)), "{}", screen(&app));
    }
}

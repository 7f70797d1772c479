//! Columns cut in two, joined and written otherwise: headless, line by line, by key; in a copy, and in a batch as one step.

use std::fs;

use skillcert::app::overlay::Overlay;
use skillcert::domain::ledger::BatchId;
use skillcert::domain::replace::Replaced;
use skillcert::domain::sheet::Field;
use skillcert::domain::spared::{LeftWhy, Spared};
use skillcert::domain::values::ColumnValues;
use skillcert::office::{Office, Purpose, RosterReading};
use skillcert::words::Lang;

use crate::keys::values::serve;
use crate::keys::{app_with, cell, press, with};
use crate::plain::talk;
use crate::support::{Desk, goods, text};

/// What stands in the columns of occupation and work type.
const CELLS: [[&str; 2]; 6] = [
    ["汽车维修工（汽车机械维修工）", ""],
    ["汽车维修工／钣金", ""],
    ["汽车维修工", "钣金"],
    ["汽车维修工、钣金、喷漆", ""],
    ["汽车维修工（钣金）", "喷漆"],
    ["", ""],
];

/// What becomes of them: what is plain is cut.
const CUT: [[&str; 2]; 6] =
    [["汽车维修工", "汽车机械维修工"], ["汽车维修工", "钣金"], CELLS[2], CELLS[3], CELLS[4], CELLS[5]];

fn desk() -> Desk {
    let desk = Desk::new();
    desk.roster("r.csv", &rows(&CELLS));
    desk
}

fn rows(cells: &[[&str; 2]]) -> Vec<Vec<String>> {
    let mut rows = goods(cells.len());
    for (row, cells) in rows.iter_mut().zip(cells) {
        row[4..6].iter_mut().zip(cells).for_each(|(cell, text)| *cell = (*text).into());
    }
    rows
}

/// Gives both columns as a batch of the store has them.
fn stored(office: &Office, id: i64) -> (Vec<[String; 2]>, usize) {
    let session = office.look().expect("a session");
    let stored = session.batch(BatchId(id)).expect("a batch");
    let batch = session.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ()).expect("read");
    let cell = |row, field| batch.roster().cell(row, field).to_string();
    let pair = |row| [cell(row, Field::Occupation), cell(row, Field::WorkType)];
    ((0..batch.roster().len()).map(pair).collect(), batch.history().applied().len())
}

#[test]
fn a_column_is_cut_where_it_is_plain_and_the_other_rows_are_listed() {
    let desk = desk();
    let split = ["reshape", "split", "r.csv", "--column", "职业名称", "--into", "工种"];
    let tried = desk.verb(&[&split[..], &["--dry-run"]].concat());
    for words in [
        "会改 4 个单元格",
        "1  职业名称：“汽车维修工（汽车机械维修工）” 改为 “汽车维修工”",
        "第 6 行 工种/职业方向：已有“喷漆”，不放“钣金”",
        "没有分隔符，不动的 1 行：第 4 行",
        "分隔符不止一处，不动的 1 行：第 5 行",
        "要放的栏已有别的内容，不动的 1 行：第 6 行",
    ] {
        assert!(tried.out.contains(words), "{words}: {}{}", tried.out, tried.err);
    }
    let ran = desk.verb(&[&split[..], &["-o", "o.csv"]].concat());
    assert!(ran.code <= 1, "{}", ran.err);
    assert_eq!(fs::read_to_string(desk.path("o.csv")).expect("a copy"), text(",", &rows(&CUT)));
    // What differs is written over where that is asked for; a sign that was said is the only one.
    let over = desk.verb(&[&split[..], &["--also-filled", "--text", "（）", "-o", "over.csv"]].concat());
    assert!(over.out.contains("第 6 行 工种/职业方向：“喷漆”改为“钣金”"), "{}{}", over.out, over.err);
    let mut cut = CELLS;
    (cut[0], cut[4]) = (CUT[0], ["汽车维修工", "钣金"]);
    assert_eq!(fs::read_to_string(desk.path("over.csv")).expect("a copy"), text(",", &rows(&cut)));
}

#[test]
fn columns_are_joined_and_written_otherwise_once() {
    let desk = Desk::new();
    let cells = [["甘肃ａb", "c"], ["", "c"], ["甘肃x", "c-d"]];
    desk.roster("a.csv", &rows(&cells));
    let calls: [(&[&str], [&str; 3]); 9] = [
        (&["join", "--column", "职业名称", "--column", "工种", "--text", "-"], ["甘肃ａb-c", "", "甘肃x-c-d"]),
        (&["prefix", "--column", "职业名称", "--text", "甘肃"], ["甘肃ａb", "", "甘肃x"]),
        (&["prefix", "--column", "职业名称", "--text", "兰州"], ["兰州甘肃ａb", "", "兰州甘肃x"]),
        (&["suffix", "--column", "职业名称", "--text", "工"], ["甘肃ａb工", "", "甘肃x工"]),
        (&["strip-prefix", "--column", "职业名称", "--text", "甘肃"], ["ａb", "", "x"]),
        (&["strip-suffix", "--column", "职业名称", "--text", "甘肃x"], ["甘肃ａb", "", "甘肃x"]),
        (&["upper", "--column", "职业名称"], ["甘肃ＡB", "", "甘肃X"]),
        (&["half-width", "--column", "职业名称"], ["甘肃ab", "", "甘肃x"]),
        (&["full-width", "--column", "职业名称"], ["甘肃ａｂ", "", "甘肃ｘ"]),
    ];
    for (call, expected) in calls {
        let ran = desk.verb(&[&["reshape"], call, &["a.csv", "-o", "o.csv", "--force"]].concat());
        assert!(ran.code <= 1, "{call:?}: {}", ran.err);
        let mut after = cells;
        after.iter_mut().zip(expected).for_each(|(cells, text)| cells[0] = text);
        let written = fs::read_to_string(desk.path("o.csv")).expect("a copy");
        assert_eq!(written, text(",", &rows(&after)), "{call:?}");
        // Done again it does nothing more.
        let again = desk.verb(&[&["reshape"], call, &["o.csv", "--dry-run"]].concat());
        assert!(
            call[0] == "strip-prefix" || call[2] == "兰州" || again.out.contains("会改 0 个"),
            "{call:?}: {}",
            again.out
        );
    }
    for (call, why) in [
        (&["split", "--column", "职业名称"][..], "后一半"),
        (&["split", "--column", "职业名称", "--into", "职业名称"], "写了两次"),
        (&["join", "--column", "职业名称"], "两栏"),
        (&["prefix", "--column", "职业名称"], "前缀"),
        (&["upper", "--column", "职业名称", "--text", "a"], "不用写"),
        (&["upper", "--column", "职业名称", "--into", "工种"], "别的栏"),
    ] {
        let ran = desk.verb(&[&["reshape"], call, &["a.csv", "--dry-run"]].concat());
        assert!(ran.code == 2 && ran.err.contains(why), "{call:?}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn a_column_that_the_form_does_not_have_is_cut_into_two_others() {
    let desk = Desk::new();
    let mut all: Vec<String> = text(",", &rows(&[["", ""], ["", ""]])).lines().map(String::from).collect();
    for (line, more) in all.iter_mut().zip(["培训项目", "汽车维修工—钣金", "焊工—钳工"]) {
        *line += &format!(",{more}");
    }
    desk.put("r.csv", all.join("\n") + "\n");
    let cut = ["reshape", "split", "r.csv", "--column", "培训项目", "--into", "职业名称"];
    let one = desk.verb(&[&cut[..], &["--dry-run"]].concat());
    assert!(one.code == 2 && one.err.contains("另外两栏"), "{}{}", one.out, one.err);
    let ran = desk.verb(&[&cut[..], &["--into", "工种", "-o", "o.csv"]].concat());
    assert!(ran.code <= 1 && ran.out.contains("共改 4 个"), "{}{}", ran.out, ran.err);
    // What goes into a column that is shown in full can be checked.
    for what in ["焊工", "钳工"] {
        assert!(ran.out.contains(&format!("改为 “{what}”")), "{}", ran.out);
    }
    let written = fs::read_to_string(desk.path("o.csv")).expect("a copy");
    assert!(written.contains(",焊工,钳工,") && written.contains(",焊工—钳工"), "{written}");
}

/// A column that the file does not have and something was put into is there from then on.
#[test]
fn a_column_that_a_cut_has_filled_is_not_missing() {
    let desk = Desk::new();
    let mut all = rows(&[["汽车维修工—钣金", ""], ["焊工—钳工", ""]]);
    all.iter_mut().for_each(|row| drop(row.remove(5)));
    let labels = text(",", &rows(&[])).replace("工种,", "").replacen("工种/职业方向,", "", 1);
    let lines = all.iter().map(|row| row.join(",") + "\n").collect::<String>();
    let labels = labels.lines().next().expect("labels").replacen("职业名称", "培训项目", 1);
    desk.put("r.csv", format!("{labels}\n{lines}"));
    talk(&desk, &["open", "r.csv", "--home", "state"], "confirm-columns\ny\nquit\n");
    let check = || desk.verb(&["check", "--batch", "1", "--home", "state"]).out;
    let missing = |told: &str| told.lines().find(|line| line.contains("缺少的栏目")).unwrap_or_default().to_string();
    let before = check();
    assert!(missing(&before).contains("职业名称"), "{before}");
    let cut = ["reshape", "split", "--column", "培训项目", "--into", "职业名称", "--into", "工种", "--batch", "1"];
    let ran = desk.verb(&[&cut[..], &["--home", "state"]].concat());
    assert!(ran.code <= 1 && ran.out.contains("共改 4 个"), "{}{}", ran.out, ran.err);
    let after = check();
    assert!(!missing(&after).contains("职业名称") && !missing(&after).contains("工种"), "{after}");
}

#[test]
fn names_that_were_joined_into_another_column_stay_masked() {
    let desk = desk();
    talk(&desk, &["open", "r.csv", "--home", "state"], "quit\n");
    let join = ["reshape", "join", "--column", "姓名", "--column", "所在单位", "--into", "所在单位", "--text", "/"];
    let ran = desk.verb(&[&join[..], &["--also-filled", "--batch", "1", "--home", "state"]].concat());
    assert!(ran.code <= 1 && ran.out.contains("共改 6 个"), "{}{}", ran.out, ran.err);
    let names: Vec<String> = rows(&CELLS).iter().map(|row| row[0].clone()).collect();
    let mut told = vec![ran.out];
    for call in [&["values", "--column", "所在单位"][..], &["check", "--format", "json"], &["check"]] {
        told.push(desk.verb(&[call, &["--batch", "1", "--home", "state"]].concat()).out);
    }
    told.push(talk(&desk, &["open", "--home", "state"], "row 1\nrows\nvalues 所在单位\nquit\n").out);
    for name in &names {
        assert!(told.iter().all(|told| !told.contains(name.as_str())), "{name}: {told:#?}");
    }
    assert!(told[1].contains('/'), "{}", told[1]);
}

#[test]
fn a_batch_gets_a_step_that_a_session_can_take_back_and_its_recipe_is_learnt() {
    let desk = desk();
    assert!(desk.verb(&["ledger", "allocate", "r.csv"]).code <= 1);
    let before = stored(&desk.office(), 1).1;
    let split = ["reshape", "split", "--column", "职业名称", "--into", "工种", "--batch", "1"];
    assert!(desk.verb(&[&split[..], &["--dry-run"]].concat()).out.contains("会改 4 个"));
    assert_eq!(stored(&desk.office(), 1).1, before, "only tried");
    for refused in [&["-o", "x.csv"][..], &["r.csv"], &["--header-row", "1"], &["--unmask"]] {
        let ran = desk.verb(&[&split[..], refused].concat());
        assert!(ran.code == 2 && stored(&desk.office(), 1).1 == before, "{refused:?}: {}", ran.err);
    }
    let ran = desk.verb(&split);
    assert!(ran.code <= 1 && ran.err.contains("第 1 批"), "{}{}", ran.out, ran.err);
    assert_eq!(stored(&desk.office(), 1), (CUT.map(|pair| pair.map(String::from)).to_vec(), before + 1));
    // The recipe says that the column is cut, also where it holds other texts.
    let saved = desk.verb(&["recipe", "save", "r", "r.csv"]);
    assert!(
        saved.code == 0 && saved.out.contains("1 步") && saved.err.contains("第 1 批"),
        "{}{}",
        saved.out,
        saved.err
    );
    let shown = desk.verb(&["recipe", "show", "r"]).out;
    assert!(shown.contains("职业名称拆成两栏，后一半放进工种"), "{shown}");
    desk.roster("next.csv", &rows(&[["焊工（钳工）", ""], ["焊工", ""], ["焊工/钳工", "电工"]]));
    let applied = desk.verb(&["recipe", "apply", "r", "next.csv", "-o", "o.csv"]);
    assert!(applied.out.contains("改了 2 格"), "{}{}", applied.out, applied.err);
    for left in [
        "第 4 行 工种/职业方向：已有“电工”，不放“钳工”",
        "没有分隔符，不动的 1 行：第 3 行",
        "要放的栏已有别的内容，不动的 1 行：第 4 行",
    ] {
        assert!(applied.out.contains(left), "{left}: {}", applied.out);
    }
    let written = fs::read_to_string(desk.path("o.csv")).expect("a copy");
    assert_eq!(written, text(",", &rows(&[["焊工", "钳工"], ["焊工", ""], ["焊工/钳工", "电工"]])));
    // Replacing and recipes go into a batch as well.
    let replaced = desk.verb(&["replace", "喷漆", "涂装", "--batch", "1"]);
    assert!(replaced.out.contains("共替换 2 个单元格"), "{}{}", replaced.out, replaced.err);
    assert_eq!(stored(&desk.office(), 1).1, before + 2);
    let both = desk.verb(&["replace", "r.csv", "喷漆", "涂装", "--batch", "1"]);
    assert!(both.code == 2 && both.err.contains("不写文件"), "{}", both.err);
    let none = desk.verb(&["recipe", "apply", "r", "--batch", "1"]);
    assert!(none.out.contains("改了 0 格") && stored(&desk.office(), 1).1 == before + 2, "{}{}", none.out, none.err);
}

/// What was cut or joined is learnt whole, with its sign, or not at all.
#[test]
fn a_recipe_never_learns_one_half() {
    type Case<'a> = (&'a [[&'a str; 2]], &'a [&'a [&'a str]], Option<&'a str>);

    // What stands in a file, what is done to it, what the recipe says, and what must not be in it.
    let cut = ["reshape", "split", "--column", "职业名称", "--into", "工种", "--batch", "1"];
    let at_brackets = [&cut[..], &["--text", "（）"]].concat();
    let join = ["reshape", "join", "--column", "职业名称", "--column", "工种", "--text", "-", "--batch", "1"];
    let corrected = ["replace", "电焊工", "电弧焊工", "--column", "工种", "--batch", "1"];
    let by_brackets = Some("职业名称按 （） 拆成两栏");
    let cases: [Case<'_>; 5] = [
        // A half was corrected afterwards: in every row, then in some.
        (&[["焊工（电焊工）", ""], ["焊工（电焊工）", ""]], &[&cut, &corrected], None),
        (&[["焊工（电焊工）", ""], ["焊工（气焊工）", ""]], &[&cut, &corrected], by_brackets),
        // Another sign stays: the one that was said is the one that cuts.
        (&[["焊工（电焊工）", ""], ["车工/普通车工", ""]], &[&at_brackets], by_brackets),
        (&[["焊工（电焊工）", ""], ["焊工", ""]], &[&at_brackets], by_brackets),
        (&[["焊工", "电焊工"], ["车工", "普通车工"]], &[&join], None),
    ];
    let next = [["焊工（电焊工）", ""], ["光伏-风电运维员", ""], ["焊工", "气焊工"], ["焊工", ""]];
    for (cells, acts, split) in cases {
        let desk = Desk::new();
        desk.roster("r.csv", &rows(cells));
        assert!(desk.verb(&["ledger", "allocate", "r.csv"]).code <= 1);
        for act in acts {
            let ran = desk.verb(act);
            assert!(
                ran.code <= 1 && !ran.out.contains("共改 0") && !ran.out.contains("共替换 0"),
                "{act:?}: {}",
                ran.out
            );
        }
        let saved = desk.verb(&["recipe", "save", "r", "r.csv"]);
        let Some(split) = split else {
            assert!(saved.code == 1 && saved.out.contains("没有可学的"), "{cells:?}: {}{}", saved.out, saved.err);
            continue;
        };
        let shown = desk.verb(&["recipe", "show", "r"]).out;
        assert!(shown.contains(split) && !shown.contains("->"), "{cells:?}: {shown}");
        desk.roster("next.csv", &rows(&next));
        let applied = desk.verb(&["recipe", "apply", "r", "next.csv", "-o", "o.csv"]);
        assert!(applied.out.contains("改了 2 格"), "{}{}", applied.out, applied.err);
        let mut after = next;
        after[0] = ["焊工", "电焊工"];
        assert_eq!(fs::read_to_string(desk.path("o.csv")).expect("a copy"), text(",", &rows(&after)));
    }
}

#[test]
fn a_batch_that_somebody_holds_is_not_changed() {
    let desk = desk();
    assert!(desk.verb(&["ledger", "allocate", "r.csv"]).code <= 1);
    let session = desk.office().sign_on("test").expect("a session");
    let mut hand = skillcert::office::InHand::default();
    hand.go_on(&session, BatchId(1)).expect("in hand");
    let ran = desk.verb(&["replace", "汽车", "a", "--batch", "1"]);
    assert!(ran.code == 4 && !ran.err.is_empty(), "{} {}{}", ran.code, ran.out, ran.err);
    drop(hand);
    assert!(desk.verb(&["replace", "汽车", "a", "--batch", "1"]).code <= 1);
}

/// What was handed in elsewhere stands in the roster as well; somebody else's code is a slip and may be mended.
#[test]
fn codes_that_were_handed_in_stay() {
    let desk = Desk::new();
    desk.roster("before.csv", &goods(2));
    assert_eq!(desk.verb(&["init", "--home", "state"]).code, 0);
    let import = desk.verb(&["ledger", "import", "before.csv", "--status", "submitted", "--yes", "--home", "state"]);
    assert_eq!(import.code, 0, "{}", import.err);
    let mut rows = goods(4);
    let taken = rows[0][7].clone();
    rows[3][7] = taken;
    desk.roster("r.csv", &rows);
    talk(&desk, &["open", "r.csv", "--home", "state"], "quit\n");
    let replaced = desk.verb(&["replace", "S0000", "X0000", "--batch", "1", "--dry-run", "--home", "state"]);
    assert!(
        replaced.out.contains("会替换 2 个") && replaced.out.contains("已经上报，不成批改的 2 行：第 2-3 行"),
        "{}{}",
        replaced.out,
        replaced.err
    );
}

#[test]
fn numbers_that_the_ledger_gave_stay() {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("r.csv", &rows);
    let given = ["ledger", "allocate", "r.csv", "--prefix", "S000062010001", "--profile", "gansu-competition"];
    assert_eq!(desk.verb(&given).code, 0);
    let lower = ["reshape", "lower", "--column", "证书编号", "--batch", "1", "--dry-run"];
    let ran = desk.verb(&lower);
    assert!(
        ran.out.contains("会改 0 个") && ran.out.contains("是赋号时写的，不动的 3 行：第 2-4 行"),
        "{}{}",
        ran.out,
        ran.err
    );
    // Replacing leaves the same cells, and rows that were put aside.
    let replaced = desk.verb(&["replace", "S", "X", "--batch", "1", "--dry-run"]);
    assert!(
        replaced.out.contains("会替换 0 个") && replaced.out.contains("是赋号时写的，不动的 3 行：第 2-4 行"),
        "{}{}",
        replaced.out,
        replaced.err
    );
    // So does setting a value of the column.
    let session = desk.office().look().expect("a session");
    let kept = session.batch(BatchId(1)).expect("a batch");
    let batch = session.reopen(&kept, &RosterReading::default(), Purpose::Look, &mut |_| ()).expect("read");
    let values = ColumnValues::of(batch.roster(), Field::Code, &[], &|| false).expect("values");
    let set = Replaced::set(&values, &Spared::of(&batch), &[(0, "X".into())]);
    assert_eq!((set.edits.len(), set.values.len(), set.rows_left(LeftWhy::Given)), (0, 0, vec![0]));
}

#[test]
fn the_workbench_previews_what_becomes_of_columns_and_comes_back_to_what_is_wanted() {
    let roster =
        CELLS.map(|[occupation, work_type]| with(&[(Field::Occupation, occupation), (Field::WorkType, work_type)]));
    let mut app = app_with(Lang::Zh, (80, 24), &roster);
    app.roster.go_to_column(Field::Occupation.index());
    let cells = |app: &skillcert::app::App| {
        [0, 1, 2, 3, 4, 5].map(|row| [Field::Occupation, Field::WorkType].map(|field| cell(app, row, field)))
    };
    // Row 2 alone, then what is wanted is there again, with all rows.
    press(&mut app, "j space");
    serve(&mut app, "% enter");
    let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("{}", app.status.text) };
    let preview = pane.preview();
    assert_eq!((preview.change.edits.len(), preview.open.len(), preview.values.len()), (2, 0, 2), "{preview:?}");
    press(&mut app, "esc");
    let Some(Overlay::Choose(pane)) = app.overlays.open() else { panic!("{}", app.status.text) };
    let lines: Vec<&str> = pane.options().iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(lines, ["preview", "act", "column", "into", "text", "filled", "rows"]);
    serve(&mut app, "G enter g g enter");
    let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("{}", app.status.text) };
    assert_eq!(pane.preview().open.len(), 4, "{:?}", pane.preview().open);
    press(&mut app, "y");
    assert_eq!(cells(&app), CUT.map(|pair| pair.map(String::from)), "one step");
    press(&mut app, "u");
    assert_eq!(cells(&app), CELLS.map(|pair| pair.map(String::from)));
    // A prefix: the act is chosen from a list, whose Esc leads back, and its text is typed.
    press(&mut app, "% j enter esc enter j j enter j j enter '高级' enter");
    serve(&mut app, "g g enter");
    let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("{}", app.status.text) };
    assert_eq!(pane.preview().change.edits[0].after.as_ref(), "高级汽车维修工／钣金");
    press(&mut app, "esc esc");
    // What cannot be done says so.
    press(&mut app, "% j enter j enter g g enter");
    assert!(app.overlays.is_open() && app.status.is_bad && app.status.text.contains("两栏"), "{}", app.status.text);
}

#[test]
fn a_conversation_cuts_and_refuses() {
    let desk = desk();
    let script = "reshape 职业名称\n1\ny\nreshape 所在单位\n2\n3\n4\n高级\n1\n0\n0\nquit\n";
    let ran = talk(&desk, &["open", "r.csv"], script);
    for said in [
        "会改什么",
        "没有分隔符，不动的 1 行：第 4 行",
        "“汽车维修工／钣金” 改为 “汽车维修工”",
        "一栏拆成两栏 职业名称",
        "加前缀 所在单位",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    assert_eq!(stored(&desk.office_at("state"), 1).0, CUT.map(|pair| pair.map(String::from)), "{}", ran.out);
}

/// Cells that stand crosswise belong to others as those of a row that has moved do.
#[test]
fn rows_with_cells_crosswise_are_left_alone() {
    let rows = [with(&[]), with(&[(Field::Name, "电工"), (Field::Occupation, "张小伟")])];
    let app = app_with(Lang::Zh, (80, 24), &rows);
    let batch = app.roster.batch().expect("a batch");
    let spared = Spared::of(batch);
    assert_eq!([0, 1].map(|row| spared.why(row, Field::Employer)), [None, Some(LeftWhy::Moved)]);
    assert_eq!(batch.moved_rows().collect::<Vec<_>>(), [1]);
}

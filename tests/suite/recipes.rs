//! Recipes: what was made uniform for an organiser, learnt from a batch and done again with the next file.

use std::fs;
use std::sync::Arc;

use skillcert::app::command::{Command, Place};
use skillcert::app::msg::{Effect, Msg, RecipeAsk, RecipesPlanned};
use skillcert::app::overlay::Overlay;
use skillcert::domain::ledger::BatchId;
use skillcert::domain::recipe::Recipe;
use skillcert::domain::roster::{CellEdit, Change};
use skillcert::domain::sheet::Field;
use skillcert::office::InHand;
use skillcert::words::Lang;

use crate::keys::{app_with, cell, press, with};
use crate::support::{Desk, good, goods, text};

const OLD: &str = "天水麦积技工学校";
const NEW: &str = "天水市麦积技工学校";

/// Six people, of whom so many have an employer in the old spelling.
fn rows(old: usize) -> Vec<Vec<String>> {
    let mut rows = goods(6);
    rows.iter_mut().take(old).for_each(|row| row[3] = OLD.into());
    rows
}

/// A desk with a batch in which cells were changed.
fn corrected(edits: &[(u32, Field, &str, &str)]) -> Desk {
    let desk = Desk::new();
    desk.roster("a.csv", &rows(3));
    let made = desk.verb(&["ledger", "allocate", "a.csv"]);
    assert!(made.code <= 1, "{}", made.err);
    let session = desk.office().sign_on("test").expect("a session");
    let mut hand = InHand::default();
    hand.go_on(&session, BatchId(1)).expect("in hand");
    let edit = |(row, field, before, after): &(u32, Field, &str, &str)| CellEdit {
        row: *row,
        field: *field,
        before: Arc::from(*before),
        after: Arc::from(*after),
    };
    let change = Change { title: "t".into(), edits: edits.iter().map(edit).collect(), ..Change::default() };
    hand.record(&session, &change).expect("recorded");
    desk
}

fn employers() -> Vec<(u32, Field, &'static str, &'static str)> {
    (0..3).map(|row| (row, Field::Employer, OLD, NEW)).collect()
}

#[test]
fn what_was_made_uniform_is_learnt_and_done_again() {
    let name = good(0)[0].clone();
    let occupation = good(0)[4].clone();
    // A name is nobody's business, and a text that became two things is no rule.
    let mut edits = employers();
    edits.push((0, Field::Name, &name, "王小二"));
    edits.push((1, Field::Occupation, &occupation, "电工"));
    let desk = corrected(&edits);
    let saved = desk.verb(&["recipe", "save", "天水", "a.csv"]);
    assert!(saved.code == 0 && saved.out.contains("1 步"), "{}{}", saved.out, saved.err);
    assert!(saved.err.contains("有 1 种写法没有学"), "{}", saved.err);
    let shown = desk.verb(&["recipe", "show", "天水"]);
    assert!(shown.out.contains(&format!("所在单位：{OLD} -> {NEW}")), "{}", shown.out);
    assert!(!shown.out.contains("王小二") && !shown.out.contains(&name), "{}", shown.out);

    // The next file has the old spelling twice, and a step is of no use there.
    let file = desk.path("home/.local/share/skillcert/recipes/天水.toml");
    let mut recipe = fs::read_to_string(&file).expect("a recipe");
    recipe += "\n[[step]]\nfield = \"work-type\"\nfrom = \"没有的\"\nto = \"--\"\n";
    fs::write(&file, recipe).expect("written");
    desk.roster("b.csv", &rows(2));
    let tried = desk.verb(&["recipe", "apply", "天水", "b.csv", "--dry-run"]);
    let ran = desk.verb(&["recipe", "apply", "天水", "b.csv", "-o", "c.csv"]);
    for (told, done) in [(&tried, "会改 2 格"), (&ran, "改了 2 格")] {
        assert!(told.out.contains(done) && told.out.contains(&format!("2  所在单位：{OLD}")), "{}", told.out);
        assert!(told.out.contains("没有用上的 1 步") && told.out.contains("没有的"), "{}", told.out);
    }
    let mut expected = rows(2);
    expected.iter_mut().take(2).for_each(|row| row[3] = NEW.into());
    assert_eq!(fs::read_to_string(desk.path("c.csv")).expect("a copy"), text(",", &expected));
}

#[test]
fn a_column_that_somebody_assigned_is_assigned_again() {
    let desk = Desk::new();
    let other = |label: &str| text(",", &goods(3)).replacen("所在单位", label, 1);
    desk.put("a.csv", other("落脚处"));
    desk.put("b.csv", other("落脚处"));
    desk.put("c.csv", other("所在单位"));
    let saved = desk.verb(&["recipe", "save", "r", "a.csv", "--map", "落脚处=所在单位"]);
    assert_eq!(saved.code, 0, "{}{}", saved.out, saved.err);
    let none = desk.verb(&["check", "b.csv"]);
    assert_eq!(none.code, 1, "{}", none.out);
    for file in ["b.csv", "c.csv"] {
        let ran = desk.verb(&["recipe", "apply", "r", file, "-o", "out.csv", "--force"]);
        assert_eq!(ran.code, 0, "{file}: {}{}", ran.out, ran.err);
    }
    // It is read once, so that it may come through a pipe; what is said of a column goes first.
    let apply = |more: &[&str]| {
        let call = [&["recipe", "apply", "r", "-", "-o", "out.csv", "--force"], more].concat();
        desk.verb_with_input(&call, other("落脚处").as_bytes())
    };
    let (ran, said) = (apply(&[]), apply(&["--map", "落脚处=工种"]));
    assert!(ran.code == 0 && said.code == 1, "{}{}{}{}", ran.out, ran.err, said.out, said.err);
}

#[test]
fn recipes_are_kept_by_name_and_a_file_that_is_none_is_told() {
    let desk = corrected(&employers());
    assert_eq!(
        desk.verb(&["recipe"]).out.trim(),
        "还没有配方。改好一个批次后，用 skillcert recipe save 名字 文件 存下来。"
    );
    for name in ["../a", "a.b", ""] {
        let ran = desk.verb(&["recipe", "save", name, "a.csv"]);
        assert!(ran.code == 2 && !desk.path("home/.local/share/skillcert/recipes").exists(), "{name}: {}", ran.err);
    }
    let save = |more: &[&str]| desk.verb(&[&["recipe", "save", "甲", "a.csv"], more].concat());
    assert_eq!((save(&[]).code, save(&[]).code, save(&["--force"]).code), (0, 2, 0));
    let unknown = desk.verb(&["recipe", "show", "乙"]);
    assert!(unknown.code == 2 && unknown.err.contains("recipe list"), "{}", unknown.err);
    let bad = desk.path("home/.local/share/skillcert/recipes/坏.toml");
    fs::write(&bad, "version = 1\n[[step]]\nfield = \"name\"\nfrom = \"张\"\nto = \"王\"\n").expect("written");
    let listed = desk.verb(&["recipe", "list"]);
    assert!(listed.code == 1 && listed.out.contains("甲：1 步") && listed.out.contains("坏：不能用"), "{}", listed.out);
    let refused = desk.verb(&["recipe", "apply", "坏", "a.csv", "--dry-run"]);
    assert!(refused.code == 2 && refused.err.contains("姓名"), "{}", refused.err);
    // Whoever has edited one by hand is told in words where it is wrong; blanks at the ends are seen.
    for (text, words) in [("version = 1\nvers = 2\n", "第 2 行"), ("version = 1\n[[step]\n", "第 2 行")] {
        fs::write(&bad, text).expect("written");
        let told = desk.verb(&["recipe", "show", "坏"]).err;
        assert!(told.contains(words) && !told.contains("TOML parse error") && !told.contains("expected"), "{told}");
    }
    fs::write(&bad, "version = 1\n[[step]]\nfield = \"employer\"\nfrom = \"兰州 大学 \"\nto = \"兰州大学\"\n")
        .expect("written");
    let shown = desk.verb(&["recipe", "show", "坏"]).out;
    assert!(shown.contains("兰州 大学␣ -> 兰州大学"), "{shown}");
    let tried = desk.verb(&["recipe", "apply", "坏", "a.csv", "--dry-run"]);
    assert!(tried.out.contains("会改 0 格") && !tried.out.contains("改了"), "{}", tried.out);
    fs::write(&bad, "version = 2\n").expect("written");
    let asked = desk.verb(&["recipe", "delete", "甲"]);
    assert!(asked.code == 2 && asked.err.contains("--yes"), "{}", asked.err);
    assert_eq!(desk.verb(&["recipe", "delete", "甲", "--yes"]).code, 0);
    assert!(!desk.verb(&["recipe", "list"]).out.contains("甲"));
    // A backup takes them along.
    assert_eq!(desk.verb(&["backup", "--output", "b.zip"]).code, 0);
    fs::remove_dir_all(desk.path("home")).expect("removed");
    assert_eq!(desk.verb(&["restore", "b.zip", "--yes"]).code, 0);
    assert!(bad.exists());
}

#[test]
fn where_nothing_was_changed_there_is_nothing_to_learn() {
    let desk = Desk::new();
    desk.roster("a.csv", &rows(3));
    let ran = desk.verb(&["recipe", "save", "甲", "a.csv"]);
    assert!(ran.code == 1 && ran.out.contains("没有可学的"), "{}{}", ran.out, ran.err);
}

/// Numbers are given by the ledger: a batch that has nothing else is none to learn from.
#[test]
fn a_batch_that_only_has_numbers_teaches_nothing() {
    let desk = Desk::new();
    let mut given = rows(3);
    given.iter_mut().for_each(|row| row[7].clear());
    desk.roster("a.csv", &given);
    let series = ["--prefix", "S000062010001", "--profile", "gansu-competition"];
    let ran = desk.verb(&[&["ledger", "allocate", "a.csv"], &series[..]].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let ran = desk.verb(&["recipe", "save", "甲", "a.csv"]);
    assert!(ran.code == 1 && ran.out.contains("没有可学的"), "{}{}", ran.out, ran.err);
    assert!(!ran.err.contains("从第 1 批学"), "{}", ran.err);
}

/// A workbook with several rosters: whichever of its sheets were worked on, as one batch or as another, that is learnt from.
#[test]
fn a_recipe_is_learnt_from_whichever_sheets_of_a_workbook_were_worked_on() {
    for (typed, asked) in [("1,2", &[][..]), ("2", &[]), ("1,2", &["--sheet", "*"])] {
        let desk = Desk::new();
        desk.put("book.xlsx", fs::read(crate::support::root("tests/fixtures/f10_rosters.xlsx")).expect("fixture"));
        crate::plain::talk(&desk, &["open", "book.xlsx"], &format!("{typed}\nquit\n"));
        let at_home = |call: &[&str]| desk.verb(&[&["--home", "state"], call].concat());
        let made = at_home(&["replace", "^.+$", NEW, "--regex", "--column", "所在单位", "--batch", "1"]);
        assert!(made.code <= 1 && !made.out.contains("共替换 0"), "{}{}", made.out, made.err);
        let saved = at_home(&[&["recipe", "save", "r", "book.xlsx"], asked].concat());
        assert!(saved.code == 0 && saved.err.contains("从第 1 批学"), "{typed} {asked:?}: {}{}", saved.out, saved.err);
    }
}

#[test]
fn the_workbench_learns_from_rows_that_are_left_offers_lists_and_previews() {
    let employers = [OLD, OLD, OLD, "兰州大学"].map(|name| with(&[(Field::Employer, name)]));
    let mut app = app_with(Lang::Zh, (80, 24), &employers);
    app.roster.go_to_column(Field::Employer.index());
    press(&mut app, &format!("j j - '重复' enter g g , c ctrl-u '{NEW}' enter y F"));
    assert_eq!([0, 1, 2].map(|row| cell(&app, row, Field::Employer)), [NEW, NEW, OLD]);
    app.order(Command::SaveRecipe);
    let effects = press(&mut app, "'天水' enter");
    let kept = effects.iter().find_map(|effect| match effect {
        Effect::KeepRecipe { name, roster, form } => Some((name.as_str(), Recipe::learned(roster, form))),
        _ => None,
    });
    let (name, learned) = kept.expect("a recipe to keep");
    assert_eq!(
        (name, learned.recipe.steps.len(), learned.left_out),
        ("天水", 1, 0),
        "what is put aside teaches nothing"
    );

    press(&mut app, "u");
    let effects = app.order(Command::Recipes);
    let ask = effects.into_iter().find_map(|e| if let Effect::PlanRecipes(ask) = e { Some(*ask) } else { None });
    let RecipeAsk { roster, spared, form, switched, .. } = ask.expect("an ask");
    let mut recipe = learned.recipe;
    recipe.steps.push(recipe.steps[0].clone());
    recipe.steps[1].from = "没有的".into();
    let planned = |is_offer| {
        let plan = recipe.plan((&roster, &spared), &form);
        let planned =
            Ok(vec![("天水".to_string(), Ok((recipe.clone(), plan))), ("坏".to_string(), Err("读不懂".into()))]);
        Msg::Recipes(Box::new(RecipesPlanned { switched, is_offer, planned }))
    };
    app.update(planned(true));
    assert!(app.status.text.contains("配方“天水”可用：1 步匹配 2 格"), "{}", app.status.text);
    app.update(planned(false));
    assert_eq!(app.place(), Place::Choose);
    press(&mut app, "enter");
    let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("{}", app.status.text) };
    let kinds: Vec<usize> = pane.preview().kinds.iter().map(|(_, n)| *n).collect();
    assert_eq!((kinds, pane.preview().note.contains("1 步没有用上")), (vec![2, 0], true));
    press(&mut app, "y");
    assert_eq!([0, 1, 2].map(|row| cell(&app, row, Field::Employer)), [NEW, NEW, OLD]);
    // One that is none says so.
    app.order(Command::Recipes);
    app.update(planned(false));
    press(&mut app, "down enter");
    assert!(app.status.is_bad && app.status.text.contains("坏：不能用"), "{}", app.status.text);
}

#[test]
fn line_by_line_a_recipe_is_kept_and_offered_with_the_next_file() {
    let desk = Desk::new();
    desk.roster("a.csv", &rows(3));
    desk.roster("b.csv", &rows(2));
    let learn = "replace 所在单位\n天水麦积\n天水市麦积\ny\nsave-recipe 天水\nsave-recipe 天水\nquit\n";
    let ran = crate::plain::talk(&desk, &["open", "a.csv"], learn);
    assert!(ran.out.contains("配方“天水”已存：1 步") && ran.out.contains("请换个名字"), "{}", ran.out);
    let ran = crate::plain::talk(&desk, &["open", "b.csv"], "recipes\n1\ny\nquit\n");
    for said in ["配方“天水”可用：1 步匹配 2 格", "天水：1 步匹配 2 格，0 步没有用上", "照配方“天水”清洗"]
    {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let again = crate::plain::talk(&desk, &[], "values 所在单位\nquit\n");
    assert!(!again.out.contains(&format!("“{OLD}”")), "{}", again.out);
}

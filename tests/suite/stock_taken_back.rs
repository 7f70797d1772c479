//! Blank certificates: what is agreed to before it is noted, what was noted by mistake, and what is not in hand.

use serde_json::{Value, json};

use crate::stock::{balance, is_sound, line, printed_batch, said, told};
use crate::support::Desk;

/// Says what is agreed to where an act on blanks asks for it and nobody can be asked.
pub fn agreed<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let is_far = matches!(arguments, ["stock", "use" | "spoil" | "destroy" | "hand-over" | "close", ..]);
    let is_said = arguments.iter().any(|argument| ["--yes", "--dry-run"].contains(argument));
    let yes = (is_far && !is_said).then_some("--yes");
    arguments.iter().copied().chain(yes).collect()
}

/// A batch of so many certificates, and fifty blanks.
fn desk_with(count: usize) -> (Desk, Vec<String>) {
    let desk = Desk::new();
    let codes = printed_batch(&desk, count);
    said(&desk, 0, &line("stock receive 00000101-00000150 --keeper 李敏 --place 三号柜 --on 2026-01-05"));
    (desk, codes)
}

fn state(desk: &Desk, number: &str) -> (Value, Value, Value) {
    let blank = told(desk, 0, &["stock", "show", number])["blanks"][0].clone();
    (blank["state"].clone(), blank["keeper"].clone(), blank["place"].clone())
}

fn blank_of(desk: &Desk, code: &str) -> Value {
    told(desk, 0, &["ledger", "show", code])["blank"]["number"].clone()
}

/// What cannot be undone by a key is asked about first; whoever only looks changes nothing.
#[test]
fn what_is_noted_for_good_is_agreed_to_or_only_tried() {
    let (desk, codes) = desk_with(2);
    let entries = || told(&desk, 0, &line("audit show --limit 1"))["entries"][0]["seq"].clone();
    let before = entries();
    let calls = [
        vec!["stock", "use", "00000101", &*codes[0]],
        line("stock spoil 00000101 --reason 卡纸"),
        line("stock hand-over 00000101 --to=赵静"),
    ];
    for call in &calls {
        let ran = desk.verb(call);
        assert_eq!(ran.code, 2, "{call:?} {}{}", ran.out, ran.err);
        assert!(
            ran.err.contains("--yes") && ran.err.contains("--dry-run") && ran.err.contains("00000101"),
            "{}",
            ran.err
        );
        let tried = said(&desk, 0, &[&call[..], &["--dry-run"]].concat());
        assert!(tried.contains("00000101") && tried.contains("nothing was done"), "{tried}");
        let tried = told(&desk, 0, &[&call[..], &["--dry-run"]].concat());
        assert_eq!((&tried["dry_run"], &tried["entry"]), (&json!(true), &Value::Null));
    }
    for call in [
        "stock receive 00000201-00000210 --keeper 李敏 --dry-run",
        "stock draw 00000101 --to=王强 --dry-run",
        "stock take-back 00000101-00000150 --reason x --dry-run",
    ] {
        said(&desk, 0, &line(call));
    }
    let count = said(&desk, 1, &line("stock count --number 00000101-00000149 --dry-run"));
    assert!(count.contains("00000150"), "{count}");
    assert_eq!((entries(), balance(&desk)), (before, [50, 50, 0, 0, 0, 0]));
    // What would be refused is refused, and nobody is asked about it.
    let refused = desk.verb(&line("stock destroy 00000101 --witness 赵静 --lang en"));
    assert!(refused.code == 1 && refused.err.contains("not spoiled"), "{}", refused.err);
    said(&desk, 0, &line("stock spoil 00000101 --reason 卡纸"));
    let ran = desk.verb(&line("stock destroy --all --witness 赵静"));
    assert!(ran.code == 2 && ran.err.contains("00000101"), "{}", ran.err);
    // A stocktake by which something is lost; one by which nothing is is closed as it is.
    said(&desk, 1, &line("stock count --number 00000102-00000149"));
    let ran = desk.verb(&line("stock close 1 --reason x"));
    assert!(ran.code == 2 && ran.err.contains("00000150"), "{}", ran.err);
    said(&desk, 0, &line("stock close 1 --reason x --dry-run"));
    assert_eq!(balance(&desk), [50, 49, 0, 1, 0, 0]);
    is_sound(&desk);
}

/// A wrong entry is corrected by another one, and the blanks stand as if it had never been.
#[test]
fn a_use_a_spoilage_and_a_destruction_are_taken_back() {
    let (desk, codes) = desk_with(3);
    said(&desk, 0, &line("stock draw 00000101-00000120 --to=王强 --place 印房 --on 2026-02-01"));
    said(&desk, 0, &["stock", "use", "00000101", &codes[0], "--on", "2026-02-02"]);
    said(&desk, 2, &line("stock take-back 00000101 --of use"));
    let back = said(&desk, 0, &line("stock take-back 00000101 --of use --reason wrong-number"));
    assert!(back.contains("00000101") && back.contains(&codes[0]), "{back}");
    assert_eq!(state(&desk, "00000101"), (json!("stock"), json!("王强"), json!("印房")));
    assert_eq!(blank_of(&desk, &codes[0]), Value::Null);
    // It goes back to whom it was drawn from, and may be used on the day on which it really was.
    said(&desk, 0, &["stock", "use", "00000101", &codes[1], "--on", "2026-02-01"]);
    let refused = said(&desk, 1, &line("stock take-back 00000101 --of spoil --reason x"));
    assert!(refused.contains("00000101"), "{refused}");
    said(&desk, 0, &line("stock spoil 00000101-00000104 --reason jam --on 2026-02-03"));
    said(&desk, 0, &line("stock destroy 00000101 00000103-00000104 --witness 赵静 --on 2026-02-04"));
    // In the order in which it was noted, the last first.
    let refused = said(&desk, 1, &line("stock take-back 00000101 --of spoil --reason x"));
    assert!(refused.contains("destroy"), "{refused}");
    said(&desk, 0, &line("stock take-back 00000101 00000104 --of destroy --reason 还在抽屉里"));
    said(&desk, 0, &line("stock take-back 00000101-00000102 --of spoil --reason 号看错了"));
    assert_eq!((blank_of(&desk, &codes[1]), state(&desk, "00000102").0), (json!("00000101"), json!("stock")));
    assert_eq!(balance(&desk), [50, 47, 1, 1, 1, 0]);
    // What is corrected was no spoilage.
    let page = told(&desk, 0, &line("stock show"));
    assert_eq!((&page["spoilage"][0]["good"], &page["spoilage"][0]["spoiled"]), (&json!(1), &json!(2)));
    // Back again, further back.
    said(&desk, 0, &line("stock take-back 00000101 --of use --reason wrong"));
    said(&desk, 0, &line("stock return 00000101"));
    assert_eq!(state(&desk, "00000101"), (json!("stock"), json!("李敏"), json!("三号柜")));
    let life = said(&desk, 0, &line("stock show 00000101"));
    assert!(life.contains("entry on blanks taken back") && life.contains("号看错了"), "{life}");
    let events = told(&desk, 0, &["ledger", "show", &codes[1]]);
    let events = events["events"].as_array().expect("events");
    assert_eq!(events.iter().filter(|event| event["action"] == "stock.correct").count(), 2);
    // A stocktake of a day between holds the books as they should have been.
    said(&desk, 0, &["stock", "use", "00000110", &codes[2], "--on", "2026-02-10"]);
    said(&desk, 0, &line("stock take-back 00000110 --of use --reason wrong"));
    let list = "00000101-00000102,00000105-00000150";
    told(&desk, 0, &["stock", "count", "--number", list, "--on", "2026-02-11"]);
    is_sound(&desk);
}

#[test]
fn what_moved_on_since_is_not_taken_back_and_what_was_noted_together_only_together() {
    let (desk, codes) = desk_with(4);
    said(&desk, 0, &line("stock use 00000101 --batch 1 --on 2026-02-02"));
    // The certificate has another blank by now.
    said(&desk, 0, &line("stock spoil 00000101 --reason jam --on 2026-02-03"));
    said(&desk, 0, &["stock", "use", "00000110", &codes[0], "--on", "2026-02-03"]);
    let refused = said(&desk, 1, &line("stock take-back 00000101 --of spoil --reason x"));
    assert!(refused.contains("00000110") && refused.contains(&codes[0]), "{refused}");
    said(&desk, 0, &line("stock take-back 00000110 --of use --reason x"));
    said(&desk, 0, &line("stock take-back 00000101 --of spoil --reason x"));
    // Shifted: one entry for all of them.
    said(&desk, 0, &line("stock spoil 00000102 --shift --reason jam --on 2026-02-04"));
    let all = || codes.iter().map(|code| blank_of(&desk, code)).collect::<Vec<_>>();
    assert_eq!(all(), ["00000101", "00000103", "00000104", "00000105"]);
    let back = said(&desk, 0, &line("stock take-back 00000102 --of spoil --reason wrong"));
    assert!(back.contains("00000105"), "{back}");
    assert_eq!(all(), ["00000101", "00000102", "00000103", "00000104"]);
    said(&desk, 0, &line("stock spoil 00000102 --again --reason jam --on 2026-02-04"));
    assert_eq!(all()[1], "00000105");
    said(&desk, 0, &line("stock spoil 00000105 --reason jam --on 2026-02-05"));
    let refused = said(&desk, 1, &line("stock take-back 00000102 --of spoil --reason x"));
    assert!(refused.contains("00000105"), "{refused}");
    // In stock and never received.
    said(&desk, 1, &line("stock take-back 00000140 --of use --reason x"));
    said(&desk, 1, &line("stock take-back 00000900 --of use --reason x"));
    is_sound(&desk);
}

/// The sheet that was lost with its certificate is in nobody's drawer.
#[test]
fn the_blank_of_a_lost_certificate_is_left_out_where_all_spoiled_ones_are_destroyed() {
    let (desk, codes) = desk_with(2);
    said(&desk, 0, &line("stock use 00000101 --batch 1 --on 2026-02-02"));
    for status in ["submitted", "accepted", "published"] {
        said(&desk, 0, &["ledger", "mark", status, "--batch", "1", "--past-deadline", "--reason", "x", "--yes"]);
    }
    said(&desk, 0, &["case", "open", "reissue", &codes[0], "--cause", "lost", "--reason", "遗失", "--paper", "x"]);
    said(&desk, 0, &["case", "close", "1", "--reason", "补发", "--yes"]);
    said(&desk, 0, &line("stock use 00000103 --case 1"));
    let none = said(&desk, 2, &line("stock destroy --all --witness 赵静"));
    assert!(none.contains("00000101") && none.contains("case 1"), "{none}");
    said(&desk, 0, &line("stock spoil 00000110 --reason jam"));
    let done = said(&desk, 0, &line("stock destroy --all --witness 赵静"));
    assert!(done.contains("00000110") && done.contains("left out: 00000101"), "{done}");
    assert_eq!((state(&desk, "00000101").0, state(&desk, "00000110").0), (json!("spoiled"), json!("destroyed")));
    // The new paper was noted by mistake: both stand as before, and the case asks for it again.
    said(&desk, 0, &line("stock take-back 00000103 --of use --reason wrong"));
    assert_eq!((blank_of(&desk, &codes[0]), state(&desk, "00000103").0), (json!("00000101"), json!("stock")));
    assert_eq!(told(&desk, 0, &line("case show 1"))["blank_to_replace"], "00000101");
    said(&desk, 0, &line("stock use 00000104 --case 1"));
    is_sound(&desk);
}

#[test]
fn the_sheet_of_a_void_certificate_is_told_what_becomes_of_it() {
    let (desk, codes) = desk_with(2);
    said(&desk, 0, &line("stock use 00000101 --batch 1 --on 2026-02-02"));
    let voided = said(&desk, 0, &["ledger", "void", &codes[0], "--reason", "x", "--yes"]);
    assert!(voided.contains("stock spoil 00000101"), "{voided}");
    let shown = said(&desk, 0, &["ledger", "show", &codes[0]]);
    assert!(shown.contains("stock spoil 00000101") && shown.contains("void"), "{shown}");
    assert_eq!(told(&desk, 0, &["ledger", "show", &codes[0]])["blank"]["to_spoil"], json!(true));
    assert_eq!(told(&desk, 0, &["ledger", "show", &codes[1]])["blank"]["to_spoil"], json!(false));
    said(&desk, 0, &line("stock spoil 00000101 --reason void"));
    let shown = said(&desk, 0, &["ledger", "show", &codes[0]]);
    assert!(!shown.contains("stock spoil"), "{shown}");
}

/// One person is one keeper, however the name is spelled; a slip is told.
#[test]
fn another_spelling_is_no_other_keeper() {
    let (desk, _) = desk_with(1);
    said(&desk, 0, &["stock", "receive", "00000201-00000210", "--keeper", "李　敏"]);
    said(&desk, 0, &["stock", "receive", "00000211-00000220", "--keeper", "Ｗang Wei"]);
    said(&desk, 0, &["stock", "receive", "00000221-00000230", "--keeper", "wang　wei "]);
    let keepers = told(&desk, 0, &line("stock show"))["balances"].clone();
    let keepers: Vec<&Value> = keepers.as_array().expect("balances").iter().map(|of| &of["keeper"]).collect();
    assert_eq!(keepers, ["Wang Wei", "李敏"]);
    let slip = said(&desk, 0, &["stock", "draw", "00000201", "--to=Wang Wie"]);
    assert!(!slip.contains("comes near"), "two signs are not one: {slip}");
    let slip = said(&desk, 0, &["stock", "draw", "00000202", "--to=Wang We"]);
    assert!(slip.contains("“Wang We”") && slip.contains("Wang Wei"), "{slip}");
    let list = said(&desk, 0, &["stock", "list", "--keeper", "ＷANG WEI"]);
    assert!(list.contains("00000211"), "{list}");
    is_sound(&desk);
}

/// GD-12 and GD-14, by the notice of an institution that has them.
#[test]
fn too_much_spoilage_is_told_and_blanks_that_were_never_counted_are_due() {
    let (desk, codes) = desk_with(3);
    let due = told(&desk, 1, &line("due --on 2026-06-01"));
    let count =
        due["items"].as_array().expect("items").iter().find(|item| item["clause"] == "GD-14").expect("the count");
    assert_eq!(
        (&count["standing"], &count["start"], &count["due"], &count["from_first_receipt"]),
        (&json!("due"), &json!("2026-01-05"), &json!("2026-07-05"), &json!(true))
    );
    let text = said(&desk, 1, &line("due --on 2026-07-06"));
    assert!(text.contains("GD-14") && text.contains("2026-07-05"), "{text}");
    said(&desk, 0, &["stock", "use", "00000101", &codes[0]]);
    assert!(!said(&desk, 0, &line("stock show")).contains("GD-12"));
    said(&desk, 0, &line("stock spoil 00000102 --reason jam"));
    let page = said(&desk, 0, &line("stock show"));
    assert!(page.contains("above 5% (GD-12"), "{page}");
    assert_eq!(told(&desk, 0, &line("stock show"))["spoilage"][0]["above"], json!(true));
    desk.put("home/.local/share/skillcert/config.toml", "spoilage_warning = 0\n");
    assert!(!said(&desk, 0, &line("stock show")).contains("GD-12"));
    // Counted once, the half year counts from then on.
    told(&desk, 0, &line("stock count --number 00000103-00000150 --institution S000044012001"));
    let due = told(&desk, 1, &line("due"));
    let count =
        due["items"].as_array().expect("items").iter().find(|item| item["clause"] == "GD-14").expect("the count");
    assert_eq!(count["from_first_receipt"], json!(false));
}

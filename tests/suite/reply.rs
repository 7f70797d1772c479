//! Handing in and what comes back: submissions with their receipt, replies of sites, codes out of files, lists of what waits.

use serde_json::{Value, json};

use crate::support::{Desk, goods};

const PREFIX: &str = "S000062010001";

#[track_caller]
fn said(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb(&[arguments, &["--lang", "en"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[track_caller]
fn told(desk: &Desk, code: i32, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.out))
}

/// A batch of so many people whose numbers were given and written to its upload file; gives code, name and ID number of each.
fn exported(desk: &Desk, name: &str, from: usize, count: usize) -> Vec<[String; 3]> {
    let mut rows = goods(from + count).split_off(from);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster(name, &rows);
    let call = ["ledger", "allocate", name, "--profile", "gansu-competition", "--prefix", PREFIX];
    let given = told(desk, 0, &[&call[..], &["--day-is-right"]].concat());
    said(desk, 0, &["export", "--batch", &given["batch"].to_string(), "--output", &format!("up-{name}")]);
    let file = std::fs::read_to_string(desk.path(&format!("up-{name}"))).expect("the upload file");
    let cells = |line: &str| line.split(',').map(String::from).collect::<Vec<_>>();
    file.lines().skip(1).map(cells).map(|row| [row[7].clone(), row[0].clone(), row[2].clone()]).collect()
}

fn status(desk: &Desk, code: &str) -> String {
    told(desk, 0, &["ledger", "show", code])["certificate"]["status"].as_str().expect("a status").into()
}

#[test]
fn a_submission_says_where_and_with_which_receipt_and_the_reply_what_became_of_it() {
    let desk = Desk::new();
    let people = exported(&desk, "a.csv", 0, 4);
    let list = |flag: &str| told(&desk, 0, &["batch", "list", flag])["batches"].as_array().expect("a list").len();
    assert_eq!((list("--unsent"), list("--returned")), (1, 0));
    said(&desk, 0, &["batch", "submit", "1", "--receipt", "R-17", "--dry-run"]);
    assert_eq!(list("--unsent"), 1, "only tried");
    let answer = said(&desk, 0, &["batch", "submit", "1", "--receipt", "R-17"]);
    assert!(answer.contains("4 certificates"), "{answer}");
    assert_eq!(list("--unsent"), 0);
    let rows = [
        format!("1,{},通过,", people[0][0]),
        format!("2,{},退 回,照片不清 110101199001011234", people[1][0]),
        format!("3,{},审核中,", people[2][0]),
    ];
    desk.put("reply.csv", format!("回执单,,,\n序号,证书编号,审核状态,退回原因\n{}\n", rows.join("\n")));
    let tried = told(&desk, 0, &["ledger", "reply", "reply.csv", "--batch", "1", "--dry-run"]);
    assert_eq!((&tried["taken"], &tried["counts"]), (&false.into(), &json!({ "accepted": 1, "returned": 1 })));
    assert_eq!(status(&desk, &people[0][0]), "submitted", "only tried");
    let done = told(&desk, 0, &["ledger", "reply", "reply.csv", "--batch", "1"]);
    assert_eq!((&done["waiting"], &done["silent"], &done["same"]), (&1.into(), &1.into(), &0.into()));
    assert_eq!(done["entries"].as_array().expect("entries").len(), 2);
    assert!(!done.to_string().contains("110101199001011234"), "what looks like an ID number is masked: {done}");
    let now: Vec<String> = people.iter().map(|one| status(&desk, &one[0])).collect();
    assert_eq!(now, ["accepted", "returned", "submitted", "submitted"]);
    assert_eq!(list("--returned"), 1);
    // The same once more changes nothing.
    let again = told(&desk, 0, &["ledger", "reply", "reply.csv"]);
    assert_eq!((&again["same"], &again["entries"], &again["batches"]), (&2.into(), &json!([]), &json!([1])));
    let shown = told(&desk, 0, &["batch", "show", "1"]);
    let steps = shown["handed_in"].as_array().expect("steps");
    assert_eq!(steps.len(), 3);
    assert_eq!(
        (&steps[0]["to"], &steps[0]["receipt"]),
        (&"http://osta.mohrss.gov.cn/".into(), &"R-17".into()),
        "GS-11"
    );
    assert_eq!((&steps[1]["reply"], &steps[1]["status"]), (&"reply.csv".into(), &"returned".into()));
    let life = said(&desk, 0, &["ledger", "show", &people[1][0]]);
    for word in ["R-17", "http://osta.mohrss.gov.cn/", "reply.csv", "照片不清"] {
        assert!(life.contains(word), "{word}: {life}");
    }
    let shown = said(&desk, 0, &["batch", "show", "1"]);
    assert!(shown.contains("receipt R-17") && shown.contains("says reply.csv"), "{shown}");
    said(&desk, 0, &["ledger", "verify"]);
}

#[test]
fn people_without_a_code_are_found_by_name_and_number_and_columns_that_were_named_are_known_again() {
    let desk = Desk::new();
    let people = exported(&desk, "a.csv", 0, 2);
    said(&desk, 0, &["batch", "submit", "1", "--to", "人社局", "--reason", "补记"]);
    let row = |i: usize, word: &str| format!("{},{},{word}", people[i][1], people[i][2]);
    desk.put("r.csv", format!("人,证件,办理情况\n{}\n{}\n", row(0, "成功"), row(1, "失败")));
    let unread = said(&desk, 3, &["ledger", "reply", "r.csv"]);
    assert!(unread.contains("--map"), "{unread}");
    let map = ["--map", "人=姓名", "--map", "证件=id-number", "--map", "办理情况=审核结果"];
    let done = told(&desk, 0, &[&["ledger", "reply", "r.csv", "--batch", "1"], &map[..]].concat());
    assert_eq!(done["counts"], json!({ "accepted": 1, "returned": 1 }));
    assert_eq!(done["reasons"][0]["reason"], "失败", "what the site says stands where it gives no reason");
    let again = told(&desk, 0, &["ledger", "reply", "r.csv"]);
    assert_eq!(again["same"], 2, "the header is known by now");
    let wrong = said(&desk, 3, &["ledger", "reply", "r.csv", "--map", "什么=审核结果"]);
    assert!(wrong.contains("header"), "{wrong}");
    let wrong = said(&desk, 2, &["ledger", "reply", "r.csv", "--map", "人=电话"]);
    assert!(wrong.contains("电话") && wrong.contains("ID number"), "{wrong}");
}

#[test]
fn a_reply_that_does_not_fit_is_taken_as_a_whole_or_not_at_all() {
    let desk = Desk::new();
    let a = exported(&desk, "a.csv", 0, 2);
    let b = exported(&desk, "b.csv", 5, 2);
    said(&desk, 0, &["batch", "submit", "1"]);
    let reply = |name: &str, rows: &[(&str, &str, &str)]| {
        let line = |(code, name, word): &(_, _, _)| format!("{code},{name},{word}\n");
        let rows = rows.iter().map(line).collect::<Vec<String>>().concat();
        desk.put(name, format!("证书编号,姓名,审核结果\n{rows}"));
    };
    // A reply of another batch is refused with what it is of.
    reply("other.csv", &[(&b[0][0], "", "通过"), (&b[1][0], "", "通过")]);
    let refused = said(&desk, 1, &["ledger", "reply", "other.csv", "--batch", "1"]);
    assert!(refused.contains("not the reply of batch 1") && refused.contains("batch 2"), "{refused}");
    // One row that does not fit stops all of them.
    let cases: [(&str, &str, &str, &str); 5] = [
        (&b[0][0], "", "通过", "other-batch"),
        ("S000062010001242J77777", "", "通过", "unknown"),
        (&a[1][0], "别人", "通过", "other-person"),
        (&a[1][0], "", "也许", "word"),
        ("123", "", "通过", "not-code"),
    ];
    for (code, name, word, fault) in cases {
        reply("r.csv", &[(&a[0][0], "", "通过"), (code, name, word)]);
        let refused = told(&desk, 1, &["ledger", "reply", "r.csv", "--batch", "1"]);
        let row = &refused["refused"][0];
        assert_eq!((&row["row"], &row["fault"]), (&3.into(), &fault.into()), "{refused}");
        assert_eq!((&refused["taken"], refused["entries"].as_array().map(Vec::len)), (&false.into(), Some(0)));
        assert_eq!(status(&desk, &a[0][0]), "submitted", "{fault}: nothing is half done");
    }
    reply("r.csv", &[(&a[0][0], "", "通过"), (&a[0][0], "", "退回")]);
    assert_eq!(told(&desk, 1, &["ledger", "reply", "r.csv"])["refused"][0]["fault"], "contradicts");
    reply("r.csv", &[(&b[0][0], "", "通过")]);
    let early = said(&desk, 1, &["ledger", "reply", "r.csv"]);
    assert!(early.contains("batch submit"), "{early}");
    reply("r.csv", &[(&a[0][0], "", "通过"), (&b[0][0], "", "通过"), ("S000062010001242J77777", "", "通过")]);
    let done = told(&desk, 0, &["ledger", "reply", "r.csv", "--batch", "1", "--leave-others"]);
    assert_eq!((&done["counts"], done["refused"].as_array().map(Vec::len)), (&json!({ "accepted": 1 }), Some(2)));
    assert_eq!((status(&desk, &a[0][0]), status(&desk, &b[0][0])), ("accepted".into(), "exported".into()));
    reply("r.csv", &[]);
    said(&desk, 3, &["ledger", "reply", "r.csv"]);
    reply("r.csv", &[(&a[0][0], "", "通过")]);
    said(&desk, 2, &["ledger", "reply", "r.csv", "--date", "2999-01-01"]);
    said(&desk, 0, &["ledger", "verify"]);
}

#[test]
fn a_user_explains_a_word_in_a_table() {
    let desk = Desk::new();
    let a = exported(&desk, "a.csv", 0, 1);
    said(&desk, 0, &["batch", "submit", "1"]);
    desk.put("r.csv", format!("证书编号,结果\n{},归档了\n", a[0][0]));
    let unknown = said(&desk, 1, &["ledger", "reply", "r.csv"]);
    assert!(unknown.contains("reply_words.csv"), "{unknown}");
    std::fs::create_dir_all(desk.path("home/.local/share/skillcert/tables")).expect("a folder");
    desk.put("home/.local/share/skillcert/tables/reply_words.csv", "word,means\n归档了,通过\n");
    said(&desk, 0, &["ledger", "reply", "r.csv"]);
    assert_eq!(status(&desk, &a[0][0]), "accepted");
}

#[test]
fn codes_are_marked_out_of_files_and_stdin_all_or_none() {
    let desk = Desk::new();
    let people = exported(&desk, "a.csv", 0, 3);
    let codes: Vec<&str> = people.iter().map(|one| one[0].as_str()).collect();
    desk.put("list.txt", format!("{}\n\n{}\n{}\n", codes[0], codes[1], codes[0]));
    desk.put("list.csv", format!("序号,证书 编号\n1,{}\n2,{}\n", codes[2].to_lowercase(), codes[0]));
    let tried = said(&desk, 0, &["ledger", "mark", "submitted", "--file", "list.txt", "--dry-run"]);
    assert!(tried.contains("preview"), "{tried}");
    assert_eq!(status(&desk, codes[0]), "exported");
    let done =
        told(&desk, 0, &["ledger", "mark", "submitted", "--file", "list.txt", "--file", "list.csv", "--to", "局"]);
    assert_eq!(done["count"], 3, "each once");
    let input = format!("{}\nS000062010001242J77777\n", codes[0]);
    let call = ["ledger", "mark", "accepted", "--file", "-", "--lang", "en"];
    let ran = desk.verb_with_input(&call, input.as_bytes());
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("row 2 S000062010001242J77777"), "{}", ran.out);
    assert_eq!(status(&desk, codes[0]), "submitted", "none was");
    desk.put("bad.csv", format!("证书编号\n{}\n12\n", codes[0]));
    let bad = said(&desk, 3, &["ledger", "mark", "accepted", "--file", "bad.csv"]);
    assert!(bad.contains("row 3 “12”"), "{bad}");
    desk.put("none.csv", "姓名\n张伟\n");
    said(&desk, 3, &["ledger", "mark", "accepted", "--file", "none.csv"]);
    let ran = desk.verb_with_input(&["ledger", "mark", "accepted", "--file", "-"], codes.join("\n").as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(status(&desk, codes[2]), "accepted");
}

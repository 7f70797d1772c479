//! The decoder: vectors, the notices' own examples, tables of good and bad numbers, and anything that can be pasted.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde::Deserialize;
use serde_json::Value;
use skillcert::data;
use skillcert::domain::code::SegmentReader;
use skillcert::domain::decoder::{Candidate, Certainty, Decoder, NumberKind, NumberProblem, Scratch, is_plain};
use skillcert::domain::rules::Tables;
use skillcert::domain::text::is_han;
use skillcert::words::{Lang, Locale};

use crate::support::{Desk, LABELS, goods, raw_controls, resident, root, text};

/// How many inputs each property is tried with.
const TRIES: u32 = 2000;

static TABLES: LazyLock<Arc<Tables>> = LazyLock::new(|| Arc::new(data::tables([])));
static ZH: LazyLock<Locale> = LazyLock::new(|| Locale::load(Lang::Zh));
static ALL: LazyLock<Decoder> = LazyLock::new(|| decoder(None));

fn decoder(profile: Option<&str>) -> Decoder {
    let profiles = match profile {
        None => data::profiles().to_vec(),
        Some(id) => vec![data::profile(id).unwrap_or_else(|| panic!("no profile {id}"))],
    };
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
    Decoder::new(profiles, Arc::clone(&TABLES), today)
}

/// The short form that Guizhou's notice prints in its text: 20 characters, the year left out (GZ-22).
fn guizhou() -> Decoder {
    decoder(Some("guizhou"))
}

fn problems(decoder: &Decoder, candidate: &Candidate) -> String {
    let locale = Locale::load(Lang::Zh);
    candidate.problems.iter().map(|p| locale.problem(decoder, p) + "\n").collect()
}

/// Tells whether a problem is about a position.
fn is_at(decoder: &Decoder, candidate: &Candidate, position: usize) -> bool {
    candidate.problems.iter().any(|p| match p {
        NumberProblem::Segment(profile, segment, ..) => {
            decoder.profiles()[*profile].layout.segments()[*segment].range().contains(&(position - 1))
        }
        NumberProblem::OrdinaryCode | NumberProblem::CompetitionCode => position == 17,
        NumberProblem::AmbiguousLookAlike(at) => *at == position,
        _ => false,
    })
}

#[test]
fn the_vectors_read_as_they_say() {
    let table = std::fs::read_to_string(root("tests/cases/code_vectors.csv")).expect("vectors");
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(table.as_bytes());
    let mut count = 0;
    for record in reader.records() {
        let record = record.expect("a record");
        let (profile, code, expected, note) = (&record[0], &record[1], &record[2], &record[3]);
        let decoder = match profile {
            "any" => decoder(None),
            "guizhou" => guizhou(),
            id => decoder(Some(id)),
        };
        let found = decoder.examine(code);
        let best = found.best();
        let told = format!("{code} {note}: {best:?}\n{}", problems(&decoder, best));
        match expected.split_once(' ').unwrap_or((expected, "")) {
            ("ok", _) => assert_eq!(best.verdict, Certainty::Right, "{told}"),
            ("ok+warning", _) => assert_eq!(best.verdict, Certainty::Doubtful, "{told}"),
            ("error", "len20") => {
                let wanted = note.split("propose ").nth(1).expect("a proposal");
                assert!(!best.is_ok() && best.problems.contains(&NumberProblem::Length(20)), "{told}");
                assert_eq!(best.nearest.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), [wanted], "{told}");
            }
            ("error", at) => {
                let at = at.trim_start_matches("pos").parse().expect("a position");
                assert!(best.verdict == Certainty::Wrong && is_at(&decoder, best, at), "{told}");
            }
            ("nearest", code) => {
                assert!(!best.is_ok(), "{told}");
                assert_eq!(best.nearest.first().map(|p| p.text.as_str()), Some(code), "{told}");
            }
            ("refused", _) => {
                assert!(best.verdict == Certainty::Wrong && best.nearest.is_empty(), "{told}");
                assert!(best.problems.contains(&NumberProblem::AmbiguousLookAlike(6)), "{told}");
            }
            ("qualification", _) => assert_eq!((best.kind, best.is_ok()), (NumberKind::Qualification, true), "{told}"),
            other => panic!("{other:?}"),
        }
        count += 1;
    }
    assert_eq!(count, 17);
}

#[test]
fn each_notices_examples_read_as_its_text_says() {
    let mut count = 0;
    for profile in data::profiles() {
        let decoder = decoder(Some(&profile.id));
        for example in &profile.examples {
            let found = decoder.examine(&example.code);
            assert_eq!(found.best().is_ok(), example.reads, "{} {}: {found:?}", profile.id, example.code);
            count += 1;
        }
    }
    assert!(2 <= count);
}

/// Nobody has to know by heart what 62 is, or what a letter stands for.
#[test]
fn every_segment_of_a_code_says_what_it_means() {
    for profile in data::profiles() {
        for segment in profile.layout.segments() {
            if let SegmentReader::Fixed { values, meanings } = &segment.reader {
                assert_eq!(values.len(), meanings.len(), "{} {}", profile.id, segment.name);
            }
        }
        let decoder = decoder(Some(&profile.id));
        let good = profile.examples.iter().filter(|example| example.reads).map(|example| example.code.as_str());
        // No notice prints a code for the other provinces.
        let codes: Vec<&str> = good.chain((profile.id == "national").then_some("S000037010001253000001")).collect();
        assert!(!codes.is_empty(), "{}", profile.id);
        for code in codes {
            let found = decoder.examine(code);
            for part in &found.best().parts {
                for locale in [Locale::load(Lang::Zh), Locale::load(Lang::En)] {
                    let says = locale.says(&decoder, &part.says);
                    assert!(!says.is_empty(), "{} {code} {}-{}", profile.id, part.from, part.to);
                    // In English a proper name stands behind in brackets, and nothing else is Chinese.
                    let own = says.split(" (").next().unwrap_or_default();
                    assert!(locale.lang == Lang::Zh || !own.contains(is_han), "{} {code}: {says}", profile.id);
                }
            }
        }
    }
}

#[test]
fn the_verdict_says_how_many_characters_are_missing_or_too_many_and_which_profiles_fit() {
    let said = |code: &str| {
        let found = ALL.examine(code);
        (ZH.verdict_of(found.best()), ZH.fits(&ALL, found.best()).unwrap_or_default())
    };
    assert_eq!(said("S00062010001242J00001").0, "不成立：缺 1 位");
    assert_eq!(said("S000062010001242J0000123").0, "不成立：多 2 位");
    let (verdict, fits) = said("S000062010001242J0000");
    assert_eq!((&*verdict, &*fits), ("还不成立：缺 1 位，其余无误", "目前符合：甘肃省职业技能竞赛"));
    let (verdict, fits) = said("Y000111020001225000001");
    assert_eq!((&*verdict, &*fits), ("成立", "符合：北京市、全国（其他省份）"));
    let desk = Desk::new();
    let ran = desk.verb(&["--lang", "zh", "decode", "Y000111020001225000001"]);
    assert!(ran.out.contains("符合：北京市、全国（其他省份）"), "{}", ran.out);
    let ran = desk.verb(&["--lang", "zh", "decode", "S00062010001242J00001"]);
    assert!(ran.out.contains("不成立：缺 1 位"), "{}", ran.out);
}

/// What a code is under each profile is said once, and nothing of it against the verdict.
#[test]
fn each_profile_says_whether_a_code_fits_and_why_not() {
    let said = |code: &str, own: Option<&str>| {
        let found = ALL.examine(code);
        let own = own.map(|id| data::profile(id).expect("a profile"));
        (ZH.verdict_of(found.best()), ZH.by_profile(&ALL, &found, own.as_deref()))
    };
    let (verdict, told) = said("Y000111020001225000001", Some("gansu-competition"));
    assert_eq!(verdict, "成立");
    let told: Vec<(bool, &str)> = told.iter().map(|(stands, words)| (*stands, words.as_str())).collect();
    // The profile that is worked with says why in full, of the others the place is enough.
    assert_eq!(
        told,
        [
            (true, "符合：北京市、全国（其他省份）"),
            (false, "不符合甘肃省职业技能竞赛：第1位：类别代码不能是 Y，可取 S（GS-16）"),
            (false, "不符合：四川省省级职业技能竞赛（第6-7位）、广东省技工院校（第1位）、贵州省（第6-7位）"),
        ]
    );
    // Right but for small letters: neither a plain no beside a yes, nor a yes.
    let (verdict, told) = said("s000062010001242j00001", None);
    assert_eq!((&*verdict, &*told[0].1), ("写法要改，内容成立", "改好写法后符合：甘肃省职业技能竞赛"));
    let (verdict, told) = said("S0000O2010001242J00001", None);
    assert_eq!(verdict, "不成立");
    assert!(told.len() == 1 && told[0].1.contains("都不符合"), "{told:?}");
    // The same of a number of a person.
    assert_eq!(said("11010519491231002x", None).0, "写法要改，内容成立");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(default)]
    note: String,
    profile: Option<String>,
    text: String,
    kind: String,
    ok: bool,
    #[serde(default)]
    nearest: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    says: Vec<String>,
}

#[test]
fn good_and_bad_numbers_of_every_kind() {
    let (zh, en) = (Locale::load(Lang::Zh), Locale::load(Lang::En));
    let mut kinds = Vec::new();
    for file in std::fs::read_dir(Path::new(&root("tests/cases/decoder"))).expect("cases").flatten() {
        let cases: Cases = toml::from_str(&std::fs::read_to_string(file.path()).expect("text")).expect("cases");
        for case in cases.case {
            let decoder = decoder(case.profile.as_deref());
            let found = decoder.examine(&case.text);
            let best = found.best();
            let words = |locale: &Locale| {
                let parts = best
                    .parts
                    .iter()
                    .map(|p| format!("{} {}\n", locale.part_name(&decoder, p.name), locale.says(&decoder, &p.says)));
                let problems = best.problems.iter().map(|p| locale.problem(&decoder, p) + "\n");
                let repairs = best.nearest.iter().map(|p| locale.repair(&decoder, p) + "\n");
                parts.chain(problems).chain(repairs).collect::<String>()
                    + &locale.kind(best.kind)
                    + locale.verdict(best.verdict)
            };
            let told = words(&zh);
            assert_eq!(
                (best.kind.key(), best.is_ok()),
                (case.kind.as_str(), case.ok),
                "{} {}: {told}",
                case.text,
                case.note
            );
            let nearest: Vec<&str> = best.nearest.iter().map(|p| p.text.as_str()).collect();
            assert!(case.nearest.iter().all(|n| nearest.contains(&n.as_str())), "{}: {nearest:?} {told}", case.text);
            assert!(!case.nearest.is_empty() || nearest.is_empty(), "{}: {nearest:?}", case.text);
            let also: Vec<&str> = found.candidates[1..].iter().map(|c| c.kind.key()).collect();
            assert!(case.also.iter().all(|k| also.contains(&k.as_str())), "{}: {also:?}", case.text);
            for part in &case.says {
                assert!(told.contains(part), "{} should say {part}: {told}", case.text);
            }
            for told in [told, words(&en)] {
                assert!(!told.contains("decode.") && !told.contains('{'), "{}: {told}", case.text);
            }
            kinds.push(best.kind);
        }
    }
    let untried: Vec<NumberKind> = NumberKind::ALL.into_iter().filter(|k| !kinds.contains(k)).collect();
    assert!(untried.is_empty(), "{untried:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: TRIES, failure_persistence: None, ..ProptestConfig::default() })]

    /// Anything reads as something, nothing that had to be repaired is accepted, and every proposal differs.
    #[test]
    fn anything_gets_a_reading_and_a_reason(raw in "\\PC{0,30}|[YS]?[0-9OIlJ ]{10,24}|[\\x00-\\x1f\u{202e}\u{fffd}0-9X]{0,40}") {
        let decoder = &*ALL;
        let found = decoder.examine(&raw);
        let best = found.best();
        prop_assert!(best.is_ok() || !best.problems.is_empty());
        prop_assert!(!best.is_ok() || found.spelling.is_plain());
        for candidate in &found.candidates {
            prop_assert!(candidate.nearest.iter().all(|p| p.text != raw.trim()));
            if candidate.verdict == Certainty::Right && candidate.kind == NumberKind::Certificate {
                prop_assert!(candidate.parts.iter().map(|p| p.text.as_str()).collect::<String>() == raw.trim());
            }
        }
        for problem in &best.problems {
            prop_assert_eq!(raw_controls(&ZH.problem(decoder, problem)), Vec::<char>::new());
        }
    }

    /// The quick road of plain codes and the plain one agree.
    #[test]
    fn the_quick_reading_is_the_same(code in "[YSA](0000|0001|[0-9]{4})(62|51|44|11|52|[0-9]{2})[0-9]{6}(24|[0-9]{2})[0-9](J|0|[0-9])[0-9]{5}") {
        let decoder = &*ALL;
        let plain = is_plain(code.as_bytes()).expect("plain");
        let glance = decoder.glance(plain, &mut Scratch::default()).expect("profiles");
        let found = decoder.examine(&code);
        let best = found.candidates.iter().find(|c| c.kind == NumberKind::Certificate).expect("a code");
        prop_assert_eq!(best.profile, Some(glance.profile));
        prop_assert_eq!(best.is_ok(), glance.marks.wrong == 0);
        let possible = (0..decoder.profiles().len()).filter(|i| glance.possible >> i & 1 == 1).collect::<Vec<_>>();
        prop_assert_eq!(&best.possible, &possible);
        let elsewhere = best.problems.iter().find_map(|p| match p {
            NumberProblem::Elsewhere(profile, segment) => Some((*profile, *segment)),
            _ => None,
        });
        prop_assert_eq!(elsewhere, glance.elsewhere);
        prop_assert_eq!(best.nearest.first().and_then(|p| p.profile), glance.swapped.map(|(i, _)| i));
    }
}

/// The length of a text does not matter, whatever it is made of.
#[test]
fn a_megabyte_is_read_no_further_than_a_number_is_long() {
    let decoder = decoder(None);
    for piece in ["7", " ", "S", "\u{202e}", "张", "\0", "\u{fffd}", "\n", "0 "] {
        let found = decoder.examine(&piece.repeat(1 << 20));
        assert!(found.text.chars().count() <= 64 && !found.best().is_ok(), "{piece:?}");
    }
}

#[test]
fn any_bytes_on_stdin_get_lines_of_visible_text() {
    let desk = Desk::new();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    // One run of the program reads a thousand inputs.
    let inputs = proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 1000);
    let lines = inputs.new_tree(&mut runner).expect("inputs").current();
    let clean = |line: &Vec<u8>| line.iter().map(|b| if *b == b'\n' { b' ' } else { *b }).collect::<Vec<u8>>();
    let input: Vec<u8> = lines.iter().flat_map(|l| [clean(l), vec![b'\n']].concat()).collect();
    let asked = lines.iter().filter(|l| !clean(l).trim_ascii().is_empty()).count();
    for format in ["text", "json", "csv"] {
        let ran = desk.verb_with_input(&["decode", "--format", format], &input);
        assert_eq!((ran.code, ran.err.as_str()), (1, ""));
        assert_eq!(raw_controls(&ran.out), [], "{format}");
        let head = usize::from(format == "csv");
        let records = if format == "csv" {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(ran.bytes.as_slice());
            reader.records().flatten().count()
        } else {
            ran.out.lines().count()
        };
        assert_eq!(records, asked + head, "{format}");
        if format == "json" {
            ran.out.lines().for_each(|l| drop(serde_json::from_str::<Value>(l).expect("json")));
        }
    }
}

#[test]
fn the_quick_road_writes_what_the_plain_one_writes() {
    let desk = Desk::new();
    let codes = [
        "S000062010001242J00001",
        "S000011082003225000001",
        "S000062010001242J00000",
        "S000062010001992J00001",
        "S000011033001223000001",
        "Y000052002008203100000",
        "S000062990001242J00001",
        "A000062010001242000001",
    ];
    for format in ["text", "json", "csv"] {
        let together = desk.verb_with_input(&["decode", "--format", format], (codes.join("\n") + "\n").as_bytes());
        // A blank between the characters takes the plain road; what is said of the parts is the same.
        for (i, code) in codes.iter().enumerate() {
            let line = together.out.lines().nth(i + usize::from(format == "csv")).expect("a line");
            assert!(line.contains(code), "{line}");
            if format == "json" {
                let quick: Value = serde_json::from_str(line).expect("json");
                let spaced = format!("{} {}", &code[..3], &code[3..]);
                let ran = desk.verb_with_input(&["decode", "--format", "json"], spaced.as_bytes());
                let plain: Value = serde_json::from_str(ran.out.trim()).expect("json");
                for key in ["kind", "profile", "profiles", "parts", "warnings"] {
                    assert_eq!(quick[key], plain[key], "{code} {key}");
                }
                let problems = plain["problems"].as_array().expect("problems");
                assert_eq!(quick["problems"].as_array().expect("problems"), &problems[1..], "{code}");
            }
        }
    }
}

#[test]
fn a_column_of_a_file_is_read() {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows[1][7] = "S000062010001242000002".into();
    rows[2][7] = String::new();
    let file = desk.put("a.csv", text(",", &rows));
    let file = file.to_str().expect("a path");
    let ran = desk.verb(&["decode", "--column", LABELS[7], "--profile", "gansu-competition", "--format", "json", file]);
    let answers: Vec<Value> = ran.out.lines().map(|l| serde_json::from_str(l).expect("json")).collect();
    assert_eq!((ran.code, answers.len()), (1, 2), "{}{}", ran.out, ran.err);
    assert_eq!((&answers[0]["row"], &answers[1]["row"]), (&2.into(), &3.into()));
    assert_eq!(answers[1]["nearest"][0], "S000062010001242J00002");
    let ids = desk.verb(&["decode", "--column", "身份证号", "--format", "csv", file]);
    assert_eq!((ids.code, ids.out.lines().count()), (0, 4), "{}{}", ids.out, ids.err);
    assert!(!ids.out.contains(&resident(0)), "{}", ids.out);
    assert_eq!(desk.verb(&["decode", "--column", "没有", file]).code, 2);
    assert_eq!(desk.verb(&["decode", "--column", LABELS[7]]).code, 2);
    assert_eq!(desk.verb(&["decode", "--column", LABELS[7], "missing.csv"]).code, 3);
}

/// Whatever is said of how a file is read is said to every verb that reads one.
#[test]
fn a_column_is_read_as_was_said_of_the_file() {
    let desk = Desk::new();
    let body = text(",", &goods(3)).split_once('\n').map(|(_, rows)| rows.to_string()).expect("rows");
    let decode = |options: &[&str], name: &str| {
        let ran = desk.verb(&[&["decode", "--format", "csv"][..], options, &[name]].concat());
        (ran.code, ran.out.lines().count(), ran.err)
    };
    // No header: the columns are called by letters, and by what they were said to hold.
    desk.put("bare.csv", &body);
    let bare = ["--header-row", "0", "--map", "C=证件号码"];
    for column in ["C", "证件号码"] {
        let (code, lines, err) = decode(&[&bare[..], &["--column", column]].concat(), "bare.csv");
        assert_eq!((code, lines), (0, 4), "{column} {err}");
    }
    let (code, _, err) = decode(&["--map", "Z=证件号码", "--header-row", "0", "--column", "C"], "bare.csv");
    assert_eq!(code, 2, "{err}");
    // Another encoding than the one it is taken for; a row that would be skipped.
    desk.put("big5.csv", std::fs::read(crate::support::root("tests/fixtures/f7_big5.csv")).expect("fixture"));
    let (code, lines, err) = decode(&["--encoding", "big5", "--column", "證書編號"], "big5.csv");
    assert!(code < 2 && 1 < lines, "{code} {lines} {err}");
    desk.put("foot.csv", format!("{}\n{body}合计,,,,,,,3人,,,\n", crate::keys::labels().join(",")));
    let (_, lines, _) = decode(&["--column", "证书编号"], "foot.csv");
    assert_eq!((lines, decode(&["--column", "证书编号", "--keep-row", "5"], "foot.csv").1), (4, 5));
    // A sheet, one at a time.
    desk.put("book.xlsx", std::fs::read(crate::support::root("tests/fixtures/f10_rosters.xlsx")).expect("fixture"));
    assert_eq!(decode(&["--sheet", "二组", "--column", "证书编号"], "book.xlsx").1, 8);
    assert_eq!(decode(&["--sheet", "*", "--column", "证书编号"], "book.xlsx").0, 2);
    // A code that is typed is in no file.
    let ran = desk.verb(&["decode", "--header-row", "2", "S000062010001242J00001"]);
    assert!(ran.code == 2 && ran.err.contains("--column"), "{}", ran.err);
    // The day that counts as today is one for codes as well.
    assert_eq!(desk.verb(&["decode", "--today", "2030-01-01", "S000062010001242J00001"]).code, 0);
    // What a column was said to hold goes before a label: not the codes are read then.
    let file = desk.put("labelled.csv", text(",", &goods(3)));
    let read = |options: &[&str]| {
        let file = file.to_str().expect("UTF-8");
        desk.verb(&[&["decode", "--format", "csv", "--column", "证书编号"][..], options, &[file]].concat()).out
    };
    let (codes, bodies) = (read(&[]), read(&["--map", "发证机构=证书编号"]));
    let (code, body) = (&goods(1)[0][7], &goods(1)[0][10]);
    assert!(codes.contains(code) && !codes.contains(body), "{codes}");
    assert!(bodies.contains(body) && !bodies.contains(code), "{bodies}");
}

#[test]
fn numbers_of_persons_are_masked_and_formulas_disarmed() {
    let desk = Desk::new();
    let number = resident(5);
    for format in ["text", "json", "csv"] {
        let among = format!("张三 {number} 13900000000");
        let inputs = [number.clone(), format!("{} {}", &number[..6], &number[6..]), number[..17].to_string(), among];
        for input in inputs {
            let masked = desk.verb_with_input(&["decode", "--format", format], input.as_bytes());
            assert!(!masked.out.replace(' ', "").contains(&number[..15]), "{}", masked.out);
            // A birth date would fill in what is hidden.
            let born = format!("{}-{}-{}", &number[6..10], &number[10..12], &number[12..14]);
            assert!(!masked.out.contains(&born), "{}", masked.out);
        }
        for passport in ["A12345678", "E12345678"] {
            let masked = desk.verb(&["decode", "--format", format, passport]);
            assert!(!masked.out.contains(passport), "{}", masked.out);
        }
        let shown = desk.verb(&["decode", "--format", format, "--unmask", &number]);
        assert!(shown.out.contains(&number), "{}", shown.out);
    }
    let ran = desk.verb_with_input(&["decode", "--format", "csv"], "=1+1\n@x,\"y\"\n-2\n".as_bytes());
    let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(ran.bytes.as_slice());
    for record in reader.records() {
        assert!(record.expect("record").iter().all(|c| !c.starts_with(['=', '+', '-', '@'])), "{}", ran.out);
    }
}

#[test]
fn one_code_gets_a_ruler() {
    let desk = Desk::new();
    let ran = desk.verb(&["decode", "S000062010001242J00001"]);
    let typed = ran.out.lines().position(|l| l == "    S000062010001242J00001").expect("the code");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[typed - 1], "    1234567890123456789012");
    assert_eq!(lines[typed + 1], "    |[--][][][--][]||[---]");
    assert!(ran.out.contains("gansu-competition"), "{}", ran.out);
}

//! The gate before the store: what is damaged, lost or no file of ours is told by every verb, and left as it is.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, mkfifoat};

use crate::support::{Desk, Ran, goods, verbs};

const STATE: &str = "home/.local/share/skillcert";

/// A home with published certificates, a batch and a case.
fn with_numbers() -> Desk {
    let desk = Desk::new();
    desk.roster("r.csv", &goods(5));
    let import = desk.verb(&["ledger", "import", "r.csv", "--status", "published"]);
    assert_eq!(import.code, 0, "{}{}", import.out, import.err);
    desk
}

fn store(desk: &Desk) -> PathBuf {
    desk.path(STATE).join("skillcert.sqlite3")
}

/// Verbs that look into the store, and some that write to it.
const VERBS: [&[&str]; 12] = [
    &["ledger", "verify"],
    &["ledger", "series"],
    &["ledger", "gaps"],
    &["ledger", "next", "S000062010001", "--year", "2024", "--level", "2"],
    &["ledger", "show", "张"],
    &["audit", "show"],
    &["audit", "verify"],
    &["batch", "list"],
    &["case", "list"],
    &["doctor"],
    &["backup"],
    &["ledger", "reserve", "S000062010001", "--year", "2024", "--level", "2", "--count", "1", "--reason", "x"],
];

#[test]
fn a_store_that_is_lost_or_cut_off_is_told_by_every_verb_and_left_as_it_is() {
    let desk = with_numbers();
    let file = store(&desk);
    let whole = fs::read(&file).expect("read");
    let damages: [(&str, &dyn Fn()); 5] = [
        ("gone", &|| fs::remove_file(&file).expect("removed")),
        ("empty", &|| fs::write(&file, "").expect("written")),
        ("a byte", &|| fs::write(&file, "x").expect("written")),
        ("half a page less", &|| fs::write(&file, &whole[..whole.len() - 2000]).expect("written")),
        ("a page less", &|| fs::write(&file, &whole[..whole.len() - 4096]).expect("written")),
    ];
    for (damage, damaged) in damages {
        damaged();
        let before = fs::read(&file).ok();
        for verb in VERBS {
            let ran = desk.verb(verb);
            assert_eq!(ran.code, 4, "{damage}: {verb:?}: {}{}", ran.out, ran.err);
            assert!(format!("{}{}", ran.out, ran.err).contains("损坏"), "{damage}: {verb:?}: {}{}", ran.out, ran.err);
            assert_eq!(fs::read(&file).ok(), before, "{damage}: {verb:?} changed it");
        }
        // A check needs no store, but says what it could not compare with.
        let check = desk.verb(&["check", "r.csv"]);
        assert_ne!(check.code, 4, "{damage}: {}", check.err);
        assert!(check.err.contains("损坏"), "{damage}: {}{}", check.out, check.err);
        let decode = desk.verb(&["decode", "S000062010001242J00001"]);
        assert!(decode.err.contains("损坏"), "{damage}: {}", decode.err);
        fs::write(&file, &whole).expect("written");
    }
    assert_eq!(desk.verb(&["ledger", "verify"]).code, 0);
}

#[test]
fn a_lost_store_is_put_back_from_a_backup() {
    let desk = with_numbers();
    let made = desk.verb(&["backup", "--output", "b.zip"]);
    assert_eq!(made.code, 0, "{}", made.err);
    for lost in [None, Some("")] {
        match lost {
            None => fs::remove_file(store(&desk)).expect("removed"),
            Some(text) => fs::write(store(&desk), text).expect("written"),
        }
        let restored = desk.verb(&["restore", "b.zip", "--yes"]);
        assert_eq!(restored.code, 0, "{}{}", restored.out, restored.err);
        assert_eq!(desk.verb(&["ledger", "verify"]).code, 0);
    }
}

/// A new store begins without a word: nothing is lost where nothing was noted.
#[test]
fn an_empty_file_without_entries_is_a_new_store() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path(STATE)).expect("folder");
    File::create(store(&desk)).expect("made");
    assert_ne!(desk.verb(&["doctor"]).code, 4);
    assert_eq!(desk.verb(&["init"]).code, 0);
}

/// In a shared folder a colleague may put a link in the place of a file of ours, to what is another's.
#[test]
fn links_and_pipes_in_the_place_of_state_files_are_refused_at_once() {
    type Put = fn(&Path, &Path);
    let kinds: [(&str, Put); 3] = [
        ("a link", |other, name| symlink(other, name).expect("linked")),
        ("another name", |other, name| fs::hard_link(other, name).expect("linked")),
        ("a pipe", |_, name| mkfifoat(CWD, name, Mode::RUSR | Mode::WUSR).expect("made")),
    ];
    for file in ["skillcert.sqlite3", "skillcert.head", "skillcert.sqlite3-journal", "skillcert.lockprobe"] {
        for (kind, put) in kinds {
            let desk = with_numbers();
            let (name, other) = (desk.path(STATE).join(file), desk.put("another's", "secret"));
            fs::set_permissions(&other, Permissions::from_mode(0o600)).expect("closed");
            let _ = fs::remove_file(&name);
            put(&other, &name);
            for verb in VERBS {
                let looks = !["reserve", "doctor"].iter().any(|word| verb.contains(word));
                let ran = desk.verb(verb);
                // At the probe only those stop who try locks.
                let code = if file.ends_with("probe") && looks { 0 } else { 4 };
                assert_eq!(ran.code, code, "{kind} as {file}: {verb:?}: {}{}", ran.out, ran.err);
            }
            assert_eq!(fs::read(&other).expect("read"), b"secret", "{kind} as {file}");
            assert_eq!(fs::metadata(&other).expect("there").mode() & 0o777, 0o600, "{kind} as {file}");
        }
    }
}

#[test]
fn a_pipe_keeps_nobody_waiting_and_no_file_of_the_state_is_written_over() {
    let desk = with_numbers();
    mkfifoat(CWD, desk.path("pipe.csv"), Mode::RUSR | Mode::WUSR).expect("made");
    for verb in [
        &["check", "pipe.csv"][..],
        &["ledger", "import", "pipe.csv", "--status", "published"],
        &["restore", "pipe.csv", "--yes"],
        &["check", "r.csv", "--output", "pipe.csv", "--force"],
    ] {
        let ran = desk.verb(verb);
        assert_eq!(ran.code, 3, "{verb:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("管道或设备"), "{verb:?}: {}", ran.err);
    }
    for file in ["skillcert.sqlite3", "skillcert.head"] {
        let path = desk.path(STATE).join(file);
        let (before, name) = (fs::read(&path).expect("read"), path.to_str().expect("UTF-8"));
        for verb in [
            &["check", "r.csv", "--output", name, "--force"][..],
            &["export", "r.csv", "--format", "csv", "--output", name, "--force"],
            &["fix", "r.csv", "--format", "csv", "--output", name, "--force"],
        ] {
            let ran = desk.verb(verb);
            assert_ne!(ran.code, 0, "{verb:?}");
            assert_eq!(fs::read(&path).expect("read"), before, "{verb:?}: {}", ran.err);
        }
        let ran = desk.verb(&["check", "r.csv", "--output", name, "--force"]);
        assert!(ran.code == 3 && ran.err.contains("存储自己的文件"), "{} {}", ran.code, ran.err);
    }
}

/// Verbs that only look.
const LOOKS: [&[&str]; 17] = [
    &["audit"],
    &["audit", "show", "--format", "json"],
    &["audit", "verify"],
    &["audit", "export", "--output", "chain.csv", "--force"],
    &["ledger", "verify"],
    &["ledger", "series"],
    &["ledger", "gaps"],
    &["ledger", "next", "S000062010001", "--year", "2024", "--level", "2"],
    &["ledger", "show", "S000062010001242J00001"],
    &["batch"],
    &["batch", "list", "--format", "json"],
    &["case", "list"],
    &["due"],
    &["event"],
    &["stock"],
    &["stock", "list"],
    &["stock", "demand", "--year", "2027"],
];

#[test]
fn looking_writes_nothing_and_makes_no_store() {
    let desk = with_numbers();
    let state = || {
        let of = |entry: std::io::Result<fs::DirEntry>| {
            let path = entry.expect("entry").path();
            let about = fs::metadata(&path).expect("there");
            (path.clone(), fs::read(&path).ok(), about.modified().expect("a time"), about.mode())
        };
        let mut all: Vec<_> = fs::read_dir(desk.path(STATE)).expect("folder").map(of).collect();
        all.sort();
        all
    };
    let before = state();
    for verb in LOOKS {
        let ran = desk.verb(verb);
        assert_eq!(ran.code, 0, "{verb:?}: {}{}", ran.out, ran.err);
        assert_eq!(state(), before, "{verb:?} wrote something");
        let mistyped = desk.verb(&[&["--home", "mistyped"], verb].concat());
        assert_eq!(mistyped.code, 2, "{verb:?}: {}{}", mistyped.out, mistyped.err);
        assert!(mistyped.err.contains("还没有存储") && mistyped.err.contains("mistyped"), "{verb:?}: {}", mistyped.err);
        assert!(!desk.path("mistyped").exists(), "{verb:?} made a folder");
    }
    // Whoever sees personal data whole is noted.
    assert_eq!(desk.verb(&["audit", "show", "--unmask", "--reason", "x"]).code, 0);
    assert_ne!(state(), before);
}

/// Calls of every verb, and what they do where there is no store: say so and make nothing, make one, or go without.
const CALLS: &str = "
    without check r.csv
    refuses check --batch 1
    without fix r.csv --dry-run
    without export r.csv --output e.csv
    refuses export --batch 1 --output e.csv
    without explain F01
    without decode S000062010001242J00001
    without lookup 焊工
    without profile list
    without profile show national
    without profile new a-b
    without profile check national
    refuses ledger import r.csv
    refuses ledger import r.csv --dry-run
    refuses ledger series
    refuses ledger next S000062010001 --year 24 --level 2
    refuses ledger allocate r.csv
    refuses ledger allocate r.csv --dry-run
    refuses ledger allocate --batch 1
    refuses ledger reserve S000062010001 --year 24 --level 2 --count 1 --reason x
    refuses ledger reserve S000062010001 --year 24 --level 2 --count 1 --reason x --dry-run
    refuses ledger void S000062010001242J00001 --reason x --yes
    refuses ledger gaps
    refuses ledger mark exported S000062010001242J00001 --yes
    refuses ledger reply r.csv --map 职业名称=审核结果
    refuses statistics
    refuses screen
    refuses screen --batch 1
    refuses share list
    refuses share show 1
    refuses share add --receiver x --purpose x --scene x --approver x --expires 2026-12-31
    refuses share change 1 --scope x
    refuses share end 1 --reason x
    refuses two-people
    refuses ledger show S000062010001242J00001 --unmask --reason x
    refuses ledger verify
    refuses ledger export --year 2024 --output y.csv
    refuses batch list
    refuses batch show 1
    refuses batch submit 1
    refuses batch archive 1
    refuses batch restore 1
    refuses institution list
    refuses institution show S000062010001
    makes   institution add S000062010001 --profile gansu-competition --name 样例大赛组委会
    refuses institution change S000062010001 --name 样例大赛组委会
    refuses institution scope S000062010001 scope.csv
    refuses institution seal S000062010001 --name 样例专用章
    refuses institution merge S000062010009 --profile gansu-competition --name 样例 --of S000062010001 --yes
    refuses institution absorb S000062010001 --of S000062010002 --yes
    refuses institution cancel S000062010001 --on 2026-11-01 --yes
    refuses institution rectify S000062010001 --on 2026-11-01 --paper x
    refuses institution rectified S000062010001 --on 2026-11-01 --paper x
    refuses due
    without due --rule BJ-16 --from 2026-01-30
    refuses event list
    refuses event note receipt S000062010001 2026-01-22
    refuses event take-back receipt S000062010001 --reason x
    refuses fact list 1
    refuses checklist 1
    refuses checklist 1 --tick notice.paper
    refuses fact set S000062010001 address=x
    refuses lateness --batch 1 --output l.txt
    refuses archive write --batch 1 --output a.zip --reason x
    without archive verify a.zip
    without form list
    refuses form show hand-out-list --batch 1
    refuses form fill t.xlsx --batch 1 --output f.xlsx
    refuses form write hand-out-list --batch 1 --output f.xlsx
    refuses print data --code S000062010001242J00001 --output p.xlsx --reason x
    refuses print proof S000062010001242J00001
    without print photos . r.csv
    makes   stock receive 00000001-00000010 --keeper x
    refuses stock draw 00000001 --to y
    refuses stock hand-over 00000001 --to y
    refuses stock return 00000001
    refuses stock use 00000001 S000062010001242J00001
    refuses stock spoil 00000001 --reason x
    refuses stock destroy 00000001 --witness x
    refuses stock count --number 00000001
    refuses stock close 1 --reason x
    refuses stock take-back 00000001 --reason x
    refuses stock compare r.csv
    refuses stock demand --year 2027
    refuses stock list
    refuses stock show
    refuses case open correct S000062010001242J00001 --set 姓名=张新
    refuses case open reissue S000062010001242J00001 --cause lost
    refuses case open revoke S000062010001242J00001
    refuses case approve 1 --reference x
    refuses case refuse 1 --reason x
    refuses case close 1 --yes
    refuses case list --unmask --reason x
    refuses case show 1
    refuses case export 1 --output c.csv
    refuses audit show --unmask --reason x
    refuses audit verify
    refuses audit export --output a.csv
    refuses audit accept --reason x
    makes   init
    without keys
    without merge r.csv --output merged.csv
    without compare r.csv r.csv
    refuses answers r.csv --batch 1
    refuses carry-over r.csv --batch 1 --dry-run
    without summary r.csv
    without values r.csv --column 所在单位
    without replace r.csv 市 县 --dry-run
    refuses replace 市 县 --batch 1
    without reshape split r.csv --column 职业名称 --into 工种/职业方向 --dry-run
    refuses reshape upper --column 职业名称 --batch 1 --dry-run
    without fill r.csv --from r.csv --dry-run
    without template gansu-competition --output t.xlsx
    without unify r.csv --column 所在单位 --dry-run
    refuses history --batch 1
    refuses rows note 3 --batch 1 --text x
    without recipe list
    without recipe show x
    without recipe save x r.csv --map 所在单位=所在单位
    without recipe apply x r.csv --dry-run
    without recipe delete x --yes
    refuses backup
    makes   restore b.zip --yes
    without doctor
    without man
    without completions bash";

/// A place that somebody has made, and the one that is taken where none is named, are begun in.
#[test]
fn a_store_is_begun_where_there_is_a_place_for_it_and_that_is_told() {
    let desk = Desk::new();
    desk.roster("r.csv", &goods(2));
    let import = ["ledger", "import", "r.csv", "--status", "published"];
    let ran = desk.verb(&import);
    assert_eq!((ran.code, ran.err.contains("存储")), (0, false), "{}", ran.err);
    desk.folder("made");
    let ran = desk.verb(&[&["--home", &desk.name("made")], &import[..]].concat());
    assert!(ran.code == 0 && ran.err.contains("made 里原来没有存储，现在新建"), "{}", ran.err);
    let ran = desk.verb(&[&["--home", &desk.name("made")], &import[..]].concat());
    assert!(!ran.err.contains("原来没有存储"), "{}", ran.err);
    // The variable names one as the option does.
    let with = |words: &[&str]| {
        let output = desk.command(words).env("SKILLCERT_HOME", desk.path("varied")).output().expect("started");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let told = with(&["check", "r.csv", "--lang", "zh"]);
    assert!(told.contains("没有 ") && told.contains("varied 这个文件夹"), "{told}");
    assert!(!desk.path("varied").exists());
    // No numbers are taken there, until somebody has made it.
    let told = with(&[&["--lang", "zh"], &import[..]].concat());
    assert!(told.contains("varied 里还没有存储") && told.contains("skillcert init"), "{told}");
    assert!(!desk.path("varied").exists());
    desk.folder("varied");
    let told = with(&[&["--lang", "zh"], &import[..]].concat());
    assert!(told.is_empty() && desk.path("varied/skillcert.sqlite3").exists(), "{told}");
    // The workbench tells it before it stores anything.
    let arguments = ["--lang", "zh", "--home", "nope", "--plain", "open", "r.csv"];
    let talked = desk.run_with_input(&arguments, b"quit\n").out;
    let (told, read) = (talked.find("nope 这个文件夹：接下来新建"), talked.find("已打开 r.csv"));
    assert!(told.is_some() && told < read, "{talked}");
    let talked = desk.run_with_input(&arguments, b"quit\n").out;
    assert!(!talked.contains("这个文件夹"), "{talked}");
}

/// Whoever mistypes the folder is told so, by each verb that reads or needs what stands in it; with the others work may begin.
#[test]
fn a_mistyped_folder_is_told_and_no_store_is_made_by_verbs_that_need_one() {
    let desk = with_numbers();
    assert_eq!(desk.verb(&["backup", "--output", "b.zip"]).code, 0);
    desk.put(
        "scope.csv",
        "职业名称,职业编码,工种名称,认定等级,标准\n汽车维修工,4-12-01-01,汽车机械维修工,三级/二级,国家标准\n",
    );
    let calls: Vec<Vec<&str>> = CALLS.lines().map(|line| line.split_whitespace().collect()).collect();
    let calls = || calls.iter().filter(|call| !call.is_empty()).map(|call| (call[0], &call[1..]));
    for (verb, _) in verbs() {
        let words: Vec<&str> = verb.split(' ').collect();
        // The workbench begins with a store, as its own tests show.
        assert!(verb == "open" || calls().any(|(_, call)| call.starts_with(&words)), "no call of {verb}");
    }
    // A variable is as easily mistyped as the option; who takes numbers asks for either.
    let takes =
        |call: &[&str]| ["import", "allocate", "reserve"].iter().any(|verb| call.starts_with(&["ledger", verb]));
    let named = calls().filter(|(_, call)| takes(call)).map(|(does, call)| (false, does, call));
    for (is_option, does, call) in calls().map(|(does, call)| (true, does, call)).chain(named) {
        let mistyped = desk.path("mistyped");
        let ran = if is_option {
            desk.verb(&[&["--home", &desk.name("mistyped")], call].concat())
        } else {
            let mut command = desk.command(&[&["--lang", "zh"], call].concat());
            Ran::of(command.env("SKILLCERT_HOME", &mistyped).output().expect("started"))
        };
        match does {
            "refuses" => {
                assert_eq!(ran.code, 2, "{call:?}: {}{}", ran.out, ran.err);
                let is_told = ["还没有存储", "mistyped", "init"].iter().all(|word| ran.err.contains(word));
                assert!(is_told, "{call:?}: {}", ran.err);
                assert!(!mistyped.exists(), "{call:?} made a folder");
            }
            "makes" => assert!(mistyped.join("skillcert.sqlite3").exists(), "{call:?}: {}{}", ran.out, ran.err),
            _ => assert!(!mistyped.join("skillcert.sqlite3").exists(), "{call:?} made a store"),
        }
        let _ = fs::remove_dir_all(&mistyped);
    }
}

/// Where nothing comes of a run, there is no store afterwards, nor a folder for one: not in the usual place either, where work may
/// begin.
#[test]
fn a_run_that_did_nothing_leaves_no_store_and_no_folders() {
    let desk = Desk::new();
    desk.roster("r.csv", &goods(2));
    desk.put("none.csv", "姓名,证件号码\n");
    let series = ["S000062010001", "--profile", "gansu-competition", "--year", "24", "--level", "2"];
    let reserve = [&["ledger", "reserve"], &series[..], &["--count", "1", "--reason", "x"]].concat();
    let calls: [(i32, &[&str]); 8] = [
        (3, &["ledger", "allocate", "gone.csv"]),
        (2, &["ledger", "allocate", "r.csv", "--profile", "no-such"]),
        (2, &["ledger", "allocate", "r.csv", "--dry-run"]),
        (3, &["ledger", "import", "gone.csv"]),
        (3, &["ledger", "import", "none.csv", "--profile", "gansu-competition"]),
        (2, &["ledger", "reserve", "S00006201", "--year", "24", "--level", "2", "--count", "1", "--reason", "x"]),
        (1, &["institution", "add", "S00006201000", "--profile", "gansu-competition", "--name", "样例"]),
        (2, &["institution", "add", "S000062010001", "--profile", "no-such", "--name", "样例"]),
    ];
    for (code, call) in calls {
        let run = |home: Option<&str>| {
            let mut command = desk.command(&[&["--lang", "zh"], call].concat());
            command.env("HOME", desk.path("usual"));
            home.map(|home| command.env("SKILLCERT_HOME", desk.folder(home)));
            Ran::of(command.output().expect("started"))
        };
        let ran = run(None);
        assert_eq!(ran.code, code, "{call:?}: {}{}", ran.out, ran.err);
        assert!(!desk.path("usual").exists(), "{call:?} made folders");
        let ran = run(Some("named"));
        assert_eq!(ran.code, code, "{call:?}: {}{}", ran.out, ran.err);
        assert_eq!(fs::read_dir(desk.path("named")).expect("there").count(), 0, "{call:?} made a store");
    }
    // What does something makes both.
    let mut command = desk.command(&reserve);
    let ran = command.env("HOME", desk.path("usual")).output();
    assert!(ran.expect("started").status.success() && desk.path("usual/.local/share/skillcert").exists());
}

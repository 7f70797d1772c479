//! What tests of the built program share: rosters of invented people, and a clean way to start it.

mod demands;
pub mod fake_ledger;
pub mod fake_lists;
mod fake_papers;
pub mod harness;
pub mod raw_ledger;
pub mod shim;

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

pub use demands::note_demanded;
use serde_json::Value;
use skillcert::cli::{self, Io, Outcome};
use skillcert::data::Settings;
use skillcert::office::{Office, Surroundings};
use skillcert::words::{Lang, Locale};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_skillcert");
pub const TODAY: &str = "2026-11-21";

pub const LABELS: [&str; 11] = [
    "姓名",
    "证件类型",
    "证件号码",
    "所在单位",
    "职业名称",
    "工种/职业方向",
    "职业技能等级",
    "证书编号",
    "发证日期",
    "评价机构",
    "发证机构",
];

pub fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The number of an invented person, its check digit computed.
pub fn resident(i: usize) -> String {
    let body = format!("6201021975{:02}{:02}{:03}", i / 28_000 + 1, i / 1000 % 28 + 1, i % 1000);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize = body.bytes().zip(weights).map(|(b, w)| usize::from(b - b'0') * w).sum();
    format!("{body}{}", ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][sum % 11])
}

/// A row without findings.
pub fn good(i: usize) -> Vec<String> {
    let given: Vec<char> = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚".chars().collect();
    let name = format!("张{}{}", given[i % given.len()], given[i / given.len() % given.len()]);
    [
        &name,
        "201",
        &resident(i),
        "兰州陇原机械有限公司",
        "汽车维修工",
        "汽车机械维修工",
        "2",
        &format!("S000062010001242J{:05}", i + 1),
        "2024-11-08",
        "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)",
        "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)(甘肃省职业技能鉴定指导中心代章)",
    ]
    .map(String::from)
    .to_vec()
}

pub fn goods(count: usize) -> Vec<Vec<String>> {
    (0..count).map(good).collect()
}

/// Rows with a defect each, of kinds that every encoding and separator can carry.
pub fn spoiled() -> Vec<Vec<String>> {
    let mut rows = goods(12);
    rows[1][8] = "2024.11.8".into();
    let wrong = if rows[2][2].ends_with('0') { "1" } else { "0" };
    rows[2][2].replace_range(17.., wrong);
    rows[3][5] = String::new();
    rows[4][7] = rows[4][7].to_lowercase();
    rows[5][6] = "中级".into();
    rows[6][1] = "身份证".into();
    rows[7][0] = "买买提.艾力".into();
    rows[8][3] = "兰炼".into();
    let twice = rows[8][7].clone();
    rows[9][7] = twice;
    rows[10][5] = "——".into();
    rows
}

/// Writes a table as text, every row ended by a line feed.
pub fn text(separator: &str, rows: &[Vec<String>]) -> String {
    let head: Vec<String> = LABELS.map(String::from).to_vec();
    let quoted = |cell: &String| {
        if cell.contains(['"', '\n', '\r']) || cell.contains(separator) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(separator) + "\n";
    std::iter::once(&head).chain(rows).map(line).collect()
}

/// The verbs and families of the program, each by its words and with its options, as the command line itself has them.
pub fn verbs_and_families() -> &'static [(String, clap::Command)] {
    static ALL: LazyLock<Vec<(String, clap::Command)>> = LazyLock::new(|| {
        fn walk(path: &str, command: &clap::Command, all: &mut Vec<(String, clap::Command)>) {
            for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
                let path = format!("{path} {}", verb.get_name()).trim_start().to_string();
                walk(&path, verb, all);
                all.push((path, verb.clone()));
            }
        }
        let mut all = Vec::new();
        walk("", program(), &mut all);
        all
    });
    &ALL
}

/// The program as its command line is made, in English.
pub fn program() -> &'static clap::Command {
    static ALL: LazyLock<clap::Command> = LazyLock::new(|| {
        let mut command = cli::command(&Locale::load(Lang::En));
        command.build();
        command
    });
    &ALL
}

/// The same without the families.
pub fn verbs() -> impl Iterator<Item = (&'static str, &'static clap::Command)> {
    let all = verbs_and_families().iter().filter(|(_, command)| !command.has_subcommands());
    all.map(|(path, command)| (path.as_str(), command))
}

/// Whether a verb has an option.
pub fn has_option(command: &clap::Command, name: &str) -> bool {
    command.get_arguments().any(|arg| arg.get_long() == Some(name))
}

/// Options whose value is a path that need not be there.
const NAMING: [&str; 5] = ["--output", "-o", "--home", "--to", "--shared"];

/// A folder with the program's state, thrown away at the end.
pub struct Desk {
    pub folder: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Desk {
        Desk { folder: tempfile::tempdir().expect("folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes a folder in it, such as a state folder that a verb is to begin a store in.
    pub fn folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        // What else is of that name stays what it is.
        let _ = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path);
        path
    }

    /// Names a file or folder in it as an argument.
    pub fn name(&self, name: &str) -> String {
        self.path(name).to_str().expect("UTF-8").to_string()
    }

    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    pub fn roster(&self, name: &str, rows: &[Vec<String>]) -> PathBuf {
        self.put(name, text(",", rows))
    }

    /// The program with nothing of our own environment.
    pub fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).env_clear().current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("HOME", self.path("home")).env("SKILLCERT_TODAY", TODAY);
        command
    }

    pub fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Ran {
        Ran::of(self.command(arguments).output().expect("started"))
    }

    /// Runs a verb in this process, with nothing of our own environment. Files and folders are named as to a process that runs in
    /// the folder.
    pub fn verb<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Ran {
        self.verb_with_input(arguments, b"")
    }

    /// The same with something on stdin.
    pub fn verb_with_input<A: AsRef<OsStr>>(&self, arguments: &[A], input: &[u8]) -> Ran {
        self.verb_of("zhang", arguments, input)
    }

    /// The same for another user.
    pub fn verb_as<A: AsRef<OsStr>>(&self, user: &str, arguments: &[A]) -> Ran {
        self.verb_of(user, arguments, b"")
    }

    fn verb_of<A: AsRef<OsStr>>(&self, user: &str, arguments: &[A], input: &[u8]) -> Ran {
        let words: Vec<&str> = arguments.iter().filter_map(|word| word.as_ref().to_str()).collect();
        self.note_demanded(&words);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let surroundings = self.surroundings_of(user);
        let outcome = cli::run(self.placed(arguments), &mut Io::new(input, &mut out, &mut err), &surroundings, |_| {});
        let code = match outcome {
            Outcome::Done(code) => i32::from(code),
            Outcome::Workbench(..) => panic!("the workbench opens only on a terminal"),
        };
        let err = String::from_utf8(err).expect("messages in UTF-8");
        Ran { code, out: String::from_utf8_lossy(&out).into_owned(), bytes: out, err }
    }

    /// Notes before an upload file is written what the notice demands to be known of its batch.
    fn note_demanded(&self, words: &[&str]) {
        let is_export =
            words.contains(&"export") && !["ledger", "case", "audit"].iter().any(|room| words.contains(room));
        let is_allocation = words.contains(&"allocate") && words.contains(&"--output");
        if is_export || is_allocation {
            let named = words.iter().position(|word| *word == "--home").and_then(|at| words.get(at + 1));
            let home = named.map_or_else(|| self.path("home/.local/share/skillcert"), |home| self.path(home));
            demands::note_demanded(&home);
        }
    }

    /// Gives a command line with whole paths: of what is there, and of what options name that write or keep something.
    fn placed<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Vec<OsString> {
        let mut all = vec![OsString::from("skillcert")];
        for argument in arguments.iter().map(AsRef::as_ref) {
            let path = self.folder.path().join(argument);
            let is_named = all.last().is_some_and(|before| NAMING.iter().any(|option| before == option));
            let word = argument.to_str().unwrap_or_default();
            // A file may be called as a verb is, and `--to` may end a range of numbers.
            let is_there = path.symlink_metadata().is_ok() && program().find_subcommand(word).is_none();
            let is_path = !argument.is_empty() && word != "-" && word.parse::<u32>().is_err();
            all.push(if is_path && (is_named || is_there) { path.into() } else { argument.into() });
        }
        all
    }

    fn surroundings(&self) -> Surroundings {
        self.surroundings_of("zhang")
    }

    fn surroundings_of(&self, user: &str) -> Surroundings {
        // It stands for the usual folder, of which nothing is told; one that is named and not there is told.
        let home = self.folder("home/.local/share/skillcert").into_os_string();
        let variables = [("SKILLCERT_HOME", home), ("SKILLCERT_CONFIG", "".into()), ("SKILLCERT_TODAY", TODAY.into())];
        let variables = variables.map(|(name, value)| (name.into(), value)).into_iter().collect();
        Surroundings::of(variables, PROGRAM.into(), user)
    }

    /// The office over the folder's state, as the fronts have it.
    pub fn office(&self) -> Office {
        Office::new(Locale::load(Lang::Zh), Settings::default(), self.surroundings(), None)
    }

    /// The same for another user.
    pub fn office_of(&self, user: &str) -> Office {
        Office::new(Locale::load(Lang::Zh), Settings::default(), self.surroundings_of(user), None)
    }

    /// The same over a state folder.
    pub fn office_at(&self, home: &str) -> Office {
        Office::new(Locale::load(Lang::Zh), Settings::default(), self.surroundings(), Some(self.path(home)))
    }

    pub fn run_with_input<A: AsRef<OsStr>>(&self, arguments: &[A], input: &[u8]) -> Ran {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        let mut stdin = child.stdin.take().expect("stdin");
        let bytes = input.to_vec();
        let writer = std::thread::spawn(move || {
            // Whoever does not want the input may close it.
            let _ = stdin.write_all(&bytes);
        });
        let output = child.wait_with_output().expect("ended");
        writer.join().expect("writer");
        Ran::of(output)
    }

    /// Checks a file and gives the JSON object with the exit code.
    pub fn json(&self, path: &Path, more: &[&str]) -> (i32, Value) {
        let mut arguments: Vec<&OsStr> = vec!["check".as_ref(), path.as_ref(), "--format".as_ref(), "json".as_ref()];
        arguments.extend(more.iter().map(OsStr::new));
        let ran = self.verb(&arguments);
        let value = serde_json::from_slice(&ran.bytes).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err));
        (ran.code, value)
    }
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub bytes: Vec<u8>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: Output) -> Ran {
        let err = String::from_utf8(output.stderr).expect("messages in UTF-8");
        let code = output.status.code().unwrap_or_else(|| panic!("killed: {err}"));
        assert!(!err.contains("panicked"), "{err}");
        Ran { code, out: String::from_utf8_lossy(&output.stdout).into_owned(), bytes: output.stdout, err }
    }
}

/// Characters that nobody sees and that change what is seen: controls of a byte and of two, bidirectional ones, separators,
/// those of no width, selectors, tags, annotations, fillers.
pub const HIDDEN: [(char, char); 24] = [
    ('\u{0}', '\u{9}'),
    ('\u{B}', '\u{C}'),
    ('\u{E}', '\u{1F}'),
    ('\u{7F}', '\u{9F}'),
    ('\u{AD}', '\u{AD}'),
    ('\u{34F}', '\u{34F}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{115F}', '\u{1160}'),
    ('\u{17B4}', '\u{17B5}'),
    ('\u{180B}', '\u{180F}'),
    ('\u{200B}', '\u{200F}'),
    ('\u{2028}', '\u{202E}'),
    ('\u{2060}', '\u{2064}'),
    ('\u{2066}', '\u{206F}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{FE00}', '\u{FE0F}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFA0}', '\u{FFA0}'),
    ('\u{FFF9}', '\u{FFFB}'),
    ('\u{FFFE}', '\u{FFFF}'),
    ('\u{1D173}', '\u{1D17A}'),
    ('\u{E0001}', '\u{E0001}'),
    ('\u{E0020}', '\u{E007F}'),
    ('\u{E0100}', '\u{E01EF}'),
];

/// Lists the characters of a text that must not reach a terminal, a program or a file, line ends and a mark of byte order at
/// the beginning apart.
pub fn raw_controls(text: &str) -> Vec<char> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    // Nearly all of a text is none of them, which is seen at once.
    let is_plain = |c: char| matches!(c, ' '..='~' | '\n' | '\u{4E00}'..='\u{9FFF}');
    text.chars().filter(|c| !is_plain(*c) && HIDDEN.iter().any(|(from, to)| (from..=to).contains(&c))).collect()
}

/// Lists row, rule and column of the findings.
pub fn found(json: &Value) -> Vec<(u64, String, String)> {
    let text = |f: &Value, key: &str| f[key].as_str().expect("text").to_string();
    let findings = json["findings"].as_array().expect("findings").iter();
    findings.map(|f| (f["row"].as_u64().expect("row"), text(f, "rule"), text(f, "column"))).collect()
}

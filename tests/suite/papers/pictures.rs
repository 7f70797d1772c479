//! The coloured screens under `docs/pictures`: drawn as the snapshots of [`crate::screens`] are, in both languages.
//!
//! [`super::WRITES`] draws them anew.

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use skillcert::app::App;
use skillcert::data::Background;
use skillcert::domain::sheet::Field;
use skillcert::tui::draw;
use skillcert::words::Lang;
use unicode_width::UnicodeWidthStr;

use crate::keys::pane::{pane, serve};
use crate::keys::today::today;
use crate::keys::{app_with, press};
use crate::screens::theme_of;
use crate::support::fake_ledger::Fake;
use crate::support::{Desk, LABELS, root};

const SIZE: (u16, u16) = (100, 24);
const FOLDER: &str = "docs/pictures";

/// What is on screen after so many keys, over the sample roster, and the name of its picture.
const ROSTER: [(&str, &str); 5] = [
    ("roster", "n n"),
    ("record", "n n tab"),
    ("findings", "tab tab"),
    ("fix", "X"),
    ("decoder", "= ctrl-u 'S0000O2000100243J00009'"),
];

const LEDGER: [(&str, &str); 13] = [
    ("ledger", "down"),
    ("certificates", "2 down down"),
    ("life", "2 enter G"),
    ("deadlines", "6 down"),
    ("stock", "7 down"),
    ("shares", "8 down"),
    ("screening", "9 down"),
    ("forms", "3 b"),
    ("form", "3 b enter"),
    ("checklist", "5 t down"),
    ("submissions", "2 down O"),
    ("statistics", "T down"),
    ("print", "2 down down P '首次发证' enter 'photos' enter"),
];

/// The columns of one cell, and the lines, in the picture's units; two columns hold a Chinese character with a little air.
const COLUMN: usize = 9;
const LINE: usize = 20;
const MARGIN: usize = 14;

/// The 16 colours as a calm dark terminal has them, by the class of a piece of text.
const STYLE: &str = "text{font:15px 'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono','Noto Sans Mono CJK SC',\
'Sarasa Mono SC','PingFang SC','Microsoft YaHei',monospace;fill:#d6dae0;white-space:pre;text-spacing-trim:space-all}\
.w{font-family:'Noto Sans Mono CJK SC','Noto Sans CJK SC','Sarasa Mono SC','PingFang SC','Microsoft YaHei',\
'WenQuanYi Micro Hei',monospace;font-size:16px;letter-spacing:2px}\
.bold{font-weight:bold}.line{text-decoration:underline}\
.red{fill:#ff7b72}.green{fill:#7ee787}.yellow{fill:#e3b341}.cyan{fill:#56d4dd}.gray{fill:#9aa4b1}.white{fill:#ffffff}\
.back{fill:#161b22}";
const BEHIND: &str = "#161b22";
const REVERSED: &str = "#d6dae0";

/// The rows of the sample roster, as the program reads them.
fn sample() -> &'static [Vec<String>] {
    static ROWS: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let (_, json) = Desk::new().json(&root("data/samples/gansu-2024.xlsx"), &["--with-rows", "--unmask"]);
        let rows = json["rows"].as_array().expect("rows").iter();
        rows.map(|row| LABELS.map(|label| row[label].as_str().unwrap_or_default().to_string()).to_vec()).collect()
    })
}

fn over_the_sample(lang: Lang, keys: &str) -> App {
    let rows: Vec<[&str; 11]> = sample().iter().map(|row| std::array::from_fn(|i| row[i].as_str())).collect();
    let mut app = app_with(lang, SIZE, &rows);
    press(&mut app, keys);
    app
}

/// Numbers planned for the first rows of the sample, which have none yet.
fn plan(lang: Lang) -> App {
    let mut rows: Vec<[&str; 11]> = sample()[..8].iter().map(|row| std::array::from_fn(|i| row[i].as_str())).collect();
    for row in &mut rows[1..] {
        row[Field::Code.index()] = "";
    }
    let mut app = app_with(lang, SIZE, &rows);
    serve(&mut app, Fake::small(), "A down");
    app
}

/// Every picture by the name of its file.
fn pictures() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (lang, tail) in [(Lang::En, ""), (Lang::Zh, ".zh-CN")] {
        let mut add = |name: &str, app: &App| drop(all.insert(format!("{name}{tail}.svg"), picture(app)));
        for (name, keys) in ROSTER {
            add(name, &over_the_sample(lang, keys));
        }
        for (name, keys) in LEDGER {
            add(name, &pane(lang, SIZE, Fake { certificates: 100_100, ..Fake::small() }, keys));
        }
        add("plan", &plan(lang));
        add("today", &today(lang, SIZE));
    }
    all
}

fn picture(app: &App) -> String {
    let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("terminal");
    terminal.draw(|frame| draw(frame, app, theme_of(Background::Dark))).expect("draw");
    let buffer = terminal.backend().buffer();
    let (width, height) = (usize::from(SIZE.0) * COLUMN + 2 * MARGIN, usize::from(SIZE.1) * LINE + 2 * MARGIN);
    let title = escaped(&line_text(buffer, 0));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{BEHIND}\"/>\n"
    );
    for y in 0..SIZE.1 {
        draw_line(&mut svg, buffer, y);
    }
    svg + "</svg>\n"
}

fn line_text(buffer: &Buffer, y: u16) -> String {
    let mut text = String::new();
    let mut x = 0;
    while x < SIZE.0 {
        let symbol = buffer[(x, y)].symbol();
        text += symbol;
        x += symbol.width().max(1) as u16;
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The classes of a cell's text.
fn classes(cell: &Cell) -> String {
    let mut all = Vec::new();
    if cell.symbol().width() == 2 {
        all.push("w");
    }
    if cell.modifier.contains(Modifier::BOLD) {
        all.push("bold");
    }
    if cell.modifier.contains(Modifier::UNDERLINED) {
        all.push("line");
    }
    if cell.modifier.contains(Modifier::REVERSED) {
        all.push("back");
    } else {
        all.extend(match cell.fg {
            Color::Reset => None,
            Color::Green => Some("green"),
            Color::Yellow => Some("yellow"),
            Color::Cyan => Some("cyan"),
            Color::Gray => Some("gray"),
            Color::LightRed => Some("red"),
            Color::White => Some("white"),
            Color::Black => Some("back"),
            other => panic!("{other:?} is no colour of the dark theme"),
        });
    }
    all.join(" ")
}

/// What frames, rules and bars are made of, and stands in runs.
fn is_stroke(symbol: &str) -> bool {
    matches!(symbol, "─" | "█" | "░")
}

/// What is behind a cell, where it is not the terminal's own.
fn ground(cell: &Cell) -> Option<&'static str> {
    if cell.modifier.contains(Modifier::REVERSED) {
        return Some(REVERSED);
    }
    Some(match cell.bg {
        Color::Reset => return None,
        Color::Blue => "#1f4b8f",
        Color::Red => "#b62324",
        Color::Yellow => "#e3b341",
        Color::Cyan => "#56d4dd",
        other => panic!("{other:?} is behind nothing in the dark theme"),
    })
}

/// Draws a line: what has a ground of its own first, then every word at its own column, so that no font moves what follows it.
fn draw_line(svg: &mut String, buffer: &Buffer, y: u16) {
    let top = MARGIN + usize::from(y) * LINE;
    let mut grounds: Vec<(u16, u16, &str)> = Vec::new();
    let mut words: Vec<(u16, String, String)> = Vec::new();
    let mut may_go_on = false;
    let mut x = 0;
    while x < SIZE.0 {
        let cell = &buffer[(x, y)];
        let symbol = cell.symbol();
        let wide = symbol.width().max(1) as u16;
        if let Some(colour) = ground(cell) {
            match grounds.last_mut() {
                Some((_, to, before)) if *to == x && *before == colour => *to = x + wide,
                _ => grounds.push((x, x + wide, colour)),
            }
        }
        if symbol == " " {
            may_go_on = false;
        } else {
            let class = classes(cell);
            match words.last_mut() {
                // A sign outside ASCII may come from another font, of another width; of a stroke the length is told.
                Some((_, last, text))
                    if *last == class && (may_go_on || is_stroke(symbol) && text.ends_with(symbol)) =>
                {
                    text.push_str(symbol);
                }
                _ => words.push((x, class, symbol.to_string())),
            }
            may_go_on = wide == 2 || symbol.is_ascii();
        }
        x += wide;
    }
    for (from, to, colour) in grounds {
        let (x, width) = (MARGIN + usize::from(from) * COLUMN, usize::from(to - from) * COLUMN);
        *svg += &format!("<rect x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{LINE}\" fill=\"{colour}\"/>\n");
    }
    for (x, class, text) in words {
        let (at, foot) = (MARGIN + usize::from(x) * COLUMN, top + LINE - 5);
        let class = if class.is_empty() { class } else { format!(" class=\"{class}\"") };
        // How long a Latin word is cannot be left to the font; a Chinese one is as long as its characters.
        let length = match text.len() {
            2.. if text.is_ascii() || text.chars().all(|c| is_stroke(c.encode_utf8(&mut [0; 4]))) => {
                format!(" textLength=\"{}\"", text.chars().count() * COLUMN)
            }
            _ => String::new(),
        };
        *svg += &format!("<text x=\"{at}\" y=\"{foot}\"{class}{length}>{}</text>\n", escaped(&text));
    }
}

#[test]
fn pictures_are_current() {
    let folder = root(FOLDER);
    let drawn = pictures();
    if super::is_to_write() {
        fs::create_dir_all(&folder).expect("folder");
        for (name, svg) in &drawn {
            fs::write(folder.join(name), svg).expect("written");
        }
    }
    for (name, svg) in &drawn {
        let kept = fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(kept == *svg, "{FOLDER}/{name} shows another screen; look at it after {}", super::WRITES);
    }
    for entry in fs::read_dir(&folder).expect("folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(drawn.contains_key(&name), "{FOLDER}/{name} is no picture that is drawn");
    }
}

/// No picture fetches anything, and none shows a whole number or name: the people are invented, the habit is not.
#[test]
fn pictures_stand_alone_and_are_masked() {
    for (name, svg) in pictures() {
        assert!(!svg.contains("href") && !svg.contains("url(") && !svg.contains("@import"), "{name}");
        for row in sample() {
            let number = row[Field::IdNumber.index()].trim();
            assert!(number.len() < 15 || !svg.contains(number), "{name}: {number}");
        }
    }
}

//! Columns stay straight whatever files hold: what is drawn takes the columns counted for it, in every pane and on a terminal.

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use skillcert::app::App;
use skillcert::data::{self, Background};
use skillcert::domain::text;
use skillcert::tui::{SignWidth, Theme, draw};
use skillcert::words::Lang;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::keys::{GOOD, app_with, press};
use crate::support::{Desk, LABELS, goods, root};

/// Characters of each kind that spoils columns somewhere, and ordinary ones between them.
const KINDS: &[&str] = &[
    "张",
    "a",
    "·",
    "—",
    "①",
    "\u{20BB7}",
    "\u{1F600}",
    "e\u{301}",
    "\u{301}",
    "\u{200B}",
    "\u{200D}",
    "\u{202E}",
    "\u{2066}",
    "\u{61C}",
    "\u{E832}",
    "\u{F0000}",
    "\u{7}",
    "\u{1b}[2J",
    "\u{9b}",
    "\u{85}",
    "\0",
    "\t",
    "\u{FE0F}",
    "\u{20E3}",
    "\u{644}\u{627}",
    "\u{5D0}",
    "\u{1100}\u{1161}\u{11A8}",
    "\u{3164}",
    "\u{FFF9}",
    "\u{AD}",
    "\u{2028}",
    "ﾊﾞ",
    "가",
    "\u{A4F8}\u{A4FC}",
    "\u{17D2}",
    "　",
    "①",
];

fn hostile() -> impl Strategy<Value = String> {
    let one = prop_oneof![
        prop::sample::select(KINDS).prop_map(String::from),
        any::<char>().prop_map(String::from),
        "[\u{80}-\u{FFFF}]",
    ];
    prop::collection::vec(one, 0..9).prop_map(|parts| parts.concat())
}

fn buffer(app: &App, wide_signs: bool) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(app.size.0, app.size.1)).expect("terminal");
    let signs = if wide_signs { SignWidth::Wide } else { SignWidth::Unknown };
    let theme = Theme { signs, ..Theme::new(Background::None) };
    terminal.draw(|frame| draw(frame, app, theme)).expect("draw");
    terminal.backend().buffer().clone()
}

/// Every cell holds one character of as many columns as are counted, and a terminal that is sent a row puts each where it is.
fn assert_straight(buffer: &Buffer, keys: &str) {
    let (width, height) = (buffer.area.width, buffer.area.height);
    let mut terminal = vt100::Parser::new(height.try_into().unwrap(), width.try_into().unwrap(), 0);
    let mut expected = Vec::new();
    for y in 0..height {
        terminal.process(format!("\x1b[{};1H", y + 1).as_bytes());
        let mut x = 0;
        while x < width {
            let symbol = buffer[(x, y)].symbol();
            let chars: Vec<char> = symbol.chars().collect();
            assert!(
                matches!(chars[..], [c] if !c.is_control() && 0 < c.width().unwrap_or(0) && c <= '\u{FFFF}'),
                "{symbol:?} after {keys}"
            );
            assert_eq!(text::visible(symbol), symbol, "{symbol:?} after {keys}");
            terminal.process(symbol.as_bytes());
            expected.push((x, y, symbol));
            x += symbol.width() as u16;
        }
        assert_eq!(x, width, "a character is cut by the edge of row {y} after {keys}");
    }
    for (x, y, symbol) in expected {
        let seen = terminal.screen().cell(y, x).expect("a cell").contents();
        assert_eq!(if seen.is_empty() { " " } else { seen }, symbol, "column {x} of row {y} after {keys}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_pane_is_straight(cells in prop::collection::vec(hostile(), 12), wide in any::<bool>()) {
        let leaked: Vec<&'static str> = cells.into_iter().map(|c| &*Box::leak(c.into_boxed_str())).collect();
        let mut rows = vec![GOOD; 4];
        for (i, cell) in leaked[..11].iter().enumerate() {
            rows[i % 3][i] = cell;
        }
        rows[3][0] = leaked[11];
        for size in [(80, 24), (120, 40), (41, 11)] {
            let mut app = app_with(Lang::Zh, size, &rows);
            for keys in ["m", "tab", "tab", "tab enter", "esc H", "esc X", "esc =", "esc :", "esc ?", "esc e", "esc L", "esc esc o"] {
                press(&mut app, keys);
                assert_straight(&buffer(&app, wide), keys);
            }
        }
    }
}

/// What verbs write for people holds no character that a terminal would obey or draw elsewhere.
#[test]
fn verbs_write_stand_ins() {
    let desk = Desk::new();
    let mut rows = goods(KINDS.len());
    for (row, kind) in rows.iter_mut().zip(KINDS) {
        row[3] = format!("甲{kind}公司");
        row[8] = (*kind).to_string();
    }
    let mut text = LABELS.join(",") + "\n";
    for row in &rows {
        text += &row.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect::<Vec<_>>().join(",");
        text.push('\n');
    }
    let file = desk.put("a.csv", text);
    for verb in [&["check"][..], &["fix", "--dry-run"], &["export", "--output", "b.csv"]] {
        let mut arguments = vec![verb[0], file.to_str().expect("a path")];
        arguments.extend(&verb[1..]);
        let ran = desk.verb(&arguments);
        for line in ran.out.lines().chain(ran.err.lines()) {
            assert_eq!(text::visible(line), line, "{verb:?}");
        }
    }
}

/// Texts of ours: no sign that some terminals draw two columns wide, but for those in sentences, which are measured.
#[test]
fn our_own_words_have_the_same_width_everywhere() {
    const MEASURED: &[char] = &['“', '”', '’', '—', '…', '→'];
    for name in ["zh-CN", "en"] {
        let text = std::fs::read_to_string(root(&format!("data/locales/{name}.toml"))).expect("a locale");
        let mut table = "";
        for (line, number) in text.lines().zip(1..) {
            table = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')).unwrap_or(table);
            let is_title =
                table.starts_with("ui.place") || (table.starts_with("command.") && line.starts_with("title"));
            for c in line.chars().filter(|c| c.width() != c.width_cjk()) {
                assert!(MEASURED.contains(&c) && !is_title, "{name} line {number}: {c}");
            }
        }
    }
    assert!(!data::profiles().is_empty());
    for (lang, size) in [(Lang::Zh, (80, 24)), (Lang::En, (80, 24)), (Lang::Zh, (200, 50))] {
        let mut app = app_with(lang, size, &[GOOD; 3]);
        for keys in ["tab", "tab", ":", "esc ?", "esc e", "esc L", "esc esc o"] {
            press(&mut app, keys);
            let buffer = buffer(&app, false);
            let odd = buffer.content.iter().find(|cell| cell.symbol().width() != cell.symbol().width_cjk());
            assert_eq!(
                odd.map(ratatui::buffer::Cell::symbol).filter(|s| !MEASURED.iter().any(|m| s.contains(*m))),
                None,
                "{keys}"
            );
        }
    }
}

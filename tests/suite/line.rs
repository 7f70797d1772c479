//! What the workbench sends over the line, counted at a pseudo-terminal of 80 by 24.

use crate::support::harness::{Harness, place};
use crate::support::{Desk, goods};

/// A line of 9,600 baud carries 960 bytes in a second.
const BAUD: u64 = 9_600;

/// Presses a key; gives how many bytes come until the cursor is at a place.
fn cost(bench: &mut Harness, key: &str, to: &str) -> usize {
    let before = bench.count();
    bench.press(key);
    bench.until(to, |screen| place(screen) == to);
    bench.count() - before
}

/// Opens a roster of 200 rows without findings, each with an employer of its own, at a terminal of a kind.
fn opened(desk: &Desk, term: &str) -> Harness {
    let mut rows = goods(200);
    let signs: Vec<char> = "兰州陇原白银天水武威张掖平凉酒泉庆阳定西甘南机械电力餐饮信息农业建筑".chars().collect();
    for (i, row) in rows.iter_mut().enumerate() {
        let name: String = (0..8).map(|k| signs[(i * 7 + k * k * (i % 5 + 1)) % signs.len()]).collect();
        row[3] = format!("{name}有限公司");
    }
    let file = desk.roster("clean.csv", &rows);
    let bench = Harness::with(desk, &[std::path::Path::new("open"), &file], &[("TERM", term)]);
    bench.sees(&["姓名", "共 200 行", "已保存"]);
    bench
}

/// Gives how many bytes the next screen of rows takes.
fn page(bench: &mut Harness) -> usize {
    // The first press may only go to the last row on screen.
    for key in ["\x1b[6~", "\x1b[6~"] {
        let (before, from) = (bench.count(), place(&bench.screen()));
        bench.press(key);
        bench.until("another row", |screen| place(screen) != from);
        let sent = bench.count() - before;
        if 500 < sent {
            return sent;
        }
    }
    panic!("no other page:\n{}", bench.screen())
}

#[test]
fn a_screen_and_a_step_cost_few_bytes() {
    let desk = Desk::new();
    let mut bench = opened(&desk, "xterm");
    let first = bench.count();
    assert!(first <= 5_000, "the first screen took {first} bytes");
    for row in 2..=12 {
        let step = cost(&mut bench, "j", &format!("{row}/200"));
        assert!(step <= 80, "a step down to {row} took {step} bytes");
    }
    for row in [11, 10] {
        let step = cost(&mut bench, "\x1b[A", &format!("{row}/200"));
        assert!(step <= 80, "a step up to {row} took {step} bytes");
    }
    // To the last line on screen, then on: every step scrolls by one line.
    let bottom = (11..=30).find(|row| 80 < cost(&mut bench, "j", &format!("{row}/200"))).expect("it scrolls");
    for row in bottom + 1..bottom + 6 {
        let step = cost(&mut bench, "j", &format!("{row}/200"));
        assert!(step <= 200, "scrolling to {row} took {step} bytes");
    }
    let page = page(&mut bench);
    assert!(page <= 2_500, "a page took {page} bytes");
    let before = bench.count();
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    assert_eq!(bench.count() - before, 0, "nothing happens, and something is sent");
    bench.leaves();
}

#[test]
fn a_slow_line_shows_the_last_state_and_loses_no_key() {
    let desk = Desk::new();
    let mut bench = opened(&desk, "xterm");
    let page = page(&mut bench);
    bench.slow_down(BAUD);
    let before = bench.count();
    // So fast that the line cannot follow: 60 times a screen that shares no row with the one before, then 19 steps down.
    for _ in 0..30 {
        for key in ["G", "gg"] {
            bench.press(key);
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
    bench.press(&"j".repeat(19));
    bench.until("the last state", |screen| place(screen) == "20/200");
    let sent = bench.count() - before;
    assert!(sent < 20 * page, "{sent} bytes, a page has {page}: states in between were sent");
    bench.leaves();
}

/// A terminal of today shows the cursor's row over its whole width, for which the text of both rows is sent again, a hundred bytes
/// each; a slow line spares that.
#[test]
fn the_whole_row_is_shown_until_the_line_is_slow() {
    let desk = Desk::new();
    let mut bench = opened(&desk, "xterm-256color");
    // With the first step goes what the status line said.
    cost(&mut bench, "j", "2/200");
    for row in 3..=12 {
        let step = cost(&mut bench, "j", &format!("{row}/200"));
        assert!((150..=250).contains(&step), "a step to {row} took {step} bytes");
    }
    for row in 13..=30 {
        let step = cost(&mut bench, "j", &format!("{row}/200"));
        assert!(step <= 270, "scrolling to {row} took {step} bytes");
    }
    bench.press("gg");
    bench.until("the first row", |screen| place(screen) == "1/200");
    bench.slow_down(BAUD);
    // How far the line has come is asked after so many bytes as fill it for two seconds: page after page until it was. Each is on
    // the screen before the next key: what was never sent tells nothing of the line.
    let asked = |bench: &Harness| String::from_utf8_lossy(&bench.raw()).matches("\x1b[5n").count();
    let before = asked(&bench);
    while asked(&bench) == before {
        for key in ["G", "gg"] {
            let row = place(&bench.screen());
            bench.press(key);
            bench.until("another page", |screen| place(screen) != row);
            bench.count();
        }
    }
    bench.slow_down(1_000_000);
    bench.until("the first row", |screen| place(screen) == "1/200");
    cost(&mut bench, "j", "2/200");
    let step = cost(&mut bench, "j", "3/200");
    assert!(step <= 80, "{step} bytes");
    bench.leaves();
}

/// On terminals set to the width of Chinese fonts a `·` takes two columns: nothing behind it may move.
#[test]
fn a_dot_in_a_name_keeps_the_columns_straight_on_either_kind_of_terminal() {
    // One that does not answer may draw it either way.
    for (answer, sent) in [(&b""[..], "买**·\x1b[5;"), (b"\x1b[1;2R", "买**·*力"), (b"\x1b[1;3R", "买**·*力")] {
        let desk = Desk::new();
        let mut rows = goods(3);
        rows[1][0] = "买买提·艾力".into();
        let file = desk.roster("dots.csv", &rows);
        let mut bench = Harness::on_terminal(&desk, &[std::path::Path::new("open"), &file], answer);
        bench.sees(&["共 3 行", "已保存"]);
        // In the middle of the name a masked part begins.
        bench.until("the name", |_| String::from_utf8_lossy(&bench.raw()).contains(sent));
        bench.press("q");
        bench.ends_within(crate::support::harness::PATIENCE);
    }
}

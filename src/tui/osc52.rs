//! The clipboard of the user's own terminal (剪贴板), reached through SSH by the escape sequence OSC 52.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The longest encoded text: with its frame it stays within the 75,000 bytes or so that terminals take.
const LONGEST: usize = 74_994;

/// GNU screen drops strings beyond a few hundred bytes, old ones far shorter: pieces this long pass everywhere.
const PIECE: usize = 76;

/// What stands between the program and the user's terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    Nothing,
    Tmux,
    Screen,
}

impl Through {
    /// Tells from the environment variables `TMUX` and `TERM`.
    ///
    /// Behind SSH `TMUX` is lost and tmux may call itself screen; its own name in `TERM` is believed.
    pub fn of(tmux: &str, term: &str) -> Through {
        if !tmux.is_empty() || term.starts_with("tmux") {
            Through::Tmux
        } else if term.starts_with("screen") {
            Through::Screen
        } else {
            Through::Nothing
        }
    }
}

/// Gives the bytes that copy a text; `None` when it is too long.
pub fn sequence(text: &str, through: Through) -> Option<String> {
    let encoded = STANDARD.encode(text);
    if LONGEST < encoded.len() {
        return None;
    }
    // BEL ends the sequence: ESC \ would end the frame around it.
    let bare = format!("\x1b]52;c;{encoded}\x07");
    Some(match through {
        Through::Nothing => bare,
        Through::Tmux => format!("\x1bPtmux;{}\x1b\\", bare.replace('\x1b', "\x1b\x1b")),
        Through::Screen => {
            let mut framed = String::new();
            let mut rest = bare.as_str();
            while !rest.is_empty() {
                // ASCII throughout: any place is a boundary.
                let (piece, after) = rest.split_at(rest.len().min(PIECE));
                framed += &format!("\x1bP{piece}\x1b\\");
                rest = after;
            }
            framed
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_plainly_and_through_multiplexers() {
        let sent = |through| sequence("兰州市", through).expect("short");
        assert_eq!(sent(Through::Nothing), "\x1b]52;c;5YWw5bee5biC\x07");
        assert_eq!(sent(Through::Tmux), "\x1bPtmux;\x1b\x1b]52;c;5YWw5bee5biC\x07\x1b\\");
        assert_eq!(sent(Through::Screen), "\x1bP\x1b]52;c;5YWw5bee5biC\x07\x1b\\");
    }

    #[test]
    fn screen_gets_pieces_that_add_up() {
        let text = "兰".repeat(100);
        let framed = sequence(&text, Through::Screen).expect("short");
        let pieces: Vec<&str> =
            framed.split("\x1bP").skip(1).map(|p| p.strip_suffix("\x1b\\").expect("framed")).collect();
        assert!(pieces.iter().all(|p| p.len() <= PIECE) && 1 < pieces.len());
        assert_eq!(Some(pieces.concat()), sequence(&text, Through::Nothing));
    }

    #[test]
    fn a_text_no_terminal_takes_is_not_sent() {
        assert!(sequence(&"a".repeat(56_244), Through::Nothing).is_some());
        assert_eq!(sequence(&"a".repeat(56_246), Through::Nothing), None);
    }

    #[test]
    fn the_environment_tells_what_lies_between() {
        for (tmux, term, expected) in [
            ("", "xterm-256color", Through::Nothing),
            ("", "", Through::Nothing),
            ("tmux-1000/default,1,0", "screen-256color", Through::Tmux),
            ("", "tmux-256color", Through::Tmux),
            ("", "screen.xterm-256color", Through::Screen),
        ] {
            assert_eq!(Through::of(tmux, term), expected, "{tmux} {term}");
        }
    }
}

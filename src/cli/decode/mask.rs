//! What of an input is echoed: a person's number never whole.

use crate::domain::decoder::{Examination, Kind, LONGEST, Verdict};
use crate::domain::text;

/// Tells whether an input may hold a person's number: one that reads so, one that is one but for a digit too many or too
/// few, one among other words, or a short one that is no certificate code and may be a passport.
pub fn is_personal(input: &str, examination: &Examination) -> bool {
    let best = examination.best();
    let is_code = best.kind == Kind::Certificate && examination.text.is_ascii() && 20 <= examination.text.len();
    let longest_run = input.split(|c: char| !c.is_ascii_alphanumeric()).map(str::len).max().unwrap_or(0);
    let digits = input.bytes().filter(u8::is_ascii_digit).count();
    let is_short_wrong =
        best.kind == Kind::Certificate && best.verdict == Verdict::Wrong && examination.text.len() <= 12;
    examination.is_personal() || is_short_wrong || (!is_code && !best.is_ok() && 14 <= digits && 14 <= longest_run)
}

/// Gives an input as it is shown: visible, not longer than what was read.
pub fn echoed(input: &str, is_masked: bool) -> String {
    let cut: String = input.trim().chars().take(LONGEST).collect();
    let cut = if is_masked { masked_numbers(&cut) } else { cut };
    text::visible(&cut).into_owned()
}

/// Masks every run of letters and digits that is long enough to be a person's number.
pub fn masked_numbers(input: &str) -> String {
    let mut out = String::with_capacity(input.len());
    let mut rest = input;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let end = rest[start..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(rest.len(), |n| start + n);
        out.push_str(&rest[..start]);
        let run = &rest[start..end];
        if 6 < run.len() {
            out.push_str(&text::masked_number(run));
        } else {
            out.push_str(run);
        }
        rest = &rest[end..];
    }
    out + rest
}

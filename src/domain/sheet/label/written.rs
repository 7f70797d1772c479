//! How header cells are written: what stands around their labels.

use crate::domain::text;

/// What of a header cell may be its label besides the whole of it, and what then is a remark.
#[derive(Debug, Default)]
pub(super) struct Forms {
    pub(super) shorter: Vec<String>,
    pub(super) remarks: Vec<String>,
}

impl Forms {
    pub(super) fn of(header: &str) -> Forms {
        let mut forms = Forms::default();
        let header = header.trim();
        // Most headers, and nearly all other cells.
        if !header.contains(OPENING) && !header.contains(['\n', '\r']) {
            return forms;
        }
        let bare = |text: &str, remarks: &mut Vec<String>| plain(&without_brackets(text, remarks));
        let mut lines = header.split(['\n', '\r']);
        let first = lines.next().unwrap_or_default();
        let rest: Vec<&str> = lines.collect();
        let has_brackets = header.contains(OPENING);
        if has_brackets {
            forms.shorter.push(bare(header, &mut forms.remarks));
        }
        if !rest.is_empty() {
            forms.remarks.extend(rest.into_iter().map(plain));
            forms.shorter.push(plain(first));
            if has_brackets {
                forms.shorter.push(bare(first, &mut forms.remarks));
            }
        }
        forms.shorter.retain(|form| !form.is_empty());
        forms
    }
}

const OPENING: [char; 12] = ['(', '（', '[', '［', '{', '｛', '【', '〔', '<', '＜', '《', '「'];
const CLOSING: [char; 12] = [')', '）', ']', '］', '}', '｝', '】', '〕', '>', '＞', '》', '」'];

/// Takes out what stands in brackets; one that never closes goes to the end, as heads of other sheets are cut.
fn without_brackets(text: &str, remarks: &mut Vec<String>) -> String {
    let (mut left, mut remark, mut depth) = (String::new(), String::new(), 0usize);
    for c in text.chars() {
        if OPENING.contains(&c) {
            depth += 1;
        } else if CLOSING.contains(&c) {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                remarks.push(plain(&std::mem::take(&mut remark)));
            }
        } else if depth == 0 {
            left.push(c);
        } else {
            remark.push(c);
        }
    }
    if !remark.is_empty() {
        remarks.push(plain(&remark));
    }
    left
}

/// What stands before or behind a label to mark it.
const MARKS: [char; 13] = ['*', '★', '☆', '※', '●', '◆', '#', '"', '\'', '“', '”', '‘', '’'];

/// Brings a header cell to the form in which labels are compared: no blanks, half width, no marks of what is required, no
/// number before it, no brackets around the whole of it, and one sign for all that stands between two words.
pub(in crate::domain::sheet) fn plain(label: &str) -> String {
    let compact = text::compact(label);
    let mut start = &*compact;
    // Each may stand in the others: 【*1.姓名】.
    loop {
        let before = start;
        start = without_number(start.trim_start_matches(MARKS)).trim_end_matches(':').trim_end_matches(MARKS);
        start = without_frame(start.trim_end_matches(':'));
        if start == before {
            break;
        }
    }
    start.replace(['\\', '、', '|', '或', '及', '和', '与'], "/")
}

/// Takes a number off the front: `1.`, `(1)`, `1、`, `①`.
fn without_number(label: &str) -> &str {
    if let Some(rest) = label.strip_prefix(is_enclosed_number).filter(|rest| !rest.is_empty()) {
        return rest.strip_prefix(['.', '、']).filter(|rest| !rest.is_empty()).unwrap_or(rest);
    }
    let inner = label.strip_prefix('(').unwrap_or(label);
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = (1..=2).contains(&(inner.len() - rest.len()));
    rest.strip_prefix(['.', '、', ')']).filter(|rest| is_number && !rest.is_empty()).unwrap_or(label)
}

/// Tells whether a character is a number in a circle, in brackets or with a full stop.
fn is_enclosed_number(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{249B}' | '\u{24EA}'..='\u{24F4}' | '\u{2776}'..='\u{2793}' | '\u{3220}'..='\u{3229}')
}

/// Takes brackets off that stand around the whole: 【姓名】.
fn without_frame(label: &str) -> &str {
    let Some(rest) = label.strip_prefix(OPENING) else { return label };
    let inner = rest.strip_suffix(CLOSING).filter(|inner| !inner.is_empty() && !inner.contains(CLOSING));
    inner.unwrap_or(label)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_label_is_put_aside() {
        for (label, plainly) in [
            ("* 姓 名：", "姓名"),
            ("（1）姓名", "姓名"),
            ("12、姓名*", "姓名"),
            ("工种\\方向", "工种/方向"),
            ("2024.5", "2024.5"),
            ("①姓名", "姓名"),
            ("⑴ 姓名", "姓名"),
            ("⒈姓名", "姓名"),
            ("【姓名】", "姓名"),
            ("［*姓名：］", "姓名"),
            ("*【1.姓名】", "姓名"),
            ("“姓名”", "姓名"),
            ("(一)", "一"),
            ("①", "①"),
            ("【】", "【】"),
            ("一级", "一级"),
            ("（原）姓名（必填）", "(原)姓名(必填)"),
        ] {
            assert_eq!(plain(label), plainly);
        }
        let forms = Forms::of("证件类型（必填）\n(201=居民身份证；227=中国护照");
        assert_eq!(forms.shorter, ["证件类型", "证件类型(必填)", "证件类型"]);
        assert!(forms.remarks.contains(&"必填".to_string()), "{:?}", forms.remarks);
    }
}

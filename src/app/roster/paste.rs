//! What was copied in a spreadsheet, as terminals paste it: rows on lines, cells between tabs.

/// Tells whether a text has several lines. Within a cell a tab is a blank, and what ends the only line is nothing.
pub fn has_lines(text: &str) -> bool {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text).contains(['\n', '\r'])
}

/// Splits a text into rows of cells. A cell that a spreadsheet put between quotes because it holds line ends or tabs is one, in
/// which these become blanks.
pub fn block(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut rest) = (vec![Vec::new()], text);
    loop {
        let (cell, behind) = quoted(rest).unwrap_or_else(|| {
            let (cell, behind) = rest.split_at(rest.find(['\t', '\n', '\r']).unwrap_or(rest.len()));
            (cell.to_string(), behind)
        });
        if let Some(row) = rows.last_mut() {
            row.push(cell.chars().filter(|c| !c.is_control()).collect());
        }
        rest = match behind.strip_prefix('\t') {
            Some(more) => more,
            None => {
                let line = behind.strip_prefix("\r\n").or_else(|| behind.strip_prefix(['\n', '\r'])).unwrap_or("");
                // The end of the last line begins no other.
                if line.is_empty() {
                    return rows;
                }
                rows.push(Vec::new());
                line
            }
        };
    }
}

/// Reads a cell between quotes that holds line ends or tabs; gives what stands behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut from = 0;
    let end = loop {
        let at = from + inner[from..].find('"')?;
        if !inner[at + 1..].starts_with('"') {
            break at;
        }
        from = at + 2;
    };
    let (cell, behind) = (&inner[..end], &inner[end + 1..]);
    let is_one = cell.contains(['\n', '\r', '\t']) && (behind.is_empty() || behind.starts_with(['\t', '\n', '\r']));
    let cell = || cell.replace("\"\"", "\"").replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
    is_one.then(|| (cell(), behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_down_tabs_across_and_a_quoted_cell_is_one() {
        let cases: [(&str, &[&[&str]]); 7] = [
            ("甲", &[&["甲"]]),
            ("甲\n乙\r\n丙\n", &[&["甲"], &["乙"], &["丙"]]),
            ("甲\t1\n\t2\r\n", &[&["甲", "1"], &["", "2"]]),
            ("甲\n\n丙", &[&["甲"], &[""], &["丙"]]),
            ("\"甲\n\"\"乙\"\"\"\t1\n丙\t2", &[&["甲 \"乙\"", "1"], &["丙", "2"]]),
            ("\"甲\"乙\n丙", &[&["\"甲\"乙"], &["丙"]]),
            ("\"甲\n乙", &[&["\"甲"], &["乙"]]),
        ];
        for (text, rows) in cases {
            assert_eq!(block(text), rows, "{text:?}");
            assert_eq!(has_lines(text), 1 < rows.len(), "{text:?}");
        }
    }
}

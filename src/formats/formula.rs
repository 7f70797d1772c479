//! A formula written for another cell (共享公式): its relative references move along.

/// What a sheet has; a reference that moves over an edge comes in at the other, as in spreadsheet programs.
const ROWS: i64 = 1 << 20;
const COLUMNS: i64 = 1 << 14;

/// Gives the formula of a cell so many rows below and columns right of the one it was written for.
pub fn moved(formula: &str, (down, right): (i64, i64)) -> String {
    let mut out = String::with_capacity(formula.len() + 8);
    let mut rest = formula;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' | '\'' => quoted(rest, c),
            '[' => bracketed(rest),
            _ if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => c.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        // A function, a sheet, and what belongs to a structured reference are names, whatever they look like.
        let is_name = behind.starts_with(['(', '!', '[']);
        let in_range = out.ends_with(':') || behind.starts_with(':');
        let reference = if is_name { None } else { reference(token, in_range, (down, right)) };
        match reference {
            Some(moved) => out.push_str(&moved),
            None => out.push_str(token),
        }
        rest = behind;
    }
    out
}

/// What counts or computes over a range (统计函数).
const COUNTING: [&str; 27] = [
    "MAX",
    "MIN",
    "MAXA",
    "MINA",
    "MAXIFS",
    "MINIFS",
    "COUNT",
    "COUNTA",
    "COUNTIF",
    "COUNTIFS",
    "COUNTBLANK",
    "SUM",
    "SUMIF",
    "SUMIFS",
    "SUMPRODUCT",
    "SUBTOTAL",
    "AGGREGATE",
    "AVERAGE",
    "AVERAGEA",
    "AVERAGEIF",
    "AVERAGEIFS",
    "MEDIAN",
    "MODE",
    "STDEV",
    "STDEVP",
    "VAR",
    "ROWS",
];

/// Tells whether a formula counts or computes over rows of its own sheet: `=MAX(I2:I9)`, `="合计："&COUNTA(A2:A9)`. A sum over a
/// row is that row's own.
pub fn counts_rows(formula: &str) -> bool {
    let calls = formula.match_indices('(').any(|(at, _)| {
        let name = formula[..at].rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        COUNTING.iter().any(|known| name.eq_ignore_ascii_case(known))
    });
    let is_of_cell = |c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '.');
    let row = |cell: &str| cell.trim_start_matches(|c: char| !c.is_ascii_digit()).to_string();
    calls
        && formula.match_indices(':').any(|(at, _)| {
            let (before, behind) = (&formula[..at], &formula[at + 1..]);
            let first = &before[before.trim_end_matches(is_of_cell).len()..];
            let last = &behind[..behind.len() - behind.trim_start_matches(is_of_cell).len()];
            // What stands on another sheet is looked up there; `of:=` begins the formulas of OpenDocument.
            let is_here = !before[..before.len() - first.len()].ends_with('!');
            is_here && !first.is_empty() && !last.is_empty() && (row(first) != row(last) || row(first).is_empty())
        })
}

/// Gives the length of a text or a sheet's name between quotation marks, those doubled inside included.
fn quoted(text: &str, mark: char) -> usize {
    let mut at = 1;
    loop {
        let Some(end) = text[at..].find(mark) else { return text.len() };
        at += end + 1;
        if !text[at..].starts_with(mark) {
            return at;
        }
        at += 1;
    }
}

fn bracketed(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '$' | '_' | '.' | '\\' | '?')
}

/// Moves `B$4`, and where it is one end of a range also `B` and `$4`; nothing for what is no reference.
fn reference(token: &str, in_range: bool, (down, right): (i64, i64)) -> Option<String> {
    let (column_fixed, rest) = token.strip_prefix('$').map_or(("", token), |rest| ("$", rest));
    let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (letters, rest) = rest.split_at(letters);
    let (row_fixed, digits) = match rest.strip_prefix('$') {
        Some(digits) => ("$", digits),
        // Of `$4` the sign belongs to the row.
        None if letters.is_empty() => (column_fixed, rest),
        None => ("", rest),
    };
    let is_number = !digits.is_empty() && digits.len() <= 7 && digits.bytes().all(|b| b.is_ascii_digit());
    let column =
        letters.bytes().take(3).fold(0, |column, b| column * 26 + i64::from(b.to_ascii_uppercase() - b'A') + 1);
    // No sheet has such a column: `ZZZ1` is a name that somebody gave.
    if COLUMNS < column {
        return None;
    }
    let column = |fixed: &str| (column - 1 + if fixed.is_empty() { right } else { 0 }).rem_euclid(COLUMNS);
    let row = |digits: &str| {
        let row: i64 = digits.parse().ok().filter(|row| (1..=ROWS).contains(row))?;
        Some((row - 1 + if row_fixed.is_empty() { down } else { 0 }).rem_euclid(ROWS) + 1)
    };
    let name = |column: i64| crate::domain::sheet::column_letters(column as usize);
    match (letters.len(), is_number) {
        (1..=3, true) => Some(format!("{column_fixed}{}{row_fixed}{}", name(column(column_fixed)), row(digits)?)),
        (1..=3, false) if in_range && rest.is_empty() => Some(format!("{column_fixed}{}", name(column(column_fixed)))),
        (0, true) if in_range => Some(format!("{row_fixed}{}", row(digits)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_over_rows_is_known() {
        for formula in [
            "MAX(I2:I9)",
            "=COUNTA($A$2:$A$9)",
            "\"合计：\"&COUNTA(A2:A9)&\"人\"",
            "TEXT(MAX(I2:I9),\"yyyy-mm-dd\")",
            "SUBTOTAL(103,A2:A9)",
            "of:=COUNTA([.A2:.A9])",
            "COUNTIF(A:A,\"张*\")",
            "counta(a2:a9)",
        ] {
            assert!(counts_rows(formula), "{formula}");
        }
        for formula in [
            "SUM(F2:H2)",
            "of:=SUM([.F2:.H2])",
            "VLOOKUP(B2,N2:O5,2,0)",
            "INDEX(A2:A99,3)",
            "COUNTA(单位!A2:A9)",
            "TODAY()",
            "MAX(1,2)",
            "A2&\"12:30\"",
            "",
        ] {
            assert!(!counts_rows(formula), "{formula}");
        }
    }

    #[test]
    fn relative_references_move_and_nothing_else() {
        for (formula, expected) in [
            ("A1+$A1+A$1+$A$1", "B3+$A3+B$1+$A$1"),
            ("TRIM(H2)&\"A1\"&'A1 表'!B2", "TRIM(I4)&\"A1\"&'A1 表'!C4"),
            ("'it''s A1'!A1", "'it''s A1'!B3"),
            ("Sheet1!A1:B2", "Sheet1!B3:C4"),
            ("SUM(A:A,$B:C,2:3,$2:3)", "SUM(B:B,$B:D,4:5,$2:5)"),
            ("LOG10(Z9)+1.5E3+A1", "LOG10(AA11)+1.5E3+B3"),
            ("表1[[#This Row],[A1]]*[1]Sheet1!A1", "表1[[#This Row],[A1]]*[1]Sheet1!B3"),
            ("合计A1+ABCD1+A1048577+TRUE", "合计A1+ABCD1+A1048577+TRUE"),
            ("XFD1048575", "A1"),
            ("XFE1+ZZZ1+$ZZZ$1+SUM(ZZZ:ZZZ,XFC:XFC)", "XFE1+ZZZ1+$ZZZ$1+SUM(ZZZ:ZZZ,XFD:XFD)"),
            ("A1048576+A1048577+SUM(1048577:1048577)", "B2+A1048577+SUM(1048577:1048577)"),
            ("IF(A1=\"a\"\"A1\",#REF!,-1)", "IF(B3=\"a\"\"A1\",#REF!,-1)"),
        ] {
            assert_eq!(moved(formula, (2, 1)), expected);
        }
        assert_eq!(moved("B3", (-2, -1)), "A1");
        assert_eq!(moved("\"open", (1, 1)), "\"open");
    }
}

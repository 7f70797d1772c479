//! Labels of a file's columns, as they are shown.

use std::borrow::Cow;

use super::SourceColumn;
use crate::domain::text;

impl SourceColumn {
    /// Gives the label as it is shown. Where a row of people was taken for the header, or stands in its cells, a name or an ID
    /// number would stand there.
    pub fn shown_label(&self) -> Cow<'_, str> {
        if self.is_person {
            return text::masked_name(&self.label).into();
        }
        let has_number = 15 <= self.label.chars().filter(|c| text::half_width(*c).is_ascii_digit()).count();
        if has_number { text::masked_sentence(&self.label).into() } else { Cow::Borrowed(&self.label) }
    }

    /// The same on one line, safe to draw: a header is broken where its cell was too narrow, and the break says nothing. Between
    /// words that are parted by blanks one stands in its place.
    pub fn label_in_line(&self) -> String {
        let label = self.shown_label();
        let mut line = String::with_capacity(label.len());
        for part in label.split(['\n', '\r']).map(str::trim).filter(|part| !part.is_empty()) {
            let are_words = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            if are_words(line.chars().last()) && are_words(part.chars().next()) {
                line.push(' ');
            }
            line += part;
        }
        text::visible(&line).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_shown_without_the_breaks_of_its_cell() {
        for (label, told) in [
            ("工种/职业\n方向", "工种/职业方向"),
            ("证书\r\n编号 ", "证书编号"),
            ("Date of\nissue", "Date of issue"),
            ("\n\n姓 名", "姓 名"),
            ("照片\t", "照片"),
            ("甲\u{202E}乙", "甲<U+202E>乙"),
        ] {
            let column = SourceColumn { label: label.into(), ..SourceColumn::default() };
            assert_eq!(column.label_in_line(), told);
        }
    }
}

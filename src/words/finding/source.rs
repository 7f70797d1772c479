//! What the sentences say of what the source does to a cell: characters nobody sees, merged ranges, rows that have moved.

use super::FindingFacts;
use crate::domain::roster::MarkKind;
use crate::domain::rules::{Company, Detail, company_of, crosswise};
use crate::domain::sheet::{Field, SourceColumn, column_letters};
use crate::domain::text;
use crate::words::Locale;

impl FindingFacts<'_> {
    /// Names what nobody sees: a character by its place and number, or blanks and line breaks.
    pub(super) fn stray(&self, detail: Detail) -> String {
        let Detail::Position(at) = detail else {
            let is_marked = self.cell(self.finding.field).starts_with(['\'', '’', '‘', '`']);
            return self.locale.text(if is_marked { "finding.stray-mark" } else { "finding.stray-blank" }).to_string();
        };
        let hidden = self.cell(self.finding.field).chars().nth(usize::from(at).saturating_sub(1)).unwrap_or_default();
        self.locale.fill("finding.stray-hidden", &[("position", &at.to_string()), ("code", &code_of(hidden))])
    }

    /// Names an invisible character in a cell that is to be written otherwise for whatever reason.
    pub(super) fn hidden(&self) -> String {
        let is_hidden = |c: &char| text::is_control(*c) && !text::is_blank(*c);
        let mut found = self.cell(self.finding.field).chars().zip(1..).filter(|(c, _)| is_hidden(c));
        let told = |(c, at): (char, usize)| {
            self.locale.fill("finding.also-hidden", &[("position", &at.to_string()), ("code", &code_of(c))])
        };
        found.next().map_or_else(String::new, told)
    }

    /// Names what stands beside the number or the name that is due in the cell.
    pub(super) fn company(&self) -> String {
        if !matches!(self.finding.field, Field::Name | Field::IdNumber | Field::OldIdNumber) {
            return String::new();
        }
        let kinds = company_of(self.context, self.roster, self.finding);
        let name = |company: &Company| {
            self.locale.text(match company {
                Company::Label => "finding.beside.label",
                Company::Phone => "finding.beside.phone",
                Company::Sex => "finding.beside.sex",
                Company::Remark => "finding.beside.remark",
            })
        };
        let named: Vec<&str> = kinds.iter().map(name).collect();
        if named.is_empty() {
            return String::new();
        }
        self.locale.fill("finding.stands-beside", &[("what", &named.join(self.locale.text("finding.comma")))])
    }

    /// Names the column whose value stands in the cell, where the two are crosswise.
    pub(super) fn other(&self) -> Option<String> {
        let (_, other) = crosswise(self.context, |field| self.cell(field).as_bytes())?;
        Some(self.context.sheet().label(other).to_string())
    }

    /// Tells what a merged range does to the cell: it hides a text of its own, gives a code to two people, or leaves it empty.
    pub(super) fn merged(&self) -> String {
        let field = self.finding.field;
        let key = match field {
            _ if !self.cell(field).trim().is_empty() => "finding.merged.covered",
            _ if self.merged_into().is_some() => "finding.merged.aside",
            Field::Code | Field::OldCode => "finding.merged.code",
            _ if field.is_personal() => "finding.merged.person",
            _ => "finding.merged.empty",
        };
        let places = [
            ("value", &*Locale::shown(field, self.cell(field), self.masked)),
            ("column", self.merged_into().unwrap_or("")),
        ];
        self.locale.fill(key, &places)
    }

    /// Names the column in which a merged range begins that covers the cell from the side.
    fn merged_into(&self) -> Option<&str> {
        let mark = |column: usize| self.roster.mark(self.finding.row, column);
        let column = self.roster.columns.of(self.finding.field)?;
        let is_aside = |column: &usize| mark(*column) == Some(MarkKind::MergedAside);
        let first = Some(column).filter(is_aside).and_then(|at| (0..at).rev().find(|at| !is_aside(at)))?;
        self.roster.columns.source.get(first).map(|column| column.label.trim())
    }

    /// Tells of a row that has moved which column the first such cell stands in, which one it belongs in, or how far it is.
    pub(super) fn moved(&self, name: &str, by: i8, column: u16) -> String {
        let column = usize::from(column);
        let place = |at: usize, labelled: &str, unlabelled: &str| {
            let source = self.roster.columns.source.get(at);
            let label = source.map(SourceColumn::label_in_line).unwrap_or_default();
            if label.is_empty() {
                self.locale.fill(unlabelled, &[("letters", &column_letters(at))])
            } else {
                self.locale.fill(labelled, &[("label", &label)])
            }
        };
        match name {
            "from" => place(column, "finding.moved.from", "finding.moved.from-unlabelled"),
            "belongs" => {
                let at = column.saturating_add_signed(-isize::from(by));
                place(at, "finding.moved.under", "table.column-unnamed")
            }
            "n" => by.unsigned_abs().to_string(),
            _ => self.locale.text(if by < 0 { "finding.moved.left" } else { "finding.moved.right" }).to_string(),
        }
    }
}

/// Gives a character by its number; the one of which nothing shows at all by its name, too.
fn code_of(c: char) -> String {
    let name = if c == '\0' { " NUL" } else { "" };
    format!("U+{:04X}{name}", u32::from(c))
}

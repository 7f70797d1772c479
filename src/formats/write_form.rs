//! A filled form as a workbook that prints on A4: every cell a text, the paper, its margins and what is printed again on each page set.

use std::io::Write;
use std::path::Path;

use chrono::{DateTime, FixedOffset, Utc};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::atomic::WriteError;
use super::write_table::fitting;
use crate::domain::form::{Filled, FormLayout, Look};
use crate::domain::text;

/// The number that spreadsheet programs have for A4.
const A4: u8 = 9;
const CENTIMETRES: f64 = 2.54;
/// How much higher than its letters a line is.
const LEADING: f64 = 1.36;
/// No row is higher in any spreadsheet program, in points.
const HIGHEST: f64 = 409.0;
/// The font that official papers have, which every office has.
const FONT: &str = "宋体";

/// A form that is written.
#[derive(Debug, Clone, Copy)]
pub struct FormFile<'a> {
    pub name: &'a str,
    pub layout: &'a FormLayout,
    pub filled: &'a Filled,
    /// The workbook's time of creation.
    pub created: DateTime<FixedOffset>,
}

/// Writes a form. `target` is where it goes in the end; errors name it.
pub fn write_form(out: &mut (dyn Write + Send), target: &Path, form: &FormFile<'_>) -> Result<(), WriteError> {
    let refused = |e: XlsxError| match e {
        XlsxError::IoError(e) | XlsxError::TempFileError(_, e) => WriteError::io(target)(e),
        other => WriteError::Xlsx(other.to_string()),
    };
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_timestamp(form.created.with_timezone(&Utc).timestamp()).map_err(refused)?;
    let properties = DocProperties::new().set_author("skillcert").set_title(form.name);
    book.set_properties(&properties.set_creation_datetime(&created));
    put(book.add_worksheet(), form).map_err(refused)?;
    book.save_to_writer(out).map_err(refused)
}

/// Gives what a sheet may be called: spreadsheet programs take 31 characters, and not all of them.
fn sheet_name(name: &str) -> String {
    let kept = name.chars().filter(|c| !"[]:*?/\\'".contains(*c));
    kept.take(31).collect()
}

/// How a cell looks: its look, the size of its letters in points, and its font where that is not the usual one.
type CellLook = (Look, u16, Option<String>);

fn put(sheet: &mut Worksheet, form: &FormFile<'_>) -> Result<(), XlsxError> {
    let FormFile { layout, filled, .. } = *form;
    sheet.set_name(sheet_name(form.name))?;
    let [left, right, top, bottom] = layout.margins.map(|centimetres| centimetres / CENTIMETRES);
    sheet.set_paper_size(A4).set_margins(left, right, top, bottom, 0.3, 0.3).set_print_center_horizontally(true);
    if layout.landscape {
        sheet.set_landscape();
    }
    for (column, width) in (0u16..).zip(&filled.widths) {
        sheet.set_column_width(column, *width)?;
    }
    let mut breaks = Vec::new();
    for (at, row) in (0u32..).zip(&filled.rows) {
        let height = f64::from(row.lines) * f64::from(row.points) * LEADING + 3.0;
        sheet.set_row_height(at, height.min(HIGHEST))?;
        breaks.extend((row.begins_page && at != 0).then_some(at));
    }
    let mut looks: Vec<(CellLook, Format)> = Vec::new();
    for cell in &filled.cells {
        let wanted = (cell.look, cell.points, cell.font.clone());
        let at = looks.iter().position(|(look, _)| *look == wanted).unwrap_or_else(|| {
            let format = format_of(cell.look, (cell.points, cell.font.as_deref().unwrap_or(FONT)));
            looks.push((wanted, format));
            looks.len() - 1
        });
        let format = &looks[at].1;
        let text = fitting(text::harmless(&cell.text));
        let (row, column) = (cell.row as u32, cell.column as u16);
        let (last_row, last_column) = ((cell.row + cell.rows - 1) as u32, (cell.column + cell.columns - 1) as u16);
        if (last_row, last_column) == (row, column) {
            sheet.write_string_with_format(row, column, text, format)?;
        } else {
            sheet.merge_range(row, column, last_row, last_column, &text, format)?;
        }
    }
    let last = (filled.rows.len().saturating_sub(1) as u32, filled.widths.len().saturating_sub(1) as u16);
    // A proof is one sheet of paper, as the certificate is; what is told of it stands below, to be read on the screen.
    let own = breaks.first().copied().filter(|_| layout.proof);
    sheet.set_print_area(0, 0, own.map_or(last.0, |own| own - 1), last.1)?;
    sheet.ignore_error_range(0, 0, last.0, last.1, IgnoreError::NumberStoredAsText)?;
    if let Some((first, last)) = filled.headers() {
        sheet.set_repeat_rows(first as u32, last as u32)?;
        sheet.set_footer("&C&P / &N");
    }
    if layout.proof {
        sheet.set_print_fit_to_pages(1, 1);
    } else if breaks.is_empty() {
        sheet.set_print_fit_to_pages(1, 0);
    } else {
        // What is to fit a page in width takes no pages of its own in spreadsheet programs.
        sheet.set_page_breaks(&breaks)?;
    }
    Ok(())
}

/// Gives how a cell looks; each holds a text, so that no number loses digits.
fn format_of(look: Look, (points, font): (u16, &str)) -> Format {
    let mut format = Format::new().set_num_format_index(49).set_font_name(font).set_font_size(points);
    format = format.set_text_wrap().set_align(match look {
        Look::Area => FormatAlign::Top,
        _ => FormatAlign::VerticalCenter,
    });
    format = format.set_align(match look {
        Look::Title | Look::Head | Look::Box => FormatAlign::Center,
        Look::Right => FormatAlign::Right,
        Look::Line | Look::Note | Look::Part | Look::Field | Look::Area => FormatAlign::Left,
    });
    if look.is_bold() {
        format = format.set_bold();
    }
    if look.has_border() { format.set_border(FormatBorder::Thin) } else { format }
}

//! The template that is sent out before rosters come back (填报模板): cells that are texts, lists to choose from, checks as far as a
//! spreadsheet can make them, and a sheet of notes.

use std::io::Write;
use std::path::Path;

use chrono::{DateTime, FixedOffset, Utc};
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError,
};

use super::atomic::WriteError;
use crate::domain::sheet::{Field, column_letters};

/// So many rows are checked; those below are texts all the same.
const ROWS: u32 = 3_000;

/// What a spreadsheet takes for a remark at a cell, in UTF-16 units.
const MOST_REMARK: usize = 255;

/// The column of the notes, from 0, from which on the lists to choose from stand.
const LISTS_FROM: usize = 10;

/// A column of the template.
#[derive(Debug, Clone)]
pub struct TemplateColumn {
    pub field: Field,
    pub label: String,
    pub width: f64,
    pub required: bool,
    /// How many characters it takes at most.
    pub max: usize,
    /// The only values there are; empty for any.
    pub choices: Vec<String>,
    /// What is said where somebody types into a cell, and where it is refused.
    pub remark: String,
    /// Its line in the notes: required, length, what goes in, example, and what it stands on.
    pub notes: Vec<String>,
}

/// What a template is.
#[derive(Debug, Clone)]
pub struct Template {
    pub sheet: String,
    pub columns: Vec<TemplateColumn>,
    /// The sheet of notes: its name, its sentences, and the labels of its table.
    pub notes_sheet: String,
    pub sentences: Vec<String>,
    pub notes_labels: Vec<String>,
    /// How the resident ID card is written in the column of ID types.
    pub resident: Vec<String>,
    pub created: DateTime<FixedOffset>,
}

/// Writes a template. `target` is where it goes in the end: errors name it.
pub fn write_template(out: &mut (dyn Write + Send), target: &Path, template: &Template) -> Result<(), WriteError> {
    let refused = |e: XlsxError| match e {
        XlsxError::IoError(e) => WriteError::io(target)(e),
        other => WriteError::Xlsx(other.to_string()),
    };
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_timestamp(template.created.with_timezone(&Utc).timestamp()).map_err(refused)?;
    book.set_properties(&DocProperties::new().set_author("skillcert").set_creation_datetime(&created));
    roster(book.add_worksheet(), template).map_err(refused)?;
    notes(book.add_worksheet(), template).map_err(refused)?;
    book.save_to_writer(out).map_err(refused)
}

fn roster(sheet: &mut Worksheet, template: &Template) -> Result<(), XlsxError> {
    // Number format 49 is "@": what is typed stays a text, 18 digits among it.
    let text = Format::new().set_num_format_index(49);
    let header = text.clone().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let required = header.clone().set_font_color(Color::RGB(0xC0_00_00));
    let wrong = Format::new().set_background_color(Color::RGB(0xFF_C7_CE));
    let missing = Format::new().set_background_color(Color::RGB(0xFF_F2_B3));
    sheet.set_name(&template.sheet)?.set_freeze_panes(1, 1)?;
    let last = template.columns.len().saturating_sub(1);
    for (at, column) in template.columns.iter().enumerate() {
        let x = at as u16;
        sheet.set_column_format(x, &text)?;
        sheet.set_column_width(x, column.width)?;
        sheet.write_string_with_format(0, x, &column.label, if column.required { &required } else { &header })?;
        sheet.add_data_validation(1, x, ROWS, x, &input_check(template, at)?)?;
        for (formula, look) in
            formulas(template, at).into_iter().map(|f| (f, &wrong)).chain(column.required.then(|| {
                let own = cell(at);
                let row = format!("$A2:${}2", column_letters(last));
                (format!("=AND(LEN(TRIM({own}))=0,COUNTA({row})>0)"), &missing)
            }))
        {
            let rule = ConditionalFormatFormula::new().set_rule(Formula::new(formula)).set_format(look);
            sheet.add_conditional_format(1, x, ROWS, x, &rule)?;
        }
    }
    Ok(())
}

/// Names the cell of a column in the first row of data, as conditions refer to it.
fn cell(at: usize) -> String {
    format!("${}2", column_letters(at))
}

/// Gives what is refused, or doubted, when it is typed: a list where there is one, else the length.
fn input_check(template: &Template, at: usize) -> Result<DataValidation, XlsxError> {
    let column = &template.columns[at];
    let check = if column.choices.is_empty() {
        DataValidation::new().allow_text_length(DataValidationRule::Between(1, column.max as u32))
    } else {
        // 201 and 居民身份证 are both right: what is not in the list is asked about, not refused.
        let of = column_letters(LISTS_FROM + at);
        let list = format!("='{}'!${of}$1:${of}${}", template.notes_sheet, column.choices.len());
        DataValidation::new().allow_list_formula(Formula::new(list)).set_error_style(DataValidationErrorStyle::Warning)
    };
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= MOST_REMARK
    };
    let remark: String = column.remark.chars().take_while(fits).collect();
    check.set_input_message(remark.clone())?.set_error_message(remark)
}

/// Gives the conditions under which a cell of a column is wrong.
fn formulas(template: &Template, at: usize) -> Vec<String> {
    let own = cell(at);
    let range = format!("${0}$2:${0}${1}", column_letters(at), ROWS + 1);
    let place = |field: Field| template.columns.iter().position(|column| column.field == field);
    let mut all = Vec::new();
    match template.columns[at].field {
        Field::IdNumber => {
            // GB 11643: the weights are powers of two modulo 11.
            let digit = format!(
                "MID(\"10X98765432\",MOD(SUMPRODUCT(MID({own},ROW($1:$17),1)*2^(18-ROW($1:$17))),11)+1,1)<>UPPER(RIGHT({own},1))"
            );
            let is_resident = place(Field::IdType).map(cell).map(|of| {
                let named = template.resident.iter().map(|name| format!("TRIM({of})=\"{name}\"")).collect::<Vec<_>>();
                format!("OR({})", named.join(","))
            });
            let wrong = format!("IFERROR(OR(LEN({own})<>18,{digit}),TRUE)");
            let condition = is_resident.map_or_else(|| wrong.clone(), |is| format!("{is},{wrong}"));
            all.push(format!("=AND(LEN({own})>0,{condition})"));
        }
        // The star keeps COUNTIF from taking digits for a number, of which it would compare fifteen.
        Field::Code => {
            all.push(format!("=AND(LEN({own})>0,LEN({own})<>22)"));
            all.push(format!("=AND(LEN({own})>0,COUNTIF({range},{own}&\"*\")>1)"));
        }
        Field::IssueDate => all.push(format!(
            "=AND(LEN({own})>0,IFERROR(OR(LEN({own})<>10,MID({own},5,1)<>\"-\",MID({own},8,1)<>\"-\",DATEVALUE({own})>TODAY()),TRUE))"
        )),
        Field::Name => all.push(format!("=LEN({own})<>LEN(TRIM({own}))")),
        _ => {}
    }
    all
}

fn notes(sheet: &mut Worksheet, template: &Template) -> Result<(), XlsxError> {
    let plain = Format::new().set_num_format_index(49).set_text_wrap().set_align(FormatAlign::Top);
    let header = plain.clone().set_bold();
    sheet.set_name(&template.notes_sheet)?;
    let mut row = 0;
    for sentence in &template.sentences {
        sheet.write_string(row, 0, sentence)?;
        row += 1;
    }
    row += 1;
    for (x, (label, width)) in (0u16..).zip(template.notes_labels.iter().zip([16.0, 8.0, 10.0, 48.0, 26.0, 48.0])) {
        sheet.set_column_width(x, width)?;
        sheet.write_string_with_format(row, x, label, &header)?;
    }
    for column in &template.columns {
        row += 1;
        for (x, note) in (0u16..).zip(std::iter::once(&column.label).chain(&column.notes)) {
            sheet.write_string_with_format(row, x, note, &plain)?;
        }
    }
    for (at, column) in template.columns.iter().enumerate() {
        for (y, choice) in (0u32..).zip(&column.choices) {
            sheet.write_string(y, (LISTS_FROM + at) as u16, choice)?;
        }
    }
    Ok(())
}

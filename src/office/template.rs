//! The template that organisers fill in (填报模板), made of a profile's form.

use super::export::now;
use super::{ExportTarget, Office};
use crate::domain::level::{Level, LevelForm};
use crate::domain::profile::Profile;
use crate::domain::sheet::{Column, Field, SheetSpec};
use crate::failure::Failure;
use crate::formats::atomic;
use crate::formats::write_template::{Template, TemplateColumn, write_template};
use crate::formats::write_upload::width;

/// The code of the resident ID card (居民身份证) in the table of ID types.
const RESIDENT: &str = "201";

impl Office {
    /// Writes the template of a profile's form, without the column of codes where they are still `to_number`.
    pub fn write_template(&self, profile: &str, to_number: bool, target: &ExportTarget<'_>) -> Result<usize, Failure> {
        let profile = self.profile(profile)?;
        let form = self.sheet(profile.upload_sheet()).ok_or_else(|| super::bug("form"))?;
        let template = self.template(&profile, &form, to_number);
        let written = self.spare_state(target.path).and_then(|()| {
            atomic::write(target.path, target.overwrite, None, |out| write_template(out, target.path, &template))
        });
        written.map(|()| template.columns.len()).map_err(|e| self.locale().write_failure(&e))
    }

    fn template(&self, profile: &Profile, form: &SheetSpec, to_number: bool) -> Template {
        let locale = self.report_locale();
        let tables = self.catalogue().tables();
        let resident = tables.id_types.all().iter().find(|id_type| id_type.code == RESIDENT);
        let left_out = |field: Field| to_number && field == Field::Code;
        let columns = form.columns.iter().filter(|column| !left_out(column.field));
        let columns = columns.map(|column| self.template_column(column, self.choices(column)));
        let texts =
            |keys: &[&str]| keys.iter().map(|key| locale.text(&format!("template.{key}")).to_string()).collect();
        let of = [("profile", locale.profile_name(profile)), ("form", &form.name), ("source", &form.source)];
        let mut sentences = vec![locale.fill("template.of", &of)];
        sentences.extend::<Vec<String>>(texts(&["one-each", "texts", "colours"]));
        if to_number {
            sentences.push(locale.text("template.to-number").to_string());
        }
        Template {
            sheet: locale.text("template.sheet").to_string(),
            columns: columns.collect(),
            notes_sheet: locale.text("template.notes").to_string(),
            sentences,
            notes_labels: texts(&[
                "label.column",
                "label.required",
                "label.max",
                "label.content",
                "label.example",
                "label.clause",
            ]),
            resident: resident.into_iter().flat_map(|id_type| [id_type.code.clone(), id_type.name.clone()]).collect(),
            created: now(),
        }
    }

    /// Lists the values there are for a column; none where it takes any.
    pub(super) fn choices(&self, column: &Column) -> Vec<String> {
        match column.field {
            _ if !column.values.is_empty() => column.values.clone(),
            Field::IdType => {
                let tables = self.catalogue().tables();
                tables.id_types.all().iter().map(|id_type| id_type.name.clone()).collect()
            }
            Field::Level => (1..=5).rev().filter_map(Level::new).map(|l| l.written(LevelForm::Grade)).collect(),
            _ => Vec::new(),
        }
    }

    fn template_column(&self, column: &Column, choices: Vec<String>) -> TemplateColumn {
        let locale = self.report_locale();
        let content = match column.field {
            _ if !choices.is_empty() => choices.join(locale.text("finding.comma")),
            field => locale.text(&format!("template.content.{}", field.key())).to_string(),
        };
        let required = locale.text(if column.required { "template.yes" } else { "template.no" });
        let clause = self.catalogue().clause(&column.clause);
        let quoted = clause.map_or_else(String::new, |clause| format!(" “{}”", clause.quote));
        let remark = locale.fill("template.remark", &[("max", &column.max.to_string()), ("content", &content)]);
        TemplateColumn {
            field: column.field,
            label: column.label.clone(),
            width: width(column.field),
            required: column.required,
            max: column.max,
            choices,
            remark,
            notes: vec![
                required.to_string(),
                column.max.to_string(),
                content,
                column.example.clone(),
                format!("{}{quoted}", column.clause),
            ],
        }
    }
}

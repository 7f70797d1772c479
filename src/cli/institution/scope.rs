//! What is wrong with a table of a filed scope, which is taken whole or not at all.

use serde_json::json;

use crate::cli::json::{self, document};
use crate::cli::typed::TextOrJson;
use crate::domain::text;
use crate::office::ScopeTable;
use crate::words::Locale;

/// Tells why a scope table is not taken.
pub fn refused(table: &ScopeTable, format: TextOrJson, locale: &Locale) -> String {
    if format == TextOrJson::Json {
        let problems = table.problems.iter().map(|p| {
            json!({ "sheet": table.sheet, "row": p.line, "column": p.column, "fault": p.fault.key(),
                "message": locale.scope_fault(&p.fault) })
        });
        let value = json!({ "taken": 0, "problems": problems.collect::<Vec<_>>() });
        return format!("{}\n", document(json::SCOPE, value));
    }
    let mut told = String::new();
    for problem in &table.problems {
        let key = if table.sheet.is_empty() { "institution.scope.at" } else { "institution.scope.at-sheet" };
        let places = [
            ("sheet", text::visible(&table.sheet)),
            ("row", problem.line.to_string().into()),
            ("column", text::visible(&problem.column)),
            ("told", locale.scope_fault(&problem.fault).into()),
        ];
        let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        told += &format!("{}\n", locale.fill(key, &places));
    }
    told += &locale.fill("institution.scope.refused", &[("n", &table.problems.len().to_string())]);
    told + "\n"
}

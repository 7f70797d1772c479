//! Checklists in words: the head of a list, and in which form something is handed in.

use super::{Lang, Locale};
use crate::domain::fact::{Checklist, PaperForm};
use crate::domain::text;

impl Locale {
    /// Gives the name of a list and those to whom it goes.
    pub fn checklist_words<'l>(&self, list: &'l Checklist) -> (&'l str, Vec<&'l str>) {
        let (name, to) = if self.lang == Lang::Zh { (&list.name, &list.to) } else { (&list.name_en, &list.to_en) };
        (name, to.iter().map(String::as_str).collect())
    }

    /// Heads a list: its name, its clause, those to whom it goes, and how much of it is left.
    pub fn checklist_head(&self, list: &Checklist, left: usize) -> String {
        let (name, to) = self.checklist_words(list);
        let key = if to.is_empty() { "checklist.head-alone" } else { "checklist.head" };
        let to = to.join(self.text("finding.semicolon"));
        let places = [
            ("name", &*text::visible(name)),
            ("clause", &text::visible(&list.clause)),
            ("to", &text::visible(&to)),
            ("copies", &list.copies.to_string()),
            ("left", &left.to_string()),
        ];
        self.fill(key, &places)
    }

    /// Tells of an attached file, and what became of it: the key of its state.
    pub fn attached_file(&self, path: &str, state: &str) -> String {
        self.fill(&format!("checklist.file.{state}"), &[("path", &text::visible(path))])
    }

    /// Names the form in which something is handed in.
    pub fn paper_form(&self, form: PaperForm) -> &str {
        self.text(match form {
            PaperForm::Paper => "checklist.form.paper",
            PaperForm::Pdf => "checklist.form.pdf",
            PaperForm::Word => "checklist.form.word",
            PaperForm::Excel => "checklist.form.excel",
            PaperForm::Met => "checklist.form.met",
        })
    }
}

//! Forms in words.

use super::Locale;
use crate::domain::form::About;

impl Locale {
    /// Names what a form is about.
    pub fn form_about(&self, about: About) -> &str {
        match about {
            About::Institution => self.text("form.about.institution"),
            About::Batch => self.text("form.about.batch"),
            About::Case => self.text("form.about.case"),
        }
    }
}

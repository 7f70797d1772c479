//! Answers of a form that the pane cannot judge itself, because they name files or words of the tables: asked about as soon as they
//! are given, so that nobody fills in the rest for nothing.

use std::path::{Path, PathBuf};

use super::Ledger;
use super::form::{FormSubject, LedgerForm};
use super::form_question::{FormKind, FormQuestion};
use super::request::{LedgerRequest, RefusedAct};
use crate::app::context::Context;
use crate::app::proof::PrintedThing;
use crate::domain::fact::{FactDef, FactType};

/// An answer that is judged elsewhere, and the question it is of.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedAnswer {
    pub question: FormQuestion,
    pub what: JudgedAnswer,
}

/// What an answer names.
#[derive(Debug, Clone, PartialEq)]
pub enum JudgedAnswer {
    /// A file that is read.
    Read(PathBuf),
    /// A file that is written.
    Write(PathBuf),
    /// The folder with the photos of what is printed.
    Photos(PrintedThing, PathBuf),
    /// Their size; empty where it was left out.
    PhotoSize(PrintedThing, String),
    /// The value of a fact.
    Fact(Box<FactDef>, String),
}

impl LedgerForm {
    /// Gives what is printed.
    pub(super) fn printed(&self) -> Option<PrintedThing> {
        match self.subject {
            FormSubject::Batch(batch) => Some(PrintedThing::Batch(batch)),
            FormSubject::Certificate(code, _) => Some(PrintedThing::Certificate(code)),
            _ => None,
        }
    }

    /// Gives what a question's answer names that is judged elsewhere; a file that is named lies in the folder.
    fn judged(&self, question: FormQuestion, folder: &Path) -> Option<JudgedAnswer> {
        let answer = self.answer(question).trim();
        match (self.kind, question) {
            (FormKind::PrintData, FormQuestion::PhotoSize) => {
                Some(JudgedAnswer::PhotoSize(self.printed()?, answer.to_string()))
            }
            _ if answer.is_empty() => None,
            (FormKind::PrintData, FormQuestion::Photos) => {
                Some(JudgedAnswer::Photos(self.printed()?, folder.join(answer)))
            }
            (FormKind::PrintData | FormKind::Lateness, FormQuestion::File) => {
                Some(JudgedAnswer::Write(folder.join(answer)))
            }
            (FormKind::CompareBlanks, FormQuestion::File) => Some(JudgedAnswer::Read(folder.join(answer))),
            (FormKind::Reply, FormQuestion::File) => Some(JudgedAnswer::Read(answer.into())),
            (FormKind::Fact, FormQuestion::FactValue) => {
                let def = self.fact().filter(|def| def.kind == FactType::File)?;
                Some(JudgedAnswer::Fact(Box::new(def.clone()), answer.to_string()))
            }
            _ => None,
        }
    }
}

impl Ledger {
    /// Has the answers judged that were given so far, where the last of them is one that is judged elsewhere and others are still to
    /// be given: with the last one it is done, and that tells.
    pub(in crate::app) fn ask_judgement(&mut self, given: FormQuestion, folder: &Path, to: &mut Context<'_>) {
        let Some(form) = self.form.as_ref().filter(|form| form.question().is_some()) else { return };
        if form.judged(given, folder).is_none() {
            return;
        }
        let answered = form.questions_before().filter_map(|question| {
            let what = form.judged(question, folder)?;
            Some(AskedAnswer { question, what })
        });
        let asked = answered.collect();
        self.request(LedgerRequest::Judge(asked), to);
    }

    /// An answer was refused: it is asked for again, with what is typed into the line of another question kept. `false` where whoever
    /// was asked is at that question or before it, or asked no longer.
    pub(in crate::app) fn refuse_answer(&mut self, refused: &RefusedAct, typed: Option<&str>) -> bool {
        let (Some(form), Some(question)) = (&mut self.form, refused.question) else { return false };
        if !form.questions_before().any(|before| before == question) {
            return false;
        }
        if let Some(typed) = typed.filter(|typed| !typed.is_empty()) {
            form.keep(typed);
        }
        form.go_to(Some(question));
        true
    }
}

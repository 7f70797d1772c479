//! Shares (共享登记): what was given to whom outside the upload, and how long it may be used.

use chrono::NaiveDate;

use super::content::{Content, stale};
use super::form::{FormSubject, LedgerForm, form_day};
use super::form_question::{FormKind, FormQuestion};
use super::full_list::{FullList, one_piece};
use super::request::{LedgerAnswer, LedgerRequest, RequestKind};
use super::{Ledger, OpenPage};
use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::domain::ledger::share::{Share, ShareField, ShareId, ShareState, ShareTerms};

pub const SHOWN_BY: Command = Command::ShowShares;

/// An entry of the share register, and how it stands today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareLine {
    pub share: Share,
    pub state: ShareState,
    /// What it says, a line for each part, and the files handed out.
    pub told: Vec<String>,
}

/// What is done with the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareAct {
    /// Registers what is given to others.
    Add { terms: ShareTerms, reason: String },
    /// Says what an entry lacks, or corrects it: every part as it was typed.
    Change { share: ShareId, parts: Vec<(ShareField, String)>, reason: String },
    /// The data are not used any more.
    End { share: ShareId, on: NaiveDate, reason: String },
}

#[derive(Debug, Default)]
pub struct List {
    pub lines: FullList<ShareLine>,
}

/// An entry in full.
#[derive(Debug)]
pub struct Page {
    pub line: ShareLine,
    pub at: usize,
}

impl Content for List {
    fn place(&self) -> Place {
        Place::Shares
    }

    fn above(&self) -> u16 {
        1
    }

    one_piece!();

    fn opens(&self) -> Option<OpenPage> {
        let line = self.lines.current()?.clone();
        Some(OpenPage::Shares(Box::new(Page { line, at: 0 })))
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        stale(&self.lines, is_free, LedgerRequest::Shares)
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        if let LedgerAnswer::Shares(lines) = answer {
            self.lines.take(lines.clone(), |a, b| a.share.id == b.share.id);
        }
    }
}

impl Content for Page {
    fn place(&self) -> Place {
        Place::DetailPage
    }

    fn above(&self) -> u16 {
        1
    }

    fn count(&self) -> usize {
        self.line.told.len()
    }

    fn at(&self) -> usize {
        self.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        if let LedgerAnswer::Shares(lines) = answer
            && let Some(new) = lines.iter().find(|new| new.share.id == self.line.share.id)
        {
            self.line = new.clone();
        }
    }
}

/// Tells which part of an entry a question is about.
pub(super) fn share_field(question: FormQuestion) -> Option<ShareField> {
    Some(match question {
        FormQuestion::Receiver => ShareField::Receiver,
        FormQuestion::Purpose => ShareField::Purpose,
        FormQuestion::Scene => ShareField::Scene,
        FormQuestion::Approver => ShareField::Approver,
        FormQuestion::Expires => ShareField::Expires,
        FormQuestion::Scope => ShareField::Scope,
        _ => return None,
    })
}

impl LedgerForm {
    /// Lists the parts of an entry of the register as they were answered.
    pub(super) fn share_parts(&self) -> Vec<(ShareField, String)> {
        let part = |question: &FormQuestion| {
            let typed = self.answer(*question);
            // A day is kept as it is written.
            let typed = form_day(*question, typed).unwrap_or_else(|| typed.to_string());
            Some((share_field(*question)?, typed))
        };
        self.kind.questions().iter().filter_map(part).collect()
    }
}

/// Runs a command about the register; `None` where it is about something else.
pub(super) fn run(ledger: &mut Ledger, command: Command, to: &mut Context<'_>) -> Option<Intent> {
    match command {
        Command::AddShare => Some(Intent::AskForm(FormKind::Share, FormSubject::Shares)),
        Command::EndShare | Command::ChangeShare => {
            let id = ledger.lists().shares.lines.current().map(|line| line.share.id);
            let Some(id) = id.filter(|_| !ledger.is_idle(command, to.locale)) else {
                to.warn("status.not-now");
                return Some(Intent::Nothing);
            };
            let kind = if command == Command::EndShare { FormKind::EndShare } else { FormKind::ChangeShare };
            Some(Intent::AskForm(kind, FormSubject::Share(id)))
        }
        _ => None,
    }
}

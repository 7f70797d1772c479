//! Blank certificates (空白证书): every piece of the stock, the way of a blank, and what is done with them.

use super::content::{Content, stale};
use super::form::FormSubject;
use super::form_question::FormKind;
use super::full_list::FullList;
use super::request::{LedgerAnswer, LedgerRequest, RequestKind, StockLine};
use super::{Ledger, OpenPage};
use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;

pub const SHOWN_BY: Command = Command::ShowStock;

/// How many lines of what is to be known altogether are shown.
const TOLD: usize = 6;

#[derive(Debug, Default)]
pub struct List {
    pub lines: FullList<StockLine>,
    /// What is to be known altogether: balances and open stocktakes.
    pub told: Vec<String>,
}

/// The way of the first blank of a piece.
#[derive(Debug)]
pub struct Page {
    pub line: StockLine,
    /// A line for each step; `None` until they are here.
    pub told: Option<Vec<String>>,
    pub at: usize,
}

impl List {
    /// Lists what there is room for of what is to be known altogether.
    pub fn summary(&self) -> &[String] {
        &self.told[..self.told.len().min(TOLD)]
    }
}

impl Content for List {
    fn place(&self) -> Place {
        Place::Stock
    }

    fn above(&self) -> u16 {
        1 + self.summary().len() as u16
    }

    fn count(&self) -> usize {
        self.lines.lines().len()
    }

    fn at(&self) -> usize {
        self.lines.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.lines.at
    }

    fn stock(&self) -> Option<&StockLine> {
        self.lines.current()
    }

    fn opens(&self) -> Option<OpenPage> {
        let line = self.lines.current()?.clone();
        Some(OpenPage::Stock(Box::new(Page { line, told: None, at: 0 })))
    }

    fn renew(&mut self) {
        self.lines.is_stale = true;
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        stale(&self.lines, is_free, LedgerRequest::Stock)
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        if let LedgerAnswer::Stock(lines, told) = answer {
            self.told.clone_from(told);
            self.lines.take(lines.clone(), |a, b| a.kind == b.kind && a.piece.run.first == b.piece.run.first);
        }
    }
}

impl Content for Page {
    fn place(&self) -> Place {
        Place::BlankPage
    }

    fn above(&self) -> u16 {
        2
    }

    fn count(&self) -> usize {
        self.told.as_ref().map_or(0, Vec::len)
    }

    fn at(&self) -> usize {
        self.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    fn stock(&self) -> Option<&StockLine> {
        Some(&self.line)
    }

    fn renew(&mut self) {
        self.told = None;
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        let is_wanted = self.told.is_none() && is_free(RequestKind::Blank);
        is_wanted.then_some(LedgerRequest::Blank(self.line.piece.run.first))
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        match answer {
            LedgerAnswer::Blank(told) => self.told = Some(told.clone()),
            LedgerAnswer::Stock(lines, _) => {
                let is_same =
                    |new: &&StockLine| new.kind == self.line.kind && new.piece.run.holds(self.line.piece.run.first);
                if let Some(new) = lines.iter().find(is_same) {
                    self.line = new.clone();
                }
            }
            _ => {}
        }
    }
}

/// Runs a command about blanks; `None` where it is about something else.
pub(super) fn run(_ledger: &mut Ledger, command: Command, _to: &mut Context<'_>) -> Option<Intent> {
    (command == Command::BookBlanks).then_some(Intent::AskForm(FormKind::Stock, FormSubject::Stock))
}

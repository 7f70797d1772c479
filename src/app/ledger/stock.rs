//! Blank certificates (空白证书): every piece of the stock, the way of a blank, and what is done with them.

use super::content::{Content, stale};
use super::form::FormSubject;
use super::form_question::FormKind;
use super::full_list::{FullList, one_piece};
use super::request::{LedgerAnswer, LedgerRequest, RequestKind, StockLine};
use super::{Ledger, OpenPage};
use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::domain::ledger::stock::BlankNumber;

pub const SHOWN_BY: Command = Command::ShowStock;

/// How many lines of what is to be known altogether are shown.
const TOLD: usize = 6;

#[derive(Debug, Default)]
pub struct List {
    pub lines: FullList<StockLine>,
    /// What is to be known altogether: balances and open stocktakes.
    pub told: Vec<String>,
}

/// Something that is told of blanks, a line for each step.
#[derive(Debug)]
pub struct Page {
    pub about: About,
    /// `None` until it is here.
    pub told: Option<Vec<String>>,
    pub at: usize,
}

/// What a page tells of.
#[derive(Debug)]
pub enum About {
    /// The way of a blank, and the piece it is of.
    Blank(StockLine, BlankNumber),
    /// How the blanks differ from another system's list: the title.
    Comparison(String),
}

impl Page {
    pub(super) fn of_blank(line: StockLine, number: BlankNumber) -> Page {
        Page { about: About::Blank(line, number), told: None, at: 0 }
    }

    pub(super) fn of_comparison(title: String, told: Vec<String>) -> Page {
        Page { about: About::Comparison(title), told: Some(told), at: 0 }
    }
}

impl List {
    /// Lists what there is room for of what is to be known altogether.
    pub fn summary(&self) -> &[String] {
        if self.told.len() <= TOLD {
            return &self.told;
        }
        // The last line says how many more there are; a heading without its lines is left to them.
        let mut shown = TOLD - 1;
        while 1 < shown && self.told[shown].starts_with(' ') && !self.told[shown - 1].starts_with(' ') {
            shown -= 1;
        }
        &self.told[..shown]
    }

    /// Tells how many lines there was no room for.
    pub fn left_out(&self) -> usize {
        self.told.len() - self.summary().len()
    }
}

impl Content for List {
    fn place(&self) -> Place {
        Place::Stock
    }

    fn above(&self) -> u16 {
        1 + self.summary().len() as u16 + u16::from(self.left_out() != 0)
    }

    one_piece!();

    fn stock(&self) -> Option<&StockLine> {
        self.lines.current()
    }

    fn opens(&self) -> Option<OpenPage> {
        let line = self.lines.current()?.clone();
        let first = line.piece.run.first;
        Some(OpenPage::Stock(Box::new(Page::of_blank(line, first))))
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
        match &self.about {
            About::Blank(line, _) => Some(line),
            About::Comparison(_) => None,
        }
    }

    fn renew(&mut self) {
        if let About::Blank(..) = self.about {
            self.told = None;
        }
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        let About::Blank(_, number) = self.about else { return None };
        let is_wanted = self.told.is_none() && is_free(RequestKind::Blank);
        is_wanted.then_some(LedgerRequest::Blank(number))
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        let About::Blank(line, number) = &mut self.about else { return };
        match answer {
            LedgerAnswer::Blank(told) => self.told = Some(told.clone()),
            LedgerAnswer::Stock(lines, _) => {
                let is_same = |new: &&StockLine| new.kind == line.kind && new.piece.run.holds(*number);
                if let Some(new) = lines.iter().find(is_same) {
                    *line = new.clone();
                }
            }
            _ => {}
        }
    }
}

/// Runs a command about blanks; `None` where it is about something else.
pub(super) fn run(_ledger: &mut Ledger, command: Command, _to: &mut Context<'_>) -> Option<Intent> {
    let kind = match command {
        Command::BookBlanks => FormKind::Stock,
        Command::FindBlank => FormKind::FindBlank,
        Command::CompareBlanks => FormKind::CompareBlanks,
        _ => return None,
    };
    Some(Intent::AskForm(kind, FormSubject::Stock))
}

//! What lies over a pane: help, palette, preview, history, questions, look-up.

use super::command::Place;
use super::decoder::DecoderPane;
use super::ledger::Choose;
use super::ledger::plan::PlanPane;
use super::lookup::LookupPane;
use super::prompt::Prompt;
use super::roster::Preview;
use super::text_page::TextOf;

/// What lies over the pane.
#[derive(Debug)]
pub enum Overlay {
    /// The commands of the pane below (帮助).
    Help {
        /// What narrows the list.
        prompt: Prompt,
        /// The first line shown.
        at: usize,
    },
    /// The commands by name (命令面板).
    Palette {
        /// What narrows the list.
        prompt: Prompt,
        at: usize,
    },
    /// A change before it is made (预览).
    Preview(Box<Preview>),
    /// The steps so far (修改历史).
    History { at: usize },
    /// The decoder (解码).
    Decoder(Box<DecoderPane>),
    /// A question that only `y` says yes to (确认).
    Confirm {
        question: String,
        /// What `y` does.
        then: Confirm,
    },
    /// The look-up (查询).
    Lookup(Box<LookupPane>),
    /// Numbers for rows before they are taken (赋号).
    Plan(Box<PlanPane>),
    /// A question answered by a line of a list.
    Choose(Box<Choose>),
    /// A page of bare text (纯文本页).
    Text {
        /// What it tells of.
        of: TextOf,
        /// The first line shown.
        at: usize,
        /// The first row of it that is shown, where the terminal is narrower than the line.
        row: usize,
    },
    /// The tour of a first start (导览).
    Tour {
        /// The screen, from 0.
        page: usize,
        /// The first paragraph shown.
        at: usize,
    },
}

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirm {
    /// Leaving although not everything is stored.
    Quit,
    /// Replacing an existing file.
    Replace,
    /// Taking a batch over from somebody else.
    TakeOver,
    /// Stopping a reading and throwing away what has come of it.
    Discard,
    /// Doing to the ledger what was asked about.
    Ledger,
}

impl Overlay {
    /// Gives the place whose keys count.
    pub fn place(&self) -> Place {
        match self {
            Overlay::Help { .. } => Place::Help,
            Overlay::Palette { .. } => Place::Palette,
            Overlay::Preview(_) => Place::Preview,
            Overlay::History { .. } => Place::History,
            Overlay::Decoder(_) => Place::Decoder,
            Overlay::Confirm { .. } => Place::Confirm,
            Overlay::Lookup(_) => Place::Lookup,
            Overlay::Plan(_) => Place::Plan,
            Overlay::Choose(_) => Place::Choose,
            Overlay::Text { .. } => Place::Text,
            Overlay::Tour { .. } => Place::Tour,
        }
    }

    /// Gives the line of text that is being typed, if any.
    pub fn prompt(&mut self) -> Option<&mut Prompt> {
        match self {
            Overlay::Help { prompt, at } | Overlay::Palette { prompt, at } => {
                *at = 0;
                Some(prompt)
            }
            Overlay::Lookup(pane) => Some(&mut pane.prompt),
            Overlay::Decoder(pane) => {
                pane.at = 0;
                Some(&mut pane.prompt)
            }
            _ => None,
        }
    }

    /// Gives the cursor of the list, if there is one.
    pub(super) fn cursor(&mut self) -> Option<&mut usize> {
        Some(match self {
            Overlay::Help { at, .. }
            | Overlay::Palette { at, .. }
            | Overlay::History { at }
            | Overlay::Tour { at, .. } => at,
            Overlay::Preview(preview) => &mut preview.at,
            Overlay::Lookup(pane) => &mut pane.at,
            Overlay::Decoder(pane) => &mut pane.at,
            Overlay::Plan(pane) => &mut pane.at,
            Overlay::Choose(choose) => &mut choose.at,
            Overlay::Confirm { .. } | Overlay::Text { .. } => return None,
        })
    }
}

//! What can be done ([`PlainAct`]) with what is talked about, with the ways from one to the other.

use super::Talk;
use super::answer::MenuItem;
use super::texts::{is_picked, page};
use super::topic::Topic;
use crate::app::command::Command;
use crate::app::overlay::{Choosing, Overlay};
use crate::domain::selection::Condition;

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlainAct {
    /// A command of the workbench.
    Command(Command),
    /// Goes to a place.
    Go(Topic),
    /// Takes a line of the list, counted from its first.
    Line(usize),
    /// Gives every row with the same finding one value.
    SameValue,
    /// Sets the column of the file aside.
    Aside,
    /// Reads every sheet that looks like a roster.
    EverySheet,
    /// Takes the numbers of the plan.
    TakeNumbers,
    Explain,
}

impl PlainAct {
    /// Gives its stable name; none for a line of a list.
    pub fn name(self) -> &'static str {
        match self {
            PlainAct::Command(command) => command.spec().name,
            PlainAct::Go(topic) => topic.name(),
            PlainAct::Line(_) => "",
            PlainAct::SameValue => "same-value",
            PlainAct::Aside => "set-aside",
            PlainAct::EverySheet => "every-sheet",
            PlainAct::TakeNumbers => "go-on",
            PlainAct::Explain => "?",
        }
    }

    /// Gives the locale key of its words.
    pub fn title_key(self) -> String {
        match self {
            PlainAct::Command(command) => command.title_key(),
            PlainAct::Explain => Command::Help.title_key(),
            other => format!("plain.act.{}", other.name()),
        }
    }
}

/// What can be done with a roster, in the order in which it is listed.
const MENU: [PlainAct; 37] = [
    PlainAct::Go(Topic::Counts),
    PlainAct::Command(Command::NextFinding),
    PlainAct::Command(Command::FixAll),
    PlainAct::Go(Topic::Rows),
    PlainAct::Command(Command::GoTo),
    PlainAct::Command(Command::Search),
    PlainAct::Command(Command::Filter),
    PlainAct::Command(Command::ClearFilter),
    PlainAct::Command(Command::PutAllAside),
    PlainAct::Command(Command::Undo),
    PlainAct::Command(Command::Redo),
    PlainAct::Command(Command::History),
    PlainAct::Command(Command::Allocate),
    PlainAct::Command(Command::Export),
    PlainAct::Command(Command::Decode),
    PlainAct::Command(Command::LookUp),
    PlainAct::Command(Command::MatchColumns),
    PlainAct::Go(Topic::Profiles),
    PlainAct::Command(Command::Open),
    PlainAct::Command(Command::AddFile),
    PlainAct::Command(Command::Answers),
    PlainAct::Command(Command::Batches),
    PlainAct::Command(Command::ImportPage),
    PlainAct::Command(Command::Values),
    PlainAct::Command(Command::Replace),
    PlainAct::Command(Command::Reshape),
    PlainAct::Command(Command::FillFrom),
    PlainAct::Command(Command::CompareWith),
    PlainAct::Command(Command::Summary),
    PlainAct::Command(Command::Recipes),
    PlainAct::Command(Command::SaveRecipe),
    PlainAct::Command(Command::NoteFact),
    PlainAct::Command(Command::Forms),
    PlainAct::Command(Command::Checklist),
    PlainAct::Command(Command::HandIns),
    PlainAct::Command(Command::Statistics),
    PlainAct::Command(Command::Quit),
];

/// What can be done with a roster besides, by name.
const NAMED: [PlainAct; 18] = [
    PlainAct::Command(Command::KeptColumns),
    PlainAct::Command(Command::Filters),
    PlainAct::Command(Command::FilterPart),
    PlainAct::Command(Command::FilterStatus),
    PlainAct::Command(Command::HideColumn),
    PlainAct::Command(Command::ShowColumns),
    PlainAct::Command(Command::ResetColumns),
    PlainAct::Command(Command::DropFilter),
    PlainAct::Command(Command::FilterErrors),
    PlainAct::Command(Command::FilterEdited),
    PlainAct::Command(Command::FilterMarked),
    PlainAct::Command(Command::FilterAside),
    PlainAct::Command(Command::FilterNoted),
    PlainAct::Command(Command::Sort),
    PlainAct::Command(Command::FileOrder),
    PlainAct::Command(Command::MarkRow),
    PlainAct::Command(Command::MarkShown),
    PlainAct::Command(Command::UnmarkAll),
];

/// What is typed in place of a command that the conversation does not have: another of its answers, or a verb of the program.
pub(super) const ELSEWHERE: [(Command, &str); 23] = [
    (Command::Help, "?"),
    (Command::Palette, "?"),
    (Command::Back, "0"),
    (Command::Ledger, "skillcert ledger"),
    (Command::AddInstitution, "skillcert institution add"),
    (Command::ShowAudit, "skillcert audit show"),
    (Command::ShowDeadlines, "skillcert due"),
    (Command::ShowStock, "skillcert stock"),
    (Command::ShowShares, "skillcert share"),
    (Command::AddShare, "skillcert share add"),
    (Command::ChangeShare, "skillcert share change"),
    (Command::EndShare, "skillcert share end"),
    (Command::ShowScreening, "skillcert screen"),
    (Command::BookBlanks, "skillcert stock"),
    (Command::FindBlank, "skillcert stock show"),
    (Command::CompareBlanks, "skillcert stock compare"),
    (Command::DraftLateness, "skillcert lateness"),
    (Command::NoteEvent, "skillcert event note"),
    (Command::ShowProof, "skillcert print proof"),
    (Command::PrintData, "skillcert print data"),
    (Command::VerifyChain, "skillcert audit verify"),
    (Command::Backup, "skillcert backup"),
    (Command::PutAway, "skillcert batch archive"),
];

/// What can be done with a cell.
const ROW: [PlainAct; 15] = [
    PlainAct::Command(Command::NextFinding),
    PlainAct::Command(Command::PreviousFinding),
    PlainAct::Command(Command::Fix),
    PlainAct::Command(Command::Edit),
    PlainAct::SameValue,
    PlainAct::Command(Command::RestoreCell),
    PlainAct::Command(Command::PutAside),
    PlainAct::Command(Command::Note),
    PlainAct::Go(Topic::Record),
    PlainAct::Command(Command::Unmask),
    PlainAct::Command(Command::NextRow),
    PlainAct::Command(Command::PreviousRow),
    PlainAct::Command(Command::CopyAbove),
    PlainAct::Command(Command::FillDown),
    PlainAct::Command(Command::FillAll),
];

impl Talk {
    /// Lists what can be chosen: the lines of the list that are told, then what can be done.
    pub(super) fn choices(&self, topic: Topic) -> Vec<MenuItem<PlainAct>> {
        let from = self.first(topic);
        let lines = if is_picked(topic) { self.lines(topic, from) } else { Vec::new() };
        let entry = |(i, title)| MenuItem { name: String::new(), title, act: PlainAct::Line(from + i), numbered: true };
        let mut all: Vec<MenuItem<PlainAct>> = lines.into_iter().enumerate().map(entry).collect();
        let mut acts = self.acts(topic);
        if self.shown_until(topic) < self.count(topic) {
            acts.push(PlainAct::Command(Command::PageDown));
        }
        if 0 < from {
            acts.push(PlainAct::Command(Command::PageUp));
        }
        all.extend(acts.iter().map(|act| self.choice(*act, true)));
        let menu = if topic.is_place() { self.menu() } else { vec![PlainAct::Command(Command::Quit)] };
        let named = if topic.is_place() { &NAMED[..] } else { &[] };
        let more = menu.iter().chain(named).chain(&[PlainAct::Command(Command::Back), PlainAct::Explain]);
        all.extend(more.filter(|act| !acts.contains(act)).map(|act| self.choice(*act, false)));
        all
    }

    /// Lists what can be done with the roster.
    fn menu(&self) -> Vec<PlainAct> {
        let held = self.app.roster.holder().is_some().then_some(PlainAct::Command(Command::TakeOver));
        let has_sheets = self.app.roster.batch().is_some_and(|batch| !batch.origin.beside.others.is_empty());
        let sheets = has_sheets.then_some(PlainAct::Command(Command::ListSheets));
        MENU.into_iter().chain(held).chain(sheets).collect()
    }

    /// Lists what can be done besides choosing a line.
    pub(super) fn acts(&self, topic: Topic) -> Vec<PlainAct> {
        use Command::{
            Accept, AlsoErrors, AlsoHeld, Back, ChangeEncoding, ConfirmColumns, Edit, FixAll, ForgetColumns, NextOrder,
            NextRow, NoHeader, PlanBlanks, PointAtHeader, PreviousRow, Redo, SwitchNumbers, Undo, Unmask,
        };
        let commands = |commands: &[Command]| commands.iter().map(|c| PlainAct::Command(*c)).collect();
        match topic {
            Topic::Menu => self.menu(),
            Topic::Row => ROW.to_vec(),
            Topic::Record => commands(&[NextRow, PreviousRow, Unmask]),
            Topic::Findings => commands(&[FixAll]),
            Topic::History => commands(&[Undo, Redo]),
            Topic::Header => commands(&[NoHeader, ChangeEncoding]),
            Topic::Columns => commands(&[ConfirmColumns, PointAtHeader, ChangeEncoding, ForgetColumns]),
            Topic::Values => commands(&[Command::GroupValues, Command::TurnValues]),
            Topic::Summary => commands(&[Command::WriteSummary]),
            Topic::ValueGroup => commands(&[Command::TypeForm, Command::LeaveGroup, Command::PreviewGroups]),
            Topic::Preview if self.has_other_reach() => commands(&[Command::TurnFill]),
            Topic::Fields => vec![PlainAct::Aside],
            Topic::Sheets if 1 < self.app.import.rosters().len() => vec![PlainAct::EverySheet],
            Topic::Files => vec![PlainAct::Go(Topic::Profiles), PlainAct::Command(Command::Batches)],
            Topic::Batches => commands(&[Command::AllBatches]),
            Topic::Resumed => commands(&[Accept, Edit, Back]),
            Topic::Papers | Topic::Page => self.paper_acts(),
            Topic::Plan if self.can_take() => std::iter::once(PlainAct::TakeNumbers)
                .chain([NextOrder, SwitchNumbers, PlanBlanks, AlsoHeld, AlsoErrors].map(PlainAct::Command))
                .collect(),
            Topic::Plan => commands(&[NextOrder, SwitchNumbers, PlanBlanks, AlsoHeld, AlsoErrors]),
            _ => Vec::new(),
        }
    }

    /// Does what was chosen.
    pub(super) fn act(&mut self, topic: Topic, act: PlainAct) {
        match act {
            PlainAct::Line(at) => self.take_line(topic, at),
            PlainAct::Explain => self.explain(topic),
            PlainAct::Command(Command::Back) => self.back(topic),
            PlainAct::Command(Command::PageDown) => self.turn_page(topic, true),
            PlainAct::Command(Command::PageUp) => self.turn_page(topic, false),
            PlainAct::Command(Command::NextRow) => self.step_row(true),
            PlainAct::Command(Command::PreviousRow) => self.step_row(false),
            PlainAct::Command(Command::History) => {
                let effects = self.app.ask_for_steps();
                self.effects.extend(effects);
                self.go(Topic::History);
            }
            PlainAct::Command(
                command @ (Command::NextOrder
                | Command::SwitchNumbers
                | Command::PlanBlanks
                | Command::AlsoHeld
                | Command::AlsoErrors),
            ) => {
                self.from = 0;
                self.order(command);
            }
            PlainAct::Command(Command::Accept | Command::Edit) if topic == Topic::Resumed => self.take_resumed(act),
            PlainAct::Command(command @ (Command::NextFinding | Command::PreviousFinding)) => {
                self.order(command);
                if !self.app.status.is_bad {
                    self.go(Topic::Row);
                }
            }
            PlainAct::Command(Command::Allocate) => {
                self.taking = Topic::Plan;
                self.order(Command::Allocate);
            }
            PlainAct::Command(Command::Export) => {
                self.writing = Topic::What;
                // The name proposed is that of what is written now.
                self.app.export.forget_path();
                self.order(Command::Export);
            }
            PlainAct::Command(Command::WriteSummary) => {
                self.writing = Topic::Format;
                self.order(Command::WriteSummary);
            }
            PlainAct::Command(Command::Decode) => {
                self.order(Command::Decode);
                self.begin_decoding();
            }
            PlainAct::Command(command) => self.order(command),
            PlainAct::Go(topic) => self.go(topic),
            PlainAct::SameValue => self.ask_same_value(),
            PlainAct::Aside => self.assign(None),
            PlainAct::EverySheet => self.take_every_sheet(),
            PlainAct::TakeNumbers => self.taking = Topic::Reason,
        }
    }

    /// Takes a line of the list of a topic.
    fn take_line(&mut self, topic: Topic, at: usize) {
        match topic {
            Topic::Files => self.take_file(at),
            Topic::Batches => self.take_batch(at),
            Topic::Sheets => self.take_sheets([at]),
            Topic::Versions => {
                *self.app.import.cursor() = at;
                self.order(Command::ChooseVersion);
            }
            Topic::Header => {
                *self.app.import.cursor() = at;
                self.order(Command::PutHeader);
            }
            Topic::Encodings => self.take_encoding(at),
            Topic::Import => {
                self.app.overlays.choose_line(at);
                self.order(Command::TakeBack);
            }
            Topic::Columns => self.target = Some(at),
            Topic::Fields => self.assign(self.fields().get(at).copied()),
            Topic::Profiles => self.take_profile(at),
            Topic::Answers | Topic::Recipes | Topic::Choice => {
                let shows =
                    matches!(self.app.overlays.open(), Some(Overlay::Choose(p)) if p.about() == Choosing::Difference);
                self.app.overlays.choose_line(at);
                self.order(Command::TakeChoice);
                if shows {
                    self.settle_app();
                    self.go(Topic::Row);
                }
            }
            Topic::Counts => {
                self.app.roster.choose_finding(at);
                self.order(Command::FilterChosen);
                self.spots.retain(|(t, _)| *t != Topic::Findings);
                self.go(Topic::Findings);
            }
            Topic::Findings => self.take_finding(at),
            Topic::Rows => {
                self.app.roster.go_to_place(at);
                self.settle_app();
                self.go(Topic::Row);
            }
            Topic::Record => {
                self.app.roster.go_to_column(at);
                self.settle_app();
                self.go(Topic::Row);
            }
            Topic::Values => self.take_value_line(at),
            Topic::Summary => {
                self.app.overlays.choose_line(at);
                self.order(Command::FilterByLine);
                self.go(Topic::Rows);
            }
            Topic::ValueGroup => self.take_form(at),
            Topic::Papers => self.take_paper(at),
            Topic::What => self.take_what(at),
            Topic::Format => self.take_format(at),
            // The lines of the others are only told.
            _ => {}
        }
    }

    /// Goes back by one step.
    pub(super) fn back(&mut self, topic: Topic) {
        match topic {
            Topic::Fields => self.target = None,
            Topic::Reason | Topic::Word => self.taking = Topic::Plan,
            Topic::Format => self.writing = Topic::What,
            Topic::Path => self.writing = Topic::Format,
            Topic::Resumed => {
                self.resumed = false;
                self.order(Command::Back);
            }
            Topic::Files if self.app.roster.batch().is_none() => self.say_outermost(),
            Topic::Menu => self.say_outermost(),
            Topic::Counts => {
                self.spots.pop();
                // What was listed is not what the menu is about.
                if self.app.roster.grid().conditions().iter().any(Condition::is_of_findings) {
                    self.order(Command::ClearFilter);
                }
            }
            Topic::Profiles if self.app.overlays.is_open() => self.order(Command::Back),
            topic if topic.is_place() || topic == Topic::Profiles => drop(self.spots.pop()),
            _ => self.order(Command::Back),
        }
    }

    fn say_outermost(&mut self) {
        self.say_key("plain.how-to-quit");
        self.repeating = true;
    }

    /// Takes a text; without the `=` that lets a text begin as a command would.
    pub(super) fn take_text(&mut self, topic: Topic, typed: &str) {
        match topic {
            Topic::Value => self.take_value(typed),
            Topic::Typed => self.take_typed(typed),
            Topic::Reason => self.take_reason(typed),
            Topic::Word => self.take_word(typed),
            Topic::Path => {
                self.app.export.type_path(typed.trim());
                self.write();
            }
            Topic::Decode => self.decode(typed),
            Topic::LookUp => self.look_up(typed),
            Topic::ValueText => self.take_value_text(typed),
            Topic::ReplaceWhat => self.take_replace_what(typed),
            Topic::ReplaceBy => self.take_replace_by(typed),
            Topic::PaperText => self.take_paper_text(Some(typed)),
            _ => {}
        }
    }

    /// Does what Enter alone does; tells whether it does anything.
    pub(super) fn take_default(&mut self, topic: Topic) -> bool {
        match topic {
            Topic::Value | Topic::ValueText => self.order(Command::Back),
            Topic::Reason => self.take_reason(""),
            Topic::Format => self.take_format(0),
            Topic::Path => self.write(),
            Topic::Typed if self.may_be_empty() => self.take_typed(""),
            Topic::PaperText if self.may_leave_paper_text() => self.take_paper_text(None),
            _ => return false,
        }
        true
    }

    /// Gives the first line told of the list in hand.
    pub(super) fn first(&self, topic: Topic) -> usize {
        self.spots.iter().find(|(t, _)| *t == topic).map_or(self.from, |(_, from)| *from)
    }

    /// Tells the next lines of the list in hand, or those before.
    pub(super) fn turn_page(&mut self, topic: Topic, forwards: bool) {
        let (most, count) = (page(topic), self.count(topic));
        let spot = self.spots.iter_mut().find(|(t, _)| *t == topic);
        let from = spot.map_or(&mut self.from, |(_, from)| from);
        *from = if forwards { (*from + most).min(count.saturating_sub(1)) } else { from.saturating_sub(most) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Lang, Locale};

    /// What only screens say, of keys and mouse.
    const OF_SCREENS: [&str; 6] = [
        "status.answer-is-no",
        "status.mouse-on",
        "status.first-time",
        "status.number",
        "status.no-such-key",
        "status.paste-nowhere",
    ];

    #[test]
    fn whatever_is_named_in_what_is_said_can_be_typed() {
        for lang in [Lang::Zh, Lang::En] {
            let locale = Locale::load(lang);
            let keys = locale.keys();
            for key in keys.iter().filter(|key| key.starts_with("status.") && !OF_SCREENS.contains(&key.as_str())) {
                for named in locale.text(key).split("{key:").skip(1) {
                    let name = named.split('}').next().unwrap();
                    let command = Command::find(name).unwrap();
                    // Every act has a sentence that explains it.
                    let is_act = keys.contains(&format!("plain.help.{name}"));
                    let is_elsewhere = ELSEWHERE.iter().any(|(elsewhere, _)| *elsewhere == command);
                    assert!(is_act || is_elsewhere, "{key} names {name}");
                }
            }
        }
    }
}

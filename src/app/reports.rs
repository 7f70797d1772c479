//! Reports from the outside: to which pane each goes, and what of it concerns more than one.

use super::context::context;
use super::import::KnownAs;
use super::intent::Confirm;
use super::ledger::FollowUp;
use super::ledger::request::{LedgerAnswer, Reached, RequestKind};
use super::msg::{Effect, Msg, ReadEnd, RosterHead, WorkDone, WrittenFile};
use super::overlay::Choosing;
use super::overlay::{Overlay, TourPane};
use super::{App, Screen, StatusLine};
use crate::domain::batch::PartFound;
use crate::domain::roster::Part;
use crate::domain::sheet::{ColumnsBy, Field, HeaderBy};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};

/// So many codes and persons that stand twice are named.
const NAMED: usize = 3;

impl App {
    /// Takes a report; one of a job that is neither the latest nor that of the batch on screen is dropped.
    pub(super) fn report(&mut self, msg: Msg) {
        match msg {
            Msg::Opened(opened) if self.import.is_latest(opened.job) => self.opened(*opened),
            Msg::Rows { job, .. } if self.import.is_sampling(job) => self.import.report(msg, context!(self)),
            Msg::Folder { .. } | Msg::FolderFailed(_) | Msg::Batches(_) => self.import.report(msg, context!(self)),
            Msg::Exporting(_) | Msg::ExportStopped | Msg::ExportFailed(_) => self.export.report(msg, context!(self)),
            Msg::Rows { .. }
            | Msg::Created { .. }
            | Msg::Recovered { .. }
            | Msg::Reading { .. }
            | Msg::StepsMade(_)
            | Msg::Saved(_)
            | Msg::StoreFailed { .. }
            | Msg::TakenBack { .. }
            | Msg::Held { .. }
            | Msg::Followed { .. }
            | Msg::Compared { .. }
            | Msg::LedgerChanged
            | Msg::Making { .. }
            | Msg::GoOn
            | Msg::RegistryChanged(_) => self.roster.report(msg, context!(self)),
            Msg::Made { .. } => {
                self.roster.report(msg, context!(self));
                // Whether to leave in the midst of it is no question any more.
                self.overlays.close_if(|o| matches!(o, Overlay::Confirm(asked) if asked.is_about(Confirm::Quit)));
            }
            Msg::ReadDone(end) if self.roster.is_read_by(end.job) => self.read_done(end),
            Msg::ReadFailed { job, failure } if self.import.is_latest(job) || self.roster.is_read_by(job) => {
                let is_of_several = self.import.is_of_several(job);
                self.import.fail(job);
                // Nothing is kept of a file that was refused at once.
                if self.roster.break_off(job) && !is_of_several {
                    self.let_go(false);
                }
                context!(self).fail(&failure);
                if is_of_several {
                    self.sheet_failed(job, &failure);
                } else if self.screen != Screen::Import {
                    self.import.stop_adding();
                }
            }
            Msg::Trouble(words) => {
                // What is told of the next sheet would take its place.
                if self.import.reads_several() {
                    self.import.note(words.clone());
                }
                context!(self).complain(words.clone());
                self.trouble = Some(words);
            }
            Msg::Grown { switched, batch } if self.roster.was_switched_by(switched) => {
                self.roster.recheck();
                self.import.open_batch(Some(batch), context!(self));
            }
            Msg::Pressing(count) => self.pressing = count,
            Msg::Lacks { batch, lacks: Some(lacks), .. } if self.roster.id() == Some(batch) => {
                self.export.take_lacks(lacks);
            }
            Msg::Today(told) => {
                let is_nothing = self.import.take_today(told, context!(self));
                if is_nothing {
                    self.import.browse(context!(self));
                }
                if is_nothing && self.is_new && !self.status.is_bad {
                    self.overlays.lay(Overlay::Tour(TourPane::default()));
                }
            }
            Msg::NothingStored => {
                self.import.end_opening();
                // Whoever has work to go on with is not led away from it.
                if self.is_new {
                    self.overlays.lay(Overlay::Tour(TourPane::default()));
                }
            }
            Msg::Exported(file) => self.exported(&file),
            Msg::ExportExists => self.ask_to_replace(),
            Msg::Worked { seq, answer } => self.take_work(seq, answer),
            Msg::Recipes(planned) => self.take_recipes(*planned),
            Msg::RecipeKept(Ok(told)) => context!(self).say(told),
            Msg::RecipeKept(Err(failure)) => context!(self).fail(&failure),
            Msg::Answers(read) => self.take_answers(*read),
            Msg::LookupReady(index) => self.overlays.take_index(index),
            Msg::Ledger { seq, answer } => self.ledger_answered(seq, answer),
            Msg::StoreChanged => self.ledger.renew(),
            Msg::Allocated { seq, entry } => {
                let was_awaited = self.roster.allocated(seq, entry, context!(self));
                if was_awaited {
                    self.ledger.renew();
                }
            }
            Msg::NotAllocated { seq, moved, failure } => self.not_allocated(seq, moved, &failure),
            Msg::Told(words) | Msg::Forgotten(Ok(words)) => context!(self).say(words),
            Msg::Forgotten(Err(failure)) => context!(self).fail(&failure),
            Msg::BackedUp(done) => {
                self.backing_up = false;
                match done {
                    Ok(words) => context!(self).say(words),
                    Err(failure) => context!(self).fail(&failure),
                }
                self.import.renew_today(context!(self));
            }
            Msg::NotCopied => self.clipboard.keep(self.import.folder(), context!(self)),
            Msg::CopyKept(Ok(path)) => {
                let text = self.locale.fill("copy.kept", &[("path", &path.to_string_lossy())]);
                context!(self).say(text);
            }
            Msg::CopyKept(Err(failure)) => context!(self).fail(&failure),
            Msg::Profiles { job } if self.import.is_latest(job) => {
                self.import.end_opening();
                self.show(Screen::Import);
                self.ask_for_profile(Choosing::FileProfile);
            }
            Msg::OtherContent { job, older, difference } if self.import.is_latest(job) => {
                self.import.take_versions(vec![(*older, 0)], KnownAs::Changed(difference));
                self.show(Screen::Import);
                self.status = StatusLine::default();
            }
            Msg::InBatches { job, batches } if self.import.is_latest(job) => {
                self.import.take_versions(batches, KnownAs::Held);
                self.show(Screen::Import);
                self.status = StatusLine::default();
            }
            Msg::HeaderRows { job, rows } if self.import.is_latest(job) => {
                self.import.take_first_rows(rows);
                self.show(Screen::Import);
                self.status = StatusLine::default();
            }
            Msg::Sheets { job, sheets, held } if self.import.is_latest(job) => {
                self.import.take_sheets(sheets, held, self.roster.id());
                self.show(Screen::Import);
                self.status = StatusLine::default();
            }
            _ => {}
        }
    }

    /// Changes the screen below the ledger, or the one on screen.
    pub(super) fn show(&mut self, screen: Screen) {
        match self.screen {
            Screen::Ledger => self.ledger.put_below(screen),
            _ => self.screen = screen,
        }
    }

    fn opened(&mut self, opened: RosterHead) {
        let is_stored = opened.stored.is_some();
        let missing = !opened.context.sheet().missing(&opened.columns).is_empty();
        let is_disputed = !opened.columns.disputes().is_empty();
        let is_guessed = opened.columns.has_open_column();
        let is_contradicted = opened.columns.source.iter().any(|c| c.contradicted().is_some());
        let is_doubtful = !opened.doubt.is_empty();
        let is_answers = opened.columns.anchors().is_some();
        if (is_answers || missing || is_disputed || is_guessed || is_doubtful)
            && !self.import.is_confirmed()
            && !is_stored
        {
            let doubt = opened.doubt.clone();
            self.import.ask_for_columns(opened);
            self.show(Screen::Import);
            if is_doubtful && !is_disputed {
                let words = self.told("status.still-to-add", &[("doubt", text::unstopped(&doubt))]);
                return context!(self).complain(words);
            }
            let key = match (is_disputed, missing) {
                _ if is_answers => "status.answers-list",
                (true, _) => self.import.unsettled_key(),
                (false, true) => "status.columns-missing",
                (false, false) if is_contradicted => "status.columns-contradicted",
                (false, false) => "status.columns-guessed",
            };
            return context!(self).warn(key);
        }
        let n = opened.columns.matched_count().to_string();
        let all = opened.context.sheet().columns.len().to_string();
        let aside = match opened.columns.source.iter().filter(|c| c.field.is_none()).count() {
            0 => String::new(),
            n => self.told("status.columns-aside", &[("n", &n.to_string())]),
        };
        let how = &opened.origin.beside.how;
        let is_remembered = how.columns == ColumnsBy::Remembered || how.header == HeaderBy::Remembered;
        let key = if is_remembered { "status.matched-remembered" } else { "status.matched" };
        self.status = StatusLine {
            text: self.told(key, &[("n", &n), ("all", &all), ("aside", &aside)]),
            is_bad: missing,
            is_miss: false,
        };
        // A question about the roster before is none about this one.
        let discards =
            |overlay: &Overlay| matches!(overlay, Overlay::Confirm(asked) if asked.is_about(Confirm::Discard));
        self.overlays.close_if(discards);
        self.line_question = None;
        self.export.renew();
        if self.import.begins_several() {
            self.begin_several(&opened);
        }
        self.roster.begin(opened, context!(self));
        self.show(Screen::Roster);
        self.import.rest();
    }

    /// Puts before a text what the user is to know of the roster besides its rows.
    fn with_notes(&self, text: String) -> String {
        let mut notes = self.roster.batch().map_or_else(Vec::new, |batch| self.locale.roster_notes_in_short(batch));
        if notes.is_empty() {
            return text;
        }
        notes.push(text);
        let text = notes.join(self.locale.text("finding.semicolon"));
        let others = self.roster.batch().map_or(&[][..], |batch| &batch.origin.beside.others);
        if others.iter().any(|sheet| sheet.looks_like_a_roster) {
            return self.told("status.other-rosters", &[("text", text::unstopped(&text))]);
        }
        text
    }

    /// Says under which profile the batch on screen is checked now.
    fn profile_changed(&self, before: &str, rows: &str) -> String {
        let Some(batch) = self.roster.batch() else { return String::new() };
        let profile = self.locale.profile_name(batch.context().profile());
        let key = if before == profile { "status.profile-kept" } else { "status.profile-changed" };
        self.locale.fill(key, &[("before", before), ("profile", profile), ("n", rows)])
    }

    fn read_done(&mut self, end: ReadEnd) {
        let changed = self.import.take_changed(end.job);
        let Some(arrived) = self.roster.finish(end) else { return };
        let rows = arrived.rows.to_string();
        // In the import pane the status is about another file.
        let is_on_screen = self.screen != Screen::Import;
        if arrived.is_stored {
            if is_on_screen {
                let words = match arrived.found.filter(|found| found.edits != 0) {
                    _ if arrived.added.is_some() => self.parts_added(arrived.added.unwrap_or_default()),
                    _ if changed.is_some() => self.profile_changed(changed.as_deref().unwrap_or_default(), &rows),
                    Some(WorkDone { when, edits, .. }) => {
                        self.locale.fill("status.found-again", &[("when", &when), ("n", &edits.to_string())])
                    }
                    None => self.locale.fill("status.resumed", &[("n", &rows)]),
                };
                // Or what was meant as commands would go into the cell.
                let words = if self.roster.typed().is_some() { self.told("status.half-typed", &[]) } else { words };
                let is_bad = self.roster.is_disputed();
                // What was said of the files before is known.
                let text = if arrived.added.is_some() && !is_bad { words } else { self.with_notes(words) };
                self.status = StatusLine { text, is_bad, is_miss: false };
            }
        } else {
            if is_on_screen {
                let before = std::mem::take(&mut self.status);
                let text = self.locale.rows_read(arrived.rows, arrived.skipped);
                let text = if self.is_new && !before.is_bad {
                    self.has_met();
                    self.told("status.first-time", &[("text", &text)])
                } else {
                    format!("{text}{}", before.text)
                };
                let is_bad = before.is_bad || self.roster.is_disputed();
                self.status = StatusLine { text: self.with_notes(text), is_bad, is_miss: false };
            }
            self.roster.complete(arrived.rows, context!(self));
            if is_on_screen && !self.import.reads_several() {
                self.ask_for_recipes(true);
            }
            self.stays = self.import.take_staying();
            if let Some(words) = &self.stays {
                self.status.text = [&*self.status.text, words].join(self.locale.text("finding.semicolon"));
            }
        }
        if !self.status.is_bad && self.mouse.take_news() {
            let places = [("text", self.status.text.trim_end_matches(['；', ';', ' ']))];
            let text = self.locale.fill("status.mouse-was-on", &places);
            context!(self).say(text);
        }
        self.import.told_added(arrived.added.is_none());
        self.roster.check_with_tables();
        self.roster.compare(context!(self));
        if let Some(words) = self.trouble.take() {
            self.tell_besides(words, arrived.added.is_some());
        }
        self.add_next_sheet();
        if let Some(from) = self.import.take_carries(self.roster.source()) {
            self.carry_over(from);
        }
    }

    /// Tells what is wrong besides; what came of a file that was added stays before it.
    fn tell_besides(&mut self, words: String, is_added: bool) {
        // Of several that are read one after the other it is told in the end.
        if self.import.reads_several() && is_added {
            return;
        }
        let before = text::unstopped(&self.status.text);
        let text = match before {
            before if is_added && !before.is_empty() => {
                format!("{before}{}{words}", self.locale.text("finding.semicolon"))
            }
            _ => words,
        };
        context!(self).complain(text);
    }

    /// Says what has come of the files that were added one after the other, up to the one that has just come, and what is to be
    /// known of each; of several only of those with errors or with rows that stand elsewhere, and how many all are.
    fn parts_added(&mut self, last: usize) -> String {
        let first = self.import.first_added(last);
        let Some(batch) = self.roster.batch() else { return String::new() };
        let numbers = first..=last;
        let (semicolon, all) = (self.locale.text("finding.semicolon"), last + 1 - first);
        let mut words: Vec<String> =
            numbers.clone().flat_map(|number| self.locale.notes_of_part(batch, number)).collect();
        let is_rosterlike =
            |number: usize| batch.part_alone(number).origin.beside.others.iter().any(|sheet| sheet.looks_like_a_roster);
        let has_rosters = numbers.clone().any(is_rosterlike);
        let found: Vec<PartFound> = numbers.clone().map(|number| batch.found_in(number)).collect();
        let is_worth =
            |found: &PartFound| all == 1 || found.errors != 0 || !found.codes.is_empty() || !found.persons.is_empty();
        let told = numbers.zip(&found).filter(|(_, found)| is_worth(found)).take(NAMED);
        words.extend(told.map(|(number, _)| self.part_added(number)));
        if 1 < all {
            let (rows, errors): (u32, usize) =
                (found.iter().map(|part| part.rows).sum(), found.iter().map(|part| part.errors).sum());
            let place = |part: &Part| self.locale.file_place(&part.origin.file, &part.origin.sheet);
            let named: Vec<String> = batch.roster().parts().iter().skip(first).take(all).map(place).collect();
            let places = named.join(self.locale.text("finding.comma"));
            let key = if all <= NAMED { "status.added-several" } else { "status.added-all" };
            let places = [
                ("places", &*places),
                ("parts", &all.to_string()),
                ("n", &rows.to_string()),
                ("errors", &errors.to_string()),
            ];
            words.push(self.locale.fill(key, &places));
        }
        let text = words.join(semicolon);
        if has_rosters {
            return self.told("status.other-rosters", &[("text", text::unstopped(&text))]);
        }
        text
    }

    /// Says what the rows are that were added, and what they share with those that were there.
    fn part_added(&self, number: usize) -> String {
        let Some(batch) = self.roster.batch() else { return String::new() };
        let Some(part) = batch.roster().parts().get(number) else { return String::new() };
        let found = batch.found_in(number);
        let place = self.locale.file_place(&part.origin.file, &part.origin.sheet);
        let places = [("place", &*place), ("n", &found.rows.to_string()), ("errors", &found.errors.to_string())];
        let mut words = vec![self.locale.fill("status.added", &places)];
        for (key, field, rows) in
            [("status.added-codes", Field::Code, &found.codes), ("status.added-persons", Field::Name, &found.persons)]
        {
            if !rows.is_empty() {
                let named: Vec<String> =
                    rows.iter().take(NAMED).map(|row| self.roster.shown_cell(*row, field).into_owned()).collect();
                let named = named.join(self.locale.text("finding.comma"));
                words.push(self.locale.fill(key, &[("n", &rows.len().to_string()), ("named", &named)]));
            }
        }
        words.join(self.locale.text("finding.semicolon"))
    }

    /// Takes note that the person has been told of the tour.
    pub(super) fn has_met(&mut self) {
        if std::mem::take(&mut self.is_new) {
            self.out.push(Effect::Remember { name: "tour", value: "true" });
        }
    }

    /// Asks before an existing file is replaced.
    fn ask_to_replace(&mut self) {
        self.export.end();
        // Nothing is being written while the question stands.
        self.status = StatusLine::default();
        let question = self.locale.fill("ui.confirm.replace", &[("path", self.export.path().text())]);
        self.overlays.confirm(question, Confirm::Replace);
    }

    fn exported(&mut self, file: &WrittenFile) {
        self.export.written(file, context!(self));
        if file.noted.as_ref().is_ok_and(|noted| noted.marked != 0) {
            self.roster.compare(context!(self));
        }
        if self.screen == Screen::Export {
            self.screen = Screen::Roster;
        }
        self.ledger.renew();
    }

    /// The store has not taken the numbers; when the ledger has moved since the plan a new one is asked for.
    fn not_allocated(&mut self, seq: u64, moved: bool, failure: &Failure) {
        let Some(wish) = self.roster.not_allocated(seq) else { return };
        // Whoever is elsewhere by now is told, and asks again.
        if moved && self.screen == Screen::Roster && !self.overlays.is_open() {
            let intent = self.overlays.ask_for_plan(wish, true, &self.roster, context!(self));
            self.fulfil(intent);
        }
        context!(self).fail(failure);
    }

    fn ledger_answered(&mut self, seq: u64, answer: LedgerAnswer) {
        match self.ledger.answered(seq, answer, context!(self)) {
            FollowUp::ForOverlay(LedgerAnswer::Decoded(code, held)) => self.overlays.take_decoded(code, held),
            FollowUp::ForOverlay(LedgerAnswer::Planned(plan, barred, jump)) => {
                let to = context!(self);
                self.overlays.take_plan(*plan, (barred.as_ref(), jump), &self.roster, to);
            }
            FollowUp::ForOverlay(LedgerAnswer::Reached(Reached { refused: Some(refused), .. })) => {
                // Nobody is asked whether to do what would not be done.
                if self.overlays.awaits_reach() {
                    self.ask_anew(refused.question);
                    context!(self).fail(&refused.why);
                }
            }
            FollowUp::ForOverlay(LedgerAnswer::Judged(Some(refused))) => self.refuse_answer(&refused),
            FollowUp::ForOverlay(LedgerAnswer::Proof(lines)) => self.take_proof(lines),
            FollowUp::ForOverlay(LedgerAnswer::Printed(lines)) => self.take_printed(lines),
            FollowUp::ForOverlay(LedgerAnswer::Reached(reach)) => self.overlays.take_reach(&reach),
            FollowUp::Refused(refused) => {
                self.ask_again(refused.question, false);
                context!(self).fail(&refused.why);
            }
            FollowUp::ForOverlay(LedgerAnswer::Barred(kind, subject, bars)) => self.begin_barred(kind, subject, bars),
            FollowUp::ForOverlay(LedgerAnswer::Paper(page)) => self.overlays.take_paper(*page),
            FollowUp::ForOverlay(LedgerAnswer::PaperDone(done)) => self.take_paper_done(done),
            FollowUp::Taken | FollowUp::ForOverlay(_) => {}
            FollowUp::Done { entry, opened, marked, told } => {
                // The front page may lie below.
                self.renew_what_is_noted();
                self.plan_again();
                // A list that was searched by the status of before has them no longer.
                let key = match (marked, opened) {
                    (Some(_), _) => "status.ledger-marked",
                    (_, Some(_)) => "status.case-opened",
                    _ => "status.ledger-done",
                };
                let case = opened.map_or_else(String::new, |id| id.to_string());
                let status = marked.map_or("", |status| self.locale.status(status));
                let done = self.told(key, &[("entry", &entry.to_string()), ("status", status), ("case", &case)]);
                context!(self).say(if told.is_empty() { done } else { told });
            }
            FollowUp::Failed(kind, failure) => {
                if kind == RequestKind::Plan {
                    self.overlays.close_if(|overlay| matches!(overlay, Overlay::Plan(_)));
                }
                if matches!(kind, RequestKind::CompareBlanks | RequestKind::Draft) {
                    self.ask_again(None, false);
                }
                if matches!(kind, RequestKind::Paper | RequestKind::PaperAct) {
                    self.overlays.paper_failed();
                }
                if matches!(kind, RequestKind::Do | RequestKind::PrintData) {
                    // A rule that gives way to a reason says so.
                    self.ask_again(None, failure.kind == FailureKind::Rule && !failure.here.is_empty());
                }
                // Nobody is asked about what nobody can tell the reach of: the question before is there again.
                if kind == RequestKind::Reach && self.overlays.awaits_reach() {
                    self.ask_back();
                }
                context!(self).fail(&failure);
            }
        }
    }
}

//! Checklists (材料清单): what of them is ready, on paper and as files, and whether attached files still are what they were.

use std::path::Path;

use super::{FactSheet, Office, Session};
use crate::domain::fact::{AttachedFile, Checklist, ChecklistItem, PaperForm, TICK_SIGN, YES};
use crate::domain::ledger::event::Thing;
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;
use crate::failure::{Failure, FailureKind};
use crate::formats::attachment::{AttachmentFault, MOST_ATTACHED, must_be};
use crate::formats::read_back::digest;
use crate::words::Lang;

/// A list and how far it is ready.
#[derive(Debug, Clone)]
pub struct CheckedList {
    pub list: Checklist,
    pub items: Vec<CheckedItem>,
}

/// Something on a list, in each of its forms.
#[derive(Debug, Clone)]
pub struct CheckedItem {
    pub item: ChecklistItem,
    pub forms: Vec<CheckedForm>,
}

/// Whether something is ready in one form.
#[derive(Debug, Clone)]
pub struct CheckedForm {
    pub form: PaperForm,
    /// What names it when it is ticked: `papers.notice.pdf`.
    pub tick: String,
    pub is_ready: bool,
    pub file: Option<(AttachedFile, FileState)>,
}

vocabulary! {
    /// What became of an attached file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum FileState {
        Same = "same",
        /// It has other bytes than it had.
        Changed = "changed",
        /// It is not there, or cannot be read.
        Gone = "gone",
    }
}

impl CheckedList {
    /// Counts what is not ready yet; a file that is gone or was changed is not.
    pub fn left(&self) -> usize {
        let is_sound = |form: &&CheckedForm| form.file.as_ref().is_none_or(|(_, state)| *state == FileState::Same);
        let forms = || self.items.iter().flat_map(|item| &item.forms);
        forms().count() - forms().filter(|form| form.is_ready).filter(is_sound).count()
    }
}

impl Session {
    /// Gives the checklists of a thing as its notice has them, and how far each is ready.
    ///
    /// # Errors
    /// The thing is not on record.
    pub fn checklists(&self, thing: &Thing) -> Result<Vec<CheckedList>, Failure> {
        let sheet = self.fact_sheet(thing)?;
        let Some(profile) = &sheet.profile else { return Ok(Vec::new()) };
        // An institution has its category in its prefix; a batch has that of its codes, where it has any yet.
        let category = match thing {
            Thing::Institution(prefix) => prefix.chars().next(),
            _ => None,
        };
        let is_of = |list: &&Checklist| {
            let is_of_category = list.category.is_empty() || category.is_none_or(|of| list.category.starts_with(of));
            list.of == thing.kind() && is_of_category
        };
        Ok(profile.checklists.iter().filter(is_of).map(|list| checked(list, &sheet)).collect())
    }

    /// Ticks what is ready, takes ticks back, and attaches files, all of it or nothing; who attaches a file ticks it as well. Gives
    /// the entry's place in the audit chain; nothing where all of it stood so already.
    ///
    /// # Errors
    /// What is ticked is on no list, or not wanted in that form; a file cannot be read, or is none of the form it is attached to.
    pub fn tick(
        &self,
        thing: &Thing,
        (ready, not_ready, files): (&[String], &[String], &[(String, String)]),
        reason: &str,
    ) -> Result<Option<u64>, Failure> {
        let lists = self.checklists(thing)?;
        let all: Vec<(&CheckedItem, &CheckedForm)> = lists
            .iter()
            .flat_map(|list| list.items.iter().flat_map(|item| item.forms.iter().map(move |form| (item, form))))
            .collect();
        let known: Vec<String> = all.iter().map(|(_, form)| form.tick.clone()).collect();
        let mut facts: Vec<(String, String)> = Vec::new();
        let ticks = ready.iter().map(|tick| (tick, YES)).chain(not_ready.iter().map(|tick| (tick, "")));
        for (tick, value) in ticks {
            facts.push((self.known_tick(&known, tick)?, value.to_string()));
        }
        for (tick, path) in files {
            let tick = self.known_tick(&known, tick)?;
            if let Some((item, form)) = all.iter().find(|(_, form)| form.tick == tick) {
                self.office().may_be_attached((&item.item, form.form), path)?;
            }
            facts.push((format!("{tick}{TICK_SIGN}file"), path.clone()));
            facts.push((tick, YES.to_string()));
        }
        // Nothing is behind what is not ready.
        for tick in not_ready {
            let tick = self.known_tick(&known, tick)?;
            let file = format!("{tick}{TICK_SIGN}file");
            if self.fact_sheet(thing)?.fact(&file).is_some() {
                facts.push((file, String::new()));
            }
        }
        self.note_facts(thing, &facts, reason)
    }

    /// Finds what is ticked; the name of the list may be left out where only one has such an item.
    fn known_tick(&self, known: &[String], typed: &str) -> Result<String, Failure> {
        let typed = typed.trim();
        let tail = format!("{TICK_SIGN}{typed}");
        let found: Vec<&String> = known.iter().filter(|tick| **tick == typed || tick.ends_with(&tail)).collect();
        match found[..] {
            [only] => Ok(only.clone()),
            _ => {
                let office = self.office();
                let typed = text::visible(typed);
                let all = known.join(office.locale().text("finding.comma"));
                Err(office.usage("checklist.no-such-item", &[("item", &typed), ("items", &all)]))
            }
        }
    }
}

fn checked(list: &Checklist, sheet: &FactSheet) -> CheckedList {
    let value = |id: &str| sheet.fact(id).map_or("", |fact| fact.value.as_str());
    let of_form = |item: &ChecklistItem, form: PaperForm| {
        let tick = list.tick(item, form);
        let file = AttachedFile::read(value(&list.file(item, form)));
        let file = file.map(|file| {
            let state = state_of(&file);
            (file, state)
        });
        CheckedForm { form, is_ready: value(&tick) == YES, tick, file }
    };
    let of_item = |item: &ChecklistItem| CheckedItem {
        item: item.clone(),
        forms: item.forms.iter().map(|form| of_form(item, *form)).collect(),
    };
    CheckedList { list: list.clone(), items: list.item.iter().map(of_item).collect() }
}

/// Looks at a file that was attached.
fn state_of(file: &AttachedFile) -> FileState {
    match digest(Path::new(&file.path)) {
        Ok((sha256, _)) if sha256 == file.sha256 => FileState::Same,
        Ok(_) => FileState::Changed,
        Err(_) => FileState::Gone,
    }
}

impl Office {
    /// Refuses a file that is none of the form an item is handed in as: nothing is attached to paper.
    fn may_be_attached(&self, (item, form): (&ChecklistItem, PaperForm), path: &str) -> Result<(), Failure> {
        let locale = self.locale();
        let path = Path::new(path.trim());
        let file = text::visible(&path.to_string_lossy()).into_owned();
        let size = (MOST_ATTACHED >> 20).to_string();
        let name = if locale.lang == Lang::Zh { &item.name } else { &item.name_en };
        let places =
            [("item", &*text::visible(name)), ("form", locale.paper_form(form)), ("file", &file), ("most", &size)];
        if !form.is_file() {
            return Err(self.usage("checklist.no-file", &places));
        }
        let key = match must_be(path, form) {
            Ok(()) => return Ok(()),
            Err(AttachmentFault::Unread(e)) => return Err(locale.unread(path, &e)),
            Err(AttachmentFault::Damaged) => "checklist.file-damaged",
            Err(AttachmentFault::Empty) => "checklist.file-empty",
            Err(AttachmentFault::TooLarge) => "checklist.file-large",
            Err(AttachmentFault::OtherKind) => "checklist.file-other",
        };
        Err(Failure::new(FailureKind::File, locale.fill(key, &places), ""))
    }
}

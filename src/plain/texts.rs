//! How a question is told: what it is about, its list ten lines at a time, what can be done, and what is asked.

use super::topic::Topic;
use super::{PAGE, Talk};
use crate::app::import::WantedFor;
use crate::app::overlay::{LookupPane, Overlay, SummaryPane, ValuesPane};

impl Talk {
    /// Tells a topic and asks its question; what can be done is listed only `in_full`, for it is long and stays the same.
    pub(super) fn tell(&mut self, topic: Topic, in_full: bool) {
        if std::mem::take(&mut self.repeating) {
            let question = self.question(topic);
            return self.say(&question);
        }
        self.tell_heading(topic);
        let from = self.first(topic);
        let lines = self.lines(topic, from);
        let (until, count) = (from + lines.len(), self.count(topic));
        if lines.len() < count {
            let places = [from + 1, until, count].map(|n| n.to_string());
            let places = [("from", &*places[0]), ("to", &*places[1]), ("all", &*places[2])];
            self.say_filled("plain.page", &places);
        }
        let picked = if is_picked(topic) { lines.len() } else { 0 };
        for (i, line) in lines.iter().enumerate() {
            match picked {
                0 => self.say(line),
                _ => self.say(&format!("{}. {line}", i + 1)),
            }
        }
        let explained = std::mem::take(&mut self.explaining);
        let acts: Vec<_> = self.choices(topic).into_iter().filter(|c| c.numbered && !c.name.is_empty()).collect();
        if in_full || explained {
            for (i, choice) in acts.iter().enumerate() {
                let number = (picked + i + 1).to_string();
                let mut places = vec![("n", number.as_str()), ("title", &choice.title), ("name", &choice.name)];
                let help = self.app.locale.text(&format!("plain.help.{}", choice.name)).to_string();
                places.push(("help", &help));
                self.say_filled(if explained { "plain.act-explained" } else { "plain.act-line" }, &places);
            }
            self.listed.push(topic);
        }
        let mut question = self.question(topic);
        if until < count {
            question += self.app.locale.text("plain.enter-goes-on");
        } else if !in_full && !explained && !acts.is_empty() {
            question += self.app.locale.text("plain.enter-lists");
        }
        self.say(&question);
    }

    /// Explains a topic; what can be done is then listed with a sentence each.
    pub(super) fn explain(&mut self, topic: Topic) {
        let about = format!("plain.about.{}", topic.name());
        self.say_key(&about);
        self.say_key(if topic.takes_text() { "plain.about-text" } else { "plain.about-choice" });
        self.explaining = true;
    }

    fn tell_heading(&mut self, topic: Topic) {
        match topic {
            Topic::Files => {
                let path = self.app.import.folder().to_string_lossy().into_owned();
                self.say_filled("ui.import.folder", &[("path", &path)]);
                if self.count(topic) == 0 {
                    self.say_key("ui.import.nothing");
                }
            }
            Topic::Batches => self.tell_batches(),
            Topic::Sheets => self.say_key("plain.sheets"),
            Topic::Versions => {
                for line in self.app.import.version_lines(&self.app.locale) {
                    self.say(&line);
                }
            }
            Topic::Header => self.tell_header(),
            Topic::Columns => self.tell_columns(),
            Topic::Fields => self.tell_target(),
            Topic::Profiles => self.tell_profile(),
            Topic::Answers | Topic::Recipes | Topic::Choice => {
                if let Some(Overlay::Choose(pane)) = self.app.overlays.open() {
                    let (title, question) = (pane.title().to_string(), pane.question_key());
                    self.say(&title);
                    if topic == Topic::Choice {
                        self.say_key(question);
                    }
                }
            }
            Topic::Menu => self.tell_roster(),
            Topic::Counts | Topic::Findings | Topic::Rows => self.tell_shown(topic),
            Topic::Row => self.tell_cell(),
            Topic::Record => self.tell_record(),
            Topic::History if self.count(topic) == 0 => self.say_key("ui.history.none"),
            Topic::Value | Topic::Resumed => self.tell_edit(topic),
            Topic::Preview => self.tell_preview(),
            Topic::Confirm => self.tell_question(),
            Topic::Plan => self.tell_plan(),
            Topic::Decode => self.tell_decoded(),
            Topic::LookUp => self.tell_found(),
            Topic::Values | Topic::ValueGroup | Topic::ReplaceWhat | Topic::ReplaceBy => self.tell_values(topic),
            Topic::Summary => self.tell_summary(),
            Topic::Papers | Topic::Page => self.tell_papers(),
            Topic::What => self.tell_blocked(),
            _ => {}
        }
    }

    /// Gives the line that asks.
    fn question(&self, topic: Topic) -> String {
        match topic {
            Topic::Files if self.app.import.adds_to().is_some() => {
                let batch = self.app.import.adds_to().unwrap_or_default();
                self.app.locale.fill("plain.ask.files-to-add", &[("batch", batch)])
            }
            Topic::Files => {
                let key = match self.app.import.wanted_for() {
                    WantedFor::Opening => "plain.ask.files",
                    WantedFor::Answers => "plain.ask.files-for-answers",
                    WantedFor::Filling => "plain.ask.files-for-filling",
                    WantedFor::Comparing => "plain.ask.files-for-comparing",
                    WantedFor::NextVersion(_) => "plain.ask.files-for-next-version",
                };
                self.app.locale.text(key).to_string()
            }
            Topic::Typed => self.typed_question(),
            Topic::PaperText => self.paper_question(),
            Topic::Path => self.app.locale.fill("plain.ask.path", &[("path", self.app.export.path().text())]),
            Topic::Word => self.app.locale.fill("plain.ask.word", &[("word", self.word())]),
            _ => self.app.locale.text(&format!("plain.ask.{}", topic.name())).to_string(),
        }
    }

    /// Counts the lines of a topic's list.
    pub(super) fn count(&self, topic: Topic) -> usize {
        match topic {
            Topic::Files => self.app.import.shown().len(),
            Topic::Batches => self.app.import.batches().len(),
            Topic::Sheets => self.app.import.sheets().len(),
            Topic::Versions => self.app.import.version_choices(&self.app.locale).len(),
            Topic::Header => self.app.import.row_lines().len(),
            Topic::Encodings => self.encodings().len(),
            Topic::Import => self.import_lines().len(),
            Topic::Columns => self.app.import.columns().source.len(),
            Topic::Fields => self.fields().len(),
            Topic::Profiles => self.app.profiles.len(),
            Topic::Answers | Topic::Recipes | Topic::Choice => self.choice_lines().len(),
            Topic::Counts | Topic::Findings | Topic::Rows => self.count_shown(topic),
            Topic::Record => self.app.roster.grid().fields.len(),
            Topic::History => self.steps().len(),
            Topic::Preview => self.count_previewed(),
            Topic::Plan => self.refused_lines().len(),
            Topic::LookUp => self.found().map_or(0, LookupPane::count),
            Topic::Values => self.values().map_or(0, ValuesPane::count_shown),
            Topic::ValueGroup => self.form_lines().len(),
            Topic::Summary => self.summary().map_or(0, SummaryPane::count),
            Topic::Papers | Topic::Page => self.count_paper_lines(),
            Topic::What => self.what_lines().len(),
            Topic::Format => 3,
            _ => 0,
        }
    }

    /// Gives the end of the lines that are told.
    pub(super) fn shown_until(&self, topic: Topic) -> usize {
        self.first(topic).saturating_add(page(topic)).min(self.count(topic))
    }

    /// Gives the lines that are told of a topic's list.
    pub(super) fn lines(&self, topic: Topic, from: usize) -> Vec<String> {
        let most = page(topic);
        match topic {
            Topic::Files => self.file_lines(from, most),
            Topic::Batches => self.batch_lines(from, most),
            Topic::Sheets => self.sheet_lines(from, most),
            Topic::Versions => self.app.import.version_choices(&self.app.locale),
            Topic::Header => self.app.import.row_lines().into_iter().skip(from).take(most).collect(),
            Topic::Encodings => self.encodings().into_iter().skip(from).take(most).collect(),
            Topic::Import => self.import_lines().into_iter().skip(from).take(most).collect(),
            Topic::Columns => self.column_lines(),
            Topic::Fields => self.field_lines(),
            Topic::Profiles => self.profile_lines(from, most),
            Topic::Answers | Topic::Recipes | Topic::Choice => {
                self.choice_lines().into_iter().skip(from).take(most).collect()
            }
            Topic::Counts => self.entry_lines(from, most),
            Topic::Findings => self.finding_lines(from, most),
            Topic::Rows => self.row_lines(from, most),
            Topic::Record => self.record_lines(),
            Topic::History => self.history_lines(from, most),
            Topic::Preview => self.edit_lines(from, most),
            Topic::Plan => self.refused_lines().iter().skip(from).take(most).cloned().collect(),
            Topic::LookUp => self.hit_lines(from, most),
            Topic::Values => self.value_lines(from, most),
            Topic::ValueGroup => self.form_lines().into_iter().skip(from).take(most).collect(),
            Topic::Summary => self.summary_lines(from, most),
            Topic::Papers | Topic::Page => self.paper_lines(from, most),
            Topic::What => self.what_lines(),
            Topic::Format => self.format_lines(),
            _ => Vec::new(),
        }
    }
}

/// Tells whether a line of a topic's list can be chosen; those of the others are only told.
pub(super) fn is_picked(topic: Topic) -> bool {
    !matches!(topic, Topic::History | Topic::Preview | Topic::Plan | Topic::LookUp | Topic::Page)
}

/// Gives how many lines of a topic's list are told at once; of what is one thing, all.
pub(super) fn page(topic: Topic) -> usize {
    match topic {
        Topic::Record | Topic::Fields | Topic::Columns | Topic::Import => usize::MAX,
        _ => PAGE,
    }
}

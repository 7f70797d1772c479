//! Files that are written (导出): what, as which kind of file, where to.

use super::Talk;
use super::topic::Topic;
use crate::app::Screen;
use crate::app::command::Command;
use crate::app::export::ExportLine;
use crate::app::msg::{ExportEncoding, ExportFormat, ExportWhat};
use crate::domain::rules::Severity;

const WHAT: [(ExportWhat, &str); 9] = [
    (ExportWhat::Upload, "ui.export.upload"),
    (ExportWhat::UploadPart, "ui.export.part"),
    (ExportWhat::Findings, "ui.export.findings"),
    (ExportWhat::Public, "public.what"),
    (ExportWhat::UploadReturned, "ui.export.returned"),
    (ExportWhat::UploadUnexported, "ui.export.unexported"),
    (ExportWhat::Answers, "ui.export.answers"),
    (ExportWhat::AnswersMasked, "ui.export.answers-masked"),
    (ExportWhat::Summary, "summary.sheet"),
];
const FORMATS: [(ExportFormat, ExportEncoding, &str); 3] = [
    (ExportFormat::Xlsx, ExportEncoding::Utf8Bom, "ui.export.xlsx"),
    (ExportFormat::Csv, ExportEncoding::Utf8Bom, "plain.csv-utf8"),
    (ExportFormat::Csv, ExportEncoding::Gb18030, "plain.csv-gb18030"),
];

impl Talk {
    pub(super) fn tell_blocked(&mut self) {
        let errors = self.app.roster.batch().map_or(0, |b| b.findings().count(Severity::Error));
        if errors != 0 {
            self.say_filled("plain.export-blocked", &[("n", &errors.to_string())]);
        }
        for lack in self.app.export.lacks().to_vec() {
            let word = self.app.locale.fact_strength(lack.strength).to_string();
            self.say(&format!("{word}  {}", lack.told));
        }
    }

    pub(super) fn what_lines(&self) -> Vec<String> {
        WHAT.map(|(_, key)| self.app.locale.text(key).to_string()).to_vec()
    }

    pub(super) fn format_lines(&self) -> Vec<String> {
        FORMATS.map(|(_, _, key)| self.app.locale.text(key).to_string()).to_vec()
    }

    pub(super) fn take_what(&mut self, at: usize) {
        let Some((what, _)) = WHAT.get(at) else { return };
        // The choice goes round; whoever stands elsewhere turns on until it is there.
        for _ in ExportWhat::ALL {
            if self.app.export.what() != *what {
                self.turn_choice(ExportLine::What);
            }
        }
        // An upload table that cannot be written is refused before more is asked.
        let is_blocked = self.app.roster.batch().is_some_and(|b| b.first_blocking().is_some());
        if *what == ExportWhat::Upload && is_blocked {
            return self.write();
        }
        if let Some(told) = self.app.export.returned().map(String::from) {
            self.say(&told);
        }
        self.writing = Topic::Format;
    }

    pub(super) fn take_format(&mut self, at: usize) {
        let Some((format, encoding, _)) = FORMATS.get(at) else { return };
        if self.app.export.format() != *format {
            self.turn_choice(ExportLine::Format);
        }
        if self.app.export.encoding() != *encoding {
            self.turn_choice(ExportLine::Encoding);
        }
        self.writing = Topic::Path;
    }

    fn turn_choice(&mut self, line: ExportLine) {
        self.app.export.choose(line);
        self.order(Command::NextChoice);
    }

    /// Has the file written; findings that stand in the way are gone to.
    pub(super) fn write(&mut self) {
        self.order(Command::StartExport);
        if self.app.screen == Screen::Roster && !self.app.export.is_busy() {
            self.go(Topic::Row);
        }
    }
}

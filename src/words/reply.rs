//! The reply of a site, in the user's words.

use super::Locale;
use crate::domain::ledger::action::StatusNoted;
use crate::domain::ledger::reply::{BarredRow, ReplyColumn, ReplyFault, TakenReply};
use crate::domain::ledger::{Bar, Status};
use crate::domain::sheet::Field;
use crate::domain::text;

/// So many reasons, and so many rows of each kind, are told one by one.
const TOLD: usize = 20;

impl Locale {
    pub fn reply_column(&self, column: ReplyColumn) -> &str {
        self.text(match column {
            ReplyColumn::Code => "reply.column.code",
            ReplyColumn::Name => "reply.column.name",
            ReplyColumn::IdNumber => "reply.column.id-number",
            ReplyColumn::Result => "reply.column.result",
            ReplyColumn::Reason => "reply.column.reason",
        })
    }

    /// Tells one step of a batch: handed in, or what a reply said of it.
    pub fn handed_in(&self, user: &str, noted: &StatusNoted, reason: &str) -> String {
        let (day, n) = (noted.on.to_string(), noted.count.to_string());
        let user = text::visible(text::signed_by(user));
        let mut told = self
            .fill("reply.handed", &[("day", &day), ("status", self.status(noted.status)), ("n", &n), ("user", &user)]);
        let file = noted.reply.as_ref().map_or("", |reply| &reply.file);
        for (key, said) in [("reply.handed-to", &*noted.to), ("reply.receipt", &noted.receipt), ("reply.by", file)] {
            if !said.is_empty() {
                told += &self.fill(key, &[("text", &text::visible(said))]);
            }
        }
        if !noted.past.is_empty() {
            told += &self.fill("reply.past", &[("past", &text::visible(&noted.past))]);
        }
        if !reason.is_empty() {
            told += &self.fill("reply.because", &[("text", &Locale::reason(reason, true))]);
        }
        told
    }

    /// Tells why a row of a reply cannot be taken.
    pub fn reply_fault(&self, fault: &ReplyFault) -> String {
        let key = format!("reply.fault.{}", fault.key());
        match fault {
            ReplyFault::Word(word) => {
                // Cells that slipped by one may hold anything.
                self.fill(&key, &[("word", &text::visible(&Field::Code.masked(word)))])
            }
            ReplyFault::OtherBatch(Some(batch)) => self.fill(&key, &[("batch", &batch.to_string())]),
            ReplyFault::OtherBatch(None) => self.text("reply.fault.no-batch").to_string(),
            ReplyFault::Contradicts(line) => self.fill(&key, &[("row", &line.to_string())]),
            ReplyFault::Barred(Bar::Status(Status::Exported), Status::Accepted | Status::Published) => {
                self.text("reply.fault.not-submitted").to_string()
            }
            ReplyFault::Barred(bar, next) => {
                self.barred("", *bar, *next).trim_start_matches(['：', ':', ' ']).to_string()
            }
            _ => self.text(&key).to_string(),
        }
    }

    /// The same, with the row and the code.
    pub fn barred_row(&self, row: &BarredRow) -> String {
        let code = row.code.map(|code| code.to_string()).unwrap_or_default();
        let told = self.fill(
            "reply.row",
            &[("row", &row.line.to_string()), ("code", &code), ("why", &self.reply_fault(&row.fault))],
        );
        told.replace("  ", " ")
    }

    /// Tells what came of a reply, or would come of it; `is_left` where rows stand against it that are left out.
    pub fn reply_told(&self, file: &str, taken: &TakenReply, (is_tried, is_taken): (bool, bool)) -> Vec<String> {
        let comma = self.text("finding.comma");
        let counted = |(status, n): (&Status, &u64)| format!("{} {n}", self.status(*status));
        let mut parts: Vec<String> = taken.taken.iter().map(counted).collect();
        for (key, n) in [("reply.same", taken.same), ("reply.waiting", taken.waiting), ("reply.silent", taken.silent)] {
            if n != 0 {
                parts.push(self.fill(key, &[("n", &n.to_string())]));
            }
        }
        if parts.is_empty() {
            parts.push(self.text("reply.none").to_string());
        }
        let batches: Vec<String> = taken.batches.iter().map(ToString::to_string).collect();
        let key = if batches.is_empty() { "reply.head" } else { "reply.head-of-batch" };
        let places =
            [("file", &*text::visible(file)), ("batches", &batches.join(comma)), ("counts", &parts.join(comma))];
        let mut lines = vec![self.fill(key, &places)];
        let mut reasons: Vec<(&String, &u64)> = taken.reasons.iter().collect();
        reasons.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
        let more = |lines: &mut Vec<String>, n: usize| {
            if TOLD < n {
                lines.push(format!("  {}", self.fill("reply.more", &[("n", &(n - TOLD).to_string())])));
            }
        };
        for (why, n) in reasons.iter().take(TOLD) {
            let why = Locale::reason(why, true);
            lines.push(format!("  {}", self.fill("reply.reason", &[("n", &n.to_string()), ("why", &why)])));
        }
        more(&mut lines, reasons.len());
        if !taken.barred.is_empty() {
            let key = if is_taken { "reply.rows-left" } else { "reply.rows-against" };
            lines.push(self.fill(key, &[("n", &taken.barred.len().to_string())]));
            lines.extend(taken.barred.iter().take(TOLD).map(|row| format!("  {}", self.barred_row(row))));
            more(&mut lines, taken.barred.len());
        }
        let entries: Vec<String> = taken.entries.iter().map(ToString::to_string).collect();
        lines.push(match (is_taken, is_tried, entries.as_slice()) {
            (false, ..) => {
                let may_be_left = taken.barred.iter().all(|row| row.fault.may_be_left());
                self.text(if may_be_left { "reply.not-taken-may-leave" } else { "reply.not-taken" }).to_string()
            }
            (true, true, _) => self.text("reach.dry").to_string(),
            (true, false, []) => self.text("reply.nothing-new").to_string(),
            (true, false, [one]) => self.fill("reply.taken", &[("entries", one)]),
            (true, false, [first, .., last]) => {
                self.fill("reply.taken-several", &[("first", first), ("last", last), ("n", &entries.len().to_string())])
            }
        });
        lines
    }
}

//! Certificates (证书): searched, listed, and each with its life and its cases.

use super::content::{Content, stale};
use super::form::{EventSubject, FormSubject};
use super::form_question::FormKind;
use super::full_list::FullList;
use super::paged::Paged;
use super::request::{CaseLine, CertificateDetail, LedgerAnswer, LedgerRequest, RequestKind};
use super::{Ledger, OpenPage};
use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::key::Chord;
use crate::app::prompt::Prompt;
use crate::domain::code::CertCode;
use crate::domain::ledger::event::Thing;
use crate::domain::ledger::search::CertificateQuery;
use crate::domain::ledger::{Certificate, Status};
use crate::domain::wrap::wrap;
use crate::words::Locale;

pub const SHOWN_BY: Command = Command::ShowCertificates;

/// The room for a value on a screen of 80 columns.
const NARROW: usize = 66;

#[derive(Debug, Default)]
pub struct List {
    pub found: Paged<Certificate>,
    /// What certificates are searched by.
    pub search: Prompt,
    /// What was searched for, part by part, in words.
    pub parts: Vec<String>,
    /// What all that was listed was marked with, as long as the search stays the same.
    pub marked: Option<Status>,
    /// Whether keys go into the search.
    pub is_searching: bool,
}

/// A certificate in full.
#[derive(Debug)]
pub struct Page {
    pub code: CertCode,
    /// The record, its life and its cases; one at most.
    pub file: FullList<CertificateDetail>,
    /// The cursor among what happened and the cases.
    pub at: usize,
}

/// Tells whether two lines are about the same certificate.
pub(super) fn is_same(a: &Certificate, b: &Certificate) -> bool {
    a.code == b.code
}

impl Content for List {
    fn place(&self) -> Place {
        if self.is_searching { Place::Find } else { Place::Certificates }
    }

    fn above(&self) -> u16 {
        2
    }

    fn count(&self) -> usize {
        self.found.count()
    }

    fn known(&self) -> (usize, bool) {
        self.found.known()
    }

    fn at(&self) -> usize {
        self.found.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.found.at
    }

    fn certificate(&self) -> Option<&Certificate> {
        self.found.current()
    }

    fn thing(&self) -> Option<EventSubject> {
        self.certificate().and_then(batch_of)
    }

    fn opens(&self) -> Option<OpenPage> {
        self.found.current().map(|one| OpenPage::certificate(one.code))
    }

    fn seek_end(&mut self, is_sought: bool) {
        self.found.seek_end(is_sought);
    }

    fn take_stop(&mut self) -> bool {
        self.found.take_stop()
    }

    fn renew(&mut self) {
        self.found.renew();
    }

    fn wants(&mut self, height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        let from = if is_free(RequestKind::Certificates) { self.found.wanted(height)? } else { return None };
        Some(LedgerRequest::Certificates { query: CertificateQuery::new(self.searched()), from })
    }

    fn take(&mut self, answer: &LedgerAnswer, height: usize) {
        if let LedgerAnswer::Certificates(rows, parts) = answer {
            self.parts.clone_from(parts);
            self.found.take(rows.clone(), height, is_same);
        }
    }
}

impl List {
    fn searched(&self) -> &str {
        self.search.text().trim()
    }
}

impl Page {
    pub(super) fn new(code: CertCode) -> Page {
        Page { code, file: FullList::default(), at: 0 }
    }

    fn file(&self) -> Option<&CertificateDetail> {
        self.file.lines().first()
    }
}

impl Content for Page {
    fn place(&self) -> Place {
        Place::CertificatePage
    }

    fn above(&self) -> u16 {
        let Some(CertificateDetail { certificate, blank, .. }) = self.file() else { return 9 };
        let holder = &certificate.holder;
        // The names of both bodies are often longer than a line.
        let lines = |text: &str| wrap(text, NARROW).len().max(1);
        let names = lines(&holder.institution) + lines(&holder.issuing_body);
        let blank = if blank.is_empty() { 0 } else { lines(blank) };
        7 + (names + blank) as u16 + u16::from(certificate.reissued_on.is_some())
    }

    fn count(&self) -> usize {
        self.file().map_or(0, |file| file.life.len() + file.cases.len())
    }

    fn at(&self) -> usize {
        self.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    fn certificate(&self) -> Option<&Certificate> {
        self.file().map(|file| &file.certificate)
    }

    fn thing(&self) -> Option<EventSubject> {
        self.certificate().and_then(batch_of)
    }

    /// Gives the case under the cursor.
    fn case(&self) -> Option<&CaseLine> {
        let file = self.file()?;
        file.cases.get(self.at.checked_sub(file.life.len())?)
    }

    fn opens(&self) -> Option<OpenPage> {
        self.case().map(|line| OpenPage::case(line.case.id))
    }

    fn renew(&mut self) {
        self.file.is_stale = true;
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        stale(&self.file, is_free, LedgerRequest::Certificate(self.code))
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        if let LedgerAnswer::Certificate(file) = answer
            && file.certificate.code == self.code
        {
            self.file.take(vec![CertificateDetail::clone(file)], |_, _| true);
        }
    }
}

/// Gives the batch that a certificate is of.
fn batch_of(certificate: &Certificate) -> Option<EventSubject> {
    let (batch, _) = certificate.row?;
    Some(EventSubject { thing: Thing::Batch(batch), profile: String::new(), meant: None, may_be_explained: true })
}

impl Ledger {
    /// Takes a key that is typed into the search.
    pub fn search_key(&mut self, chord: Chord) {
        if self.lists.certificates.search.key(chord) {
            self.search_anew();
        }
    }

    pub fn paste_search(&mut self, text: &str) {
        self.lists.certificates.search.insert(text);
        self.search_anew();
    }

    fn search_anew(&mut self) {
        self.lists.certificates.found = Paged::default();
        self.lists.certificates.marked = None;
        self.pending.remove(&RequestKind::Certificates);
    }

    /// Leaves the search, or what was found; tells whether there was anything to leave.
    pub(super) fn leave_search(&mut self) -> bool {
        let list = &mut self.lists.certificates;
        if std::mem::take(&mut list.is_searching) {
            return true;
        }
        if list.search.text().is_empty() {
            return false;
        }
        list.search = Prompt::default();
        self.search_anew();
        true
    }

    /// Gives what the certificates of the list were searched by.
    pub(super) fn searched(&self) -> &str {
        self.lists.certificates.searched()
    }
}

/// Runs a command about certificates; `None` where it is about something else.
pub(super) fn run(ledger: &mut Ledger, command: Command, to: &mut Context<'_>) -> Option<Intent> {
    let kind = match command {
        Command::FindCertificate => {
            let list = &mut ledger.lists.certificates;
            list.is_searching = true;
            // What was searched for gives way to what is typed; a move of the caret goes on with it.
            list.search = Prompt::chosen(list.search.text());
            return Some(Intent::Nothing);
        }
        Command::KeepSearch => {
            ledger.lists.certificates.is_searching = false;
            return Some(Intent::Nothing);
        }
        Command::CopyCertificate => {
            let code = ledger.content().certificate().map(|one| one.code.to_string());
            return Some(code.map_or(Intent::Nothing, Intent::Copy));
        }
        Command::MarkFound => {
            let (known, more) = ledger.content().known();
            return Some(Intent::AskForm(FormKind::Mark, FormSubject::Found(known, more)));
        }
        Command::TakeReply => return Some(Intent::AskForm(FormKind::Reply, FormSubject::Reply)),
        Command::VoidCertificate => FormKind::Void,
        Command::MarkCertificate => FormKind::Mark,
        Command::OpenCase => FormKind::Open,
        _ => return None,
    };
    let Some(certificate) = ledger.content().certificate() else { return Some(Intent::Nothing) };
    let (code, status) = (certificate.code, certificate.status);
    Some(match hindrance(kind, status, to.locale) {
        Some(why) => {
            to.complain(why);
            Intent::Nothing
        }
        None => Intent::AskForm(kind, FormSubject::Certificate(code, status)),
    })
}

/// Tells whether something can be done to a certificate of a status by a command.
pub(super) fn fits(command: Command, status: Status, locale: &Locale) -> bool {
    let kind = match command {
        Command::VoidCertificate => FormKind::Void,
        Command::MarkCertificate => FormKind::Mark,
        Command::OpenCase => FormKind::Open,
        _ => return true,
    };
    hindrance(kind, status, locale).is_none()
}

/// Tells why something cannot be done to a certificate.
fn hindrance(kind: FormKind, status: Status, locale: &Locale) -> Option<String> {
    match kind {
        FormKind::Void => (!status.may_become(Status::Void)).then(|| not_void(status, locale)),
        FormKind::Mark => {
            let is_next = |s: &Status| status.may_become(*s) && !matches!(s, Status::Void | Status::Revoked);
            let can_be_marked = Status::ALL.iter().any(is_next) && status != Status::Reserved;
            (!can_be_marked).then(|| locale.text("status.no-next-status").to_string())
        }
        _ => {
            let is_none = matches!(status, Status::Reserved | Status::Void | Status::Revoked);
            is_none.then(|| locale.text("status.no-case").to_string())
        }
    }
}

/// Tells that a certificate of a status cannot be made void, and what its status leaves to be done instead.
fn not_void(status: Status, locale: &Locale) -> String {
    let ways = [(Status::Returned, "status.return-first"), (Status::Revoked, "status.revoke-it")];
    let ways = ways.into_iter().filter(|(next, _)| status.may_become(*next)).map(|(_, key)| locale.text(key));
    let ways = ways.collect::<Vec<_>>().join(locale.text("status.or"));
    let key = if ways.is_empty() { "status.never-void" } else { "status.cannot-be-void" };
    locale.fill(key, &[("status", locale.status(status)), ("ways", &ways)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn a_certificate_that_is_not_made_void_is_told_only_what_can_be_done() {
        let locale = Locale::load(Lang::Zh);
        for status in Status::ALL.into_iter().filter(|status| !status.may_become(Status::Void)) {
            let told = hindrance(FormKind::Void, status, &locale).unwrap();
            assert!(told.contains(locale.status(status)), "{told}");
            for (next, word) in [(Status::Returned, "被退回"), (Status::Revoked, "立案撤销")] {
                assert_eq!(told.contains(word), status.may_become(next), "{told}");
            }
        }
        assert_eq!(hindrance(FormKind::Void, Status::Returned, &locale), None);
    }
}

//! What the answers of a form come to once every question is answered.

use std::path::{Path, PathBuf};

use super::form::{FormSubject, LedgerForm, SeriesSubject, day, level, papers_of};
use super::form_question::{FormKind, FormQuestion};
use super::request::{LedgerAct, LedgerRequest, SubmitOrder};
use super::shares::ShareAct;
use super::stock::Page;
use super::{Ledger, OpenPage};
use crate::app::context::Context;
use crate::app::place::Screen;
use crate::app::proof::PrintWish;
use crate::domain::date;
use crate::domain::ledger::Status;
use crate::domain::ledger::case::{Application, Approval, CaseRequest, Item, NewValue, ReissueCause};
use crate::domain::ledger::event::DatedEvent;
use crate::domain::ledger::share::ShareTerms;
use crate::domain::ledger::stock::{BlankKind, BlankNumber, StockRefusal};

impl LedgerForm {
    /// Gives what is to be done once every question is answered; `searched` is what the list was searched for.
    pub(super) fn act(&self, searched: &str) -> Option<LedgerAct> {
        if self.question().is_some() {
            return None;
        }
        let text = |question| self.answer(question).to_string();
        let reason = text(FormQuestion::Reason);
        let on = |question| day(self.answer(question));
        if self.subject == FormSubject::Stock {
            return self.stock_act();
        }
        Some(match (self.kind, self.subject) {
            (FormKind::Reserve, FormSubject::Series(SeriesSubject { key, .. })) => LedgerAct::Reserve {
                key,
                year: date::year(self.answer(FormQuestion::Year)),
                level: level(self.answer(FormQuestion::Level)),
                count: self.answer(FormQuestion::Count).parse().ok()?,
                reason,
            },
            (FormKind::Void, FormSubject::Certificate(code, _)) => LedgerAct::Void { code, reason },
            (FormKind::Mark, FormSubject::Certificate(code, _)) => {
                let status = Status::read(self.answer(FormQuestion::Status))?;
                LedgerAct::Mark { code, status, on: on(FormQuestion::Day)?, reason, insists: self.insists }
            }
            (FormKind::Mark, FormSubject::Found(..)) => LedgerAct::MarkFound {
                text: searched.to_string(),
                status: Status::read(self.answer(FormQuestion::Status))?,
                on: on(FormQuestion::Day)?,
                reason,
                insists: self.insists,
            },
            (FormKind::Correct | FormKind::Reissue | FormKind::Revoke, FormSubject::Certificate(code, _)) => {
                let application =
                    Application { request: self.request()?, applied_on: on(FormQuestion::Applied)?, reason };
                LedgerAct::Open { code, application }
            }
            (FormKind::Approve, FormSubject::Case(case)) => {
                let approval = Approval { reference: text(FormQuestion::Reference), on: on(FormQuestion::Approved)? };
                LedgerAct::Approve { case, approval }
            }
            (FormKind::Refuse, FormSubject::Case(case)) => LedgerAct::Refuse { case, reason },
            (FormKind::Register, FormSubject::Registry) => LedgerAct::Register {
                prefix: text(FormQuestion::Prefix),
                profile: text(FormQuestion::Profile),
                name: text(FormQuestion::Name),
                reason,
            },
            (FormKind::Event, FormSubject::Thing) => LedgerAct::NoteEvent {
                thing: self.thing.as_ref()?.thing.clone(),
                event: DatedEvent::read(self.answer(FormQuestion::Event))?,
                day: on(FormQuestion::EventDay),
                reason,
            },
            (FormKind::Fact, FormSubject::Thing | FormSubject::Batch(_)) => LedgerAct::NoteFact {
                thing: self.thing.as_ref()?.thing.clone(),
                fact: text(FormQuestion::Fact),
                value: text(FormQuestion::FactValue),
                reason,
            },
            (FormKind::Share, FormSubject::Shares) => {
                let mut terms = ShareTerms::default();
                self.share_parts().into_iter().for_each(|(field, typed)| terms.put(field, &typed));
                LedgerAct::Share(Box::new(ShareAct::Add { terms, reason }))
            }
            (FormKind::ChangeShare, FormSubject::Share(share)) => {
                LedgerAct::Share(Box::new(ShareAct::Change { share, parts: self.share_parts(), reason }))
            }
            (FormKind::EndShare, FormSubject::Share(share)) => {
                LedgerAct::Share(Box::new(ShareAct::End { share, on: on(FormQuestion::Day)?, reason }))
            }
            (FormKind::Submit, FormSubject::Batch(batch)) => LedgerAct::Submit(Box::new(SubmitOrder {
                batch,
                on: on(FormQuestion::Day)?,
                to: text(FormQuestion::HandedTo),
                receipt: text(FormQuestion::Receipt),
                reason,
                insists: self.insists,
            })),
            (FormKind::Reply, FormSubject::Reply) => {
                LedgerAct::Reply { file: text(FormQuestion::File).trim().into(), on: on(FormQuestion::Day)? }
            }
            (FormKind::Close | FormKind::CloseRevocation, FormSubject::Case(case)) => {
                LedgerAct::Close { case, withdrawn_on: on(FormQuestion::Withdrawn), reason }
            }
            _ => return None,
        })
    }

    /// Gives what a case is opened for.
    fn request(&self) -> Option<CaseRequest> {
        let text = |question| self.answer(question).to_string();
        Some(match self.kind {
            FormKind::Correct => {
                let item = Item::read(self.answer(FormQuestion::Column))?;
                CaseRequest::Correct(vec![NewValue { item, to: text(FormQuestion::Value) }])
            }
            FormKind::Reissue => {
                let papers = papers_of(self.answer(FormQuestion::Papers));
                CaseRequest::Reissue {
                    on: day(self.answer(FormQuestion::Reissued))?,
                    cause: ReissueCause::read(self.answer(FormQuestion::Cause))?,
                    papers: papers.into_iter().map(String::from).collect(),
                }
            }
            _ => CaseRequest::Revoke {
                benefits_cancelled_on: day(self.answer(FormQuestion::Cancelled)),
                authority: text(FormQuestion::Authority),
            },
        })
    }
}

impl Ledger {
    /// Has looked up or written what was asked for, which changes nothing in the ledger; a file that is named lies in the folder.
    pub(in crate::app) fn look(&mut self, screen: Screen, folder: &Path, to: &mut Context<'_>) {
        let Some(form) = self.form.take() else { return };
        let file = || folder.join(form.answer(FormQuestion::File).trim());
        let request = match form.kind {
            FormKind::FindBlank => {
                if let Ok(number) = BlankNumber::read(form.answer(FormQuestion::Number)) {
                    self.open_blank(number, to);
                }
                return;
            }
            FormKind::CompareBlanks => Some(compared(&form, file())),
            FormKind::Lateness => drafted(&form, file()),
            FormKind::PrintData => printed(&form, folder),
            _ => None,
        };
        let Some(request) = request else { return };
        to.say_key("status.ledger-doing");
        self.acting = Some((screen, form));
        self.request(request, to);
    }

    /// Shows where a blank is and was, if there is one of the number.
    fn open_blank(&mut self, number: BlankNumber, to: &mut Context<'_>) {
        let of = self.lists.stock.lines.lines().iter().find(|line| line.piece.run.holds(number));
        let Some(line) = of.cloned() else {
            return to.fail(&to.locale.stock_refusal(&StockRefusal::NeverReceived(number)));
        };
        self.pages.clear();
        self.pages.push(OpenPage::Stock(Box::new(Page::of_blank(line, number))));
        self.pending.retain(|kind, _| !kind.is_about_page());
    }
}

fn compared(form: &LedgerForm, file: PathBuf) -> LedgerRequest {
    let keeper = Some(form.answer(FormQuestion::Counted).trim().to_string()).filter(|keeper| !keeper.is_empty());
    let kind = BlankKind::read(form.answer(FormQuestion::BlankKind)).unwrap_or_default();
    LedgerRequest::CompareBlanks { kind, keeper, file }
}

fn printed(form: &LedgerForm, folder: &Path) -> Option<LedgerRequest> {
    let of = form.printed()?;
    let given = |question| Some(form.answer(question).trim().to_string()).filter(|answer| !answer.is_empty());
    Some(LedgerRequest::PrintData(Box::new(PrintWish {
        of,
        reason: given(FormQuestion::Reason).unwrap_or_default(),
        photos: given(FormQuestion::Photos).map(|photos| folder.join(photos)),
        photo_size: given(FormQuestion::PhotoSize),
        file: folder.join(given(FormQuestion::File)?),
        again: form.insists,
    })))
}

fn drafted(form: &LedgerForm, file: PathBuf) -> Option<LedgerRequest> {
    let thing = form.thing.as_ref()?.thing.clone();
    let why = Some(form.answer(FormQuestion::Reason).trim().to_string()).filter(|why| !why.is_empty());
    Some(LedgerRequest::Draft { thing, why, file })
}

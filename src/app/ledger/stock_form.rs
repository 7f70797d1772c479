//! The forms about blank certificates: what can be chosen, which answers are refused, and what they come to.

use chrono::{Datelike, NaiveDate};

use super::form::{LedgerForm, day};
use super::form_question::{FormKind, FormQuestion, StockVerb};
use super::request::{LedgerAct, StockDeed, StockFound, StockLine, StockOrder, StockWhich};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::stock::{
    AfterSpoiling, BlankKind, BlankNumber, BlankRun, BlankStart, BlankState, CountId, Passing, Printing, StockRefusal,
    TakenBack, typed_runs,
};
use crate::domain::level;
use crate::domain::rules::typed_code;
use crate::failure::Failure;
use crate::words::Locale;

impl StockVerb {
    pub(super) fn questions(self) -> &'static [FormQuestion] {
        use FormQuestion::{
            After, AllOf, Allowance, AsOf, BlankKind, CountNumber, Counted, Day, DemandYear, Estimates, File, Found,
            From, Institution, Keeper, Ordered, Place, Range, Ranges, Reason, Record, Spoiled, TakenBack, To, Whom,
            Witness,
        };
        match self {
            StockVerb::Receive => &[BlankKind, Range, Keeper, Place, Day, Reason],
            StockVerb::Draw => &[BlankKind, Ranges, To, Place, Day, Reason],
            StockVerb::HandOver => &[BlankKind, Ranges, AllOf, To, Place, Day, Reason],
            StockVerb::Return => &[BlankKind, Ranges, To, Place, Day, Reason],
            StockVerb::Print => &[BlankKind, From, Whom, Spoiled, Day, Reason],
            StockVerb::Spoil => &[BlankKind, Ranges, After, Day, Reason],
            StockVerb::Destroy => &[BlankKind, Ranges, Witness, Record, Day, Reason],
            StockVerb::Count => &[BlankKind, Found, File, Counted, Institution, Day, Reason],
            StockVerb::Close | StockVerb::Withdraw => &[CountNumber, Day, Reason],
            StockVerb::TakeBack => &[BlankKind, TakenBack, Ranges, Day, Reason],
            StockVerb::Demand => &[BlankKind, DemandYear, Estimates, Institution, Allowance, AsOf, Ordered, Reason],
        }
    }
}

/// Gives the year whose demand is likely noted: until January 25 that of the year itself is due (GD-05), later that of the next.
pub(super) fn proposed_year(today: NaiveDate) -> i32 {
    let is_due = today.month() == 1 && today.day() <= 25;
    if is_due { today.year() } else { today.year() + 1 }
}

/// Proposes numbers for what is to be done: those under the cursor where it can be done to them. Of what is used or spoiled one by
/// one a whole range is never proposed.
pub(super) fn proposed_numbers(
    kind: FormKind,
    here: Option<&StockLine>,
    all: &[StockLine],
    locale: &Locale,
) -> Option<String> {
    let FormKind::Blanks(verb) = kind else { return None };
    let of = |state: BlankState| here.filter(|line| line.piece.state == state);
    let run = |line: &StockLine| line.piece.run.to_string();
    match verb {
        StockVerb::Print => {
            let free = all.iter().find(|line| line.piece.state == BlankState::Stock);
            of(BlankState::Stock).or(free).map(|line| line.piece.run.first.to_string())
        }
        StockVerb::Spoil => {
            here.filter(|line| line.piece.run.count() == 1 && line.piece.state != BlankState::Destroyed).map(run)
        }
        StockVerb::Destroy => {
            let all_spoiled = || all.iter().any(|line| line.piece.state == BlankState::Spoiled);
            of(BlankState::Spoiled).map(run).or_else(|| all_spoiled().then(|| locale.text("stock.all").to_string()))
        }
        StockVerb::TakeBack => {
            here.filter(|line| line.piece.state == BlankState::Stock || line.piece.run.count() == 1).map(run)
        }
        _ => of(BlankState::Stock).map(run),
    }
}

/// Gives the locale key of what becomes of certificates on spoiled blanks.
fn after_key(after: AfterSpoiling) -> &'static str {
    match after {
        AfterSpoiling::Nothing => "ui.ledger.after.nothing",
        AfterSpoiling::Again => "ui.ledger.after.again",
        AfterSpoiling::Shift => "ui.ledger.after.shift",
    }
}

/// Lists what may be chosen for a question about blanks: the name it is known by and the words.
pub(super) fn choices(question: FormQuestion, locale: &Locale) -> Vec<(String, String)> {
    let words = |key: &str, text: &str| (key.to_string(), text.to_string());
    match question {
        FormQuestion::StockVerb => {
            StockVerb::ALL.into_iter().map(|verb| words(verb.key(), locale.text(verb.text_key()))).collect()
        }
        FormQuestion::BlankKind => {
            BlankKind::ALL.into_iter().map(|kind| words(kind.key(), locale.blank_kind(kind))).collect()
        }
        FormQuestion::TakenBack => {
            TakenBack::ALL.into_iter().map(|what| words(what.key(), locale.taken_back(what))).collect()
        }
        FormQuestion::After => {
            AfterSpoiling::ALL.into_iter().map(|after| words(after.key(), locale.text(after_key(after)))).collect()
        }
        _ => Vec::new(),
    }
}

/// Writes an answer as it is read; nothing for a text.
pub(super) fn answered(question: FormQuestion, answer: &str, locale: &Locale) -> Option<String> {
    choices(question, locale).into_iter().find(|(key, _)| key == answer).map(|(_, words)| words)
}

/// Tells what is wrong with numbers that were typed.
pub(super) fn number_fault(form: &LedgerForm, typed: &str, locale: &Locale) -> Option<Failure> {
    let typed = typed.trim();
    let refused: Option<StockRefusal> = match form.question()? {
        _ if typed.is_empty() => None,
        FormQuestion::Range => BlankRun::read(typed).err(),
        FormQuestion::Ranges if form.kind == FormKind::Blanks(StockVerb::Destroy) && is_all(typed) => None,
        FormQuestion::Ranges | FormQuestion::Found | FormQuestion::Spoiled => typed_runs(typed).err(),
        FormQuestion::From | FormQuestion::Number => BlankNumber::read(typed).err(),
        _ => None,
    };
    refused.map(|refusal| locale.stock_refusal(&refusal))
}

/// Tells why an answer about blanks is not taken, by the key of the words.
pub(super) fn refused(question: FormQuestion, typed: &str) -> Option<&'static str> {
    let is_read = match question {
        FormQuestion::Whom => whom(typed).is_some(),
        FormQuestion::CountNumber => count(typed).is_some(),
        FormQuestion::DemandYear => year(typed).is_some(),
        FormQuestion::Estimates => estimates(typed).is_some(),
        FormQuestion::Allowance => allowance(typed).is_some(),
        _ => true,
    };
    let key = match question {
        FormQuestion::Whom => "status.no-whom",
        FormQuestion::Estimates => "status.no-estimates",
        FormQuestion::DemandYear => "status.no-year",
        FormQuestion::Allowance => "status.no-percent",
        _ => "status.no-count",
    };
    (!is_read).then_some(key)
}

/// Reads for whom is printed: a code, `批次 3` or `个案 2`.
fn whom(typed: &str) -> Option<Printing> {
    if let Some(code) = typed_code(typed) {
        return Some(Printing::Certificate(code));
    }
    let lower = typed.trim().to_lowercase();
    let number = |names: &[&str]| {
        let rest = names.iter().find_map(|name| lower.strip_prefix(name))?;
        rest.trim_matches([' ', '#', ':', '：']).parse::<i64>().ok().filter(|number| 0 < *number)
    };
    let batch = number(&["批次", "batch"]).map(|number| Printing::Batch(BatchId(number)));
    batch.or_else(|| number(&["个案", "case"]).map(|number| Printing::Case(CaseId(number))))
}

fn count(typed: &str) -> Option<CountId> {
    typed.trim().trim_start_matches('#').parse().ok().filter(|number| 0 < *number).map(CountId)
}

fn year(typed: &str) -> Option<i32> {
    typed.trim().parse().ok().filter(|year| (2000..2100).contains(year))
}

fn allowance(typed: &str) -> Option<u32> {
    typed.trim().trim_end_matches(['%', '％']).trim().parse().ok().filter(|percent| *percent <= 100)
}

/// Tells whether all that there are is meant.
fn is_all(typed: &str) -> bool {
    matches!(typed.trim().to_lowercase().as_str(), "全部" | "all")
}

/// Reads from which blank on a plan prints: its number, and behind it the kind where that is not the ordinary one. Nothing where
/// none is to be laid beside.
///
/// # Errors
/// It is no number of a blank.
pub fn read_start(typed: &str, locale: &Locale) -> Result<Option<BlankStart>, StockRefusal> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let (number, kind) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let is_it = |of: &BlankKind| of.key() == kind.trim() || locale.blank_kind(*of).starts_with(kind.trim());
    let found = BlankKind::ALL.into_iter().find(is_it);
    let kind = found.ok_or_else(|| StockRefusal::NoNumber(typed.to_string()))?;
    Ok(Some(BlankStart { kind, from: BlankNumber::read(number)? }))
}

/// Reads the passes of five levels, from the lowest on: `40/200/150/20/5`, or `五级=40,三级=150`, each level once.
fn estimates(typed: &str) -> Option<[u32; 5]> {
    if !typed.contains(['=', '＝']) {
        let parts = typed.split(['/', '／', ',', '，', '、', ' ']).map(str::trim).filter(|part| !part.is_empty());
        let all: Vec<u32> = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
        return all.try_into().ok();
    }
    let mut all: [Option<u32>; 5] = [None; 5];
    for pair in typed.split([',', '，', '、', ' ', '/']).map(str::trim).filter(|pair| !pair.is_empty()) {
        let (of, count) = pair.split_once(['=', '＝'])?;
        let level = level::read(of.trim()).level()?;
        let place = &mut all[usize::from(5 - level.digit())];
        if place.replace(count.trim().parse().ok()?).is_some() {
            return None;
        }
    }
    Some(all.map(Option::unwrap_or_default))
}

impl LedgerForm {
    /// Tells whether a question about blanks may be left without an answer.
    pub(super) fn may_leave_out(&self, verb: StockVerb) -> bool {
        match self.question() {
            Some(
                FormQuestion::Place
                | FormQuestion::Record
                | FormQuestion::Counted
                | FormQuestion::Institution
                | FormQuestion::Spoiled
                | FormQuestion::Allowance
                | FormQuestion::AsOf
                | FormQuestion::Ordered,
            ) => true,
            // Where all that somebody has are meant.
            Some(FormQuestion::Ranges) => verb == StockVerb::HandOver,
            // Where they are in a file.
            Some(FormQuestion::Found) => true,
            // Where only the place changes, or to whom it was drawn from.
            Some(FormQuestion::To) => matches!(verb, StockVerb::HandOver | StockVerb::Return),
            Some(FormQuestion::Reason) => {
                let spoils = !self.answer(FormQuestion::Spoiled).is_empty();
                let says_why =
                    matches!(verb, StockVerb::Spoil | StockVerb::Close | StockVerb::TakeBack | StockVerb::Withdraw);
                !spoils && !says_why
            }
            _ => false,
        }
    }

    /// Gives what is to be done with blanks.
    pub(super) fn stock_act(&self) -> Option<LedgerAct> {
        let FormKind::Blanks(verb) = self.kind else { return None };
        let text = |question| self.answer(question).trim().to_string();
        let some = |question| Some(text(question)).filter(|text| !text.is_empty());
        let runs = |question| typed_runs(self.answer(question)).ok();
        let pass = |way| {
            let (to, place) = (some(FormQuestion::To), some(FormQuestion::Place));
            let which = match some(FormQuestion::AllOf) {
                Some(keeper) => StockWhich::AllOf(keeper),
                None => StockWhich::Runs(runs(FormQuestion::Ranges)?),
            };
            Some(StockDeed::Pass { way, which, to, place })
        };
        let what = match verb {
            StockVerb::Receive => StockDeed::Receive {
                run: BlankRun::read(self.answer(FormQuestion::Range)).ok()?,
                keeper: text(FormQuestion::Keeper),
                place: text(FormQuestion::Place),
            },
            StockVerb::Draw => pass(Passing::Draw)?,
            StockVerb::HandOver => pass(Passing::HandOver)?,
            StockVerb::Return => pass(Passing::Return)?,
            StockVerb::Print => StockDeed::Print {
                from: BlankNumber::read(self.answer(FormQuestion::From)).ok()?,
                whom: whom(self.answer(FormQuestion::Whom))?,
                spoiled: some(FormQuestion::Spoiled)
                    .map_or_else(|| Some(Vec::new()), |_| runs(FormQuestion::Spoiled))?,
            },
            StockVerb::Spoil => StockDeed::Spoil {
                runs: runs(FormQuestion::Ranges)?,
                after: AfterSpoiling::read(self.answer(FormQuestion::After))?,
            },
            StockVerb::Destroy => StockDeed::Destroy {
                which: match some(FormQuestion::Ranges) {
                    Some(typed) if is_all(&typed) => StockWhich::Spoiled,
                    _ => StockWhich::Runs(runs(FormQuestion::Ranges)?),
                },
                witness: text(FormQuestion::Witness),
                record: text(FormQuestion::Record),
            },
            StockVerb::Count => StockDeed::Count {
                keeper: some(FormQuestion::Counted),
                institution: some(FormQuestion::Institution),
                found: match some(FormQuestion::File) {
                    Some(file) => StockFound::Listed(file.into()),
                    None => StockFound::Typed(runs(FormQuestion::Found)?),
                },
            },
            StockVerb::Close => StockDeed::Close(count(self.answer(FormQuestion::CountNumber))?),
            StockVerb::Withdraw => StockDeed::Withdraw(count(self.answer(FormQuestion::CountNumber))?),
            StockVerb::TakeBack => {
                StockDeed::TakeBack(TakenBack::read(self.answer(FormQuestion::TakenBack))?, runs(FormQuestion::Ranges)?)
            }
            StockVerb::Demand => StockDeed::Demand {
                year: year(self.answer(FormQuestion::DemandYear))?,
                estimates: estimates(self.answer(FormQuestion::Estimates))?,
                institution: some(FormQuestion::Institution),
                allowance: allowance(self.answer(FormQuestion::Allowance)),
                as_of: day(self.answer(FormQuestion::AsOf)),
                ordered: day(self.answer(FormQuestion::Ordered)),
            },
        };
        Some(LedgerAct::Stock(Box::new(StockOrder {
            kind: BlankKind::read(self.answer(FormQuestion::BlankKind)).unwrap_or_default(),
            on: match verb {
                // What a year needs is noted as of a day of its own.
                StockVerb::Demand => NaiveDate::default(),
                _ => day(self.answer(FormQuestion::Day))?,
            },
            reason: text(FormQuestion::Reason),
            what,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_of_blanks_is_read_or_refused() {
        assert_eq!(whom("批次 3"), Some(Printing::Batch(BatchId(3))));
        assert_eq!(whom("case #2"), Some(Printing::Case(CaseId(2))));
        assert!(matches!(whom("S000062010001242J00001"), Some(Printing::Certificate(_))));
        for typed in ["", "3", "批次", "批次 -1", "案 2"] {
            assert_eq!(whom(typed), None, "{typed}");
        }
        assert_eq!(estimates("40/200/150/20/5"), Some([40, 200, 150, 20, 5]));
        assert_eq!((estimates("40/200/150/20"), estimates("40 200 150 20 x")), (None, None));
        assert_eq!(estimates("五级=40，三级=150"), Some([40, 0, 150, 0, 0]));
        assert_eq!(estimates("5=40,1=5"), Some([40, 0, 0, 0, 5]));
        assert_eq!((estimates("5=40,五级=200"), estimates("6=1"), estimates("5=x")), (None, None, None));
        let on = |text: &str| proposed_year(text.parse().unwrap());
        assert_eq!((on("2027-01-25"), on("2027-01-26"), on("2026-11-21")), (2027, 2028, 2027));
        assert_eq!((year("2027"), year("27")), (Some(2027), None));
        assert_eq!((allowance("10%"), allowance("101"), allowance("x")), (Some(10), None, None));
        let locale = Locale::load(crate::words::Lang::Zh);
        let start = |typed: &str| read_start(typed, &locale).map(|start| start.map(|s| (s.kind, s.from.to_string())));
        assert_eq!(start(" "), Ok(None));
        assert_eq!(start("00011881"), Ok(Some((BlankKind::Ordinary, "00011881".into()))));
        assert_eq!(start("00000001 竞赛"), Ok(Some((BlankKind::Competition, "00000001".into()))));
        assert_eq!(start("00000001 竞赛"), start("00000001 competition"));
        assert!(start("11881").is_err() && start("竞赛").is_err() && start("00000001 x").is_err());
    }
}

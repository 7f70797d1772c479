//! Whatever was noted of blanks and taken back again: they stand as they stood before, and nothing is unaccounted for.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::domain::ledger::Certificate;
use crate::domain::ledger::Status;
use crate::domain::ledger::stock::{AfterSpoiling, Balance, Printing, TakenBack};
use crate::domain::ledger::verify::ProblemKind;
use crate::store::batches::samples::{new_batch, open};
use crate::store::records::samples::{certificate, put};
use crate::store::{StatePaths, StoreReader};

const FIRST: u32 = 100;
const BLANKS: u32 = 30;
const CERTIFICATES: u32 = 8;

#[derive(Debug, Clone)]
enum Done {
    Draw(BlankRun),
    Return(BlankRun),
    Use(BlankNumber, u32),
    Spoil(BlankRun, AfterSpoiling),
    Destroy(BlankRun),
    TakeBack(TakenBack, BlankRun),
}

fn number(at: u32) -> BlankNumber {
    BlankNumber::new(i64::from(FIRST + at)).unwrap()
}

fn acts() -> impl Strategy<Value = Vec<(Done, u32)>> {
    let some = || {
        (0..BLANKS, 0..4_u32)
            .prop_map(|(at, more)| BlankRun { first: number(at), last: number((at + more).min(BLANKS - 1)) })
    };
    let after = prop::sample::select(AfterSpoiling::ALL.to_vec());
    let what = prop::sample::select(vec![TakenBack::Use, TakenBack::Spoilage, TakenBack::Destruction]);
    let act = prop_oneof![
        1 => some().prop_map(Done::Draw),
        1 => some().prop_map(Done::Return),
        5 => (0..BLANKS, 0..CERTIFICATES).prop_map(|(at, certificate)| Done::Use(number(at), certificate)),
        4 => (some(), after).prop_map(|(run, after)| Done::Spoil(run, after)),
        2 => some().prop_map(Done::Destroy),
        8 => (what, some()).prop_map(|(what, run)| Done::TakeBack(what, run)),
    ];
    prop::collection::vec((act, 1..28_u32), 0..40)
}

/// How each blank stands, but for the move by which.
fn stand(reader: &StoreReader) -> BTreeMap<BlankNumber, Standing> {
    let pieces = reader.blanks(&BlankFilter::default()).unwrap();
    let each = |(_, piece): (BlankKind, Standing)| {
        let numbers = print::numbers_of(&piece).collect::<Vec<_>>();
        numbers.into_iter().map(move |number| {
            let one = piece.within(BlankRun::of_one(number));
            (number, Standing { by: 0, is_fresh: false, ..one })
        })
    };
    pieces.into_iter().flat_map(each).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_taken_back_never_was(steps in acts()) {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "li");
        let batch = store.create_batch(&new_batch("a.csv")).unwrap();
        let one = |serial: u32| {
            let mut one = certificate(serial, "张伟", "62010219900307123X", Status::Exported);
            one.row = Some((batch, serial));
            one
        };
        let all: Vec<Certificate> = (1..=CERTIFICATES).map(one).collect();
        put(&store, &all).unwrap();
        let day = |day: u32| NaiveDate::from_ymd_opt(2026, 6, day).unwrap();
        let on = |on: u32| BlankAct { kind: BlankKind::Ordinary, on: day(on), reason: "x" };
        let whole = BlankRun { first: number(0), last: number(BLANKS - 1) };
        store.receive_blanks(&on(1), whole, ("甲", "库房")).unwrap();
        let reader = StoreReader::open(&StatePaths::at(store.path().parent().unwrap()).unwrap()).unwrap().unwrap();
        let mut before: BTreeMap<BlankNumber, Vec<Standing>> = BTreeMap::new();
        for (step, at) in &steps {
            let stood = stand(&reader);
            let act = on(*at);
            let done = match step {
                Done::Draw(run) => store.pass_blanks(&act, Passing::Draw, &[*run], (Some("乙"), Some("印房"))).is_ok(),
                Done::Return(run) => store.pass_blanks(&act, Passing::Return, &[*run], (None, None)).is_ok(),
                Done::Use(number, certificate) => {
                    let whom = Printing::Certificate(all[*certificate as usize].code);
                    store.use_blanks(&act, *number, whom, &[]).is_ok()
                }
                Done::Spoil(run, after) => store.spoil_blanks(&act, &[*run], *after).is_ok(),
                Done::Destroy(run) => store.destroy_blanks(&act, &[*run], ("丙", "")).is_ok(),
                Done::TakeBack(what, run) => store.correct_blanks(&act, *what, &[*run]).is_ok(),
            };
            let stands = stand(&reader);
            if !done {
                prop_assert_eq!(&stood, &stands, "what is refused has changed nothing: {:?}", step);
                continue;
            }
            for (number, was) in stood {
                let is = &stands[&number];
                if was == *is {
                    continue;
                }
                let stack = before.entry(number).or_default();
                if let Done::TakeBack(..) = step {
                    let was = stack.pop();
                    prop_assert_eq!(was.as_ref(), Some(is), "{} {:?}", number, step);
                } else {
                    stack.push(was);
                }
            }
        }
        prop_assert!(reader.balances().unwrap().iter().all(|(.., balance)| Balance::is_even(balance)));
        let (_, report) = reader.verify().unwrap();
        let differs = report.problems().iter().filter(|problem| problem.kind == ProblemKind::StockDiffers).count();
        prop_assert_eq!(differs, 0, "{:?}", report.problems());
    }
}

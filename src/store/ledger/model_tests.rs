//! Random sequences of events on the store and on a model that is a plain map: both must tell the same story.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::tests::{adopt, allocate, batch, code, issued, key, plan, reserve, reserved_plan, today};
use super::*;
use crate::domain::ledger::adopt::AdoptLeave;
use crate::domain::ledger::{Marked, Marking, Selection, SeriesState, Status, WantedNumbers};
use crate::store::batches::samples;

#[derive(Debug, Clone)]
enum ModelStep {
    Allocate(u8, u32),
    Fill(u8, u32),
    Reserve(u8, u32),
    ReserveRun(u8, u32, u32),
    Adopt(u8, Vec<u32>),
    Void(u8, u32),
    Mark(u8, u32, u32, Status),
    Reopen,
}

fn events() -> impl Strategy<Value = Vec<ModelStep>> {
    let level = || 3..=4_u8;
    let status = prop::sample::select(vec![
        Status::Exported,
        Status::Submitted,
        Status::Returned,
        Status::Accepted,
        Status::Published,
    ]);
    let event = prop_oneof![
        4 => (level(), 1..5_u32).prop_map(|(l, n)| ModelStep::Allocate(l, n)),
        2 => (level(), 1..4_u32).prop_map(|(l, n)| ModelStep::Reserve(l, n)),
        2 => (level(), 1..4_u32).prop_map(|(l, n)| ModelStep::Fill(l, n)),
        2 => (level(), 0..40_u32, 0..4_u32).prop_map(|(l, a, n)| ModelStep::ReserveRun(l, a, a + n)),
        2 => (level(), prop::collection::vec(1..40_u32, 1..4)).prop_map(|(l, s)| ModelStep::Adopt(l, s)),
        2 => (level(), 1..40_u32).prop_map(|(l, s)| ModelStep::Void(l, s)),
        3 => (level(), 1..40_u32, 0..3_u32, status).prop_map(|(l, a, n, s)| ModelStep::Mark(l, a, a + n, s)),
        1 => Just(ModelStep::Reopen),
    ];
    prop::collection::vec(event, 0..24)
}

/// Every serial taken, with what became of it; `None` for one of which nothing is known but why.
type Model = BTreeMap<u8, BTreeMap<u32, Option<Status>>>;

fn high(model: &Model, level: u8) -> u32 {
    model.get(&level).and_then(|s| s.keys().next_back().copied()).unwrap_or(0)
}

/// Takes serials; what is skipped becomes a gap.
fn take(model: &mut Model, level: u8, serials: &[u32], status: Status) {
    let old = high(model, level);
    let series = model.entry(level).or_default();
    let last = serials.iter().copied().max().unwrap_or(0);
    for serial in old + 1..=last {
        series.insert(serial, None);
    }
    for serial in serials {
        series.insert(*serial, Some(status));
    }
}

fn is_free(model: &Model, level: u8, serial: u32) -> bool {
    model.get(&level).is_none_or(|s| !matches!(s.get(&serial), Some(Some(_))))
}

/// Does an event on both; tells whether both did it or both refused.
fn step(store: &Store, model: &mut Model, event: &ModelStep, number: usize) -> bool {
    match event {
        ModelStep::Reopen => true,
        ModelStep::Allocate(level, count) => {
            let rows: Vec<u32> = (0..*count).collect();
            let next = high(model, *level) + 1;
            let batch = batch(store, &format!("{number}.csv"));
            let plan = plan(store, *level, &rows);
            take(model, *level, &(next..next + count).collect::<Vec<_>>(), Status::Allocated);
            plan.series[0].from() == next && allocate(store, batch, &plan).is_ok()
        }
        ModelStep::Fill(level, count) => {
            let is_reserved = |(_, status): &(&u32, &Option<Status>)| **status == Some(Status::Reserved);
            let free = model.get(level).into_iter().flatten().filter(is_reserved).map(|(serial, _)| *serial);
            let expected: Vec<u32> = free.take(*count as usize).collect();
            let plan = reserved_plan(store, *level, &(0..*count).collect::<Vec<_>>());
            if expected.is_empty() {
                return plan.rows.is_empty();
            }
            take(model, *level, &expected, Status::Allocated);
            let batch = batch(store, &format!("{number}.csv"));
            plan.rows.iter().map(|planned| planned.serial).eq(expected) && allocate(store, batch, &plan).is_ok()
        }
        ModelStep::Reserve(level, count) => {
            let next = high(model, *level) + 1;
            take(model, *level, &(next..next + count).collect::<Vec<_>>(), Status::Reserved);
            reserve(store, *level, WantedNumbers::Next(*count)).is_ok_and(|(run, _)| run == (next, next + count - 1))
        }
        ModelStep::ReserveRun(level, first, last) => {
            let high = high(model, *level);
            let series = model.get(level);
            let gap = (*first..=*last).all(|s| series.is_some_and(|all| all.get(&s) == Some(&None)));
            let may = 1 <= *first && (high < *first || gap);
            if may {
                take(model, *level, &(*first..=*last).collect::<Vec<_>>(), Status::Reserved);
            }
            reserve(store, *level, WantedNumbers::Run((*first, *last))).is_ok() == may
        }
        ModelStep::Adopt(level, serials) => {
            let twice = (1..serials.len()).any(|i| serials[..i].contains(&serials[i]));
            let ours = |s: &u32| is_free(model, *level, *s) || model[level].get(s) == Some(&Some(Status::Reserved));
            let may = !twice && serials.iter().all(ours);
            if may {
                take(model, *level, serials, Status::Published);
            }
            let rows: Vec<_> = serials.iter().map(|s| issued(*level, *s, &format!("人{number}"))).collect();
            adopt(store, &rows, AdoptLeave::Any).conflicts.is_empty() == may
        }
        ModelStep::Void(level, serial) => {
            let status = model.get(level).and_then(|s| s.get(serial).copied()).flatten();
            let may = status.is_some_and(|s| s.may_become(Status::Void));
            if may {
                take(model, *level, &[*serial], Status::Void);
            }
            let one = Selection::Codes(vec![code(*level, *serial)]);
            matches!(store.void(&one, today(), "写错"), Ok(Marked::Done(1, ..))) == may
        }
        ModelStep::Mark(level, first, last, status) => {
            let known: Vec<(u32, Status)> = model
                .get(level)
                .into_iter()
                .flat_map(|s| s.range(*first..=*last))
                .filter_map(|(s, status)| status.map(|status| (*s, status)))
                .collect();
            let may = !known.is_empty() && known.iter().all(|(_, s)| s.may_become(*status));
            if may {
                take(model, *level, &known.iter().map(|(s, _)| *s).collect::<Vec<_>>(), *status);
            }
            let marking = Marking::new(*status, today(), "");
            let marked = store.mark(&Selection::Run(key(*level), (*first, *last)), &marking);
            matches!(marked, Ok(Marked::Done(n, ..)) if n == known.len() as u64) == may
        }
    }
}

fn state(model: &Model, level: u8) -> Option<SeriesState> {
    let series = model.get(&level)?;
    let count = |wanted: &dyn Fn(&Option<Status>) -> bool| series.values().filter(|s| wanted(s)).count() as u32;
    Some(SeriesState {
        key: key(level),
        profile: "gansu-competition".into(),
        first: 1,
        last: 99_999,
        high: high(model, level),
        used: count(&|s| s.is_some_and(|s| !matches!(s, Status::Reserved | Status::Void))),
        reserved: count(&|s| *s == Some(Status::Reserved)),
        void: count(&|s| *s == Some(Status::Void)),
        gaps: count(&Option::is_none),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_tells_what_the_model_tells(events in events()) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = samples::open(dir.path(), "wang");
        let mut model = Model::new();
        for (number, event) in events.iter().enumerate() {
            if matches!(event, ModelStep::Reopen) {
                store = samples::open(dir.path(), "wang");
            }
            let before = [3, 4].map(|level| high(&model, level));
            prop_assert!(step(&store, &mut model, event, number), "{:?}", event);
            for (i, level) in [3, 4].into_iter().enumerate() {
                prop_assert_eq!(store.series_state(key(level)).unwrap(), state(&model, level));
                prop_assert!(before[i] <= high(&model, level), "a series only grows");
            }
        }
        for level in [3, 4] {
            let gaps = store.gaps(key(level)).unwrap();
            prop_assert!(gaps.iter().all(|g| !g.reason.is_empty() && 0 < g.entry));
            for serial in 1..=high(&model, level) {
                let found = store.certificate(code(level, serial)).unwrap().map(|c| c.status);
                let is_gap = gaps.iter().any(|g| (g.first..=g.last).contains(&serial));
                prop_assert_eq!(found, model[&level][&serial], "{} of {}", serial, level);
                prop_assert_eq!(is_gap, found.is_none(), "{} of {}", serial, level);
            }
        }
        store.examine().unwrap();
    }
}

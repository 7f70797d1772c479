use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::domain::ledger::stock::{AfterSpoiling, Balance, CountId, Difference, Printing};
use crate::domain::ledger::verify::ProblemKind;
use crate::domain::ledger::{Certificate, Status};
use crate::store::batches::samples::{new_batch, open};
use crate::store::records::samples::{certificate, plan, put};
use crate::store::{StatePaths, StoreReader};

fn number(value: u32) -> BlankNumber {
    BlankNumber::new(i64::from(value)).unwrap()
}

fn run(first: u32, last: u32) -> BlankRun {
    BlankRun { first: number(first), last: number(last) }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn act(reason: &str) -> BlankAct<'_> {
    BlankAct { kind: BlankKind::Ordinary, on: day("2026-06-30"), reason }
}

fn reader(store: &Store) -> StoreReader {
    StoreReader::open(&StatePaths::at(store.path().parent().unwrap()).unwrap()).unwrap().unwrap()
}

/// Puts certificates of a batch into the ledger.
fn with_certificates(store: &Store, count: u32) -> Vec<Certificate> {
    let batch = store.create_batch(&new_batch("a.csv")).unwrap();
    let one = |serial: u32| {
        let mut one = certificate(serial, "张伟", "62010219900307123X", Status::Exported);
        one.row = Some((batch, serial));
        one
    };
    let all: Vec<Certificate> = (1..=count).map(one).collect();
    put(store, &all).unwrap();
    all
}

fn refused<T>(done: Result<T>) -> String {
    match done {
        Err(StoreError::Stock(refusal)) => refusal.key().to_string(),
        Err(other) => panic!("{other}"),
        Ok(_) => "done".to_string(),
    }
}

/// What is wrong with the blanks of a store.
fn faults(store: &Store) -> Vec<String> {
    let (_, report) = reader(store).verify().unwrap();
    let is_ours =
        |kind: ProblemKind| matches!(kind, ProblemKind::StockDiffers | ProblemKind::Entry | ProblemKind::Count);
    // The certificates of these tests are put in past the program.
    let put = store.db.query_row("SELECT seq FROM audit WHERE action = 'ledger.import'", [], |r| r.get::<_, i64>(0));
    let put = put.map_or_else(|_| String::new(), |seq| format!("entry:{seq}"));
    let all = report.problems().iter().filter(|problem| is_ours(problem.kind) && problem.object != put);
    all.map(|problem| format!("{} {}", problem.object, problem.detail)).collect()
}

#[test]
fn each_refusal_is_the_one_that_it_should_be() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "li");
    let all = with_certificates(&store, 4);
    let act = act("x");
    let receive = |first, last| refused(store.receive_blanks(&act, run(first, last), ("甲", "库房")));
    assert_eq!(receive(100, 199), "done");
    for (first, last) in [(150, 250), (50, 100), (100, 199), (120, 130), (199, 199), (0, 999)] {
        assert_eq!(receive(first, last), "received", "{first}-{last}");
    }
    let print = |at: u32, code| refused(store.use_blanks(&act, number(at), Printing::Certificate(code), &[]));
    let spoil = |at: u32| refused(store.spoil_blanks(&act, &[run(at, at)], AfterSpoiling::Nothing));
    let destroy = |at: u32| refused(store.destroy_blanks(&act, &[run(at, at)], ("乙", "")));
    assert_eq!(print(100, all[0].code), "done");
    assert_eq!(print(100, all[1].code), "used");
    assert_eq!(print(101, all[0].code), "has-blank");
    assert_eq!(print(200, all[1].code), "never-received");
    assert_eq!((destroy(101), spoil(101), spoil(101), print(101, all[1].code)), {
        let of = String::from;
        (of("not-spoiled"), of("done"), of("spoiled"), of("spoiled"))
    });
    assert_eq!((destroy(101), destroy(101), spoil(101)), ("done".into(), "destroyed".into(), "destroyed".into()));
    assert_eq!(print(101, all[1].code), "destroyed");
    let pass = |way, first, last, to| refused(store.pass_blanks(&act, way, &[run(first, last)], (to, None)));
    assert_eq!(pass(Passing::Return, 110, 119, None), "not-drawn");
    assert_eq!(pass(Passing::Draw, 110, 119, Some("甲")), "same-keeper");
    assert_eq!(pass(Passing::Draw, 95, 119, Some("乙")), "never-received");
    assert_eq!(pass(Passing::Draw, 99, 101, Some("乙")), "never-received");
    assert_eq!(pass(Passing::Draw, 110, 119, Some("乙")), "done");
    assert_eq!(pass(Passing::Return, 115, 119, None), "done");
    assert_eq!(pass(Passing::Return, 115, 119, None), "not-drawn");
    let twice = store.spoil_blanks(&act, &[run(120, 125), run(125, 126)], AfterSpoiling::Nothing);
    assert_eq!(refused(twice), "twice");
    let early = BlankAct { on: day("2026-06-29"), ..act };
    assert_eq!(refused(store.spoil_blanks(&early, &[run(120, 120)], AfterSpoiling::Nothing)), "early");
    // Whoever draws has them: nine of ten are left to five certificates.
    let few = store.use_blanks(&act, number(198), Printing::Certificate(all[1].code), &[run(198, 199)]);
    assert_eq!(refused(few), "too-few");
    assert_eq!(refused(store.close_count(CountId(1), act.on, "x")), "no-count");
    assert!(faults(&store).is_empty(), "{:?}", faults(&store));
}

/// The tables refuse what the program would never ask for.
#[test]
fn nothing_past_the_program_gives_a_blank_a_second_way() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "li");
    let all = with_certificates(&store, 3);
    let act = act("x");
    store.receive_blanks(&act, run(100, 199), ("甲", "")).unwrap();
    store.use_blanks(&act, number(100), Printing::Certificate(all[0].code), &[]).unwrap();
    store.spoil_blanks(&act, &[run(101, 101)], AfterSpoiling::Nothing).unwrap();
    store.destroy_blanks(&act, &[run(101, 101)], ("乙", "")).unwrap();
    let entry = store.audit_head().unwrap().count;
    let insert = |first: u32, last: u32, state: &str, certificate: Option<i64>, before: Option<i64>| {
        store.db.execute(
            "INSERT INTO blank_move SELECT max(id) + 1, ?1, 'ordinary', ?2, ?3, ?4, '甲', '', ?5, '2026-07-01', ?6, 0, NULL FROM blank_move",
            params![entry as i64, first, last, state, certificate, before],
        )
    };
    let second = store
        .db
        .query_row("SELECT id FROM certificate WHERE code = ?1", [all[1].code.as_str()], |r| r.get::<_, i64>(0));
    let second = second.unwrap();
    for (what, done) in [
        ("received twice", insert(199, 300, "stock", None, None)),
        ("used twice", insert(100, 100, "used", Some(second), Some(1))),
        ("used once destroyed", insert(101, 101, "used", Some(second), Some(4))),
        ("used when spoiled", insert(101, 101, "used", Some(second), Some(3))),
        ("never received", insert(300, 300, "used", Some(second), Some(1))),
        ("for a certificate with a blank", insert(102, 102, "used", Some(second - 1), Some(1))),
        ("for no certificate", insert(102, 102, "used", Some(second + 7), Some(1))),
        ("backwards", insert(110, 109, "spoiled", None, Some(1))),
        ("nine digits", insert(100_000_000, 100_000_000, "stock", None, None)),
        ("out of the air", insert(300, 300, "spoiled", None, None)),
    ] {
        assert!(done.is_err(), "{what}");
    }
    for statement in [
        "DELETE FROM blank_move WHERE id = 1",
        "UPDATE blank_move SET keeper = '乙'",
        "UPDATE blank_balance SET stock = stock + 1",
    ] {
        assert!(store.db.execute_batch(statement).is_err(), "{statement}");
    }
    assert!(insert(102, 102, "used", Some(second), Some(1)).is_ok());
    assert_eq!(
        faults(&store),
        [
            "stock:ordinary blank_move 5 +",
            "stock:ordinary blank 00000102 differs",
            "stock:ordinary blank 00000103 +",
            "stock:ordinary blank_balance 甲 stock"
        ]
    );
}

#[test]
fn balances_and_places_are_found_and_not_looked_for() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "li");
    for statement in [format!("{STANDING} {MEETING}"), format!("{STANDING} {}", read::WHERE), read::STEP.to_string()] {
        let plan = plan(&store, &statement);
        assert!(!plan.contains("SCAN"), "{plan}");
    }
    // A million blanks are as few rows as there are ranges.
    store.receive_blanks(&act(""), run(0, 999_999), ("甲", "")).unwrap();
    store.spoil_blanks(&act("x"), &[run(500_000, 500_000)], AfterSpoiling::Nothing).unwrap();
    let rows: i64 = store.db.query_row("SELECT count(*) FROM blank", [], |r| r.get(0)).unwrap();
    assert_eq!(rows, 3);
    let life = &reader(&store).blank_lives(number(500_000)).unwrap()[0];
    let told: Vec<&str> = life.steps.iter().map(|step| step.entry.action.as_str()).collect();
    assert_eq!(told, ["stock.receive", "stock.spoil"]);
    let (_, _, balance) = reader(&store).balances().unwrap().remove(0);
    assert_eq!((balance.stock, balance.spoiled), (999_999, 1));
}

#[test]
fn two_keepers_at_once_never_use_one_blank_twice() {
    let dir = tempfile::tempdir().unwrap();
    let all = {
        let store = open(dir.path(), "li");
        store.receive_blanks(&act(""), run(100, 139), ("甲", "")).unwrap();
        with_certificates(&store, 40)
    };
    std::thread::scope(|threads| {
        for (who, half) in all.chunks(20).enumerate() {
            let dir = &dir;
            threads.spawn(move || {
                let store = open(dir.path(), &format!("u{who}"));
                let mut at = 100;
                for one in half {
                    // Each takes the first that nobody has.
                    while store.use_blanks(&act(""), number(at), Printing::Certificate(one.code), &[]).is_err() {
                        at += 1;
                    }
                }
            });
        }
    });
    let store = open(dir.path(), "li");
    let used: Vec<_> = all.iter().filter_map(|one| reader(&store).blank_of(one.code).unwrap()).collect();
    let once: std::collections::BTreeSet<_> = used.iter().map(|(_, number)| *number).collect();
    assert_eq!((used.len(), once.len()), (40, 40));
    assert!(faults(&store).is_empty(), "{:?}", faults(&store));
}

/// How many blanks, keepers and certificates the model knows.
const BLANKS: u32 = 60;
const KEEPERS: [&str; 3] = ["甲", "乙", "丙"];
const CERTIFICATES: u32 = 12;

#[derive(Debug, Clone)]
enum ModelAct {
    Receive(u32, u32, usize),
    Pass(Passing, u32, u32, Option<usize>),
    Use(u32, u32),
    Spoil(u32, u32, AfterSpoiling),
    Destroy(u32, u32),
    /// Counted without these, and closed.
    Count(u32, u32),
    Reopen,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct ModelBlank {
    state: Option<BlankState>,
    keeper: usize,
    certificate: Option<u32>,
    drawn_from: Option<usize>,
}

#[derive(Debug, Clone)]
struct Model(Vec<ModelBlank>);

fn acts() -> impl Strategy<Value = Vec<ModelAct>> {
    let some = || (0..BLANKS, 0..6_u32).prop_map(|(first, more)| (first, (first + more).min(BLANKS - 1)));
    let keeper = || 0..KEEPERS.len();
    let way = prop::sample::select(vec![Passing::Draw, Passing::HandOver]);
    let after = prop::sample::select(vec![AfterSpoiling::Nothing, AfterSpoiling::Again, AfterSpoiling::Shift]);
    let act = prop_oneof![
        3 => (0..BLANKS, 0..25_u32, keeper()).prop_map(|(first, more, keeper)| ModelAct::Receive(first, (first + more).min(BLANKS - 1), keeper)),
        3 => (way, some(), keeper()).prop_map(|(way, (a, b), keeper)| ModelAct::Pass(way, a, b, Some(keeper))),
        2 => some().prop_map(|(a, b)| ModelAct::Pass(Passing::Return, a, b, None)),
        8 => (0..BLANKS, 1..=CERTIFICATES).prop_map(|(at, certificate)| ModelAct::Use(at, certificate)),
        4 => (some(), after).prop_map(|((a, b), after)| ModelAct::Spoil(a, b, after)),
        2 => some().prop_map(|(a, b)| ModelAct::Destroy(a, b)),
        1 => some().prop_map(|(a, b)| ModelAct::Count(a, b)),
        1 => Just(ModelAct::Reopen),
    ];
    prop::collection::vec(act, 0..40)
}

impl Model {
    /// Changes blanks of a run where all of them may be.
    fn each(&mut self, (first, last): (u32, u32), change: impl Fn(&mut ModelBlank) -> bool) -> bool {
        let mut after = self.clone();
        let done = after.0[first as usize..=last as usize].iter_mut().all(change);
        if done {
            *self = after;
        }
        done
    }

    fn holds(&self, certificate: u32) -> bool {
        self.0.iter().any(|blank| blank.certificate == Some(certificate))
    }

    fn spoil(&mut self, (first, last): (u32, u32), after: AfterSpoiling) -> bool {
        let before = self.clone();
        let range = first as usize..=last as usize;
        let may =
            |blank: &ModelBlank| matches!(blank.state, Some(BlankState::Stock | BlankState::Used | BlankState::Lost));
        if !self.0[range.clone()].iter().all(may) {
            return false;
        }
        let mut freed: Vec<u32> = Vec::new();
        let mut keeper = None;
        let mut begin = 0;
        for at in range.clone() {
            let blank = &mut self.0[at];
            if let Some(certificate) = blank.certificate.take() {
                if keeper.is_none() {
                    (keeper, begin) = (Some(blank.keeper), at);
                }
                freed.push(certificate);
            }
            (blank.state, blank.drawn_from) = (Some(BlankState::Spoiled), None);
        }
        if after == AfterSpoiling::Nothing {
            return true;
        }
        let Some(keeper) = keeper else {
            *self = before;
            return false;
        };
        // Certificates go on in the order of the blanks they were on, each to the next one.
        let mut queue: Vec<u32> = Vec::new();
        let mut places: Vec<usize> = Vec::new();
        let mut last_place = range.end().to_owned();
        let lasting = |blank: &ModelBlank| blank.state == Some(BlankState::Used) && blank.keeper == keeper;
        for at in begin..BLANKS as usize {
            match before.0[at].certificate {
                Some(certificate) if range.contains(&at) => queue.push(certificate),
                Some(certificate) if after == AfterSpoiling::Shift && lasting(&before.0[at]) => {
                    queue.push(certificate);
                    places.push(at);
                    last_place = last_place.max(at);
                }
                _ => {}
            }
        }
        let last_freed = range.clone().filter(|at| before.0[*at].certificate.is_some()).max().unwrap_or(0);
        let behind = places.last().copied().unwrap_or(0).max(last_freed);
        let free = (behind + 1..BLANKS as usize)
            .filter(|at| self.0[*at].state == Some(BlankState::Stock) && self.0[*at].keeper == keeper);
        let missing = queue.len() - places.len();
        let free: Vec<usize> = free.take(missing).collect();
        if free.len() < missing {
            *self = before;
            return false;
        }
        places.extend(free);
        places.iter().for_each(|at| self.0[*at].certificate = None);
        for (at, certificate) in places.into_iter().zip(queue) {
            let blank = &mut self.0[at];
            (blank.state, blank.certificate, blank.drawn_from) = (Some(BlankState::Used), Some(certificate), None);
        }
        true
    }

    fn balances(&self, came: &BTreeMap<usize, (u64, u64, u64)>) -> BTreeMap<usize, Balance> {
        let mut all: BTreeMap<usize, Balance> = BTreeMap::new();
        for (keeper, (received, came, went)) in came {
            all.insert(*keeper, Balance { received: *received, came: *came, went: *went, ..Balance::default() });
        }
        for blank in self.0.iter().filter(|blank| blank.state.is_some()) {
            *all.entry(blank.keeper).or_default().of(blank.state.unwrap()) += 1;
        }
        all
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Whatever is done in whatever order: the store does what the model does, nothing is ever unaccounted for, and the chain
    /// leads to what stands in the tables.
    #[test]
    fn any_sequence_keeps_every_blank_accounted_for(steps in acts()) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path(), "li");
        let all = with_certificates(&store, CERTIFICATES);
        let mut model = Model(vec![ModelBlank::default(); BLANKS as usize]);
        let mut books: BTreeMap<usize, (u64, u64, u64)> = BTreeMap::new();
        let act = act("x");
        for step in &steps {
            let before = model.clone();
            let (ours, theirs) = match step {
                ModelAct::Receive(first, last, keeper) => (
                    model.each((*first, *last), |blank| {
                        let is_new = blank.state.is_none();
                        *blank = ModelBlank { state: Some(BlankState::Stock), keeper: *keeper, ..ModelBlank::default() };
                        is_new
                    }),
                    refused(store.receive_blanks(&act, run(*first, *last), (KEEPERS[*keeper], ""))) == "done",
                ),
                ModelAct::Pass(way, first, last, to) => (
                    model.each((*first, *last), |blank| {
                        let back = blank.drawn_from;
                        let fits = match way {
                            Passing::Return => back.is_some(),
                            // Somebody has it in hand.
                            Passing::Draw => back.is_none(),
                            Passing::HandOver => true,
                        };
                        let may = blank.state == Some(BlankState::Stock) && fits;
                        let Some(to) = to.or(back) else { return false };
                        let is_other = to != blank.keeper;
                        blank.drawn_from = (*way == Passing::Draw).then_some(blank.keeper);
                        blank.keeper = to;
                        may && is_other
                    }),
                    refused(store.pass_blanks(&act, *way, &[run(*first, *last)], (to.map(|to| KEEPERS[to]), None))) == "done",
                ),
                ModelAct::Use(at, certificate) => {
                    let has = model.holds(*certificate);
                    let ours = !has && model.each((*at, *at), |blank| {
                        let may = blank.state == Some(BlankState::Stock);
                        *blank = ModelBlank { state: Some(BlankState::Used), certificate: Some(*certificate), keeper: blank.keeper, drawn_from: None };
                        may
                    });
                    let whom = Printing::Certificate(all[*certificate as usize - 1].code);
                    (ours, refused(store.use_blanks(&act, number(*at), whom, &[])) == "done")
                }
                ModelAct::Spoil(first, last, after) => (
                    model.spoil((*first, *last), *after),
                    refused(store.spoil_blanks(&act, &[run(*first, *last)], *after)) == "done",
                ),
                ModelAct::Destroy(first, last) => (
                    model.each((*first, *last), |blank| {
                        let may = blank.state == Some(BlankState::Spoiled);
                        blank.state = Some(BlankState::Destroyed);
                        may
                    }),
                    refused(store.destroy_blanks(&act, &[run(*first, *last)], ("witness", ""))) == "done",
                ),
                ModelAct::Count(first, last) => {
                    let held: Vec<BlankRun> = (0..BLANKS).filter(|at| model.0[*at as usize].state == Some(BlankState::Stock))
                        .map(|at| run(at, at)).collect();
                    let found: Vec<BlankRun> =
                        held.iter().copied().filter(|one| !run(*first, *last).covers(*one)).collect();
                    let order = CountOrder { keeper: "", institution: "", list: &found };
                    let told = store.count_blanks(&act, &order).unwrap();
                    let difference = Difference::between(&found, &held);
                    prop_assert_eq!(told.told.counted, difference.counted);
                    prop_assert_eq!(told.closed.is_some(), found.len() == held.len());
                    if told.closed.is_none() {
                        store.close_count(told.id, act.on, "x").unwrap();
                    }
                    for blank in &mut model.0[*first as usize..=*last as usize] {
                        if blank.state == Some(BlankState::Stock) {
                            (blank.state, blank.drawn_from) = (Some(BlankState::Lost), None);
                        }
                    }
                    (true, true)
                }
                ModelAct::Reopen => {
                    drop(store);
                    store = open(dir.path(), "li");
                    (true, true)
                }
            };
            prop_assert_eq!(ours, theirs, "{:?}", step);
            for (was, is) in before.0.iter().zip(&model.0) {
                match (was.state, is.state) {
                    (None, Some(_)) => books.entry(is.keeper).or_default().0 += 1,
                    (Some(_), Some(_)) if was.keeper != is.keeper => {
                        books.entry(is.keeper).or_default().1 += 1;
                        books.entry(was.keeper).or_default().2 += 1;
                    }
                    _ => {}
                }
            }
        }
        let reader = reader(&store);
        let stands: BTreeMap<usize, Balance> = reader.balances().unwrap().into_iter()
            .map(|(_, keeper, balance)| (KEEPERS.iter().position(|of| *of == keeper).unwrap(), balance)).collect();
        prop_assert!(stands.values().all(Balance::is_even));
        prop_assert_eq!(&stands, &model.balances(&books));
        for (at, blank) in (0..BLANKS).zip(&model.0) {
            let lives = reader.blank_lives(number(at)).unwrap();
            let found = lives.first().map(|life| (life.standing.state, life.standing.keeper.clone()));
            prop_assert_eq!(found, blank.state.map(|state| (state, KEEPERS[blank.keeper].to_string())), "{}", at);
            let code = lives.first().and_then(|life| life.steps.last()?.code);
            prop_assert_eq!(code, blank.certificate.map(|serial| all[serial as usize - 1].code));
        }
        prop_assert!(faults(&store).is_empty(), "{:?}", faults(&store));
    }
}

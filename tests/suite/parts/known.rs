//! A file that is in several open batches: each of them is offered, the one with somebody's work first.

use skillcert::app::App;
use skillcert::app::import::BatchLine;
use skillcert::app::msg::Effect;

use super::again::{batches, session, with_two};
use super::*;

#[test]
fn every_open_batch_that_a_file_is_in_is_offered() {
    let desk = with_two();
    let open = |file: &str, script: &str| talk(&desk, &["--lang", "zh", "open", file], script).out;
    // The first of several is asked about as the others are.
    let first = open("a.csv", "1\nquit\n");
    assert!(first.contains("a.csv 已在第 1 批里，是 2 份中的第 1 份"), "{first}");
    assert!(first.contains("另开一批") && first.contains("4 行"), "{first}");
    assert_eq!(batches(&desk), [(4, 1)]);
    open("a.csv", "2\nquit\n");
    open("b.csv", "2\nquit\n");
    assert_eq!(batches(&desk), [(4, 1), (2, 0), (2, 0)]);
    let change = |batch: i64| {
        let session = session(&desk);
        let mut hand = InHand::default();
        hand.go_on(&session, BatchId(batch)).expect("in hand");
        let stored = session.batch(BatchId(batch)).expect("a batch");
        let roster = session.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ()).expect("read");
        hand.record(&session, &roster.change("t", [(0, Field::Name, "王小二".into())])).expect("recorded");
    };
    // Without anybody's work the newest stands first; then that which was worked on.
    let order = |file: &str| {
        let told = open(file, "quit\n");
        let named = [1, 2, 3].map(|batch| told.find(&format!("接着做：第 {batch} 批")));
        let mut order: Vec<usize> = (0..3).filter(|at| named[*at].is_some()).collect();
        order.sort_by_key(|at| named[*at]);
        (order.iter().map(|at| at + 1).collect::<Vec<_>>(), told)
    };
    assert_eq!(order("b.csv").0, [3, 1]);
    change(1);
    let (offered, told) = order("b.csv");
    assert_eq!(offered, [1, 3]);
    assert!(told.contains("b.csv 已在 2 批里") && told.contains("这份文件是其中第 2 份，共 2 份"), "{told}");
    assert!(open("b.csv", "2\nquit\n").contains("2 行"));
    // What is archived is none of them; one that is just the file goes on as ever.
    session(&desk).archive_batch(BatchId(1)).expect("archived");
    let own = open("a.csv", "quit\n");
    assert!(!own.contains("已在") && own.contains("2 行"), "{own}");
    // It can be opened apart from all of them.
    assert!(session(&desk).bring_batch_back(BatchId(1)).expect("brought back"));
    open("b.csv", "3\nquit\n");
    assert_eq!(batches(&desk), [(4, 1), (2, 0), (2, 0), (2, 0)]);
    // Verbs that go on with one go on with that which was worked on.
    let told = desk.verb(&[&HOME[..], &["--lang", "zh", "check", "b.csv"]].concat()).err;
    assert!(!told.contains("第 4 批"), "{told}");
}

#[test]
fn the_batches_stand_in_a_list_and_the_file_lies_where_it_was_opened() {
    let several = |lines: Vec<(i64, u32, u32)>| {
        let mut app: App = new_app(Lang::Zh, (80, 24));
        app.start(Some("/data/another/名册.csv".into()), None);
        let of = |(batch, parts, number)| {
            (BatchLine { parts, ..crate::keys::batches::line(batch, "名册.csv", "li") }, number)
        };
        app.update(Msg::InBatches { job: 1, batches: lines.into_iter().map(of).collect() });
        app
    };
    let mut app = several(vec![(4, 1, 0), (3, 2, 2), (2, 0, 0)]);
    let shown = screen(&app);
    assert!(
        shown.contains("名册.csv 已在 3 批里，内容没有变") && shown.contains("都不管，把这份文件另开一批"),
        "{shown}"
    );
    let asked = press(&mut app, "enter");
    let [Effect::Resume { batch: Some(BatchId(4)), file: Some(_), .. }] = &asked[..] else { panic!("{asked:?}") };
    let mut app = several(vec![(4, 1, 0), (3, 2, 2), (2, 0, 0)]);
    let asked = press(&mut app, "down enter");
    let [Effect::Resume { batch: Some(BatchId(3)), file: None, .. }] = &asked[..] else { panic!("{asked:?}") };
    let mut app = several(vec![(4, 1, 0), (3, 2, 2), (2, 0, 0)]);
    let asked = press(&mut app, "end enter");
    let [Effect::Read(job)] = &asked[..] else { panic!("{asked:?}") };
    assert!(job.anew && job.columns.is_none());
    // Of more than the screen holds the one under the cursor is seen.
    let mut app = several((1..30).map(|batch| (batch, 1, 0)).collect());
    press(&mut app, "end");
    assert!(screen(&app).contains("> 都不管"), "{}", screen(&app));
}

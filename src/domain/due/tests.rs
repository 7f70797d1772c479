use super::*;
use crate::domain::registry::Institution;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a real day")
}

/// A profile with one deadline of each kind; no day is a holiday.
fn profile() -> Arc<Profile> {
    let text = include_str!("../../../data/profiles/beijing.toml");
    let head = &text[..text.find("[[deadline]]").expect("deadlines")];
    let tail = &text[text.find("[[segment]]").expect("segments")..];
    let deadline = |text: &str| format!("[[deadline]]\nname = \"期\"\nname_en = \"end\"\n{text}\n");
    let all = [
        "from = \"issued\"\nlength = 30\nuntil = \"submitted\"\nlate_clause = \"X-9\"\nclause = \"X-1\"",
        "from = \"issued\"\nlength = 5\nunit = \"months\"\nhard = true\nuntil = \"submitted\"\nor_after = \"X-1\"\nclause = \"X-2\"",
        "from = \"submitted\"\nlength = 30\nuntil = \"uploaded\"\nduty = \"authority\"\nclause = \"X-3\"",
        "from = \"uploaded\"\nlength = 15\nuntil = \"queryable\"\nduty = \"authority\"\nclause = \"X-4\"",
        "from = \"returned\"\nlength = 15\nuntil = \"submitted\"\nclause = \"X-5\"",
        "from = \"exam\"\nlength = -7\nuntil = \"planned\"\nclause = \"X-6\"",
        "from = \"evaluated\"\nlength = 10\nuntil = \"uploaded\"\nclause = \"X-7\"",
        "from = \"received\"\nlength = 5\nuntil = \"closed\"\nof_case = \"reissue\"\nclause = \"X-8\"",
        "from = \"year\"\non = \"01-25\"\nuntil = \"ordered\"\nclause = \"X-10\"",
        "from = \"once\"\non = \"2022-07-31\"\nhard = true\nclause = \"X-11\"",
        "from = \"changed\"\nlength = 10\nuntil = \"refiled\"\nclause = \"X-12\"",
        "from = \"counted\"\nlength = 6\nunit = \"months\"\nclause = \"X-13\"",
        "from = \"filed\"\nlength = 3\nunit = \"years\"\nrenews = true\nclause = \"X-14\"",
    ];
    let all: String = all.iter().map(|text| deadline(text)).collect();
    Arc::new(Profile::parse(&format!("{head}{all}{tail}")).expect("a profile"))
}

fn group(status: Status, issued: &str, since: &str) -> CertificateGroup {
    CertificateGroup {
        prefix: "S000011000001".into(),
        status,
        issued: Some(day(issued)),
        since: Some(day(since)),
        handed_in: None,
        count: 2,
    }
}

fn handed_in(on: &str) -> HandedIn {
    HandedIn { first: day(on), last: day(on), returned: None, answered: None }
}

/// Certificates that were handed in, came back and were exported anew.
fn exported_anew(first: &str, last: &str, returned: &str) -> CertificateGroup {
    let handed_in = HandedIn { first: day(first), last: day(last), returned: Some(day(returned)), answered: None };
    CertificateGroup { handed_in: Some(handed_in), ..group(Status::Exported, "2026-01-05", returned) }
}

fn batch(groups: Vec<CertificateGroup>) -> KnownBatch {
    KnownBatch { id: BatchId(1), file: "名册.xlsx".into(), profile: "beijing".into(), is_closed: false, groups }
}

fn noted(thing: Thing, event: DatedEvent, on: &str) -> NotedEvent {
    NotedEvent { thing, event, day: day(on) }
}

/// Tells what is due, each as clause, standing and day.
fn told(known: &KnownThings, on: &str) -> Vec<String> {
    let profile = profile();
    let items = due(known, &|_| Some(Arc::clone(&profile)), &Calendar::default(), day(on));
    let told = |item: &DueItem| {
        let end = item.end.map_or_else(|| "-".to_string(), |end| end.due.to_string());
        format!("{} {} {end}", item.deadline().clause, item.standing.key())
    };
    items.iter().map(told).collect()
}

fn of_batch(groups: Vec<CertificateGroup>, events: &[(DatedEvent, &str)]) -> KnownThings {
    let events = events.iter().map(|(event, on)| noted(Thing::Batch(BatchId(1)), *event, on)).collect();
    KnownThings { batches: vec![batch(groups)], events, ..KnownThings::default() }
}

fn of_institution(filed_on: Option<&str>, since: &str, events: &[(DatedEvent, &str)]) -> KnownThings {
    let prefix = "S000011000001";
    let institution = Institution {
        prefix: prefix.into(),
        profile: "beijing".into(),
        filed_on: filed_on.map(day),
        ..Institution::default()
    };
    let thing = || Thing::Institution(prefix.to_string());
    KnownThings {
        registry: Registry::new([institution]),
        since: HashMap::from([(prefix.to_string(), day(since))]),
        events: events.iter().map(|(event, on)| noted(thing(), *event, on)).collect(),
        ..KnownThings::default()
    }
}

#[test]
fn a_batch_goes_from_its_issue_to_the_public() {
    use DatedEvent::{Evaluated, Exam, Planned, Queryable, Uploaded};
    let waits = ["X-6 waiting -", "X-7 waiting -"];
    assert_eq!(told(&of_batch(Vec::new(), &[]), "2026-03-01"), waits);
    let done = [(Exam, "2026-01-10"), (Planned, "2026-01-02"), (Evaluated, "2026-01-10")];
    let open =
        vec![group(Status::Exported, "2026-01-05", "2026-01-06"), group(Status::Void, "2025-01-05", "2026-01-06")];
    // 30 working days: six weeks.
    let told_of = |groups: &[CertificateGroup], more: &[(DatedEvent, &str)], on: &str| {
        told(&of_batch(groups.to_vec(), &[&done[..], more].concat()), on)
    };
    assert_eq!(told_of(&open, &[], "2026-01-20"), ["X-7 due 2026-01-23", "X-1 due 2026-02-16", "X-2 due 2026-06-05"]);
    assert_eq!(
        told_of(&open, &[], "2026-02-17"),
        ["X-7 overdue 2026-01-23", "X-1 overdue 2026-02-16", "X-2 due 2026-06-05"]
    );
    let late = told_of(&open, &[], "2026-06-06");
    assert_eq!(late[0], "X-2 too-late 2026-06-05");
    // Whoever hands in has met what is its own; what the authority owes is expected, and asked about.
    let sent = [group(Status::Submitted, "2026-01-05", "2026-02-02")];
    assert_eq!(told_of(&sent, &[], "2026-02-03"), ["X-3 expected 2026-03-16", "X-4 waiting -"]);
    assert_eq!(told_of(&sent, &[], "2026-03-17"), ["X-3 ask 2026-03-16", "X-4 waiting -"]);
    assert_eq!(told_of(&sent, &[(Uploaded, "2026-03-01")], "2026-03-17"), ["X-4 expected 2026-03-20"]);
    assert_eq!(told_of(&sent, &[(Uploaded, "2026-03-01"), (Queryable, "2026-03-10")], "2026-03-17"), [""; 0]);
    // Accepted is not filed yet: what began when they were handed in goes on.
    let accepted = [CertificateGroup {
        handed_in: Some(handed_in("2026-02-02")),
        ..group(Status::Accepted, "2026-01-05", "2026-02-20")
    }];
    assert_eq!(told_of(&accepted, &[], "2026-03-17"), ["X-3 ask 2026-03-16", "X-4 waiting -"]);
    assert_eq!(told_of(&accepted, &[(Uploaded, "2026-03-01")], "2026-03-02"), ["X-4 expected 2026-03-20"]);
    let returned = [group(Status::Returned, "2026-01-05", "2026-02-02")];
    assert_eq!(told_of(&returned, &[], "2026-02-03"), ["X-5 due 2026-02-23"]);
    // An export meets nothing: what came back is due until it is handed in anew, and what it met the first time it has met.
    let anew = [exported_anew("2026-01-09", "2026-01-20", "2026-02-02")];
    assert_eq!(told_of(&anew, &[], "2026-07-01"), ["X-5 overdue 2026-02-23"]);
    assert_eq!(told_of(&[group(Status::Published, "2026-01-05", "2026-02-02")], &[], "2026-02-03"), [""; 0]);
}

#[test]
fn the_longest_waiting_certificate_counts_and_a_plan_is_due_before() {
    let two =
        vec![group(Status::Allocated, "2026-03-05", "2026-03-05"), group(Status::Exported, "2026-01-05", "2026-01-06")];
    let known = of_batch(two, &[(DatedEvent::Exam, "2026-10-12")]);
    assert_eq!(
        told(&known, "2026-01-20"),
        ["X-1 due 2026-02-16", "X-2 due 2026-06-05", "X-6 due 2026-10-01", "X-7 waiting -"]
    );
    let old = of_batch(vec![group(Status::Exported, "2021-06-01", "2021-06-02")], &[]);
    assert!(told(&old, "2026-01-20").contains(&"X-11 too-late 2022-07-31".to_string()));
}

#[test]
fn a_day_of_every_year_is_met_by_what_was_done_near_it() {
    let of = |events: &[(DatedEvent, &str)], on: &str| {
        let all = told(&of_institution(Some("2020-05-01"), "2020-06-01", events), on);
        all.into_iter().filter(|told| told.starts_with("X-10 ")).collect::<Vec<_>>()
    };
    let ordered = |on| (DatedEvent::Ordered, on);
    assert_eq!(of(&[], "2026-01-20"), ["X-10 due 2026-01-25"]);
    assert_eq!(of(&[], "2026-01-26"), ["X-10 overdue 2026-01-25"]);
    assert_eq!(of(&[ordered("2025-12-20")], "2026-01-20"), ["X-10 due 2027-01-25"], "early");
    assert_eq!(of(&[ordered("2026-02-10")], "2026-03-01"), ["X-10 due 2027-01-25"], "late");
    assert_eq!(of(&[ordered("2025-02-10")], "2026-01-20"), ["X-10 due 2026-01-25"]);
    let new = told(&of_institution(None, "2026-06-01", &[]), "2026-06-02");
    assert!(new.contains(&"X-10 due 2027-01-25".to_string()), "{new:?}");
}

#[test]
fn an_institution_has_what_comes_again_and_what_goes_on() {
    use DatedEvent::{Changed, Counted, Ordered, Refiled};
    let of =
        |events: &[(DatedEvent, &str)], on: &str| told(&of_institution(Some("2024-02-29"), "2024-03-01", events), on);
    let ordered = (Ordered, "2026-01-20");
    let none = of(&[ordered], "2026-03-01");
    assert_eq!(none, ["X-10 due 2027-01-25", "X-14 renews 2027-02-28", "X-13 waiting -"]);
    // The end that goes on by itself is the next one.
    let later = of(&[(Ordered, "2027-01-20"), (Counted, "2026-11-30")], "2027-03-01");
    assert_eq!(later, ["X-13 due 2027-05-30", "X-10 due 2028-01-25", "X-14 renews 2030-02-28"]);
    let changed = of(&[ordered, (Changed, "2026-02-02"), (Counted, "2026-02-01")], "2026-03-01");
    assert!(changed.contains(&"X-12 overdue 2026-02-16".to_string()), "{changed:?}");
    let refiled = of(&[ordered, (Changed, "2026-02-02"), (Refiled, "2026-02-03")], "2026-03-01");
    assert!(!refiled.iter().any(|told| told.starts_with("X-12")), "{refiled:?}");
    let again = of(&[ordered, (Changed, "2026-02-20"), (Refiled, "2026-02-03")], "2026-03-01");
    assert!(
        again.contains(&"X-12 due 2026-03-06".to_string()),
        "an earlier filing says nothing of a later change: {again:?}"
    );
}

#[test]
fn a_case_is_of_the_kind_that_the_notice_means() {
    let case = |kind| KnownCase {
        id: CaseId(7),
        kind,
        code: "S000011000001242000001".into(),
        profile: "beijing".into(),
        applied_on: day("2026-03-02"),
    };
    let of = |kind, events: Vec<NotedEvent>| {
        told(&KnownThings { cases: vec![case(kind)], events, ..KnownThings::default() }, "2026-03-03")
    };
    assert_eq!(of(CaseKind::Reissue, Vec::new()), ["X-8 due 2026-03-09"]);
    assert_eq!(of(CaseKind::Correct, Vec::new()), [""; 0]);
    let received = vec![noted(Thing::Case(CaseId(7)), DatedEvent::Received, "2026-03-03")];
    assert_eq!(of(CaseKind::Reissue, received), ["X-8 due 2026-03-10"], "when it was received was noted apart");
}

/// What will bar within days goes before what is late already, and what is only to be asked behind both.
#[test]
fn the_most_urgent_is_what_nobody_will_accept_soon() {
    let known = of_batch(
        vec![group(Status::Exported, "2026-01-05", "2026-01-06"), group(Status::Submitted, "2026-01-05", "2026-01-09")],
        &[],
    );
    let (profile, on) = (profile(), day("2026-06-01"));
    let mut items = due(&known, &|_| Some(Arc::clone(&profile)), &Calendar::default(), on);
    items.retain(|item| item.urgency(on).is_some());
    items.sort_by_key(|item| item.urgency(on));
    let clauses: Vec<&str> = items.iter().map(|item| &*item.deadline().clause).collect();
    assert_eq!(clauses, ["X-2", "X-1", "X-3"]);
    assert!(items.iter().all(|item| item.is_pressing(on)));
    let ahead = day("2026-01-20");
    let items = due(&known, &|_| Some(Arc::clone(&profile)), &Calendar::default(), ahead);
    let near: Vec<_> = items.iter().filter(|item| item.urgency(ahead) == Some(5)).collect();
    assert!(!near.is_empty() && near.iter().all(|item| !item.is_pressing(ahead)));
}

#[test]
fn what_is_late_is_named_and_what_nobody_accepts_has_two_readings() {
    let profile = profile();
    let calendar = Calendar::default();
    let late_on = |groups: Vec<CertificateGroup>, on: &str| {
        let batch = batch(groups);
        let of = (&Thing::Batch(batch.id), batch.file.as_str(), batch.groups.as_slice());
        let found = late(of, &profile, &calendar, day(on));
        found.map(|late| (late.end.due, late.handed_in, late.count))
    };
    let open = || group(Status::Exported, "2026-01-05", "2026-01-06");
    assert_eq!(late_on(vec![open()], "2026-02-16"), None);
    assert_eq!(late_on(vec![open()], "2026-02-17"), Some((day("2026-02-16"), None, 2)));
    let sent = |on| group(Status::Submitted, "2026-01-05", on);
    assert_eq!(late_on(vec![sent("2026-02-16")], "2026-03-17"), None);
    let both = Some((day("2026-02-16"), Some(day("2026-02-18")), 2));
    assert_eq!(late_on(vec![sent("2026-02-18")], "2026-03-17"), both);
    let published = CertificateGroup {
        handed_in: Some(handed_in("2026-02-18")),
        ..group(Status::Published, "2026-01-05", "2026-04-01")
    };
    assert_eq!(late_on(vec![published], "2026-05-17"), both, "when they were published says nothing");
    let anew = |first| exported_anew(first, "2026-03-20", "2026-03-25");
    assert_eq!(late_on(vec![anew("2026-02-16")], "2026-05-17"), None, "the first time was in time");
    assert_eq!(late_on(vec![anew("2026-02-18")], "2026-05-17"), both);
    let returned = CertificateGroup { status: Status::Returned, ..anew("2026-02-18") };
    assert_eq!(late_on(vec![returned], "2026-05-17"), both);
    // A day that comes once bars what was there when it came, and nothing that came later.
    let bars =
        |issued| hard_stops(&profile, day(issued), &calendar).map(|stop| stop.end.due.to_string()).collect::<Vec<_>>();
    assert_eq!(bars("2022-07-31"), ["2022-12-31", "2022-07-31"]);
    assert_eq!(bars("2022-08-01"), ["2023-01-01"]);
    let stops: Vec<_> = hard_stops(&profile, day("2026-01-05"), &calendar).collect();
    let [stop] = stops[..] else { panic!("{stops:?}") };
    assert_eq!(stop.end.due, day("2026-06-05"));
    assert_eq!(
        stop.second.map(|second| (second.start, second.due)),
        Some((Some(day("2026-02-16")), day("2026-07-16")))
    );
}

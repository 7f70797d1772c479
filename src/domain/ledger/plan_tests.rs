use super::*;
use crate::domain::profile::Profile;

fn profile(text: &str) -> Profile {
    Profile::parse(text).unwrap()
}

fn gansu() -> Profile {
    profile(include_str!("../../../data/profiles/gansu-competition.toml"))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn request(row: RowId, level: u8, issue_date: &'static str) -> NumberRequest<'static> {
    let prefix = Ok(Arc::from("S000062010001"));
    NumberRequest {
        row,
        prefix,
        level: Level::new(level),
        issue_date,
        doubt: None,
        overruled: None,
        sort: String::new(),
    }
}

fn state(key: &str, high: u32, last: u32) -> SeriesState {
    let profile = if key.contains('J') { "gansu-competition" } else { "guizhou" }.to_string();
    let key = SeriesKey::read(key).unwrap();
    SeriesState { key, profile, first: 1, last, high, used: 0, reserved: 0, void: 0, gaps: 0 }
}

fn planned(profile: &Profile, requests: &[NumberRequest<'_>], series: &[SeriesState]) -> Plan {
    planned_of(profile, requests, series, None)
}

fn planned_of(
    profile: &Profile,
    requests: &[NumberRequest<'_>],
    series: &[SeriesState],
    reserved: Option<&[CertCode]>,
) -> Plan {
    let reads = |code: CertCode| code.as_str().starts_with(['S', 'Y']);
    let written = HashMap::from([(CertCode::new("S000062010001213J00003").unwrap(), 9)]);
    plan(requests, &Setting { profile, series, reserved, written: &written, reads: &reads, today: day("2026-11-21") })
}

fn codes(plan: &Plan) -> Vec<(RowId, &str)> {
    plan.rows.iter().map(|p| (p.row, p.code.as_str())).collect()
}

#[test]
fn numbers_follow_the_largest_of_each_series() {
    let requests = [
        request(0, 3, "2024-11-08"),
        request(1, 4, "2024.11.8"),
        request(2, 3, "2024-12-31"),
        request(3, 3, "2025-01-01"),
    ];
    let plan = planned(&gansu(), &requests, &[state("S000062010001243J*****", 7, 99_999)]);
    let expected = [
        (0, "S000062010001243J00008"),
        (2, "S000062010001243J00009"),
        (1, "S000062010001244J00001"),
        (3, "S000062010001253J00001"),
    ];
    assert_eq!(codes(&plan), expected);
    let series: Vec<_> = plan.series.iter().map(|s| (s.high, s.from(), s.to(), s.count(), s.left)).collect();
    assert_eq!(series, [(7, 8, 9, 2, 99_990), (0, 1, 1, 1, 99_998), (0, 1, 1, 1, 99_998)]);
    assert!(plan.refused.is_empty() && plan.rows.iter().all(|p| p.issue_date.is_none()));
}

#[test]
fn rows_are_sorted_as_asked_and_equal_ones_stay_in_order() {
    let sorted = |keys: [&str; 4]| {
        let row =
            |(i, key): (usize, &&str)| NumberRequest { sort: (*key).into(), ..request(i as u32, 3, "2024-11-08") };
        let requests: Vec<_> = keys.iter().enumerate().map(row).collect();
        planned(&gansu(), &requests, &[]).rows.iter().map(|p| p.row).collect::<Vec<_>>()
    };
    assert_eq!(sorted(["", "", "", ""]), [0, 1, 2, 3]);
    assert_eq!(sorted(["b", "a", "b", "a"]), [1, 3, 0, 2]);
}

#[test]
fn every_row_that_gets_no_number_says_why() {
    let refuse = |refusal| NumberRequest { prefix: Err(refusal), ..request(9, 3, "2024-11-08") };
    let prefix = |prefix: &str| NumberRequest { prefix: Ok(Arc::from(prefix)), ..request(9, 3, "2024-11-08") };
    for (asked, why) in [
        (refuse(RowRefusal::HasCode), RowRefusal::HasCode),
        (refuse(RowRefusal::Faulty(Field::Name)), RowRefusal::Faulty(Field::Name)),
        (NumberRequest { level: None, ..request(9, 3, "2024-11-08") }, RowRefusal::NoLevel),
        (request(9, 3, " "), RowRefusal::NoIssueDate),
        (request(9, 3, "8.11.24"), RowRefusal::DateUnread),
        (request(9, 3, "43596"), RowRefusal::DateUnread),
        (request(9, 3, "2026-11-22"), RowRefusal::DateInFuture),
        (request(9, 3, "1999-01-01"), RowRefusal::DateTooEarly(gansu().year.first)),
        (request(9, 2, "2024-11-08"), RowRefusal::Full(99_999)),
        (prefix("X000062010001"), RowRefusal::Unreadable),
        (prefix("S00006201000"), RowRefusal::NotComposed(ComposeError::Prefix)),
    ] {
        let plan = planned(&gansu(), &[asked], &[state("S000062010001242J*****", 99_999, 99_999)]);
        assert_eq!((plan.refused.as_slice(), plan.rows.len()), (&[(9, why)][..], 0));
        assert!(plan.series.is_empty());
    }
}

#[test]
fn what_does_not_fit_into_the_series_is_refused() {
    let requests: Vec<_> = (0..4).map(|row| request(row, 2, "2024-11-08")).collect();
    let plan = planned(&gansu(), &requests, &[state("S000062010001242J*****", 99_997, 99_999)]);
    assert_eq!(codes(&plan), [(0, "S000062010001242J99998"), (1, "S000062010001242J99999")]);
    assert_eq!(plan.refused, [(2, RowRefusal::Full(99_999)), (3, RowRefusal::Full(99_999))]);
    assert_eq!((plan.series[0].to(), plan.series[0].left), (99_999, 0));
}

/// BJ-17: the issue date is the day the number is made, whatever stands in the row.
#[test]
fn beijing_stamps_the_day() {
    let beijing = profile(include_str!("../../../data/profiles/beijing.toml"));
    let row = |issue_date| NumberRequest { prefix: Ok(Arc::from("Y000111020001")), ..request(0, 5, issue_date) };
    for text in ["", "2024-11-08", "2030-01-01"] {
        let plan = planned(&beijing, &[row(text)], &[]);
        assert_eq!(codes(&plan), [(0, "Y000111020001265000001")]);
        assert_eq!(plan.rows[0].issue_date, Some(day("2026-11-21")));
    }
}

/// GZ-21: five digits in six places.
#[test]
fn guizhou_ends_at_five_digits() {
    let guizhou = profile(include_str!("../../../data/profiles/guizhou.toml"));
    let row = NumberRequest { prefix: Ok(Arc::from("S000052001001")), ..request(0, 5, "2024-11-08") };
    let plan = planned(&guizhou, std::slice::from_ref(&row), &[]);
    assert_eq!((codes(&plan)[0].1, plan.series[0].left), ("S000052001001245000001", 99_998));
    let full = planned(&guizhou, &[row], &[state("S000052001001245******", 99_999, 99_999)]);
    assert_eq!(full.refused, [(0, RowRefusal::Full(99_999))]);
}

#[test]
fn levels_share_a_series_where_the_profile_says_so() {
    let text = include_str!("../../../data/profiles/gansu-competition.toml");
    let shared = profile(&text.replace("scope = [\"prefix\", \"year\", \"level\"]", "scope = [\"prefix\", \"year\"]"));
    let plan = planned(&shared, &[request(0, 3, "2024-11-08"), request(1, 4, "2024-11-08")], &[]);
    assert_eq!(codes(&plan), [(0, "S000062010001243J00001"), (1, "S000062010001244J00002")]);
    assert_eq!((plan.series.len(), plan.series[0].key.as_str()), (1, "S00006201000124?J*****"));
}

/// A reserved code is of one year and level, whatever its series runs over.
#[test]
fn reserved_numbers_go_to_rows_of_their_own_year_and_level() {
    let text = include_str!("../../../data/profiles/gansu-competition.toml");
    let shared = profile(&text.replace("scope = [\"prefix\", \"year\", \"level\"]", "scope = [\"prefix\", \"year\"]"));
    let code = |text: &str| CertCode::new(text).unwrap();
    let reserved = [
        code("S000062010001243J00004"),
        code("S000062010001244J00005"),
        code("S000062010001243J00006"),
        code("S000062010001243J00009"),
        code("S000062010009243J00001"),
    ];
    let requests = [
        request(0, 3, "2024-11-08"),
        request(1, 4, "2024-11-08"),
        request(2, 3, "2024-11-08"),
        request(3, 4, "2024-11-08"),
        request(4, 3, "2023-11-08"),
    ];
    let plan = planned_of(&shared, &requests, &[state("S00006201000124?J*****", 9, 99_999)], Some(&reserved));
    let expected = [(0, "S000062010001243J00004"), (1, "S000062010001244J00005"), (2, "S000062010001243J00006")];
    assert_eq!(codes(&plan), expected);
    assert_eq!((&plan.series[0].runs, plan.series[0].left, plan.reserved), (&vec![(4, 6)], 1, true));
    assert_eq!(plan.refused, [(3, RowRefusal::NoneReserved), (4, RowRefusal::NoneReserved)]);
    let none = planned_of(&shared, &requests[..1], &[], Some(&[]));
    assert_eq!((none.rows.len(), none.refused), (0, vec![(0, RowRefusal::NoneReserved)]));
}

#[test]
fn what_speaks_against_a_number_is_told_unless_something_else_forbids_it() {
    let mut requests = [request(0, 3, "2024-11-08"), request(1, 3, ""), request(2, 3, "2024-11-08")];
    requests[0].doubt = Some(RowRefusal::AwardTwice(7));
    requests[1].doubt = Some(RowRefusal::HasError(Field::Employer));
    let plan = planned(&gansu(), &requests, &[]);
    assert_eq!(codes(&plan), [(2, "S000062010001243J00001")]);
    assert_eq!(plan.refused, [(0, RowRefusal::AwardTwice(7)), (1, RowRefusal::NoIssueDate)]);
    let wish = PlanWish { also_held: true, ..PlanWish::default() };
    assert!(wish.overrules(&RowRefusal::AwardTwice(7)) && !wish.overrules(&RowRefusal::HasError(Field::Employer)));
    assert!(!PlanWish { also_errors: true, ..wish }.overrules(&RowRefusal::Faulty(Field::Name)));
}

#[test]
fn a_number_that_stands_in_the_roster_is_not_given_again() {
    let requests = [request(0, 3, "2021-11-08"), request(1, 3, "2021-11-08"), request(2, 3, "2021-11-08")];
    let plan = planned(&gansu(), &requests, &[state("S000062010001213J*****", 1, 99_999)]);
    assert_eq!(codes(&plan), [(0, "S000062010001213J00002")]);
    let written = RowRefusal::Written(CertCode::new("S000062010001213J00003").unwrap(), 9);
    assert_eq!(plan.refused, [(1, written.clone()), (2, written)]);
    // Of reserved numbers the next one is given.
    let reserved = [3, 4, 6].map(|n| CertCode::new(&format!("S000062010001213J0000{n}")).unwrap());
    let plan = planned_of(&gansu(), &requests, &[state("S000062010001213J*****", 9, 99_999)], Some(&reserved));
    assert_eq!(codes(&plan), [(0, "S000062010001213J00004"), (1, "S000062010001213J00006")]);
    assert_eq!(plan.refused, [(2, RowRefusal::NoneReserved)]);
}

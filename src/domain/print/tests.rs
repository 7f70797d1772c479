//! What is laid out, without the notices' own data.

use super::*;
use crate::domain::profile::CodeRange;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

#[test]
fn a_photo_is_old_once_more_than_the_months_of_the_notice_lie_between() {
    let (issued, today) = (Some(day("2026-11-28")), day("2026-12-01"));
    let age = |taken: &str| age_of(Some(day(taken)), (issued, Some(6)), today);
    assert_eq!(age("2026-05-27"), PhotoAge::Old(day("2026-05-27")));
    assert_eq!(age("2026-05-28"), PhotoAge::Fresh(day("2026-05-28")));
    assert_eq!(age("2026-12-01"), PhotoAge::Fresh(day("2026-12-01")), "taken for a reissue");
    assert_eq!(age_of(None, (issued, Some(6)), today), PhotoAge::Unknown);
    assert_eq!(
        age_of(Some(day("2019-01-01")), (issued, None), today),
        PhotoAge::Fresh(day("2019-01-01")),
        "no notice asks"
    );
    assert_eq!(age("2026-12-02"), PhotoAge::Ahead(day("2026-12-02")), "no camera knows tomorrow");
    // The corresponding day of a shorter month is its last.
    assert_eq!(
        age_of(Some(day("2025-08-31")), (Some(day("2026-02-28")), Some(6)), today),
        PhotoAge::Fresh(day("2025-08-31"))
    );
}

#[test]
fn a_photo_that_proves_nothing_bars_and_one_that_is_still_to_come_does_not() {
    let taken = day("2026-10-01");
    let found = |file: &str, kind, age| PhotoState::Found(FoundPhoto { file: file.into(), kind, pixels: None, age });
    let (jpeg, png) = (Some(ImageKind::Jpeg), Some(ImageKind::Png));
    for (state, is_wrong, with_months, without) in [
        (PhotoState::Missing, true, false, false),
        (PhotoState::Several(vec!["a.jpg".into(), "a.png".into()]), true, true, true),
        (found("a.JPEG", jpeg, PhotoAge::Fresh(taken)), false, false, false),
        (found("a.jpg", jpeg, PhotoAge::Unknown), false, false, false),
        (found("a.jpg", png, PhotoAge::Unknown), true, true, true),
        (found("a.jpg", None, PhotoAge::Unknown), true, true, true),
        (found("a.png", png, PhotoAge::Old(taken)), true, true, true),
        (found("a.png", png, PhotoAge::Ahead(taken)), true, true, false),
    ] {
        assert_eq!(
            (state.is_wrong(), state.bars(Some(6)), state.bars(None)),
            (is_wrong, with_months, without),
            "{state:?}"
        );
    }
}

#[test]
fn a_photo_is_found_by_number_or_code_in_whatever_letters_and_never_guessed() {
    let names = [
        "44010519720511133x.JPG",
        "S000044012001263000002.png",
        "张伟.jpg",
        "notes.txt",
        "440105197205111330.jpg",
        "440105197205111330.jpeg",
    ];
    let folder = PhotoFolder::new(names.map(String::from));
    assert_eq!(folder.files().count(), 5);
    assert_eq!(folder.of("44010519720511133X", "S000044012001263000001"), ["44010519720511133x.JPG"]);
    assert_eq!(folder.of("1", "S000044012001263000002"), ["S000044012001263000002.png"]);
    let twice = ["440105197205111330.jpeg", "440105197205111330.jpg"];
    assert_eq!(folder.of("440105197205111330", "S000044012001263000009"), twice);
    assert!(folder.of("", "S000044012001263000009").is_empty());
}

#[test]
fn the_longest_word_at_the_first_place_is_named() {
    let words = ["中国", "中国就业培训技术指导中心", "国家"].map(String::from);
    assert_eq!(first_word("由中国就业培训技术指导中心和国家颁发", &words), Some("中国就业培训技术指导中心"));
    assert_eq!(first_word("电工", &words), None);
}

#[test]
fn a_qr_text_has_only_places_that_something_fills() {
    assert_eq!(unknown_place("{certificates-address}?code={code}"), None);
    assert_eq!(unknown_place("{code}{passport}"), Some("passport"));
    let mut line = PrintLine::new();
    line.put(PrintColumn::Code, "S000044012001263000001");
    line.put(PrintColumn::Name, "{code}");
    assert_eq!(filled("{name} {code}!", &line), "{code} S000044012001263000001!", "nothing is filled twice");
    assert_eq!(filled("", &line), "");
}

#[test]
fn codes_are_told_apart_by_their_positions() {
    let city = CodeRange { from: 2, to: 5, first: 0, last: 0 };
    let ministry = CodeRange { from: 2, to: 5, first: 1, last: 9999 };
    assert!(city.holds("S000011082003225000001") && !ministry.holds("S000011082003225000001"));
    assert!(ministry.holds("Y000111020001225000001") && !city.holds("Y000111020001225000001"));
    assert!(!ministry.holds("") && !CodeRange { from: 0, ..city }.holds("S0000"));
}

#[test]
fn nothing_of_a_line_is_shown_by_accident() {
    let mut line = PrintLine::new();
    line.put(PrintColumn::Name, "张伟");
    assert_eq!(format!("{line:?}"), "PrintLine { .. }");
    assert_eq!(PrintColumn::ALL.map(|column| PrintColumn::read(column.key())), PrintColumn::ALL.map(Some));
}

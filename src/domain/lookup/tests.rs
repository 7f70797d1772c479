use proptest::prelude::*;

use super::rank::squeezed;
use super::*;

fn entry(kind: EntryKind, code: &str, text: &str, note: &str) -> LookupEntry {
    LookupEntry {
        kind,
        code: code.into(),
        text: text.into(),
        note: note.into(),
        also: Vec::new(),
        table: String::new(),
        is_past: false,
    }
}

fn index() -> Index {
    use EntryKind::{Day, Division, IdType, Level, Neighbour, Region, Rule, Term};
    Index::build([
        entry(Division, "410581", "林州市", "河南省 安阳市"),
        entry(Division, "620100", "兰州市", "甘肃省"),
        LookupEntry {
            also: vec!["兰州城关区".into()], ..entry(Division, "620102", "城关区", "甘肃省 兰州市")
        },
        entry(Division, "620103", "七里河区", "甘肃省 兰州市"),
        LookupEntry { is_past: true, ..entry(Division, "510128", "崇庆县", "") },
        entry(Division, "500000", "重庆市", ""),
        entry(Region, "01", "兰州市", "甘肃"),
        entry(Region, "15", "兰州新区", "甘肃"),
        entry(IdType, "201", "居民身份证", "身份证"),
        entry(Neighbour, "211", "台湾居民来往大陆通行证", "附件没有 211"),
        entry(Neighbour, "护照", "外国护照", ""),
        entry(Level, "3", "高级工", "三级"),
        entry(Rule, "D05", "校验码不对", "id-check-digit"),
        entry(Term, "ledger", "台账", "the book of issued codes"),
        entry(Day, "2019-10-01", "休息日", ""),
    ])
}

fn found(typed: &str) -> Vec<(String, String, Rank)> {
    let index = index();
    let hits = index.search(typed, None, 20);
    hits.iter().map(|h| (index.entries[h.at].code.clone(), index.entries[h.at].text.clone(), h.rank)).collect()
}

#[test]
fn the_best_entry_comes_first() {
    for (typed, code, rank) in [
        ("201", "201", Rank::Code),
        ("２０１", "201", Rank::Code),
        ("2 01", "201", Rank::Code),
        ("20", "201", Rank::CodeStart),
        ("211", "211", Rank::Code),
        ("d05", "D05", Rank::Code),
        ("6201", "620100", Rank::CodeStart),
        ("620102", "620102", Rank::Code),
        ("兰州市", "01", Rank::Text),
        ("兰州", "01", Rank::TextStart),
        ("新区", "15", Rank::TextWithin),
        ("lzs", "01", Rank::Initials),
        ("LZS", "01", Rank::Initials),
        ("lanzhou", "01", Rank::Spelled),
        ("lan zhou", "01", Rank::Spelled),
        ("lan'zhou", "01", Rank::Spelled),
        ("lanzhouxin", "15", Rank::Spelled),
        ("xinqu", "15", Rank::SpelledWithin),
        ("chongqing", "500000", Rank::Spelled),
        ("zhongqing", "500000", Rank::Spelled),
        ("huzhao", "护照", Rank::Spelled),
        ("jmsfz", "201", Rank::Initials),
        ("taizhang", "ledger", Rank::Spelled),
        ("led", "ledger", Rank::CodeStart),
        ("check-digit", "D05", Rank::Note),
        ("edge", "ledger", Rank::CodeWithin),
        ("兰州城关区", "620102", Rank::Text),
        ("兰州城关", "620102", Rank::Placed),
        ("lzcg", "620102", Rank::Placed),
        ("lanzhouchengguan", "620102", Rank::Placed),
        ("20191001", "2019-10-01", Rank::Code),
        ("2019.10", "2019-10-01", Rank::CodeStart),
        ("安阳", "410581", Rank::Note),
        ("校码", "D05", Rank::Scattered),
        ("lnzhoushi", "01", Rank::Scattered),
    ] {
        let found = found(typed);
        let (first, _, how) = found.first().unwrap_or_else(|| panic!("{typed} finds nothing"));
        assert_eq!((first.as_str(), *how), (code, rank), "{typed}: {found:?}");
    }
}

#[test]
fn what_fits_better_stands_before_what_fits_less() {
    let texts: Vec<String> = found("兰州").into_iter().map(|(code, ..)| code).collect();
    // Shorter texts first, then by kind; the divisions only name the city in their remarks.
    assert_eq!(texts, ["01", "620100", "15", "620102", "620103"]);
    assert!(found("-").iter().all(|(.., rank)| *rank == Rank::Note), "a sign alone is no code");
    for typed in ["l", "兰", "2", "lz", "q"] {
        let found = found(typed);
        assert!(found.is_sorted_by_key(|(.., rank)| *rank), "{typed}: {found:?}");
    }
}

#[test]
fn one_kind_alone_and_no_more_than_asked() {
    let index = index();
    let codes = |typed: &str, kind, limit| {
        let hits = index.search(typed, kind, limit);
        hits.iter().map(|h| index.entries[h.at].code.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(codes("lzs", Some(EntryKind::Division), 20), ["410581", "620100"]);
    assert_eq!(codes("", Some(EntryKind::Region), 20), ["01", "15"]);
    assert!(codes("", None, 20).is_empty() && codes(" \u{3000}", None, 20).is_empty());
    assert_eq!(codes("兰州", None, 2), ["01", "620100"]);
    assert!(codes("兰州", None, 0).is_empty());
    assert!(codes("没有这样的词", None, 20).is_empty() && codes("'", None, 20).is_empty());
}

#[test]
fn a_cell_gets_what_its_column_takes() {
    let id_type = entry(EntryKind::IdType, "201", "居民身份证", "");
    let wrong = entry(EntryKind::Neighbour, "211", "台湾居民来往大陆通行证", "");
    let division = entry(EntryKind::Division, "620102", "城关区", "");
    assert_eq!([Field::IdType, Field::Employer].map(|f| id_type.fitting(f)), ["201", "居民身份证"]);
    // The typed code is what is wrong here.
    assert_eq!(wrong.fitting(Field::IdType), "台湾居民来往大陆通行证");
    assert_eq!([Field::IdNumber, Field::Employer].map(|f| division.fitting(f)), ["620102", "城关区"]);
}

#[test]
fn a_megabyte_is_no_longer_than_its_beginning() {
    let long = format!("兰州市{}", " ".repeat(100)) + &"x".repeat(1 << 20);
    assert_eq!(found(&long), found("兰州市"));
    assert!(found(&"兰".repeat(1 << 20)).is_empty());
    assert!(found(&"a".repeat(1 << 20)).is_empty());
}

proptest! {
    #[test]
    fn whatever_is_typed_gets_an_answer_in_order(typed in "\\PC{0,80}|[a-z']{0,70}|[\\s\\S]{0,20}") {
        let index = index();
        let hits = index.search(&typed, None, 5);
        prop_assert!(hits.len() <= 5 && hits.is_sorted_by_key(|h| h.rank));
        prop_assert_eq!(&hits, &index.search(&typed, None, 5));
    }

    #[test]
    fn whatever_is_in_the_tables_can_be_found_by_itself(code in "\\PC{0,12}", text in "\\PC{1,30}") {
        let index = Index::build([entry(EntryKind::Occupation, &code, &text, "")]);
        let typed: String = text.chars().take(LONGEST_QUERY).collect();
        prop_assert_eq!(index.search(&typed, None, 1).len(), usize::from(!squeezed(&typed).is_empty()));
    }
}

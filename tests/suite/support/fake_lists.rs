//! Shares and findings of invented people, as the pane lists them.

use skillcert::app::ledger::shares::ShareLine;
use skillcert::domain::code::CertCode;
use skillcert::domain::ledger::screening::{SameDay, ScreeningFinding};
use skillcert::domain::ledger::share::{Share, ShareId, ShareTerms};

/// Two shares: one that has expired, and one that was made on the way.
pub fn shares() -> Vec<ShareLine> {
    let share = |id: i64, receiver: &str, expires: Option<&str>| {
        let terms = ShareTerms {
            receiver: receiver.into(),
            purpose: "就业帮扶".into(),
            scene: "内部核对".into(),
            scope: String::new(),
            approver: "李主任".into(),
            expires: expires.and_then(|day| day.parse().ok()),
        };
        let made = ("2026-06-01T02:00:00Z".to_string(), "wang@host".to_string());
        Share { id: ShareId(id), terms, made, ended_on: None, files: Vec::new() }
    };
    let today = crate::rule_cases::today();
    [share(2, "", None), share(1, "区人社局就业科", Some("2026-10-31"))]
        .into_iter()
        .map(|share| {
            let state = share.state(today);
            let told = vec![format!("{}", share.id), format!("接收方  {}", share.terms.receiver)];
            ShareLine { share, state, told }
        })
        .collect()
}

/// What a ledger is screened for, people masked.
pub fn screened() -> Vec<ScreeningFinding> {
    let set = |all: &[&str]| all.iter().map(ToString::to_string).collect();
    vec![
        ScreeningFinding::SameDay(SameDay {
            person: "620102********0027".into(),
            name: "李*".into(),
            day: "2026-11-20".into(),
            certificates: 3,
            levels: set(&["3", "4"]),
            occupations: set(&["电工", "焊工"]),
            codes: ["S000062010001243J00001", "S000062010001244J00001", "S000062010001243J00002"]
                .iter()
                .filter_map(|code| CertCode::new(code))
                .collect(),
            lines: Vec::new(),
        }),
        ScreeningFinding::Burst {
            prefix: "S000062010001".into(),
            institution: "样例大赛组委会".into(),
            from: "2026-11-20".parse().expect("a day"),
            to: "2026-11-20".parse().expect("a day"),
            certificates: 1200,
        },
    ]
}

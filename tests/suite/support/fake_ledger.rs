//! A ledger of invented people that answers the pane as the store would, page by page.

use chrono::NaiveDate;
use skillcert::app::App;
use skillcert::app::ledger::FormKind;
use skillcert::app::ledger::request::{
    AuditLine, Bars, CaseDetail, CaseLine, CertificateDetail, FactLine, LedgerAct, LedgerAnswer, LedgerRequest,
    LifeEvent, ListPage, PAGE, PageKey, Reached, SeriesLine, StockLine, Verified, masked,
};
use skillcert::app::msg::{Effect, Msg};
use skillcert::domain::code::CertCode;
use skillcert::domain::due::{CertificateGroup, DueItem, KnownBatch, KnownThings};
use skillcert::domain::fact::{FactDef, ThingKind};
use skillcert::domain::ledger::audit::{AuditEntry, Head};
use skillcert::domain::ledger::case::{
    Application, Approval, Case, CaseId, CaseKind, CaseRequest, CaseState, Item, NewValue, ReissueCause,
};
use skillcert::domain::ledger::plan::{Plan, Planned, RowRefusal, SeriesPlan};
use skillcert::domain::ledger::stock::{BlankKind, BlankRun, BlankState, Standing as BlankStanding};
use skillcert::domain::ledger::{BatchId, Certificate, Gap, Holder, KnownCertificate, SeriesKey, SeriesState, Status};
use skillcert::domain::level::Level;
use skillcert::domain::registry::{DatedName, Institution, Registry, Retired, ScopeItem, Seal};
use skillcert::domain::sheet::Field;
use skillcert::words::Locale;

use super::resident;

pub const NAME: &str = "甘肃省第三届机械制造行业职业技能大赛组委会";

/// How many of everything there are.
#[derive(Debug, Clone, Copy)]
pub struct Fake {
    pub certificates: usize,
    pub cases: usize,
    pub entries: usize,
    /// Entries at the head of the chain that came since.
    pub newer: usize,
}

pub fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// The code of a certificate by its place in the order of codes.
pub fn code(i: usize) -> CertCode {
    let text = format!("S0000620{:05}242J{:05}", 10_001 + i / 99_999, i % 99_999 + 1);
    CertCode::new(&text).expect("a code")
}

pub fn key(n: usize) -> SeriesKey {
    SeriesKey::read(&format!("S0000620{:05}242J*****", 10_001 + n)).expect("a key")
}

/// A certificate in full.
pub fn certificate(i: usize) -> Certificate {
    let given: Vec<char> = "伟芳娜敏静丽强磊军洋".chars().collect();
    let status =
        [Status::Published, Status::Allocated, Status::Exported, Status::Returned, Status::Void, Status::Accepted];
    let holder = Holder {
        name: format!("张{}{}", given[i % 10], given[i / 10 % 10]),
        id_type: "居民身份证".into(),
        id_number: resident(i % 100_000),
        employer: "兰州陇原机械有限公司".into(),
        occupation: "汽车维修工".into(),
        work_type: "汽车机械维修工".into(),
        level: "2".into(),
        issue_date: "2024-11-08".into(),
        institution: NAME.into(),
        issuing_body: format!("{NAME}(甘肃省职业技能鉴定指导中心代章)"),
    };
    Certificate {
        code: code(i),
        series: key(i / 99_999),
        serial: (i % 99_999 + 1) as u32,
        status: status[i % status.len()],
        status_on: "2024-11-08".parse().ok(),
        holder,
        row: (!i.is_multiple_of(2)).then_some((BatchId(3), i as u32)),
        taken: 17,
        reissued_on: None,
    }
}

pub fn place_of(code: CertCode) -> usize {
    let text = code.as_str();
    let prefix: usize = text[8..13].parse().expect("prefix");
    let serial: usize = text[17..].parse().expect("serial");
    (prefix - 10_001) * 99_999 + serial - 1
}

pub fn case(id: i64) -> CaseLine {
    let states = [CaseState::Open, CaseState::Approved, CaseState::Closed, CaseState::Refused];
    let state = states[(id as usize - 1) % 4];
    let is_approved = matches!(state, CaseState::Approved | CaseState::Closed);
    let on = day("2026-11-21").expect("day");
    let request = match CaseKind::ALL[(id as usize - 1) % 3] {
        CaseKind::Correct => CaseRequest::Correct(vec![NewValue { item: Item::Field(Field::Name), to: "章*".into() }]),
        CaseKind::Reissue => CaseRequest::Reissue { on, cause: ReissueCause::Lost, papers: vec!["身份证".into()] },
        CaseKind::Revoke => CaseRequest::Revoke { benefits_cancelled_on: None, authority: "省厅".into() },
    };
    let case = Case {
        id: CaseId(id),
        code: code(id as usize - 1),
        state,
        application: Application { request, applied_on: on, reason: "姓名录入有误，与证件不符".into() },
        snapshot: Holder { name: "张*".into(), ..Holder::default() },
        approval: is_approved.then(|| Approval { reference: "京人社更〔2026〕12号".into(), on }),
        withdrawn_on: None,
    };
    let asked = match case.kind() {
        CaseKind::Reissue => ("补（换）发日期", "2026-11-21"),
        CaseKind::Correct | CaseKind::Revoke => ("姓名", "张* -> 章*"),
    };
    let request = vec![(asked.0.to_string(), asked.1.to_string())];
    CaseLine { case, request, opened: "2026-11-20 09:15".into(), user: "wang".into() }
}

fn life() -> Vec<LifeEvent> {
    let event = |when: &str, what: &str, reason: &str| LifeEvent {
        when: when.into(),
        user: "wang".into(),
        what: what.into(),
        reason: reason.into(),
    };
    vec![
        event("2026-03-01 08:30", "导入 名册.csv 第 4 行", ""),
        event("2026-03-01 08:41", "改姓名：张* 改为 张*", "与证件核对"),
        event("2026-03-01 09:00", "赋号", ""),
        event("2026-03-02 10:12", "导出 名册-上报.xlsx", ""),
        event("2026-03-09 16:00", "标记 被退回", "照片不清楚"),
    ]
}

/// What is due of two batches and an institution in Beijing.
pub fn deadlines() -> Vec<DueItem> {
    let on = |text: &str| day(text).expect("a day");
    let group = |status, issued: &str, since: &str| CertificateGroup {
        prefix: "Y000111020001".into(),
        status,
        issued: Some(on(issued)),
        handed_in: None,
        since: Some(on(since)),
        count: 12,
    };
    let batch = |id, file: &str, group| KnownBatch {
        id: BatchId(id),
        file: file.into(),
        profile: "beijing".into(),
        is_closed: false,
        groups: vec![group],
    };
    let institution = Institution {
        prefix: "Y000111020001".into(),
        profile: "beijing".into(),
        names: vec![DatedName { name: "北京样例集团有限公司".into(), from: None, to: None }],
        ..Institution::default()
    };
    let known = KnownThings {
        batches: vec![
            batch(3, "九月.xlsx", group(Status::Exported, "2026-09-01", "2026-09-02")),
            batch(4, "十月.xlsx", group(Status::Submitted, "2026-10-12", "2026-10-20")),
        ],
        registry: Registry::new([institution]),
        ..KnownThings::default()
    };
    let profile = |id: &str| skillcert::data::profiles().iter().find(|profile| profile.id == id).cloned();
    skillcert::domain::due::due(&known, &profile, &skillcert::data::tables([]).calendar, on("2026-11-21"))
}

/// A few facts of an institution, the first of them missing.
fn facts(kind: FormKind) -> Vec<FactLine> {
    if kind != FormKind::Fact {
        return Vec::new();
    }
    let of = skillcert::data::facts_of(ThingKind::Institution, None).into_iter();
    let wanted = of.filter(|def| ["credit-code", "body-nature", "address"].contains(&def.id.as_str()));
    let line = |def: FactDef| FactLine {
        lack: if def.id == "body-nature" { "缺“机构性质”（GZ-01）。".into() } else { String::new() },
        proposed: String::new(),
        shown: if def.id == "address" { "样例路1号".into() } else { String::new() },
        def,
    };
    wanted.map(line).collect()
}

impl Fake {
    /// Blanks of two keepers: some used, one spoiled, the rest in stock.
    fn stock(self) -> Vec<StockLine> {
        if self.certificates == 0 {
            return Vec::new();
        }
        let line = |run: &str, state, keeper: &str, place: &str| StockLine {
            kind: BlankKind::Ordinary,
            piece: BlankStanding {
                run: BlankRun::read(run).expect("a run"),
                state,
                keeper: keeper.into(),
                place: place.into(),
                certificate: None,
                since: day("2026-11-20").expect("a day"),
                by: 1,
                drawn_from: None,
                is_fresh: false,
            },
            code: (state == BlankState::Used).then(|| code(0)),
        };
        vec![
            line("00011881-00011899", BlankState::Used, "王强", ""),
            line("00011900", BlankState::Spoiled, "王强", ""),
            line("00011901-00012000", BlankState::Stock, "王强", ""),
            line("00012001-00012500", BlankState::Stock, "李敏", "三号柜"),
        ]
    }

    pub fn small() -> Fake {
        Fake { certificates: 120, cases: 6, entries: 130, newer: 0 }
    }

    pub fn empty() -> Fake {
        Fake { certificates: 0, cases: 0, entries: 0, newer: 0 }
    }

    fn series(self) -> Vec<SeriesLine> {
        let line = |n: usize| {
            let (void, reserved, gaps) = if n == 0 { (3, 20, 5) } else { (0, 0, 0) };
            let used = ((self.certificates - n * 99_999) as u32).min(99_999 - void - reserved - gaps);
            let high = used + void + reserved + gaps;
            let state = SeriesState {
                key: key(n),
                profile: "gansu-competition".into(),
                first: 1,
                last: 99_999,
                high,
                used,
                void,
                reserved,
                gaps,
            };
            SeriesLine { state, institution: if n == 1 { String::new() } else { NAME.into() } }
        };
        (0..self.certificates.div_ceil(99_999)).map(line).collect()
    }

    fn institutions(self) -> Vec<Institution> {
        let name = |name: &str, from: &str, to: &str| DatedName { name: name.into(), from: day(from), to: day(to) };
        let one = Institution {
            prefix: "S000062010001".into(),
            profile: "gansu-competition".into(),
            kind: "社会培训评价组织".into(),
            filed_on: day("2024-01-05"),
            contact: "王老师 0931-8888888".into(),
            names: vec![name("兰州机械大赛办公室", "", "2024-05-31"), name(NAME, "2024-06-01", "")],
            seals: vec![Seal { name: NAME.into(), from: day("2024-06-01"), electronic_from: day("2024-07-01") }],
            scope: vec![ScopeItem {
                occupation: "汽车维修工".into(),
                occupation_code: "4-12-01-01".into(),
                work_type: "汽车机械维修工".into(),
                levels: [3, 4, 5].into_iter().filter_map(Level::new).collect(),
                standard: "国家职业标准".into(),
            }],
            retired: None,
        };
        let retired = Retired {
            on: day("2025-12-31").expect("day"),
            reason: "并入省中心".into(),
            successor: Some("S000062010001".into()),
        };
        let other = Institution {
            prefix: "S000062010002".into(),
            names: vec![name("天水技能评价站", "2023-01-01", "")],
            retired: Some(retired),
            ..Institution::default()
        };
        if self.certificates == 0 { Vec::new() } else { vec![one, other] }
    }

    fn entry(seq: usize) -> AuditLine {
        let actions = [("ledger.allocate", "赋号"), ("case.open", "立案"), ("ledger.void", "作废")];
        let (action, what) = actions[seq % 3];
        let entry = AuditEntry {
            seq: seq as u64,
            time: "2026-11-21T08:00:00Z".into(),
            user: "wang".into(),
            action: action.into(),
            object: format!("certificate:{}", code(seq)),
            before: "status: allocated".into(),
            after: "status: void\nname: 张*\nid-number: 620102********7731".into(),
            reason: "印坏".into(),
            previous: "0".repeat(64),
            hash: format!("{seq:064x}"),
        };
        AuditLine { when: "2026-11-21 16:00".into(), what: what.into(), entry }
    }

    pub fn answer(self, ask: &LedgerRequest, locale: &Locale) -> LedgerAnswer {
        match ask {
            LedgerRequest::Series => LedgerAnswer::Series(self.series()),
            LedgerRequest::Gaps(key) if *key == self::key(0) => {
                let gap = |first, last| Gap { first, last, entry: 17, reason: "2023.xls 中缺".into() };
                LedgerAnswer::Gaps(vec![gap(31, 33), gap(40, 40), gap(77, 77)])
            }
            LedgerRequest::Gaps(_) => LedgerAnswer::Gaps(Vec::new()),
            LedgerRequest::Certificates { query, from } => {
                // A typed text is taken for the beginning of a code.
                let begins = |i: &usize| query.text.is_empty() || code(*i).as_str().starts_with(&query.text);
                LedgerAnswer::Certificates(page_of((first(from)..self.certificates).filter(begins)), Vec::new())
            }
            LedgerRequest::OfSeries { from, .. } => {
                LedgerAnswer::OfSeries(page_of(first(from)..self.certificates.min(99_999)))
            }
            LedgerRequest::Certificate(code) => {
                let cases = if place_of(*code) == 0 { vec![case(1)] } else { Vec::new() };
                let certificate = masked(certificate(place_of(*code)));
                LedgerAnswer::Certificate(Box::new(CertificateDetail {
                    id_type: "居民身份证（201）".into(),
                    blank: if place_of(*code) == 0 { "00011881  普通空白证书".into() } else { String::new() },
                    given: certificate.taken,
                    certificate,
                    life: life(),
                    cases,
                }))
            }
            LedgerRequest::Unmask(code) => LedgerAnswer::Unmasked(Box::new(certificate(place_of(*code)))),
            LedgerRequest::UnmaskCase(id) => {
                let mut line = case(id.0);
                line.request[0].1 = "张伟 -> 章伟".into();
                line.case.snapshot.name = "张伟".into();
                LedgerAnswer::CaseUnmasked(Box::new(line))
            }
            LedgerRequest::Cases { open_only, from, .. } => {
                let first = if from.0.is_empty() { self.cases } else { from.0.parse().expect("a key of ours") };
                let wanted = |c: &CaseLine| !open_only || c.case.state.is_live();
                let mut all = (1..=first).rev().map(|id| case(id as i64)).filter(wanted);
                let rows = all.by_ref().take(PAGE).collect();
                LedgerAnswer::Cases(ListPage { rows, next: all.next().map(|line| PageKey(line.case.id.to_string())) })
            }
            LedgerRequest::Case(id) => {
                let life = life()[..1].to_vec();
                LedgerAnswer::Case(Box::new(CaseDetail { line: case(id.0), asks: String::new(), life }))
            }
            LedgerRequest::Audit { from, .. } => {
                let first = if from.0.is_empty() { self.entries + self.newer } else { from.0.parse().expect("a key") };
                let rows: Vec<AuditLine> = (1..=first).rev().take(PAGE).map(Fake::entry).collect();
                let next = first.checked_sub(PAGE).filter(|rest| 0 < *rest).map(|rest| PageKey(rest.to_string()));
                LedgerAnswer::Audit(ListPage { rows, next })
            }
            LedgerRequest::Verify => {
                let head = Head { count: self.entries as u64, hash: "5f3c9a1e".repeat(8) };
                LedgerAnswer::Verified(Verified { head, problems: Vec::new() })
            }
            LedgerRequest::Decode(of) => {
                let held = (0..self.certificates).find(|i| code(*i) == *of).map(|i| {
                    let Certificate { code, status, status_on, holder, row, .. } = certificate(i);
                    let file = if row.is_some() { "名册.csv".to_string() } else { String::new() };
                    let (person, why) = (holder.id_number.clone(), String::new());
                    let again = None;
                    KnownCertificate { code, status, status_on, why, again, person, holder, row, file }.masked()
                });
                LedgerAnswer::Decoded(*of, held.map(Box::new))
            }
            LedgerRequest::Shares => LedgerAnswer::Shares(super::fake_lists::shares()),
            LedgerRequest::Screening(of) => LedgerAnswer::Screening(*of, super::fake_lists::screened()),
            LedgerRequest::Institutions => LedgerAnswer::Institutions(Registry::new(self.institutions())),
            LedgerRequest::Deadlines => LedgerAnswer::Deadlines(day("2026-11-21").expect("a day"), deadlines()),
            LedgerRequest::Counted(item) => {
                let calendar = skillcert::data::tables([]).calendar;
                let end = item.end.expect("an end");
                let steps = locale.due_steps(item.deadline(), &item.deadline().steps(&end, &calendar));
                LedgerAnswer::Counted(locale.due_told(item).into_iter().chain(steps).collect())
            }
            LedgerRequest::Stock => {
                let told = [
                    "普通空白证书：入库 620、库存 600、已用 19、损耗 1",
                    "  李敏：入库 620、转出 120、库存 500",
                    "  王强：转入 120、库存 100、已用 19、损耗 1",
                ];
                let told = if self.certificates == 0 { Vec::new() } else { told.map(String::from).to_vec() };
                LedgerAnswer::Stock(self.stock(), told)
            }
            LedgerRequest::Blank(number) => LedgerAnswer::Blank(vec![
                format!("{number}  普通空白证书  损耗（2026-11-20 起）  王强"),
                "  2026-02-02 空白证书入库 李敏 三号柜 （审计第 3 条，li，2026-02-02 09:00:00）".into(),
                "  2026-11-20 空白证书申领 王强 （审计第 9 条，li，2026-11-20 09:00:00）".into(),
                "  2026-11-20 空白证书损耗 王强 （审计第 11 条，wang，2026-11-20 10:20:00）".into(),
                "    卡纸".into(),
            ]),
            LedgerRequest::CompareBlanks { file, .. } => {
                let file = file.file_name().expect("a name").to_string_lossy();
                LedgerAnswer::Compared(format!("与 {file} 比对"), vec!["库存：本库 600 张，对方 601 张".into()])
            }
            LedgerRequest::Proof { subject, .. } => {
                LedgerAnswer::Proof(vec![format!("职业技能等级证书 {}", subject.code), "请看样核对".to_string()])
            }
            LedgerRequest::PrintData(wish) => LedgerAnswer::Printed(vec![format!("已写到 {}", wish.file.display())]),
            LedgerRequest::Judge(_) => LedgerAnswer::Judged(None),
            LedgerRequest::Draft { file, .. } => LedgerAnswer::Drafted(format!("已写到 {}", file.display())),
            LedgerRequest::Plan { batch, wish, .. } => {
                let roster = batch.roster();
                let (free, taken): (Vec<u32>, Vec<u32>) =
                    (0..roster.len()).partition(|row| roster.cell(*row, Field::Code).is_empty());
                let planned = |(i, row): (usize, &u32)| Planned {
                    row: *row,
                    code: code(self.certificates + i),
                    serial: (self.certificates + i + 1) as u32,
                    series: 0,
                    issue_date: day("2026-11-21").filter(|_| i == 0),
                };
                let from = self.certificates as u32 + 1;
                let to = (self.certificates + free.len()) as u32;
                let series = SeriesPlan {
                    key: key(0),
                    high: from - 1,
                    range: (1, 99_999),
                    runs: vec![(from, to)],
                    left: 99_999 - to,
                };
                let plan = Plan {
                    profile: "gansu-competition".into(),
                    reserved: wish.reserved,
                    series: if free.is_empty() { Vec::new() } else { vec![series] },
                    rows: free.iter().enumerate().map(planned).collect(),
                    overruled: Vec::new(),
                    elsewhere: Vec::new(),
                    blanks: wish.blanks,
                    next_blank: None,
                    blank_runs: wish.blanks.map(|start| BlankRun::of_one(start.from)).into_iter().collect(),
                    refused: taken.iter().map(|row| (*row, RowRefusal::HasCode)).collect(),
                };
                LedgerAnswer::Planned(Box::new(plan), None, None)
            }
            LedgerRequest::Bars { kind, subject, .. } => {
                let takers = Status::BY_HAND.map(|status| (status, if status == Status::Exported { 0 } else { 12 }));
                LedgerAnswer::Barred(
                    *kind,
                    *subject,
                    Bars { takers: takers.into(), facts: facts(*kind), ..Bars::default() },
                )
            }
            LedgerRequest::Paper(ask) => LedgerAnswer::Paper(Box::new(super::fake_papers::page(ask, locale))),
            LedgerRequest::PaperAct(act) => LedgerAnswer::PaperDone(super::fake_papers::done(act)),
            LedgerRequest::Reach(_) => LedgerAnswer::Reached(Reached::default()),
            LedgerRequest::Do(act) => {
                LedgerAnswer::Done(131, matches!(act, LedgerAct::Open { .. }).then_some(CaseId(7)), String::new())
            }
        }
    }

    /// Answers what is among effects, and what is asked because of the answers, until nothing is asked any more.
    pub fn serve(self, app: &mut App, effects: Vec<Effect>) -> Vec<LedgerRequest> {
        let mut asks = Vec::new();
        let mut queue = effects;
        while let Some(at) = queue.iter().position(|e| matches!(e, Effect::Ledger { .. })) {
            let Effect::Ledger { seq, request: ask } = queue.remove(at) else { unreachable!("found above") };
            let answer = self.answer(&ask, &app.locale);
            queue.extend(app.update(Msg::Ledger { seq, answer }));
            asks.push(ask);
            assert!(asks.len() < 1_000, "asks for ever");
        }
        asks
    }
}

/// Gives what is to be done among effects.
pub fn acts(effects: &[Effect]) -> Vec<LedgerAct> {
    let act = |effect: &Effect| match effect {
        Effect::Ledger { request: LedgerRequest::Do(act), .. } => Some(act.clone()),
        _ => None,
    };
    effects.iter().filter_map(act).collect()
}

fn first(from: &PageKey) -> usize {
    if from.0.is_empty() { 0 } else { from.0.parse().expect("a key of ours") }
}

fn page_of(mut found: impl Iterator<Item = usize>) -> ListPage<Certificate> {
    let rows = found.by_ref().take(PAGE).map(|i| masked(certificate(i))).collect();
    ListPage { rows, next: found.next().map(|i| PageKey(i.to_string())) }
}

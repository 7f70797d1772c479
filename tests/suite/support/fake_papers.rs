//! Forms, checklists, submissions and statistics as the store would tell them.

use std::path::Path;

use skillcert::app::ledger::paper::{
    FormAsk, PaperAct, PaperAsk, PaperDone, PaperField, PaperLine, PaperMark, PaperPage, StatisticsAsk,
};
use skillcert::domain::fact::PaperForm;
use skillcert::domain::ledger::Status;
use skillcert::domain::ledger::event::Thing;
use skillcert::domain::ledger::statistics::CountedBy;
use skillcert::words::{Lang, Locale};
use unicode_width::UnicodeWidthStr;

fn line(text: &str, name: &str, mark: PaperMark) -> PaperLine {
    PaperLine {
        text: text.into(),
        name: name.into(),
        of: None,
        takes_file: name.rsplit('.').next() != Some("paper"),
        mark,
    }
}

/// A form wider than a narrow screen.
fn drawn() -> Vec<PaperLine> {
    const WIDTHS: [usize; 4] = [6, 30, 24, 20];
    let rule = |ends: [char; 3]| {
        let all = WIDTHS.map(|wide| "─".repeat(wide + 2));
        format!("{}{}{}", ends[0], all.join(&ends[1].to_string()), ends[2])
    };
    let row = |cells: [&str; 4]| {
        let cells = cells.iter().zip(WIDTHS);
        let told = cells.map(|(cell, wide)| format!("│ {cell}{} ", " ".repeat(wide.saturating_sub(cell.width()))));
        told.collect::<String>() + "│"
    };
    let texts = [
        rule(['┌', '┬', '┐']),
        row(["序号", "姓名", "证书编号", "领取人签名"]),
        rule(['├', '┼', '┤']),
        row(["1", "张*", "S000062010001242J00001", ""]),
        rule(['├', '┼', '┤']),
        row(["2", "李*", "S000062010001242J00002", ""]),
        rule(['└', '┴', '┘']),
    ];
    texts.iter().map(|text| line(text, "", PaperMark::Plain)).collect()
}

/// Tells how a form of the list stands.
fn form(name: &str, clause: &str, state: &str, of: &str) -> String {
    let wide = |text: &str, to: usize| format!("{text}{}", " ".repeat(to.saturating_sub(text.width())));
    format!("{} {} {} {of}", wide(name, 32), wide(clause, 6), wide(state, 9))
}

pub fn page(ask: &PaperAsk, locale: &Locale) -> PaperPage {
    let titled = |title: &str, head: &[&str], lines: Vec<PaperLine>| PaperPage {
        title: title.into(),
        head: head.iter().map(ToString::to_string).collect(),
        lines,
        ..PaperPage::default()
    };
    let is_zh = locale.lang == Lang::Zh;
    let either = |zh: &'static str, en: &'static str| if is_zh { zh } else { en };
    let ready = locale.text("papers.ready");
    let lacks = locale.fill("papers.missing", &[("n", "3")]);
    match ask {
        PaperAsk::Forms(of) => {
            let institution = Thing::Institution("S000062010001".into());
            let of_other = form("职业技能评价机构备案登记表", "GZ-30", &lacks, &locale.thing(&institution));
            let of_other = PaperLine { of: Some(institution), ..line(&of_other, "guizhou-filing", PaperMark::Lacking) };
            let thing = of.as_ref().map_or_else(|| either("机构", "Institutions").into(), |of| locale.thing(of));
            let hand_out = form("证书发放登记表", "BJ-68", ready, &thing);
            titled(&thing, &[], vec![line(&hand_out, "hand-out-list", PaperMark::Done), of_other])
        }
        PaperAsk::CaseForms(cases) => {
            let numbers: Vec<String> = cases.iter().map(ToString::to_string).collect();
            let thing = format!("{} {}", either("个案", "Case"), numbers.join(locale.text("finding.comma")));
            let told = form("北京市证书信息更正申请表", "BJ-56", ready, &thing);
            titled(&thing, &[], vec![line(&told, "beijing-correction-request", PaperMark::Done)])
        }
        PaperAsk::Form(FormAsk { form, of, also, why, .. }) => {
            let label = "大赛名称 SC-20";
            let field = PaperField { id: "contest".into(), label: label.into(), is_strict: form == "guizhou-filing" };
            let masked = match why {
                Some(_) => either("完整", "whole"),
                None => locale.text("papers.masked"),
            };
            let things = std::iter::once(locale.thing(of)).chain(also.iter().map(ToString::to_string));
            let things: Vec<String> = things.collect();
            let title = format!("证书发放登记表  BJ-68  {}", things.join(locale.text("finding.comma")));
            PaperPage {
                missing: vec![field],
                is_masked: form == "hand-out-list",
                file: format!("{form}-3.xlsx"),
                ..titled(&title, &[&locale.fill("form.lacks", &[("fields", label)]), masked], drawn())
            }
        }
        PaperAsk::Template(batch, file) => PaperPage {
            file: format!("模板-{batch}.xlsx"),
            ..titled(
                &Path::new(file).to_string_lossy(),
                &["3 行将填进“Sheet1”"],
                vec![line("姓名  姓名", "", PaperMark::Done)],
            )
        },
        PaperAsk::Checklists(of) => {
            let places = [
                ("name", either("申报材料", "Papers of an application")),
                ("clause", "SC-06"),
                ("to", either("四川省职业技能鉴定指导中心", "the provincial centre")),
                ("copies", "1"),
                ("left", "2"),
            ];
            let tick = |ready: bool, form: PaperForm, name: &str, id: &str| {
                let word = locale.paper_form(form);
                let told =
                    format!("{} {word}{} {name}", if ready { "[x]" } else { "[ ]" }, " ".repeat(8 - word.width()));
                line(&told, id, if ready { PaperMark::Done } else { PaperMark::Lacking })
            };
            let (notice, awards) =
                (either("竞赛通知", "Notice of the competition"), either("奖励决定", "Decision on the awards"));
            titled(
                &locale.thing(of),
                &[&locale.fill("papers.left", &[("n", "2")])],
                vec![
                    line(&locale.fill("checklist.head", &places), "", PaperMark::Head),
                    tick(true, PaperForm::Paper, notice, "papers.notice.paper"),
                    tick(false, PaperForm::Pdf, notice, "papers.notice.pdf"),
                    tick(true, PaperForm::Paper, awards, "papers.awards.paper"),
                    tick(false, PaperForm::Pdf, awards, "papers.awards.pdf"),
                ],
            )
        }
        PaperAsk::HandIns(batch) => {
            let stands = [(Status::Submitted, 4), (Status::Returned, 1)];
            let stands: Vec<String> = stands.map(|(status, n)| format!("{} {n}", locale.status(status))).to_vec();
            let places = [
                ("code", "S000062010001242J00001"),
                ("name", "张*"),
                ("day", "2026-11-12"),
                ("reason", either("照片不清楚", "the photo is not clear")),
            ];
            let handed = either(
                "2026-11-10 已上报 5 个（wang），报到 甘肃省平台，回执号 7",
                "2026-11-10 submitted, 5 numbers (wang), to the site of Gansu, receipt 7",
            );
            titled(
                &format!("{}  名册.csv", locale.thing(&Thing::Batch(*batch))),
                &[&stands.join(locale.text("finding.comma"))],
                vec![
                    line(handed, "", PaperMark::Plain),
                    line(locale.fill("ledger.batch-returned", &places).trim(), "", PaperMark::Wrong),
                ],
            )
        }
        PaperAsk::Statistics(ask) => {
            let told = format!("{} {:?} {:?} {}", ask.files.len(), ask.files_only, ask.months, ask.prefix);
            let told = if *ask == StatisticsAsk::default() { Vec::new() } else { vec![told] };
            let total = locale.fill("statistics.total", &[("n", "100")]);
            let head: Vec<&str> = std::iter::once(&total).chain(&told).map(String::as_str).collect();
            let count = |name: &str, n: &str| {
                line(&format!("  {name}  {n:>3}  {} {n}", locale.status(Status::Submitted)), "", PaperMark::Plain)
            };
            let lines = vec![
                line(locale.counted_by(CountedBy::Level), "", PaperMark::Head),
                count("二级/技师", "60"),
                count("三级/高级工", "40"),
                line(locale.counted_by(CountedBy::Month), "", PaperMark::Head),
                count("2026-10", "60"),
                count("2026-11", "40"),
            ];
            let title = locale.text("ui.place.statistics");
            PaperPage { file: "发证汇总.xlsx".into(), ..titled(title, &head, lines) }
        }
    }
}

/// Does what is asked, but for files that are there already.
pub fn done(act: &PaperAct) -> PaperDone {
    match act {
        PaperAct::WriteForm { file, replaces: false, .. } if file.ends_with("old.xlsx") => PaperDone::Exists,
        PaperAct::FillTemplate { takes_new: false, .. } => PaperDone::OtherHeader("表头不同".into()),
        act => PaperDone::Told(format!("{act:?}").chars().take(12).collect()),
    }
}

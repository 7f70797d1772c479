//! Forms, checklists, submissions and statistics as the store would tell them.

use std::path::Path;

use skillcert::app::ledger::paper::{
    FormAsk, PaperAct, PaperAsk, PaperDone, PaperField, PaperLine, PaperMark, PaperPage,
};
use skillcert::domain::ledger::event::Thing;

fn line(text: &str, name: &str, mark: PaperMark) -> PaperLine {
    PaperLine { text: text.into(), name: name.into(), of: None, takes_file: !name.ends_with(".paper"), mark }
}

/// A form wider than a narrow screen.
fn drawn() -> Vec<PaperLine> {
    let wide = "─".repeat(110);
    let names = ["序号", "姓名", "证书编号", "领取人签字"];
    let row = |cells: [&str; 4]| {
        let cell = |cell: &str| format!("│ {cell}{}", " ".repeat(24 - 2 * cell.chars().count()));
        format!("{}│", cells.map(cell).concat())
    };
    let texts = [format!("┌{wide}┐"), row(names), format!("└{wide}┘")];
    texts.iter().map(|text| line(text, "", PaperMark::Plain)).collect()
}

pub fn page(ask: &PaperAsk) -> PaperPage {
    let titled = |title: &str, head: &[&str], lines: Vec<PaperLine>| PaperPage {
        title: title.into(),
        head: head.iter().map(ToString::to_string).collect(),
        lines,
        ..PaperPage::default()
    };
    match ask {
        PaperAsk::Forms(of) => {
            let of_other = PaperLine {
                of: Some(Thing::Institution("S000062010001".into())),
                ..line(
                    "职业技能评价机构备案登记表   GZ-30    机构 S000062010001   缺 3 项",
                    "guizhou-filing",
                    PaperMark::Lacking,
                )
            };
            let title = of.as_ref().map_or_else(|| "机构".into(), ToString::to_string);
            titled(
                &title,
                &[],
                vec![line("证书发放登记表   BJ-68    可填", "hand-out-list", PaperMark::Done), of_other],
            )
        }
        PaperAsk::Form(FormAsk { form, why, .. }) => {
            let field = PaperField {
                id: "contest".into(),
                label: "大赛名称 SC-20".into(),
                is_strict: form == "guizhou-filing",
            };
            let masked = if why.is_some() { "完整" } else { "姓名和号码遮盖着" };
            PaperPage {
                missing: vec![field],
                is_masked: form == "hand-out-list",
                file: format!("{form}-3.xlsx"),
                ..titled("证书发放登记表  BJ-68  批次 3", &["还缺：大赛名称 SC-20", masked], drawn())
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
        PaperAsk::Checklists(of) => titled(
            &of.to_string(),
            &["还缺 2 项"],
            vec![
                line("申报材料（SC-06）：交 省中心；纸质各 1 份；还缺 2 项", "", PaperMark::Head),
                line("[x] 纸质   竞赛通知", "papers.notice.paper", PaperMark::Done),
                line("[ ] PDF    竞赛通知", "papers.notice.pdf", PaperMark::Lacking),
            ],
        ),
        PaperAsk::HandIns(batch) => titled(
            &format!("批次 {batch}  名册.csv"),
            &["已上报 4, 被退回 1"],
            vec![
                line("2026-11-10 已上报 5 个（wang），报到 甘肃省平台，回执号 7", "", PaperMark::Plain),
                line("S000062010001242J00001 张* 2026-11-12：照片不清楚", "", PaperMark::Wrong),
            ],
        ),
        PaperAsk::Statistics(ask) => {
            let told = format!("{} {:?} {:?} {}", ask.files.len(), ask.files_only, ask.months, ask.prefix);
            let lines =
                vec![line("按等级", "", PaperMark::Head), line("  二级  100  已上报 100", "", PaperMark::Plain)];
            PaperPage { file: "发证汇总.xlsx".into(), ..titled("发证汇总", &["共 100 张", &told], lines) }
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

//! The proofs of every province as sheets of paper: short texts and the longest that are likely.

use super::{rows, said};
use crate::forms::reviewed::is_reviewed;
use crate::support::Desk;

/// A name of twenty characters, a foreign one, and the longest occupations of the list.
const NAME: &str = "阿卜杜热合曼·买买提江·吐尔逊·艾合买提";
const FOREIGN: &str = "ALEXANDER MAXIMILIAN CHRISTOPHER VON HOHENZOLLERN";
const OCCUPATION: &str = "多工序数控机床操作调整工和轨道列车司机";
const WORK: &str = "机械加工材料切割与特种焊接设备操作工（船舶及海洋工程方向）";
const SUFFIX: &str = "（样例职业技能培训与等级认定示范中心有限责任公司第三分公司）";

#[test]
fn the_proof_of_every_province_is_one_sheet_with_short_texts_and_with_long_ones() {
    for (id, profile, code, institution, issuer, empty) in [
        ("plain-gansu", "gansu-competition", "S000062010001263J0000", "兰州样例技师学院", "兰州样例技师学院", "--"),
        ("plain-sichuan", "sichuan-competition", "S000051010001263J0000", "成都样例技师学院", "成都样例技师学院", "--"),
        ("guangdong", "guangdong-technical", "S00004401200126300000", "广州样例技师学院", "广州样例技师学院", "--"),
        ("beijing-one", "beijing", "S00001108200326300000", "北京样例职业学校", "北京样例职业学校", "——"),
        ("beijing-two", "beijing", "Y00011102000126300000", "北京样例分公司", "样例集团有限公司", "——"),
        ("guizhou", "guizhou", "S00005200100126300000", "贵州样例技师学院", "贵州样例技师学院", "—"),
    ] {
        let desk = Desk::new();
        let codes: Vec<String> = (1..=3).map(|n| format!("{code}{n}")).collect();
        let mut all = rows(&codes.iter().map(String::as_str).collect::<Vec<_>>(), institution, empty);
        for row in &mut all {
            row[6] = "3".into();
            row[10] = issuer.into();
        }
        all[1][0] = NAME.into();
        (all[2][0], all[2][1], all[2][2]) = (FOREIGN.into(), "208".into(), "C01X00T47".into());
        for row in &mut all[1..] {
            (row[4], row[5]) = (OCCUPATION.into(), WORK.into());
            (row[9], row[10]) = (format!("{institution}{SUFFIX}"), format!("{issuer}{SUFFIX}"));
        }
        desk.roster("roster.csv", &all);
        said(&desk, 0, &["ledger", "import", "roster.csv", "--profile", profile, "--status", "exported", "--yes"]);
        for (code, tail) in codes.iter().zip(["", "-long", "-foreign"]) {
            let file = format!("{tail}.xlsx");
            said(&desk, 0, &["print", "proof", code, "-o", &file, "--unmask", "--reason", "看样"]);
            is_reviewed(&desk, &format!("proof-{id}{tail}"), &file);
        }
    }
}

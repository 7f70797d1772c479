//! The photos of a roster: found, missing, doubled, too old, or no pictures.

use super::{SCHOOL, data, rows, said, told};
use crate::support::Desk;

/// A picture that says nothing of when it was taken.
pub const UNDATED: &[u8] = b"\xFF\xD8\xFF\xC0\0\x0B\x08\x01\x9D\x01\x27\x01\x01\x11\0\xFF\xDA";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\0\0\x01\x27\0\0\x01\x9D\x08\x02\0\0\0\0\0\0\0";

/// Makes a picture that says when it was taken.
pub fn photo(day: &str) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    for (tag, kind, count, value) in [(0x8769_u16, 4_u16, 1_u32, 26_u32), (0x9003, 2, 20, 44)] {
        exif.extend(1_u16.to_le_bytes());
        exif.extend(tag.to_le_bytes());
        exif.extend(kind.to_le_bytes());
        exif.extend(count.to_le_bytes());
        exif.extend(value.to_le_bytes());
        exif.extend(0_u32.to_le_bytes());
    }
    exif.extend(format!("{} 10:20:30\0", day.replace('-', ":")).as_bytes());
    let mut all = vec![0xFF, 0xD8, 0xFF, 0xE1];
    all.extend((exif.len() as u16 + 2).to_be_bytes());
    all.extend(exif);
    all.extend([0xFF, 0xC0, 0, 11, 8, 1, 0x9D, 1, 0x27, 1, 1, 0x11, 0, 0xFF, 0xDA]);
    all
}

#[test]
fn photos_are_found_by_number_or_code_and_nothing_is_guessed() {
    let desk = Desk::new();
    let codes: Vec<String> = (1..=9).map(|n| format!("S00004401200126300000{n}")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let all = rows(&codes, SCHOOL, "--");
    desk.roster("roster.csv", &all);
    said(&desk, 0, &["init"]);
    desk.folder("pics");
    let put = |name: &str, bytes: &[u8]| desk.put(&format!("pics/{name}"), bytes);
    put(&format!("{}.jpg", all[0][2].to_lowercase()), &photo("2026-05-28"));
    put(&format!("{}.JPEG", codes[1]), &photo("2026-05-27"));
    put(&format!("{}.jpg", all[2][2]), &photo("2026-10-01"));
    put(&format!("{}.png", codes[2]), &photo("2026-10-01"));
    put(&format!("{}.jpg", codes[3]), UNDATED);
    put(&format!("{}.jpg", codes[4]), b"hello");
    put(&format!("{}.jpg", codes[5]), b"\xFF\xD8\xFF\xE1\xFF\xFFExif\0\0II*\0\xFF\xFF\xFF\xFF");
    put(&format!("{}.jpg", codes[6]), PNG);
    put(&format!("{}.jpg", codes[7]), &photo("2026-12-01"));
    put("毕业合影.jpg", &photo("2026-10-01"));
    put("说明.txt", b"x");
    let call = ["print", "photos", "pics", "roster.csv", "--profile", "guangdong-technical", "--today", "2026-11-30"];
    let list = told(&desk, 1, &call);
    let states: Vec<(&str, Option<&str>)> = list["photos"]
        .as_array()
        .expect("photos")
        .iter()
        .map(|one| (one["state"].as_str().expect("a state"), one["age"].as_str()))
        .collect();
    let expected = [
        ("found", Some("fresh")),
        ("found", Some("old")),
        ("several", None),
        ("found", Some("unknown")),
        ("no-image", Some("unknown")),
        ("no-image", Some("unknown")),
        ("misnamed", Some("unknown")),
        ("found", Some("ahead")),
        ("missing", None),
    ];
    assert_eq!(states, expected);
    assert_eq!(list["photos"][0]["pixels"], serde_json::json!([295, 413]));
    assert_eq!((&list["files"], &list["unused"]), (&10.into(), &1.into()));
    assert_eq!(list["unused_files"], serde_json::json!(["毕业合影.jpg"]));
    let text = said(&desk, 1, &call);
    assert!(text.contains("是 2026-05-27 拍摄的，离发证日期太久（GD-31）") && text.contains("没有照片"), "{text}");
    assert!(text.contains("对不上人的照片：毕业合影.jpg") && text.contains("里面是 png 图片"), "{text}");
    assert!(text.contains("拍摄日期 2026-12-01 还没到"), "{text}");
    assert!(text.contains("有几个文件") && !text.contains(&all[2][2]), "masked: {text}");
    let whole = said(&desk, 1, &[&call[..], &["--all", "--unmask", "--reason", "核对照片"]].concat());
    assert!(whole.contains(&format!("{}.jpg、{}.png", all[2][2], codes[2])), "{whole}");
    assert!(whole.contains("拍摄日期不详"), "{whole}");
    // A folder that is none is refused before anything is noted.
    let call = ["print", "photos", "nowhere", "roster.csv", "--profile", "guangdong-technical"];
    let refused = said(&desk, 3, &call);
    assert!(refused.contains("nowhere") && !refused.contains("写不了"), "{refused}");
}

/// Nothing is written, and nothing noted, while a photo cannot be used; one that is still to come is only told.
#[test]
fn no_certificate_is_printed_with_a_photo_that_is_none_too_old_or_not_certain() {
    let desk = Desk::new();
    let codes: Vec<String> = (1..=7).map(|n| format!("S00004401200126300000{n}")).collect();
    let all = rows(&codes.iter().map(String::as_str).collect::<Vec<_>>(), SCHOOL, "--");
    desk.roster("roster.csv", &all);
    said(&desk, 0, &["institution", "add", &codes[0][..13], "--name", SCHOOL, "--profile", "guangdong-technical"]);
    desk.folder("pics");
    let put = |name: &str, bytes: &[u8]| desk.put(&format!("pics/{name}"), bytes);
    put(&format!("{}.jpg", codes[0]), &photo("2026-05-28"));
    put(&format!("{}.jpg", codes[1]), b"BMW");
    put(&format!("{}.jpg", codes[2]), &photo("2026-05-27"));
    put(&format!("{}.jpg", codes[3]), &photo("2026-12-01"));
    put(&format!("{}.jpg", codes[4]), PNG);
    put(&format!("{}.jpg", codes[5]), UNDATED);
    put(&format!("{}.jpg", all[5][2]), UNDATED);
    let call = ["print", "data", "roster.csv", "--profile", "guangdong-technical", "--today", "2026-11-30"];
    let call =
        [&call[..], &["-o", "print.xlsx", "--reason", "发证", "--photos", "pics", "--photo-size", "1寸"]].concat();
    let before = said(&desk, 0, &["audit", "show", "--limit", "1"]);
    let refused = said(&desk, 1, &call);
    for told in [
        "5 张照片不能用，没有写出".to_string(),
        format!("第 3 行：{}.jpg 不是图片，或文件不完整（GD-31）", codes[1]),
        format!("第 4 行：{}.jpg 是 2026-05-27 拍摄的，离发证日期太久（GD-31）", codes[2]),
        format!("第 5 行：{}.jpg 的拍摄日期 2026-12-01 还没到", codes[3]),
        format!("第 6 行：{}.jpg 里面是 png 图片", codes[4]),
        "第 7 行：有几个文件".to_string(),
    ] {
        assert!(refused.contains(&told), "{told}: {refused}");
    }
    assert!(!refused.contains(&all[5][2]), "masked: {refused}");
    assert!(!desk.path("print.xlsx").exists());
    assert_eq!(said(&desk, 0, &["audit", "show", "--limit", "1"]), before, "not even the size of the photo is kept");
    for (at, day) in [(1, "2026-06-01"), (2, "2026-06-01"), (3, "2026-11-30"), (4, "2026-06-01")] {
        put(&format!("{}.jpg", codes[at]), &photo(day));
    }
    std::fs::remove_file(desk.path(&format!("pics/{}.jpg", all[5][2]))).expect("removed");
    let written = said(&desk, 0, &call);
    assert!(written.contains("照片有 1 处要处理") && written.contains("没有照片"), "{written}");
    let lines = data(&desk, "print.xlsx");
    assert_eq!((&*lines[1]["照片文件"], &*lines[6]["照片文件"]), (&*format!("{}.jpg", codes[1]), ""));
    let facts = told(&desk, 0, &["fact", "list", &codes[0][..13]]);
    assert!(facts["facts"].as_array().expect("facts").iter().any(|fact| fact["value"] == "one-inch"), "{facts}");
    // In Guizhou no notice says how old a photo may be: a camera whose clock is wrong is told, and bars nothing.
    let guizhou = rows(&["S000052001001263000001"], "贵州样例技师学院", "—");
    put("S000052001001263000001.jpg", &photo("2027-01-01"));
    desk.roster("roster.csv", &guizhou);
    let call = ["print", "data", "roster.csv", "--profile", "guizhou", "--today", "2026-11-30", "-o", "gz.xlsx"];
    let written = said(&desk, 0, &[&call[..], &["--reason", "发证", "--photos", "pics"]].concat());
    assert!(written.contains("拍摄日期 2027-01-01 还没到"), "{written}");
}

//! The photos of a roster: found, missing, doubled, too old, or no pictures.

use super::{SCHOOL, data, printed, rows, said, told};
use crate::support::Desk;

/// Makes a picture that says when it was taken.
fn photo(day: &str) -> Vec<u8> {
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
    let codes: Vec<String> = (1..=7).map(|n| format!("S00004401200126300000{n}")).collect();
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
    put(&format!("{}.jpg", codes[3]), b"\xFF\xD8\xFF\xDA");
    put(&format!("{}.jpg", codes[4]), b"hello");
    put(&format!("{}.jpg", codes[5]), b"\xFF\xD8\xFF\xE1\xFF\xFFExif\0\0II*\0\xFF\xFF\xFF\xFF");
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
        ("found", Some("unknown")),
        ("missing", None),
    ];
    assert_eq!(states, expected);
    assert_eq!(list["photos"][0]["pixels"], serde_json::json!([295, 413]));
    assert_eq!((&list["files"], &list["unused"]), (&8.into(), &1.into()));
    let text = said(&desk, 1, &call);
    assert!(text.contains("2026-05-27 拍摄，离发证日期太久（GD-31）") && text.contains("没有照片"), "{text}");
    assert!(text.contains("有几个文件") && !text.contains(&all[2][2]), "masked: {text}");
    let whole = said(&desk, 1, &[&call[..], &["--all", "--unmask", "--reason", "核对照片"]].concat());
    assert!(whole.contains(&format!("{}.jpg、{}.png", all[2][2], codes[2])), "{whole}");
    assert!(whole.contains("拍摄日期不详"), "{whole}");
    // Print data name the file where there is exactly one, and say what is left to be done.
    let more = ["--photos", "pics", "--photo-size", "1寸"];
    let lines = printed(&desk, "guangdong-technical", &all, &more);
    assert_eq!(lines[0]["照片文件"], format!("{}.jpg", all[0][2].to_lowercase()));
    assert_eq!((&*lines[2]["照片文件"], &*lines[6]["照片文件"]), ("", ""));
    assert_eq!(data(&desk, "print.xlsx").len(), 7);
    // A folder that is none is refused before anything is noted.
    let call = ["print", "photos", "nowhere", "roster.csv", "--profile", "guangdong-technical"];
    assert!(said(&desk, 3, &call).contains("nowhere"));
}

//! 2,000 realistic people in whom no rule may find an error: names of every kind, every ID type, abolished county codes.
//!
//! Invented by rule, so that no list has to be kept: the same number gives the same person. `divisions` are the codes of
//! `data/tables/divisions.csv` that have a last year, in its order: the abolished ones.

/// A person: name, name of the ID type, ID number.
pub type Person = [String; 3];

pub const COUNT: usize = 2_000;

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤仇查单解区盖缪宓逄亓佘厍妫芈璩爨";
const COMPOUND: [&str; 24] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文", "司徒", "夏侯",
    "南宫", "呼延", "完颜", "纳兰", "独孤", "拓跋", "澹台", "万俟", "亓官", "闾丘",
];
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建文华国志海红玉玲春梅晓燕辉玮琪曦赟喆翀昇堃淼犇鑫垚焱骉羴龘祎禛頔媗昉暻珺璟睿梓涵轩浩宇乐义七丁卜于山川水火木土石元";
/// Characters of the extensions A to H and of the last additions to the first block.
const RARE: &str = "㛃㼆䶮𠅤𡍼𣇄𤩽𥕢𬀩𬍛𬘭𬭎𫍯𪨰𰻝龴鿏鿫〇";
const MINORITY: [&str; 20] = [
    "阿卜杜热合曼·买买提",
    "古丽娜扎尔·拜合提亚尔",
    "迪丽热巴·迪力木拉提",
    "艾力·吐尔逊",
    "买买提·艾孜孜",
    "巴特尔",
    "乌云其木格",
    "斯琴高娃",
    "扎西多吉",
    "次仁拉姆",
    "旦增平措",
    "索朗卓玛",
    "阿依古丽",
    "努尔兰·哈力木",
    "库尔班江·赛买提",
    "玛依努尔·阿布都热依木",
    "吉克隽逸",
    "沙马阿各",
    "阿说小兵",
    "格桑德吉",
];
const FOREIGN: [&str; 20] = [
    "约翰·史密斯",
    "玛丽亚·加西亚·洛佩斯",
    "JOHN SMITH",
    "Anna-Maria O'Neill",
    "MÜLLER JÜRGEN",
    "José Álvarez",
    "Nguyễn Văn An",
    "KIM MINJI",
    "SATO Haruka",
    "D’Angelo Marco",
    "Jean-Luc Picard",
    "李奥纳多",
    "史蒂夫·乔布",
    "伊万·伊万诺维奇·彼得罗夫",
    "阮文安",
    "金敏智",
    "佐藤春香",
    "Łukasz Żak",
    "Ana",
    "Van der Berg Jan",
];
const TYPES: [&str; 12] = [
    "居民身份证",
    "中国护照",
    "港澳居民来往内地通行证",
    "港澳居民居住证",
    "台湾居民来往大陆通行证",
    "台湾居民居住证",
    "外国护照",
    "外国人永久居留身份证",
    "《中华人民共和国外国人工作许可证》(A类)",
    "《中华人民共和国外国人工作许可证》(B类)",
    "《中华人民共和国外国人工作许可证》(C类)",
    "其他个人证件",
];

fn nth(text: &str, n: usize) -> char {
    let count = text.chars().count();
    text.chars().nth(n % count).unwrap_or('王')
}

/// Names: common, rare and compound surnames, minority and foreign ones, one character and twenty.
fn name(i: usize) -> String {
    let n = i / 20;
    let of = |s: String, more: &[char]| {
        more.iter().fold(s, |mut s, c| {
            s.push(*c);
            s
        })
    };
    let surname = nth(SURNAMES, i * 7 + n).to_string();
    match i % 20 {
        0..=5 => of(surname, &[nth(GIVEN, i * 11), nth(GIVEN, i * 5 + 3)]),
        6..=8 => of(surname, &[nth(GIVEN, i * 13 + 1)]),
        9 => of(COMPOUND[n % COMPOUND.len()].to_string(), &[nth(GIVEN, i)]),
        10 => of(COMPOUND[n % COMPOUND.len()].to_string(), &[nth(GIVEN, i), nth(GIVEN, i + 1)]),
        11 | 12 => of(surname, &[nth(RARE, i)]),
        13 => of(surname, &[nth(GIVEN, i), nth(RARE, n)]),
        14 | 15 => MINORITY[(i + n) % MINORITY.len()].to_string(),
        16 | 17 => FOREIGN[(i + n) % FOREIGN.len()].to_string(),
        18 => of(String::new(), &[nth(GIVEN, i)]),
        // Exactly twenty characters, the separator counted.
        _ => {
            let mut long: String = MINORITY[0].chars().take(7).collect::<String>() + "·";
            (0..12).for_each(|k| long.push(nth(GIVEN, i + k * 3)));
            long
        }
    }
}

fn checked(first: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{first}{}", nth("10X98765432", sum as usize % 11))
}

fn number(i: usize, id_type: usize, divisions: &[u32]) -> String {
    let birth = format!("{}{:02}{:02}", 1952 + i % 55, 1 + i % 12, 1 + i % 28);
    let serial = 1 + i % 999;
    let letter = |skip: &str, n: usize| {
        let letters: String = ('A'..='Z').filter(|c| !skip.contains(*c)).collect();
        nth(&letters, n)
    };
    match id_type {
        0 => checked(&format!("{}{birth}{serial:03}", divisions[i % divisions.len()])),
        1 if i.is_multiple_of(2) => format!("E{:08}", 10_000_000 + i * 37),
        1 => format!("E{}{:07}", letter("IO", i), 1_000_000 + i * 37),
        2 if i.is_multiple_of(5) => format!("HA{:07}", 1_000_000 + i * 31),
        2 => format!("{}{:08}", if i.is_multiple_of(2) { 'H' } else { 'M' }, 10_000_000 + i * 31),
        3 => checked(&format!("{}{birth}{serial:03}", if i.is_multiple_of(2) { 810_000 } else { 820_000 })),
        4 => format!("{:08}", 10_000_000 + i * 29),
        5 => checked(&format!("830000{birth}{serial:03}")),
        6 => format!("{}{:08}", letter("", i), 10_000_000 + i * 23),
        7 if i.is_multiple_of(3) => format!("USA{:04}{}{:02}", 1_100 + i % 100, &birth[2..], i % 100),
        7 => checked(&format!("911{}{birth}{serial:03}", [124, 682, 840, 392][i % 4])),
        8..=10 => format!("{}{:011}", ["A", "B", "C"][id_type - 8], 20_000_000_000_u64 + i as u64 * 19),
        _ => format!("GAT{:09}", 100_000_000 + i * 17),
    }
}

/// Gives the people. Half have a resident number, with the first thousand of the abolished codes; the other eleven types
/// share the rest.
pub fn sound_people(divisions: &[u32]) -> Vec<Person> {
    (0..COUNT)
        .map(|i| {
            let id_type = if i.is_multiple_of(2) { 0 } else { 1 + (i / 2) % 11 };
            let of = if id_type == 0 { i / 2 } else { i };
            [name(i), TYPES[id_type].to_string(), number(of, id_type, divisions)]
        })
        .collect()
}

/// Gives a resident for every abolished code (4,318 of them).
pub fn residents(divisions: &[u32]) -> Vec<Person> {
    (0..divisions.len()).map(|i| [name(i), TYPES[0].to_string(), number(i, 0, divisions)]).collect()
}

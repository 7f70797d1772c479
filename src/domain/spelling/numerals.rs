//! Numbers in names (数目的写法): 二十一, 廿一 and 21 are one.

/// From so many digits on, one beside the other, a number is meant also where none stands behind 第: 三一五, not 三轮.
const BARE: usize = 3;

const UNITS: [(char, u32); 3] = [('十', 10), ('百', 100), ('千', 1000)];

/// Tells whether a letter may be of a number.
pub fn is_numeral(c: char) -> bool {
    digit(c).is_some() || c == '廿' || UNITS.iter().any(|(unit, _)| *unit == c)
}

fn digit(c: char) -> Option<u32> {
    let place = "〇一二三四五六七八九".chars().position(|digit| digit == c);
    place.map(|place| place as u32).or_else(|| (c == '零').then_some(0)).or_else(|| c.to_digit(10))
}

/// Gives a run of such letters in digits where it is a number: behind 第 each is, elsewhere one of several letters that is written
/// as numbers are.
pub fn digits_of(run: &[char], is_ordinal: bool) -> Option<String> {
    if run.iter().all(|c| digit(*c).is_some()) {
        let is_number = is_ordinal || BARE <= run.len() || run.iter().any(char::is_ascii_digit);
        let digits = || run.iter().filter_map(|c| char::from_digit(digit(*c)?, 10)).collect();
        return is_number.then(digits);
    }
    (is_ordinal || 1 < run.len()).then(|| counted(run)).flatten().map(|number| number.to_string())
}

/// Reads a number with its units, from the largest down; nothing where it is none.
fn counted(run: &[char]) -> Option<u32> {
    let (mut sum, mut last_unit, mut one) = (0, u32::MAX, None);
    for c in run {
        if let Some(digit) = digit(*c) {
            // What stands before a digit is a zero, or nothing is meant by it.
            if one.is_some_and(|before| before != 0) {
                return None;
            }
            one = Some(digit);
            continue;
        }
        let (count, unit) = match UNITS.iter().find(|(unit, _)| unit == c) {
            // Only ten is ten without a one before it.
            Some((_, unit)) => (one.take().or((*unit == 10).then_some(1)), *unit),
            None => (one.is_none().then_some(2), 10),
        };
        let count = count.filter(|count| *count != 0)?;
        if last_unit <= unit {
            return None;
        }
        sum += count * unit;
        last_unit = unit;
    }
    Some(sum + one.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_however_they_are_written() {
        let read = |text: &str, is_ordinal| digits_of(&text.chars().collect::<Vec<_>>(), is_ordinal);
        for (text, number) in [
            ("二十一", "21"),
            ("21", "21"),
            ("007", "007"),
            ("廿一", "21"),
            ("十一", "11"),
            ("三十", "30"),
            ("一百零三", "103"),
            ("一百二十三", "123"),
            ("一千零一", "1001"),
            ("2十1", "21"),
            ("二〇二四", "2024"),
            ("三一五", "315"),
        ] {
            assert_eq!(read(text, false).as_deref(), Some(number), "{text}");
        }
        for text in ["三", "十", "百", "八一", "千百", "百一", "十百", "二十十"] {
            assert_eq!(read(text, false), None, "{text}");
        }
        for (text, number) in [("六", "6"), ("十", "10"), ("二十一", "21"), ("一百", "100"), ("八一", "81")] {
            assert_eq!(read(text, true).as_deref(), Some(number), "{text}");
        }
    }
}

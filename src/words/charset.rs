//! Which characters come through to the user, by what the environment says.

/// The character set that the environment names (字符集).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    Unset,
    /// A language without a character set, as in `C`.
    Unnamed,
    /// The one that is always written.
    Utf8,
    /// Another one, in which Chinese text comes out garbled.
    Other,
}

/// Finds the variable that decides, its value, and what it says; `named` gives a variable's value, empty where there is none.
pub fn charset(named: impl Fn(&str) -> String) -> (&'static str, String, Charset) {
    let found = ["LC_ALL", "LC_CTYPE", "LANG"].map(|name| (name, named(name)));
    let Some((name, value)) = found.into_iter().find(|(_, value)| !value.is_empty()) else {
        return ("LANG", String::new(), Charset::Unset);
    };
    let charset = value.split_once('.').map(|(_, charset)| charset.split('@').next().unwrap_or_default());
    let said = match charset.map(|charset| charset.to_ascii_lowercase().replace('-', "")) {
        Some(charset) if charset == "utf8" => Charset::Utf8,
        Some(_) => Charset::Other,
        None => Charset::Unnamed,
    };
    (name, value, said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_with_a_value_decides() {
        let cases = [
            (&[][..], "LANG", "", Charset::Unset),
            (&[("LANG", "zh_CN.UTF-8")], "LANG", "zh_CN.UTF-8", Charset::Utf8),
            (&[("LANG", "zh_CN.utf8@pinyin")], "LANG", "zh_CN.utf8@pinyin", Charset::Utf8),
            (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "zh_CN.GBK")], "LC_ALL", "zh_CN.GBK", Charset::Other),
            (&[("LANG", "C"), ("LC_CTYPE", "zh_CN.GB18030")], "LC_CTYPE", "zh_CN.GB18030", Charset::Other),
            (&[("LANG", "C"), ("LC_ALL", "")], "LANG", "C", Charset::Unnamed),
        ];
        for (set, name, value, said) in cases {
            let named =
                |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_string()).unwrap_or_default();
            assert_eq!(charset(named), (name, value.to_string(), said), "{set:?}");
        }
    }
}

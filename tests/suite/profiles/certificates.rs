//! What a profile says of the printed certificate and of the kinds of certificates, looked at closely.

use super::with_files;
use crate::support::root;

/// What a certificate or a kind of certificates names and nothing is, or says and cannot mean, is told with its line.
#[test]
fn what_is_wrong_with_certificates_and_their_kinds_is_told_with_its_line() {
    let line_of = |text: &str, words: &str| text[..text.find(words).expect("there")].matches('\n').count() + 1;
    for (id, from, to, words) in [
        ("sichuan-competition", "proof = \"proof-plain\"", "proof = \"proof-plian\"", "proof-plian"),
        (
            "sichuan-competition",
            "columns = [\"证书类型\", \"证书类别\", \"证书名称\", \"申报证书类型\"]",
            "columns = []",
            "columns",
        ),
        ("sichuan-competition", "words = [\"职业资格证书\"", "words = [\"技能等级\", \"职业资格证书\"", "技能等级"),
        ("sichuan-competition", "kind = \"qualification\"", "kind = \"skill-level\"", "skill-level"),
        ("sichuan-competition", "issuer_clause = \"SC-10\"\n", "", "issuer_clause"),
        (
            "sichuan-competition",
            "seals = [{ whose = \"issuing-body\", place = \"发证机构处\" }]",
            "seals = []",
            "seals",
        ),
    ] {
        let built_in = std::fs::read_to_string(root(&format!("data/profiles/{id}.toml"))).expect("built in");
        assert!(built_in.contains(from), "{from}");
        let own = built_in.replacen(from, to, 1);
        let name = format!("profiles/{id}.toml");
        let (desk, folder) = with_files(&[(&*name, &own)]);
        let file = folder.join(&name);
        for lang in ["zh", "en"] {
            let ran = desk.verb(&["profile", "check", file.to_str().expect("a path"), "--lang", lang]);
            let told = ran.out + &ran.err;
            assert_eq!(ran.code, 1, "{to}: {told}");
            assert!(told.contains(words), "{to}: {told}");
            let line = if to.is_empty() { line_of(&own, "issuers = [") } else { line_of(&built_in, from) };
            assert!(told.contains(&line.to_string()), "{to} {line}: {told}");
        }
    }
}

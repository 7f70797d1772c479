//! Forms and proofs as they were looked at: what of a workbook decides how it prints is digested, beside the pictures that another program
//! made of it. A form that prints otherwise is looked at again: `scripts/review-forms`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use skillcert::data;

use crate::support::{Desk, root};

/// Where the digests are.
const KEPT: &str = "tests/reviewed/forms.toml";

/// Names a folder that the workbooks are written to, for whoever makes pictures of them.
const FOLDER: &str = "SKILLCERT_REVIEW";

/// A form that was looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reviewed {
    /// The digest of what decides how it prints.
    sheet: String,
    /// Those of the pictures of its pages.
    pages: Vec<String>,
}

fn kept() -> BTreeMap<String, Reviewed> {
    toml::from_str(&fs::read_to_string(root(KEPT)).expect(KEPT)).expect("TOML")
}

/// Digests the cells of a workbook, how they look, and the paper.
fn digest(path: &Path) -> String {
    let mut package = zip::ZipArchive::new(File::open(path).expect("opened")).expect("a package");
    let mut digest = Sha256::new();
    for name in ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"] {
        let mut part = Vec::new();
        package.by_name(name).expect(name).read_to_end(&mut part).expect("read");
        digest.update(part);
    }
    let mut hex = String::new();
    for byte in digest.finalize() {
        hex += &format!("{byte:02x}");
    }
    hex
}

/// Holds a workbook to what was looked at.
#[track_caller]
pub fn is_reviewed(desk: &Desk, id: &str, file: &str) {
    let path = desk.path(file);
    let sheet = digest(&path);
    if let Some(folder) = std::env::var_os(FOLDER) {
        let folder = Path::new(&folder);
        fs::copy(&path, folder.join(format!("{id}.xlsx"))).expect("copied");
        fs::write(folder.join(format!("{id}.sheet")), sheet).expect("written");
        return;
    }
    let kept = kept();
    let kept = kept.get(id).unwrap_or_else(|| panic!("{id} was never looked at: scripts/review-forms"));
    assert!(kept.sheet == sheet, "{id} prints otherwise than it was looked at: review it again (scripts/review-forms)");
}

/// A proof is one sheet of paper, whatever stands on it; and nothing is printed that nobody has seen.
#[test]
fn every_form_was_looked_at_and_a_proof_is_one_sheet() {
    if std::env::var_os(FOLDER).is_some() {
        return;
    }
    let kept = kept();
    for form in &data::built_in().forms {
        let of_form = |(id, _): &(&String, &Reviewed)| {
            *id == &form.id || form.layout.proof && id.strip_prefix(&form.id).is_some_and(|rest| rest.starts_with('-'))
        };
        let reviewed: Vec<_> = kept.iter().filter(of_form).collect();
        assert!(!reviewed.is_empty(), "{} was never looked at: scripts/review-forms", form.id);
        for (id, reviewed) in reviewed {
            assert!(!reviewed.pages.is_empty(), "{id}");
            assert!(!form.layout.proof || reviewed.pages.len() == 1, "{id} takes {} sheets", reviewed.pages.len());
        }
    }
}

//! What the printed certificate (证书) says, as the specimen of the notice has it.

use serde::Deserialize;

/// The certificate of a notice. What the notice says nothing of, or has as a picture only, is empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CertificateSpec {
    pub title: String,
    pub title_en: String,
    /// The text, with the place `{institution}`.
    pub body: String,
    pub body_en: String,
    /// The clause that lists what must be on it.
    pub items_clause: String,
    /// The clause that says how the level is written.
    pub level_clause: String,
    pub photo: Option<PhotoSpec>,
    /// The clause by which another office may seal for the institution (GZ-27); empty where none may.
    pub stand_in_clause: String,
    /// The form of the proof.
    pub proof: String,
    #[serde(rename = "style")]
    pub styles: Vec<CertificateStyle>,
    #[serde(rename = "look")]
    pub looks: Vec<LookAt>,
}

/// What the photo must be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoSpec {
    /// The sizes that the notice names; which of several it is, the institution says.
    pub sizes: Vec<PhotoSize>,
    /// How many months before the certificate it may have been taken; nothing where the notice says nothing.
    pub months: Option<u32>,
    pub clause: String,
}

/// A size of the photo.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoSize {
    /// The value of the fact that chooses it.
    pub id: String,
    pub text: String,
    pub clause: String,
}

/// A style (样式) of the certificate, and the seals on it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateStyle {
    pub name: String,
    /// Which codes it is for; all of them where nothing is said.
    pub codes: Option<CodeRange>,
    pub seals: Vec<SealPlace>,
    /// The clauses of the recorded contradictions about it.
    #[serde(default)]
    pub notes: Vec<String>,
    pub clause: String,
}

/// Codes by the number that some of their positions make.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRange {
    /// The first position and the last, counted from 1.
    pub from: usize,
    pub to: usize,
    pub first: u32,
    pub last: u32,
}

/// A seal and where it stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealPlace {
    pub whose: SealOwner,
    pub place: String,
}

/// Whose seal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealOwner {
    /// 评价机构
    Institution,
    /// 发证机构
    IssuingBody,
}

/// What only eyes can check on the paper (看样).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookAt {
    pub text: String,
    pub text_en: String,
    pub clause: String,
}

impl CodeRange {
    /// Tells whether a code is one of them.
    pub fn holds(self, code: &str) -> bool {
        let digits = self.from.checked_sub(1).and_then(|from| code.get(from..self.to));
        digits.and_then(|digits| digits.parse::<u32>().ok()).is_some_and(|n| self.first <= n && n <= self.last)
    }
}

impl CertificateSpec {
    /// Finds the style of a certificate by its code.
    pub fn style_of(&self, code: &str) -> Option<&CertificateStyle> {
        self.styles.iter().find(|style| style.codes.is_none_or(|codes| codes.holds(code)))
    }
}

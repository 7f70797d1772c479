//! A page of bare text (纯文本页): no frame, no columns, no mouse, so that the terminal's own selection takes nothing but text.
//! Lines are broken where the screen is narrower. What is masked in the roster is masked here.

/// What the page tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextOf {
    /// The cursor's row, cell by cell, with what was found in it.
    Record,
    /// The findings of the rows shown.
    Findings,
    /// The codes of the rows shown.
    Codes,
}

impl TextOf {
    pub(super) const ALL: [TextOf; 3] = [TextOf::Record, TextOf::Findings, TextOf::Codes];
}

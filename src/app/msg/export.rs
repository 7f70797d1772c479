//! What is written, and as which kind of file.

use crate::app::ring::ring;
use crate::domain::fact::Strength;

ring! {
    /// What is written (导出内容).
    #[derive(Default)]
    pub enum ExportWhat {
        #[default]
        Upload,
        /// The upload table of the rows without errors.
        UploadPart,
        /// The same of the rows whose certificates came back.
        UploadReturned,
        /// The same of the rows that have not been exported.
        UploadUnexported,
        /// The same of the rows that the filter lets through.
        UploadShown,
        /// The list of findings, for the people who must correct them.
        Findings,
        /// The public list, masked.
        Public,
        /// The list of findings for organisers to fill in.
        Answers,
        /// The same, masked.
        AnswersMasked,
        /// What the roster holds, counted.
        Summary,
    }
}

impl ExportWhat {
    /// Tells whether it is an upload table.
    pub fn is_upload(self) -> bool {
        !self.is_list() && !matches!(self, ExportWhat::Public | ExportWhat::Summary)
    }

    /// Tells whether it is a list of findings, which has as many rows as there are with findings.
    pub fn is_list(self) -> bool {
        matches!(self, ExportWhat::Findings | ExportWhat::Answers | ExportWhat::AnswersMasked)
    }
}

ring! {
    /// The kind of file that is written.
    #[derive(Default)]
    pub enum ExportFormat {
        #[default]
        Xlsx,
        /// Comma separated text.
        Csv,
    }
}

impl ExportFormat {
    /// Gives how names of such files end.
    pub fn ending(self) -> &'static str {
        match self {
            ExportFormat::Xlsx => "xlsx",
            ExportFormat::Csv => "csv",
        }
    }
}

ring! {
    /// The encoding of a text file that is written.
    #[derive(Default)]
    pub enum ExportEncoding {
        /// UTF-8 with a byte order mark, as Excel and WPS expect.
        #[default]
        Utf8Bom,
        /// GB18030.
        Gb18030,
    }
}

/// Something that the notice demands to be known of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LackLine {
    /// What is missing or disagrees, in words, with its clause.
    pub told: String,
    pub strength: Strength,
}

//! What is talked about (话题): a question, a list, or a place.

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    /// A file of the folder.
    Files,
    /// A batch of the store.
    Batches,
    /// A sheet of the workbook.
    Sheets,
    /// A batch, or what its path holds now.
    Versions,
    /// Where the header stands.
    Header,
    /// In which encoding the file is read.
    Encodings,
    /// The matching of columns.
    Columns,
    /// The field of one column.
    Fields,
    /// The profile to check with.
    Profiles,
    /// Which answers of an organiser are taken.
    Answers,
    /// Which recipe is done.
    Recipes,
    /// One of several things, such as where cells are filled from.
    Choice,
    /// What to do with the roster.
    Menu,
    Counts,
    /// The findings, one by one.
    Findings,
    Rows,
    /// A cell of a row.
    Row,
    /// All cells of a row.
    Record,
    /// The steps so far.
    History,
    /// What the import did.
    Import,
    /// A cell's new text.
    Value,
    /// What to do with a text half typed before.
    Resumed,
    /// A text for something else: a search, a filter, a row, a column.
    Typed,
    /// Whether a change is made.
    Preview,
    /// Whether something else is done.
    Confirm,
    Plan,
    /// Why they are taken.
    Reason,
    /// The word that takes them.
    Word,
    /// A code or number to read.
    Decode,
    /// A term to look up.
    LookUp,
    What,
    /// As which kind of file.
    Format,
    Path,
    /// The values of a column.
    Values,
    /// What values become.
    ValueText,
    /// Values that mean the same.
    ValueGroup,
    /// What is looked for.
    ReplaceWhat,
    /// What takes its place.
    ReplaceBy,
    /// What the roster holds, counted.
    Summary,
    /// The forms for the batch, or what is ticked of it.
    Papers,
    /// A form, what was handed in, or statistics, line by line.
    Page,
    /// A line that is typed for these.
    PaperText,
}

impl Topic {
    /// Tells whether a line is a text and not one of several choices.
    pub fn takes_text(self) -> bool {
        use Topic::{Path, Reason, ReplaceBy, ReplaceWhat, Typed, Value, ValueText, Word};
        let is_short = matches!(self, Value | Typed | Reason | Word | Path | Topic::Decode | Topic::LookUp);
        is_short || matches!(self, ValueText | ReplaceWhat | ReplaceBy | Topic::PaperText)
    }

    /// Tells whether it is a place in the roster, from where everything in the menu can be done as well.
    pub fn is_place(self) -> bool {
        use Topic::{Counts, Findings, History, Menu, Record, Row, Rows};
        matches!(self, Menu | Counts | Findings | Rows | Row | Record | History)
    }

    /// Gives the name by which the locales know it.
    pub fn name(self) -> &'static str {
        match self {
            Topic::Files => "files",
            Topic::Batches => "batches",
            Topic::Sheets => "sheets",
            Topic::Versions => "versions",
            Topic::Header => "header",
            Topic::Encodings => "encoding",
            Topic::Columns => "columns",
            Topic::Fields => "fields",
            Topic::Profiles => "profile",
            Topic::Answers => "answers",
            Topic::Recipes => "recipes",
            Topic::Choice => "choice",
            Topic::Menu => "menu",
            Topic::Counts => "findings",
            Topic::Findings => "finding-list",
            Topic::Rows => "rows",
            Topic::Row => "row",
            Topic::Record => "record",
            Topic::History => "history",
            Topic::Import => "import-facts",
            Topic::Value => "value",
            Topic::Resumed => "resumed",
            Topic::Typed => "typed",
            Topic::Preview => "preview",
            Topic::Confirm => "confirm",
            Topic::Plan => "plan",
            Topic::Reason => "reason",
            Topic::Word => "word",
            Topic::Decode => "decode",
            Topic::LookUp => "look-up",
            Topic::What => "what",
            Topic::Format => "format",
            Topic::Path => "path",
            Topic::Values => "values",
            Topic::ValueText => "value-text",
            Topic::ValueGroup => "value-group",
            Topic::ReplaceWhat => "replace-what",
            Topic::ReplaceBy => "replace-by",
            Topic::Summary => "summary",
            Topic::Papers => "papers",
            Topic::Page => "page",
            Topic::PaperText => "paper-text",
        }
    }
}

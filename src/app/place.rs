//! Where one is: the pane that fills the screen, and the place where keys are taken (所在界面), for the same key may mean
//! another thing elsewhere.

/// Which pane fills the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Screen {
    /// Import (导入).
    #[default]
    Import,
    /// Roster (名册).
    Roster,
    /// Export (导出).
    Export,
    /// Ledger (台账).
    Ledger,
}

macro_rules! places {
    ($($(#[$doc:meta])* $place:ident $key:literal $name:literal $($ledger:ident)?;)*) => {
        /// Where keys are taken (所在界面).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Place {
            $($(#[$doc])* $place,)*
        }

        impl Place {
            pub const ALL: [Place; [$($name,)*].len()] = [$(Place::$place,)*];

            /// Gives the locale key of its title.
            pub fn key(self) -> &'static str {
                match self {
                    $(Place::$place => $key,)*
                }
            }

            /// Gives the name under which settings speak of the place; no command has it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Place::$place => $name,)*
                }
            }

            /// Tells whether it is a list of the ledger, or something opened from one.
            pub fn is_in_ledger(self) -> bool {
                match self {
                    $(Place::$place => !concat!("" $(, stringify!($ledger))?).is_empty(),)*
                }
            }
        }
    };
}

places! {
    /// The file list; letters narrow it.
    Browser "ui.place.browser" "browser";
    /// What there is to go on with.
    Today "ui.place.today" "today-page";
    /// The list of batches; letters narrow it.
    Batches "ui.place.batches" "batch-list";
    /// The choice of a sheet.
    Sheets "ui.place.sheets" "sheets";
    /// The choice between a batch and what its path holds now.
    Versions "ui.place.versions" "versions";
    /// The first rows, among which the header is pointed at.
    Header "ui.place.header" "header";
    /// The matching of columns.
    Columns "ui.place.columns" "columns";
    Grid "ui.place.grid" "grid";
    Record "ui.place.record" "record";
    Findings "ui.place.findings" "findings";
    Export "ui.place.export" "export-pane";
    /// A line of text.
    Prompt "ui.place.prompt" "prompt";
    Help "ui.place.help" "help-pane";
    Palette "ui.place.palette" "palette-pane";
    /// A change shown before it is made.
    Preview "ui.place.preview" "preview";
    History "ui.place.history" "history-pane";
    /// A question answered with `y`.
    Confirm "ui.place.confirm" "confirm";
    /// The look-up; letters are looked up.
    Lookup "ui.place.lookup" "lookup";
    /// The decoder; everything that is no command is typed.
    Decoder "ui.place.decoder" "decoder";
    Series "ui.place.series" "series" ledger;
    Certificates "ui.place.certificates" "certificates" ledger;
    /// What certificates are searched by; letters are typed.
    Find "ui.place.find" "find";
    Cases "ui.place.cases" "cases" ledger;
    Audit "ui.place.audit" "audit" ledger;
    Institutions "ui.place.institutions" "institutions" ledger;
    Deadlines "ui.place.deadlines" "deadlines" ledger;
    Stock "ui.place.stock" "stock" ledger;
    Shares "ui.place.shares" "shares" ledger;
    Screening "ui.place.screening" "screening" ledger;
    /// A series in full.
    SeriesPage "ui.place.series-page" "series-page" ledger;
    /// A certificate in full.
    CertificatePage "ui.place.certificate-page" "certificate-page" ledger;
    /// A case in full.
    CasePage "ui.place.case-page" "case-page" ledger;
    /// A deadline, counted day by day.
    DeadlinePage "ui.place.deadline-page" "deadline-page" ledger;
    /// The way of a blank certificate.
    BlankPage "ui.place.blank-page" "blank-page" ledger;
    /// An audit entry or an institution in full.
    DetailPage "ui.place.detail-page" "detail-page" ledger;
    /// Numbers for rows before they are taken.
    Plan "ui.place.plan" "plan";
    /// What the import did.
    ImportFacts "ui.place.import-facts" "import-facts";
    /// A question answered by a line of a list.
    Choose "ui.place.choose" "choose";
    /// The page of bare text.
    Text "ui.place.text" "text";
    /// The tour of a first start.
    Tour "ui.place.tour" "tour-pane";
    /// The values of a column.
    Values "ui.place.values" "value-list";
    /// A line of text within them.
    ValueLine "ui.place.value-line" "value-line";
    /// Values that mean the same.
    ValueGroups "ui.place.value-groups" "value-groups";
    /// What the roster holds, counted.
    Summary "ui.place.summary" "summary-pane";
    /// What is replaced by what.
    Replace "ui.place.replace" "replace-pane";
    /// The forms for a thing.
    Forms "ui.place.forms" "form-list";
    /// A form as it is filled, or the columns of a template.
    FormPage "ui.place.form-page" "form-page";
    Checklist "ui.place.checklist" "checklist-page";
    /// When a batch was handed in, and what came back.
    HandIns "ui.place.hand-ins" "hand-in-page";
    Statistics "ui.place.statistics" "statistics-page";
    /// A line of text within these.
    PaperLine "ui.place.paper-line" "paper-line";
}

impl Place {
    /// Tells whether a character that is no command is typed into a text.
    pub fn takes_text(self) -> bool {
        matches!(
            self,
            Place::Browser
                | Place::Batches
                | Place::Prompt
                | Place::Palette
                | Place::Help
                | Place::Export
                | Place::Lookup
                | Place::Decoder
                | Place::Find
                | Place::ValueLine
                | Place::Replace
                | Place::PaperLine
        )
    }

    /// Finds a place by its name.
    pub fn find(name: &str) -> Option<Place> {
        Place::ALL.into_iter().find(|place| place.name() == name)
    }
}

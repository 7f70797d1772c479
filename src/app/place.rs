//! Where keys are taken (所在界面): the same key may mean another thing elsewhere.

use super::import::Step;
use super::layout::Focus;
use super::{App, Screen};

/// Where keys are taken (所在界面).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// The file list; letters narrow it.
    Browser,
    /// The choice of a sheet.
    Sheets,
    /// The matching of columns.
    Columns,
    Grid,
    Record,
    Findings,
    Export,
    /// A line of text.
    Prompt,
    Help,
    Palette,
    /// A change shown before it is made.
    Preview,
    History,
    /// A question answered with `y`.
    Confirm,
    /// The look-up; letters are looked up.
    Lookup,
    /// The decoder; everything that is no command is typed.
    Decoder,
    Series,
    Certificates,
    /// What certificates are searched by; letters are typed.
    Find,
    Cases,
    Audit,
    Institutions,
    /// A series in full.
    SeriesPage,
    /// A certificate in full.
    CertificatePage,
    /// A case in full.
    CasePage,
    /// An audit entry or an institution in full.
    DetailPage,
    /// Numbers for rows before they are taken.
    Plan,
    /// A question answered by a line of a list.
    Choose,
    /// The page of bare text.
    Text,
    /// The tour of a first start.
    Tour,
}

impl Place {
    pub const ALL: [Place; 29] = [
        Place::Browser,
        Place::Sheets,
        Place::Columns,
        Place::Grid,
        Place::Record,
        Place::Findings,
        Place::Export,
        Place::Prompt,
        Place::Help,
        Place::Palette,
        Place::Preview,
        Place::History,
        Place::Confirm,
        Place::Lookup,
        Place::Decoder,
        Place::Series,
        Place::Certificates,
        Place::Find,
        Place::Cases,
        Place::Audit,
        Place::Institutions,
        Place::SeriesPage,
        Place::CertificatePage,
        Place::CasePage,
        Place::DetailPage,
        Place::Plan,
        Place::Choose,
        Place::Text,
        Place::Tour,
    ];

    /// Tells whether a character that is no command is typed into a text.
    pub fn takes_text(self) -> bool {
        matches!(
            self,
            Place::Browser
                | Place::Prompt
                | Place::Palette
                | Place::Help
                | Place::Export
                | Place::Lookup
                | Place::Decoder
                | Place::Find
        )
    }

    /// Gives the name under which the locales title the place.
    pub fn key(self) -> &'static str {
        match self {
            Place::Browser => "ui.place.browser",
            Place::Sheets => "ui.place.sheets",
            Place::Columns => "ui.place.columns",
            Place::Grid => "ui.place.grid",
            Place::Record => "ui.place.record",
            Place::Findings => "ui.place.findings",
            Place::Export => "ui.place.export",
            Place::Prompt => "ui.place.prompt",
            Place::Help => "ui.place.help",
            Place::Palette => "ui.place.palette",
            Place::Preview => "ui.place.preview",
            Place::History => "ui.place.history",
            Place::Confirm => "ui.place.confirm",
            Place::Lookup => "ui.place.lookup",
            Place::Decoder => "ui.place.decoder",
            Place::Series => "ui.place.series",
            Place::Certificates => "ui.place.certificates",
            Place::Find => "ui.place.find",
            Place::Cases => "ui.place.cases",
            Place::Audit => "ui.place.audit",
            Place::Institutions => "ui.place.institutions",
            Place::SeriesPage => "ui.place.series-page",
            Place::CertificatePage => "ui.place.certificate-page",
            Place::CasePage => "ui.place.case-page",
            Place::DetailPage => "ui.place.detail-page",
            Place::Plan => "ui.place.plan",
            Place::Choose => "ui.place.choose",
            Place::Text => "ui.place.text",
            Place::Tour => "ui.place.tour",
        }
    }

    /// Gives the name under which settings speak of the place; no command has it.
    pub fn name(self) -> &'static str {
        match self {
            Place::Export => "export-pane",
            Place::Help => "help-pane",
            Place::Palette => "palette-pane",
            Place::History => "history-pane",
            Place::Tour => "tour-pane",
            place => place.key().trim_start_matches("ui.place."),
        }
    }

    /// Finds a place by its name.
    pub fn find(name: &str) -> Option<Place> {
        Place::ALL.into_iter().find(|place| place.name() == name)
    }
}

impl App {
    /// Gives the place whose keys count.
    pub fn place(&self) -> Place {
        match &self.overlay {
            Some(overlay) => overlay.place(),
            None => self.base_place(),
        }
    }

    /// Gives the place below the overlay.
    pub fn base_place(&self) -> Place {
        if self.edit.is_some() || self.ask.is_some() {
            return Place::Prompt;
        }
        match (self.screen, self.import.step, self.grid.focus) {
            (Screen::Import, Step::Browse, _) => Place::Browser,
            (Screen::Import, Step::Sheets, _) => Place::Sheets,
            (Screen::Import, Step::Columns, _) => Place::Columns,
            (Screen::Roster, _, Focus::Grid) => Place::Grid,
            (Screen::Roster, _, Focus::Record) => Place::Record,
            (Screen::Roster, _, Focus::Findings) => Place::Findings,
            (Screen::Export, ..) => Place::Export,
            (Screen::Ledger, ..) => self.ledger.place(),
        }
    }
}

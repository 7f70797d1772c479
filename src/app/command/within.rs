//! Where commands are: the places that share them.

use super::{Place, Within};

pub(super) const ROSTER: Within = |place| matches!(place, Place::Grid | Place::Record | Place::Findings);
pub(super) const CELLS: Within = |place| matches!(place, Place::Grid | Place::Record);
pub(super) const GRID: Within = |place| place == Place::Grid;
pub(super) const RECORD: Within = |place| place == Place::Record;
pub(super) const FINDINGS: Within = |place| place == Place::Findings;
pub(super) const LISTS: Within = |place| {
    place.is_in_ledger()
        || matches!(
            place,
            Place::Today
                | Place::Sheets
                | Place::Versions
                | Place::Header
                | Place::Columns
                | Place::Findings
                | Place::History
                | Place::Preview
                | Place::Plan
                | Place::ImportFacts
                | Place::Choose
                | Place::Text
                | Place::Summary
        )
        || PAPERS(place)
};
pub(super) const TYPED_LISTS: Within = |place| {
    matches!(
        place,
        Place::Browser
            | Place::Batches
            | Place::Palette
            | Place::Help
            | Place::Export
            | Place::Lookup
            | Place::Decoder
            | Place::Find
            | Place::ValueLine
            | Place::Replace
    )
};
pub(super) const BROWSER: Within = |place| place == Place::Browser;
pub(super) const TODAY: Within = |place| place == Place::Today;
pub(super) const BATCHES: Within = |place| place == Place::Batches;
pub(super) const SHEETS: Within = |place| place == Place::Sheets;
pub(super) const VERSIONS: Within = |place| place == Place::Versions;
pub(super) const HEADER: Within = |place| place == Place::Header;
pub(super) const COLUMNS: Within = |place| place == Place::Columns;
pub(super) const EXPORT: Within = |place| place == Place::Export;
pub(super) const PROMPT: Within = |place| place == Place::Prompt;
pub(super) const PALETTE: Within = |place| place == Place::Palette;
pub(super) const HISTORY: Within = |place| place == Place::History;
pub(super) const LOOKUP: Within = |place| place == Place::Lookup;
pub(super) const ASKED: Within = |place| matches!(place, Place::Preview | Place::Confirm | Place::Plan);
pub(super) const PREVIEW: Within = |place| place == Place::Preview;
pub(super) const PLAIN: Within = |place| {
    place.is_in_ledger()
        || matches!(
            place,
            Place::Today
                | Place::Sheets
                | Place::Versions
                | Place::Header
                | Place::Columns
                | Place::Grid
                | Place::Record
                | Place::Findings
                | Place::Preview
                | Place::History
                | Place::Plan
                | Place::ImportFacts
                | Place::Choose
                | Place::Summary
                | Place::Values
                | Place::ValueGroups
        )
        || PAPERS(place)
};
/// Where a letter ends the program: not where a question waits for its answer, be it a list.
pub(super) const LEAVABLE: Within = |place| PLAIN(place) && !CHOOSE(place) && !PREVIEW(place) && !PLAN(place);
pub(super) const DECODER: Within = |place| place == Place::Decoder;
pub(super) const TYPED: Within = |place| {
    matches!(
        place,
        Place::Browser
            | Place::Batches
            | Place::Export
            | Place::Prompt
            | Place::Help
            | Place::Palette
            | Place::Confirm
            | Place::Lookup
            | Place::Decoder
            | Place::Find
            | Place::Text
            | Place::ValueLine
            | Place::Replace
            | Place::PaperLine
    )
};
pub(super) const OVERLAYS: Within = |place| {
    PAPERS(place)
        || matches!(
            place,
            Place::Help
                | Place::Palette
                | Place::Preview
                | Place::History
                | Place::Confirm
                | Place::Lookup
                | Place::Decoder
                | Place::Plan
                | Place::ImportFacts
                | Place::Choose
                | Place::Text
                | Place::Values
                | Place::ValueLine
                | Place::ValueGroups
                | Place::Summary
                | Place::Replace
                | Place::PaperLine
        )
};
/// The lists of the ledger and what is opened from them.
pub(super) const LEDGER: Within = Place::is_in_ledger;
pub(super) const OPENING: Within =
    |place| place.is_in_ledger() && !matches!(place, Place::DetailPage | Place::DeadlinePage | Place::BlankPage);
pub(super) const SERIES: Within = |place| matches!(place, Place::Series | Place::SeriesPage);
pub(super) const CERTIFICATES: Within =
    |place| matches!(place, Place::Certificates | Place::SeriesPage | Place::CertificatePage);
pub(super) const FOUND: Within = |place| place == Place::Certificates;
pub(super) const FIND: Within = |place| place == Place::Find;
pub(super) const CASES: Within = |place| matches!(place, Place::Cases | Place::CasePage);
pub(super) const CASE_LIST: Within = |place| place == Place::Cases;
pub(super) const DEADLINES: Within = |place| place == Place::Deadlines;
pub(super) const AUDIT: Within = |place| place == Place::Audit;
pub(super) const INSTITUTIONS: Within = |place| place == Place::Institutions;
/// Where something is in hand that events happen to.
pub(super) const EVENTS: Within =
    |place| LATE(place) || CASES(place) || matches!(place, Place::Institutions | Place::DetailPage);
/// Where a batch is in hand whose data may be late.
pub(super) const LATE: Within =
    |place| matches!(place, Place::Deadlines | Place::DeadlinePage | Place::Certificates | Place::CertificatePage);
pub(super) const STOCK: Within = |place| matches!(place, Place::Stock | Place::BlankPage);
pub(super) const SHARES: Within = |place| place == Place::Shares;
pub(super) const SCREENED: Within = |place| place == Place::Screening;
pub(super) const PLAN: Within = |place| place == Place::Plan;
pub(super) const TEXT: Within = |place| place == Place::Text;
pub(super) const TOUR: Within = |place| place == Place::Tour;
pub(super) const FACTS: Within = |place| place == Place::ImportFacts;
pub(super) const VALUES: Within = |place| place == Place::Values;
pub(super) const VALUE_LINE: Within = |place| place == Place::ValueLine;
pub(super) const GROUPS: Within = |place| place == Place::ValueGroups;
/// Lists in which a letter groups: two of it do not go to the first line.
pub(super) const VALUE_LISTS: Within = |place| matches!(place, Place::Values | Place::ValueGroups);
pub(super) const REPLACE: Within = |place| place == Place::Replace;
pub(super) const SUMMARY: Within = |place| place == Place::Summary;
pub(super) const CHOOSE: Within = |place| place == Place::Choose;
pub(super) const STEPS: Within = |place| {
    matches!(
        place,
        Place::Sheets
            | Place::Versions
            | Place::Header
            | Place::Columns
            | Place::Prompt
            | Place::Export
            | Place::Browser
            | Place::Today
            | Place::Batches
    )
};
/// The pages of what is handed in.
pub(super) const PAPERS: Within =
    |place| matches!(place, Place::Forms | Place::FormPage | Place::Checklist | Place::HandIns | Place::Statistics);
pub(super) const FORMS: Within = |place| place == Place::Forms;
pub(super) const FORM_PAGE: Within = |place| place == Place::FormPage;
pub(super) const WRITTEN: Within = |place| matches!(place, Place::FormPage | Place::Statistics);
pub(super) const CHECKLIST: Within = |place| place == Place::Checklist;
pub(super) const HAND_INS: Within = |place| place == Place::HandIns;
pub(super) const STATISTICS: Within = |place| place == Place::Statistics;
pub(super) const PAPER_LINE: Within = |place| place == Place::PaperLine;

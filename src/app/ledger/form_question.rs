//! What can be done to the ledger, and what is asked before it.

use crate::domain::ledger::case::{Day, Item, WhyCaseRefused};
use crate::domain::sheet::Field;
use crate::domain::vocabulary::vocabulary;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKind {
    Reserve,
    /// Make a number void.
    Void,
    Mark,
    /// Open a case; of which kind is the first question.
    Open,
    Correct,
    Reissue,
    Revoke,
    Approve,
    Refuse,
    Close,
    CloseRevocation,
    Register,
    /// Note the day of an event.
    Event,
    /// Note a fact.
    Fact,
    /// Something with blank certificates; what is the first question.
    Stock,
    /// One of these.
    Blanks(StockVerb),
    /// Compare the blanks with another system's list.
    CompareBlanks,
    /// Look for one blank.
    FindBlank,
    /// Write the draft of the explanation why a batch is late.
    Lateness,
    /// Write print data.
    PrintData,
    /// Note that a batch was handed in.
    Submit,
    /// Read back what a site says of certificates that were handed in.
    Reply,
    /// Register what is given to others.
    Share,
    /// Say what an entry of the register lacks, or correct it.
    ChangeShare,
    EndShare,
}

vocabulary! {
    /// What is done with blank certificates.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum StockVerb {
        Receive = "receive",
        Draw = "draw",
        HandOver = "hand-over",
        Return = "return",
        /// Use one, or those of a batch.
        Print = "use",
        Spoil = "spoil",
        Destroy = "destroy",
        Count = "count",
        Close = "close",
        Demand = "demand",
        /// Something that was noted by mistake.
        TakeBack = "take-back",
        /// A stocktake that was wrong.
        Withdraw = "withdraw",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormQuestion {
    /// The year in the codes.
    Year,
    /// The level in the codes; chosen from a list.
    Level,
    Count,
    Reason,
    /// Which status; chosen from a list.
    Status,
    /// Which kind of case; chosen from a list.
    Kind,
    /// Which column is corrected; chosen from a list.
    Column,
    Value,
    Day,
    /// On which day the paper is issued anew.
    Reissued,
    /// On which day it was approved.
    Approved,
    /// Lost or damaged; chosen from a list.
    Cause,
    /// Which papers were shown.
    Papers,
    /// On which day it was asked for.
    Applied,
    Authority,
    /// When benefits were cancelled.
    Cancelled,
    /// When the paper was taken back.
    Withdrawn,
    Reference,
    /// Which event; chosen from a list.
    Event,
    /// On which day it happened; left out to take it back.
    EventDay,
    /// Which fact; chosen from a list.
    Fact,
    /// What it is; left out to take it back, chosen from a list where only some words may be.
    FactValue,
    /// What is done with blanks; chosen from a list.
    StockVerb,
    /// Which kind of blanks; chosen from a list.
    BlankKind,
    /// A range of numbers.
    Range,
    /// Numbers and ranges.
    Ranges,
    /// The first number.
    From,
    /// A certificate, a batch or a case to print for.
    Whom,
    Keeper,
    /// Who gets them.
    To,
    Place,
    /// What becomes of certificates on spoiled blanks; chosen from a list.
    After,
    /// What is taken back of blanks; chosen from a list.
    TakenBack,
    Witness,
    Record,
    /// The numbers that were found.
    Found,
    /// Whose blanks were counted.
    Counted,
    /// The number of a stocktake.
    CountNumber,
    DemandYear,
    Estimates,
    /// Which blanks were spoiled in printing.
    Spoiled,
    /// The keeper all of whose blanks are meant.
    AllOf,
    /// The prefix of the institution that it is for.
    Institution,
    /// A file: a list of numbers, a reply, or where a draft is written to.
    File,
    /// The folder with the photos.
    Photos,
    /// The size of the photo.
    PhotoSize,
    /// How many per cent more are ordered.
    Allowance,
    /// The day whose stock counts.
    AsOf,
    /// On which day it was ordered.
    Ordered,
    /// The number of one blank.
    Number,
    /// Where it was handed in.
    HandedTo,
    /// The number of the receipt.
    Receipt,
    /// The notice an institution stands under; chosen from a list.
    Profile,
    /// The prefix of an institution.
    Prefix,
    /// The name of an institution as it is filed.
    Name,
    /// To whom data is given.
    Receiver,
    /// What it is for.
    Purpose,
    /// Where and how it is used.
    Scene,
    /// Which data it is.
    Scope,
    /// Who agreed.
    Approver,
    /// The last day it may be used.
    Expires,
}

impl FormKind {
    pub(super) fn questions(self) -> &'static [FormQuestion] {
        use FormQuestion::{
            Applied, Approved, Approver, Authority, BlankKind, Cancelled, Cause, Column, Count, Counted, Day, Event,
            EventDay, Expires, Fact, FactValue, File, HandedTo, Kind, Level, Name, Number, Papers, Prefix, Profile,
            Purpose, Reason, Receipt, Receiver, Reference, Reissued, Scene, Scope, Status, Value, Withdrawn, Year,
        };
        match self {
            FormKind::Reserve => &[Year, Level, Count, Reason],
            FormKind::Mark => &[Status, Day, Reason],
            FormKind::Open => &[Kind],
            FormKind::Correct => &[Column, Value, Applied, Reason],
            FormKind::Reissue => &[Cause, Papers, Applied, Reissued, Reason],
            FormKind::Revoke => &[Authority, Cancelled, Applied, Reason],
            FormKind::CloseRevocation => &[Withdrawn, Reason],
            FormKind::Approve => &[Reference, Approved],
            FormKind::Register => &[Profile, Prefix, Name, Reason],
            FormKind::Event => &[Event, EventDay, Reason],
            FormKind::Fact => &[Fact, FactValue, Reason],
            FormKind::Stock => &[FormQuestion::StockVerb],
            FormKind::Blanks(verb) => verb.questions(),
            FormKind::CompareBlanks => &[BlankKind, Counted, File],
            FormKind::FindBlank => &[Number],
            FormKind::Lateness => &[Reason, File],
            FormKind::PrintData => &[Reason, FormQuestion::Photos, FormQuestion::PhotoSize, File],
            FormKind::Reply => &[File, Day],
            FormKind::Share | FormKind::ChangeShare => &[Receiver, Purpose, Scene, Approver, Expires, Scope],
            FormKind::EndShare => &[Day, Reason],
            FormKind::Submit => &[Day, HandedTo, Receipt, Reason],
            FormKind::Void | FormKind::Refuse | FormKind::Close => &[Reason],
        }
    }

    /// Gives the locale key of its name.
    pub fn key(self) -> &'static str {
        match self {
            FormKind::Reserve => "ui.ledger.verb.reserve",
            FormKind::Void => "ui.ledger.verb.void",
            FormKind::Mark => "ui.ledger.verb.mark",
            FormKind::Open => "ui.ledger.verb.open",
            FormKind::Correct => "case.kind.correct",
            FormKind::Reissue => "case.kind.reissue",
            FormKind::Revoke => "case.kind.revoke",
            FormKind::Approve => "ui.ledger.verb.approve",
            FormKind::Refuse => "ui.ledger.verb.refuse",
            FormKind::Close | FormKind::CloseRevocation => "ui.ledger.verb.close",
            FormKind::Register => "ui.ledger.verb.register",
            FormKind::Event => "ui.ledger.verb.event",
            FormKind::Fact => "ui.ledger.verb.fact",
            FormKind::Stock => "ui.ledger.verb.stock",
            FormKind::Blanks(verb) => verb.text_key(),
            FormKind::CompareBlanks => "ui.ledger.verb.compare-blanks",
            FormKind::FindBlank => "ui.ledger.verb.find-blank",
            FormKind::Lateness => "ui.ledger.verb.lateness",
            FormKind::PrintData => "ui.ledger.verb.print-data",
            FormKind::Reply => "ui.ledger.verb.reply",
            FormKind::Share => "ui.ledger.verb.share",
            FormKind::ChangeShare => "ui.ledger.verb.change-share",
            FormKind::EndShare => "ui.ledger.verb.end-share",
            FormKind::Submit => "ui.ledger.verb.submit",
        }
    }

    /// Tells whether nothing is done to the ledger: nobody is asked whether all is right.
    pub(super) fn is_look(self) -> bool {
        matches!(self, FormKind::CompareBlanks | FormKind::FindBlank | FormKind::Lateness | FormKind::PrintData)
    }
}

impl StockVerb {
    /// Gives the locale key of its name.
    pub fn text_key(self) -> &'static str {
        match self {
            StockVerb::Receive => "ui.ledger.blanks.receive",
            StockVerb::Draw => "ui.ledger.blanks.draw",
            StockVerb::HandOver => "ui.ledger.blanks.hand-over",
            StockVerb::Return => "ui.ledger.blanks.return",
            StockVerb::Print => "ui.ledger.blanks.use",
            StockVerb::Spoil => "ui.ledger.blanks.spoil",
            StockVerb::Destroy => "ui.ledger.blanks.destroy",
            StockVerb::Count => "ui.ledger.blanks.count",
            StockVerb::Close => "ui.ledger.blanks.close",
            StockVerb::Demand => "ui.ledger.blanks.demand",
            StockVerb::TakeBack => "ui.ledger.blanks.take-back",
            StockVerb::Withdraw => "ui.ledger.blanks.withdraw",
        }
    }
}

impl FormQuestion {
    /// Finds the question that a refusal is about.
    pub fn of_refusal(why: &WhyCaseRefused) -> Option<FormQuestion> {
        use WhyCaseRefused as Why;
        Some(match why {
            Why::Future(day) | Why::Before(day, _) => {
                return FormQuestion::ALL_DAYS.into_iter().find(|q| q.day_of_case() == Some(*day));
            }
            Why::NoReason => FormQuestion::Reason,
            Why::Nothing | Why::Twice(_) | Why::Never(_) | Why::OnlyOne(..) | Why::OnlyOneEver(..) => {
                FormQuestion::Column
            }
            Why::Same(_) | Why::Value(..) => FormQuestion::Value,
            Why::NoPaper(_) => FormQuestion::Papers,
            Why::NoBenefitsDay => FormQuestion::Cancelled,
            Why::NoAuthority => FormQuestion::Authority,
            Why::NoReference => FormQuestion::Reference,
            Why::NoWithdrawal | Why::NotARevocation => FormQuestion::Withdrawn,
            Why::Ended(_)
            | Why::NotHandedIn(_)
            | Why::SentBack
            | Why::NotOnRecord(_)
            | Why::Live(_)
            | Why::State(_)
            | Why::NotApproved
            | Why::NotOnline(_)
            | Why::Outdated
            | Why::NotACorrection => return None,
        })
    }

    const ALL_DAYS: [FormQuestion; 10] = [
        FormQuestion::Day,
        FormQuestion::EventDay,
        FormQuestion::Applied,
        FormQuestion::Reissued,
        FormQuestion::Approved,
        FormQuestion::Cancelled,
        FormQuestion::Withdrawn,
        FormQuestion::AsOf,
        FormQuestion::Ordered,
        FormQuestion::Expires,
    ];

    /// Tells whether it is answered by a day.
    pub fn is_day(self) -> bool {
        FormQuestion::ALL_DAYS.contains(&self)
    }

    /// Tells which day of a case it asks for.
    pub(super) fn day_of_case(self) -> Option<Day> {
        match self {
            FormQuestion::Applied => Some(Day::Application),
            FormQuestion::Reissued => Some(Day::Reissue),
            FormQuestion::Approved => Some(Day::Approval),
            FormQuestion::Cancelled => Some(Day::Benefits),
            FormQuestion::Withdrawn => Some(Day::Withdrawal),
            _ => None,
        }
    }

    /// Gives the locale key of the words before the answer.
    pub fn key(self) -> &'static str {
        match self {
            FormQuestion::Year => "ui.ledger.ask.year",
            FormQuestion::Level => "ui.ledger.ask.level",
            FormQuestion::Count => "ui.ledger.ask.count",
            FormQuestion::Reason => "ui.ledger.ask.reason",
            FormQuestion::Status => "ui.ledger.ask.status",
            FormQuestion::Kind => "ui.ledger.ask.kind",
            FormQuestion::Column => "ui.ledger.ask.column",
            FormQuestion::Value => "ui.ledger.ask.value",
            FormQuestion::Day => "ui.ledger.ask.day",
            FormQuestion::Reissued => "ui.ledger.ask.reissued",
            FormQuestion::Approved => "ui.ledger.ask.approved",
            FormQuestion::Cause => "ui.ledger.ask.cause",
            FormQuestion::Papers => "ui.ledger.ask.papers",
            FormQuestion::Applied => "ui.ledger.ask.applied",
            FormQuestion::Authority => "ui.ledger.ask.authority",
            FormQuestion::Cancelled => "ui.ledger.ask.cancelled",
            FormQuestion::Withdrawn => "ui.ledger.ask.withdrawn",
            FormQuestion::Reference => "ui.ledger.ask.reference",
            FormQuestion::Event => "ui.ledger.ask.event",
            FormQuestion::EventDay => "ui.ledger.ask.event-day",
            FormQuestion::Fact => "ui.ledger.ask.fact",
            FormQuestion::FactValue => "ui.ledger.ask.fact-value",
            FormQuestion::StockVerb => "ui.ledger.ask.stock-verb",
            FormQuestion::BlankKind => "ui.ledger.ask.blank-kind",
            FormQuestion::Range => "ui.ledger.ask.range",
            FormQuestion::Ranges => "ui.ledger.ask.ranges",
            FormQuestion::From => "ui.ledger.ask.from",
            FormQuestion::Whom => "ui.ledger.ask.whom",
            FormQuestion::Keeper => "ui.ledger.ask.keeper",
            FormQuestion::To => "ui.ledger.ask.to",
            FormQuestion::Place => "ui.ledger.ask.place",
            FormQuestion::After => "ui.ledger.ask.after",
            FormQuestion::TakenBack => "ui.ledger.ask.taken-back",
            FormQuestion::Witness => "ui.ledger.ask.witness",
            FormQuestion::Record => "ui.ledger.ask.record",
            FormQuestion::Found => "ui.ledger.ask.found",
            FormQuestion::Counted => "ui.ledger.ask.counted",
            FormQuestion::CountNumber => "ui.ledger.ask.count-number",
            FormQuestion::DemandYear => "ui.ledger.ask.demand-year",
            FormQuestion::Estimates => "ui.ledger.ask.estimates",
            FormQuestion::Spoiled => "ui.ledger.ask.spoiled",
            FormQuestion::AllOf => "ui.ledger.ask.all-of",
            FormQuestion::Institution => "ui.ledger.ask.institution",
            FormQuestion::File => "ui.ledger.ask.file",
            FormQuestion::Photos => "ui.ledger.ask.photos",
            FormQuestion::PhotoSize => "ui.ledger.ask.photo-size",
            FormQuestion::Allowance => "ui.ledger.ask.allowance",
            FormQuestion::AsOf => "ui.ledger.ask.as-of",
            FormQuestion::Ordered => "ui.ledger.ask.ordered",
            FormQuestion::Number => "ui.ledger.ask.number",
            FormQuestion::HandedTo => "ui.ledger.ask.handed-to",
            FormQuestion::Receipt => "ui.ledger.ask.receipt",
            FormQuestion::Profile => "ui.ledger.ask.profile",
            FormQuestion::Prefix => "ui.ledger.ask.prefix",
            FormQuestion::Name => "ui.ledger.ask.name",
            FormQuestion::Receiver => "ui.ledger.ask.receiver",
            FormQuestion::Purpose => "ui.ledger.ask.purpose",
            FormQuestion::Scene => "ui.ledger.ask.scene",
            FormQuestion::Scope => "ui.ledger.ask.scope",
            FormQuestion::Approver => "ui.ledger.ask.approver",
            FormQuestion::Expires => "ui.ledger.ask.expires",
        }
    }

    /// Gives the locale key of the short name by which its answer is repeated.
    pub fn label_key(self) -> &'static str {
        match self {
            FormQuestion::Year => "ui.ledger.label.year",
            FormQuestion::Level => "ui.ledger.label.level",
            FormQuestion::Count => "ui.ledger.label.count",
            FormQuestion::Reason => "ui.ledger.label.reason",
            FormQuestion::Status => "ui.ledger.label.status",
            FormQuestion::Kind => "ui.ledger.label.kind",
            FormQuestion::Column => "ui.ledger.label.column",
            FormQuestion::Value => "ui.ledger.label.value",
            FormQuestion::Day => "ui.ledger.label.day",
            FormQuestion::Reissued => "ui.ledger.label.reissued",
            FormQuestion::Approved => "ui.ledger.label.approved",
            FormQuestion::Cause => "ui.ledger.label.cause",
            FormQuestion::Papers => "ui.ledger.label.papers",
            FormQuestion::Applied => "ui.ledger.label.applied",
            FormQuestion::Authority => "ui.ledger.label.authority",
            FormQuestion::Cancelled => "ui.ledger.label.cancelled",
            FormQuestion::Withdrawn => "ui.ledger.label.withdrawn",
            FormQuestion::Reference => "ui.ledger.label.reference",
            FormQuestion::Event => "ui.ledger.label.event",
            FormQuestion::EventDay => "ui.ledger.label.event-day",
            FormQuestion::Fact => "ui.ledger.label.fact",
            FormQuestion::FactValue => "ui.ledger.label.fact-value",
            FormQuestion::StockVerb => "ui.ledger.label.stock-verb",
            FormQuestion::BlankKind => "ui.ledger.label.blank-kind",
            FormQuestion::Range => "ui.ledger.label.range",
            FormQuestion::Ranges => "ui.ledger.label.ranges",
            FormQuestion::From => "ui.ledger.label.from",
            FormQuestion::Whom => "ui.ledger.label.whom",
            FormQuestion::Keeper => "ui.ledger.label.keeper",
            FormQuestion::To => "ui.ledger.label.to",
            FormQuestion::Place => "ui.ledger.label.place",
            FormQuestion::After => "ui.ledger.label.after",
            FormQuestion::TakenBack => "ui.ledger.label.taken-back",
            FormQuestion::Witness => "ui.ledger.label.witness",
            FormQuestion::Record => "ui.ledger.label.record",
            FormQuestion::Found => "ui.ledger.label.found",
            FormQuestion::Counted => "ui.ledger.label.counted",
            FormQuestion::CountNumber => "ui.ledger.label.count-number",
            FormQuestion::DemandYear => "ui.ledger.label.demand-year",
            FormQuestion::Estimates => "ui.ledger.label.estimates",
            FormQuestion::Spoiled => "ui.ledger.label.spoiled",
            FormQuestion::AllOf => "ui.ledger.label.all-of",
            FormQuestion::Institution => "ui.ledger.label.institution",
            FormQuestion::File => "ui.ledger.label.file",
            FormQuestion::Photos => "ui.ledger.label.photos",
            FormQuestion::PhotoSize => "ui.ledger.label.photo-size",
            FormQuestion::Allowance => "ui.ledger.label.allowance",
            FormQuestion::AsOf => "ui.ledger.label.as-of",
            FormQuestion::Ordered => "ui.ledger.label.ordered",
            FormQuestion::Number => "ui.ledger.label.number",
            FormQuestion::HandedTo => "ui.ledger.label.handed-to",
            FormQuestion::Receipt => "ui.ledger.label.receipt",
            FormQuestion::Profile => "ui.ledger.label.profile",
            FormQuestion::Prefix => "ui.ledger.label.prefix",
            FormQuestion::Name => "ui.ledger.label.name",
            FormQuestion::Receiver => "ui.ledger.label.receiver",
            FormQuestion::Purpose => "ui.ledger.label.purpose",
            FormQuestion::Scene => "ui.ledger.label.scene",
            FormQuestion::Scope => "ui.ledger.label.scope",
            FormQuestion::Approver => "ui.ledger.label.approver",
            FormQuestion::Expires => "ui.ledger.label.expires",
        }
    }
}

pub(super) fn item_key(item: Item) -> &'static str {
    match item {
        Item::Field(field) => column_key(field),
        Item::Photo => "ui.ledger.column.photo",
    }
}

/// Gives the locale key of the name of a record's column.
pub fn column_key(field: Field) -> &'static str {
    match field {
        Field::Name => "ui.ledger.column.name",
        Field::IdType => "ui.ledger.column.id-type",
        Field::IdNumber => "ui.ledger.column.id-number",
        Field::Employer => "ui.ledger.column.employer",
        Field::Occupation => "ui.ledger.column.occupation",
        Field::WorkType => "ui.ledger.column.work-type",
        Field::Level => "ui.ledger.column.level",
        Field::IssueDate => "ui.ledger.column.issue-date",
        Field::Institution => "ui.ledger.column.institution",
        Field::IssuingBody => "ui.ledger.column.issuing-body",
        // No other column is part of a record.
        _ => "ui.ledger.column.code",
    }
}

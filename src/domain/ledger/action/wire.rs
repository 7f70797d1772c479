//! How payloads stand in the chain: JSON without blanks, in the order of the fields; what is known by a name stands as its name.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::code::CertCode;
use crate::domain::ledger::case::{CaseId, CaseKind, CaseState, Item, ReissueCause};
use crate::domain::ledger::event::{DatedEvent, Thing};
use crate::domain::ledger::printed::Medium;
use crate::domain::ledger::share::ShareId;
use crate::domain::ledger::stock::{BlankKind, BlankState, CountId, DemandYear};
use crate::domain::ledger::{BatchId, SeriesKey, Status};
use crate::domain::roster::RowId;

/// Writes one side of an entry; nothing is no text.
pub(super) fn written(side: &impl Serialize) -> String {
    let text = serde_json::to_string(side).unwrap_or_default();
    if text == "null" { String::new() } else { text }
}

pub(super) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(if text.is_empty() { "null" } else { text }).ok()
}

/// What an entry may be about, as its text has it.
pub trait Object: Sized {
    fn written(&self) -> String;
    fn read(text: &str) -> Option<Self>;
}

/// The prefix of an institution (机构备案号).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(pub String);

/// The ledger as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TheLedger;

/// The audit chain itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TheChain;

/// What holds for everybody who works in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TheSite;

/// What an entry is about, where that may be several things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Batch(BatchId),
    Certificate(CertCode),
    Series(SeriesKey),
    Ledger,
    /// As it was named.
    Other(String),
}

/// What personal data is shown whole of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnmaskedObject {
    Batch(BatchId),
    Row(BatchId, RowId),
    Certificate(CertCode),
    Case(CaseId),
    /// The facts of a thing.
    Facts(Thing),
    /// The list of cases.
    Cases,
    /// What is kept of an institution, by its prefix.
    Institution(String),
    Ledger,
    /// The audit chain, or what it says of an object as somebody named it.
    Chain(Option<String>),
}

impl UnmaskedObject {
    /// Gives what the entry about it names.
    pub fn subject(&self) -> Subject {
        match self {
            UnmaskedObject::Batch(batch) => Subject::Batch(*batch),
            UnmaskedObject::Row(batch, row) => Subject::Other(format!("{} {row}", batch.written())),
            UnmaskedObject::Certificate(code) => Subject::Certificate(*code),
            UnmaskedObject::Case(case) => Subject::Other(case.written()),
            UnmaskedObject::Facts(thing) => Subject::named(&thing.to_string()),
            UnmaskedObject::Cases => Subject::Other("case".to_string()),
            UnmaskedObject::Institution(prefix) => Subject::named(&format!("institution:{prefix}")),
            UnmaskedObject::Ledger => Subject::Ledger,
            UnmaskedObject::Chain(None) => Subject::Other(TheChain.written()),
            UnmaskedObject::Chain(Some(name)) => Subject::named(name),
        }
    }
}

macro_rules! objects {
    ($($kind:literal $object:ty: |$of:ident| $write:expr, |$text:ident| $read:expr;)*) => {$(
        impl Object for $object {
            fn written(&self) -> String {
                let $of = self;
                format!(concat!($kind, ":{}"), $write)
            }

            fn read(text: &str) -> Option<Self> {
                let $text = text.strip_prefix(concat!($kind, ":"))?;
                $read
            }
        }
    )*};
}

objects! {
    "batch" BatchId: |batch| batch.0, |text| text.parse().ok().map(BatchId);
    "case" CaseId: |case| case.0, |text| text.parse().ok().map(CaseId);
    "series" SeriesKey: |key| key, |text| SeriesKey::read(text);
    "certificate" CertCode: |code| code, |text| CertCode::new(text);
    "stock" BlankKind: |kind| kind.key(), |text| BlankKind::read(text);
    "count" CountId: |count| count.0, |text| text.parse().ok().map(CountId);
    "demand" DemandYear: |year| year.0, |text| text.parse().ok().map(DemandYear);
    "share" ShareId: |share| share.0, |text| text.parse().ok().map(ShareId);
    "institution" Prefix: |prefix| prefix.0, |text| Some(Prefix(text.to_string()));
}

impl Object for Thing {
    fn written(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Thing> {
        Thing::read(text)
    }
}

impl Object for TheLedger {
    fn written(&self) -> String {
        "ledger".to_string()
    }

    fn read(text: &str) -> Option<TheLedger> {
        (text == "ledger").then_some(TheLedger)
    }
}

impl Object for TheChain {
    fn written(&self) -> String {
        "audit".to_string()
    }

    fn read(text: &str) -> Option<TheChain> {
        (text == "audit").then_some(TheChain)
    }
}

impl Object for TheSite {
    fn written(&self) -> String {
        "site".to_string()
    }

    fn read(text: &str) -> Option<TheSite> {
        (text == "site").then_some(TheSite)
    }
}

impl Subject {
    /// Takes what an entry is about as it is named.
    pub fn named(text: &str) -> Subject {
        let known = (BatchId::read(text).map(Subject::Batch))
            .or_else(|| CertCode::read(text).map(Subject::Certificate))
            .or_else(|| <SeriesKey as Object>::read(text).map(Subject::Series))
            .or_else(|| TheLedger::read(text).map(|_| Subject::Ledger));
        // A number that is written in another way than ours is no batch of ours.
        known.filter(|known| known.written() == text).unwrap_or_else(|| Subject::Other(text.to_string()))
    }
}

impl Object for Subject {
    fn written(&self) -> String {
        match self {
            Subject::Batch(batch) => batch.written(),
            Subject::Certificate(code) => code.written(),
            Subject::Series(key) => key.written(),
            Subject::Ledger => TheLedger.written(),
            Subject::Other(text) => text.clone(),
        }
    }

    fn read(text: &str) -> Option<Subject> {
        Some(Subject::named(text))
    }
}

/// What is known by a name stands as it.
macro_rules! by_name {
    ($($kind:ty: $write:ident, $read:path;)*) => {$(
        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.$write())
            }
        }

        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$kind, D::Error> {
                let name = String::deserialize(deserializer)?;
                $read(&name).ok_or_else(|| D::Error::custom(concat!("no ", stringify!($kind))))
            }
        }
    )*};
}

by_name! {
    CertCode: as_str, CertCode::new;
    SeriesKey: as_str, SeriesKey::read;
    Status: key, Status::read;
    CaseKind: key, CaseKind::read;
    CaseState: key, CaseState::read;
    ReissueCause: key, ReissueCause::read;
    Item: key, Item::read;
    DatedEvent: key, DatedEvent::read;
    BlankKind: key, BlankKind::read;
    BlankState: key, BlankState::read;
    Medium: key, Medium::read;
}

/// A JSON object whose keys keep the order they were put in.
#[derive(Clone, PartialEq, Eq)]
pub struct Pairs<K, V>(pub Vec<(K, V)>);

impl<K, V> fmt::Debug for Pairs<K, V> {
    // Personal data stands in it: an error text or a log must not show it by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ..", self.0.len())
    }
}

impl<K: Serialize, V: Serialize> Serialize for Pairs<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        map.end()
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Pairs<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs<K, V>, D::Error> {
        struct All<K, V>(PhantomData<(K, V)>);

        impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for All<K, V> {
            type Value = Pairs<K, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs<K, V>, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(All(PhantomData))
    }
}

/// A day that may be none: an empty text then.
pub(super) mod day_or_empty {
    use chrono::NaiveDate;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    // The signature that serde asks for.
    #[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)]
    pub fn serialize<S: Serializer>(day: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&day.map(|day| day.to_string()).unwrap_or_default())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(D::Error::custom) }
    }
}

/// What a profile was chosen by. It is told and decides nothing: a word of a later version says nothing here.
pub(super) mod chosen_by {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::domain::profile_choice::ChosenBy;

    // The signature that serde asks for.
    #[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)]
    pub fn serialize<S: Serializer>(by: &Option<ChosenBy>, serializer: S) -> Result<S::Ok, S::Error> {
        by.map(ChosenBy::key).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ChosenBy>, D::Error> {
        let word = Option::<String>::deserialize(deserializer)?;
        Ok(word.as_deref().and_then(ChosenBy::read))
    }
}

/// What the cells of a column look like. It is told and decides nothing: a word of a later version says nothing here.
pub(super) mod looks {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::domain::sheet::Looks;

    // The signature that serde asks for.
    #[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)]
    pub fn serialize<S: Serializer>(looks: &Option<Looks>, serializer: S) -> Result<S::Ok, S::Error> {
        looks.map(Looks::key).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Looks>, D::Error> {
        let word = Option::<String>::deserialize(deserializer)?;
        Ok(word.as_deref().and_then(Looks::read))
    }
}

/// The end of a chain as exports print it.
pub(super) mod printed_head {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::domain::ledger::audit::Head;

    pub fn serialize<S: Serializer>(head: &Head, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(head)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Head, D::Error> {
        Head::read(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("no end of a chain"))
    }
}

//! Facts in the user's words: what they are called, what their values say, what is wrong with one.

use super::{Lang, Locale};
use crate::domain::fact::{AttachedFile, FactDef, FactFault, FactLack, FactType, LackKind, Strength};
use crate::domain::text;

/// Gives what a choice is called in every language, so that whoever types it need not know in which one it is shown.
pub fn choice_words(key: &str) -> Vec<String> {
    Lang::ALL.into_iter().filter_map(|lang| Locale::load(lang).find(&choice_key(key)).map(String::from)).collect()
}

fn choice_key(key: &str) -> String {
    format!("fact.choice.{key}")
}

impl Locale {
    /// Names a fact.
    pub fn fact_label(&self, def: &FactDef) -> String {
        match &def.label {
            Some([zh, en]) => text::visible(if self.lang == Lang::Zh { zh } else { en }).into_owned(),
            None => self.text(&format!("fact.name.{}", def.id)).to_string(),
        }
    }

    /// Gives a choice in words; one that no table names is its own word.
    pub fn fact_choice(&self, choice: &str) -> String {
        self.find(&choice_key(choice)).map_or_else(|| text::visible(choice).into_owned(), String::from)
    }

    /// Gives the value of a fact in words, whole or masked, safe to show.
    pub fn fact_value(&self, def: &FactDef, value: &str, masked: bool) -> String {
        let shown = match (def.kind, AttachedFile::read(value)) {
            (FactType::Choice | FactType::YesNo, _) => return self.fact_choice(value),
            (FactType::File, Some(file)) => file.path,
            _ if masked => def.masked(value),
            _ => value.to_string(),
        };
        text::visible(&shown).into_owned()
    }

    pub fn fact_type(&self, kind: FactType) -> &str {
        self.text(match kind {
            FactType::Text => "fact.type.text",
            FactType::Date => "fact.type.date",
            FactType::Number => "fact.type.number",
            FactType::Year => "fact.type.year",
            FactType::Choice => "fact.type.choice",
            FactType::YesNo => "fact.type.yes-no",
            FactType::Telephone => "fact.type.telephone",
            FactType::CreditCode => "fact.type.credit-code",
            FactType::File => "fact.type.file",
        })
    }

    /// Lists what may be chosen, in words; nothing of what is not chosen.
    pub fn fact_choices(&self, def: &FactDef) -> Vec<String> {
        match def.kind {
            FactType::YesNo => ["yes", "no"].map(|choice| self.fact_choice(choice)).to_vec(),
            _ => def.choices.iter().map(|choice| self.fact_choice(choice)).collect(),
        }
    }

    /// Lists what may be chosen as one text; a choice that holds what stands between them is quoted.
    pub fn fact_choices_told(&self, def: &FactDef, between: &str) -> String {
        let is_unclear = |choice: &String| choice.contains(between.trim());
        let quoted = |choice: String| {
            if is_unclear(&choice) { self.fill("fact.quoted", &[("choice", &choice)]) } else { choice }
        };
        self.fact_choices(def).into_iter().map(quoted).collect::<Vec<_>>().join(between)
    }

    /// Says why a text is no value of a fact.
    pub fn fact_fault(&self, def: &FactDef, fault: &FactFault) -> String {
        let label = self.fact_label(def);
        let choices = self.fact_choices_told(def, self.text("finding.comma"));
        let (most, has, sign) = match fault {
            FactFault::TooLong { most, has } => (most.to_string(), has.to_string(), String::new()),
            FactFault::Hidden(c) => (String::new(), String::new(), format!("U+{:04X}", u32::from(*c))),
            FactFault::CreditCheck(due) => (String::new(), String::new(), due.to_string()),
            _ => Default::default(),
        };
        let places = [("fact", &*label), ("most", &most), ("has", &has), ("sign", &sign), ("choices", &choices)];
        self.fill(&format!("fact.fault.{}", fault.key()), &places)
    }

    /// Says what is missing or disagrees; the clause stands with it.
    pub fn fact_lack(&self, def: &FactDef, lack: &FactLack) -> String {
        let must = match &lack.what {
            LackKind::Other { must } => self.fact_choice(must),
            _ => String::new(),
        };
        let (years, category) = match &lack.what {
            LackKind::OtherYear { years } => {
                (years.iter().map(|year| format!("20{year:02}")).collect::<Vec<_>>().join(" "), String::new())
            }
            LackKind::NotAmong { category } => (String::new(), category.to_string()),
            LackKind::AfterIssued(issued) => (issued.to_string(), String::new()),
            LackKind::Missing | LackKind::Other { .. } => Default::default(),
        };
        let places = [
            ("fact", &*self.fact_label(def)),
            ("clause", &lack.clause),
            ("years", &years),
            ("category", &category),
            ("must", &must),
        ];
        self.fill(&format!("fact.lack.{}", lack.what.key()), &places)
    }

    pub fn fact_strength(&self, strength: Strength) -> &str {
        self.text(match strength {
            Strength::Ask => "fact.strength.ask",
            Strength::Warn => "fact.strength.warn",
            Strength::Refuse => "fact.strength.refuse",
        })
    }
}

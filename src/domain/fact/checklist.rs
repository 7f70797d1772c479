//! Checklists (材料清单): what is handed in, on paper and as files; what is ready is ticked, and a tick is a fact.

use serde::Deserialize;

use super::{FactDef, FactType, ThingKind};
use crate::domain::vocabulary::vocabulary;

/// What stands between the parts of the id of a tick: `papers.notice.pdf`.
pub const TICK_SIGN: char = '.';

/// The last part of the id of the file behind a tick.
const FILE: &str = "file";

vocabulary! {
    /// In which form something is handed in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum PaperForm {
        Paper = "paper",
        Pdf = "pdf",
        Word = "word",
        Excel = "excel",
        /// Nothing is handed in: it must be so.
        Met = "met",
    }
}

/// A list of what a notice wants of a thing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    pub id: String,
    pub of: ThingKind,
    pub name: String,
    pub name_en: String,
    /// To whom it is handed in; several where the notice names several.
    #[serde(default)]
    pub to: Vec<String>,
    #[serde(default)]
    pub to_en: Vec<String>,
    /// How many copies on paper.
    #[serde(default = "one")]
    pub copies: u32,
    /// Only for institutions of a category: position 1 of the codes.
    #[serde(default)]
    pub category: String,
    pub item: Vec<ChecklistItem>,
    pub clause: String,
}

/// Something that is on a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    pub id: String,
    pub name: String,
    pub name_en: String,
    /// In which forms it is handed in.
    pub forms: Vec<PaperForm>,
}

fn one() -> u32 {
    1
}

impl PaperForm {
    /// Tells whether there is a file on disk.
    pub fn is_file(self) -> bool {
        !matches!(self, PaperForm::Paper | PaperForm::Met)
    }
}

impl Checklist {
    /// Gives the id of the fact that is a tick.
    pub fn tick(&self, item: &ChecklistItem, form: PaperForm) -> String {
        [&*self.id, &item.id, form.key()].join(&TICK_SIGN.to_string())
    }

    /// Gives the id of the fact that is the file behind a tick.
    pub fn file(&self, item: &ChecklistItem, form: PaperForm) -> String {
        format!("{}{TICK_SIGN}{FILE}", self.tick(item, form))
    }

    /// Lists the facts that its ticks are.
    pub fn facts(&self) -> impl Iterator<Item = FactDef> + '_ {
        let def = |id: String, item: &ChecklistItem, kind: FactType, form: PaperForm| FactDef {
            label: Some([&item.name, &item.name_en].map(|name| format!("{name} ({})", form.key()))),
            id,
            of: self.of,
            kind,
            most: usize::MAX,
            choices: Vec::new(),
            personal: None,
        };
        let of_form = move |(item, form): (&ChecklistItem, PaperForm)| {
            let tick = def(self.tick(item, form), item, FactType::YesNo, form);
            let file = form.is_file().then(|| def(self.file(item, form), item, FactType::File, form));
            std::iter::once(tick).chain(file)
        };
        let forms = |item| std::iter::repeat(item).zip(item_forms(item));
        self.item.iter().flat_map(forms).flat_map(of_form)
    }
}

fn item_forms(item: &ChecklistItem) -> impl Iterator<Item = PaperForm> + use<> {
    item.forms.clone().into_iter()
}

//! Reshaping columns (拆分合并): one column into two, two into one, and what stands before, behind or in what width of letters.
//!
//! What comes of it are edits for one change, told by what becomes of which value. Nothing is guessed: rows of which it is not
//! plain what they should be are left and listed.

mod cut;
mod plan;

use std::borrow::Cow;
use std::sync::Arc;

pub use cut::{Separator, Uncut};
pub use plan::Reshaped;

use super::batch::{Batch, ColumnMask};
use super::replace::{MaskedValue, Replaced};
use super::roster::CellSource;
use super::sheet::{CalledNames, Field};
use super::text;
use super::vocabulary::vocabulary;

vocabulary! {
    /// What is done to columns.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ReshapeAct {
        /// One column into two (分列).
        Split = "split",
        /// Two columns into one (合并).
        Join = "join",
        /// A text before what stands there.
        Prefix = "prefix",
        /// A text behind it.
        Suffix = "suffix",
        StripPrefix = "strip-prefix",
        StripSuffix = "strip-suffix",
        Upper = "upper",
        Lower = "lower",
        HalfWidth = "half-width",
        FullWidth = "full-width",
    }
}

impl ReshapeAct {
    /// Tells whether it takes a text; one that parts two columns may be empty.
    pub fn takes_text(self) -> bool {
        !matches!(self, ReshapeAct::Upper | ReshapeAct::Lower | ReshapeAct::HalfWidth | ReshapeAct::FullWidth)
    }

    fn is_of_two(self) -> bool {
        matches!(self, ReshapeAct::Split | ReshapeAct::Join)
    }
}

vocabulary! {
    /// Why nothing can be reshaped so.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ReshapeFault {
        NoColumn = "no-column",
        OneColumn = "one-column",
        TwoColumns = "two-columns",
        /// The column for the second part is not named.
        Into = "into",
        /// A column that the form does not have is cut into two others.
        IntoTwo = "into-two",
        /// A column that the form does not have cannot hold anything.
        Aside = "aside",
        /// A column stands twice.
        Same = "same",
        /// There is no text to put there or to take off.
        Text = "text",
        /// What is done takes no text.
        NoText = "no-text",
        /// What is done stays in its columns.
        NoInto = "no-into",
    }
}

/// What is done to which columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reshaping {
    act: ReshapeAct,
    from: Vec<CellSource>,
    /// Where the first and the second part go, or both together.
    into: Vec<Field>,
    text: String,
    also_filled: bool,
}

impl Reshaping {
    /// Says what is done. The first part of a column that is cut stays in it where nothing else is said; two columns become one in
    /// the first of them.
    pub fn new(
        act: ReshapeAct,
        from: Vec<CellSource>,
        into: Vec<Field>,
        text: &str,
        also_filled: bool,
    ) -> Result<Reshaping, ReshapeFault> {
        let fault = |is_so: bool, fault: ReshapeFault| if is_so { Err(fault) } else { Ok(()) };
        fault(from.is_empty(), ReshapeFault::NoColumn)?;
        fault((1..from.len()).any(|at| from[..at].contains(&from[at])), ReshapeFault::Same)?;
        fault(!act.takes_text() && !text.is_empty(), ReshapeFault::NoText)?;
        let into = match (act, &from[..], &into[..]) {
            (ReshapeAct::Split, [CellSource::Field(field)], [second]) => vec![*field, *second],
            (ReshapeAct::Split, [CellSource::Aside(_)], [_]) => return Err(ReshapeFault::IntoTwo),
            (ReshapeAct::Split, [_], [_, _]) => into,
            (ReshapeAct::Split, [_], _) => return Err(ReshapeFault::Into),
            (ReshapeAct::Split, ..) => return Err(ReshapeFault::OneColumn),
            (ReshapeAct::Join, [CellSource::Field(field), _], []) => vec![*field],
            (ReshapeAct::Join, [CellSource::Aside(_), _], []) => return Err(ReshapeFault::Aside),
            (ReshapeAct::Join, [_, _], [_]) => into,
            (ReshapeAct::Join, [_, _], _) => return Err(ReshapeFault::NoInto),
            (ReshapeAct::Join, ..) => return Err(ReshapeFault::TwoColumns),
            (_, from, []) => {
                let field = |source: &CellSource| match source {
                    CellSource::Field(field) => Ok(*field),
                    CellSource::Aside(_) => Err(ReshapeFault::Aside),
                };
                fault(act.takes_text() && text.is_empty(), ReshapeFault::Text)?;
                from.iter().map(field).collect::<Result<_, _>>()?
            }
            _ => return Err(ReshapeFault::NoInto),
        };
        fault((1..into.len()).any(|at| into[..at].contains(&into[at])), ReshapeFault::Same)?;
        Ok(Reshaping { act, from, into, text: text.to_string(), also_filled })
    }

    pub fn act(&self) -> ReshapeAct {
        self.act
    }

    pub fn from(&self) -> &[CellSource] {
        &self.from
    }

    pub fn into(&self) -> &[Field] {
        &self.into
    }

    /// Tells whether cells that hold something else are written over.
    pub fn also_filled(&self) -> bool {
        self.also_filled
    }
}

/// How what becomes of values is told: by the mask of the column they go to, and of that they come from where that hides more.
#[derive(Debug, Clone)]
pub struct ReshapeMasks {
    columns: Vec<ColumnMask>,
    sources: Vec<SourceMask>,
}

#[derive(Debug, Clone)]
enum SourceMask {
    Field(Field),
    /// A column of which nobody knows what it holds: what people of the roster are called is masked in it.
    Aside(Arc<CalledNames>),
}

impl ReshapeMasks {
    pub fn of(reshaping: &Reshaping, batch: &Batch) -> ReshapeMasks {
        let mask = |source: &CellSource| match source {
            CellSource::Field(field) => field.is_personal().then_some(SourceMask::Field(*field)),
            CellSource::Aside(_) => Some(SourceMask::Aside(Arc::new(batch.called_names()))),
        };
        let sources = if reshaping.act.is_of_two() { &reshaping.from[..] } else { &[] };
        let mut fields = reshaping.into.clone();
        fields.extend(reshaping.from.iter().filter_map(|source| match source {
            CellSource::Field(field) => Some(*field),
            CellSource::Aside(_) => None,
        }));
        fields.sort_unstable();
        fields.dedup();
        ReshapeMasks {
            columns: fields.into_iter().map(|field| batch.column_mask(field)).collect(),
            sources: sources.iter().filter_map(mask).collect(),
        }
    }

    /// Masks what goes into a column: what is somebody's name or number in its own column stays so in another. A column that is
    /// shown in full shows what else comes into it.
    pub fn shown(&self, field: Field, after: &str) -> String {
        let masked = |text: String, mask: &SourceMask| match mask {
            SourceMask::Field(own) => own.masked(&text),
            // As among employers, what is a number there is somebody's.
            SourceMask::Aside(called) => called.masked(&Field::Employer.masked(&text)),
        };
        let own = if field.masks(after) { field.masked(after) } else { after.to_string() };
        text::visible(&self.sources.iter().fold(own, masked)).into_owned()
    }

    /// Tells the values masked; those that look alike then are one.
    pub fn told(&self, replaced: &Replaced) -> Vec<MaskedValue> {
        replaced.masked_by(|value| {
            let mask = self.columns.iter().find(|mask| mask.is_of(value.field));
            match mask {
                Some(mask) if self.sources.is_empty() || value.field.is_personal() => {
                    mask.change(&value.before, &value.after, value.cells)
                }
                mask => {
                    let before =
                        mask.map_or(Cow::Borrowed(&*value.before), |mask| mask.shown(&value.before, value.cells));
                    [text::visible(&before).into_owned(), self.shown(value.field, &value.after)].into()
                }
            }
        })
    }
}

//! Which values fit what is typed: by their text, or by how they sound where there are not too many.

use crate::domain::lookup::{LookupQuery, SearchKey};
use crate::domain::sound::Spellings;
use crate::domain::text;
use crate::domain::values::{ColumnValues, ValueOrder};

/// Of more values only the text is looked at: how they sound takes long to work out, and nobody pages through them.
const SPELLED: usize = 50_000;

/// How the values of a column are found.
#[derive(Debug, Default)]
pub struct Narrowing {
    keys: Vec<SearchKey>,
    spellings: Spellings,
    /// The places of all values in each order: to sort very many takes longer than a key may wait.
    orders: [Vec<usize>; 3],
}

impl Narrowing {
    pub fn of(values: &ColumnValues) -> Narrowing {
        let mut spellings = Spellings::default();
        let all = values.all().iter().filter(|_| values.all().len() <= SPELLED);
        let keys = all.map(|value| SearchKey::new("", &value.text, "", &mut spellings)).collect();
        let orders = [ValueOrder::Rows, ValueOrder::Errors, ValueOrder::Text].map(|order| values.ordered(order));
        Narrowing { keys, spellings, orders }
    }

    /// Lists the places of all values in an order.
    pub(super) fn ordered(&self, order: ValueOrder) -> Vec<usize> {
        let [rows, errors, text] = &self.orders;
        match order {
            ValueOrder::Rows => rows,
            ValueOrder::Errors => errors,
            ValueOrder::Text => text,
        }
        .clone()
    }

    /// Keeps the places of values that fit; their order stays.
    pub(super) fn narrow(&self, values: &ColumnValues, places: &mut Vec<usize>, typed: &str) {
        let (query, half) = (LookupQuery::new(typed), typed.chars().map(text::half_width).collect::<String>());
        if query.is_empty() {
            return;
        }
        places.retain(|place| match self.keys.get(*place) {
            Some(key) => query.rank(key, &self.spellings).is_some(),
            None => [typed, &half].iter().any(|typed| values.all()[*place].text.contains(*typed)),
        });
    }
}

//! A list of names that texts are compared with, such as the user's occupations, and which of them somebody may have meant.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use super::sound::spelled;
use super::text;

/// So many names are offered in place of one that is not listed.
const OFFERED: usize = 3;

/// So many texts are remembered with the names near them: a roster has few, each of them often.
const REMEMBERED: usize = 4096;

/// A name and how many slips away it is.
type Near = (usize, String);

/// Names, each once.
#[derive(Debug, Default)]
pub struct NameList {
    names: HashSet<String>,
    near: Mutex<HashMap<String, Vec<Near>>>,
}

impl NameList {
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    pub fn insert(&mut self, name: String) {
        self.extend([name]);
    }

    /// Lists the names that somebody may have meant, the nearest first: written with other blanks, spoken alike, or with a
    /// slip or two.
    pub fn near(&self, typed: &str) -> Vec<String> {
        self.measured(typed).into_iter().map(|(_, name)| name).collect()
    }

    /// Gives the name that is nearer than all others; none where two are as near.
    pub fn nearest(&self, typed: &str) -> Option<String> {
        let mut near = self.measured(typed).into_iter();
        let (slips, nearest) = near.next()?;
        near.next().is_none_or(|(more, _)| slips < more).then_some(nearest)
    }

    fn measured(&self, typed: &str) -> Vec<Near> {
        if let Some(known) = self.remembered().get(typed) {
            return known.clone();
        }
        let typed_tidy = text::compact(typed);
        let sound = spelled(&typed_tidy);
        let length = typed_tidy.chars().count();
        let most = if length <= 4 { 1 } else { 2 };
        let distance = |name: &String| {
            if most < name.chars().count().abs_diff(length) {
                return None;
            }
            let slips = strsim::levenshtein(&typed_tidy, name);
            let is_alike = || name.chars().count() == length && spelled(name) == sound;
            (slips <= most || is_alike()).then(|| (slips, name.clone()))
        };
        let mut near: Vec<Near> = self.names.iter().filter_map(distance).collect();
        near.sort_unstable();
        near.truncate(OFFERED);
        let mut remembered = self.remembered();
        if remembered.len() < REMEMBERED {
            remembered.insert(typed.to_string(), near.clone());
        }
        near
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<String, Vec<Near>>> {
        self.near.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Extend<String> for NameList {
    fn extend<T: IntoIterator<Item = String>>(&mut self, names: T) {
        self.names.extend(names.into_iter().filter(|name| !name.is_empty()));
        self.remembered().clear();
    }
}

impl FromIterator<String> for NameList {
    fn from_iter<T: IntoIterator<Item = String>>(names: T) -> NameList {
        let mut list = NameList::default();
        list.extend(names);
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_what_was_meant_and_nothing_far() {
        let list: NameList = ["焊工", "电工", "汽车维修工", "电气焊工", "汽车机械维修工", "茶艺师"]
            .map(String::from)
            .into_iter()
            .collect();
        assert_eq!(list.near("焊 工")[0], "焊工");
        assert_eq!(list.near("汽車维修工")[0], "汽车维修工");
        assert_eq!(list.near("电汽焊工"), ["电气焊工"]);
        assert_eq!(list.near("茶艺师傅"), ["茶艺师"]);
        assert_eq!(list.nearest("焊 工").as_deref(), Some("焊工"));
        assert_eq!(list.nearest("钳工"), None, "焊工 and 电工 are as near");
        assert_eq!(list.near("无人机驾驶员"), [""; 0]);
        assert!(list.contains("焊工") && !list.contains("焊 工") && !list.contains(""));
    }
}

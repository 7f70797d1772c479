//! Values that mean the same (相近的写法): groups of them, each with the form that is proposed for all.
//!
//! Nothing is merged here: a group is a question that somebody answers once for all its rows. What may be another body is kept
//! apart and said: names that differ by the form of a company alone.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, Hash};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::places::Places;
use crate::domain::sheet::Field;
use crate::domain::sound;
use crate::domain::spelling::{Letters, Spellings};
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

/// Names of fewer letters are not compared by slips: 电工 and 焊工 differ by one.
const SHORT: usize = 4;

/// From so many letters on two may be others.
const LONG: usize = 8;

/// In longer names one letter may be left out only: the ways to leave out two grow with the square.
const LONGEST: usize = 32;

/// With so many of the best names that may be meant a name is compared; a column of names that are all alike has no more groups.
const COMPARED: usize = 8;

vocabulary! {
    /// Who says that a name is right, the best first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Standing {
        /// It is on record in the institution registry.
        Registry = "registry",
        /// Certificates of the ledger have it.
        Ledger = "ledger",
        /// Most rows of the roster have it.
        Rows = "rows",
        /// As many rows as another, and it is the plainer one.
        Plainer = "plainer",
    }
}

/// Values that mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueGroup {
    /// The form that is proposed.
    pub proposed: Arc<str>,
    pub by: Standing,
    /// The values of the roster, most rows first; the proposed one is among them where the roster has it.
    pub values: Vec<(Arc<str>, u32)>,
    /// Values that differ from it by the form of a company alone.
    pub kept_apart: Vec<(Arc<str>, u32)>,
}

impl ValueGroup {
    /// Counts the rows that are written otherwise than is proposed.
    pub fn rows(&self) -> u32 {
        self.values.iter().filter(|(text, _)| *text != self.proposed).map(|(_, rows)| rows).sum()
    }

    /// Counts the rows that have a form, none where it comes from elsewhere.
    pub fn rows_of(&self, form: &str) -> u32 {
        self.values.iter().find(|(text, _)| &**text == form).map_or(0, |(_, rows)| *rows)
    }
}

/// Tells whether values of a column may be spellings of one another: neither of persons nor of numbers.
pub fn has_spellings(field: Field) -> bool {
    use Field::{ContestClass, Employer, Institution, IssuingBody, Occupation, WorkType};
    matches!(field, Employer | Occupation | WorkType | Institution | IssuingBody | ContestClass)
}

/// Texts that differ by signs, width, blanks, old characters, and by what one writes and another leaves out.
struct Class<'a> {
    /// The texts with their rows, and who says that they are right; the best first.
    texts: Vec<(&'a Arc<str>, u32, Standing)>,
    core: Letters,
    /// The form of a company, and the hash of what is left without it.
    form: Option<usize>,
    bare: u64,
    /// The hash of the letters that are never a slip, with the form.
    telling: u64,
    /// The places that it begins with, and the hash of what is left behind these; none for little.
    places: Vec<u32>,
    behind: u64,
    rows: u32,
}

impl Class<'_> {
    fn standing(&self) -> Standing {
        self.texts.first().map_or(Standing::Rows, |(.., by)| *by)
    }
}

/// Finds the groups among values with their rows and names that are known to be right; `None` where `stop` says so on the way.
/// The groups with most rows to write anew come first.
pub fn value_groups(
    values: &[(Arc<str>, u32)],
    known: &[(Arc<str>, Standing)],
    (spellings, places): (&Spellings, &Places),
    stop: &dyn Fn() -> bool,
) -> Option<Vec<ValueGroup>> {
    let mut classes = classes(values, known, spellings);
    for class in &mut classes {
        let letters = spellings.letters(class.texts[0].0);
        let (found, taken) = places.of(&letters);
        let behind = spellings.core(&letters.behind(taken));
        (class.places, class.behind) = (found, if SHORT <= behind.as_slice().len() { hash(&behind) } else { 0 });
    }
    classes.sort_by(|a, b| {
        let rank = |class: &Class| (class.standing(), Reverse(class.rows));
        rank(a).cmp(&rank(b)).then_with(|| plain(a.texts[0].0).cmp(&plain(b.texts[0].0)))
    });
    let near = neighbours(&classes, spellings, stop)?;
    let of_group = gather(&classes, &near);
    let mut by_bare: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, class) in classes.iter().enumerate() {
        by_bare.entry(class.bare).or_default().push(at);
    }
    let mut groups: Vec<ValueGroup> = Vec::new();
    for (at, members) in of_group.iter().enumerate().filter(|(_, members)| !members.is_empty()) {
        let (proposed, _, mut by) = classes[at].texts[0];
        let values = listed(members.iter().map(|n| &classes[*n]));
        if values.iter().all(|(text, _)| text == proposed) {
            continue;
        }
        let others = by_bare[&classes[at].bare].iter().filter(|n| classes[**n].form != classes[at].form);
        let kept_apart = listed(others.map(|n| &classes[*n]));
        let rows = |text: &Arc<str>| values.iter().find(|(value, _)| value == text).map_or(0, |(_, rows)| *rows);
        let most = rows(proposed);
        let is_tie = by == Standing::Rows && values.iter().any(|(text, rows)| text != proposed && *rows == most);
        if is_tie {
            by = Standing::Plainer;
        }
        groups.push(ValueGroup { proposed: Arc::clone(proposed), by, values, kept_apart });
    }
    groups.sort_by(|a, b| b.rows().cmp(&a.rows()).then_with(|| a.proposed.cmp(&b.proposed)));
    Some(groups)
}

/// Lists the texts that the roster has of some classes, most rows first.
fn listed<'a>(classes: impl Iterator<Item = &'a Class<'a>>) -> Vec<(Arc<str>, u32)> {
    let texts = classes.flat_map(|class| &class.texts).filter(|(_, rows, _)| *rows != 0);
    let mut all: Vec<(Arc<str>, u32)> = texts.map(|(text, rows, _)| (Arc::clone(text), *rows)).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}

/// Orders spellings of one name: those with fewest blanks, then with fewest signs that are no 汉字 go first.
fn plain(text: &Arc<str>) -> (usize, usize, &Arc<str>) {
    let blanks = text.chars().filter(|c| text::is_blank(*c)).count();
    (blanks, text.chars().filter(|c| !text::is_han(*c)).count(), text)
}

/// Names with the number of their rows that differ by the form of a company alone, set by set.
pub type KeptApart = Vec<Vec<(Arc<str>, u32)>>;

/// Lists what no group has of such names: somebody has to know that there are two.
pub fn kept_apart(values: &[(Arc<str>, u32)], groups: &[ValueGroup], spellings: &Spellings) -> KeptApart {
    let classes = classes(values, &[], spellings);
    let told: HashSet<&str> = groups.iter().flat_map(|group| &group.kept_apart).map(|(text, _)| &**text).collect();
    let mut by_bare: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, class) in classes.iter().enumerate() {
        by_bare.entry(class.bare).or_default().push(at);
    }
    let is_apart = |same: &Vec<usize>| same.iter().any(|at| classes[*at].form != classes[same[0]].form);
    let mut apart: KeptApart = by_bare
        .values()
        .filter(|same| is_apart(same))
        .map(|same| listed(same.iter().map(|at| &classes[*at])))
        .filter(|all| !all.iter().any(|(text, _)| told.contains(&**text)))
        .collect();
    apart.sort();
    apart
}

/// Puts texts into classes.
fn classes<'a>(
    values: &'a [(Arc<str>, u32)],
    known: &'a [(Arc<str>, Standing)],
    spellings: &Spellings,
) -> Vec<Class<'a>> {
    let mut standing: HashMap<&str, Standing> = HashMap::new();
    for (text, by) in known {
        let best = standing.entry(text).or_insert(*by);
        *best = (*best).min(*by);
    }
    let mut met: HashSet<&str> = values.iter().map(|(text, _)| &**text).collect();
    let others = known.iter().filter(|(text, _)| met.insert(text)).map(|(text, _)| (text, 0)).collect::<Vec<_>>();
    let mut places: HashMap<Letters, usize> = HashMap::new();
    let mut classes: Vec<Class> = Vec::new();
    for (text, rows) in values.iter().map(|(text, rows)| (text, *rows)).chain(others) {
        let letters = spellings.letters(text);
        if !letters.says_something() {
            continue;
        }
        let by = standing.get(&**text).copied().unwrap_or(Standing::Rows);
        let place = *places.entry(spellings.core(&letters)).or_insert_with_key(|core| {
            let (bare, form) = spellings.take_form(core);
            let telling: Vec<char> = bare.as_slice().iter().copied().filter(|c| spellings.tells_apart(*c)).collect();
            let telling = hash(&(telling, form));
            let (texts, places, behind) = (Vec::new(), Vec::new(), 0);
            classes.push(Class {
                texts,
                core: core.clone(),
                form,
                bare: hash(&bare),
                telling,
                places,
                behind,
                rows: 0,
            });
            classes.len() - 1
        });
        classes[place].texts.push((text, rows, by));
        classes[place].rows += rows;
    }
    for class in &mut classes {
        class.texts.sort_by(|a, b| a.2.cmp(&b.2).then_with(|| b.1.cmp(&a.1)).then_with(|| plain(a.0).cmp(&plain(b.0))));
    }
    classes
}

/// Puts each class to the nearest one that ranks before it and stands for a group; what the registry has stands for itself.
/// Gives the members by the class that stands for them.
fn gather(classes: &[Class], near: &[Vec<(usize, usize)>]) -> Vec<Vec<usize>> {
    let mut of_group: Vec<Vec<usize>> = vec![Vec::new(); classes.len()];
    for (at, class) in classes.iter().enumerate() {
        let before = near[at].iter().filter(|(other, _)| *other < at && !of_group[*other].is_empty());
        let centre = before.min_by_key(|(other, far)| (*far, *other)).map(|(other, _)| *other);
        match centre.filter(|_| class.standing() != Standing::Registry) {
            Some(centre) => of_group[centre].push(at),
            None => of_group[at].push(at),
        }
    }
    of_group
}

/// Lists for each class those that are a slip or two away or are spoken alike, with how far they are.
fn neighbours(classes: &[Class], spellings: &Spellings, stop: &dyn Fn() -> bool) -> Option<Vec<Vec<(usize, usize)>>> {
    let mut met: Vec<(u64, u32)> = Vec::new();
    let mut sounds: HashMap<char, u64> = HashMap::new();
    // How each is spoken; nothing for short ones, which are compared with none.
    let mut spoken_as = vec![0; classes.len()];
    for (at, class) in classes.iter().enumerate() {
        if at % 256 == 0 && stop() {
            return None;
        }
        let letters = class.core.as_slice();
        if letters.len() < SHORT {
            continue;
        }
        let sound = |c: &char| *sounds.entry(*c).or_insert_with(|| hash(&sound::spelled(&c.to_string())));
        let spoken: Vec<u64> = letters.iter().map(sound).collect();
        spoken_as[at] = hash(&spoken);
        met.push((hash(&(class.telling, spoken_as[at])), at as u32));
        left_out(letters, class.telling, spellings, |key| met.push((key, at as u32)));
    }
    met.sort_unstable();
    met.dedup();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for same in met.chunk_by(|a, b| a.0 == b.0).filter(|same| 1 < same.len()) {
        for (n, (_, a)) in same.iter().enumerate().take(COMPARED) {
            pairs.extend(same[n + 1..].iter().map(|(_, b)| (*a, *b)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut near = without_places(classes);
    for (n, (a, b)) in pairs.into_iter().enumerate() {
        if n % 1024 == 0 && stop() {
            return None;
        }
        let (a, b) = (a as usize, b as usize);
        let is_spoken_alike = spoken_as[a] == spoken_as[b];
        if let Some(far) = slips(&classes[a], &classes[b], is_spoken_alike, spellings) {
            near[b].push((a, far));
        }
    }
    Some(near)
}

/// Lists for each class those before it that differ by places at the beginning alone, which one of the two leaves out. Where names
/// with different places say the same behind these, nobody knows which of them one without any place is of.
fn without_places(classes: &[Class]) -> Vec<Vec<(usize, usize)>> {
    let mut near = vec![Vec::new(); classes.len()];
    let mut of_rest: Vec<(u64, usize)> =
        classes.iter().enumerate().filter(|(_, c)| c.behind != 0).map(|(at, c)| (c.behind, at)).collect();
    of_rest.sort_unstable();
    for same in of_rest.chunk_by(|a, b| a.0 == b.0).filter(|same| 1 < same.len()) {
        let places = |at: usize| &classes[at].places;
        let placed = || same.iter().map(|(_, at)| *at).filter(|at| !places(*at).is_empty());
        let is_settled =
            placed().next().is_none_or(|first| placed().all(|at| !Places::are_apart(places(first), places(at))));
        for (n, (_, a)) in same.iter().enumerate().take(COMPARED) {
            for (_, b) in &same[n + 1..] {
                let is_known = is_settled || !(places(*a).is_empty() || places(*b).is_empty());
                if is_known && Places::are_left_out(places(*a), places(*b)) {
                    near[*b].push((*a, 1));
                }
            }
        }
    }
    near
}

/// Tells how far two classes are from each other; `None` for too far.
fn slips(a: &Class, b: &Class, is_spoken_alike: bool, spellings: &Spellings) -> Option<usize> {
    if a.telling != b.telling || a.form != b.form || Places::are_apart(&a.places, &b.places) {
        return None;
    }
    // What differs by places alone is told by these.
    if a.behind != 0 && a.behind == b.behind && a.places != b.places {
        return None;
    }
    let (one, other) = (a.core.as_slice(), b.core.as_slice());
    let short = one.len().min(other.len());
    // In a short name two letters may be missing, but not be others.
    let is_two = LONG <= short || (SHORT < short && one.len().abs_diff(other.len()) == 2);
    let most = if is_two { 2 } else { 1 };
    spellings.distance(&a.core, &b.core, most).or_else(|| is_spoken_alike.then_some(most))
}

/// No place.
const NONE: usize = usize::MAX;

/// Gives keys of what is left without one letter or two: names with as many slips between them share one.
fn left_out(letters: &[char], telling: u64, spellings: &Spellings, mut key: impl FnMut(u64)) {
    let rest = |without: [usize; 2]| {
        let kept = letters.iter().enumerate().filter(|(at, _)| !without.contains(at));
        kept.fold(telling, |all, (_, c)| (all ^ u64::from(*c)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31))
    };
    key(rest([NONE, NONE]));
    let may_go: Vec<usize> = (0..letters.len()).filter(|at| !spellings.tells_apart(letters[*at])).collect();
    for (n, one) in may_go.iter().enumerate() {
        key(rest([*one, NONE]));
        if SHORT < letters.len() && letters.len() <= LONGEST {
            may_go[n + 1..].iter().for_each(|two| key(rest([*one, *two])));
        }
    }
}

fn hash(of: &impl Hash) -> u64 {
    FixedState::default().hash_one(of)
}

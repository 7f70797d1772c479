//! Long lists: a few pages around the cursor are held, the others are asked for again when they come into sight.

use std::collections::{BTreeMap, BTreeSet};

use super::request::{ListPage, PAGE, PageKey};

/// How many pages are held at least.
const KEPT: usize = 4;

/// So many lines are read on at once on the way to the end of a list.
const ON_THE_WAY: usize = 5_000;

/// Whether the cursor is on its way to the last line, which is known only once all before it were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Seek {
    #[default]
    Nothing,
    /// No further than so many lines at one go.
    End(usize),
    /// So many were read, and more follow.
    Stopped,
}

/// A list of any length of which a few pages are here.
#[derive(Debug)]
pub struct Paged<T> {
    pub at: usize,
    pub(super) seek: Seek,
    /// Where the second page begins, the third, and so on.
    keys: Vec<PageKey>,
    /// Up to which line each page reaches; a page may be short, or empty, although another follows.
    ends: Vec<usize>,
    held: BTreeMap<usize, Vec<T>>,
    /// Pages that are shown until they come again.
    stale: BTreeSet<usize>,
    /// Whether more follows behind the last page known of.
    more: bool,
    /// The page that was asked for.
    asked: usize,
}

impl<T> Default for Paged<T> {
    fn default() -> Paged<T> {
        Paged {
            at: 0,
            seek: Seek::Nothing,
            keys: Vec::new(),
            ends: Vec::new(),
            held: BTreeMap::new(),
            stale: BTreeSet::new(),
            more: true,
            asked: 0,
        }
    }
}

impl<T> Paged<T> {
    /// Gives a line that is here.
    pub fn get(&self, at: usize) -> Option<&T> {
        let page = self.page_of(at);
        self.held.get(&page)?.get(at - self.start(page))
    }

    /// Gives the line under the cursor.
    pub fn current(&self) -> Option<&T> {
        self.get(self.at)
    }

    /// Counts the lines the cursor may stand on: those known of, and the first of those that are not.
    pub fn count(&self) -> usize {
        let known = self.known().0;
        known + usize::from(self.more && known != 0)
    }

    /// Gives the lines known of and whether there may be more.
    pub fn known(&self) -> (usize, bool) {
        (self.start(self.ends.len()), self.more)
    }

    /// Counts the lines that are here.
    pub fn held(&self) -> usize {
        self.held.values().map(Vec::len).sum()
    }

    /// Tells whether the list is known to be empty.
    pub fn is_empty(&self) -> bool {
        self.known() == (0, false)
    }

    /// Has the cursor go to the last line, or no longer.
    pub(super) fn seek_end(&mut self, is_sought: bool) {
        self.seek = if is_sought && self.more { Seek::End(self.known().0 + ON_THE_WAY) } else { Seek::Nothing };
    }

    /// Tells once that it was not taken all the way.
    pub(super) fn take_stop(&mut self) -> bool {
        let is_stopped = self.seek == Seek::Stopped;
        if is_stopped {
            self.seek = Seek::Nothing;
        }
        is_stopped
    }

    /// Takes the cursor on to the end as far as that is known.
    fn go_on(&mut self) {
        let Seek::End(most) = self.seek else { return };
        let (known, more) = self.known();
        self.seek = match more {
            true if known < most => Seek::End(most),
            true => Seek::Stopped,
            false => Seek::Nothing,
        };
        // On the first line that is not here yet the next page is asked for.
        let last = if self.seek == Seek::Stopped { known } else { self.count() };
        self.at = last.saturating_sub(1);
    }

    /// Has what is here asked for anew; it stays in sight until it comes.
    pub fn renew(&mut self) {
        // Where a page has no lines, some may have come: the cursor never stands on it to ask for it.
        let empty = (0..self.ends.len()).filter(|page| self.is_without_lines(*page));
        self.stale = self.held.keys().copied().chain(empty).collect();
    }

    /// Gives where the page begins that must be asked for: the first of those in sight that is not here.
    pub fn wanted(&mut self, height: usize) -> Option<PageKey> {
        let height = height.max(1);
        let top = self.at / height * height;
        let (first, last) = (self.page_of(top), self.page_of(top + height - 1));
        let is_missing = |page: usize| {
            self.stale.contains(&page) || (!self.held.contains_key(&page) && !self.is_without_lines(page))
        };
        // The pages without a line before and behind those in sight would show there what has come to them.
        let above = (0..first).rev().take_while(|page| self.is_without_lines(*page)).count();
        let below = (last + 1..self.ends.len()).take_while(|page| self.is_without_lines(*page)).count();
        // What lies before it is asked for first: it says where the next page begins.
        let page = (first - above..=(last + below).min(self.keys.len())).find(|page| is_missing(*page))?;
        self.asked = page;
        Some(page.checked_sub(1).map_or_else(PageKey::default, |before| self.keys[before].clone()))
    }

    /// Takes the page that was asked for; the cursor stays on the line it was on where that is still among them.
    pub fn take(&mut self, rows: ListPage<T>, height: usize, is_same: impl Fn(&T, &T) -> bool) {
        let page = self.asked;
        let start = self.start(page);
        if self.page_of(self.at) == page
            && let Some(old) = self.current()
            && let Some(place) = rows.rows.iter().position(|row| is_same(row, old))
        {
            self.at = start + place;
        }
        let end = start + rows.rows.len();
        self.stale.remove(&page);
        // Behind a page that now ends elsewhere all is to be asked for again.
        if self.ends.get(page) != Some(&end) || self.keys.get(page) != rows.next.as_ref() {
            self.keys.truncate(page);
            self.ends.truncate(page);
            self.held.split_off(&(page + 1));
            self.stale.split_off(&(page + 1));
            self.more = rows.next.is_some();
            self.keys.extend(rows.next);
            self.ends.push(end);
        }
        self.held.insert(page, rows.rows);
        self.at = self.at.min(self.count().saturating_sub(1));
        self.go_on();
        let most = KEPT.max(height.div_ceil(PAGE) + 2);
        while most < self.held.len() {
            let furthest = self.held.keys().copied().max_by_key(|other| other.abs_diff(page));
            let Some(furthest) = furthest else { break };
            self.held.remove(&furthest);
        }
    }

    /// Gives the page a line is on; the one behind the last known for a line nothing is known of.
    fn page_of(&self, at: usize) -> usize {
        self.ends.partition_point(|end| *end <= at)
    }

    /// Tells whether a page that was here had no lines.
    fn is_without_lines(&self, page: usize) -> bool {
        self.ends.get(page).is_some_and(|end| *end == self.start(page))
    }

    /// Gives the first line of a page.
    fn start(&self, page: usize) -> usize {
        page.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of so many lines, page by page.
    fn page(of: usize, from: &PageKey) -> ListPage<usize> {
        let first = if from.0.is_empty() { 0 } else { from.0.parse().unwrap() };
        let last = (first + PAGE).min(of);
        ListPage { rows: (first..last).collect(), next: (last < of).then(|| PageKey(last.to_string())) }
    }

    fn fetch(list: &mut Paged<usize>, of: usize, height: usize) -> usize {
        let mut asked = 0;
        while let Some(from) = list.wanted(height) {
            list.take(page(of, &from), height, |a, b| a == b);
            asked += 1;
            assert!(asked < 20 + 2 * of.div_ceil(PAGE), "asks for ever");
        }
        asked
    }

    #[test]
    fn never_holds_more_than_a_few_pages() {
        for height in [1, 19, 50, 300] {
            let mut list = Paged::default();
            fetch(&mut list, 5_000_000, height);
            for _ in 0..400 {
                list.at = (list.at + height).min(list.count() - 1);
                fetch(&mut list, 5_000_000, height);
                assert_eq!(list.current(), Some(&list.at));
                assert!(list.held() <= PAGE * KEPT.max(height / PAGE + 3), "{}", list.held());
            }
            // And back to where it began, page by page.
            while list.at != 0 {
                list.at = list.at.saturating_sub(height);
                fetch(&mut list, 5_000_000, height);
                assert_eq!(list.current(), Some(&list.at));
            }
        }
    }

    #[test]
    fn the_cursor_goes_to_the_very_end_and_stops_on_the_way_of_a_long_one() {
        for of in [0, 3, 101, 150, 4_999] {
            let mut list = Paged::default();
            fetch(&mut list, of, 20);
            list.seek_end(true);
            list.at = list.count().saturating_sub(1);
            fetch(&mut list, of, 20);
            assert_eq!((list.at, list.known(), list.seek), (of.saturating_sub(1), (of, false), Seek::Nothing), "{of}");
            assert_eq!(list.current(), of.checked_sub(1).as_ref());
        }
        let mut list = Paged::default();
        fetch(&mut list, 8_000, 20);
        list.seek_end(true);
        list.at = list.count() - 1;
        fetch(&mut list, 8_000, 20);
        assert_eq!((list.seek, list.known().1, list.current().copied()), (Seek::Stopped, true, Some(list.at)));
        assert!(ON_THE_WAY <= list.at + 1, "{}", list.at);
        list.seek_end(true);
        list.at = list.count() - 1;
        fetch(&mut list, 8_000, 20);
        assert_eq!((list.seek, list.current()), (Seek::Nothing, Some(&7_999)));
        // Who goes elsewhere meanwhile is not taken along.
        let mut list = Paged::default();
        fetch(&mut list, 1_000, 20);
        list.seek_end(true);
        list.seek_end(false);
        list.at = 0;
        fetch(&mut list, 1_000, 20);
        assert_eq!(list.at, 0);
    }

    #[test]
    fn an_end_is_an_end_and_nothing_is_asked_twice() {
        for of in [0, 1, 49, 50, 51, 100, 120] {
            let mut list = Paged::default();
            fetch(&mut list, of, 20);
            for _ in 0..20 {
                list.at = (list.at + 20).min(list.count().saturating_sub(1));
                fetch(&mut list, of, 20);
            }
            assert_eq!((list.count(), list.known(), list.is_empty()), (of, (of, false), of == 0), "{of}");
            assert_eq!(list.at, of.saturating_sub(1));
            assert_eq!(fetch(&mut list, of, 20), 0);
        }
    }

    #[test]
    fn a_page_may_be_short_or_empty_and_more_may_follow() {
        // Of every hundred lines looked at seven are found, of the first thousand none.
        let lines =
            |key: usize| (key * 100..(key + 1) * 100).filter(|n| 1_000 <= *n && n % 100 < 7).collect::<Vec<_>>();
        let mut list = Paged::default();
        let mut seen = Vec::new();
        loop {
            while let Some(from) = list.wanted(20) {
                let key: usize = from.0.parse().unwrap_or(0);
                let next = (key < 40).then(|| PageKey((key + 1).to_string()));
                list.take(ListPage { rows: lines(key), next }, 20, |a, b| a == b);
                assert!(list.held() <= 7 * 5 || list.held.len() <= 5, "{}", list.held());
            }
            seen.extend(list.current().copied());
            if list.at + 1 == list.count() {
                break;
            }
            list.at += 1;
        }
        let all: Vec<usize> = (0..=40).flat_map(lines).collect();
        assert_eq!(seen, all);
        assert_eq!(list.known(), (all.len(), false));
    }

    #[test]
    fn the_cursor_follows_its_line_when_the_list_changes() {
        let mut list = Paged::default();
        fetch(&mut list, 120, 20);
        list.at = 7;
        list.renew();
        assert_eq!(list.wanted(20), Some(PageKey::default()));
        let mut rows = page(120, &PageKey::default());
        rows.rows.insert(0, 1_000);
        rows.rows.pop();
        rows.next = Some(PageKey("49".into()));
        list.take(rows, 20, |a, b| a == b);
        assert_eq!((list.at, list.current()), (8, Some(&7)));
        assert_eq!(list.wanted(20), None);
        // A list that shrank takes the cursor along.
        list.renew();
        assert_eq!(list.wanted(20), Some(PageKey::default()));
        list.take(page(3, &PageKey::default()), 20, |a, b| a == b);
        assert_eq!((list.at, list.count()), (2, 3));
    }

    #[test]
    fn what_comes_to_a_list_that_was_seen_empty_is_shown() {
        let empty =
            |next: Option<&str>| ListPage { rows: Vec::<usize>::new(), next: next.map(|key| PageKey(key.into())) };
        // Of one page, and of so many that not all are held.
        for pages in [1, 2, 12] {
            let mut list = Paged::default();
            let key = |page: usize| (page + 1 < pages).then(|| page.to_string());
            for page in 0..pages {
                assert!(list.wanted(20).is_some(), "{pages}");
                list.take(empty(key(page).as_deref()), 20, |a, b| a == b);
            }
            assert!(list.is_empty() && list.wanted(20).is_none(), "{pages}");
            list.renew();
            // In the last page something is found now.
            for page in 0..pages {
                assert!(list.wanted(20).is_some(), "{pages} {page}");
                let rows = if page + 1 == pages { vec![7] } else { Vec::new() };
                let next = key(page).map(PageKey);
                list.take(ListPage { rows, next }, 20, |a, b| a == b);
            }
            assert_eq!((list.known(), list.current()), ((1, false), Some(&7)), "{pages}");
            assert_eq!(list.wanted(20), None, "{pages}");
        }
    }
}

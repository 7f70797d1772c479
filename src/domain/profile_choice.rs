//! The profile (规则包) and the form that a file is read with, chosen by what the file shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::profile::Profile;
use super::registry::Registry;
use super::roster::Origin;
use super::sheet::{ColumnMap, MatchedHeader, SheetSpec};
use super::text;
use super::vocabulary::vocabulary;

/// So many fixed characters of a code, or so many codes, are no slip.
const SURE: usize = 3;

/// What stands behind the name of a place within the name of an institution: what kind of place it is, or what of it is meant.
const AFTER_PLACE: [&str; 42] = [
    "省",
    "市",
    "自治区",
    "自治州",
    "地区",
    "州",
    "区",
    "县",
    "公司",
    "分公司",
    "有限",
    "股份",
    "集团",
    "总部",
    "总公司",
    "分部",
    "分院",
    "分校",
    "分会",
    "分中心",
    "分局",
    "支公司",
    "办事处",
    "代表处",
    "大学",
    "学院",
    "学校",
    "职业",
    "技师",
    "技工",
    "协会",
    "学会",
    "商会",
    "中心",
    "组委会",
    "赛区",
    "大赛",
    "工厂",
    "基地",
    "工会",
    "研究",
    "人力",
];

/// What stands before the name of an institution, or between its parts.
const BEFORE_PLACE: &str = "()[]（）【】〔〕<>《》“”\"'、，,。.；;：:·・-—–－_/／\\|& \u{3000}\t\n";

/// Tells whether a name has a place in it as a whole word: at its beginning, behind a separator, or before what follows places.
/// 北京 is in 北京奥 of 华北京奥公司, and no place there.
fn names_place(name: &str, place: &str) -> bool {
    // A name of a whole country stands before its places.
    const COUNTRY: [&str; 2] = ["中华人民共和国", "中国"];
    name.match_indices(place).any(|(at, _)| {
        let (before, after) = (&name[..at], &name[at + place.len()..]);
        let before = COUNTRY.iter().find_map(|country| before.strip_suffix(country)).unwrap_or(before);
        before.chars().next_back().is_none_or(|last| BEFORE_PLACE.contains(last) || text::is_blank(last))
            || place.ends_with(['省', '市'])
            || AFTER_PLACE.iter().any(|word| after.starts_with(word))
    })
}

vocabulary! {
    /// What told the profile, surest first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum ChosenBy {
        /// It was named when the program was started.
        Given = "given",
        /// It was picked in the workbench.
        Answered = "answered",
        /// The certificate numbers.
        Codes = "codes",
        /// The filing of the institution that the rows name.
        Registry = "registry",
        /// What was answered for such a header and institution before.
        Remembered = "remembered",
        /// A place in the name of the issuing body.
        IssuingBody = "issuing-body",
        /// A place in the name of the institution or of the employers.
        Region = "region",
        /// The columns of a form that no other profile has.
        Columns = "columns",
        /// Nothing: the first profile stands in.
        Nothing = "nothing",
    }
}

impl ChosenBy {
    /// Tells whether the profile is known, and not guessed from places and columns.
    pub fn is_sure(self) -> bool {
        self <= ChosenBy::Remembered
    }
}

/// What of a file's first rows tells the profile. Cells as they stand there.
#[derive(Debug, Clone, Default)]
pub struct ProfileEvidence {
    pub labels: Vec<String>,
    pub codes: Vec<String>,
    pub institutions: Vec<String>,
    pub issuing_bodies: Vec<String>,
    pub employers: Vec<String>,
}

impl ProfileEvidence {
    /// Gives what a choice is remembered under, in hexadecimal: a digest of the header's labels and of the institution that
    /// most rows name.
    pub fn fingerprint(&self) -> String {
        let names = self.institutions.iter().map(|name| text::compact(name));
        let mut names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        let most = names.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map_or("", |same| &*same[0]);
        let mut digest = Sha256::new();
        for part in self.labels.iter().map(|label| text::compact(label)).chain([most.into()]) {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        digest.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }
}

/// Size and time of a file, by which it is told whether it is still the one that was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStamp {
    /// In bytes.
    pub size: i64,
    /// In nanoseconds since 1970.
    pub modified: i64,
}

/// A file that was opened as a roster: where its rows come from, and how they are read.
#[derive(Debug, Clone)]
pub struct OpenedFile {
    pub origin: Origin,
    /// Which column holds which field.
    pub columns: ColumnMap,
    /// The profile's id.
    pub profile: String,
    /// What it was chosen by; nothing where that is not known any more.
    pub profile_by: Option<ChosenBy>,
    /// What a choice of its profile is remembered under.
    pub fingerprint: String,
    /// How the columns of its header are matched from now on, where the user has said so.
    pub matched: Option<MatchedHeader>,
    /// How the file stood before it was opened, where that could be seen.
    pub seen: Option<FileStamp>,
}

/// The profile and the form a file is read with.
#[derive(Debug, Clone)]
pub struct ProfileChoice {
    pub profile: Arc<Profile>,
    /// The one of its forms that most of the file's columns belong to.
    pub form: Arc<SheetSpec>,
    pub by: ChosenBy,
    /// Under which profiles the codes that were looked at were given, with how many rows each has, most first.
    pub votes: ProfileVotes,
}

/// How many rows have codes of which profile.
pub type ProfileVotes = Vec<(Arc<Profile>, usize)>;

/// What there is to choose from, and what is known of it.
pub struct ProfileChoices<'a> {
    pub profiles: &'a [Arc<Profile>],
    pub form: &'a dyn Fn(&str) -> Option<Arc<SheetSpec>>,
    pub registry: &'a Registry,
    /// Gives the id of the profile that was answered before for such a file.
    pub remembered: &'a dyn Fn() -> Option<String>,
}

impl ProfileChoices<'_> {
    /// Chooses for a file that shows this evidence. `None` when no profile has a form that exists.
    pub fn choose(&self, given: Option<&Arc<Profile>>, evidence: &ProfileEvidence) -> Option<ProfileChoice> {
        let by_id = |id: &str| self.profiles.iter().find(|profile| profile.id == id);
        let told = || {
            let at = |values: &[String]| self.at_places(values, &evidence.institutions);
            let codes = || self.claimed_most(&evidence.codes);
            let named =
                if evidence.institutions.is_empty() { &evidence.issuing_bodies } else { &evidence.institutions };
            let registry = || self.registered(named).and_then(by_id);
            let remembered = || (self.remembered)().as_deref().and_then(by_id);
            // The place of whoever issues beats that of the employers, also where it tells no profile.
            let names = [&evidence.issuing_bodies, &evidence.institutions];
            let is_placed = || names.into_iter().flatten().any(|name| self.has_place(name));
            let employers = || if is_placed() { None } else { at(&evidence.employers) };
            let region = || at(&evidence.institutions).or_else(employers);
            let found = codes().map(|profile| (ChosenBy::Codes, profile));
            let found = found.or_else(|| registry().map(|profile| (ChosenBy::Registry, profile)));
            let found = found.or_else(|| remembered().map(|profile| (ChosenBy::Remembered, profile)));
            let found = found.or_else(|| at(&evidence.issuing_bodies).map(|profile| (ChosenBy::IssuingBody, profile)));
            found.or_else(|| region().map(|profile| (ChosenBy::Region, profile)))
        };
        if let Some((by, profile)) = given.map(|profile| (ChosenBy::Given, profile)).or_else(told) {
            let (_, form) = self.best_form(profile, &evidence.labels)?;
            let votes = self.votes(profile, &evidence.codes);
            return Some(ProfileChoice { profile: Arc::clone(profile), form, by, votes });
        }
        let fits =
            self.profiles.iter().filter_map(|profile| Some((profile, self.best_form(profile, &evidence.labels)?)));
        let mut fits: Vec<_> = fits.collect();
        // Of equals the first.
        fits.sort_by_key(|(_, (fit, _))| std::cmp::Reverse(*fit));
        let is_alone = fits.get(1).is_none_or(|(_, (second, _))| *second < fits[0].1.0);
        let by = if is_alone { ChosenBy::Columns } else { ChosenBy::Nothing };
        let (profile, (_, form)) = fits.into_iter().next()?;
        Some(ProfileChoice { profile: Arc::clone(profile), form, by, votes: Vec::new() })
    }

    /// Counts the codes of each profile; one that several may have given is that of the chosen profile. A code with a slip in it
    /// may look like one of the rule for all other provinces, which says little of a code: that counts from a few on.
    fn votes(&self, chosen: &Arc<Profile>, codes: &[String]) -> ProfileVotes {
        let mut votes: ProfileVotes = Vec::new();
        for code in codes {
            let fit = |profile: &Arc<Profile>| profile.claims(code.trim());
            let Some(most) = self.profiles.iter().filter_map(fit).max() else { continue };
            let mut owners = self.profiles.iter().filter(|profile| fit(profile) == Some(most));
            let is_own = fit(chosen) == Some(most);
            let Some(owner) = (if is_own { Some(chosen) } else { owners.next() }) else { continue };
            match votes.iter_mut().find(|(known, _)| known.id == owner.id) {
                Some((_, count)) => *count += 1,
                None => votes.push((Arc::clone(owner), 1)),
            }
        }
        let says_much = |profile: &Profile| {
            let said = codes.iter().filter_map(|code| profile.claims(code.trim())).max();
            SURE <= said.unwrap_or(0)
        };
        votes.retain(|(profile, count)| profile.id == chosen.id || SURE <= *count || says_much(profile));
        votes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        votes
    }

    /// Finds the form of a profile that a file with these labels is read with.
    pub fn form_of(&self, profile: &Profile, labels: &[String]) -> Option<Arc<SheetSpec>> {
        self.best_form(profile, labels).map(|(_, form)| form)
    }

    /// Finds the form of a profile that most of the labels belong to, and of equals the one that has most of them in its own
    /// words; with both numbers.
    fn best_form(&self, profile: &Profile, labels: &[String]) -> Option<((usize, usize), Arc<SheetSpec>)> {
        let mut best: Option<((usize, usize), Arc<SheetSpec>)> = None;
        for form in profile.sheets.iter().filter_map(|id| (self.form)(id)) {
            let is_own = |label: &&String| form.columns.iter().any(|column| column.label == text::compact(label));
            let fit = (ColumnMap::matched(labels, &form).matched_count(), labels.iter().filter(is_own).count());
            if best.as_ref().is_none_or(|(most, _)| *most < fit) {
                best = Some((fit, form));
            }
        }
        best
    }

    /// Finds the profile whose fixed segments most of the codes satisfy; `None` when no code satisfies any.
    fn claimed_most(&self, codes: &[String]) -> Option<&Arc<Profile>> {
        let votes = |p: &Profile| codes.iter().filter_map(|c| p.claims(c.trim())).sum::<usize>();
        let voted = self.profiles.iter().map(|p| (votes(p), p)).filter(|(n, _)| 0 < *n);
        voted.max_by_key(|(n, _)| *n).map(|(_, p)| p)
    }

    /// Gives the id of the one profile under which the named institutions are filed.
    fn registered(&self, institutions: &[String]) -> Option<&str> {
        if self.registry.is_empty() {
            return None;
        }
        let names: BTreeSet<_> = institutions.iter().map(|name| text::compact(name)).collect();
        let is_named = |name: &str| names.contains(&text::compact(name));
        let filed = self.registry.institutions().filter(|institution| is_named(institution.name()));
        let profiles: BTreeSet<&str> = filed.map(|institution| institution.profile.as_str()).collect();
        let mut profiles = profiles.into_iter();
        profiles.next().filter(|_| profiles.next().is_none())
    }

    /// Tells whether a name has the place of any profile in it.
    fn has_place(&self, name: &str) -> bool {
        self.profiles.iter().flat_map(|profile| &profile.places).any(|place| names_place(name, place))
    }

    /// Finds the one profile whose places most of the names have in them, and which the institutions may belong to: rules for
    /// competitions are for their committees.
    fn at_places(&self, names: &[String], institutions: &[String]) -> Option<&Arc<Profile>> {
        let named = names.iter().filter(|name| !name.trim().is_empty()).count();
        let mentions = |profile: &Profile| {
            let is_there = |name: &&String| profile.places.iter().any(|place| names_place(name, place));
            names.iter().filter(is_there).count()
        };
        let mut found = self.profiles.iter().filter(|profile| named < 2 * mentions(profile));
        let profile = found.next().filter(|_| found.next().is_none())?;
        let endings = &profile.organisations.institution_endings;
        let institutions = || institutions.iter().map(|name| text::compact(name)).filter(|name| !name.is_empty());
        let is_theirs = |name: &str| endings.iter().any(|ending| name.ends_with(&*text::compact(ending)));
        let theirs = institutions().filter(|name| is_theirs(name)).count();
        (endings.is_empty() || institutions().count() <= 2 * theirs).then_some(profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_as_whole_words_alone() {
        for (name, place) in [
            ("北京样例公司", "北京"),
            ("  北京样例公司", "北京"),
            ("样例集团（甘肃）公司", "甘肃"),
            ("样例集团-兰州", "兰州"),
            ("中国石油兰州分公司", "兰州"),
            ("中国甘肃国际样例公司", "甘肃"),
            ("国网甘肃省电力公司", "甘肃"),
            ("国家电网成都市供电公司", "成都"),
            ("样例驻北京办事处", "北京"),
            ("广东省中山市样例厂", "中山市"),
        ] {
            assert!(names_place(name, place), "{place} in {name}");
        }
        for (name, place) in [
            ("华北京奥科技公司", "北京"),
            ("上海北京路小学", "北京"),
            ("西安顺达物流公司", "安顺"),
            ("济南充电设备公司", "南充"),
            ("辽宁德阳光公司", "德阳"),
            ("河南平凉皮店", "平凉"),
            ("新广元素公司", "广元"),
            ("张家口山西路样例厂", "山西"),
            ("样例公司", "北京"),
        ] {
            assert!(!names_place(name, place), "{place} in {name}");
        }
    }
}

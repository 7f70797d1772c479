//! Claims (争栏): which of the columns that name one field holds it, and why the others do not.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::contents::Looks;
use super::label::{FoundBy, Named, Weight};
use super::{ColumnMap, Field, SheetSpec, SourceColumn, column_letters};
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What a title over several columns says of them.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum TitleKind {
        /// They are about somebody else than the one who gets the certificate.
        Other = "other",
        /// They are about the one who gets it.
        Person = "person",
        /// Nothing by itself: what a title may end with besides.
        Ending = "ending",
    }
}

/// The titles that are known, as they stand in the table.
#[derive(Debug, Clone, Default)]
pub struct GroupTitles {
    /// In the form that labels are compared in.
    known: HashMap<String, TitleKind>,
    endings: Vec<String>,
}

impl GroupTitles {
    pub fn new(rows: impl IntoIterator<Item = (String, TitleKind)>) -> GroupTitles {
        let squeezed = rows.into_iter().map(|(title, kind)| (text::squeezed_label(&title), kind));
        let (endings, known): (Vec<_>, Vec<_>) = squeezed.partition(|(_, kind)| *kind == TitleKind::Ending);
        GroupTitles {
            known: known.into_iter().collect(),
            endings: endings.into_iter().map(|(title, _)| title).collect(),
        }
    }

    /// Gives what stands behind a title of the one who gets the certificate, for each that the label begins with.
    pub(super) fn after_person<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a str> {
        let person = self.known.iter().filter(|(_, kind)| **kind == TitleKind::Person);
        person.filter_map(move |(title, _)| label.strip_prefix(title.as_str()))
    }

    pub(super) fn is(&self, group: &str, kind: TitleKind) -> bool {
        let title = text::squeezed_label(group);
        let is_known = |title: &str| self.known.get(title) == Some(&kind);
        is_known(&title) || self.endings.iter().any(|end| title.strip_suffix(end.as_str()).is_some_and(is_known))
    }
}

vocabulary! {
    /// What a column that names a field gave way to.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum GaveWay {
        /// The title over it names somebody else, or that over the other one names the person.
        Group = "group",
        /// It is hidden, the other one is shown.
        Hidden = "hidden",
        /// It is empty.
        Empty = "empty",
        /// To nothing: both are filled, and a person has to say which one it is.
        Disputed = "disputed",
        /// It is of another table on the sheet than the column that was chosen, and nobody has said what becomes of that table.
        Beside = "beside",
        /// Somebody has said that it is no column of the roster.
        LeftOut = "left-out",
    }
}

impl GaveWay {
    /// Tells whether a person still has to say something.
    pub fn is_open(self) -> bool {
        matches!(self, GaveWay::Disputed | GaveWay::Beside)
    }
}

/// The label of the column that says where the rows of a list for organisers are from.
pub const ANCHOR_LABEL: &str = "定位（请勿改动）";

/// So many fields with a second column behind all first ones are a second table.
const TABLE: usize = 3;

impl<'de> Deserialize<'de> for GaveWay {
    /// A word of a later version is to nothing: a person looks at it before anything is written.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<GaveWay, D::Error> {
        let word = String::deserialize(deserializer)?;
        Ok(GaveWay::read(&word).unwrap_or(GaveWay::Disputed))
    }
}

/// A field that a column's label names and that another column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostClaim {
    pub field: Field,
    pub to: GaveWay,
}

/// What is known of a column besides its label.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnEvidence {
    /// The title that stands over it; empty for none.
    pub group: String,
    pub is_hidden: bool,
    /// Whether one of the rows looked at has something in it.
    pub is_filled: bool,
    /// What its cells look like, where they all look alike.
    pub looks: Option<Looks>,
}

/// Spreads the titles of a row of groups over the columns that stand below each.
pub fn group_titles(row: &[String], width: usize) -> Vec<String> {
    let mut title = "";
    let spread = |i: usize| {
        title = row.get(i).map(|t| t.trim()).filter(|t| !t.is_empty()).unwrap_or(title);
        title.to_string()
    };
    (0..width).map(spread).collect()
}

/// Gives fields that no label names to columns whose label is near to one, then to those whose cells look like one and alone do.
fn take_unnamed(
    labels: &[String],
    spec: &SheetSpec,
    evidence: &[ColumnEvidence],
    claims: &mut [Option<Field>],
    by: &mut [FoundBy],
    is_other: impl Fn(usize) -> bool,
) {
    let Some(words) = spec.words else { return };
    let near = |i: usize| {
        spec.near(&labels[i]).filter(|field| evidence[i].is_filled && evidence[i].lets_be(*field, &labels[i]))
    };
    let looks = |i: usize| {
        let field = evidence[i].looks.and_then(Looks::field).filter(|field| spec.column(*field).is_some());
        field.filter(|_| !words.is_other(&labels[i]) && !words.is_about_another(&labels[i]))
    };
    let mut take = |way: FoundBy, field_of: &dyn Fn(usize) -> Option<Field>| {
        let open = |i: &usize| claims[*i].is_none() && !evidence[*i].is_hidden && !is_other(*i);
        let found: Vec<(usize, Field)> =
            (0..evidence.len()).filter(open).filter_map(|i| Some((i, field_of(i)?))).collect();
        for &(i, field) in &found {
            let is_alone = found.iter().filter(|(_, other)| *other == field).count() == 1;
            if is_alone && !claims.contains(&Some(field)) {
                (claims[i], by[i]) = (Some(field), way);
            }
        }
    };
    take(FoundBy::Nearness, &near);
    take(FoundBy::Contents, &looks);
    if labels.iter().enumerate().all(|(i, label)| *label == column_letters(i)) {
        take_in_order(spec, evidence, claims, by);
    }
}

/// So many columns have to stand where the form has them, by what they look like, before the others are taken by their places.
const IN_ORDER: usize = 3;

/// Gives the columns of a table without a header the fields of the form in its order: where there are as many, or one more that
/// numbers the rows, or all but the code, and none looks like anything else.
fn take_in_order(spec: &SheetSpec, evidence: &[ColumnEvidence], claims: &mut [Option<Field>], by: &mut [FoundBy]) {
    let form: Vec<Field> = spec.columns.iter().map(|column| column.field).collect();
    let unnumbered: Vec<Field> = form.iter().copied().filter(|field| *field != Field::Code).collect();
    for (fields, before) in [(&form, 0), (&form, 1), (&unnumbered, 0), (&unnumbered, 1)] {
        if evidence.len() != fields.len() + before {
            continue;
        }
        let places = || fields.iter().copied().zip(before..);
        let is_against = |(field, at): (Field, usize)| {
            claims[at].is_some_and(|claim| claim != field)
                || evidence[at].looks.is_some_and(|looks| looks.contradicts(field))
        };
        let is_alike = |(field, at): &(Field, usize)| claims[*at] == Some(*field);
        let is_numbered = before == 0 || evidence[0].is_filled && evidence[0].looks.is_none() && claims[0].is_none();
        if is_numbered && IN_ORDER <= places().filter(is_alike).count() && !places().any(is_against) {
            for (field, at) in places().filter(|(_, at)| !evidence[*at].is_hidden) {
                if claims[at].is_none() {
                    (claims[at], by[at]) = (Some(field), FoundBy::Order);
                }
            }
            return;
        }
    }
}

impl ColumnEvidence {
    /// Tells whether the cells let a label that is only near to one of a field's be that. Where the field has a shape of its own
    /// they have to show it; elsewhere short labels are too many to tell a slip from another word.
    fn lets_be(&self, field: Field, label: &str) -> bool {
        match self.looks.filter(|looks| !matches!(looks, Looks::Organisation | Looks::Occupation)) {
            Some(looks) => looks.field() == Some(field),
            None if field == Field::Level => true,
            None => !Looks::ALL.iter().any(|looks| looks.field() == Some(field)) && LONG <= label.chars().count(),
        }
    }
}

/// So many characters of a label without a slip say which one it is.
const LONG: usize = 5;

impl ColumnMap {
    /// Matches header cells to a form. Where several columns name a field, titles of groups decide, then what is shown, then
    /// what is filled; where none of these does, the first holds it and the others dispute it.
    pub fn settled(
        labels: &[String],
        spec: &SheetSpec,
        titles: &GroupTitles,
        evidence: &[ColumnEvidence],
    ) -> ColumnMap {
        let group = |i: usize| evidence.get(i).map_or("", |e| e.group.as_str());
        let named: Vec<_> = labels.iter().map(|label| spec.named(label)).collect();
        let mut claims: Vec<Option<Field>> = named.iter().map(|named| named.map(|n| n.field)).collect();
        let mut lost: Vec<Option<GaveWay>> = vec![None; labels.len()];
        // Who is beside the person names nothing of theirs, not even what they alone have a column for.
        let is_other: Vec<bool> = (0..labels.len()).map(|i| titles.is(group(i), TitleKind::Other)).collect();
        if claims.iter().zip(&is_other).any(|(claim, other)| *claim == Some(Field::Name) && !other) {
            for i in (0..labels.len()).filter(|i| is_other[*i]) {
                lost[i] = Some(GaveWay::Group);
            }
        }
        let known = |i: usize, ask: fn(&ColumnEvidence) -> bool| evidence.get(i).is_none_or(ask);
        // What says less stays aside as an unknown label does, where the one that says more has something in it.
        let weight = |i: usize| named[i].map_or(Weight::Around, |n| n.weight);
        for field in Field::ALL {
            let claim = |i: &usize| claims[*i] == Some(field) && lost[*i].is_none();
            let all: Vec<usize> = (0..labels.len()).filter(claim).collect();
            let is_shown = |i: &&usize| known(**i, |e| e.is_filled && !e.is_hidden);
            if let Some(most) = all.iter().filter(is_shown).map(|i| weight(*i)).min() {
                all.iter().filter(|i| most < weight(**i)).for_each(|i| claims[*i] = None);
            }
        }
        let told = |named: &Option<Named>| match named {
            Some(Named { weight: Weight::Doubtful, .. }) => FoundBy::Doubt,
            Some(Named { is_sure: false, .. }) => FoundBy::Remark,
            _ => FoundBy::Label,
        };
        let mut by: Vec<FoundBy> = named.iter().map(told).collect();
        take_unnamed(labels, spec, evidence, &mut claims, &mut by, |i| is_other[i]);
        for field in Field::ALL {
            let mut left: Vec<usize> =
                (0..labels.len()).filter(|i| claims[*i] == Some(field) && lost[*i].is_none()).collect();
            let mut give_way = |left: &mut Vec<usize>, to, stays: &dyn Fn(usize) -> bool| {
                if left.iter().any(|i| stays(*i)) {
                    left.iter().filter(|i| !stays(**i)).for_each(|i| lost[*i] = Some(to));
                    left.retain(|i| stays(*i));
                }
            };
            if left.len() < 2 {
                continue;
            }
            give_way(&mut left, GaveWay::Group, &|i| titles.is(group(i), TitleKind::Person));
            give_way(&mut left, GaveWay::Hidden, &|i| known(i, |e| !e.is_hidden));
            give_way(&mut left, GaveWay::Empty, &|i| known(i, |e| e.is_filled));
            // The form's own label goes before a synonym.
            let own = text::squeezed_label(spec.label(field));
            let holder =
                left.iter().copied().find(|i| text::squeezed_label(&labels[*i]) == own).or(left.first().copied());
            let is_filled = holder.is_some_and(|i| known(i, |e| e.is_filled));
            let to = if is_filled { GaveWay::Disputed } else { GaveWay::Empty };
            give_way(&mut left, to, &|i| Some(i) == holder);
        }
        let is_person = spec.names_among(labels);
        let column = |i: usize| SourceColumn {
            label: labels[i].clone(),
            field: claims[i].filter(|_| lost[i].is_none()),
            group: group(i).to_string(),
            lost: claims[i].and_then(|field| lost[i].map(|to| LostClaim { field, to })),
            by: by[i],
            looks: evidence.get(i).and_then(|e| e.looks),
            is_person: is_person[i],
        };
        ColumnMap::new((0..labels.len()).map(column).collect())
    }

    /// Finds the column that anchors the rows of a list for organisers: such a table is no roster.
    pub fn anchors(&self) -> Option<usize> {
        self.source.iter().position(|column| column.label.trim() == ANCHOR_LABEL)
    }

    /// Tells whether somebody has to look at a column before anything goes out.
    pub fn has_open_column(&self) -> bool {
        self.source.iter().any(SourceColumn::is_open)
    }

    /// Notes that somebody has looked at the columns and leaves them as they are.
    pub fn confirm(&mut self) {
        self.source.iter_mut().filter(|c| c.is_open()).for_each(|c| c.by = FoundBy::Hand);
    }

    /// Lists the columns that gave way because they were empty where they were looked at.
    pub fn seemed_empty(&self) -> Vec<usize> {
        self.losers(GaveWay::Empty).collect()
    }

    /// Has a column that seemed empty dispute its field after all.
    pub fn contest(&mut self, column: usize) {
        if let Some(LostClaim { to, .. }) = self.source.get_mut(column).and_then(|c| c.lost.as_mut())
            && *to == GaveWay::Empty
        {
            *to = GaveWay::Disputed;
        }
    }

    /// Lists the fields that are in dispute, each with all columns that claim it, in the order of the file.
    pub fn disputes(&self) -> Vec<(Field, Vec<usize>)> {
        let of = |field: Field| {
            let has_lost = |c: &SourceColumn| c.lost.is_some_and(|lost| lost.field == field && lost.to.is_open());
            let claims = |c: &SourceColumn| c.field == Some(field) || has_lost(c);
            let columns: Vec<usize> = (0..self.source.len()).filter(|i| claims(&self.source[*i])).collect();
            let is_disputed = columns.iter().any(|i| self.source[*i].lost.is_some());
            is_disputed.then_some((field, columns))
        };
        Field::ALL.into_iter().filter_map(of).collect()
    }

    /// Lists the columns that gave way to something.
    pub fn losers(&self, to: GaveWay) -> impl Iterator<Item = usize> + '_ {
        (0..self.source.len()).filter(move |i| self.source[*i].lost.is_some_and(|lost| lost.to == to))
    }

    /// Gives the column with which a second table begins that stands beside the first and claims the same fields.
    pub fn second_table(&self) -> Option<usize> {
        let disputes = self.disputes();
        let twice = || disputes.iter().filter(|(_, columns)| 1 < columns.len());
        let first = twice().filter_map(|(_, columns)| columns.first()).max()?;
        let second = twice().filter_map(|(_, columns)| columns.get(1)).min()?;
        (TABLE <= twice().count() && first < second).then_some(*second)
    }

    /// Tells whether a table has to be put out before the roster is that of one table.
    pub fn is_beside_another(&self) -> bool {
        self.second_table().is_some()
    }

    /// Puts a column out of the roster, and with one of two tables side by side all columns of that table. What only one column
    /// claims from then on is its own.
    pub fn put_out(&mut self, column: usize) {
        let Some(second) = self.second_table() else { return self.assign(column, None) };
        let (left, right) = self.source.split_at_mut(second);
        for one in if column < second { left } else { right } {
            // What gave way for another reason is told with that one.
            let open = one.lost.filter(|lost| lost.to.is_open()).map(|lost| lost.field);
            if let Some(field) = one.field.take().or(open) {
                one.lost = Some(LostClaim { field, to: GaveWay::LeftOut });
            }
        }
        for (field, columns) in self.disputes() {
            if let [only] = columns[..] {
                (self.source[only].field, self.source[only].lost) = (Some(field), None);
            }
        }
        *self = ColumnMap::new(std::mem::take(&mut self.source));
    }

    /// Lists the columns of a table that was put out.
    pub fn left_out(&self) -> Vec<usize> {
        self.losers(GaveWay::LeftOut).collect()
    }

    /// Takes every field in dispute from the column that holds it for the time being, for a person to give it to one.
    pub fn open_disputes(&mut self) {
        for (field, columns) in self.disputes() {
            for i in columns {
                self.source[i].field = None;
                self.source[i].lost = Some(LostClaim { field, to: GaveWay::Disputed });
            }
        }
        *self = ColumnMap::new(std::mem::take(&mut self.source));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn spec() -> SheetSpec {
        SheetSpec::parse(include_str!("../../../data/sheets/upload-11.toml")).unwrap()
    }

    fn column(label: &str, group: &str, is_hidden: bool, is_filled: bool) -> (String, ColumnEvidence) {
        (label.to_string(), ColumnEvidence { group: group.to_string(), is_hidden, is_filled, looks: None })
    }

    fn settled(columns: &[(String, ColumnEvidence)]) -> ColumnMap {
        let (labels, evidence): (Vec<_>, Vec<_>) = columns.iter().cloned().unzip();
        let titles = [
            ("指导教师", TitleKind::Other),
            ("参赛选手", TitleKind::Person),
            ("基本信息", TitleKind::Ending),
            ("信息", TitleKind::Ending),
        ];
        let titles = GroupTitles::new(titles.map(|(title, kind)| (title.to_string(), kind)));
        ColumnMap::settled(&labels, &spec(), &titles, &evidence)
    }

    #[test]
    fn titles_visibility_and_content_break_ties_in_this_order() {
        let both = |a: (&str, bool, bool), b: (&str, bool, bool)| {
            let map = settled(&[column("证书编号", a.0, a.1, a.2), column("证书编号", b.0, b.1, b.2)]);
            let lost = map.source.iter().find_map(|c| c.lost).unwrap();
            assert_eq!(lost.field, Field::Code);
            (map.of(Field::Code), lost.to)
        };
        assert_eq!(both(("", false, true), ("参赛选手信息", true, true)), (Some(1), GaveWay::Group));
        assert_eq!(both(("", true, true), ("", false, true)), (Some(1), GaveWay::Hidden));
        // A hidden column comes last, also before one that is still to be filled.
        assert_eq!(both(("", true, true), ("", false, false)), (Some(1), GaveWay::Hidden));
        assert_eq!(both(("", false, false), ("", false, true)), (Some(1), GaveWay::Empty));
        assert_eq!(both(("", false, false), ("", false, false)), (Some(0), GaveWay::Empty));
        assert_eq!(both(("", false, true), ("", false, true)), (Some(0), GaveWay::Disputed));
        assert_eq!(both(("甲组", false, true), ("乙组", false, true)), (Some(0), GaveWay::Disputed));
        // What ends a title may stand behind one that is known, and says nothing alone.
        assert_eq!(both(("指导教师基本信息", false, true), ("参赛 选手信息", false, true)), (Some(1), GaveWay::Group));
        assert_eq!(both(("基本信息", false, true), ("信息", false, true)), (Some(0), GaveWay::Disputed));
    }

    #[test]
    fn a_group_about_somebody_else_gives_the_person_nothing() {
        let map = settled(&[
            column("姓名", "指导教师", false, true),
            column("证件号码", "指导教师", false, true),
            column("姓名", "参赛选手", false, true),
            column("证书编号", "参赛选手", false, true),
        ]);
        let of = [Field::Name, Field::IdNumber, Field::Code].map(|f| map.of(f));
        assert_eq!(of, [Some(2), None, Some(3)]);
        assert!(map.disputes().is_empty());
        // Where nobody else has a name, they are who the table is about.
        let map = settled(&[column("姓名", "指导教师", false, true), column("证件号码", "指导教师", false, true)]);
        assert_eq!(map.matched_count(), 2);
    }

    #[test]
    fn a_dispute_ends_when_somebody_gives_the_field() {
        let mut map = settled(&[column("证书编号", "", false, true), column("证书号", "", false, true)]);
        assert_eq!(map.disputes(), [(Field::Code, vec![0, 1])]);
        map.open_disputes();
        assert_eq!((map.of(Field::Code), map.disputes()), (None, vec![(Field::Code, vec![0, 1])]));
        map.assign(1, Some(Field::Code));
        assert_eq!((map.of(Field::Code), map.disputes()), (Some(1), vec![]));
    }

    /// Two tables of four columns, with a blank column between them.
    fn two_tables() -> ColumnMap {
        let of_one = ["姓名", "证件号码", "证书编号", "职业名称"];
        let all = of_one.iter().chain([&""]).chain(&of_one);
        let mut map = settled(&all.map(|label| column(label, "", false, true)).collect::<Vec<_>>());
        map.open_disputes();
        map
    }

    #[test]
    fn a_second_table_stays_until_it_is_put_out() {
        let fields = [Field::Name, Field::IdNumber, Field::Code, Field::Occupation];
        let of = |map: &ColumnMap| fields.map(|field| map.of(field));
        let mut map = two_tables();
        assert_eq!(map.second_table(), Some(5));
        for (at, field) in fields.into_iter().enumerate() {
            map.assign(at, Some(field));
            assert_eq!((map.second_table(), map.disputes().len()), (Some(5), 4), "{field:?}");
        }
        // Whoever turns through the fields of a column of it settles nothing.
        map.assign(8, Some(Field::Employer));
        map.assign(8, None);
        assert!(map.is_beside_another());
        map.put_out(6);
        assert_eq!((of(&map), map.disputes()), ([Some(0), Some(1), Some(2), Some(3)], vec![]));
        assert_eq!(map.left_out(), [5, 6, 7, 8]);
        // Putting one of them out once more takes nothing off the record.
        map.put_out(7);
        map.assign(8, None);
        assert_eq!(map.left_out(), [5, 6, 7, 8]);
        // The other one of the two, with nothing chosen before.
        let mut map = two_tables();
        map.put_out(2);
        assert_eq!((of(&map), map.disputes()), ([Some(5), Some(6), Some(7), Some(8)], vec![]));
        assert_eq!(map.left_out(), [0, 1, 2, 3]);
        // It stays put out whatever becomes of the others, and can be taken after all.
        map.assign(4, Some(Field::Name));
        assert_eq!(map.left_out(), [0, 1, 2, 3]);
        map.assign(0, Some(Field::Name));
        assert_eq!((map.of(Field::Name), map.left_out()), (Some(0), vec![1, 2, 3]));
    }

    #[test]
    fn a_column_that_fills_later_disputes_after_all() {
        let mut map = settled(&[column("证书编号", "", false, true), column("证书编号", "", false, false)]);
        assert_eq!((map.seemed_empty(), map.disputes()), (vec![1], vec![]));
        map.contest(1);
        assert_eq!(map.disputes(), [(Field::Code, vec![0, 1])]);
    }
}

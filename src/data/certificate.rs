//! A close look at what a profile says of the printed certificate and of the kinds of certificates.

use super::catalogue::Catalogue;
use super::problem::DataFault;
use crate::domain::fact::ThingKind;
use crate::domain::profile::Profile;

/// Where something stands, by keys and places in lists, and what is wrong with it.
type Fault = (Vec<String>, DataFault);

/// The most digits of a number that is made of positions of a code.
const DIGITS: usize = 9;

fn at(steps: &[&str]) -> Vec<String> {
    steps.iter().map(|step| (*step).to_string()).collect()
}

/// Tells what of the certificate is nothing that there is, or cannot be meant.
pub(super) fn certificate_faults(profile: &Profile, catalogue: &Catalogue) -> Vec<Fault> {
    let spec = &profile.certificate;
    let mut faults: Vec<Fault> = Vec::new();
    let is_said = !spec.title.is_empty() || !spec.proof.is_empty() || !spec.looks.is_empty() || spec.photo.is_some();
    if is_said && spec.styles.is_empty() {
        faults.push((at(&["certificate"]), DataFault::Certificate("no-style", String::new())));
    }
    let proofs: Vec<&str> =
        catalogue.forms.iter().filter(|form| form.layout.proof).map(|form| form.id.as_str()).collect();
    if !spec.proof.is_empty() && !proofs.contains(&&*spec.proof) {
        let known = proofs.into_iter().map(String::from).collect();
        faults.push((at(&["certificate", "proof"]), DataFault::UnknownValue(spec.proof.clone(), known)));
    }
    if let Some(photo) = &spec.photo {
        if photo.sizes.is_empty() {
            faults.push((at(&["certificate", "photo"]), DataFault::Certificate("no-size", String::new())));
        }
        let defs = super::facts_of(ThingKind::Institution, Some(profile));
        let known = defs.into_iter().find(|def| def.id == "photo-size").map(|def| def.choices).unwrap_or_default();
        for (nth, size) in photo.sizes.iter().enumerate().filter(|(_, size)| !known.contains(&size.id)) {
            let steps = at(&["certificate", "photo", "sizes", &nth.to_string(), "id"]);
            faults.push((steps, DataFault::UnknownValue(size.id.clone(), known.clone())));
        }
    }
    for (nth, style) in spec.styles.iter().enumerate() {
        let place = |key: &str| at(&["certificate", "style", &nth.to_string(), key]);
        if style.name.trim().is_empty() {
            faults.push((place("name"), DataFault::Certificate("no-text", "name".into())));
        }
        if style.seals.is_empty() {
            faults.push((place("seals"), DataFault::Certificate("no-seal", style.name.clone())));
        }
        let is_wrong = style.codes.filter(|codes| {
            let within = 1 <= codes.from && codes.from <= codes.to && codes.to <= 22;
            !within || DIGITS <= codes.to - codes.from || codes.last < codes.first
        });
        if let Some(codes) = is_wrong {
            let told = format!("{}-{}, {}-{}", codes.from, codes.to, codes.first, codes.last);
            faults.push((place("codes"), DataFault::Certificate("range", told)));
        }
    }
    for (nth, _) in spec.looks.iter().enumerate().filter(|(_, look)| look.text.trim().is_empty()) {
        let steps = at(&["certificate", "look", &nth.to_string(), "text"]);
        faults.push((steps, DataFault::Certificate("no-text", "text".into())));
    }
    faults
}

/// Tells what of the kinds of certificates contradicts itself, or can never be found in a roster.
pub(super) fn kind_faults(profile: &Profile) -> Vec<Fault> {
    let kinds = &profile.certificate_kinds;
    let mut faults: Vec<Fault> = Vec::new();
    if kinds.are_told() && kinds.columns.is_empty() {
        let steps = at(&["certificate_kinds", "columns"]);
        faults.push((steps, DataFault::Certificate("no-columns", String::new())));
    }
    for (nth, terms) in kinds.kind.iter().enumerate() {
        let place = |key: &str| at(&["certificate_kinds", "kind", &nth.to_string(), key]);
        let key = terms.kind.key().to_string();
        if kinds.kind[..nth].iter().any(|other| other.kind == terms.kind) {
            faults.push((place("kind"), DataFault::Certificate("kind-twice", key.clone())));
        }
        if terms.words.is_empty() {
            faults.push((place("words"), DataFault::Certificate("no-words", key.clone())));
        }
        let earlier = || kinds.kind[..nth].iter().flat_map(|other| &other.words);
        let twice = terms.words.iter().filter(|word| earlier().any(|other| other == *word));
        faults.extend(twice.map(|word| (place("words"), DataFault::Certificate("word-twice", word.clone()))));
        if !terms.issuers.is_empty() && terms.issuer_clause.is_empty() {
            faults.push((place("issuers"), DataFault::Certificate("no-issuer-clause", key)));
        }
    }
    faults
}

/// Lists the clauses that both name.
pub(super) fn certificate_clauses(profile: &Profile) -> Vec<&str> {
    let (spec, kinds) = (&profile.certificate, &profile.certificate_kinds);
    let own = [&spec.items_clause, &spec.level_clause, &spec.stand_in_clause, &kinds.clause];
    let photo = spec
        .photo
        .iter()
        .flat_map(|photo| std::iter::once(&photo.clause).chain(photo.sizes.iter().map(|size| &size.clause)));
    let styles = spec.styles.iter().flat_map(|style| std::iter::once(&style.clause).chain(&style.notes));
    let of_kind = kinds
        .kind
        .iter()
        .flat_map(|terms| [&terms.clause, &terms.issuer_clause, &terms.no_level_clause, &terms.list_clause]);
    let looks = spec.looks.iter().map(|look| &look.clause);
    own.into_iter().chain(photo).chain(styles).chain(looks).chain(of_kind).map(String::as_str).collect()
}

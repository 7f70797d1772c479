//! What a profile says beyond the code and the columns, in words.

use crate::domain::profile::{Address, Deadline, PrintItem, Profile, ReissueDocument, ScopePart};
use crate::domain::sheet::{Field, UPLOAD_FORM};
use crate::office::Catalogue;
use crate::words::Locale;

/// Lists the facts, a line each; what the profile leaves out is left out here.
pub fn lines(profile: &Profile, catalogue: &Catalogue, locale: &Locale) -> Vec<String> {
    let comma = locale.text("finding.comma");
    let mut lines = Vec::new();
    let mut line = |key: &str, places: &[(&str, &str)], clause: &str| {
        lines.push(format!("{}  {clause}", locale.fill(&format!("profile.fact.{key}"), places)).trim_end().to_string());
    };
    let (organisations, words) = (&profile.organisations, &profile.words);
    if let Some(number) = &organisations.issuer_number {
        let places =
            [("from", number.from.to_string()), ("value", number.value.clone()), ("words", number.words.join(comma))];
        line("issuer-number", &places.each_ref().map(|(k, v)| (*k, v.as_str())), &number.clause);
    }
    if let Some(staff) = &organisations.own_staff {
        line("own-staff", &[("category", &staff.category)], &staff.clause);
    }
    for (key, list) in [("forbidden", &words.forbidden), ("major-classes", &words.major_classes)] {
        if let Some(list) = list {
            line(key, &[("words", &list.words.join(comma))], &list.clause);
        }
    }
    for (key, clause) in [("controlled", &words.controlled_clause), ("scope", &words.scope_clause)] {
        if !clause.is_empty() {
            line(key, &[], clause);
        }
    }
    let parts: Vec<&str> = profile.numbering.scope.iter().map(|part| locale.text(part_key(*part))).collect();
    line("numbering", &[("parts", &parts.join(comma))], &profile.numbering.clause);
    for form in &profile.short_forms {
        let places =
            [("length", form.length.to_string()), ("at", form.at.to_string()), ("insert", form.insert.clone())];
        line("short-form", &places.each_ref().map(|(k, v)| (*k, v.as_str())), &form.clause);
    }
    for (item, token) in &profile.print {
        line("print", &[("item", locale.text(print_key(*item))), ("text", &token.text)], &token.clause);
    }
    for (address, token) in &profile.addresses {
        line("address", &[("for", locale.text(address_key(*address))), ("text", &token.text)], &token.clause);
    }
    for deadline in &profile.deadlines {
        let name = locale.deadline_name(deadline);
        line("deadline", &[("name", name), ("when", &when(deadline, locale))], &deadline.clause);
    }
    lines.extend(cases(profile, catalogue, locale));
    lines
}

/// Tells how a record is corrected, a certificate issued again or revoked; also where the notice is silent, since the
/// program's own rules stand there.
fn cases(profile: &Profile, catalogue: &Catalogue, locale: &Locale) -> Vec<String> {
    let comma = locale.text("finding.comma");
    let mut lines = Vec::new();
    let mut line = |key: &str, places: &[(&str, &str)], clause: &str| {
        lines.push(format!("{}  {clause}", locale.fill(&format!("profile.fact.{key}"), places)).trim_end().to_string());
    };
    let yes_no = |yes: bool| locale.text(if yes { "profile.fact.yes" } else { "profile.fact.no" });
    let asked = |approval, reason| [("approval", yes_no(approval)), ("reason", yes_no(reason))];
    let labels = |fields: &[Field]| {
        let sheet = catalogue.sheet(UPLOAD_FORM);
        let label = |f: &Field| sheet.as_ref().map_or_else(|| f.key().to_string(), |s| s.label(*f).to_string());
        fields.iter().map(label).collect::<Vec<_>>()
    };

    let correction = &profile.correction;
    line("correction", &asked(correction.approval, correction.reason), correction.approval_clause());
    if correction.clause.is_empty() {
        line("silent-correction", &[], "");
    } else {
        let mut items = labels(&correction.fields);
        if items.is_empty() {
            items.push(locale.text("profile.fact.every-column").to_string());
        }
        items.extend(correction.photo.then(|| locale.text("profile.fact.photo").to_string()));
        line("correction-items", &[("items", &items.join(comma))], &correction.clause);
    }
    if !correction.only_one_of.is_empty() {
        let fields = labels(&correction.only_one_of).join(comma);
        line("correction-only-one", &[("items", &fields)], correction.only_one_clause());
    }
    for attachment in &correction.attach {
        let mut items = labels(&attachment.fields);
        items.extend(attachment.photo.then(|| locale.text("profile.fact.photo").to_string()));
        let key = if items.is_empty() { "attach-always" } else { "attach" };
        line(key, &[("items", &items.join(comma)), ("text", &attachment.text)], &attachment.clause);
    }
    if !correction.resubmit_clause.is_empty() {
        line("resubmit", &[], &correction.resubmit_clause);
    }

    let reissue = &profile.reissue;
    let key = match reissue.document {
        ReissueDocument::SameCode => "reissue-same-code",
        ReissueDocument::Proof => "reissue-proof",
    };
    line(key, &asked(reissue.approval, reissue.reason), &reissue.clause);
    if reissue.clause.is_empty() {
        line("silent-reissue", &[], "");
    }
    if !reissue.papers.is_empty() {
        line("reissue-papers", &[("papers", &reissue.papers.join(comma))], reissue.papers_clause());
    }

    let revocation = &profile.revocation;
    line("revocation", &asked(revocation.approval, revocation.reason), &revocation.clause);
    if revocation.clause.is_empty() {
        line("silent-revocation", &[], "");
    } else {
        line("revocation-text", &[("text", &revocation.text)], &revocation.clause);
    }
    for (asked, key) in [(revocation.benefits_first, "benefits-first"), (revocation.authority, "authority")] {
        if asked {
            line(key, &[], &revocation.clause);
        }
    }
    if !revocation.withdraw_clause.is_empty() {
        line("withdraw", &[], &revocation.withdraw_clause);
    }
    lines
}

/// Tells when a deadline ends.
fn when(deadline: &Deadline, locale: &Locale) -> String {
    locale.deadline_length(deadline) + if deadline.hard { locale.text("profile.fact.hard") } else { "" }
}

fn part_key(part: ScopePart) -> &'static str {
    match part {
        ScopePart::Prefix => "profile.fact.part.prefix",
        ScopePart::Year => "profile.fact.part.year",
        ScopePart::Level => "profile.fact.part.level",
    }
}

fn print_key(item: PrintItem) -> &'static str {
    match item {
        PrintItem::Title => "profile.fact.print-item.title",
        PrintItem::Paper => "profile.fact.print-item.paper",
        PrintItem::Items => "profile.fact.print-item.items",
        PrintItem::Level => "profile.fact.print-item.level",
        PrintItem::Date => "profile.fact.print-item.date",
        PrintItem::Photo => "profile.fact.print-item.photo",
        PrintItem::Font => "profile.fact.print-item.font",
        PrintItem::Seal => "profile.fact.print-item.seal",
        PrintItem::Styles => "profile.fact.print-item.styles",
        PrintItem::Bilingual => "profile.fact.print-item.bilingual",
        PrintItem::Medium => "profile.fact.print-item.medium",
        PrintItem::Sizes => "profile.fact.print-item.sizes",
        PrintItem::Emblems => "profile.fact.print-item.emblems",
    }
}

fn address_key(address: Address) -> &'static str {
    match address {
        Address::Certificates => "profile.fact.address-of.certificates",
        Address::Institutions => "profile.fact.address-of.institutions",
        Address::Upload => "profile.fact.address-of.upload",
        Address::Mail => "profile.fact.address-of.mail",
    }
}

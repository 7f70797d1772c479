//! How far an act reaches, laid out for the question before it: what becomes of what, and what is to be thought of.

use crate::app::ledger::request::Reached;
use crate::app::overlay::Fact;
use crate::domain::ledger::Status;
use crate::domain::ledger::reach::Reach;
use crate::words::Locale;

/// Tells how far an act reaches.
pub(super) fn told(reach: &Reach, locale: &Locale) -> Reached {
    let fact = |key: &str, from, to| Fact { what: locale.text(key).to_string(), from, to };
    let (facts, warning) = match reach {
        Reach::Reserved { run: (first, last), passed_over, .. } => {
            let run = locale.fill("ui.reach.run", &[("first", &first.to_string()), ("last", &last.to_string())]);
            let n = passed_over.to_string();
            let warning = (*passed_over != 0).then(|| locale.fill("ui.reach.passed-over", &[("n", &n)]));
            (vec![fact("ui.reach.numbers", None, run)], warning.unwrap_or_default())
        }
        Reach::Marked { status, numbers } => {
            let all: u32 = numbers.values().sum();
            // Of one certificate nobody needs the number.
            let counted = |status: Status, n: u32| match all {
                1 => locale.status(status).to_string(),
                _ => locale.fill("ui.reach.counted", &[("status", locale.status(status)), ("n", &n.to_string())]),
            };
            let from: Vec<String> = numbers.iter().map(|(status, n)| counted(*status, *n)).collect();
            let becomes =
                || fact("ui.ledger.label.status", Some(from.join(locale.text("finding.comma"))), counted(*status, all));
            let outside = reach.outside();
            let warning = match status {
                Status::Void if outside == 0 => locale.text("ui.reach.void").to_string(),
                Status::Void => locale.fill("ui.reach.void-outside", &[("n", &outside.to_string())]),
                Status::Published => locale.text("ui.reach.published").to_string(),
                _ => String::new(),
            };
            (if all == 0 { Vec::new() } else { vec![becomes()] }, warning)
        }
        Reach::Closed { kind, code, .. } => {
            let (kind, code) = (locale.case_kind(*kind).to_string(), code.to_string());
            (vec![fact("audit.object.case", None, kind), fact("audit.object.certificate", None, code)], String::new())
        }
        Reach::Adopted { .. } | Reach::Retired(_) => (Vec::new(), locale.reach(reach)),
    };
    Reached { facts, warning, refused: None }
}

//! What was done, by the actions of the audit chain.

use super::Locale;
use crate::domain::ledger::action::ActionName;
use crate::domain::ledger::life::Happening;
use crate::domain::registry::EventKind;

impl Locale {
    /// Names an action of the audit chain.
    pub fn action(&self, name: ActionName) -> &str {
        self.text(match name {
            ActionName::BatchCreate => "audit.action.batch.create",
            ActionName::BatchComplete => "audit.action.batch.complete",
            ActionName::BatchDigest => "audit.action.batch.digest",
            ActionName::BatchColumns => "audit.action.batch.columns",
            ActionName::BatchProfile => "audit.action.batch.profile",
            ActionName::BatchChange => "audit.action.batch.change",
            ActionName::BatchUndo => "audit.action.batch.undo",
            ActionName::BatchRedo => "audit.action.batch.redo",
            ActionName::BatchClose => "audit.action.batch.close",
            ActionName::BatchReopen => "audit.action.batch.reopen",
            ActionName::BatchDelete => "audit.action.batch.delete",
            ActionName::BatchTakeOver => "audit.action.batch.take-over",
            ActionName::AuditUnmask => "audit.action.audit.unmask",
            ActionName::AuditAccept => "audit.action.audit.accept",
            ActionName::AuditRestore => "audit.action.audit.restore",
            ActionName::InstitutionAdd => "audit.action.institution.add",
            ActionName::InstitutionChange => "audit.action.institution.change",
            ActionName::InstitutionScope => "audit.action.institution.scope",
            ActionName::InstitutionMerge => "audit.action.institution.merge",
            ActionName::InstitutionAbsorb => "audit.action.institution.absorb",
            ActionName::InstitutionCancel => "audit.action.institution.cancel",
            ActionName::LedgerImport => "audit.action.ledger.import",
            ActionName::LedgerAllocate => "audit.action.ledger.allocate",
            ActionName::LedgerReserve => "audit.action.ledger.reserve",
            ActionName::LedgerVoid => "audit.action.ledger.void",
            ActionName::LedgerMark => "audit.action.ledger.mark",
            ActionName::LedgerSync => "audit.action.ledger.sync",
            ActionName::LedgerExport => "audit.action.ledger.export",
            ActionName::CaseOpen => "audit.action.case.open",
            ActionName::CaseApprove => "audit.action.case.approve",
            ActionName::CaseRefuse => "audit.action.case.refuse",
            ActionName::CaseClose => "audit.action.case.close",
            ActionName::CaseExport => "audit.action.case.export",
        })
    }

    /// Names an entry's action with its name in the chain; one that this release does not know has no other.
    pub fn audit_action(&self, action: &str) -> String {
        ActionName::read(action).map_or_else(|| action.to_string(), |name| format!("{} {action}", self.action(name)))
    }

    /// Names what was done to a certificate.
    pub fn life_action(&self, action: &Happening) -> String {
        match action {
            Happening::Entry(name) => self.action(*name),
            Happening::Unknown(name) => name,
            Happening::RowChange => self.text("life.action.row-change"),
            Happening::RowUndone => self.text("life.action.row-undone"),
        }
        .to_string()
    }

    /// Names an event of the registry by its action in the audit chain, such as `institution.add`.
    pub fn institution_action<'a>(&'a self, action: &'a str) -> &'a str {
        match ActionName::read(action).and_then(ActionName::event) {
            Some(EventKind::Add) => self.text("institution.action.add"),
            Some(EventKind::Change) => self.text("institution.action.change"),
            Some(EventKind::Scope) => self.text("institution.action.scope"),
            Some(EventKind::Merge) => self.text("institution.action.merge"),
            Some(EventKind::Absorb) => self.text("institution.action.absorb"),
            Some(EventKind::Cancel) => self.text("institution.action.cancel"),
            None => action,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn every_action_has_its_words() {
        for locale in [Lang::Zh, Lang::En].map(Locale::load) {
            for name in ActionName::ALL {
                let words = locale.action(name);
                assert!(!words.contains('.') && !words.contains('{'), "{words}");
                assert_eq!(locale.audit_action(name.key()), format!("{words} {}", name.key()));
            }
            for kind in EventKind::ALL {
                assert!(!locale.institution_action(kind.key()).contains('.'));
            }
            assert_eq!(
                (locale.audit_action("ledger.lend").as_str(), locale.institution_action("x")),
                ("ledger.lend", "x")
            );
        }
    }
}

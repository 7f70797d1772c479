//! The rules over one record of the ledger: what is wrong with it after a correction that was not wrong before.

use super::{CheckContext, Checker, Finding, Severity};
use crate::domain::code::CertCode;
use crate::domain::ledger::Holder;
use crate::domain::ledger::case::ValueFault;
use crate::domain::roster::BlockBuilder;
use crate::domain::sheet::{ColumnMap, Field, SourceColumn};

/// Finds the first error in a corrected record: in a column that changed, or one that the change brings about elsewhere.
///
/// What was wrong before and stays as it was is no reason to leave the rest wrong too.
pub fn fault_of_change(context: &CheckContext, code: CertCode, before: &Holder, after: &Holder) -> Option<ValueFault> {
    let fields = &context.sheet.fields;
    let cell = |holder: &Holder, field: Field| match field {
        Field::Code => code.to_string(),
        _ => holder.cell(field).unwrap_or_default().to_string(),
    };
    let mut block = BlockBuilder::new();
    for (holder, line) in [before, after].into_iter().zip(0..) {
        fields.iter().for_each(|field| block.cell(&cell(holder, *field)));
        block.end_row(line);
    }
    let source = fields.iter().map(|f| SourceColumn {
        label: context.sheet.label(*f).to_string(),
        field: Some(*f),
        ..SourceColumn::default()
    });
    let checker = Checker::new(context.clone(), ColumnMap::new(source.collect()));
    let findings = checker.check_block(&block.finish(2)).findings;
    let stood = |new: &Finding| {
        let is_it = |old: &Finding| (old.row, old.field, old.rule) == (0, new.field, new.rule);
        before.cell(new.field) == after.cell(new.field) && findings.iter().any(is_it)
    };
    let fault = findings.iter().find(|f| f.row == 1 && f.severity() == Severity::Error && !stood(f))?;
    let clause = context.clause(fault.rule, fault.field, fault.detail).to_string();
    Some(ValueFault { field: fault.field, rule: fault.rule.spec().code, clause })
}

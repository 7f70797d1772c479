//! When a command can be used, and what is said where it cannot.

/// When a command can be used (可用条件).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Always,
    /// While a batch is open.
    Batch,
    /// While the batch takes changes.
    Editable,
    /// While the cursor's row has a finding.
    Finding,
    /// While the batch takes changes and a finding of the current cell has a ready fix, or one of its row where the cell has none.
    Fix,
    /// While the batch takes changes and something was found that may have a safe fix.
    Fixes,
    /// While any row has a finding.
    Findings,
    /// While any row has a finding, or a text is searched for.
    Next,
    /// While rows are filtered.
    Filtered,
    /// While rows are sorted.
    Sorted,
    /// While rows are marked.
    Marked,
    /// While a step can be undone.
    Undoable,
    /// While a step can be redone.
    Redoable,
    /// While the current cell has been edited.
    Edited,
    /// While somebody else holds the batch.
    Held,
    /// While the ledger's list has a line.
    Line,
    /// While a series is in hand.
    Series,
    /// While a certificate is in hand.
    Certificate,
    /// While a case is in hand.
    Case,
    /// While something is in hand that events happen to.
    Thing,
    /// While the registry is on screen, or a plan that lacks an institution.
    Unfiled,
}

impl When {
    /// Gives the locale key of the sentence that says why it is not so.
    pub fn why_not(self) -> &'static str {
        match self {
            When::Finding => "status.no-finding-here",
            When::Fix => "status.no-fix",
            When::Findings | When::Next => "status.no-finding",
            When::Fixes => "status.no-safe-fix",
            When::Filtered => "status.no-filter",
            When::Sorted => "status.not-sorted",
            When::Marked => "status.none-marked",
            When::Undoable => "status.nothing-to-undo",
            When::Redoable => "status.nothing-to-redo",
            When::Edited => "status.not-edited",
            When::Held => "status.nobody-else",
            When::Line | When::Series | When::Certificate | When::Case | When::Thing => "status.nothing-chosen",
            When::Always | When::Batch | When::Editable | When::Unfiled => "status.not-now",
        }
    }

    /// Tells whether a command does nothing because there is nothing to do it to, which is nobody's mistake.
    pub fn is_mere_absence(self) -> bool {
        matches!(
            self,
            When::Finding
                | When::Findings
                | When::Fixes
                | When::Next
                | When::Filtered
                | When::Sorted
                | When::Marked
                | When::Undoable
                | When::Redoable
                | When::Edited
                | When::Held
        )
    }

    /// Tells whether it is about changing the roster.
    pub fn changes(self) -> bool {
        matches!(self, When::Editable | When::Fix | When::Fixes | When::Undoable | When::Redoable | When::Edited)
    }
}

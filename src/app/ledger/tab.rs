//! The tabs of the pane, listed once: whoever needs one thing of each has it made from this list.

/// Hands the tabs to a macro: each with its name, the name of its files and of its state, and the locale key of its title.
macro_rules! each_tab {
    ($make:ident) => {
        $make! {
            Series series "ui.ledger.tab.series",
            Certificates certificates "ui.ledger.tab.certificates",
            Cases cases "ui.ledger.tab.cases",
            Audit audit "ui.ledger.tab.audit",
            Institutions institutions "ui.ledger.tab.institutions",
            Deadlines deadlines "ui.ledger.tab.deadlines",
            Stock stock "ui.ledger.tab.stock",
            Shares shares "ui.ledger.tab.shares",
            Screening screening "ui.ledger.tab.screening",
        }
    };
}
pub(crate) use each_tab;

macro_rules! tabs {
    ($($tab:ident $module:ident $title:literal,)*) => {
        /// A list of the pane, and what is opened from it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Tab {
            $($tab,)*
        }

        impl Tab {
            /// Every tab, in order.
            pub const ALL: &[Tab] = &[$(Tab::$tab,)*];

            /// Gives the locale key of its title.
            pub fn key(self) -> &'static str {
                match self {
                    $(Tab::$tab => $title,)*
                }
            }
        }
    };
}
each_tab!(tabs);

impl Tab {
    /// Gives the tab so many places further on; behind the last comes the first.
    #[must_use]
    pub fn turned(self, by: usize) -> Tab {
        Tab::ALL[(self as usize + by) % Tab::ALL.len()]
    }
}

impl Default for Tab {
    fn default() -> Tab {
        Tab::ALL[0]
    }
}

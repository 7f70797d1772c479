//! The examples (示例): how a clerk calls a verb, and what for.

use super::Locale;

/// What stands between a call and its remark; to a shell the remark is one, too.
const REMARK: &str = "  # ";

/// Where the examples of the program itself stand, which has no verb.
pub const PROGRAM_EXAMPLES: &str = "program";

impl Locale {
    /// Lists the examples of a verb, such as `ledger-mark`, each with its remark.
    pub fn examples(&self, verb: &str) -> Vec<(&str, &str)> {
        let lines = (1..).map_while(|nth| self.find(&format!("examples.{verb}.{nth}")));
        lines.filter_map(|line| line.split_once(REMARK)).collect()
    }
}

//! Under which profile the file in hand, the batch on screen and the files to come are checked.

use super::Import;
use crate::app::context::Context;
use crate::app::msg::Effect;

impl Import {
    /// Has the files to come read under a profile.
    pub(in crate::app) fn read_under(&mut self, profile: String) {
        self.profile = Some(profile);
    }

    /// Has the file in hand read under the profile that was picked for it.
    pub(in crate::app) fn answer_profile(&mut self, profile: String, to: &mut Context<'_>) {
        let Some(path) = self.path.clone() else { return };
        self.answered = Some(profile);
        self.read(path, self.sheet.clone(), None, to);
    }

    /// Has the batch on screen checked under another profile; without one under what its rows tell.
    pub(in crate::app) fn change_profile(&mut self, profile: Option<String>, to: &mut Context<'_>) {
        self.opening = true;
        to.push(Effect::ChangeProfile { job: self.outdate(), profile });
    }
}

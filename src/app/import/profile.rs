//! Under which profile the file in hand, the batch on screen and the files to come are checked.

use super::Import;
use crate::app::context::Context;
use crate::app::msg::{Effect, JobId};

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

    /// Has the batch on screen, which is checked `before` under a profile of that name, checked under another one; without one
    /// under what its rows tell.
    pub(in crate::app) fn change_profile(&mut self, before: String, profile: Option<String>, to: &mut Context<'_>) {
        self.opening = true;
        let job = self.outdate();
        self.changed = Some((job, before));
        to.push(Effect::ChangeProfile { job, profile });
    }

    /// Names the profile that a batch was checked under before, where a job has come of changing that.
    pub(in crate::app) fn take_changed(&mut self, job: JobId) -> Option<String> {
        self.changed.take_if(|(asked, _)| *asked == job).map(|(_, before)| before)
    }
}

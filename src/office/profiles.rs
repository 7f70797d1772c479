//! Profiles (地方规则) and the other files of the user's: looked at closely, and begun.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Office;
use crate::data::{self, Catalogue, DataProblem};
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::{self, WriteError, is_same_file};
use crate::words::Lang;

impl Office {
    /// Lists what is wrong with the user's files and settings, but for one file; all of it stays out and stops nothing.
    pub fn data_problems(&self, but: Option<&Path>) -> impl Iterator<Item = &DataProblem> {
        // Without files of the user's nothing needs to be read yet.
        let has_files = self.places().is_ok_and(|places| Catalogue::has_files(places.home()));
        let of_files: &[DataProblem] = if has_files { &self.catalogue().problems } else { &[] };
        let all = of_files.iter().chain(&self.settings().problems);
        all.filter(move |problem| but.is_none_or(|file| !is_same_file(file, &problem.file)))
    }

    /// Looks closely at a profile, a form or a table of the user's.
    pub fn inspect(&self, file: &Path) -> Result<Vec<DataProblem>, Failure> {
        Ok(data::inspect(file, self.catalogue(), self.program()?))
    }

    /// Gives the text of a new profile, begun with another one's or an empty form. The id of a built-in one is refused unless
    /// its place is to be taken, and then the new one begins with what it replaces: an empty form would leave the place
    /// without rules.
    pub fn new_profile(&self, id: &str, from: Option<&str>, replaces: bool) -> Result<String, Failure> {
        let all = self.catalogue();
        let built_in = all.profile(id).zip(all.source(id)).filter(|(_, s)| s.file.is_none() || s.replaces);
        let from = match (built_in, from) {
            (Some((profile, _)), _) if !replaces => {
                let locale = &self.0.locale;
                let name = if locale.lang == Lang::Zh { &profile.name } else { &profile.name_en };
                let places = [("id", id), ("name", name), ("document", &profile.document)];
                let told = locale.fill("profile.is-built-in", &places);
                return Err(Failure::new(FailureKind::Usage, told, locale.fill("profile.is-built-in-hint", &places)));
            }
            (None, _) if replaces => return Err(self.usage("profile.replaces-nothing", &[("id", id)])),
            (Some(_), None) => Some(id),
            (_, from) => from,
        };
        if !data::is_valid_id(id) {
            return Err(self.usage("profile.bad-id", &[("id", id)]));
        }
        let Some(from) = from else { return Ok(data::template(id)) };
        let profile = self.profile(from)?;
        Ok(data::with_id(all.source(&profile.id).map_or("", |source| source.text.as_ref()), id))
    }

    /// Writes a new profile to a file, else among the user's profiles in the state folder. A file that is there stays.
    pub fn write_profile(&self, id: &str, text: &str, file: Option<&Path>) -> Result<PathBuf, Failure> {
        let exists = |path: &Path| self.usage("profile.exists", &[("file", &path.to_string_lossy())]);
        if let Some(path) = file {
            let written =
                atomic::write(path, false, None, |w| w.write_all(text.as_bytes()).map_err(WriteError::io(path)));
            return written.map(|()| path.to_path_buf()).map_err(|e| match e {
                WriteError::Exists(path) => exists(&path),
                other => self.0.locale.write_failure(&other),
            });
        }
        let places = self.places().map_err(|e| self.told(&e))?;
        let name = format!("{id}.toml");
        let path = places.home().join(data::FOLDERS[0]).join(&name);
        if path.symlink_metadata().is_ok() {
            return Err(exists(&path));
        }
        places.new_file(data::FOLDERS[0], &name, text.as_bytes()).map_err(|e| self.told(&e))
    }
}

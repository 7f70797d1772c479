//! What a person has chosen while working (个人选择): a small file of settings in the state folder for each user of it, so
//! that a shared folder keeps them apart.

use std::fs::{self, File};
use std::io::Write;

use super::error::{Result, StoreError};
use super::places::{self, StatePaths};

/// A file longer than this is none of ours.
const LONGEST: usize = 4096;

/// Keeps a setting for the next start, in place of what it was before. `value` is written as settings are.
///
/// # Errors
/// The system's refusals; what was there before stays then.
pub fn remember(places: &StatePaths, name: &str, value: &str) -> Result<()> {
    let path = places.choices();
    // What is not there or no text of ours is written anew.
    places::must_be_plain(&path)?;
    let before = fs::read_to_string(&path).ok().filter(|text| text.len() <= LONGEST).unwrap_or_default();
    let is_other = |line: &&str| !line.is_empty() && line.split('=').next().is_none_or(|key| key.trim() != name);
    let mut text = before.lines().filter(is_other).fold(String::new(), |all, line| all + line + "\n");
    text += &format!("{name} = {value}\n");
    if text == before {
        return Ok(());
    }
    let beside = path.with_extension("new");
    let failed = |e: std::io::Error| StoreError::from_io(&path, &e);
    places::private_file(&beside)?;
    let mut file = File::options().write(true).truncate(true).open(&beside).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&beside, &path).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_last_choice_of_a_name_is_kept_for_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let places = StatePaths::at(dir.path()).unwrap();
        for (name, value) in [("theme", "\"light\""), ("tour", "true"), ("theme", "\"none\"")] {
            remember(&places, name, value).unwrap();
        }
        assert_eq!(fs::read_to_string(places.choices()).unwrap(), "tour = true\ntheme = \"none\"\n");
        assert_eq!(fs::metadata(places.choices()).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let places = StatePaths::at(&dir.path().join("nowhere")).unwrap();
        assert_eq!(remember(&places, "tour", "true").unwrap_err().key(), "io");
    }
}

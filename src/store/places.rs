//! The state folder (数据目录) and the files in it: readable by nobody else, or by the group that shares it, whatever the
//! umask.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use super::error::{Result, StoreError};
pub(super) use super::plain::{identity, must_be_plain, open_plain, private_file};

const DATABASE: &str = "skillcert.sqlite3";
const HEAD: &str = "skillcert.head";
const SETTINGS: &str = "config.toml";
const LOCK_PROBE: &str = "skillcert.lockprobe";
const BACKUPS: &str = "backups";
const RECIPES: &str = "recipes";

/// For whom a folder and the files in it are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// For their owner alone.
    Owner,
    /// For everyone of the folder's group; what is made in it is the group's again.
    Group,
}

impl Access {
    /// Tells for whom a folder is: one that lets its group and nobody else in and hands the group on is shared.
    pub(super) fn of(folder: &Path) -> Access {
        match fs::metadata(folder) {
            Ok(found) if found.mode() & 0o2077 == Access::Group.folder() & 0o2077 => Access::Group,
            _ => Access::Owner,
        }
    }

    pub(super) fn folder(self) -> u32 {
        if self == Access::Group { 0o2770 } else { 0o700 }
    }

    pub(super) fn file(self) -> u32 {
        if self == Access::Group { 0o660 } else { 0o600 }
    }
}

/// What users put into the state folder themselves, which a backup takes along.
const OWN: [&str; 7] = ["profiles", "tables", "sheets", "locales", RECIPES, SETTINGS, "keys.toml"];

/// What else lies there; everything else of ours begins with `skillcert`.
const KNOWN: [&str; 2] = ["logs", BACKUPS];

/// A folder or file that others can get at, though it is not theirs to see, and that we cannot close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposedPath {
    /// The folder or file.
    pub path: PathBuf,
    /// Its mode, as `chmod` writes it.
    pub mode: u32,
}

/// Where the state is kept (数据目录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatePaths {
    home: PathBuf,
    program: Option<PathBuf>,
}

impl StatePaths {
    /// Finds the state folder: the argument, else `SKILLCERT_HOME` of the variables, else the platform's data directory.
    /// `program` is our own, which tries locks as a child process.
    pub fn found(
        home_arg: Option<&Path>,
        variable: &dyn Fn(&str) -> Option<OsString>,
        program: Option<PathBuf>,
    ) -> Result<StatePaths> {
        let platform = || own_folders(variable).map(|d| d.data_dir().to_path_buf());
        let places = StatePaths::choose(home_arg, variable("SKILLCERT_HOME").as_deref(), platform)?;
        Ok(StatePaths { program, ..places })
    }

    /// Finds the state folder from given values; an empty variable counts as unset.
    pub fn choose(
        home_arg: Option<&Path>,
        variable: Option<&OsStr>,
        platform: impl FnOnce() -> Option<PathBuf>,
    ) -> Result<StatePaths> {
        let chosen = home_arg.map(Path::to_path_buf).or_else(|| variable.filter(|v| !v.is_empty()).map(PathBuf::from));
        StatePaths::at(&chosen.or_else(platform).ok_or(StoreError::NoHome)?)
    }

    /// Lists where settings are looked for, the later going before the earlier: in the state folder for everyone who uses
    /// it, then the person's own, which is `SKILLCERT_CONFIG` or in the platform's folder for such files, then what the
    /// person has chosen while working. An empty variable stands for no file.
    pub fn settings(home_arg: Option<&Path>, variable: &dyn Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
        let places = StatePaths::found(home_arg, variable, None).ok();
        let of_site = places.as_ref().map(|places| places.home.join(SETTINGS));
        let own = match variable("SKILLCERT_CONFIG") {
            Some(named) => Some(PathBuf::from(named)).filter(|file| !file.as_os_str().is_empty()),
            None => own_folders(variable).map(|d| d.config_dir().join(SETTINGS)),
        };
        of_site.into_iter().chain(own).chain(places.map(|places| places.choices())).collect()
    }

    /// Takes a folder as the state folder; nothing is created yet.
    pub fn at(home: &Path) -> Result<StatePaths> {
        // A later change of the working directory must not move the store.
        let home = std::path::absolute(home).map_err(|e| StoreError::from_io(home, &e))?;
        Ok(StatePaths { home, program: None })
    }

    /// Gives the state folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Gives the database file.
    pub fn database(&self) -> PathBuf {
        self.home.join(DATABASE)
    }

    /// Gives the file that holds the end of the audit chain.
    pub(super) fn head(&self) -> PathBuf {
        self.home.join(HEAD)
    }

    /// Gives the file of what this user has chosen while working.
    pub(super) fn choices(&self) -> PathBuf {
        self.home.join(format!("skillcert.user-{}.toml", own_user_id()))
    }

    /// Gives the file at which locks are tried.
    pub(super) fn lock_probe(&self) -> PathBuf {
        self.home.join(LOCK_PROBE)
    }

    /// Gives our own program, which tries locks as a child process; none where the store is used from another program.
    pub(super) fn program(&self) -> Option<&Path> {
        self.program.as_deref()
    }

    /// Tells whether a path leads to a file of the state folder's own, or to one that users put there for the program.
    pub fn is_state(&self, path: &Path) -> bool {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (Ok(folder), Ok(home), Some(name)) = (folder.canonicalize(), self.home.canonicalize(), path.file_name())
        else {
            return false;
        };
        let file = folder.join(name);
        let first = file.strip_prefix(&home).ok().and_then(|inside| inside.components().next());
        let first = first.and_then(|first| first.as_os_str().to_str());
        first.is_some_and(|n| n.starts_with("skillcert.") || KNOWN.contains(&n) || OWN.contains(&n))
    }

    /// Gives the copy that is made before a file of an older version is migrated.
    pub fn backup(&self, version: i64) -> PathBuf {
        self.home.join(format!("{DATABASE}.v{version}.bak"))
    }

    /// Tells whether the state folder is shared by a group.
    pub fn is_shared(&self) -> bool {
        Access::of(&self.home) == Access::Group
    }

    /// Makes the state folder one that its group shares, with what is in it.
    ///
    /// # Errors
    /// [`StoreError::NotOurs`] for a folder that holds other things, and the system's refusals.
    pub fn share_with_group(&self) -> Result<()> {
        create_folder(&self.home, Access::Group)?;
        if !self.is_only_ours() {
            return Err(StoreError::NotOurs { path: self.home.clone() });
        }
        if !self.is_shared() {
            set_mode(&self.home, Access::Group.folder())?;
        }
        hand_to_group(&self.home)
    }

    /// Writes a new file of the user's into a folder of the state folder, for whom the state folder is; one that is there stays.
    ///
    /// # Errors
    /// [`StoreError::Io`] and its like; also when there is such a file.
    pub fn new_file(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let folder = self.home.join(folder);
        let access = Access::of(&self.home);
        create_folder(&folder, access)?;
        let path = folder.join(name);
        let failed = |e: std::io::Error| StoreError::from_io(&path, &e);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(failed)?;
        set_mode(&path, access.file())?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        Ok(path)
    }

    /// Gives the folder of backups; made, and closed to others, where it is not there.
    pub fn backups(&self) -> Result<PathBuf> {
        let folder = self.home.join(BACKUPS);
        create_folder(&folder, Access::of(&self.home))?;
        Ok(folder)
    }

    /// Lists what users put into the state folder themselves: the path inside it, and the file. Links to folders are not
    /// followed.
    pub fn own_files(&self) -> Vec<(PathBuf, PathBuf)> {
        let mut all = Vec::new();
        OWN.iter().for_each(|name| collect(&self.home, Path::new(name), &mut all));
        all
    }

    /// Tells whether a path inside the state folder is one of those that users put there.
    pub fn is_own(inside: &Path) -> bool {
        use std::path::Component;
        let mut parts = inside.components();
        let known = matches!(parts.next(), Some(Component::Normal(first)) if OWN.iter().any(|name| first == *name));
        known && parts.all(|part| matches!(part, Component::Normal(_)))
    }

    /// Closes a file that was put into the state folder to others, or opens it to the group that shares the folder.
    pub fn settle(&self, file: &Path) -> Result<()> {
        set_mode(file, Access::of(&self.home).file())
    }

    /// Closes a folder that was put into the state folder to others, or opens it to the group that shares the folder.
    pub fn settle_folder(&self, folder: &Path) -> Result<()> {
        set_mode(folder, Access::of(&self.home).folder())
    }

    /// Creates the state folder for a backup that is to be put into it.
    ///
    /// # Errors
    /// [`StoreError::NotOurs`] for a folder that holds other things.
    pub fn prepare_for_restore(&self) -> Result<()> {
        create_folder(&self.home, Access::Owner)?;
        if !self.database().exists() && !self.is_only_ours() {
            return Err(StoreError::NotOurs { path: self.home.clone() });
        }
        Ok(())
    }

    /// Puts a file of the user's into the state folder, in place of one of that name; whole or not at all.
    pub fn put_own(&self, inside: &Path, from: &Path) -> Result<()> {
        let mut file = fs::File::open(from).map_err(|e| StoreError::from_io(&self.home.join(inside), &e))?;
        self.put(inside, &mut file)
    }

    fn put(&self, inside: &Path, from: &mut dyn Read) -> Result<()> {
        let target = self.home.join(inside);
        let folder = target.parent().unwrap_or(&self.home);
        let failed = |e: std::io::Error| StoreError::from_io(&target, &e);
        create_folder(folder, Access::of(&self.home))?;
        let mut new =
            tempfile::Builder::new().prefix(".skillcert-").suffix(".part").tempfile_in(folder).map_err(failed)?;
        std::io::copy(from, new.as_file_mut()).map_err(failed)?;
        set_mode(new.path(), Access::of(&self.home).file())?;
        new.as_file().sync_all().map_err(failed)?;
        new.persist(&target).map(drop).map_err(|e| failed(e.error))
    }

    /// Lists the files of recipes with their names.
    pub fn recipes(&self) -> Vec<(String, PathBuf)> {
        let mut all = Vec::new();
        collect(&self.home, Path::new(RECIPES), &mut all);
        let named = |(inside, file): (PathBuf, PathBuf)| {
            let name = inside.file_name()?.to_str()?.strip_suffix(".toml")?.to_string();
            (inside.components().count() == 2).then_some((name, file))
        };
        all.into_iter().filter_map(named).collect()
    }

    /// Gives the file of a recipe.
    pub fn recipe(&self, name: &str) -> PathBuf {
        self.home.join(RECIPES).join(format!("{name}.toml"))
    }

    /// Writes a recipe; one of that name stays, unless it is to be replaced.
    pub fn write_recipe(&self, name: &str, text: &str, replaces: bool) -> Result<PathBuf> {
        let file = format!("{name}.toml");
        if !replaces {
            return self.new_file(RECIPES, &file, text.as_bytes());
        }
        let inside = Path::new(RECIPES).join(file);
        self.put(&inside, &mut text.as_bytes())?;
        Ok(self.home.join(inside))
    }

    /// Removes a recipe.
    pub fn delete_recipe(&self, name: &str) -> Result<()> {
        let file = self.recipe(name);
        fs::remove_file(&file).map_err(|e| StoreError::from_io(&file, &e))
    }

    /// Creates what is missing and closes to others what is ours; a shared folder stays shared.
    pub(super) fn prepare(&self) -> Result<()> {
        create_folder(&self.home, Access::Owner)?;
        self.close()?;
        private_file(&self.database())
    }

    /// Closes what is ours and open to others: the folder where it holds nothing else, and every file of ours in it.
    fn close(&self) -> Result<()> {
        let found = fs::metadata(&self.home).map_err(|e| StoreError::from_io(&self.home, &e))?;
        if found.uid() == own_user_id() && found.mode() & 0o077 != 0 && !self.is_shared() && self.is_only_ours() {
            set_mode(&self.home, Access::Owner.folder())?;
        }
        for ExposedPath { path, .. } in self.exposed_paths() {
            // What belongs to somebody else is told by whoever asks, and stops nothing.
            let Ok(found) = fs::symlink_metadata(&path) else { continue };
            let is_plain = found.is_dir() || (found.is_file() && found.nlink() == 1);
            if path != self.home && is_plain && found.uid() == own_user_id() {
                let access = Access::of(&self.home);
                let most = if found.is_dir() { access.folder() } else { access.file() };
                // Nothing is opened further than it is: the file may be meant for nobody else.
                set_mode(&path, found.mode() & (most | 0o2000))?;
            }
        }
        Ok(())
    }

    /// Lists what others can get at though it is ours: the state folder itself, and what lies in it.
    pub fn exposed_paths(&self) -> Vec<ExposedPath> {
        let mut all = Vec::new();
        let access = Access::of(&self.home);
        let mut look = |path: PathBuf, allowed: u32| {
            if let Ok(found) = fs::symlink_metadata(&path)
                && !found.is_symlink()
                && found.mode() & 0o077 & !allowed != 0
            {
                all.push(ExposedPath { path, mode: found.mode() & 0o7777 });
            }
        };
        look(self.home.clone(), access.folder());
        let ours = |name: &OsStr| name.to_str().is_some_and(|n| n.starts_with("skillcert") || KNOWN.contains(&n));
        let inside = fs::read_dir(&self.home).into_iter().flatten().flatten();
        for entry in inside.filter(|entry| ours(&entry.file_name())) {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            look(entry.path(), if is_folder { access.folder() } else { access.file() });
            if is_folder {
                let below = fs::read_dir(entry.path()).into_iter().flatten().flatten();
                below.for_each(|below| look(below.path(), access.file()));
            }
        }
        all
    }

    /// Tells whether the folder holds nothing but our own things: `--home /tmp` must not lock everyone out of it.
    fn is_only_ours(&self) -> bool {
        let known = |name: &str| name.starts_with("skillcert") || KNOWN.contains(&name) || OWN.contains(&name);
        let ours = |name: &OsStr| name.to_str().is_some_and(known);
        fs::read_dir(&self.home).is_ok_and(|mut all| all.all(|entry| entry.is_ok_and(|e| ours(&e.file_name()))))
    }
}

/// Lists the files at and below a path inside the state folder.
fn collect(home: &Path, inside: &Path, all: &mut Vec<(PathBuf, PathBuf)>) {
    let path = home.join(inside);
    if fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir()) {
        let mut names: Vec<_> = fs::read_dir(&path).into_iter().flatten().flatten().map(|e| e.file_name()).collect();
        names.sort();
        names.iter().for_each(|name| collect(home, &inside.join(name), all));
    } else if path.is_file() {
        all.push((inside.to_path_buf(), path));
    }
}

/// Gives the platform's folders for files of ours. Nothing without `HOME`: the library would then ask the system's lists of
/// users, which a static program cannot do everywhere.
fn own_folders(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<directories::ProjectDirs> {
    variable("HOME").filter(|home| !home.is_empty())?;
    directories::ProjectDirs::from("", "", "skillcert")
}

fn own_user_id() -> u32 {
    rustix::process::geteuid().as_raw()
}

pub(super) fn set_mode(path: &Path, mode: u32) -> Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(|e| StoreError::from_io(path, &e))
}

/// Gives what is in a folder of ours to the folder's group.
fn hand_to_group(folder: &Path) -> Result<()> {
    let failed = |e: std::io::Error| StoreError::from_io(folder, &e);
    let group = fs::metadata(folder).map_err(failed)?.gid();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let found = fs::symlink_metadata(&path).map_err(|e| StoreError::from_io(&path, &e))?;
        // What belongs to a colleague was made by the colleague's program, for the group already.
        if found.uid() != own_user_id() || found.is_symlink() {
            continue;
        }
        if found.gid() != group {
            chown(&path, None, Some(group)).map_err(|e| StoreError::from_io(&path, &e))?;
        }
        if found.is_dir() {
            set_mode(&path, Access::Group.folder())?;
            hand_to_group(&path)?;
        } else {
            set_mode(&path, Access::Group.file())?;
        }
    }
    Ok(())
}

/// Creates a folder and those above it; what exists is left alone.
pub(super) fn create_folder(folder: &Path, access: Access) -> Result<()> {
    let missing: Vec<&Path> = folder.ancestors().take_while(|f| !f.exists()).collect();
    for new in missing.into_iter().rev() {
        match DirBuilder::new().mode(0o700).create(new) {
            // The umask may have taken bits away, even our own.
            Ok(()) => set_mode(new, access.folder())?,
            Err(e) if e.kind() == ErrorKind::AlreadyExists && new.is_dir() => {}
            Err(e) => return Err(StoreError::from_io(new, &e)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn takes_argument_then_variable_then_platform() {
        let platform = || Some(PathBuf::from("/platform"));
        let home = |arg: Option<&str>, var: Option<&str>| {
            let places = StatePaths::choose(arg.map(Path::new), var.map(OsStr::new), platform).unwrap();
            places.home().to_path_buf()
        };
        assert_eq!(home(Some("/arg"), Some("/var")), Path::new("/arg"));
        assert_eq!(home(None, Some("/var")), Path::new("/var"));
        assert_eq!(home(None, Some("")), Path::new("/platform"));
        assert!(home(Some("relative"), None).is_absolute());
        assert_eq!(StatePaths::choose(None, None, || None).unwrap_err().key(), "no-home");
    }

    #[test]
    fn names_the_folder_that_cannot_be_made() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        let error = StatePaths::at(&file.join("home")).unwrap().prepare().unwrap_err();
        assert!(error.to_string().contains("home"), "{error}");
        let error = StatePaths::at(&file).unwrap().prepare().unwrap_err();
        assert_eq!(error.key(), "io");
    }

    #[test]
    fn tightens_what_is_ours_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let places = StatePaths::at(&dir.path().join("home")).unwrap();
        places.prepare().unwrap();
        set_mode(places.home(), 0o755).unwrap();
        set_mode(&places.database(), 0o644).unwrap();
        fs::create_dir(places.home().join("profiles")).unwrap();
        places.prepare().unwrap();
        assert_eq!((mode(places.home()), mode(&places.database())), (0o700, 0o600));
        set_mode(places.home(), 0o755).unwrap();
        fs::write(places.home().join("letter.txt"), "").unwrap();
        places.prepare().unwrap();
        assert_eq!((mode(places.home()), mode(&places.database())), (0o755, 0o600));
    }

    /// Acts only as the child of the next test, because a umask belongs to a whole process.
    #[test]
    fn child_opens_a_store() {
        if let Some(home) = std::env::var_os("SKILLCERT_TEST_PLACES") {
            let store = super::super::Store::open(&StatePaths::at(Path::new(&home)).unwrap(), "u", "test").unwrap();
            store.set_setting("a", "b").unwrap();
        }
    }

    #[test]
    fn modes_do_not_depend_on_the_umask() {
        for umask in ["0", "0077", "0777"] {
            let dir = tempfile::tempdir().unwrap();
            let home = dir.path().join("above").join("home");
            let done = Command::new("sh")
                .args(["-c", "umask $1; shift; exec \"$@\"", "sh", umask])
                .arg(std::env::current_exe().unwrap())
                .args(["--exact", "store::places::tests::child_opens_a_store"])
                .env("SKILLCERT_TEST_PLACES", &home)
                .output()
                .unwrap();
            assert!(done.status.success(), "{done:?}");
            let places = StatePaths::at(&home).unwrap();
            assert_eq!(
                (mode(&dir.path().join("above")), mode(&home), mode(&places.database())),
                (0o700, 0o700, 0o600),
                "umask {umask}"
            );
        }
    }
}

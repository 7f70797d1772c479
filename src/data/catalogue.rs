//! What the program works with: the built-in profiles and forms, and the user's in addition or in their place.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::problem::{DataFault, DataProblem};
use super::user_tables::{self, UserTables};
use super::{PROFILES, SHEETS, joined_tables};
use crate::domain::form::Form;
use crate::domain::ledger::reply::ReplyTerms;
use crate::domain::profile::Profile;
use crate::domain::rules::Tables;
use crate::domain::sheet::SheetSpec;
use crate::formats::FileRefusal;

/// The folders of the state folder that hold the user's files.
pub const FOLDERS: [&str; 3] = ["profiles", "sheets", "tables"];

/// The most bytes of a profile or form; the longest built in has a hundredth of them.
const MOST: u64 = 1 << 20;

/// Where a profile comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileSource {
    pub text: Cow<'static, str>,
    /// The user's file; nothing for what is built in.
    pub file: Option<PathBuf>,
    /// Whether it stands in the place of a built-in one.
    pub replaces: bool,
}

/// Profiles, forms and tables, built in and the user's.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The profiles: built in, then the user's; one that replaces another stands in its place.
    pub profiles: Vec<Arc<Profile>>,
    /// Where each profile comes from, in the same order.
    pub sources: Vec<ProfileSource>,
    /// The forms that rosters are read by, in the same way.
    pub sheets: Vec<Arc<SheetSpec>>,
    /// The forms that are printed, in the same way.
    pub forms: Vec<Arc<Form>>,
    pub user_tables: UserTables,
    /// What is wrong with the user's files.
    pub problems: Vec<DataProblem>,
}

impl Catalogue {
    /// Gives what is built in.
    pub fn built_in() -> Catalogue {
        super::built_in().clone()
    }

    pub(super) fn read_built_in() -> Catalogue {
        let read = PROFILES.iter().filter_map(|text| Some((Arc::new(Profile::parse(text).ok()?), *text)));
        let (profiles, texts): (Vec<_>, Vec<_>) = read.unzip();
        let source = |text| ProfileSource { text: Cow::Borrowed(text), file: None, replaces: false };
        Catalogue {
            profiles,
            sources: texts.into_iter().map(source).collect(),
            sheets: SHEETS.iter().filter_map(|text| SheetSpec::parse(text).ok()).map(with_words).collect(),
            forms: SHEETS
                .iter()
                .filter(|text| Form::is_laid_out(text))
                .filter_map(|text| Form::parse(text).ok())
                .map(Arc::new)
                .collect(),
            user_tables: UserTables::default(),
            problems: Vec::new(),
        }
    }

    /// Gives what the program works with: what is built in, and the user's files where the state folder has any.
    pub fn of(home: &Path, program: &Path) -> Catalogue {
        if Catalogue::has_files(home) { Catalogue::load(home, program) } else { Catalogue::built_in() }
    }

    /// Tells whether a state folder has files of the user's.
    pub fn has_files(home: &Path) -> bool {
        FOLDERS.iter().any(|folder| home.join(folder).is_dir())
    }

    /// Gives what is built in with the user's files below the state folder; creates nothing.
    pub fn load(home: &Path, program: &Path) -> Catalogue {
        let mut all = Catalogue::built_in();
        all.load_sheets(&home.join(FOLDERS[1]));
        all.load_profiles(&home.join(FOLDERS[0]));
        for path in all.files(&home.join(FOLDERS[2]), &user_tables::ENDINGS) {
            all.user_tables.read(&path, program, &mut all.problems);
        }
        all
    }

    /// Finds a profile by its id.
    pub fn profile(&self, id: &str) -> Option<&Arc<Profile>> {
        self.profiles.iter().find(|p| p.id == id)
    }

    /// Finds where a profile comes from.
    pub fn source(&self, id: &str) -> Option<&ProfileSource> {
        self.profiles.iter().zip(&self.sources).find(|(p, _)| p.id == id).map(|(_, source)| source)
    }

    /// Gives what a profile's file says under a dotted key, such as `words.forbidden`.
    pub fn profile_value(&self, id: &str, key: &str) -> Option<toml::Value> {
        let mut value = self.source(id)?.text.parse::<toml::Table>().ok().map(toml::Value::Table)?;
        for key in key.split('.') {
            value = value.get(key)?.clone();
        }
        Some(value)
    }

    /// Finds a form by its id.
    pub fn sheet(&self, id: &str) -> Option<&Arc<SheetSpec>> {
        self.sheets.iter().find(|s| s.id == id)
    }

    /// Finds a printed form by its id.
    pub fn form(&self, id: &str) -> Option<&Arc<Form>> {
        self.forms.iter().find(|form| form.id == id)
    }

    /// Reads the tables the rules look things up in; takes a while.
    pub fn tables(&self) -> Tables {
        joined_tables(&self.user_tables)
    }

    /// Gives how sites name the columns of their replies, and what their words say.
    pub fn reply_terms(&self) -> ReplyTerms {
        super::reply_terms(&self.user_tables.reply_words)
    }

    fn load_sheets(&mut self, folder: &Path) {
        let mut taken: Vec<(String, PathBuf)> = Vec::new();
        for path in self.files(folder, &[".toml"]) {
            let read = read_text(&path).and_then(|text| form_file(&path, &text).map(|read| (text, read)));
            let (text, (sheet, form)) = match read {
                Ok(read) => read,
                Err(problem) => {
                    self.problems.push(problem);
                    continue;
                }
            };
            let id = sheet.as_ref().map(|sheet| &sheet.id).or(form.as_ref().map(|form| &form.id));
            if let Some(Err(problem)) = id.map(|id| take_id(&mut taken, id, &path, &text)) {
                self.problems.push(problem);
                continue;
            }
            if let Some(sheet) = sheet {
                match self.sheets.iter_mut().find(|s| s.id == sheet.id) {
                    Some(place) => *place = Arc::new(sheet),
                    None => self.sheets.push(Arc::new(sheet)),
                }
            }
            if let Some(form) = form {
                match self.forms.iter_mut().find(|f| f.id == form.id) {
                    Some(place) => *place = Arc::new(form),
                    None => self.forms.push(Arc::new(form)),
                }
            }
        }
    }

    fn load_profiles(&mut self, folder: &Path) {
        let mut taken: Vec<(String, PathBuf)> = Vec::new();
        for path in self.files(folder, &[".toml"]) {
            match read_text(&path).and_then(|text| self.profile_of(&path, &text).map(|profile| (text, profile))) {
                Ok((text, profile)) => {
                    if let Err(problem) = take_id(&mut taken, &profile.id, &path, &text) {
                        self.problems.push(problem);
                        continue;
                    }
                    let place = self.profiles.iter().position(|p| p.id == profile.id);
                    let source = ProfileSource { text: text.into(), file: Some(path), replaces: place.is_some() };
                    match place {
                        Some(at) => (self.profiles[at], self.sources[at]) = (Arc::new(profile), source),
                        None => {
                            self.profiles.push(Arc::new(profile));
                            self.sources.push(source);
                        }
                    }
                }
                Err(problem) => self.problems.push(problem),
            }
        }
    }

    /// Reads a profile and looks whether its forms are there: without one nothing could be checked.
    pub(super) fn profile_of(&self, path: &Path, text: &str) -> Result<Profile, DataProblem> {
        let profile = Profile::parse(text).map_err(|e| DataProblem::of_profile(path, text, &e))?;
        check_id(&profile.id, path, text)?;
        let of_corrections = Some(&profile.correction.sheet).filter(|id| !id.is_empty());
        let named = profile.sheets.iter().map(|id| ("sheets", id)).chain(of_corrections.map(|id| ("correction", id)));
        match named.into_iter().find(|(_, id)| self.sheet(id).is_none()) {
            Some((key, id)) => Err(DataProblem::of_key(path, text, key, None, DataFault::UnknownSheet(id.clone()))),
            None => Ok(profile),
        }
    }

    /// Lists the files of a folder with certain endings, by name. A folder that is not there holds none.
    fn files(&mut self, folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
        let entries = match folder.read_dir() {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
            Err(e) => {
                self.problems.push(DataProblem::of_file(folder, DataFault::Refused(FileRefusal::from_io(&e))));
                return Vec::new();
            }
        };
        let is_ours = |path: &PathBuf| {
            let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
            // Editors and spreadsheet programs leave such names beside the file they have open.
            !name.starts_with(['.', '~']) && endings.iter().any(|e| name.ends_with(e))
        };
        let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(is_ours).collect();
        files.sort();
        files
    }
}

/// Tells whether a text can be an id: small letters, digits and hyphens, at most 64.
pub fn is_valid_id(id: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !id.is_empty() && id.len() <= 64 && id.bytes().all(fits) && !id.starts_with('-')
}

fn check_id(id: &str, path: &Path, text: &str) -> Result<(), DataProblem> {
    if is_valid_id(id) {
        Ok(())
    } else {
        Err(DataProblem::of_key(path, text, "id", None, DataFault::BadId(id.to_string())))
    }
}

/// Notes which file has an id; of two files the first by name has it.
fn take_id(taken: &mut Vec<(String, PathBuf)>, id: &str, path: &Path, text: &str) -> Result<(), DataProblem> {
    if let Some((_, first)) = taken.iter().find(|(other, _)| other == id) {
        let fault = DataFault::IdTwice(id.to_string(), first.clone());
        return Err(DataProblem::of_key(path, text, "id", None, fault));
    }
    taken.push((id.to_string(), path.to_path_buf()));
    Ok(())
}

fn with_words(sheet: SheetSpec) -> Arc<SheetSpec> {
    Arc::new(sheet.with_words(super::header_words()))
}

/// Reads a file of a form: its columns, its layout, or both.
pub(super) fn form_file(path: &Path, text: &str) -> Result<(Option<SheetSpec>, Option<Form>), DataProblem> {
    let is_laid_out = Form::is_laid_out(text);
    let has_columns = text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("column"));
    let sheet = if has_columns || !is_laid_out { Some(sheet_of(path, text)?) } else { None };
    let form = is_laid_out.then(|| Form::parse(text)).transpose();
    let form = form.map_err(|error| DataProblem::of_form(path, text, &error))?;
    if let Some(form) = &form {
        check_id(&form.id, path, text)?;
    }
    Ok((sheet, form))
}

fn sheet_of(path: &Path, text: &str) -> Result<SheetSpec, DataProblem> {
    let sheet =
        SheetSpec::parse(text).map_err(|e| DataProblem::of_sheet(path, text, &e))?.with_words(super::header_words());
    check_id(&sheet.id, path, text)?;
    Ok(sheet)
}

/// Refuses what is no file of a sensible size, before it is opened: a pipe would keep us waiting.
pub(super) fn check_file(path: &Path, most: u64) -> Result<(), DataProblem> {
    let told = |fault| Err(DataProblem::of_file(path, fault));
    match path.metadata() {
        Err(e) => told(DataFault::Refused(FileRefusal::from_io(&e))),
        Ok(about) if !about.is_file() => told(DataFault::NotAFile),
        Ok(about) if most < about.len() => told(DataFault::TooLarge),
        Ok(_) => Ok(()),
    }
}

/// Reads a text file whole; a byte order mark is left out.
pub(super) fn read_text(path: &Path) -> Result<String, DataProblem> {
    check_file(path, MOST)?;
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
    read.map_err(|e| DataProblem::of_file(path, DataFault::Refused(FileRefusal::from_io(&e))))?;
    let line = |valid: usize| bytes[..valid].split(|b| *b == b'\n').count();
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text).to_string()),
        Err(e) => Err(DataProblem::of_line(path, line(e.valid_up_to()), DataFault::NotUtf8)),
    }
}

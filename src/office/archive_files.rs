//! The files on disk that belong to a batch: those it came from, the upload files that were written of it with their manifests,
//! and those that are attached to it and its cases, such as scans.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Session;
use crate::domain::fact::{AttachedFile, FactType};
use crate::domain::ledger::Certificate;
use crate::domain::ledger::case::CaseFilter;
use crate::domain::ledger::event::Thing;
use crate::domain::text;
use crate::failure::Failure;
use crate::formats::plain_file;
use crate::formats::write_upload::manifest_path;
use crate::store::StoredBatch;

/// The most bytes of a manifest: it lists files and sheets, no rows.
const MANIFEST: u64 = 1 << 20;

/// A file that belongs to a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Belonging {
    /// What it is called in an archive, folders divided by `/`.
    pub name: String,
    /// Where it was.
    pub path: PathBuf,
    /// What it was; `None` where nobody noted it.
    pub sha256: Option<String>,
}

/// What of a manifest tells of which file it is.
#[derive(Deserialize)]
struct ManifestOf {
    sha256: String,
}

impl Session {
    /// Lists the files that belong to a batch, each once, whether they are there or not. Of an upload file that was written over
    /// there is the last one.
    pub(super) fn belongings(
        &self,
        stored: &StoredBatch,
        certificates: &[Certificate],
    ) -> Result<Vec<Belonging>, Failure> {
        let mut all: Vec<Belonging> = Vec::new();
        let parts = self.parts_of(stored)?.into_iter().map(|part| (part.path, part.origin.file, part.sha256));
        let first = (stored.source.path.clone(), stored.origin.file.clone(), stored.sha256.clone());
        for (path, file, sha256) in std::iter::once(first).chain(parts) {
            let name = format!("source/{}", text::visible(&file));
            put(&mut all, name, 0, (path, sha256));
        }
        self.put_uploads(stored, &mut all)?;
        let codes: BTreeSet<_> = certificates.iter().map(|one| one.code).collect();
        let cases = self.cases(&CaseFilter::default())?.into_iter().map(|one| one.case);
        let cases = cases.filter(|case| codes.contains(&case.code)).map(|case| Thing::Case(case.id));
        let things: Vec<Thing> = std::iter::once(Thing::Batch(stored.id)).chain(cases).collect();
        for thing in things {
            self.put_attached(&thing, &mut all)?;
        }
        Ok(all)
    }

    /// Puts the upload files that were written, as the chain says, each with its manifest.
    fn put_uploads(&self, stored: &StoredBatch, all: &mut Vec<Belonging>) -> Result<(), Failure> {
        let mut uploads = self.with(|store| store.uploads_of_batch(stored.id))?;
        // Earlier entries do not say where; then it is looked for beside the batch's own file.
        let beside = |file: &str| stored.source.path.with_file_name(file);
        let place = |path: &str, file: &str| if path.is_empty() { beside(file) } else { PathBuf::from(path) };
        let paths: Vec<PathBuf> = uploads.iter().map(|(_, upload)| place(&upload.path, &upload.file)).collect();
        let is_last: Vec<bool> = (0..paths.len()).map(|at| !paths[at + 1..].contains(&paths[at])).collect();
        let mut is_last = is_last.into_iter();
        uploads.retain(|_| is_last.next().unwrap_or_default());
        for (entry, upload) in uploads {
            let path = place(&upload.path, &upload.file);
            let manifest = manifest_path(&path);
            let noted = Some(upload.manifest_sha256.clone()).filter(|sha256| !sha256.is_empty());
            let manifest_sha256 = noted.or_else(|| digest_of_manifest(&manifest, &upload.sha256));
            let name = format!("upload/{}", text::visible(&upload.file));
            put(all, format!("{name}.manifest.json"), entry, (manifest, manifest_sha256));
            put(all, name, entry, (path, Some(upload.sha256)));
        }
        Ok(())
    }

    /// Puts the files that are attached to a thing, each under what it is attached to.
    fn put_attached(&self, thing: &Thing, all: &mut Vec<Belonging>) -> Result<(), Failure> {
        let of = match thing {
            Thing::Case(case) => format!("case-{case}/"),
            _ => String::new(),
        };
        for fact in self.fact_sheet(thing)?.facts.iter().filter(|fact| fact.def.kind == FactType::File) {
            let Some(AttachedFile { sha256, path }) = AttachedFile::read(&fact.value) else { continue };
            let path = PathBuf::from(path);
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let to: String = fact.def.id.chars().map(|c| if matches!(c, '/' | '\\') { '-' } else { c }).collect();
            let to = to.trim_end_matches(".file");
            put(all, format!("attached/{of}{}/{}", text::visible(to), text::visible(&file)), 0, (path, Some(sha256)));
        }
        Ok(())
    }
}

/// Puts a file, unless it is there already; one that is called like another stands in a folder named by its entry.
fn put(all: &mut Vec<Belonging>, name: String, entry: u64, (path, sha256): (PathBuf, Option<String>)) {
    if all.iter().any(|one| one.path == path && one.name.split('/').next() == name.split('/').next()) {
        return;
    }
    let is_taken = |name: &String| all.iter().any(|one| one.name == *name);
    let apart = |nth: u64| name.replacen('/', &format!("/{nth}/"), 1);
    let further = entry.max(2)..=entry.max(2) + all.len() as u64;
    let name = if is_taken(&name) { further.map(apart).find(|name| !is_taken(name)).unwrap_or(name) } else { name };
    all.push(Belonging { name, path, sha256 });
}

/// Digests a manifest of which nothing was noted, where it says that it is the one of a file.
fn digest_of_manifest(path: &Path, of: &str) -> Option<String> {
    use std::io::Read;
    let mut text = String::new();
    plain_file::open(path).ok()?.take(MANIFEST).read_to_string(&mut text).ok()?;
    let manifest: ManifestOf = serde_json::from_str(&text).ok()?;
    if manifest.sha256 != of {
        return None;
    }
    crate::formats::bundle::digest(path).ok().map(|(_, sha256)| sha256)
}

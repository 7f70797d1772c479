//! Whether a file that is handed in is what its item asks for: a PDF, a Word text, an Excel workbook. Only its beginning and its
//! directory are read.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::sniff::{FileKind, sniff};
use super::{FileRefusal, RefusalKind, plain_file};
use crate::domain::fact::PaperForm;

/// The most bytes of a file that is attached.
pub const MOST_ATTACHED: u64 = 200 << 20;

/// A PDF begins within so many bytes.
const HEAD: u64 = 1024;

/// Why a file is none that can be attached.
#[derive(Debug)]
pub enum AttachmentFault {
    Empty,
    TooLarge,
    /// It is of another kind than the item asks for.
    OtherKind,
    /// It is cut off or broken.
    Damaged,
    Unread(io::Error),
}

/// Looks whether a file is one of a form.
///
/// # Errors
/// It is empty, too large, of another kind, or cannot be read.
pub fn must_be(path: &Path, form: PaperForm) -> Result<(), AttachmentFault> {
    let unread = AttachmentFault::Unread;
    let mut file = plain_file::open(path).map_err(unread)?;
    let size = file.seek(SeekFrom::End(0)).map_err(unread)?;
    file.seek(SeekFrom::Start(0)).map_err(unread)?;
    match size {
        0 => return Err(AttachmentFault::Empty),
        size if MOST_ATTACHED < size => return Err(AttachmentFault::TooLarge),
        _ => {}
    }
    let mut head = Vec::new();
    (&mut file).take(HEAD).read_to_end(&mut head).map_err(unread)?;
    file.seek(SeekFrom::Start(0)).map_err(unread)?;
    let is_it = match form {
        PaperForm::Pdf => memchr::memmem::find(&head, b"%PDF-").is_some(),
        PaperForm::Word => match sniffed(&mut file)? {
            Err(refusal) => matches!(&*refusal.detail, "Word" | "OpenDocument text" | "RTF") || is_locked(&refusal),
            Ok(_) => false,
        },
        PaperForm::Excel => match sniffed(&mut file)? {
            Ok(kind) => kind != FileKind::Text,
            Err(refusal) => is_locked(&refusal),
        },
        PaperForm::Paper | PaperForm::Met => false,
    };
    if is_it { Ok(()) } else { Err(AttachmentFault::OtherKind) }
}

/// Tells the kind of a file; one that is cut off or broken is no attachment of any kind.
fn sniffed(file: &mut (impl Read + Seek)) -> Result<Result<FileKind, FileRefusal>, AttachmentFault> {
    match sniff(file) {
        Err(FileRefusal { kind: RefusalKind::CutOff | RefusalKind::Damaged, .. }) => Err(AttachmentFault::Damaged),
        known => Ok(known),
    }
}

/// Tells whether it has a password: then nobody sees what it is.
fn is_locked(refusal: &FileRefusal) -> bool {
    refusal.kind == RefusalKind::Encrypted
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use super::*;

    fn of(bytes: &[u8], form: PaperForm) -> Result<(), AttachmentFault> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, bytes).unwrap();
        must_be(&path, form)
    }

    fn zip_of(name: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<x/>").unwrap();
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_file_is_what_its_item_asks_for() {
        let (word, book) = (zip_of("word/document.xml"), zip_of("xl/workbook.xml"));
        for (bytes, form) in [
            (&b"%PDF-1.7\n"[..], PaperForm::Pdf),
            (b"\xEF\xBB\xBF\n%PDF-1.4", PaperForm::Pdf),
            (&word, PaperForm::Word),
            (b"{\\rtf1}", PaperForm::Word),
            (&book, PaperForm::Excel),
        ] {
            assert!(of(bytes, form).is_ok(), "{form:?}");
        }
        for (bytes, form) in [
            (&b"hello"[..], PaperForm::Pdf),
            (&word, PaperForm::Pdf),
            (&book, PaperForm::Word),
            (b"a,b\n", PaperForm::Excel),
            (&word, PaperForm::Excel),
            (b"%PDF-1.7\n", PaperForm::Paper),
        ] {
            assert!(matches!(of(bytes, form), Err(AttachmentFault::OtherKind)), "{form:?}");
        }
        assert!(matches!(of(b"", PaperForm::Pdf), Err(AttachmentFault::Empty)));
        let cut = of(&book[..book.len() / 2], PaperForm::Excel);
        assert!(matches!(cut, Err(AttachmentFault::Damaged)), "{cut:?}");
        let gone = must_be(Path::new("/no/such/file.pdf"), PaperForm::Pdf);
        assert!(matches!(gone, Err(AttachmentFault::Unread(_))), "{gone:?}");
    }
}

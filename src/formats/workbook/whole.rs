//! Whether the parts that a parser reads only up to their last element are what was packed: it never comes to the sum that is
//! kept of each, and would take changed texts for whole ones.

use std::io::{self, Read};
use std::path::Path;

use super::meter::Metered;

/// So much is inflated, and so much more for each byte of the file: what inflates to more is refused elsewhere.
const FREE: u64 = 16 << 20;
const MAX_INFLATION: u64 = 100;

/// Reads texts, styles and colours of an xlsx or xlsb to their ends, of an xlsb the sheets too; not the parts that were `read`.
pub fn check(bytes: &[u8], read: &[&str]) -> io::Result<()> {
    let Ok(mut zip) = zip::ZipArchive::new(Metered::new(bytes)) else { return Ok(()) };
    let mut left = FREE + MAX_INFLATION.saturating_mul(bytes.len() as u64);
    for nth in 0..zip.len() {
        let Ok(mut part) = zip.by_index(nth) else { continue };
        let is_wanted = part.name().is_ok_and(|name| !read.contains(&&*name) && is_wanted(&name.to_ascii_lowercase()));
        if is_wanted {
            left -= io::copy(&mut part.by_ref().take(left), &mut io::sink())?;
        }
    }
    Ok(())
}

fn is_wanted(name: &str) -> bool {
    let Some((folder, file)) = name.rsplit_once('/') else { return false };
    matches!(file, "sharedstrings.xml" | "sharedstrings.bin" | "styles.xml" | "styles.bin" | "theme1.xml")
        || (folder.ends_with("worksheets") && Path::new(file).extension().is_some_and(|ending| ending == "bin"))
}

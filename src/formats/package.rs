//! A copy of an xlsx package (工作簿的副本) with texts in the cells of one sheet. Every other part is passed on as it is stored;
//! where a formula is replaced the chain of calculation goes, which spreadsheet programs build anew.
//!
//! The package is one that the reader has taken in already, so that its parts are bounded by what the child allows. What is
//! unpacked here has bounds of its own.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::Path;

use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, ZipArchive};

use super::plain_file;
use super::sheet_xml::{self, CellRange, CellTexts, SheetFacts};
use super::xml_pieces::{PieceKind, XmlPiece, XmlPieces, damaged};

/// More parts than this no workbook has.
const MAX_PARTS: usize = 20_000;
/// The parts that say how the others hang together are small.
const MAX_SMALL: u64 = 16 << 20;
/// A sheet with every row full is smaller.
const MAX_SHEET: u64 = 3 << 30;

type Zip = ZipArchive<BufReader<File>>;

/// Where signatures stand in packages of Office and in those of other programs.
const SIGNATURES: [&str; 2] = ["_xmlsignatures/", "meta-inf/documentsignatures.xml"];

/// Tells whether a package has a digital signature; what is no package has none that is known.
pub fn is_signed(source: &Path) -> bool {
    let opened = || -> io::Result<bool> {
        let zip = ZipArchive::new(BufReader::new(plain_file::open(source)?))?;
        let is_one = |name: String| SIGNATURES.iter().any(|known| name.starts_with(known));
        Ok(zip.file_names().flatten().any(|name| is_one(plain(&name))))
    };
    opened().unwrap_or(false)
}

/// A copy that is ready to be written: what is in its way has been looked for.
#[derive(Debug)]
pub struct SheetCopy {
    zip: Zip,
    sheet: usize,
    facts: SheetFacts,
    texts: CellTexts,
    parts: BookParts,
}

/// The parts that hold a package together, by their numbers in it.
#[derive(Debug, Default)]
struct BookParts {
    /// How the parts are named, in lower case as they are compared.
    names: Vec<String>,
    types: Option<usize>,
    relations: Option<usize>,
    chain: Option<usize>,
    /// What the package says that the workbook is.
    content_type: String,
}

impl SheetCopy {
    /// Looks through a package for the sheet of a name and the places of the texts.
    ///
    /// # Errors
    /// What keeps the package from being copied, as an error of kind [`io::ErrorKind::InvalidData`], or what the system says.
    pub fn plan(source: &Path, sheet: &str, texts: CellTexts) -> io::Result<SheetCopy> {
        let file = BufReader::with_capacity(1 << 16, plain_file::open(source)?);
        let mut zip = ZipArchive::new(file)?;
        if MAX_PARTS < zip.len() {
            return Err(damaged("too many parts"));
        }
        let mut parts = BookParts { names: names(&mut zip)?, ..BookParts::default() };
        let number = parts.find(&mut zip, sheet)?;
        let facts = SheetFacts::gather(unpacked(&mut zip, number)?, &texts)?;
        Ok(SheetCopy { zip, sheet: number, facts, texts, parts })
    }

    /// Gives the ending that the copy's name must have: a workbook with macros, or a template, is not opened under another.
    pub fn ending(&self) -> &'static str {
        let said = self.parts.content_type.to_ascii_lowercase();
        match (said.contains("macroenabled"), said.contains("template")) {
            (true, true) => "xltm",
            (true, false) => "xlsm",
            (false, true) => "xltx",
            (false, false) => "xlsx",
        }
    }

    pub fn texts(&self) -> &CellTexts {
        &self.texts
    }

    /// Gives the first of the new columns, from 0.
    pub fn first_new_column(&self) -> u32 {
        self.facts.first_new
    }

    /// Lists the merged ranges that are taken apart because a cell under them gets a text.
    pub fn apart(&self) -> Vec<CellRange> {
        self.facts.apart.iter().map(|(range, _)| *range).collect()
    }

    /// Whether formulas give way to texts.
    pub fn replaces_formulas(&self) -> bool {
        self.facts.replaces_formula || !self.facts.arrays.is_empty()
    }

    /// Writes the copy.
    pub fn write(&mut self, out: &mut (impl Write + Seek)) -> io::Result<()> {
        let mut written = ZipWriter::new(out);
        let comment = self.zip.comment().to_vec();
        let loses_chain = self.replaces_formulas() && self.parts.chain.is_some();
        for number in 0..self.zip.len() {
            let is = |part: Option<usize>| loses_chain && part == Some(number);
            if is(self.parts.chain) {
                continue;
            }
            if number == self.sheet {
                self.start(&mut written, number)?;
                let recalculates = self.facts.has_formulas || self.parts.chain.is_some();
                let sheet = unpacked(&mut self.zip, number)?;
                sheet_xml::copy(sheet, &mut written, &self.facts, &self.texts, recalculates)?;
            } else if is(self.parts.types) || is(self.parts.relations) {
                self.start(&mut written, number)?;
                let part = small(&mut self.zip, number)?;
                without_chain(&part, &mut written)?;
            } else {
                written.raw_copy_file(self.zip.by_index_raw(number)?)?;
            }
        }
        written.set_raw_comment(comment.into_boxed_slice())?;
        written.finish()?;
        Ok(())
    }

    fn start<W: Write + Seek>(&mut self, out: &mut ZipWriter<W>, number: usize) -> io::Result<()> {
        let part = self.zip.by_index_raw(number)?;
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let options = part.last_modified().map_or(options, |time| options.last_modified_time(time));
        let name = part.name()?.into_owned();
        drop(part);
        Ok(out.start_file(name, options)?)
    }
}

fn names(zip: &mut Zip) -> io::Result<Vec<String>> {
    (0..zip.len()).map(|number| Ok(plain(&zip.by_index_raw(number)?.name()?))).collect()
}

/// The form in which names of parts are compared.
fn plain(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

fn small(zip: &mut Zip, number: usize) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    zip.by_index(number)?.take(MAX_SMALL + 1).read_to_end(&mut text)?;
    if MAX_SMALL < text.len() as u64 { Err(damaged("a part is too large")) } else { Ok(text) }
}

/// Opens a sheet; one in another encoding than UTF-8 is none that can be copied.
fn unpacked(zip: &mut Zip, number: usize) -> io::Result<impl io::BufRead> {
    let part = zip.by_index(number)?;
    if MAX_SHEET < part.size() {
        return Err(damaged("a sheet is too large"));
    }
    let mut part = BufReader::with_capacity(1 << 16, part.take(MAX_SHEET));
    let head = io::BufRead::fill_buf(&mut part)?;
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") || head.get(1) == Some(&0) {
        return Err(damaged("UTF-16"));
    }
    Ok(part)
}

/// Calls `take` with every tag of a small part that opens an element.
fn each_tag(part: &[u8], mut take: impl FnMut(XmlPiece<'_>)) -> io::Result<()> {
    let mut pieces = XmlPieces::new(part);
    while let Some(piece) = pieces.next_piece()? {
        if matches!(piece.kind, PieceKind::Start | PieceKind::Empty) {
            take(piece);
        }
    }
    Ok(())
}

/// A relation of one part to another: its id, the end of its type, and the other's name as it is compared.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn relations(part: &[u8], folder: &str) -> io::Result<Vec<Relation>> {
    let mut all = Vec::new();
    each_tag(part, |tag| {
        let said = |name: &str| tag.attribute(name).unwrap_or_default().into_owned();
        if tag.opens("Relationship") && said("TargetMode") != "External" {
            let kind = said("Type").rsplit('/').next().unwrap_or_default().to_string();
            all.push(Relation { id: said("Id"), kind, target: resolved(folder, &said("Target")) });
        }
    })?;
    Ok(all)
}

/// Gives a part's name as it is seen from a folder.
fn resolved(folder: &str, target: &str) -> String {
    let whole = if target.starts_with('/') { target.to_string() } else { format!("{folder}/{target}") };
    let mut steps: Vec<&str> = Vec::new();
    for step in whole.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    plain(&steps.join("/"))
}

impl BookParts {
    fn number(&self, name: &str) -> Option<usize> {
        // Of two parts of one name the later one counts.
        self.names.iter().rposition(|part| part == name)
    }

    /// Follows the relations to the sheet of a name.
    fn find(&mut self, zip: &mut Zip, sheet: &str) -> io::Result<usize> {
        let no = |what: &'static str| move || damaged(what);
        let book = match self.number("_rels/.rels") {
            Some(number) => {
                let all = relations(&small(zip, number)?, "")?;
                all.into_iter().find(|r| r.kind == "officeDocument").map(|r| r.target)
            }
            None => None,
        };
        let book = book.unwrap_or_else(|| "xl/workbook.xml".to_string());
        let (folder, file) = book.rsplit_once('/').unwrap_or(("", &book));
        let names = plain(&format!("{folder}/_rels/{file}.rels"));
        let mut id = None;
        each_tag(&small(zip, self.number(&book).ok_or_else(no("no workbook"))?)?, |tag| {
            if id.is_none() && tag.opens("sheet") && tag.attribute("name").as_deref() == Some(sheet) {
                id = tag.prefixed("id").map(std::borrow::Cow::into_owned);
            }
        })?;
        self.relations = self.number(&names);
        let all = relations(&small(zip, self.relations.ok_or_else(no("no relations"))?)?, folder)?;
        let target = id.and_then(|id| all.iter().find(|r| r.id == id)).ok_or_else(no("no sheet"))?;
        self.chain = all.iter().find(|r| r.kind == "calcChain").and_then(|r| self.number(&r.target));
        self.types = self.number("[content_types].xml");
        let types = self.types.ok_or_else(no("no content types"))?;
        each_tag(&small(zip, types)?, |tag| {
            let is_book = tag.attribute("PartName").is_some_and(|name| plain(&name) == book);
            if is_book && tag.opens("Override") {
                self.content_type = tag.attribute("ContentType").unwrap_or_default().into_owned();
            }
        })?;
        self.number(&target.target).ok_or_else(no("no sheet"))
    }
}

/// Copies a part without what it says of the chain of calculation.
fn without_chain(part: &[u8], out: &mut impl Write) -> io::Result<()> {
    let mut pieces = XmlPieces::new(part);
    let mut is_left_out = false;
    while let Some(piece) = pieces.next_piece()? {
        let names_chain = |name: &str, end: &str| piece.attribute(name).is_some_and(|value| value.ends_with(end));
        if piece.opens("Override") && names_chain("ContentType", "calcChain+xml")
            || piece.opens("Relationship") && names_chain("Type", "/calcChain")
        {
            is_left_out = piece.kind == PieceKind::Start;
        } else if is_left_out {
            is_left_out = piece.kind != PieceKind::End;
        } else {
            out.write_all(piece.bytes)?;
        }
    }
    Ok(())
}

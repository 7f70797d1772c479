//! The export pane.

use super::super::cells::{self, Canvas};
use super::super::theme::{Theme, Tone};
use super::first_rows;
use crate::app::App;
use crate::app::command::Place;
use crate::app::export::ExportLine;
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::app::msg::{ExportEncoding, ExportFormat, ExportWhat};
use crate::domain::fact::Strength;
use crate::domain::rules::Severity;

/// So many facts that are missing or disagree are told; the form of the facts tells all.
const LACKS: usize = 6;

/// Draws the choices and whether the export can go on.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    for y in 0..area.height {
        canvas.line(area, y, "", theme.of(Tone::Plain));
    }
    let pane = &app.export;
    canvas.heading(area, app.locale.text("ui.export.title"), theme.of(Tone::Heading));
    let what = |what: ExportWhat| match what {
        ExportWhat::Upload => "ui.export.upload",
        ExportWhat::UploadPart => "ui.export.part",
        ExportWhat::UploadReturned => "ui.export.returned",
        ExportWhat::UploadUnexported => "ui.export.unexported",
        ExportWhat::UploadShown => "ui.export.shown",
        ExportWhat::Findings => "ui.export.findings",
        ExportWhat::Answers => "ui.export.answers",
        ExportWhat::AnswersMasked => "ui.export.answers-masked",
        ExportWhat::Public => "public.what",
        ExportWhat::Summary => "summary.sheet",
    };
    let format = |format: ExportFormat| match format {
        ExportFormat::Xlsx => "ui.export.xlsx",
        ExportFormat::Csv => "ui.export.csv",
    };
    let encoding = |encoding: ExportEncoding| match encoding {
        _ if pane.format() == ExportFormat::Xlsx => "ui.export.no-encoding",
        ExportEncoding::Utf8Bom => "ui.export.utf8-bom",
        ExportEncoding::Gb18030 => "ui.export.gb18030",
    };
    for (i, line) in ExportLine::ALL.into_iter().enumerate() {
        let is_here = pane.line() == line;
        let y = 2 + i as u16;
        canvas.points(area, y, MouseTarget::Line(Place::Export, i));
        let (label, value) = match line {
            ExportLine::What => ("ui.export.what", app.locale.text(what(pane.what()))),
            ExportLine::Format => ("ui.export.format", app.locale.text(format(pane.format()))),
            ExportLine::Encoding => ("ui.export.encoding", app.locale.text(encoding(pane.encoding()))),
            ExportLine::Path => ("ui.export.path", pane.path().text()),
        };
        let label = cells::fit(app.locale.text(label), 12);
        let mark = if is_here { '>' } else { ' ' };
        let tone = if is_here { Tone::Current } else { Tone::Plain };
        if line == ExportLine::Path && is_here {
            canvas.line(area, y, &format!("{mark} {label}"), theme.of(tone));
            let room = area.width.saturating_sub(16);
            canvas.prompt(area.x + 15, area.y + y, room, pane.path(), theme.of(Tone::Typing));
        } else {
            canvas.line(area, y, &format!("{mark} {label} {value}"), theme.of(tone));
        }
    }
    let Some(batch) = app.roster.batch() else { return };
    let mut y = 7;
    let mut tell = |text: &str, tone| {
        for line in cells::wrap(text, usize::from(area.width)) {
            canvas.line(area, y, &line, theme.of(tone));
            y += 1;
        }
    };
    // What the line under the cursor may be turned to.
    let choices: Vec<&str> = match pane.line() {
        ExportLine::What => pane.contents(&app.roster).map(what).collect(),
        ExportLine::Format => ExportFormat::ALL.map(format).to_vec(),
        ExportLine::Encoding if pane.format() == ExportFormat::Csv => ExportEncoding::ALL.map(encoding).to_vec(),
        ExportLine::Encoding | ExportLine::Path => Vec::new(),
    };
    if !choices.is_empty() {
        let chosen = match pane.line() {
            ExportLine::What => what(pane.what()),
            ExportLine::Format => format(pane.format()),
            _ => encoding(pane.encoding()),
        };
        let named = |key: &str| match app.locale.text(key) {
            text if key == chosen => format!("[{text}]"),
            text => text.to_string(),
        };
        let mut line = app.told("ui.export.choices", &[]);
        // A line ends between two of them, not within one.
        for text in choices.into_iter().map(named) {
            if usize::from(area.width) < cells::width(&line) + 2 + cells::width(&text) {
                tell(&line, Tone::Dim);
                line = String::new();
            }
            line += &format!("  {text}");
        }
        tell(&line, Tone::Dim);
        tell("", Tone::Plain);
    }
    let errors = batch.findings().count(Severity::Error);
    let left = (batch.roster().count_left() - pane.rows()).to_string();
    let (text, tone) = if pane.what().is_upload() && pane.rows() == 0 {
        (app.told("ui.export.none", &[]), Tone::Bad)
    } else if pane.blocking() != 0 {
        (app.told("ui.export.blocked", &[("n", &pane.blocking().to_string())]), Tone::Bad)
    } else if errors != 0 && pane.what() == ExportWhat::UploadPart {
        (app.told("ui.export.part-of", &[("n", &pane.rows().to_string()), ("left", &left)]), Tone::Plain)
    } else if pane.what().is_upload() && left != "0" {
        (app.told("ui.export.some-of", &[("n", &pane.rows().to_string()), ("left", &left)]), Tone::Plain)
    } else if errors != 0 && pane.what() == ExportWhat::Public {
        (app.locale.fill("public.errors", &[("number", &errors.to_string())]), Tone::Of(Severity::Warning))
    } else if pane.what().is_upload() || pane.what() == ExportWhat::Public {
        (app.told("ui.export.all", &[("n", &pane.rows().to_string())]), Tone::Good)
    } else {
        (app.told("ui.export.ready", &[]), Tone::Good)
    };
    let is_barred = pane.what().is_upload() && pane.barring() != 0;
    if !(is_barred && tone == Tone::Good) {
        tell(&text, tone);
    }
    if let Some(told) = pane.returned() {
        tell(told, Tone::Of(Severity::Notice));
    }
    if batch.roster().count_aside() != 0 {
        let n = batch.roster().count_aside().to_string();
        tell(&app.locale.fill("ui.export.aside", &[("n", &n)]), Tone::Of(Severity::Notice));
    }
    if pane.what().is_upload() && !pane.lacks().is_empty() {
        let key = if pane.barring() == 0 { "ui.export.lacks" } else { "ui.export.lacks-barring" };
        let (n, all) = (pane.barring().to_string(), pane.lacks().len().to_string());
        let tone = |bars: bool| if bars { Tone::Bad } else { Tone::Of(Severity::Warning) };
        tell(&app.told(key, &[("n", &n), ("all", &all)]), tone(pane.barring() != 0));
        for lack in pane.lacks().iter().take(LACKS) {
            let word = app.locale.fact_strength(lack.strength);
            tell(&format!("  {word}  {}", lack.told), tone(lack.strength == Strength::Refuse));
        }
        let more = pane.lacks().len().saturating_sub(LACKS);
        if more != 0 {
            tell(&format!("  {}", app.told("ui.list.more", &[("n", &more.to_string())])), Tone::Dim);
        }
    }
    if pane.overlooks_filter(&app.roster) {
        tell(app.locale.text("ui.export.unfiltered"), Tone::Of(Severity::Warning));
    }
    y += 1;
    let rest = Area { y: area.y + y, height: area.height.saturating_sub(y), ..area };
    first_rows::draw(canvas, theme, rest, (app.locale.text("ui.export.first-rows"), app.export.first()));
}

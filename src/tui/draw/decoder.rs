//! The decoder pane: the line, a ruler over it, what each part says, what is wrong, and what may have been meant.

use super::super::cells::{self, Canvas};
use super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::command::Place;
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::app::overlay::DecoderPane;
use crate::domain::code::CODE_LENGTH;
use crate::domain::decoder::{Candidate, NumberKind, NumberPart, PartState};
use crate::domain::rules::Severity;
use crate::domain::sheet::Field;

/// How many rows of the roster are named.
const HITS: usize = 3;
/// Up to so many parts each get a line of their own.
const FEW: usize = 5;
/// The positions under the ruler: every fifth is named where its last digit stands.
const RULER: &str = "1   5   10   15   20";

/// A line, how it is drawn, and which proposal it is.
struct DecoderLine(String, Tone, Option<usize>);

/// Draws the pane's inside.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &DecoderPane) {
    let label = app.locale.text("ui.decoder.input");
    let x = canvas.put(area.x, area.y, area.width, label, theme.of(Tone::Heading)) + 1;
    let lines = lines(app, pane, usize::from(area.width));
    for (y, DecoderLine(text, tone, proposal)) in (1..area.height).zip(&lines) {
        canvas.line(area, y, text, theme.of(*tone));
        if let Some(proposal) = proposal {
            canvas.points(area, y, MouseTarget::Line(Place::Decoder, *proposal));
        }
    }
    canvas.prompt(x, area.y, (area.x + area.width).saturating_sub(x), pane.prompt(), theme.of(Tone::Typing));
}

fn lines(app: &App, pane: &DecoderPane, width: usize) -> Vec<DecoderLine> {
    let locale = &app.locale;
    let found = pane.found();
    let mut lines = Vec::new();
    let told = |text: &str, tone: Tone, lines: &mut Vec<DecoderLine>| {
        lines.extend(cells::wrap(text, width).into_iter().map(|line| DecoderLine(line, tone, None)));
    };
    if found.text.is_empty() {
        told(locale.text("ui.decoder.hint"), Tone::Dim, &mut lines);
        return lines;
    }
    let best = found.best();
    let verdict = format!("{}: {}", locale.kind(best.kind), locale.verdict(best.verdict));
    told(&verdict, if best.is_ok() { Tone::Good } else { Tone::Heading }, &mut lines);
    // A code that is being typed keeps its ruler, whatever else its first characters may be.
    let code = found.candidates.iter().find(|c| c.kind == NumberKind::Certificate);
    let shown = code.unwrap_or(best);
    if code.is_some() {
        lines.extend(ruler(shown));
    }
    lines.extend(parts(app, pane, shown, width));
    let others = shown.problems.iter().filter(|p| !best.problems.contains(p));
    for problem in best.problems.iter().chain(others) {
        let (sign, severity) = if problem.is_warning() { ('?', Severity::Warning) } else { ('!', Severity::Error) };
        let text = format!("{sign} {}", locale.problem(pane.decoder(), problem));
        told(&text, Tone::Of(severity), &mut lines);
    }
    for (i, proposal) in pane.proposals().enumerate() {
        let mark = if i == pane.at() { '>' } else { ' ' };
        let words = locale.repair(pane.decoder(), proposal);
        let text = format!("{mark} {} {}  {words}", i + 1, proposal.text);
        lines.push(DecoderLine(
            cells::fit(&text, width),
            if i == pane.at() { Tone::Current } else { Tone::Plain },
            Some(i),
        ));
    }
    if let Some(institution) = pane.institution() {
        let words = locale.fill("institution.known", &[("told", &locale.institution(institution))]);
        told(&words, Tone::Plain, &mut lines);
    }
    if let Some(held) = pane.held() {
        told(&locale.held(held), Tone::Plain, &mut lines);
    }
    for row in pane.hits().iter().take(HITS) {
        let Some(batch) = app.roster.batch() else { break };
        let line = batch.roster().line(*row).to_string();
        let name = Field::Name.masked(batch.roster().cell(*row, Field::Name));
        told(&locale.fill("ui.decoder.hit", &[("row", &line), ("name", &name)]), Tone::Plain, &mut lines);
    }
    if HITS < pane.hits().len() {
        let more = (pane.hits().len() - HITS).to_string();
        told(&locale.fill("ui.decoder.more-hits", &[("n", &more)]), Tone::Dim, &mut lines);
    }
    if !shown.possible.is_empty() {
        let names = shown.possible.iter().map(|i| locale.profile_name(&pane.decoder().profiles()[*i]));
        let names = names.collect::<Vec<_>>().join(locale.text("finding.comma"));
        told(&locale.fill("decode.possible", &[("profiles", &names)]), Tone::Plain, &mut lines);
    }
    if !best.id_types.is_empty() {
        let types = locale.id_types(pane.decoder(), best);
        told(&locale.fill("decode.id-types", &[("types", &types)]), Tone::Plain, &mut lines);
    }
    let also = found.candidates.iter().skip(1).map(|c| locale.kind(c.kind)).collect::<Vec<_>>();
    if !also.is_empty() {
        let kinds = also.join(locale.text("finding.comma"));
        told(&locale.fill("decode.also", &[("kinds", &kinds)]), Tone::Dim, &mut lines);
    }
    lines
}

/// Draws 22 places, what stands in them, and the segments below; `!` marks what is wrong, `?` what is doubtful.
fn ruler(code: &Candidate) -> Vec<DecoderLine> {
    let typed: String = code.parts.iter().map(|p| p.text.as_str()).collect();
    let typed = cells::fit(&typed, CODE_LENGTH).replace(' ', ".");
    let brackets: String = code.parts.iter().map(bracket).collect();
    vec![
        DecoderLine(format!("  {RULER}"), Tone::Dim, None),
        DecoderLine(format!("  {typed}"), Tone::Current, None),
        DecoderLine(format!("  {brackets}"), Tone::Dim, None),
    ]
}

fn bracket(part: &NumberPart) -> String {
    let (fill, alone) = match part.state {
        PartState::Wrong => ('!', '!'),
        PartState::Doubtful => ('?', '?'),
        PartState::Empty | PartState::Partial => ('.', '.'),
        PartState::Good => ('-', '|'),
    };
    match part.to + 1 - part.from {
        1 => alone.to_string(),
        2 if matches!(fill, '!' | '?') => fill.to_string().repeat(2),
        n => format!("[{}]", fill.to_string().repeat(n - 2)),
    }
}

/// Writes the parts, in two columns where there is room.
fn parts(app: &App, pane: &DecoderPane, shown: &Candidate, width: usize) -> Vec<DecoderLine> {
    let columns = if width < 60 || shown.parts.len() <= FEW { 1 } else { 2 };
    let room = width / columns - usize::from(columns == 2);
    let cell = |part: &NumberPart| {
        let sign = match part.state {
            PartState::Wrong => '!',
            PartState::Doubtful => '?',
            PartState::Empty => '.',
            PartState::Good | PartState::Partial => ' ',
        };
        let places = if part.from == part.to { part.from.to_string() } else { format!("{}-{}", part.from, part.to) };
        let name = app.locale.part_name(pane.decoder(), part.name);
        let says = app.locale.says(&part.says);
        cells::fit(&format!("{sign} {places:>5} {} {name} {says}", part.text), room)
    };
    let cells: Vec<(String, Tone)> = shown
        .parts
        .iter()
        .map(|p| {
            let tone = match p.state {
                PartState::Wrong => Tone::Of(Severity::Error),
                PartState::Doubtful => Tone::Of(Severity::Warning),
                PartState::Empty => Tone::Dim,
                _ => Tone::Plain,
            };
            (cell(p), tone)
        })
        .collect();
    let height = cells.len().div_ceil(columns);
    let line = |y: usize| {
        let right = cells.get(height + y).filter(|_| columns == 2).map_or("", |(text, _)| text.as_str());
        let both = [Some(&cells[y]), cells.get(height + y)];
        let marked = both.into_iter().flatten().find(|(_, tone)| matches!(tone, Tone::Of(_)));
        let tone = marked.map_or(Tone::Plain, |(_, tone)| *tone);
        DecoderLine(format!("{}  {right}", cells[y].0).trim_end().to_string(), tone, None)
    };
    (0..height).map(line).collect()
}

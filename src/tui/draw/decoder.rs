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

/// From so many columns on the parts stand beside the rest, which gets so many.
const BESIDE: u16 = 96;
const LEFT: u16 = 44;
/// How many rows of the roster are named.
const HITS: usize = 3;
/// Up to so many parts each get a line of their own.
const FEW: usize = 5;
/// So many lines below the parts are always in sight: what is wrong, and what it may become.
const BELOW: usize = 4;
/// The positions under the ruler: every fifth is named where its last digit stands.
const RULER: &str = "1   5   10   15   20";

/// A line, how it is drawn, and which proposal it is.
struct DecoderLine(String, Tone, Option<usize>);

/// Draws the pane's inside: in a wide one what the parts say stands beside the rest.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &DecoderPane) {
    let label = app.locale.text("ui.decoder.input");
    let x = canvas.put(area.x, area.y, area.width, label, theme.of(Tone::Heading)) + 1;
    let below = Area { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let (wide, high) = (usize::from(area.width), usize::from(below.height));
    if pane.found().text.is_empty() {
        let hint = cells::wrap(app.locale.text("ui.decoder.hint"), wide);
        fill(
            canvas,
            app,
            theme,
            below,
            &hint.into_iter().map(|line| DecoderLine(line, Tone::Dim, None)).collect::<Vec<_>>(),
        );
    } else if BESIDE <= area.width {
        let right = Area { x: area.x + LEFT + 2, width: area.width - LEFT - 2, ..below };
        let left = Area { width: LEFT, ..below };
        let [head, tail] = around(app, pane, usize::from(LEFT));
        fill(canvas, app, theme, left, &[head, tail].into_iter().flatten().collect::<Vec<_>>());
        fill(canvas, app, theme, right, &parts(app, pane, usize::from(right.width), 1));
    } else {
        let [head, tail] = around(app, pane, wide);
        // Two columns cut what a line of its own does not: only where a line of its own leaves no room for what comes first below.
        let single = parts(app, pane, wide, 1);
        let is_long = high < head.len() + single.len() + tail.len().min(BELOW) && FEW < single.len() && 60 <= wide;
        let middle = if is_long { parts(app, pane, wide, 2) } else { single };
        fill(canvas, app, theme, below, &[head, middle, tail].into_iter().flatten().collect::<Vec<_>>());
    }
    canvas.prompt(x, area.y, (area.x + area.width).saturating_sub(x), pane.prompt(), theme.of_prompt(pane.prompt()));
}

/// Counts the lines that the pane has something for.
pub fn count_lines(app: &App, pane: &DecoderPane, width: u16) -> usize {
    if pane.found().text.is_empty() {
        return 0;
    }
    let is_wide = BESIDE <= width;
    let [head, tail] = around(app, pane, usize::from(if is_wide { LEFT } else { width }));
    let told = head.len() + tail.len();
    let right = parts(app, pane, usize::from(if is_wide { width - LEFT - 2 } else { width }), 1).len();
    1 + if is_wide { told.max(right) } else { told + right }
}

/// Draws lines from the top of an area; those that find no room are counted at its foot.
fn fill(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, lines: &[DecoderLine]) {
    let high = usize::from(area.height);
    for (y, DecoderLine(text, tone, proposal)) in (0..area.height).zip(lines) {
        canvas.line(area, y, text, theme.of(*tone));
        if let Some(proposal) = proposal {
            canvas.points(area, y, MouseTarget::Line(Place::Decoder, *proposal));
        }
    }
    super::overlay::more_below(canvas, app, theme, area, lines.len().saturating_sub(high));
}

/// Gives the reading that is shown part by part: a code that is being typed keeps its ruler, whatever else its first
/// characters may be.
fn shown(pane: &DecoderPane) -> &Candidate {
    let found = pane.found();
    found.candidates.iter().find(|c| c.kind == NumberKind::Certificate).unwrap_or_else(|| found.best())
}

/// Writes what stands before the parts, and what stands behind them.
fn around(app: &App, pane: &DecoderPane, width: usize) -> [Vec<DecoderLine>; 2] {
    let locale = &app.locale;
    let found = pane.found();
    let mut lines = Vec::new();
    let told = |text: &str, tone: Tone, lines: &mut Vec<DecoderLine>| {
        lines.extend(cells::wrap(text, width).into_iter().map(|line| DecoderLine(line, tone, None)));
    };
    let best = found.best();
    let verdict = format!("{}: {}", locale.kind(best.kind), locale.verdict_of(best));
    told(&verdict, if best.is_ok() { Tone::Good } else { Tone::Heading }, &mut lines);
    let shown = shown(pane);
    let own = app.roster.batch().map(|batch| &**batch.context().profile());
    let mut by_profile = locale.by_profile(pane.decoder(), found, own).into_iter();
    if let Some((stands, words)) = by_profile.next() {
        told(&words, if stands && best.is_ok() { Tone::Good } else { Tone::Plain }, &mut lines);
    }
    if shown.kind == NumberKind::Certificate {
        lines.extend(ruler(shown));
    }
    let head = std::mem::take(&mut lines);
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
        let tone = if i == pane.at() { Tone::Current } else { Tone::Plain };
        lines.extend(cells::wrap(&text, width).into_iter().map(|line| DecoderLine(line, tone, Some(i))));
    }
    for (_, words) in by_profile {
        told(&words, Tone::Dim, &mut lines);
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
    if !best.id_types.is_empty() {
        let types = locale.id_types(pane.decoder(), best);
        told(&locale.fill("decode.id-types", &[("types", &types)]), Tone::Plain, &mut lines);
    }
    let also = found.candidates.iter().skip(1).map(|c| locale.kind(c.kind)).collect::<Vec<_>>();
    if !also.is_empty() {
        let kinds = also.join(locale.text("finding.comma"));
        told(&locale.fill("decode.also", &[("kinds", &kinds)]), Tone::Dim, &mut lines);
    }
    [head, lines]
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

/// Writes the parts in one column, each in full, or in two.
fn parts(app: &App, pane: &DecoderPane, width: usize, columns: usize) -> Vec<DecoderLine> {
    let parts = &shown(pane).parts;
    let room = width / columns - usize::from(columns == 2);
    let name = |part: &NumberPart| app.locale.part_name(pane.decoder(), part.name);
    let texts = parts.iter().map(|p| cells::width(&p.text)).max().unwrap_or(0).min(CODE_LENGTH);
    let names = parts.iter().map(|p| cells::width(&name(p))).max().unwrap_or(0);
    // What is said stands in a column of its own where the names leave it half.
    let names = if columns == 1 && names < room / 2 { names } else { 0 };
    let cell = |part: &NumberPart| {
        let sign = match part.state {
            PartState::Wrong => '!',
            PartState::Doubtful => '?',
            PartState::Empty => '.',
            PartState::Good | PartState::Partial => ' ',
        };
        let places = if part.from == part.to { part.from.to_string() } else { format!("{}-{}", part.from, part.to) };
        let (text, name) = (padded(&part.text, texts), padded(&name(part), names));
        format!("{sign} {places:>5} {text} {name}  {}", app.locale.says(pane.decoder(), &part.says))
            .trim_end()
            .to_string()
    };
    let tone = |part: &NumberPart| match part.state {
        PartState::Wrong => Tone::Of(Severity::Error),
        PartState::Doubtful => Tone::Of(Severity::Warning),
        PartState::Empty => Tone::Dim,
        _ => Tone::Plain,
    };
    if columns == 1 {
        let lines = |part: &NumberPart| {
            let tone = tone(part);
            cells::wrap(&cell(part), room).into_iter().map(move |line| DecoderLine(line, tone, None))
        };
        return parts.iter().flat_map(lines).collect();
    }
    let height = parts.len().div_ceil(columns);
    let line = |y: usize| {
        let both = [parts.get(y), parts.get(height + y)]
            .map(|part| part.map(|part| (cells::fit(&cell(part), room), tone(part))));
        let marked = both.iter().flatten().find(|(_, tone)| matches!(tone, Tone::Of(_)));
        let tone = marked.map_or(Tone::Plain, |(_, tone)| *tone);
        let texts: Vec<&str> = both.iter().flatten().map(|(text, _)| text.as_str()).collect();
        DecoderLine(texts.join("  ").trim_end().to_string(), tone, None)
    };
    (0..height).map(line).collect()
}

/// Fills a text with blanks to a number of columns; a longer one stays whole.
fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(cells::width(text))))
}

//! A code or number that is read (解码), told part by part.

use super::Talk;
use crate::app::overlay::{DecoderPane, Overlay};
use crate::domain::decoder::{NumberKind, NumberPart, PartState};
use crate::domain::rules::Severity;
use crate::domain::sheet::Field;

impl Talk {
    /// Begins with an empty line: the code of the row at hand was not asked for.
    pub(super) fn begin_decoding(&mut self) {
        if matches!(self.app.overlays.open(), Some(Overlay::Decoder(_))) {
            self.decode("");
        }
    }

    pub(super) fn decode(&mut self, typed: &str) {
        let effects = self.app.type_over(typed);
        self.effects.extend(effects);
    }

    pub(super) fn tell_decoded(&mut self) {
        let Some(Overlay::Decoder(pane)) = self.app.overlays.open() else { return };
        if pane.found().text.is_empty() {
            return;
        }
        for line in self.decoded_lines(pane) {
            self.say(&line);
        }
    }

    fn decoded_lines(&self, pane: &DecoderPane) -> Vec<String> {
        let (locale, decoder) = (&self.app.locale, pane.decoder());
        let found = pane.found();
        let best = found.best();
        let shown = found.candidates.iter().find(|c| c.kind == NumberKind::Certificate).unwrap_or(best);
        let kind = locale.kind(best.kind);
        let mut lines = vec![locale.fill("plain.verdict", &[("kind", &kind), ("verdict", &locale.verdict_of(best))])];
        let own = self.app.roster.batch().map(|batch| &**batch.context().profile());
        lines.extend(locale.by_profile(decoder, found, own).into_iter().map(|(_, words)| words));
        lines.extend(shown.parts.iter().map(|part| self.part_line(pane, part)));
        let others = shown.problems.iter().filter(|p| !best.problems.contains(p));
        for problem in best.problems.iter().chain(others) {
            let severity = if problem.is_warning() { Severity::Warning } else { Severity::Error };
            let what = locale.problem(decoder, problem);
            lines.push(locale.fill("plain.problem", &[("severity", locale.severity(severity)), ("what", &what)]));
        }
        for proposal in pane.proposals() {
            let why = locale.repair(decoder, proposal);
            lines.push(locale.fill("plain.proposal", &[("text", &proposal.text), ("why", &why)]));
        }
        if let Some(institution) = pane.institution() {
            lines.push(locale.fill("institution.known", &[("told", &locale.institution(institution))]));
        }
        lines.extend(pane.held().map(|held| locale.held(held)));
        if let Some(batch) = self.app.roster.batch() {
            for row in pane.hits().iter().take(super::PAGE) {
                let line = batch.roster().line(*row).to_string();
                let name = Field::Name.masked(batch.roster().cell(*row, Field::Name));
                lines.push(locale.fill("ui.decoder.hit", &[("row", &line), ("name", &name)]));
            }
        }
        if super::PAGE < pane.hits().len() {
            let more = (pane.hits().len() - super::PAGE).to_string();
            lines.push(locale.fill("ui.decoder.more-hits", &[("n", &more)]));
        }
        let comma = locale.text("finding.comma");
        if !best.id_types.is_empty() {
            lines.push(locale.fill("decode.id-types", &[("types", &locale.id_types(decoder, best))]));
        }
        let also = found.candidates.iter().skip(1).map(|c| locale.kind(c.kind)).collect::<Vec<_>>();
        if !also.is_empty() {
            lines.push(locale.fill("decode.also", &[("kinds", &also.join(comma))]));
        }
        lines
    }

    /// Tells one part: its places, what stands there, what it is called and says, and whether that is right.
    fn part_line(&self, pane: &DecoderPane, part: &NumberPart) -> String {
        let locale = &self.app.locale;
        let key = if part.from == part.to { "finding.position" } else { "finding.positions" };
        let place = locale.fill(key, &[("from", &part.from.to_string()), ("to", &part.to.to_string())]);
        let state = match part.state {
            PartState::Wrong => "plain.part-wrong",
            PartState::Doubtful => "plain.part-doubtful",
            PartState::Empty => "plain.part-empty",
            PartState::Good | PartState::Partial => "plain.part",
        };
        let name = locale.part_name(pane.decoder(), part.name);
        let told = locale.fill(state, &[("place", &place), ("text", &part.text), ("name", &name)]);
        match locale.says(pane.decoder(), &part.says) {
            says if says.is_empty() => told,
            says => locale.fill("plain.part-says", &[("part", &told), ("says", &says)]),
        }
    }
}

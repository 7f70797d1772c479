//! The stock followed move by move: what the audit chain says must stand in the tables.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Balance, BlankKind, BlankMove, BlankNumber, BlankState, SeriesNumber};

/// A move as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMove {
    pub entry: u64,
    pub kind: BlankKind,
    pub on: NaiveDate,
    pub told: BlankMove,
    /// The number of the move before it; nothing for a receipt.
    pub before: Option<u64>,
    /// The number of the move as which it has blanks stand again, where it corrects another one.
    pub restores: Option<u64>,
}

/// Blanks that stand as one move has left them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub last: BlankNumber,
    /// The number of that move, counted from 1.
    pub by: u64,
}

/// Every blank that was ever received.
#[derive(Debug, Default)]
pub struct Stock {
    moves: Vec<KeptMove>,
    pieces: BTreeMap<(BlankKind, BlankNumber), Piece>,
    balances: BTreeMap<(BlankKind, String), Balance>,
}

impl Stock {
    /// Takes the moves of an entry; `false` where one of them cannot be: those behind it are left out.
    pub fn take(&mut self, entry: u64, kind: BlankKind, on: NaiveDate, moves: &[BlankMove]) -> bool {
        moves.iter().all(|told| self.take_one(entry, kind, on, told).is_some())
    }

    fn take_one(&mut self, entry: u64, kind: BlankKind, on: NaiveDate, told: &BlankMove) -> Option<()> {
        let run = told.run;
        if run.last < run.first || told.keeper.is_empty() {
            return None;
        }
        if told.certificate.is_some() != (told.state == BlankState::Used) {
            return None;
        }
        let found = self.pieces.range(..=(kind, run.last)).next_back();
        let found = found.filter(|((of, _), _)| *of == kind).map(|((_, first), piece)| (*first, *piece));
        let by = self.moves.len() as u64 + 1;
        let mut restores = None;
        let before = match (told.was, found) {
            (None, found) => {
                let is_free = found.is_none_or(|(_, piece)| piece.last < run.first);
                let is_new = is_free && told.state == BlankState::Stock && !told.withdrawn && !told.corrected;
                is_new.then_some(None)?
            }
            (Some(was), Some((first, piece))) if first <= run.first && run.last <= piece.last => {
                let stands = self.moves.get(piece.by as usize - 1)?;
                let fits = stands.told.state == was && stands.told.keeper == told.keeper_before();
                let had = self.certificate(piece, run.first);
                let is_fresh = stands.before.is_none() && told.from.is_empty() && told.state == BlankState::Stock;
                if told.corrected {
                    restores = Some(self.restored(piece.by, told)?);
                }
                let may = match restores {
                    Some(_) => !told.withdrawn,
                    None => stands.on <= on && if told.withdrawn { is_fresh } else { was.may_become(told.state) },
                };
                if !fits || had != told.had || !may {
                    return None;
                }
                self.cut(kind, (first, piece), told);
                Some(piece.by)
            }
            (Some(_), _) => return None,
        };
        if !told.withdrawn {
            self.pieces.insert((kind, run.first), Piece { last: run.last, by });
        }
        self.book(kind, told);
        // What is corrected never was: the blanks stand so since they had stood so.
        let on = restores.and_then(|id| self.moves.get(id as usize - 1)).map_or(on, |kept| kept.on);
        self.moves.push(KeptMove { entry, kind, on, told: told.clone(), before, restores });
        Some(())
    }

    /// Finds the move as which a correction has blanks stand again: the one before what they stand by, where both say the same.
    fn restored(&self, by: u64, told: &BlankMove) -> Option<u64> {
        let origin = |id: u64| Some(self.moves.get(id as usize - 1)?.restores.unwrap_or(id));
        let wrong = &self.moves.get(origin(by)? as usize - 1)?;
        let id = origin(wrong.before?)?;
        let former = &self.moves.get(id as usize - 1)?.told;
        let certificate = former.certificate.map(|start| start.further(told.run.first.places_after(former.run.first)));
        let is_wrong = matches!(wrong.told.state, BlankState::Used | BlankState::Spoiled | BlankState::Destroyed);
        let is_same = (former.state, &former.keeper, &former.place) == (told.state, &told.keeper, &told.place);
        (is_wrong && is_same && certificate == told.certificate).then_some(id)
    }

    /// Takes a run out of a piece.
    fn cut(&mut self, kind: BlankKind, (first, piece): (BlankNumber, Piece), told: &BlankMove) {
        let run = told.run;
        self.pieces.remove(&(kind, first));
        if let Some(last) = run.first.before().filter(|last| first <= *last) {
            self.pieces.insert((kind, first), Piece { last, ..piece });
        }
        if let Some(next) = run.last.further(1).filter(|next| *next <= piece.last) {
            self.pieces.insert((kind, next), piece);
        }
    }

    fn book(&mut self, kind: BlankKind, told: &BlankMove) {
        let count = told.run.count();
        if let Some(was) = told.was {
            let before = self.balances.entry((kind, told.keeper_before().to_string())).or_default();
            *before.of(was) -= count;
            before.went += if told.from.is_empty() { 0 } else { count };
            if told.withdrawn {
                before.received -= count;
                return;
            }
        }
        let now = self.balances.entry((kind, told.keeper.clone())).or_default();
        *now.of(told.state) += count;
        match told.was {
            None => now.received += count,
            Some(_) if !told.from.is_empty() => now.came += count,
            Some(_) => {}
        }
    }

    /// Gives the certificate that the first blank of a piece is used for.
    pub fn certificate_of(&self, kind: BlankKind, first: BlankNumber) -> Option<SeriesNumber> {
        self.pieces.get(&(kind, first)).and_then(|piece| self.certificate(*piece, first))
    }

    /// Gives the certificate that a number of a piece is used for.
    fn certificate(&self, piece: Piece, number: BlankNumber) -> Option<SeriesNumber> {
        let told = &self.moves.get(piece.by as usize - 1)?.told;
        told.certificate.map(|start| start.further(number.places_after(told.run.first)))
    }

    /// Lists the moves, the first with the number 1.
    pub fn moves(&self) -> &[KeptMove] {
        &self.moves
    }

    /// Lists the pieces by kind and first number.
    pub fn pieces(&self) -> &BTreeMap<(BlankKind, BlankNumber), Piece> {
        &self.pieces
    }

    /// Lists the balances by kind and keeper.
    pub fn balances(&self) -> &BTreeMap<(BlankKind, String), Balance> {
        &self.balances
    }
}

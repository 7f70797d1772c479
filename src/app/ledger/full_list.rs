//! Lists that come in one piece.

/// A list that comes in one piece.
#[derive(Debug)]
pub struct FullList<T> {
    pub at: usize,
    /// The lines; `None` until they are here.
    pub rows: Option<Vec<T>>,
    pub(super) is_stale: bool,
}

impl<T> Default for FullList<T> {
    fn default() -> FullList<T> {
        FullList { at: 0, rows: None, is_stale: true }
    }
}

impl<T> FullList<T> {
    /// Gives the lines that are here.
    pub fn lines(&self) -> &[T] {
        self.rows.as_deref().unwrap_or_default()
    }

    /// Gives the line under the cursor.
    pub fn current(&self) -> Option<&T> {
        self.lines().get(self.at)
    }

    /// Takes the lines; the cursor stays on the line it was on where that is still among them.
    pub(super) fn take(&mut self, rows: Vec<T>, is_same: impl Fn(&T, &T) -> bool) {
        let kept = self.current().and_then(|old| rows.iter().position(|row| is_same(row, old)));
        self.at = kept.unwrap_or(self.at).min(rows.len().saturating_sub(1));
        self.rows = Some(rows);
        self.is_stale = false;
    }
}

/// What a list that comes in one piece, as `lines`, tells of itself: how long it is, where the cursor stands, and that it is asked for anew.
macro_rules! one_piece {
    () => {
        fn count(&self) -> usize {
            self.lines.lines().len()
        }

        fn at(&self) -> usize {
            self.lines.at
        }

        fn cursor(&mut self) -> &mut usize {
            &mut self.lines.at
        }

        fn renew(&mut self) {
            self.lines.is_stale = true;
        }
    };
}
pub(super) use one_piece;

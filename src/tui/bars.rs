//! Bars (条形): so many cells for so much of each thing.

use super::theme::Tone;

/// A part of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub count: u64,
    pub sign: char,
    pub tone: Tone,
}

/// Shares cells out; whatever there is of gets one at least.
pub fn shares(counts: &[u64], width: usize) -> Vec<usize> {
    let total = u128::from(counts.iter().sum::<u64>().max(1));
    let of = |n: u64| u128::from(n) * width as u128;
    let mut cells: Vec<usize> =
        counts.iter().map(|n| if *n == 0 { 0 } else { ((of(*n) / total) as usize).max(1) }).collect();
    while width < cells.iter().sum() {
        let Some(longest) = cells.iter_mut().max().filter(|n| 0 < **n) else { break };
        *longest -= 1;
    }
    // What rounding took goes where most of it is missing.
    while !counts.is_empty() && cells.iter().sum::<usize>() < width {
        let short = |i: usize| of(counts[i]) as i128 - (cells[i] as u128 * total) as i128;
        let most = (0..cells.len()).max_by_key(|i| short(*i)).unwrap_or(0);
        cells[most] += 1;
    }
    cells
}

/// Draws a bar as texts in their tones.
pub fn drawn(parts: &[Part], width: usize) -> Vec<(String, Tone)> {
    let counts: Vec<u64> = parts.iter().map(|part| part.count).collect();
    let cells = parts.iter().zip(shares(&counts, width)).filter(|(_, n)| *n != 0);
    cells.map(|(part, n)| (String::from(part.sign).repeat(n), part.tone)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_its_width_and_shows_all_there_is() {
        assert_eq!(shares(&[1, 1, 99_997], 8), [1, 1, 6]);
        assert_eq!(shares(&[50_000, 0, 50_000], 8), [4, 0, 4]);
        assert_eq!(shares(&[99_998, 0, 1], 8), [7, 0, 1]);
        assert_eq!(shares(&[1, 1, 1], 0), [0, 0, 0]);
        assert_eq!(shares(&[], 8), [0; 0]);
        for width in 0..40 {
            for n in [1, 2, 33_333, u64::MAX / 2] {
                assert_eq!(shares(&[n, 1, 1, 1], width).iter().sum::<usize>(), width, "{width} {n}");
            }
        }
        let part = |count, sign| Part { count, sign, tone: Tone::Plain };
        let texts = drawn(&[part(2, '!'), part(0, '?'), part(2, '.')], 4);
        assert_eq!(texts, [("!!".to_string(), Tone::Plain), ("..".to_string(), Tone::Plain)]);
    }
}

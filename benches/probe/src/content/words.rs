//! Made-up text that looks like text.

use crate::canvas::{ADVANCE, Canvas, LINE, Pen};

/// Words without end, the same for the same seed.
pub(super) struct Words {
    state: u32,
}

impl Words {
    pub(super) const fn new(seed: u32) -> Self {
        // Xorshift never leaves zero.
        Self { state: seed | 1 }
    }

    /// A number below `limit`.
    pub(super) const fn number(&mut self, limit: u32) -> u32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        self.state % limit
    }

    pub(super) fn letter(&mut self) -> char {
        char::from(b'a' + u8::try_from(self.number(26)).unwrap_or_default())
    }

    /// A line of words that is at most `columns` characters long, and at least a third of that.
    pub(super) fn line(&mut self, columns: usize) -> String {
        let most = u32::try_from(columns).unwrap_or(u32::MAX).max(3);
        let length = (most / 3 + self.number(most - most / 3)) as usize;
        let mut line = String::with_capacity(length + 12);
        while line.len() < length {
            for _ in 0..=self.number(9) {
                line.push(self.letter());
            }
            line.push(' ');
        }
        line.truncate(columns);
        line
    }

    /// Fills a canvas with lines.
    pub(super) fn page(&mut self, canvas: &mut Canvas<'_>, pen: Pen) {
        canvas.fill(canvas.area(), pen.paper);
        let inner = super::inner(canvas);
        for y in (inner.y..inner.y + inner.h - LINE).step_by(LINE) {
            let line = self.line(canvas.width / ADVANCE - 2);
            canvas.text(ADVANCE, y, &line, pen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_differ() {
        let mut words = Words::new(1);
        let lines: Vec<_> = (0..50).map(|_| words.line(60)).collect();
        assert!(lines.iter().all(|line| (20..=60).contains(&line.len())));
        assert!(lines.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

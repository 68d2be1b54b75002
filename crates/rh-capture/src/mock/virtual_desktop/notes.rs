//! The notepad: one text field of several lines.

use rh_protocol::Key;

use super::canvas::{ACCENT, ADVANCE, Canvas, FAINT, INK, LINE_HEIGHT, PAPER};
use crate::Rect;

/// Its window's inside.
pub(super) const AREA: Rect = Rect { x: 40, y: 92, width: 600, height: 280 };

const MARGIN: u32 = 14;
const SELECTED: [u8; 3] = [0xF9, 0xDC, 0xC0];

/// Column and row of a character.
type Cell = (u32, u32);

/// What was typed and where the caret is.
#[derive(Debug, Default)]
pub(super) struct Notes {
    text: String,
    /// Byte offset into the text, between two characters.
    caret: usize,
    /// Whether all of it is selected.
    selected: bool,
}

impl Notes {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Enters text at the caret, in place of the selection.
    pub(super) fn insert(&mut self, text: &str) {
        self.delete_selection();
        self.text.insert_str(self.caret, text);
        self.caret += text.len();
    }

    pub(super) fn select_all(&mut self) {
        self.selected = true;
    }

    /// Edits or moves the caret; whether the key does that.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other key edits")]
    pub(super) fn edit(&mut self, key: Key) -> bool {
        match key {
            Key::Backspace if !self.delete_selection() => self.delete(self.before()),
            Key::Delete if !self.delete_selection() => self.delete(self.after()),
            Key::Backspace | Key::Delete => {}
            Key::ArrowLeft => self.caret = self.before(),
            Key::ArrowRight => self.caret = self.after(),
            Key::Home => self.caret = 0,
            Key::End => self.caret = self.text.len(),
            _ => return false,
        }
        self.selected = false;
        true
    }

    fn delete_selection(&mut self) -> bool {
        let selected = std::mem::take(&mut self.selected);
        if selected {
            self.text.clear();
            self.caret = 0;
        }
        selected
    }

    /// Deletes what is between the caret and `other`.
    fn delete(&mut self, other: usize) {
        let (start, end) = (self.caret.min(other), self.caret.max(other));
        self.text.replace_range(start..end, "");
        self.caret = start;
    }

    fn before(&self) -> usize {
        self.text[..self.caret].char_indices().next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.text[self.caret..]
            .chars()
            .next()
            .map_or(self.caret, |char| self.caret + char.len_utf8())
    }

    pub(super) fn draw(&self, canvas: &mut Canvas) {
        canvas.fill(AREA, PAPER);
        let (left, top) = (AREA.x + MARGIN, AREA.y + MARGIN);
        if self.text.is_empty() {
            canvas.text(left + 6, top + 2, "Type here", FAINT);
        }
        let columns = (AREA.width - 2 * MARGIN) / ADVANCE;
        let rows = (AREA.height - 2 * MARGIN) / LINE_HEIGHT;
        let (glyphs, caret) = self.lay_out(columns);
        // The row with the caret is always in sight.
        let first = (caret.1 + 1).saturating_sub(rows);
        let place = |(column, row): Cell| {
            let row = row.checked_sub(first).filter(|row| *row < rows)?;
            Some((left + column * ADVANCE, top + row * LINE_HEIGHT))
        };
        for (char, (x, y)) in glyphs.iter().filter_map(|(char, at)| Some((char, place(*at)?))) {
            if self.selected {
                canvas.fill(Rect { x, y, width: ADVANCE, height: LINE_HEIGHT }, SELECTED);
            }
            canvas.text(x, y + 2, char.encode_utf8(&mut [0; 4]), INK);
        }
        if let Some((x, y)) = place(caret) {
            canvas.fill(Rect { x, y, width: 2, height: LINE_HEIGHT }, ACCENT);
        }
    }

    /// The cell of each character that is seen, and of the caret.
    fn lay_out(&self, columns: u32) -> (Vec<(char, Cell)>, Cell) {
        let (mut glyphs, mut caret) = (Vec::new(), (0, 0));
        let (mut column, mut row) = (0, 0);
        for (at, char) in self.text.char_indices() {
            if column == columns && char != '\n' {
                (column, row) = (0, row + 1);
            }
            if at == self.caret {
                caret = (column, row);
            }
            match char {
                '\n' => (column, row) = (0, row + 1),
                '\t' => column = (column / 4 * 4 + 4).min(columns),
                char => {
                    glyphs.push((char, (column, row)));
                    column += 1;
                }
            }
        }
        (glyphs, if self.caret == self.text.len() { (column, row) } else { caret })
    }
}

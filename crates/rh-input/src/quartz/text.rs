//! Text in pieces that an event can carry.

use rh_protocol::Key;
use unicode_segmentation::UnicodeSegmentation as _;

/// How many UTF-16 units `CGEventKeyboardSetUnicodeString` takes; the rest would be dropped.
pub const UNITS: usize = 20;

/// What one press enters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Piece {
    /// A key that people use in text: many programs take the character for nothing, or for text.
    Key(Key),
    /// At least one UTF-16 unit and at most [`UNITS`].
    Units(Vec<u16>),
}

/// Cuts `text` into as few pieces as hold it, in order.
///
/// A grapheme is never cut, so that no program shows or deletes half of one; but one that is longer
/// than a piece is cut between its scalar values.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut units = Vec::new();
    for grapheme in text.graphemes(true) {
        match grapheme {
            "\n" | "\r" | "\r\n" => press(&mut pieces, &mut units, Key::Enter),
            "\t" => press(&mut pieces, &mut units, Key::Tab),
            written => write(&mut pieces, &mut units, written),
        }
    }
    flush(&mut pieces, &mut units);
    pieces
}

fn press(pieces: &mut Vec<Piece>, units: &mut Vec<u16>, key: Key) {
    flush(pieces, units);
    pieces.push(Piece::Key(key));
}

fn write(pieces: &mut Vec<Piece>, units: &mut Vec<u16>, grapheme: &str) {
    let length = grapheme.encode_utf16().count();
    if units.len() + length > UNITS {
        flush(pieces, units);
    }
    for scalar in grapheme.chars() {
        if units.len() + scalar.len_utf16() > UNITS {
            flush(pieces, units);
        }
        units.extend_from_slice(scalar.encode_utf16(&mut [0; 2]));
    }
}

fn flush(pieces: &mut Vec<Piece>, units: &mut Vec<u16>) {
    if !units.is_empty() {
        pieces.push(Piece::Units(std::mem::take(units)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a desktop would write; panics at half a surrogate pair.
    fn written(pieces: &[Piece]) -> Vec<String> {
        let write = |piece: &Piece| match piece {
            Piece::Key(Key::Enter) => "\n".to_owned(),
            Piece::Key(Key::Tab) => "\t".to_owned(),
            Piece::Key(other) => panic!("{other} is no text"),
            Piece::Units(units) => {
                assert!((1..=UNITS).contains(&units.len()), "{} units", units.len());
                String::from_utf16(units).expect("whole characters")
            }
        };
        pieces.iter().map(write).collect()
    }

    #[test]
    fn text_is_cut_at_twenty_units() {
        assert!(pieces("").is_empty());
        assert_eq!(written(&pieces("abcdefghijklmnopqrst")), ["abcdefghijklmnopqrst"]);
        assert_eq!(written(&pieces("abcdefghijklmnopqrstu")), ["abcdefghijklmnopqrst", "u"]);
    }

    #[test]
    fn nothing_that_belongs_together_is_cut() {
        let nineteen = "abcdefghijklmnopqrs";
        for together in ["🙂", "e\u{301}", "👩‍👩‍👧‍👦", "🇨🇭", "한"] {
            let cut = written(&pieces(&format!("{nineteen}{together}!")));
            let room = together.encode_utf16().count() == 1;
            let expected = if room {
                [format!("{nineteen}{together}"), "!".to_owned()]
            } else {
                [nineteen.to_owned(), format!("{together}!")]
            };
            assert_eq!(cut, expected);
        }
    }

    #[test]
    fn a_grapheme_longer_than_a_piece_is_cut_between_its_scalar_values() {
        let stack = format!("a{}", "\u{1e94a}".repeat(15));
        let cut = written(&pieces(&stack));
        assert_eq!(cut.concat(), stack);
        assert_eq!(cut.iter().map(|piece| piece.chars().count()).collect::<Vec<_>>(), [10, 6]);
    }

    #[test]
    fn lines_end_with_a_key() {
        let (enter, tab) = (Piece::Key(Key::Enter), Piece::Key(Key::Tab));
        let a = Piece::Units(vec![0x61]);
        let each = [a.clone(), enter.clone(), a.clone(), tab, enter.clone(), a, enter];
        assert_eq!(pieces("a\r\na\t\ra\n"), each);
    }

    proptest! {
        /// B-07: what is written is the text, whatever it is.
        #[test]
        fn all_of_any_text_is_written(text in "(?s).{0,120}") {
            let lines = text.replace("\r\n", "\n").replace('\r', "\n");
            prop_assert_eq!(written(&pieces(&text)).concat(), lines);
        }

        /// Pieces end where graphemes do, if graphemes are no longer than a piece.
        #[test]
        fn no_grapheme_is_cut(
            parts in prop::collection::vec("[a-zé漢🙂]|e\u{301}|👩‍👩‍👧‍👦|🇨🇭|👍🏽|\n", 0..80),
        ) {
            let text = parts.concat();
            let ends: Vec<_> = text.grapheme_indices(true).map(|(at, _)| at).collect();
            let mut at = 0;
            for piece in written(&pieces(&text)) {
                prop_assert!(ends.contains(&at), "cut at byte {} of {:?}", at, text);
                at += piece.len();
            }
            prop_assert_eq!(at, text.len());
        }

        /// A piece is only ended early by what would not have fitted.
        #[test]
        fn pieces_are_as_few_as_can_be(text in "[a-z🙂]{0,120}") {
            let pieces = pieces(&text);
            let lengths: Vec<_> = written(&pieces).iter().map(|p| p.encode_utf16().count()).collect();
            prop_assert!(lengths.iter().rev().skip(1).all(|&length| length >= UNITS - 1));
        }
    }
}

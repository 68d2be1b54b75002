//! Text from the far side, made fit to be shown.

/// Returns `text` without control, bidirectional-override and invisible characters, with runs of
/// white space folded to one space, cut to `most` characters.
///
/// The removed characters are the C0 and C1 controls (so no terminal escape survives), the explicit
/// directional formatting characters of Unicode UAX 9, and the zero-width characters.
pub fn safe_text(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = !out.is_empty();
            continue;
        }
        if c.is_control() || is_deceptive(c) {
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        out.push(c);
    }
    match out.char_indices().nth(most) {
        Some((end, _)) => out[..end].trim_end().to_owned(),
        None => out,
    }
}

fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}' | '\u{ffa0}'
        | '\u{e0000}'..='\u{e007f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}')
}

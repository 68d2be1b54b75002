//! A code as people type it.

use std::fmt;
use std::str::FromStr;

use rh_protocol::limits::CODE_DIGITS;

/// The digit zero of every decimal script of Unicode's first plane (general category Nd, Unicode
/// 15); the nine others follow it.
const ZEROS: [char; 37] = [
    '0', '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}', '\u{ed0}', '\u{f20}',
    '\u{1040}', '\u{1090}', '\u{17e0}', '\u{1810}', '\u{1946}', '\u{19d0}', '\u{1a80}', '\u{1a90}',
    '\u{1b50}', '\u{1bb0}', '\u{1c40}', '\u{1c50}', '\u{a620}', '\u{a8d0}', '\u{a900}', '\u{a9d0}',
    '\u{a9f0}', '\u{aa50}', '\u{abf0}', '\u{ff10}',
];

/// Characters looked at in what was typed.
const TYPED_CHARS: usize = 64;

/// Eight decimal digits. It is a secret, so `Debug` does not show it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(in crate::hub) struct Code([u8; CODE_DIGITS]);

/// What was typed is not eight digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::hub) struct NotACode;

impl Code {
    /// The code with this number, leading zeros kept.
    ///
    /// `number` is below 10^8.
    pub(super) fn from_number(mut number: u32) -> Self {
        let mut digits = [0; CODE_DIGITS];
        for digit in digits.iter_mut().rev() {
            *digit = (number % 10) as u8;
            number /= 10;
        }
        Self(digits)
    }

    pub(super) fn digits(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for Code {
    type Err = NotACode;

    /// Reads what was typed: spaces, dashes and invisible marks are skipped, digits of any script
    /// are taken.
    fn from_str(typed: &str) -> Result<Self, NotACode> {
        let mut digits = [0; CODE_DIGITS];
        let mut seen = 0;
        for (nth, c) in typed.chars().enumerate() {
            if nth == TYPED_CHARS {
                return Err(NotACode);
            }
            if is_filler(c) {
                continue;
            }
            *digits.get_mut(seen).ok_or(NotACode)? = value(c).ok_or(NotACode)?;
            seen += 1;
        }
        if seen == CODE_DIGITS { Ok(Self(digits)) } else { Err(NotACode) }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

fn value(c: char) -> Option<u8> {
    ZEROS.iter().find_map(|&zero| {
        let distance = u32::from(c).checked_sub(u32::from(zero))?;
        u8::try_from(distance).ok().filter(|&digit| digit < 10)
    })
}

/// White space, dashes, and the marks that copying from a right-to-left page brings along.
fn is_filler(c: char) -> bool {
    let dash = matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}');
    let mark = matches!(c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}');
    c.is_whitespace() || dash || mark
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Option<String> {
        typed.parse::<Code>().ok().map(|code| code.to_string())
    }

    /// S-46: paste, spaces, dashes and other digit scripts.
    #[test]
    fn a_code_is_read_however_it_is_written() {
        for typed in [
            "01234567",
            " 0123 4567\n",
            "0123-4567",
            "0123\u{a0}\u{2013} 4567",
            "٠١٢٣٤٥٦٧",
            "۰۱۲۳۴۵۶۷",
            "०१२३४५६७",
            "０１２３４５６７",
            "\u{200f}\u{2067}٠١٢٣ ٤٥٦٧\u{2069}",
            "๐๑๒३४५६7",
        ] {
            assert_eq!(read(typed).as_deref(), Some("01234567"), "{typed:?}");
        }
    }

    /// S-46: anything else is refused as malformed.
    #[test]
    fn what_is_not_eight_digits_is_no_code() {
        let long = format!("{}01234567", " ".repeat(1_000_000));
        for typed in ["", "0123456", "012345678", "0123456a", "+1234567", "1.234.567", "Ⅷ", &long]
        {
            assert_eq!(read(typed), None, "{} bytes", typed.len());
        }
    }

    #[test]
    fn leading_zeros_are_kept() {
        assert_eq!(Code::from_number(42).to_string(), "00000042");
        assert_eq!(Code::from_number(99_999_999).to_string(), "99999999");
    }

    #[test]
    fn a_code_is_not_shown_by_debug() {
        assert!(!format!("{:?}", Code::from_number(12_345_678)).contains("1234"));
    }
}

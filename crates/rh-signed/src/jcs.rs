//! One text for each JSON value (RFC 8785, the JSON Canonicalization Scheme).
//!
//! Hashes and signatures are over this text, so it does not matter how a document was indented or
//! in which order a mail program, an editor or a database wrote its members. Numbers are whole and
//! exact in every language (RFC 7493): what is recorded has no others.

use std::fmt::Write;

use serde_json::Value;

/// 2^53 - 1, the largest whole number that every reader of JSON reads alike.
const EXACT: u64 = (1 << 53) - 1;

/// A number that is not whole, or above 2^53 - 1 either way.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a number is not whole, or too large to be exact")]
pub struct InexactNumber;

/// The canonical text of `value`.
///
/// # Errors
///
/// [`InexactNumber`], where RFC 8785 would go on to define how doubles are printed.
pub fn canonical(value: &Value) -> Result<String, InexactNumber> {
    let mut text = String::new();
    write(&mut text, value)?;
    Ok(text)
}

fn write(text: &mut String, value: &Value) -> Result<(), InexactNumber> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => plain(text, value),
        Value::Number(number) => {
            let small = number.as_i64().is_some_and(|it| it.unsigned_abs() <= EXACT);
            if !small {
                return Err(InexactNumber);
            }
            plain(text, value);
        }
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                comma(text, at);
                write(text, item)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            // By UTF-16 code units (RFC 8785 3.2.3), which is not the order of the bytes.
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            text.push('{');
            for (at, (name, member)) in members.into_iter().enumerate() {
                comma(text, at);
                plain(text, &Value::from(name.as_str()));
                text.push(':');
                write(text, member)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

fn comma(text: &mut String, at: usize) {
    if at > 0 {
        text.push(',');
    }
}

/// What has no parts; serde_json escapes strings as RFC 8785 3.2.2.2 wants it.
fn plain(text: &mut String, value: &Value) {
    write!(text, "{value}").expect("a String takes every text");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// The example of RFC 8785 3.2.3, and its strings of 3.2.2.
    #[test]
    fn the_examples_of_the_rfc_come_out() {
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
            "\u{f6}": "Latin Small Letter O With Diaeresis",
        });
        let text = canonical(&value).unwrap();
        let values: Vec<_> = text.split('"').skip(3).step_by(4).collect();
        assert_eq!(
            values,
            [
                "Carriage Return",
                "One",
                "Control",
                "Latin Small Letter O With Diaeresis",
                "Euro Sign",
                "Emoji: Grinning Face",
                "Hebrew Letter Dalet With Dagesh",
            ]
        );
        let string = json!("\u{20ac}$\u{f}\nA'B\"\\\\\"/");
        assert_eq!(canonical(&string).unwrap(), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
        assert_eq!(canonical(&json!([null, true, -1, {}])).unwrap(), "[null,true,-1,{}]");
    }

    #[test]
    fn a_number_that_readers_disagree_about_is_refused() {
        for number in [json!(0.5), json!(1e30), json!(EXACT + 1), json!(u64::MAX), json!(i64::MIN)]
        {
            assert_eq!(canonical(&json!([number])), Err(InexactNumber));
        }
        assert!(canonical(&json!(EXACT)).is_ok());
    }

    proptest! {
        #[test]
        fn the_text_means_the_value(names in proptest::collection::vec(".*", 0..8), n in -9i64..9) {
            let members = names.iter().map(|name| (name.clone(), json!([n, name])));
            let value = Value::Object(members.collect());
            let text = canonical(&value).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }
}

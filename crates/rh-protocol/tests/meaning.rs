//! What a message means when it is not quite what was expected.

use rh_protocol::{
    Client, Consent, EndReason, FromClient, FromHelper, InputEvent, Refusal, Role, ToClient,
    WireError, chat_text, decode, encode, limits,
};

/// S-48: whatever is not exactly `allow` is a no.
#[test]
fn only_allow_means_allow() {
    let words = ["", "ALLOW", "Allow", "allow ", "yes", "decline", "allow_once", "\\u0000allow"];
    for word in words {
        let message = format!(r#"{{"type":"answer","role":"view","consent":"{word}"}}"#);
        let expected =
            FromClient::Answer { role: Role::View, consent: Consent::Decline, shown: None };
        assert_eq!(decode(message.as_bytes()), Ok(expected), "{word:?}");
    }
    assert_eq!(Consent::default(), Consent::Decline);
}

/// A role that this version does not know is not a lesser role but no message.
#[test]
fn an_unknown_role_is_no_message() {
    let message = br#"{"type":"request","role":"elevated"}"#;
    assert!(matches!(decode::<FromClient>(message), Err(WireError::Unknown(_))));
}

#[test]
fn control_covers_view() {
    assert!(Role::Control > Role::View);
}

#[test]
fn a_reason_of_a_later_version_still_ends_the_session() {
    let message = br#"{"type":"bye","reason":"moved_to_the_moon"}"#;
    assert_eq!(decode(message), Ok(FromHelper::Bye { reason: EndReason::Other }));
    let message = br#"{"type":"refused","refusal":"moved_to_the_moon"}"#;
    let expected = ToClient::Refused { refusal: Refusal::Other, retry_in: None };
    assert_eq!(decode(message), Ok(expected));
}

#[test]
fn a_field_of_a_later_version_is_ignored() {
    let message = br#"{"type":"ping","nonce":1,"colour":"blue"}"#;
    assert_eq!(decode(message), Ok(FromHelper::Ping { nonce: 1 }));
}

#[test]
fn a_message_that_is_too_long_is_not_looked_into() {
    let long = vec![b'['; limits::MESSAGE_BYTES + 1];
    assert_eq!(decode::<FromHelper>(&long), Err(WireError::TooLong(long.len())));
}

#[test]
fn deep_nesting_is_an_error_and_not_a_full_stack() {
    let deep = vec![b'['; limits::MESSAGE_BYTES];
    assert!(decode::<FromHelper>(&deep).is_err());
    let deep = format!(r#"{{"type":"ping","nonce":1,"x":{}"#, "{\"a\":".repeat(10_000));
    assert!(matches!(decode::<FromHelper>(deep.as_bytes()), Err(WireError::NotJson(_))));
}

#[test]
fn text_is_counted_in_characters() {
    let input =
        |chars| FromHelper::Input { seq: 1, event: InputEvent::Text { text: "漢".repeat(chars) } };
    let longest = input(limits::TEXT_CHARS);
    assert_eq!(decode(encode(&longest).as_bytes()), Ok(longest));
    let too_long = encode(&input(limits::TEXT_CHARS + 1));
    assert!(matches!(decode::<FromHelper>(too_long.as_bytes()), Err(WireError::Unknown(_))));
}

/// S-17: nothing of any script is lost: joined emoji, combining marks, marks of direction.
#[test]
fn a_chat_carries_every_script_as_it_was_written() {
    let texts = [
        "你好，世界",
        "𠮷野家で𩸽",
        "مرحبا بالعالم",
        "שלום (abc) 123 עולם",
        "\u{2067}بدء\u{2069} end \u{200f}!",
        "👩🏽‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 🇨🇭",
        "e\u{301} ≠ é, ก็ नमस्ते 각 \u{1100}\u{1161}\u{11a8}",
        "Z̸̡͠a̶l̷g̵o",
        "<img src=x onerror=alert(1)> {{7*7}} ${7*7} <%= 7*7 %>",
        "one\n\ttwo\n\nthree",
    ];
    for text in texts {
        assert_eq!(chat_text(text).as_deref(), Some(text));
        let message = ToClient::Chat { place: 1, from: Client::Agent, text: text.to_owned() };
        assert_eq!(decode(encode(&message).as_bytes()), Ok(message));
    }
}

#[test]
fn a_chat_has_one_kind_of_line_end_and_no_control_characters() {
    assert_eq!(chat_text(" a\r\nb\rc\n ").as_deref(), Some("a\nb\nc"));
    assert_eq!(chat_text("\u{1b}[31mred\u{7}\u{0}\u{9b}0m").as_deref(), Some("[31mred0m"));
    for nothing in ["", " \n\t ", "\u{0}\u{1b}", "\u{3000}"] {
        assert_eq!(chat_text(nothing), None, "{nothing:?}");
    }
}

#[test]
fn a_chat_is_limited_by_its_bytes() {
    let longest = "字".repeat(limits::CHAT_BYTES / 3);
    assert_eq!(chat_text(&longest), Some(longest.clone()));
    assert_eq!(chat_text(&format!("{longest}字")), None);
}

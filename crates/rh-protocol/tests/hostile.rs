//! Bytes from strangers: nothing panics, and what is sound comes through unchanged.

mod messages;

use proptest::prelude::*;
use rh_protocol::{
    Fraction, FromClient, FromHelper, IdentityCard, PointerMove, ToClient, ToHelper, WireError,
    decode, encode, limits, safe_text,
};

/// Decodes `bytes` as every kind of message; they may be any.
fn decode_as_everything(bytes: &[u8]) -> bool {
    let decoded = [
        decode::<FromClient>(bytes).is_ok(),
        decode::<ToClient>(bytes).is_ok(),
        decode::<FromHelper>(bytes).is_ok(),
        decode::<ToHelper>(bytes).is_ok(),
        decode::<PointerMove>(bytes).is_ok(),
        decode::<IdentityCard>(bytes).is_ok(),
    ];
    decoded.contains(&true)
}

/// A valid message of any kind, as it travels.
fn any_message() -> impl Strategy<Value = String> {
    prop_oneof![
        messages::from_client().prop_map(|message| encode(&message)),
        messages::to_client().prop_map(|message| encode(&message)),
        messages::from_helper().prop_map(|message| encode(&message)),
        messages::to_helper().prop_map(|message| encode(&message)),
        messages::pointer_move().prop_map(|message| encode(&message)),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        decode_as_everything(&bytes);
    }

    #[test]
    fn a_truncated_message_is_no_message(message in any_message(), cut in any::<prop::sample::Index>()) {
        let bytes = message.as_bytes();
        prop_assert!(!decode_as_everything(&bytes[..cut.index(bytes.len())]));
    }

    #[test]
    fn a_damaged_message_is_read_without_a_panic(
        message in any_message(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = message.into_bytes();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        decode_as_everything(&bytes);
    }

    #[test]
    fn an_unknown_type_is_told_apart_from_garbage(name in "[a-z]{1,12}_of_later") {
        let message = format!(r#"{{"type":"{name}","x":[1,{{}}]}}"#);
        prop_assert!(matches!(decode::<FromHelper>(message.as_bytes()), Err(WireError::Unknown(_))));
        prop_assert!(matches!(decode::<ToClient>(message.as_bytes()), Err(WireError::Unknown(_))));
    }

    #[test]
    fn what_a_client_says_comes_through(message in messages::from_client()) {
        prop_assert_eq!(decode(encode(&message).as_bytes()), Ok(message));
    }

    #[test]
    fn what_the_service_says_comes_through(message in messages::to_client()) {
        prop_assert_eq!(decode(encode(&message).as_bytes()), Ok(message));
    }

    #[test]
    fn what_a_helper_says_comes_through(message in messages::from_helper()) {
        prop_assert_eq!(decode(encode(&message).as_bytes()), Ok(message));
    }

    #[test]
    fn what_an_agent_says_comes_through(message in messages::to_helper()) {
        prop_assert_eq!(decode(encode(&message).as_bytes()), Ok(message));
    }

    #[test]
    fn a_pointer_move_comes_through(message in messages::pointer_move()) {
        prop_assert_eq!(decode(encode(&message).as_bytes()), Ok(message));
    }

    /// Every bit pattern there is, NaN and the infinities among them.
    #[test]
    fn a_fraction_is_between_0_and_1(bits in any::<u32>()) {
        let value = f32::from_bits(bits);
        let inside = (0.0..=1.0).contains(&value);
        prop_assert_eq!(Fraction::try_from(value).is_ok(), inside);
    }

    #[test]
    fn a_place_off_the_display_is_refused(x in prop_oneof![-1e30..-1e-6_f64, 1.000_001..1e30_f64]) {
        let message = format!(r#"{{"seq":1,"at":{{"display":1,"x":{x},"y":0.5}}}}"#);
        prop_assert!(matches!(decode::<PointerMove>(message.as_bytes()), Err(WireError::Unknown(_))));
    }

    /// S-47: whatever a name holds, what is shown is one short line without hidden characters.
    #[test]
    fn shown_text_is_one_short_clean_line(text in "\\PC{0,40}|[\\x00-\\x20\u{80}-\u{a0}\u{200b}-\u{206f}a-c]{0,400}") {
        let shown = safe_text(&text, limits::NAME_CHARS);
        prop_assert!(shown.chars().count() <= limits::NAME_CHARS);
        let hidden = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
        prop_assert!(!shown.chars().any(hidden));
        prop_assert_eq!(shown.trim(), shown.as_str());
        prop_assert_eq!(safe_text(&shown, limits::NAME_CHARS), shown);
    }
}

/// S-47: nobody has a name that looks like none, or like another's.
#[test]
fn what_nobody_sees_is_no_part_of_a_name() {
    for hidden in ['\u{ad}', '\u{115f}', '\u{1160}', '\u{180e}', '\u{200b}', '\u{3164}', '\u{ffa0}']
    {
        assert_eq!(safe_text(&format!("Ha{hidden}na"), 64), "Hana", "{hidden:?}");
        assert_eq!(safe_text(&hidden.to_string(), 64), "");
    }
    assert_eq!(safe_text("Hana\u{e0061}\u{e007f}", 64), "Hana");
}

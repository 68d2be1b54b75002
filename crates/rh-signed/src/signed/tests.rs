use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::*;

/// A statement of one kind.
#[derive(Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Checkpoint {
    tenant: String,
    seq: u64,
}

/// The same of another kind.
#[derive(Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Receipt {
    tenant: String,
    seq: u64,
}

impl Statement for Checkpoint {
    const TYPE: &'static str = "test.checkpoint";
}

impl Statement for Receipt {
    const TYPE: &'static str = "test.receipt";
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

fn checkpoint() -> Checkpoint {
    Checkpoint { tenant: "contoso".to_owned(), seq: 12 }
}

#[test]
fn a_document_opens_however_it_is_laid_out() {
    let document = Signed::new(&checkpoint(), &key());
    let id = key().public().id();
    for text in [document.to_line(), document.to_pretty()] {
        let (read, signer) = Signed::<Checkpoint>::open(&text, &Trust::Any).unwrap();
        assert_eq!((read, signer), (checkpoint(), id));
    }
}

#[test]
fn a_signature_counts_only_if_its_key_is_trusted() {
    let text = Signed::new(&checkpoint(), &key()).to_line();
    let open = |keys: &[KeyId]| {
        Signed::<Checkpoint>::open(&text, &Trust::Only(keys.iter().copied().collect()))
    };
    let stranger = SigningKey::from_seed(&[4; 32]).public().id();
    assert!(open(&[stranger, key().public().id()]).is_ok());
    for keys in [&[stranger][..], &[]] {
        assert!(matches!(open(keys), Err(NotGenuine::Stranger(id)) if id == key().public().id()));
    }
}

#[test]
fn no_document_passes_for_another_kind() {
    let text = Signed::new(&checkpoint(), &key()).to_line();
    assert!(matches!(Signed::<Receipt>::open(&text, &Trust::Any), Err(NotGenuine::Kind { .. })));
    let renamed = text.replace(Checkpoint::TYPE, Receipt::TYPE);
    let opened = Signed::<Receipt>::open(&renamed, &Trust::Any);
    assert!(matches!(opened, Err(NotGenuine::Forged)));
}

/// A line that the signature does not cover would be believed by whoever reads the file.
#[test]
fn nothing_can_be_added() {
    let text = Signed::new(&checkpoint(), &key()).to_line();
    let added = [
        text.replace("\"seq\":12", "\"seq\":12,\"note\":\"x\""),
        text.replace("\"type\"", "\"note\":\"x\",\"type\""),
        // serde_json keeps the last of two members of one name, which is the genuine one here.
        text.replace("\"seq\":12", "\"seq\":99,\"seq\":12"),
        text.replace("\"statement\":", "\"statement\":{},\"statement\":"),
    ];
    for added in added {
        assert_ne!(added, text);
        assert!(Signed::<Checkpoint>::open(&added, &Trust::Any).is_err(), "{added}");
    }
}

proptest! {
    /// B-13: whatever one byte is changed to, the document says the same or is refused.
    #[test]
    fn a_changed_byte_never_changes_what_is_believed(at in 0usize..600, byte: u8) {
        let mut bytes = Signed::new(&checkpoint(), &key()).to_line().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let text = String::from_utf8_lossy(&bytes);
        let trust = Trust::Only([key().public().id()].into());
        if let Ok((read, _)) = Signed::<Checkpoint>::open(&text, &trust) {
            prop_assert_eq!(read, checkpoint());
        }
    }

    #[test]
    fn garbage_is_refused(text in ".{0,200}") {
        prop_assert!(Signed::<Checkpoint>::open(&text, &Trust::Any).is_err());
    }
}

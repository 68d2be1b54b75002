//! `rh-service receipt verify`.

use rh_records::SigningKey;

use crate::support::{Records, key, path, run};

/// B-13: the receipt verifies offline, and is readable.
#[tokio::test]
async fn a_receipt_is_checked_without_the_records() {
    let records = Records::new().await;
    let receipt = records.receipt().await;
    std::fs::remove_file(records.file("records.db")).unwrap();
    let id = key().public().id().to_string();
    let said = run(&["receipt", "verify", path(&receipt), "--key", &id]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let expected = format!(
        "\
this receipt is genuine, signed with the key {id}
organisation  contoso
session       00000000000000000000000000000007
helper        Hana Helper (helper) of example.com
sharer        Sami (sharer) of example.com
from          2026-03-01T00:00:00.000Z
to            2026-03-01T00:09:00.000Z (the sharer ended the session)
asked         2026-03-01T00:01:00.000Z full control: declined
asked         2026-03-01T00:02:00.000Z view only: allowed
allowed       view only
issued        2026-03-01T00:10:00.000Z, at entry 4 of the audit log
"
    );
    assert_eq!(said.out, expected);
    let said = run(&["receipt", "verify", path(&receipt)]);
    assert_eq!(said.code, 0);
    assert!(said.out.contains("compare it with the one that your service publishes"), "{said:?}");
}

#[tokio::test]
async fn a_receipt_that_was_changed_is_refused() {
    let records = Records::new().await;
    let receipt = records.receipt().await;
    let text = std::fs::read_to_string(&receipt).unwrap();
    let forged = text.replace("\"role\": \"view\"", "\"role\": \"control\"");
    assert_ne!(forged, text);
    std::fs::write(&receipt, forged).unwrap();
    let said = run(&["receipt", "verify", path(&receipt)]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(said.err.contains("changed after it was signed"), "{said:?}");
}

#[tokio::test]
async fn what_is_no_receipt_of_ours_says_why() {
    let records = Records::new().await;
    let receipt = records.receipt().await;
    let stranger = SigningKey::from_seed(&[4; 32]).public().id().to_string();
    let said = run(&["receipt", "verify", path(&receipt), "--key", &stranger]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("not one of yours"), "{said:?}");

    std::fs::write(&receipt, "{}").unwrap();
    let said = run(&["receipt", "verify", path(&receipt)]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("cannot be read"), "{said:?}");
    let said = run(&["receipt", "verify", path(&records.file("missing.json"))]);
    assert_eq!(said.code, 2);
    let said = run(&["receipt", "verify", path(&receipt), "--key", "short"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("64 lower-case hexadecimal digits"), "{said:?}");
}

//! `rh-service audit verify`.

use rh_records::SigningKey;

use crate::support::{Records, key, path, run};

#[tokio::test]
async fn a_chain_that_holds_says_how_far() {
    let records = Records::new().await;
    let id = key().public().id().to_string();
    let said = records.audit(&[]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let begin = format!("contoso: entries 1 to 4 hold; sealed up to 3 with the key {id}; compare");
    assert!(said.out.starts_with(&begin), "{said:?}");
    let said = records.audit(&["--key", &id]);
    assert_eq!(said.code, 0);
    assert!(said.out.ends_with(&format!("with the key {id}\n")), "{said:?}");
}

/// B-13: an edited row fails verification, and is named.
#[tokio::test]
async fn the_first_broken_entry_is_named() {
    let records = Records::new().await;
    records.tamper("UPDATE entries SET body = replace(body, 'view', 'control')").await;
    let said = records.audit(&[]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(said.err.starts_with("contoso: entry 3 was changed after it was written"), "{said:?}");
    assert!(said.err.contains("backup"), "{said:?}");
}

#[tokio::test]
async fn seals_of_a_stranger_do_not_count() {
    let records = Records::new().await;
    let stranger = SigningKey::from_seed(&[4; 32]).public().id().to_string();
    let said = records.audit(&["--key", &stranger]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("not one of yours"), "{said:?}");
}

/// B-13: a sharer's receipt shows it when the log was cut back behind the last seal.
#[tokio::test]
async fn a_receipt_binds_the_service() {
    let records = Records::new().await;
    let receipt = records.receipt().await;
    assert_eq!(records.audit(&["--receipt", path(&receipt)]).code, 0);
    let cut = "DELETE FROM entries WHERE seq > 3; \
               UPDATE chains SET seq = 3, hash = (SELECT hash FROM entries WHERE seq = 3)";
    records.tamper(cut).await;
    assert_eq!(records.audit(&[]).code, 0, "the store alone cannot tell");
    let said = records.audit(&["--receipt", path(&receipt)]);
    assert_eq!(said.code, 1);
    assert!(said.err.starts_with("contoso: entry 4 is missing"), "{said:?}");
    records.tamper("DELETE FROM entries; DELETE FROM chains; DELETE FROM checkpoints").await;
    assert_eq!(records.audit(&["--receipt", path(&receipt)]).code, 1);
}

#[tokio::test]
async fn what_cannot_be_checked_says_what_to_do() {
    let records = Records::new().await;
    let missing = records.file("missing.db");
    let said = run(&["audit", "verify", "--records", path(&missing)]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("check the path") && !missing.exists(), "{said:?}");

    let text = records.file("text");
    std::fs::write(&text, "no database").unwrap();
    let said = run(&["audit", "verify", "--records", path(&text)]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("not one of records"), "{said:?}");

    let said = run(&["audit", "verify", "--records", "mysql://user:secret@host/db"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("postgres://user@host/database"), "{said:?}");
    let said = run(&["audit", "verify"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--records"), "{said:?}");
}

#[tokio::test]
async fn a_tenant_may_be_chosen() {
    let records = Records::new().await;
    let said = records.audit(&["--tenant", "fabrikam"]);
    assert_eq!((said.code, said.out.as_str()), (0, "there are no entries to check\n"));
    assert!(records.audit(&["--tenant", "contoso"]).out.contains("hold"));
}

/// An address may hold a password, which is no argument for everyone to see.
#[tokio::test]
async fn the_records_may_be_named_by_the_environment() {
    let records = Records::new().await;
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_rh-service"));
    let program = program.args(["audit", "verify"]).env("RH_RECORDS", records.file("records.db"));
    let output = program.env("RH_LISTEN", "127.0.0.1:0").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("entries 1 to 4 hold"));
}

#[test]
fn records_in_postgres_need_a_key() {
    let said = run(&["--records", "postgres://user:secret@host/db"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--records-key FILE") && !said.err.contains("secret"), "{said:?}");
}

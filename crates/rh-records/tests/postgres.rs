//! Records in a PostgreSQL database.

#![cfg(test)]

mod support;

use rh_records::contract;
use rh_records::{Address, RecordError, open, open_to_read};
use support::cluster::Cluster;

#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_the_contract() {
    contract::all(&Cluster::start()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_taken_into_use_with_care() {
    let cluster = Cluster::start();
    let address = cluster.database("shared");
    cluster.psql("shared", "CREATE TABLE sessions (a INT)");
    let error = open_to_read(&address).await.unwrap_err();
    assert!(matches!(error, RecordError::Foreign(_)), "{error}");
    // What else is there stays as it is, and programs that start at once wait for one another.
    let starting = (0..8).map(|_| {
        let address = address.clone();
        tokio::spawn(async move { open(&address).await.map(|_| ()) })
    });
    for started in starting.collect::<Vec<_>>() {
        started.await.unwrap().unwrap();
    }
    assert_eq!(cluster.psql("shared", "SELECT count(*) FROM public.sessions"), "0\n");
    open_to_read(&address).await.unwrap();

    cluster.psql("shared", "UPDATE rh_records.version SET number = 99");
    for opened in [open(&address).await, open_to_read(&address).await] {
        let error = opened.unwrap_err();
        assert!(matches!(error, RecordError::Newer { found: 99, .. }), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let address: Address = "postgres://nobody:secret@127.0.0.1:1/none".parse().unwrap();
    let error = open(&address).await.unwrap_err();
    assert!(matches!(error, RecordError::Unavailable(_)), "{error}");
    assert!(!error.to_string().contains("secret"));
}

//! The audit log, taken out and checked without the service.

use reqwest::{Method, StatusCode};
use rh_records::audit::Walk;
use rh_records::{Entry, Head, Trust, jcs};
use serde_json::{Value, json};

use super::world::World;

/// What was exported, as somebody reads it who has nothing else.
struct Exported {
    documents: Vec<String>,
    entries: Vec<Entry>,
    head: Head,
}

fn read(text: &str) -> Exported {
    let (mut documents, mut entries, mut head) = (Vec::new(), Vec::new(), None);
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(head.is_none(), "nothing follows the end");
        let hash = |key: &str| line[key].as_str().unwrap().parse().unwrap();
        let seq = line["seq"].as_u64();
        match line["type"].as_str().unwrap() {
            "checkpoint" => documents.push(line["document"].as_str().unwrap().to_owned()),
            "entry" => {
                let body = jcs::canonical(&line["body"]).unwrap();
                let at = line["body"]["at"].as_str().unwrap().parse().unwrap();
                let (seq, prev, hash) = (seq.unwrap(), hash("prev"), hash("hash"));
                entries.push(Entry { seq, at, prev, hash, body });
            }
            "end" => head = Some(Head { seq: seq.unwrap(), hash: hash("hash") }),
            other => panic!("{other}"),
        }
    }
    Exported { documents, entries, head: head.expect("it is whole") }
}

/// B-13: an export holds by itself, a changed one does not, and the export is in it.
#[tokio::test]
async fn an_export_is_checked_without_the_service() {
    let world = World::new().await;
    let (_helper, _agent, session) = world.session("strict").await;
    world.session("open").await;
    world.recorded("strict", "consented", 1).await;
    let response =
        world.send("strict-auditor", Method::POST, "audit/export", Some(&json!({}))).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "application/jsonl");
    let text = response.text().await.unwrap();
    assert!(text.contains(&session) && !text.contains("open-desk"), "{text}");

    let tenant = "strict".parse().unwrap();
    let exported = read(&text);
    let mut walk = Walk::new(tenant, &exported.documents, &Trust::Any).unwrap();
    exported.entries.iter().for_each(|entry| walk.take(entry).unwrap());
    let verified = walk.finish(exported.head).unwrap();
    assert_eq!((verified.first, verified.last), (1, exported.entries.len() as u64));
    let last = exported.entries.last().unwrap().body().unwrap().event;
    assert_eq!(
        (&last["type"], &last["action"]),
        (&json!("administered"), &json!("records.export"))
    );

    let forged = read(&text.replace("strict-desk", "strict-nobody"));
    let mut walk = Walk::new("strict".parse().unwrap(), &forged.documents, &Trust::Any).unwrap();
    assert!(forged.entries.iter().any(|entry| walk.take(entry).is_err()));
}

/// An export may go on where the last one ended.
#[tokio::test]
async fn an_export_may_begin_later() {
    let world = World::new().await;
    world.session("strict").await;
    world.recorded("strict", "consented", 1).await;
    let body = json!({ "after": 2 });
    let response = world.send("strict-auditor", Method::POST, "audit/export", Some(&body)).await;
    let exported = read(&response.text().await.unwrap());
    assert_eq!(exported.entries[0].seq, 3);
    assert_eq!(exported.entries.last().unwrap().seq, exported.head.seq);
}

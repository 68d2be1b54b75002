//! The ports' backends, and nodes with hostile ways between them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::asking_tests;
use super::contract::{self, Ground};
use super::memory::Memory;
use super::redis::Redis;
use super::settings::ClusterSettings;

#[path = "../../tests/service/redis.rs"]
mod server;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn settings(more: &str) -> ClusterSettings {
    toml::from_str(&format!("secret = {{ file = \"/no/such/file\" }}\n{more}")).unwrap()
}

impl Ground for Memory {
    fn pass(&self, time: Duration) {
        Self::pass(self, time);
    }
}

impl Ground for Redis {
    fn pass(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap();
        self.ahead.fetch_add(time, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn memory_keeps_the_contract() {
    contract::holds(Arc::new(Memory::default())).await;
}

#[tokio::test]
async fn redis_keeps_the_contract() {
    let server = server::Redis::start();
    let redis = Redis::connect(&settings(&format!("redis = {:?}", server.url()))).await.unwrap();
    contract::holds(Arc::new(redis)).await;
}

#[tokio::test]
async fn every_node_is_asked_over_redis() {
    let server = server::Redis::start();
    let settings = settings(&format!("redis = {:?}", server.url()));
    let mut each = Vec::new();
    for _ in 0..3 {
        each.push(Arc::new(Redis::connect(&settings).await.unwrap()));
    }
    asking_tests::every_node_is_asked(each.try_into().unwrap()).await;
}

/// Redis comes back by itself, and what it knew is gone.
#[tokio::test]
async fn redis_is_found_again_after_a_restart() {
    use super::{Directory, Post};
    let mut server = server::Redis::start();
    let redis = Redis::connect(&settings(&format!("redis = {:?}", server.url()))).await.unwrap();
    let me = "a".parse().unwrap();
    assert!(!redis.beat(&me).await.unwrap());
    redis.send(&me, &["before".to_owned()]).await.unwrap();
    assert_eq!(redis.receive(&me).await.unwrap(), ["before"]);
    server.kill();
    assert!(redis.beat(&me).await.is_err());
    assert!(redis.receive(&me).await.is_err());
    server.start_again();
    let mut attempts = 0;
    let known = loop {
        match redis.beat(&me).await {
            Ok(known) => break known,
            Err(error) => assert!(attempts < 50, "{error}"),
        }
        attempts += 1;
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert!(!known);
    redis.send(&me, &["after".to_owned()]).await.unwrap();
    assert_eq!(redis.receive(&me).await.unwrap(), ["after"]);
}

/// A wrong address, a wrong password and no server are told apart from a service that runs.
#[tokio::test]
async fn what_is_no_redis_is_said() {
    let error = Redis::connect(&settings("redis = \"redis://127.0.0.1:1\"")).await.unwrap_err();
    assert!(error.to_string().starts_with("Redis: "), "{error}");
    assert!(Redis::connect(&settings("redis = \"http://127.0.0.1\"")).await.is_err());
}

/// Every error names its key and what to do; no secret is shown.
#[test]
fn settings_name_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), SECRET).unwrap();
    std::fs::write(folder.path().join("short"), "hunter2").unwrap();
    let problems = |text: &str| -> Vec<String> {
        let mut settings: ClusterSettings = toml::from_str(text).unwrap();
        settings.resolve(folder.path());
        let problems = settings.problems().into_iter();
        problems.map(|it| format!("{}: {}", it.key, it.text)).collect()
    };
    let good = "redis = \"redis://10.0.0.5\"\nnode = \"berlin-1\"\nsecret = { file = \"secret\" }";
    assert_eq!(problems(good), Vec::<String>::new());
    for (from, to, named) in [
        ("redis://10.0.0.5", "10.0.0.5", "cluster: redis:"),
        ("redis://10.0.0.5", "redis://:hunter2@10.0.0.5", "cluster: redis:"),
        ("redis://10.0.0.5", "rediss://10.0.0.5", "cluster: redis:"),
        ("berlin-1", "berlin 1", "cluster: node:"),
        ("\"secret\"", "\"short\"", "cluster: secret:"),
        ("\"secret\"", "\"none\"", "cluster: secret:"),
        ("node =", "password = { env = \"RH_NO_SUCH_VARIABLE\" }\nnode =", "cluster: password:"),
    ] {
        let problems = problems(&good.replacen(from, to, 1));
        assert!(problems.len() == 1 && problems[0].starts_with(named), "{to}: {problems:?}");
        assert!(!problems[0].contains("hunter2"), "{problems:?}");
    }
    assert!(toml::from_str::<ClusterSettings>(&format!("{good}\nnodes = 3")).is_err());
}

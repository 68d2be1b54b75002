//! Pages and headers.

use std::fs;

use reqwest::StatusCode;
use rh_service::{Config, Server, serve};

use crate::support::service;

async fn from_folder() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("assets")).unwrap();
    fs::write(folder.path().join("index.html"), "start").unwrap();
    fs::write(folder.path().join("assets/app-1a2b.js"), "run()").unwrap();
    let mut config = Config::new("127.0.0.1:0".parse().unwrap());
    config.pages = Some(folder.path().to_owned());
    (folder, serve(config).await.unwrap())
}

async fn get(server: &Server, path: &str) -> (StatusCode, String, String) {
    let answer = reqwest::get(format!("{}{path}", server.origin())).await.unwrap();
    let cache = answer.headers()["cache-control"].to_str().unwrap().to_owned();
    (answer.status(), cache, answer.text().await.unwrap())
}

/// Only files whose name changes with their content may be kept, and none beside the folder is served
/// (CVE-2024-1708, ScreenConnect).
#[tokio::test]
async fn pages_come_from_a_folder() {
    let (_folder, server) = from_folder().await;
    for path in ["/", "/index.html", "/help/12345", "/..%2f..%2fetc/passwd"] {
        let (status, cache, text) = get(&server, path).await;
        assert_eq!((status, cache.as_str(), text.as_str()), (StatusCode::OK, "no-store", "start"));
    }
    let (status, cache, text) = get(&server, "/assets/app-1a2b.js").await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "run()"));
    assert!(cache.contains("immutable"), "{cache}");
    for missing in ["/assets/app-0000.js", "/assets/..%2f..%2f..%2fetc/passwd"] {
        let (status, cache, _) = get(&server, missing).await;
        assert_eq!((status, cache.as_str()), (StatusCode::NOT_FOUND, "no-store"), "{missing}");
    }
}

#[tokio::test]
async fn built_in_pages_are_there_without_node() {
    let server = service().await;
    for path in ["/", "/help/12345"] {
        let (status, _, text) = get(&server, path).await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.to_ascii_lowercase().starts_with("<!doctype html>"), "{text}");
    }
    let (status, _, _) = get(&server, "/assets/missing.js").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_folder_without_a_start_page_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new("127.0.0.1:0".parse().unwrap());
    config.pages = Some(folder.path().to_owned());
    let error = serve(config).await.unwrap_err().to_string();
    assert!(error.contains("index.html"), "{error}");
}

/// Every answer forbids scripts, frames and guesses that the pages do not need.
#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = service().await;
    for path in ["/", "/api/people", "/api/me", "/api/nothing", "/ws", "/healthz"] {
        let answer = reqwest::get(format!("{}{path}", server.origin())).await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap();
        let policy = header("content-security-policy");
        for rule in ["default-src 'self'", "script-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn the_service_says_its_versions_and_that_it_lives() {
    let server = service().await;
    assert_eq!(get(&server, "/healthz").await.2, "ok\n");
    let (_, _, text) = get(&server, "/api/version").await;
    let version: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(version["protocol"], rh_protocol::VERSION);
}

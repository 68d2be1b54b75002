//! Who gets in (S-18).

use reqwest::{Client, StatusCode, header};
use rh_service::{Config, serve};
use serde_json::{Value, json};

use crate::support::{agent, cookie, helper, open, refused, service, token};

/// S-18: whoever is not signed in can neither make nor enter nor probe codes.
#[tokio::test]
async fn nobody_gets_a_socket_without_signing_in() {
    let server = service().await;
    let origin = server.origin();
    for headers in [
        vec![],
        vec![("origin", origin)],
        vec![("origin", origin), ("cookie", "rh_session=")],
        vec![("origin", origin), ("cookie", "rh_session=0123456789abcdef")],
        vec![("authorization", "Bearer 0123456789abcdef")],
        vec![("authorization", "Basic c2hhcmVyOg==")],
    ] {
        let error = open(&server, &headers).await.err().expect("no socket");
        assert_eq!(refused(error), StatusCode::UNAUTHORIZED, "{headers:?}");
    }
}

/// CVE-2024-26135: another page cannot open a socket with the visitor's cookie.
#[tokio::test]
async fn a_page_of_another_origin_gets_no_socket() {
    let server = service().await;
    let cookie = cookie(&server, "helper").await;
    let near = format!("{}.evil.example", server.origin());
    for origin in ["https://evil.example", "null", "http://127.0.0.1", &near] {
        let headers = [("cookie", cookie.as_str()), ("origin", origin)];
        let error = open(&server, &headers).await.err().expect("no socket");
        assert_eq!(refused(error), StatusCode::FORBIDDEN, "{origin}");
    }
    let error = open(&server, &[("cookie", &cookie)]).await.err().expect("no socket");
    assert_eq!(refused(error), StatusCode::FORBIDDEN, "no origin");
    let headers = [("cookie", cookie.as_str()), ("origin", server.origin())];
    assert!(open(&server, &headers).await.is_ok());
}

/// A token that got into a page is of no use there.
#[tokio::test]
async fn a_token_does_not_open_from_a_page() {
    let server = service().await;
    let bearer = format!("Bearer {}", token(&server, "sharer").await);
    let headers = [("authorization", bearer.as_str()), ("origin", server.origin())];
    let error = open(&server, &headers).await.err().expect("no socket");
    assert_eq!(refused(error), StatusCode::FORBIDDEN);
    assert!(open(&server, &[("authorization", &bearer)]).await.is_ok());
}

#[tokio::test]
async fn signing_in_takes_an_own_page_and_a_known_person() {
    let server = service().await;
    let url = format!("{}/api/sign-in", server.origin());
    let origin = server.origin().to_owned();
    let (helper, agent) =
        (json!({"person": "helper"}), json!({"person": "sharer", "client": "agent"}));
    let extra = json!({"person": "helper", "admin": true});
    let long = json!({"person": "x".repeat(10_000)});
    for (from, body, status) in [
        (None, &helper, StatusCode::FORBIDDEN),
        (Some("https://evil.example"), &helper, StatusCode::FORBIDDEN),
        (Some(origin.as_str()), &agent, StatusCode::FORBIDDEN),
        (Some(origin.as_str()), &json!({"person": "nobody"}), StatusCode::NOT_FOUND),
        (Some(origin.as_str()), &extra, StatusCode::UNPROCESSABLE_ENTITY),
        (Some(origin.as_str()), &long, StatusCode::PAYLOAD_TOO_LARGE),
        (Some(origin.as_str()), &helper, StatusCode::OK),
        (None, &agent, StatusCode::OK),
    ] {
        let mut request = Client::new().post(&url).json(body);
        if let Some(from) = from {
            request = request.header(header::ORIGIN, from);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{from:?} {body:.60}");
    }
    let form = Client::new().post(&url).header(header::ORIGIN, &origin).body("person=helper");
    assert_eq!(form.send().await.unwrap().status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

/// The cookie is out of reach of scripts and of other sites, and signing out kills it.
#[tokio::test]
async fn a_browser_signs_in_and_out() {
    let server = service().await;
    let url = |path: &str| format!("{}/api/{path}", server.origin());
    let browser = Client::builder().cookie_store(true).build().unwrap();
    let post = |path: &str| browser.post(url(path)).header(header::ORIGIN, server.origin());
    let me = || async { browser.get(url("me")).send().await.unwrap() };

    assert_eq!(me().await.status(), StatusCode::UNAUTHORIZED);
    let answer = post("sign-in").json(&json!({"person": "helper"})).send().await.unwrap();
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    for flag in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(answer.json::<Value>().await.unwrap().get("token").is_none());
    let known: Value = me().await.json().await.unwrap();
    assert_eq!(
        (&known["id"], &known["card"]["full_name"]),
        (&json!("helper"), &json!("Hana Helper"))
    );
    let forged = browser.post(url("sign-out")).header(header::ORIGIN, "https://evil.example");
    assert_eq!(forged.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(me().await.status(), StatusCode::OK);
    assert_eq!(post("sign-out").send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(me().await.status(), StatusCode::UNAUTHORIZED);
    let stolen = browser.get(url("me")).header(header::COOKIE, cookie.split(';').next().unwrap());
    assert_eq!(stolen.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_out_closes_the_sockets_of_that_sign_in_only() {
    let server = service().await;
    let cookie = cookie(&server, "helper").await;
    let headers = [("cookie", cookie.as_str()), ("origin", server.origin())];
    let mut mine = open(&server, &headers).await.unwrap();
    let (mut other, mut agent) = (helper(&server).await, agent(&server).await);
    let request = Client::new().post(format!("{}/api/sign-out", server.origin()));
    let request = request.header(header::ORIGIN, server.origin()).header(header::COOKIE, &cookie);
    request.send().await.unwrap();
    assert_eq!(u16::from(mine.end().await.expect("a close frame").code), 1008);
    let (_, code) = other.code().await;
    agent.say(&rh_protocol::FromClient::Join { code }).await;
    agent.hear().await;
}

/// The development sign-in asks for no password, so nobody else may reach it.
#[tokio::test]
async fn the_development_sign_in_stays_on_loopback() {
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let error = serve(Config::new(listen.parse().unwrap())).await.unwrap_err().to_string();
        assert!(error.contains("--listen 127.0.0.1"), "{error}");
    }
    assert!(serve(Config::new("127.0.0.1:0".parse().unwrap())).await.is_ok());
}

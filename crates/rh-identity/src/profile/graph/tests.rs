use std::io::Cursor;
use std::net::SocketAddr;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use image::{DynamicImage, ImageFormat};
use serde_json::{Value, json};

use super::*;
use crate::ProfileKind;

/// A Graph of a few answers, as its documentation shows them.
async fn graph(routes: Router) -> GraphProfile {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, routes).into_future());
    let settings = ProviderSettings {
        graph: format!("http://{address}/v1.0"),
        profile: ProfileKind::Graph,
        domains: vec!["operator.example".to_owned()],
        ..ProviderSettings::example()
    };
    GraphProfile::new(settings, Http::new().unwrap()).unwrap()
}

fn photo() -> Vec<u8> {
    let mut file = Vec::new();
    let picture = DynamicImage::new_rgb8(30, 30);
    picture.write_to(&mut Cursor::new(&mut file), ImageFormat::Jpeg).unwrap();
    file
}

async fn me(headers: HeaderMap) -> Response {
    if headers["authorization"] != "Bearer token" {
        return StatusCode::FORBIDDEN.into_response();
    }
    axum::Json(json!({
        "displayName": "Ann Example", "jobTitle": "Support", "companyName": null,
        "userPrincipalName": "ann@Contoso.com",
    }))
    .into_response()
}

fn organisation(domains: &[&str]) -> Value {
    let domains: Vec<_> =
        domains.iter().map(|it| json!({"name": it, "isDefault": false})).collect();
    json!({"value": [{"displayName": "Contoso", "verifiedDomains": domains}]})
}

async fn profile(routes: Router) -> Result<Profile, IdentityError> {
    let token = Secret::new("token".to_owned());
    graph(routes).await.profile(&Claims::default(), &token).await
}

fn answering(path: &str, answer: Value) -> Router {
    Router::new().route(path, get(move || async move { axum::Json(answer) }))
}

#[tokio::test]
async fn graph_tells_all_five_fields() {
    let organisation = organisation(&["contoso.onmicrosoft.com", "contoso.com"]);
    let routes = answering("/v1.0/organization", organisation)
        .route("/v1.0/me", get(me))
        .route("/v1.0/me/photo/$value", get(|| async { photo() }));
    let profile = profile(routes).await.unwrap();
    assert_eq!(profile.full_name.as_deref(), Some("Ann Example"));
    assert_eq!(profile.job_title.as_deref(), Some("Support"));
    assert_eq!(profile.company.as_deref(), Some("Contoso"));
    assert_eq!(profile.verified_domain.as_deref(), Some("contoso.com"));
    assert!(profile.picture.unwrap().png.starts_with(b"\x89PNG"));
}

/// S-47: a user name in a domain that the directory did not verify vouches for nothing.
#[tokio::test]
async fn a_domain_is_verified_by_the_directory_or_the_operator() {
    let routes = answering("/v1.0/organization", organisation(&["contoso.onmicrosoft.com"]))
        .route("/v1.0/me", get(me));
    let profile = profile(routes).await.unwrap();
    assert_eq!(profile.verified_domain.as_deref(), Some("operator.example"));
    assert_eq!(profile.picture, None);
}

/// Conditional access at the directory: what it asks for is passed on to the next sign-in.
#[tokio::test]
async fn a_claims_challenge_is_passed_on() {
    let claims = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    let header = format!(
        "Bearer realm=\"\", authorization_uri=\"https://login.example.com/authorize\", \
         error=\"insufficient_claims\", claims=\"{}\"",
        STANDARD.encode(claims)
    );
    let challenged = || async { (StatusCode::UNAUTHORIZED, [("www-authenticate", header)]) };
    let error = profile(Router::new().route("/v1.0/me", get(challenged))).await.unwrap_err();
    assert!(matches!(error, IdentityError::ClaimsChallenge(it) if it == claims));
}

#[tokio::test]
async fn a_graph_that_does_not_answer_is_named() {
    for routes in [Router::new(), answering("/v1.0/me", json!([1]))] {
        let error = profile(routes).await.unwrap_err();
        assert!(error.to_string().contains("/v1.0"), "{error}");
    }
}

//! Headers that every answer carries.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::Origins;

const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// The content security policy of this service's pages (W3C CSP 3).
#[derive(Clone, Debug)]
pub(super) struct Policy {
    content: HeaderValue,
    /// Whether every origin is https, so that browsers need not try without (RFC 6797).
    https: bool,
}

impl Policy {
    /// Own files only. The WebSocket is named for browsers whose `'self'` does not cover `ws:`;
    /// `svelte-trusted-html` is the Trusted Types policy that Svelte's own templates go through,
    /// `rh-worker` the one that knows the address of the pages' worker.
    pub(super) fn new(origins: &Origins) -> Self {
        let sockets: Vec<String> =
            origins.iter().map(|origin| origin.replacen("http", "ws", 1)).collect();
        let text = [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob: mediastream:",
            &format!("connect-src 'self' {}", sockets.join(" ")),
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "require-trusted-types-for 'script'",
            "trusted-types svelte-trusted-html rh-worker",
        ]
        .join("; ");
        let content = HeaderValue::from_str(&text).expect("origins are checked to be plain ASCII");
        Self { content, https: origins.iter().all(|origin| origin.starts_with("https://")) }
    }
}

/// Adds what limits the harm a page or a file can do.
pub(super) async fn secure(State(policy): State<Policy>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy.content);
    if policy.https {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Lets files be kept whose name changes with their content, and nothing else.
pub(super) async fn cache(request: Request, next: Next) -> Response {
    let hashed = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let value = if hashed && response.status().is_success() {
        "public, max-age=31536000, immutable"
    } else {
        "no-store"
    };
    set(response.headers_mut(), value);
    response
}

fn set(headers: &mut HeaderMap, value: &'static str) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
}

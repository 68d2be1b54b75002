//! The web pages: built into the binary, or served from a folder.
//!
//! A path that is no file gets the start page, which finds its own way from there; except under
//! `/assets/`, where a missing file is missing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::http::{Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tower_http::services::{ServeDir, ServeFile};

use super::{App, Failure};
use crate::ServeError;

/// What `build.rs` found: the built pages, or a page that says they are not built.
#[derive(rust_embed::Embed)]
#[folder = "$OUT_DIR/web"]
struct BuiltIn;

/// Where the pages come from.
#[derive(Debug)]
pub(crate) enum Pages {
    /// The binary.
    BuiltIn,
    /// A folder with an `index.html`.
    Folder(PathBuf),
}

impl Pages {
    /// The pages in `folder`, or those built in.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, ServeError> {
        match folder {
            None => Ok(Self::BuiltIn),
            Some(folder) if folder.join("index.html").is_file() => Ok(Self::Folder(folder.into())),
            Some(folder) => Err(ServeError::Pages(folder.into())),
        }
    }

    pub(super) fn router(&self) -> Router<Arc<App>> {
        match self {
            Self::BuiltIn => Router::new().fallback(get(built_in)),
            Self::Folder(folder) => {
                let index = ServeFile::new(folder.join("index.html"));
                Router::new()
                    .nest_service("/assets", ServeDir::new(folder.join("assets")))
                    .fallback_service(ServeDir::new(folder).fallback(index))
            }
        }
    }
}

async fn built_in(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = BuiltIn::get(path) {
        let media_type = mime_guess::from_path(path).first_or_octet_stream();
        return ([(header::CONTENT_TYPE, media_type.as_ref())], file.data).into_response();
    }
    match BuiltIn::get("index.html") {
        Some(index) if !path.starts_with("assets/") => Html(index.data).into_response(),
        Some(_) | None => Failure::NotFound.into_response(),
    }
}

//! The description of the HTTP interface (OpenAPI 3.1), made of the routes themselves.
//!
//! A route is added and described in one call: [`Api::get`] reads off the handler's own arguments
//! and result what is asked and answered, so neither can be forgotten nor say something else. The
//! schemas are those of `schemars`, which the wire's types have too. (Of the crates that do this,
//! aide knows this version of schemars in pre-releases only, and utoipa has schemas of its own that
//! every type of the wire would need beside.)

mod answer;
mod ask;
mod operation;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{self, MethodRouter};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::App;
pub(super) use answer::{Answer, Bytes, Redirection, Upgrade};
use ask::Documented;
use operation::Operation;

/// Bytes of the body of a PUT.
const PUT_BYTES: usize = 256 * 1024;

/// Routes, and what is to be said of each.
pub(super) struct Api {
    router: Router<Arc<App>>,
    schemas: SchemaGenerator,
    /// By path and method.
    operations: BTreeMap<(&'static str, &'static str), Operation>,
    tag: &'static str,
    last: Option<(&'static str, &'static str)>,
}

impl Api {
    pub(super) fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
        });
        Self {
            router: Router::new(),
            schemas: settings.into_generator(),
            operations: BTreeMap::new(),
            tag: "",
            last: None,
        }
    }

    /// What follows is for these.
    pub(super) fn of(self, tag: &'static str) -> Self {
        Self { tag, ..self }
    }

    /// A route that reads.
    pub(super) fn get<H, T, A>(self, path: &'static str, summary: &str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>> + Documented<A>,
        T: 'static,
    {
        self.add::<H, A>("get", path, summary, routing::get(handler))
    }

    /// A route that acts.
    pub(super) fn post<H, T, A>(self, path: &'static str, summary: &str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>> + Documented<A>,
        T: 'static,
    {
        self.add::<H, A>("post", path, summary, routing::post(handler))
    }

    /// A route that acts, with a body of as many bytes as `most`.
    pub(super) fn post_up_to<H, T, A>(
        self,
        most: usize,
        path: &'static str,
        summary: &str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Arc<App>> + Documented<A>,
        T: 'static,
    {
        let route = routing::post(handler).layer(DefaultBodyLimit::max(most));
        self.add::<H, A>("post", path, summary, route)
    }

    /// A route that replaces something.
    pub(super) fn put<H, T, A>(self, path: &'static str, summary: &str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>> + Documented<A>,
        T: 'static,
    {
        // More than elsewhere: a tenant may have many roles.
        let route = routing::put(handler).layer(DefaultBodyLimit::max(PUT_BYTES));
        self.add::<H, A>("put", path, summary, route)
    }

    /// A route for every method, since a WebSocket over HTTP/2 is no GET (RFC 8441).
    pub(super) fn any<H, T, A>(self, path: &'static str, summary: &str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>> + Documented<A>,
        T: 'static,
    {
        self.add::<H, A>("get", path, summary, routing::any(handler))
    }

    fn add<H: Documented<A>, A>(
        mut self,
        method: &'static str,
        path: &'static str,
        summary: &str,
        route: MethodRouter<Arc<App>>,
    ) -> Self {
        let mut operation = Operation::new(path, summary, self.tag);
        H::document(&mut self.schemas, &mut operation);
        self.operations.insert((path, method), operation);
        self.last = Some((path, method));
        self.router = self.router.route(path, route);
        self
    }

    /// What the route just added answers, where its handler's type does not say it.
    pub(super) fn answers<A: Answer>(mut self) -> Self {
        let last = self.last.and_then(|last| self.operations.get_mut(&last));
        if let Some(operation) = last {
            A::answer(&mut self.schemas, operation);
        }
        self
    }

    /// The route just added answers whoever is not signed in, too.
    pub(super) fn open(mut self) -> Self {
        let last = self.last.and_then(|last| self.operations.get_mut(&last));
        if let Some(operation) = last {
            operation.open();
        }
        self
    }

    /// The routes, and their description.
    pub(super) fn finish(mut self) -> (Router<Arc<App>>, Value) {
        let mut paths = Map::new();
        for ((path, method), operation) in self.operations {
            let methods = paths.entry(path).or_insert_with(|| json!({}));
            methods[method] = operation.describe();
        }
        let schemas = self.schemas.take_definitions(true);
        let cookie = "the cookie rh_session or __Host-rh_session, which signing in sets; what acts \
                      needs the Origin of the service's own pages beside it";
        let bearer = "the token of an agent, which sends no Origin";
        let document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Open Remote Help",
                "version": env!("CARGO_PKG_VERSION"),
                "license": { "name": "MIT OR Apache-2.0" },
            },
            "paths": paths,
            "components": {
                "schemas": schemas,
                "securitySchemes": {
                    "cookie": {
                        "type": "apiKey", "in": "cookie", "name": "rh_session",
                        "description": cookie,
                    },
                    "bearer": { "type": "http", "scheme": "bearer", "description": bearer },
                },
            },
        });
        (self.router, document)
    }
}

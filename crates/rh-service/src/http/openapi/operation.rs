//! One operation, as it is described.

use std::collections::BTreeMap;

use schemars::Schema;
use serde_json::{Map, Value, json};

/// What is asked and answered at one path by one method.
#[derive(Debug)]
pub(in crate::http) struct Operation {
    summary: String,
    tag: &'static str,
    parameters: Vec<Value>,
    body: Option<Value>,
    responses: BTreeMap<String, Value>,
    signed_in: bool,
}

impl Operation {
    /// With the parameters that the pattern of its path names.
    pub(super) fn new(path: &str, summary: &str, tag: &'static str) -> Self {
        let named = path.split('/').filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'));
        let schema = json!({ "type": "string" });
        let parameter =
            |name| json!({ "in": "path", "name": name, "required": true, "schema": schema });
        Self {
            summary: summary.to_owned(),
            tag,
            parameters: named.map(parameter).collect(),
            body: None,
            responses: BTreeMap::new(),
            signed_in: false,
        }
    }

    /// The properties of an object may come after the question mark.
    pub(super) fn query(&mut self, object: &Map<String, Value>) {
        let properties = object.get("properties").and_then(Value::as_object);
        let required = object.get("required").and_then(Value::as_array);
        for (name, schema) in properties.into_iter().flatten() {
            let required = required.is_some_and(|it| it.iter().any(|one| one == name));
            self.parameters.push(json!({
                "in": "query", "name": name, "required": required, "schema": schema,
            }));
        }
    }

    /// A body is wanted.
    pub(super) fn body(&mut self, media_type: &str, schema: Schema) {
        let content = json!({ media_type: { "schema": schema } });
        self.body = Some(json!({ "required": true, "content": content }));
    }

    /// Somebody has to be signed in.
    pub(super) fn signed_in(&mut self) {
        self.signed_in = true;
    }

    /// Nobody has to be.
    pub(super) fn open(&mut self) {
        self.signed_in = false;
    }

    /// An answer of this status, with a body of these media types.
    pub(super) fn answer(&mut self, status: &str, what: &str, content: Option<(&str, Value)>) {
        let mut response = json!({ "description": what });
        if let Some((media_type, schema)) = content {
            response["content"] = json!({ media_type: { "schema": schema } });
        }
        self.responses.insert(status.to_owned(), response);
    }

    /// All of it.
    pub(super) fn describe(self) -> Value {
        let mut said = json!({
            "summary": self.summary, "tags": [self.tag], "responses": self.responses,
        });
        if !self.parameters.is_empty() {
            said["parameters"] = self.parameters.into();
        }
        if let Some(body) = self.body {
            said["requestBody"] = body;
        }
        if self.signed_in {
            said["security"] = json!([{ "cookie": [] }, { "bearer": [] }]);
        }
        said
    }
}

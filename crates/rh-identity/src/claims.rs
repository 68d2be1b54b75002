//! The claims of a verified token or of the provider's user info.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Claims by their names (OpenID Connect Core 5.1, and whatever else a provider says). They are made
/// of verified tokens and of answers to our own requests only.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claims(Map<String, Value>);

impl Claims {
    /// Wraps what was verified.
    pub fn new(claims: Map<String, Value>) -> Self {
        Self(claims)
    }

    /// A claim that is a text, and not an empty one.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.trim().is_empty())
    }

    /// A claim that is true; some providers write it as a text.
    pub fn truth(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Value::Bool(true)))
            || self.text(name).is_some_and(|text| text == "true")
    }

    /// A claim that is a list of texts, or a single one.
    pub fn texts(&self, name: &str) -> BTreeSet<&str> {
        match self.0.get(name) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => BTreeSet::from([text.as_str()]),
            Some(_) | None => BTreeSet::new(),
        }
    }

    /// These claims, and of `more` those whose names are not here yet.
    #[must_use]
    pub fn or(mut self, more: Self) -> Self {
        for (name, value) in more.0 {
            self.0.entry(name).or_insert(value);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Claims {
        Claims::new(value.as_object().unwrap().clone())
    }

    #[test]
    fn what_is_not_of_the_expected_kind_is_absent() {
        let claims = claims(json!({"name": 7, "empty": " ", "acrs": {"c1": true}, "sure": "yes"}));
        assert_eq!((claims.text("name"), claims.text("empty")), (None, None));
        assert!(claims.texts("acrs").is_empty() && !claims.truth("sure"));
    }

    /// What the signed token says counts for more than what user info adds.
    #[test]
    fn the_first_word_on_a_claim_stands() {
        let both = claims(json!({"sub": "a"})).or(claims(json!({"sub": "b", "name": "Ann"})));
        assert_eq!((both.text("sub"), both.text("name")), (Some("a"), Some("Ann")));
    }

    #[test]
    fn one_text_is_a_list_of_one() {
        let claims = claims(json!({"acrs": "c1", "groups": ["g", 1]}));
        assert_eq!(claims.texts("acrs"), BTreeSet::from(["c1"]));
        assert_eq!(claims.texts("groups"), BTreeSet::from(["g"]));
    }
}

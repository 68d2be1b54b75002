//! Who the other side is.

use serde::{Deserialize, Serialize};

use crate::{limits, safe_text};

/// The five fields that each side sees of the other before anything is shared (S-47, S-57).
///
/// The service vouches for them. An absent field is shown as absent, never guessed.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "gen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(default)]
pub struct IdentityCard {
    /// First and last name.
    pub full_name: Option<String>,
    /// Job title.
    pub job_title: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Path of the picture on the service's own origin; it starts with one `/`.
    pub picture: Option<String>,
    /// Domain that the directory or the operator vouches for, such as `example.com`.
    pub verified_domain: Option<String>,
}

impl IdentityCard {
    /// The card as it may be shown: texts stripped of what deceives or disturbs and cut to
    /// [`limits::NAME_CHARS`], a picture kept only if it is a path on the service's origin.
    pub fn cleaned(&self) -> Self {
        let clean = |field: &Option<String>| {
            let text = safe_text(field.as_deref()?, limits::NAME_CHARS);
            (!text.is_empty()).then_some(text)
        };
        let own_path = |path: &&String| {
            path.starts_with('/') && !path.starts_with("//") && !path.contains('\\')
        };
        Self {
            full_name: clean(&self.full_name),
            job_title: clean(&self.job_title),
            company: clean(&self.company),
            picture: self.picture.as_ref().filter(own_path).cloned(),
            verified_domain: clean(&self.verified_domain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(field: &str) -> IdentityCard {
        let field = Some(field.to_owned());
        IdentityCard { full_name: field.clone(), picture: field, ..IdentityCard::default() }
    }

    /// S-47: a spoofed name cannot reorder or rewrite what stands around it.
    #[test]
    fn names_lose_control_and_bidi_characters() {
        let name = card("\u{1b}[2JAnn\u{202e}eil\n\u{2066}B").cleaned().full_name;
        assert_eq!(name.as_deref(), Some("[2JAnneil B"));
    }

    #[test]
    fn an_empty_name_is_an_absent_one() {
        assert_eq!(card(" \u{200b}\u{7} ").cleaned().full_name, None);
    }

    #[test]
    fn a_long_name_is_cut() {
        let name = card(&"é".repeat(10_000)).cleaned().full_name.unwrap();
        assert_eq!(name.chars().count(), limits::NAME_CHARS);
    }

    #[test]
    fn a_picture_from_elsewhere_is_dropped() {
        for elsewhere in ["https://evil.example/x.png", "//evil.example/x", "/\\evil", "data:x"] {
            assert_eq!(card(elsewhere).cleaned().picture, None, "{elsewhere}");
        }
        assert!(card("/api/people/a/picture").cleaned().picture.is_some());
    }
}

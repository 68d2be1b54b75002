//! Identifiers that cannot be mistaken for one another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Characters of the longest id; an OpenID subject alone may have 255 (OpenID Connect Core 2).
const ID_CHARS: usize = 512;

/// The text is not an id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an id is 1 to {ID_CHARS} visible ASCII characters")]
pub struct ParseIdError;

/// Declares a newtype over a checked string with the traits an id needs.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// 1 to 512 visible ASCII characters, compared byte by byte. It is never empty, so two
        /// unknowns are never the same.
        #[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                checked(text).map(|text| Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseIdError;

            fn try_from(text: String) -> Result<Self, ParseIdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use id;

id!(
    /// One organisation.
    TenantId
);
id!(
    /// One person; made of issuer, tenant and object id by whoever signs people in.
    PersonId
);
id!(
    /// One group of people, devices or both, as the directory names it.
    GroupId
);
id!(
    /// One device, as the directory names it.
    DeviceId
);
id!(
    /// One role definition: a built-in one by its name, an imported one by Graph's id.
    RoleId
);

/// `text` if it can be an id.
pub(crate) fn checked(text: &str) -> Result<&str, ParseIdError> {
    let fits = !text.is_empty() && text.len() <= ID_CHARS;
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits && visible { Ok(text) } else { Err(ParseIdError) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_visible_and_never_empty() {
        let longest = "x".repeat(ID_CHARS);
        for good in ["a", "0bd113fe-6be5-400c-a28f-ae5553f9c0be", "iss|tid|oid", &longest] {
            assert_eq!(good.parse::<GroupId>().unwrap().as_str(), good);
        }
        for bad in ["", " ", "a b", "a\n", "ä", "\u{202e}a", &"x".repeat(ID_CHARS + 1)] {
            assert_eq!(bad.parse::<GroupId>(), Err(ParseIdError), "{bad:?}");
        }
        assert!(serde_json::from_str::<TenantId>("\"\"").is_err());
    }
}

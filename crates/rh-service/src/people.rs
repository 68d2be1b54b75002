//! The people of the built-in development sign-in.
//!
//! A small TOML file, or two made-up people when there is none. No passwords: whoever reaches the
//! service is whoever they say, which is why it is served on loopback only.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use rh_policy::TenantId;
use rh_protocol::{IdentityCard, limits};
use serde::{Deserialize, Serialize};

use crate::ServeError;

/// Bytes of the largest picture.
const PICTURE_BYTES: usize = 1024 * 1024;

/// Characters of the longest id.
const ID_CHARS: usize = 64;

/// Names a person: 1 to 64 of `a-z`, `0-9`, `.`, `_` and `-`, so it fits into a path.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonId(String);

/// The text cannot be a [`PersonId`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an id is 1 to 64 of a-z, 0-9, '.', '_' and '-'")]
pub struct ParsePersonIdError;

impl FromStr for PersonId {
    type Err = ParsePersonIdError;

    fn from_str(text: &str) -> Result<Self, ParsePersonIdError> {
        let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"._-".contains(&c);
        let dots = text.bytes().all(|c| c == b'.');
        let good = !dots && text.len() <= ID_CHARS && text.bytes().all(fits);
        good.then(|| Self(text.to_owned())).ok_or(ParsePersonIdError)
    }
}

impl TryFrom<String> for PersonId {
    type Error = ParsePersonIdError;

    fn try_from(text: String) -> Result<Self, ParsePersonIdError> {
        text.parse()
    }
}

impl From<PersonId> for String {
    fn from(id: PersonId) -> Self {
        id.0
    }
}

impl From<&PersonId> for rh_policy::PersonId {
    fn from(id: &PersonId) -> Self {
        id.0.parse().expect("the characters of this id are among those of that one")
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One person who may sign in.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) tenant: TenantId,
    pub(crate) card: IdentityCard,
    pub(crate) picture: Option<Picture>,
}

/// A picture, as it is served.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// Everyone who may sign in.
#[derive(Debug)]
pub(crate) struct People(BTreeMap<PersonId, Arc<Person>>);

/// The file, as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    person: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: PersonId,
    /// The organisation; those who name none share one.
    #[serde(default = "one_tenant")]
    tenant: TenantId,
    full_name: String,
    job_title: Option<String>,
    company: Option<String>,
    verified_domain: Option<String>,
    /// A PNG or JPEG file, relative to the people file.
    picture: Option<String>,
}

impl People {
    /// Nobody: the development sign-in is off.
    pub(crate) const fn nobody() -> Self {
        Self(BTreeMap::new())
    }

    /// Two made-up people: `helper` and `sharer`.
    pub(crate) fn built_in() -> Self {
        let person = |id: &str, name: &str, job_title: &str, png: &[u8]| {
            let entry = Entry {
                id: PersonId(id.to_owned()),
                tenant: one_tenant(),
                full_name: name.to_owned(),
                job_title: Some(job_title.to_owned()),
                company: Some("Example Ltd".to_owned()),
                verified_domain: Some("example.com".to_owned()),
                picture: None,
            };
            entry.with_picture(Some(Picture { media_type: "image/png", bytes: png.to_vec() }))
        };
        Self(BTreeMap::from([
            person("helper", "Hana Helper", "Support", include_bytes!("../assets/helper.png")),
            person("sharer", "Sami Sharer", "Accounting", include_bytes!("../assets/sharer.png")),
        ]))
    }

    /// Reads a people file.
    pub(crate) fn read(path: &Path) -> Result<Self, ServeError> {
        let fix = "give a file that can be read with --people, or none for two made-up people";
        let text = std::fs::read_to_string(path).map_err(|source| ServeError::Read {
            path: path.to_owned(),
            source,
            fix,
        })?;
        let problem = |problem: String| ServeError::People { path: path.to_owned(), problem };
        let file: File = toml::from_str(&text).map_err(|e| {
            problem(format!("{e}\nCorrect this key; the people's keys are described in --help"))
        })?;
        if file.person.is_empty() {
            return Err(problem("there is no [[person]]; add at least one".to_owned()));
        }
        let mut people = BTreeMap::new();
        for entry in file.person {
            entry.check().map_err(problem)?;
            let picture = entry.picture(path)?;
            let (id, person) = entry.with_picture(picture);
            if people.insert(id.clone(), person).is_some() {
                return Err(problem(format!(
                    "id: {id:?} is there twice; give each person its own",
                    id = id.0
                )));
            }
        }
        Ok(Self(people))
    }

    pub(crate) fn find(&self, id: &PersonId) -> Option<&Arc<Person>> {
        self.0.get(id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&PersonId, &Arc<Person>)> {
        self.0.iter()
    }
}

impl Entry {
    fn check(&self) -> Result<(), String> {
        let fields = [
            ("full_name", Some(&self.full_name)),
            ("job_title", self.job_title.as_ref()),
            ("company", self.company.as_ref()),
            ("verified_domain", self.verified_domain.as_ref()),
        ];
        for (key, text) in fields {
            let Some(text) = text else { continue };
            if text.trim().is_empty() || text.chars().count() > limits::NAME_CHARS {
                let most = limits::NAME_CHARS;
                let id = &self.id;
                return Err(format!(
                    "{key} of {id}: write 1 to {most} characters, or leave out what is not known"
                ));
            }
        }
        Ok(())
    }

    fn picture(&self, people: &Path) -> Result<Option<Picture>, ServeError> {
        let Some(name) = &self.picture else { return Ok(None) };
        let path = people.parent().unwrap_or(Path::new("")).join(name);
        let fix = "correct `picture` in the people file, or leave it out";
        let bytes = std::fs::read(&path).map_err(|source| ServeError::Read {
            path: path.clone(),
            source,
            fix,
        })?;
        let problem = |problem: &str| ServeError::People {
            path: people.to_owned(),
            problem: format!("picture of {}: {} {problem}", self.id, path.display()),
        };
        if bytes.len() > PICTURE_BYTES {
            return Err(problem("is above 1 MiB; make it smaller"));
        }
        let media_type = match bytes.as_slice() {
            [0x89, b'P', b'N', b'G', ..] => "image/png",
            [0xff, 0xd8, 0xff, ..] => "image/jpeg",
            _ => return Err(problem("is neither PNG nor JPEG; convert it")),
        };
        Ok(Some(Picture { media_type, bytes }))
    }

    fn with_picture(self, picture: Option<Picture>) -> (PersonId, Arc<Person>) {
        let card = IdentityCard {
            full_name: Some(self.full_name),
            job_title: self.job_title,
            company: self.company,
            picture: picture.as_ref().map(|_| format!("/api/people/{}/picture", self.id)),
            verified_domain: self.verified_domain,
        };
        (self.id, Arc::new(Person { tenant: self.tenant, card: card.cleaned(), picture }))
    }
}

fn one_tenant() -> TenantId {
    "development".parse().expect("an id")
}

#[cfg(test)]
mod tests;

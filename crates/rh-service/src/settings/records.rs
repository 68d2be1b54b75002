//! `[records]`: where it is kept who helped whom.

use std::path::PathBuf;

use rh_identity::{Problem, SecretSource};
use rh_records::Address;
use serde::Deserialize;

use crate::recorder::Records;

/// `[records]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RecordSettings {
    /// A SQLite file.
    sqlite: Option<PathBuf>,
    /// Where the address of a PostgreSQL database is, since there may be a password in it.
    postgres: Option<SecretSource>,
    /// The file of the key that signs the records.
    key: Option<PathBuf>,
    /// For how long they are kept.
    days: u32,
    /// For how long chats are kept, if not for as long.
    chat_days: Option<u32>,
}

impl Default for RecordSettings {
    fn default() -> Self {
        Self { sqlite: None, postgres: None, key: None, days: Records::DAYS, chat_days: None }
    }
}

impl RecordSettings {
    /// Its paths, which are relative to the configuration.
    pub(super) fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let address = match &mut self.postgres {
            Some(SecretSource::File(path)) => Some(path),
            Some(SecretSource::Env(_)) | None => None,
        };
        self.sqlite.iter_mut().chain(&mut self.key).chain(address)
    }

    /// Where records go, with the address read.
    ///
    /// # Errors
    ///
    /// The key that is wrong and what to do.
    pub(crate) fn records(&self) -> Result<Records, Problem> {
        let wrong = |key: &str, text: String| Problem { key: format!("records.{key}"), text };
        let address = match (&self.sqlite, &self.postgres) {
            (Some(path), None) => Address::Sqlite(path.clone()),
            (None, Some(source)) => {
                let address = source.read().map_err(|problem| wrong("postgres", problem))?;
                let parsed = address.expose().parse();
                let fix = "write postgres://USER@HOST/DATABASE there".to_owned();
                parsed.ok().filter(is_postgres).ok_or_else(|| wrong("postgres", fix))?
            }
            (Some(_), Some(_)) => {
                return Err(wrong(
                    "sqlite",
                    "there is `postgres` too; keep one of them".to_owned(),
                ));
            }
            (None, None) => {
                let fix = "there is no store; name a file, or a database with `postgres`";
                return Err(wrong("sqlite", fix.to_owned()));
            }
        };
        let chat = self.chat_days.unwrap_or(self.days);
        for (key, days) in [("days", self.days), ("chat_days", chat)] {
            if days == 0 {
                return Err(wrong(key, "nothing would be kept; write 1 or more".to_owned()));
            }
        }
        Records::new(address, self.key.clone(), self.days, chat).ok_or_else(|| {
            wrong("key", "PostgreSQL needs the file of the key that signs".to_owned())
        })
    }
}

const fn is_postgres(address: &Address) -> bool {
    matches!(address, Address::Postgres(_))
}

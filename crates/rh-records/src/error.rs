//! Why records cannot be read or written.

use std::path::PathBuf;

/// Why records cannot be read or written; each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// What was given names no store.
    #[error(
        "{0:?} names no store of records; give the path of a SQLite file, or an address such as \
         postgres://user@host/database"
    )]
    Address(String),
    /// There is no such file.
    #[error("there are no records at {}; check the path", .0.display())]
    Missing(PathBuf),
    /// The database is of something else.
    #[error("{0} is a database, but not one of records; check the path or address")]
    Foreign(String),
    /// The database was written by a newer version.
    #[error(
        "these records have schema {found}, and this version knows schemas up to {known}; use the \
         version of the service that wrote them, or a newer one"
    )]
    Newer {
        /// The schema of the database.
        found: i64,
        /// The newest that this version knows.
        known: i64,
    },
    /// The store did not answer, or would not do it; nothing of the call was kept.
    #[error(
        "the store of records cannot be used: {0}; see that it runs, has room, and may be written"
    )]
    Unavailable(String),
    /// What the store holds cannot have been written by this program.
    #[error(
        "the store of records holds what was never written to it: {0}; run `audit verify` on it"
    )]
    Damaged(String),
    /// The session is not in the records.
    #[error("this session is not in the records; it may be older than they are kept")]
    NoSession,
    /// The session is still going on.
    #[error("this session is still going on; ask again once it is over")]
    Running,
}

impl From<sqlx::Error> for RecordError {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) {
            Self::Damaged(error.to_string())
        } else {
            Self::Unavailable(error.to_string())
        }
    }
}

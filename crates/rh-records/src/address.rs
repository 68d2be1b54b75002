//! Where a store is, and opening it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use crate::{RecordError, RecordStore, postgres, sqlite};

/// Where a store of records is.
///
/// As text, `postgres://…` or `postgresql://…` is a database, and everything else without a scheme
/// is the path of a SQLite file. What is shown leaves out all that follows the scheme of a database,
/// since a password may.
#[derive(Clone, Eq, PartialEq)]
pub enum Address {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database, by its connection URI (libpq).
    Postgres(String),
}

impl FromStr for Address {
    type Err = RecordError;

    fn from_str(text: &str) -> Result<Self, RecordError> {
        match text.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.to_owned())),
            None if !text.is_empty() => Ok(Self::Sqlite(text.into())),
            Some((scheme, _)) => Err(RecordError::Address(format!("{scheme}://"))),
            None => Err(RecordError::Address(String::new())),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(_) => f.write_str("postgres://"),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// Opens a store, makes it if there is none, and brings its schema up to date.
///
/// # Errors
///
/// [`RecordError`]; every message says what to do.
pub async fn open(address: &Address) -> Result<Arc<dyn RecordStore>, RecordError> {
    Ok(match address {
        Address::Sqlite(path) => Arc::new(sqlite::open(path).await?),
        Address::Postgres(url) => Arc::new(postgres::open(url).await?),
    })
}

/// Opens a store that is there, of any schema that this version knows, and writes nothing to it.
///
/// # Errors
///
/// As [`open`]; and whatever writes fails with [`RecordError::Unavailable`].
pub async fn open_to_read(address: &Address) -> Result<Arc<dyn RecordStore>, RecordError> {
    Ok(match address {
        Address::Sqlite(path) => Arc::new(sqlite::open_to_read(path).await?),
        Address::Postgres(url) => Arc::new(postgres::open_to_read(url).await?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_file_or_a_database() {
        assert_eq!("a/b.db".parse::<Address>().unwrap(), Address::Sqlite("a/b.db".into()));
        let url = "postgres://user:secret@host/records";
        let database: Address = url.parse().unwrap();
        assert_eq!(database, Address::Postgres(url.to_owned()));
        assert!(!format!("{database} {database:?}").contains("secret"));
        for bad in ["", "mysql://user:secret@host/records"] {
            let error = bad.parse::<Address>().unwrap_err();
            assert!(
                matches!(error, RecordError::Address(_)) && !error.to_string().contains("secret")
            );
        }
    }
}

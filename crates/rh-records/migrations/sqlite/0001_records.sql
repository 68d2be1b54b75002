-- Times are milliseconds since 1970. Words are those of the program's JSON.

-- "rhrc": a file of records of this program.
PRAGMA application_id = 1919447651;

-- How far each tenant's chain has come.
CREATE TABLE chains (
    tenant TEXT PRIMARY KEY,
    seq INTEGER NOT NULL CHECK (seq >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE entries (
    tenant TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    at INTEGER NOT NULL,
    prev BLOB NOT NULL CHECK (length(prev) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
    tenant TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    purpose TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant, seq, purpose)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    helper TEXT NOT NULL,
    helper_name TEXT,
    helper_domain TEXT,
    sharer TEXT NOT NULL,
    sharer_name TEXT,
    sharer_domain TEXT,
    device TEXT,
    started INTEGER NOT NULL,
    ended INTEGER,
    reason TEXT,
    role TEXT,
    PRIMARY KEY (tenant, session)
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_time ON sessions (tenant, started);

-- Numbered like the entry that says the same.
CREATE TABLE consents (
    tenant TEXT NOT NULL,
    seq INTEGER NOT NULL,
    session TEXT NOT NULL,
    at INTEGER NOT NULL,
    role TEXT NOT NULL,
    consent TEXT NOT NULL,
    shown TEXT NOT NULL,
    PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX consents_by_session ON consents (tenant, session, seq);

PRAGMA user_version = 1;

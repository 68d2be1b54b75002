-- Times are milliseconds since 1970. Words are those of the program's JSON.

-- One row: the schema that this is.
CREATE TABLE version (number BIGINT NOT NULL);
INSERT INTO version VALUES (1);

-- How far each tenant's chain has come.
CREATE TABLE chains (
    tenant TEXT PRIMARY KEY,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE TABLE entries (
    tenant TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    at BIGINT NOT NULL,
    prev BYTEA NOT NULL CHECK (octet_length(prev) = 32),
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, seq)
);

CREATE TABLE checkpoints (
    tenant TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    purpose TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant, seq, purpose)
);

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
    started BIGINT NOT NULL,
    ended BIGINT,
    reason TEXT,
    role TEXT,
    PRIMARY KEY (tenant, session)
);

CREATE INDEX sessions_by_time ON sessions (tenant, started);

-- Numbered like the entry that says the same.
CREATE TABLE consents (
    tenant TEXT NOT NULL,
    seq BIGINT NOT NULL,
    session TEXT NOT NULL,
    at BIGINT NOT NULL,
    role TEXT NOT NULL,
    consent TEXT NOT NULL,
    shown TEXT NOT NULL,
    PRIMARY KEY (tenant, seq)
);

CREATE INDEX consents_by_session ON consents (tenant, session, seq);

-- One thread for each session, with the place of its last message.
CREATE TABLE threads (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    place INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant, session)
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    place INTEGER NOT NULL,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (tenant, session, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX messages_by_time ON messages (tenant, at);

PRAGMA user_version = 2;

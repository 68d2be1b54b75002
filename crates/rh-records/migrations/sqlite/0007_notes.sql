-- What a helper noted of a session, for whoever helps the same person next.
CREATE TABLE notes (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    about TEXT NOT NULL,
    author TEXT NOT NULL,
    name TEXT,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (tenant, session)
) STRICT, WITHOUT ROWID;

CREATE INDEX notes_by_person ON notes (tenant, about, at);

PRAGMA user_version = 7;

-- What a helper noted of a session, for whoever helps the same person next.
CREATE TABLE notes (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    about TEXT NOT NULL,
    author TEXT NOT NULL,
    name TEXT,
    at BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (tenant, session)
);

CREATE INDEX notes_by_person ON notes (tenant, about, at);

UPDATE version SET number = 7;

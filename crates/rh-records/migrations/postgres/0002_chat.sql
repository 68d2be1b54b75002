-- One thread for each session, with the place of its last message.
CREATE TABLE threads (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (tenant, session)
);

CREATE TABLE messages (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (tenant, session, place)
);

CREATE INDEX messages_by_time ON messages (tenant, at);

UPDATE version SET number = 2;

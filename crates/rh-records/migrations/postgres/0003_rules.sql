-- The rules of the tenants whose administrators changed them, as the program's JSON; none where they
-- were given back. The number counts the changes, and never goes back.
CREATE TABLE rules (
    tenant TEXT PRIMARY KEY,
    version BIGINT NOT NULL CHECK (version > 0),
    document TEXT
);

UPDATE version SET number = 3;

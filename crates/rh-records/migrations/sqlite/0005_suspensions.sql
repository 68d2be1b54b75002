-- Helpers who may not help for now; one stays until it is lifted, whatever retention deletes.
CREATE TABLE suspensions (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    session TEXT,
    PRIMARY KEY (tenant, person)
) STRICT, WITHOUT ROWID;

-- Whether two have met.
CREATE INDEX sessions_by_pair ON sessions (tenant, helper, sharer);

PRAGMA user_version = 5;

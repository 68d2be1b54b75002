-- Helpers who may not help for now; one stays until it is lifted, whatever retention deletes.
CREATE TABLE suspensions (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    session TEXT,
    PRIMARY KEY (tenant, person)
);

-- Whether two have met.
CREATE INDEX sessions_by_pair ON sessions (tenant, helper, sharer);

UPDATE version SET number = 5;

-- What the management says of devices; member_of is a JSON array, enrolment JSON.
CREATE TABLE devices (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    serial TEXT,
    udid TEXT,
    name TEXT,
    person TEXT,
    member_of TEXT NOT NULL,
    enrolment TEXT NOT NULL,
    compliance TEXT NOT NULL,
    reported INTEGER,
    source TEXT NOT NULL,
    told INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX devices_by_serial ON devices (tenant, serial);
CREATE UNIQUE INDEX devices_by_udid ON devices (tenant, udid);

PRAGMA user_version = 4;

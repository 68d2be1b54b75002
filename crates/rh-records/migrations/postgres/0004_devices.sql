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
    reported BIGINT,
    source TEXT NOT NULL,
    told BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE UNIQUE INDEX devices_by_serial ON devices (tenant, serial);
CREATE UNIQUE INDEX devices_by_udid ON devices (tenant, udid);

UPDATE version SET number = 4;

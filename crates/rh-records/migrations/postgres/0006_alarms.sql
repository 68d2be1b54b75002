-- Numbered like the entries that administrators should look at.
CREATE TABLE alarms (
    tenant TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (tenant, seq)
);

-- Bodies are canonical JSON: without spaces, and with quotes of texts escaped.
INSERT INTO alarms (tenant, seq) SELECT tenant, seq FROM entries
WHERE body LIKE '%"type":"reported"%'
    OR body LIKE '%"type":"guessed\_codes"%' ESCAPE '\'
    OR body LIKE '%"type":"lost"%';

UPDATE version SET number = 6;

-- Numbered like the entries that administrators should look at.
CREATE TABLE alarms (
    tenant TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;

-- Bodies are canonical JSON: without spaces, and with quotes of texts escaped.
INSERT INTO alarms (tenant, seq) SELECT tenant, seq FROM entries
WHERE body LIKE '%"type":"reported"%'
    OR body LIKE '%"type":"guessed\_codes"%' ESCAPE '\'
    OR body LIKE '%"type":"lost"%';

PRAGMA user_version = 6;

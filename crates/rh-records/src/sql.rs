//! The statements that both backends share.
//!
//! Parameters are written `$1`, which sqlx binds by number for SQLite too. Conflicts that cannot
//! happen but by a repeated call change nothing.

pub(crate) const TENANTS: &str = "SELECT tenant FROM chains UNION SELECT tenant FROM entries \
     UNION SELECT tenant FROM checkpoints ORDER BY tenant";

pub(crate) const HEAD: &str = "SELECT seq, hash FROM chains WHERE tenant = $1";

pub(crate) const SET_HEAD: &str = "UPDATE chains SET seq = $2, hash = $3 WHERE tenant = $1";

pub(crate) const ADD_CHAIN: &str =
    "INSERT INTO chains (tenant, seq, hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

pub(crate) const ADD_ENTRY: &str = "INSERT INTO entries (tenant, seq, at, prev, hash, body) \
     VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const ENTRIES: &str = "SELECT seq, at, prev, hash, body FROM entries \
     WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3";

pub(crate) const ADD_ALARM: &str = "INSERT INTO alarms (tenant, seq) VALUES ($1, $2)";

pub(crate) const ALARMS: &str = "SELECT entries.seq, at, prev, hash, body FROM alarms JOIN entries \
     ON entries.tenant = alarms.tenant AND entries.seq = alarms.seq \
     WHERE alarms.tenant = $1 ORDER BY alarms.seq DESC LIMIT $2";

pub(crate) const FORGET_ALARMS: &str = "DELETE FROM alarms WHERE tenant = $1 AND seq <= $2";

pub(crate) const LAST_BEFORE: &str = "SELECT seq, hash FROM entries \
     WHERE tenant = $1 AND seq < COALESCE((SELECT seq FROM entries \
     WHERE tenant = $1 AND at >= $2 ORDER BY seq LIMIT 1), 9223372036854775807) \
     ORDER BY seq DESC LIMIT 1";

pub(crate) const ADD_CHECKPOINT: &str = "INSERT INTO checkpoints (tenant, seq, purpose, document) \
     VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

pub(crate) const CHECKPOINTS: &str =
    "SELECT document FROM checkpoints WHERE tenant = $1 ORDER BY seq, purpose";

pub(crate) const FORGET_ENTRIES: &str = "DELETE FROM entries WHERE tenant = $1 AND seq <= $2";

pub(crate) const FORGET_CHECKPOINTS: &str =
    "DELETE FROM checkpoints WHERE tenant = $1 AND seq <= $2";

/// A session whose end nobody recorded is as old as its beginning.
pub(crate) const FORGET_SESSIONS: &str =
    "DELETE FROM sessions WHERE tenant = $1 AND COALESCE(ended, started) < $2";

pub(crate) const FORGET_CONSENTS: &str = "DELETE FROM consents WHERE tenant = $1 AND at < $2 \
     AND session NOT IN (SELECT session FROM sessions WHERE tenant = $1)";

pub(crate) const BEGIN_SESSION: &str = "INSERT INTO sessions (tenant, session, helper, \
     helper_name, helper_domain, sharer, sharer_name, sharer_domain, device, started) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";

pub(crate) const ADD_CONSENT: &str = "INSERT INTO consents (tenant, seq, session, at, role, \
     consent, shown) VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(crate) const ALLOW: &str = "UPDATE sessions SET role = $3 \
     WHERE tenant = $1 AND session = $2 AND (role IS NULL OR role <> 'control')";

pub(crate) const END_SESSION: &str = "UPDATE sessions SET ended = $3, reason = $4 \
     WHERE tenant = $1 AND session = $2 AND ended IS NULL";

pub(crate) const SESSION: &str = "SELECT session, helper, helper_name, helper_domain, sharer, \
     sharer_name, sharer_domain, device, started, ended, reason, role FROM sessions \
     WHERE tenant = $1 AND session = $2";

pub(crate) const SESSIONS: &str = "SELECT session, helper, helper_name, helper_domain, sharer, \
     sharer_name, sharer_domain, device, started, ended, reason, role FROM sessions \
     WHERE tenant = $1 AND (started < $2 OR started = $2 AND session > $4) \
     ORDER BY started DESC, session LIMIT $3";

pub(crate) const CONSENTS: &str = "SELECT at, role, consent, shown FROM consents \
     WHERE tenant = $1 AND session = $2 ORDER BY seq";

pub(crate) const RULES: &str = "SELECT tenant, version, document FROM rules";

pub(crate) const ADD_RULES: &str =
    "INSERT INTO rules (tenant, version, document) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING";

pub(crate) const CHANGE_RULES: &str = "UPDATE rules SET version = version + 1, document = $2 \
     WHERE tenant = $1 AND version = $3";

pub(crate) const NEXT_PLACE: &str = "INSERT INTO threads (tenant, session, place, at) \
     VALUES ($1, $2, 1, $3) ON CONFLICT (tenant, session) \
     DO UPDATE SET place = threads.place + 1, at = excluded.at RETURNING place";

pub(crate) const ADD_MESSAGE: &str = "INSERT INTO messages (tenant, session, place, at, author, \
     text) VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const THREAD: &str = "SELECT place, at, author, text FROM messages \
     WHERE tenant = $1 AND session = $2 AND place > $3 ORDER BY place LIMIT $4";

pub(crate) const FORGET_MESSAGES: &str = "DELETE FROM messages WHERE tenant = $1 AND at < $2";

pub(crate) const FORGET_THREADS: &str = "DELETE FROM threads WHERE tenant = $1 AND at < $2 \
     AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.tenant = threads.tenant \
     AND messages.session = threads.session)";

pub(crate) const KEEP_NOTE: &str = "INSERT INTO notes (tenant, session, about, author, name, at, \
     text) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, session) DO UPDATE SET \
     author = excluded.author, name = excluded.name, at = excluded.at, text = excluded.text";

pub(crate) const DROP_NOTE: &str = "DELETE FROM notes WHERE tenant = $1 AND session = $2";

pub(crate) const NOTES: &str = "SELECT session, author, name, at, text FROM notes \
     WHERE tenant = $1 AND about = $2 ORDER BY at DESC, session LIMIT $3";

pub(crate) const FORGET_NOTES: &str = "DELETE FROM notes WHERE tenant = $1 AND at < $2";

pub(crate) const DEVICE_BY_SERIAL: &str = "SELECT id, serial, udid, name, person, member_of, \
     enrolment, compliance, reported, source, told FROM devices WHERE tenant = $1 AND serial = $2";

pub(crate) const DEVICE_BY_UDID: &str = "SELECT id, serial, udid, name, person, member_of, \
     enrolment, compliance, reported, source, told FROM devices WHERE tenant = $1 AND udid = $2";

pub(crate) const DEVICES: &str = "SELECT id, serial, udid, name, person, member_of, enrolment, \
     compliance, reported, source, told FROM devices WHERE tenant = $1 AND id > $2 \
     ORDER BY id LIMIT $3";

/// Whatever has the serial number, the UDID or the id, in this order.
pub(crate) const SAME_DEVICE: &str = "SELECT id, told FROM devices \
     WHERE tenant = $1 AND (serial = $2 OR udid = $3 OR id = $4) \
     ORDER BY CASE WHEN serial = $2 THEN 0 WHEN udid = $3 THEN 1 ELSE 2 END";

pub(crate) const ADD_DEVICE: &str = "INSERT INTO devices (tenant, id, serial, udid, name, person, \
     member_of, enrolment, compliance, reported, source, told) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

pub(crate) const TELL_DEVICE: &str = "UPDATE devices SET id = $3, serial = COALESCE($4, serial), \
     udid = COALESCE($5, udid), name = COALESCE($6, name), person = COALESCE($7, person), \
     member_of = COALESCE($8, member_of), enrolment = COALESCE($9, enrolment), \
     compliance = COALESCE($10, compliance), reported = COALESCE($11, reported), source = $12, \
     told = $13 WHERE tenant = $1 AND id = $2";

pub(crate) const FORGET_DEVICE: &str = "DELETE FROM devices WHERE tenant = $1 AND id = $2";

pub(crate) const FORGET_DEVICES: &str =
    "DELETE FROM devices WHERE tenant = $1 AND source = $2 AND told < $3";

pub(crate) const SUSPEND: &str = "INSERT INTO suspensions (tenant, person, at, session) \
     VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

pub(crate) const REINSTATE: &str = "DELETE FROM suspensions WHERE tenant = $1 AND person = $2";

pub(crate) const SUSPENSIONS: &str =
    "SELECT tenant, person, at, session FROM suspensions ORDER BY tenant, at, person";

pub(crate) const HAVE_MET: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM sessions \
     WHERE tenant = $1 AND helper = $2 AND sharer = $3 AND session <> $4 AND role IS NOT NULL \
     LIMIT 1) AS earlier";

pub(crate) const NAMES: &str = "SELECT helper, helper_name FROM sessions \
     WHERE tenant = $1 AND helper_name IS NOT NULL \
     UNION SELECT sharer, sharer_name FROM sessions \
     WHERE tenant = $1 AND sharer_name IS NOT NULL LIMIT $2";

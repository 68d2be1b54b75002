use std::fs;

use super::*;

const WHOLE: &str = r#"
listen = "127.0.0.1:8443"
public_origins = ["https://help.example.com"]

[sessions]
idle_minutes = 30
absolute_hours = 8

[sign_in]
device_flow = true

[tls]
certificate = "own.pem"
key = "own.key"

[relay]
address = "203.0.113.7"
udp = "0.0.0.0:3478"
reach = ["10.1.0.0/16"]
urls = ["turns:turn.example.com:443?transport=tcp"]
secret = { file = "secret" }

[[tenant]]
id = "example"
name = "Example Ltd"
issuer = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0"
client_id = "66666666-7777-8888-9999-000000000000"
client_secret = { file = "secret" }
scopes = ["profile", "User.Read"]
domains = ["example.com"]
profile = "graph"
directory = { claim = "tid", value = "11111111-2222-3333-4444-555555555555" }

[tenant.claims]
object_id = "oid"
"#;

fn read(text: &str) -> Result<Settings, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret"), "hunter2\n").unwrap();
    fs::write(folder.path().join("address"), "postgres://rh:hunter2@db/rh\n").unwrap();
    let path = folder.path().join("service.toml");
    fs::write(&path, text).unwrap();
    Settings::read(&path).map_err(|error| error.to_string())
}

#[test]
fn a_whole_file_is_read() {
    let settings = read(WHOLE).unwrap();
    assert_eq!(settings.life().idle, Duration::from_secs(1800));
    assert_eq!(settings.tenants[0].shown_name(), "Example Ltd");
    assert!(!format!("{settings:?}").contains("hunter2"));
    assert_eq!(settings.listen.unwrap().port(), 8443);
    assert_eq!(settings.relay.unwrap().reach().len(), 1);
    let Some(Tls::Files { key, .. }) = settings.tls else { panic!() };
    assert!(key.is_absolute(), "it is relative to the file");
}

/// Every error names the key and what to do, and several are told at once.
#[test]
fn every_error_names_its_key_and_fix() {
    for (from, to, named) in [
        ("idle_minutes", "idle_minuets", "idle_minuets"),
        ("client_id", "client_uid", "client_uid"),
        ("idle_minutes = 30", "idle_minutes = 0", "sessions:"),
        (
            "client_secret = { file = \"secret\"",
            "client_secret = { file = \"no-such-file\"",
            "tenant example: client_secret:",
        ),
        ("https://login", "http://login", "tenant example: issuer:"),
        ("https://help.example.com", "https://help.example.com/", "public_origins:"),
        ("10.1.0.0/16", "10.1.0.0", "relay.reach:"),
        ("turns:turn", "https:turn", "relay.urls:"),
        ("secret = { file = \"secret\" }\n\n", "", "relay.secret:"),
        ("key = \"own.key\"\n", "", "tls"),
        ("127.0.0.1:8443\"", "0.0.0.0:8443\"\n[development]\n[other]", "other"),
    ] {
        let error = read(&WHOLE.replacen(from, to, 1)).unwrap_err();
        assert!(error.contains(named) && error.contains("service.toml"), "{named}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let two = WHOLE
        .replace("https://login", "http://login")
        .replace("idle_minutes = 30", "idle_minutes = 0");
    let error = read(&two).unwrap_err();
    assert!(error.contains("issuer:") && error.contains("sessions:"), "{error}");
}

#[test]
fn nobody_can_sign_in_unawares() {
    assert!(read("").unwrap_err().contains("[[tenant]]"));
    assert!(read("[development]").is_ok());
    let open = "listen = \"0.0.0.0:80\"\n[development]";
    assert!(read(open).unwrap_err().contains("development:"));
}

/// Records may be in one store only, and a password in its address is shown nowhere.
#[test]
fn records_are_checked() {
    let with = |lines: &str| read(&format!("[development]\n[records]\n{lines}"));
    let records = with("sqlite = \"records.db\"").unwrap().records.unwrap().records().unwrap();
    assert!(records.key.is_absolute() && records.key.ends_with("records.db.key"), "{records:?}");
    let days = |days: u64| Duration::from_secs(days * 24 * 3600);
    assert_eq!((records.retention.records, records.retention.chat), (days(30), days(30)));
    let own = with("sqlite = \"records.db\"\nchat_days = 7").unwrap().records.unwrap();
    let retention = own.records().unwrap().retention;
    assert_eq!((retention.records, retention.chat), (days(30), days(7)), "S-16");
    for (lines, named) in [
        ("", "records.sqlite: there is no store"),
        (
            "sqlite = \"a.db\"\npostgres = { file = \"secret\" }",
            "records.sqlite: there is `postgres`",
        ),
        ("postgres = { file = \"secret\" }", "records.postgres: write postgres://"),
        ("postgres = { env = \"RH_TEST_NO_DATABASE\" }", "RH_TEST_NO_DATABASE is not set"),
        ("postgres = { file = \"address\" }", "records.key: PostgreSQL needs"),
        ("sqlite = \"a.db\"\ndays = 0", "records.days:"),
        ("sqlite = \"a.db\"\nchat_days = 0", "records.chat_days:"),
        ("sqlite = \"a.db\"\nkeys = \"k\"", "keys"),
    ] {
        let error = with(lines).unwrap_err();
        assert!(error.contains(named) && !error.contains("hunter2"), "{named}: {error}");
    }
}

/// The keys of operations are refused with their names too.
#[test]
fn operations_are_checked() {
    let with = |lines: &str| read(&format!("[operations]\n{lines}\n[development]"));
    assert_eq!(with("").unwrap().operations.drain(), Duration::from_secs(30));
    let whole = "metrics = \"127.0.0.1:9464\"\nlog_format = \"json\"\ndrain_seconds = 5\n\
                 metrics_token = { file = \"secret\" }";
    let settings = with(whole).unwrap();
    assert_eq!(settings.operations.log_format, LogFormat::Json);
    assert!(!format!("{settings:?}").contains("hunter2"));
    for (lines, named) in [
        ("metrics = \"0.0.0.0:9464\"", "operations.metrics_token: other machines"),
        ("metrics_token = { env = \"RH_TEST_NO_TOKEN\" }", "RH_TEST_NO_TOKEN is not set"),
        ("metrics_token = { file = \"secret\" }", "operations.metrics: there is a token"),
        ("drain_seconds = 100000", "operations.drain_seconds:"),
        ("log_format = \"xml\"", "log_format"),
        ("metric = \"127.0.0.1:1\"", "metric"),
    ] {
        let error = with(lines).unwrap_err();
        assert!(error.contains(named), "{named}: {error}");
    }
    let same =
        "listen = \"127.0.0.1:8080\"\n[operations]\nmetrics = \"127.0.0.1:8080\"\n[development]";
    assert!(read(same).unwrap_err().contains("operations.metrics: the pages are served there"));
}

//! `rh-service devices import`.

use rh_devices::{DeviceDirectory, DeviceKey, DeviceRecord, Stored};
use rh_policy::{Compliance, Enrolment};
use tempfile::TempDir;

use crate::support::{Said, path, run};

/// A folder with records that an import made.
struct Records(TempDir);

impl Records {
    fn import(&self, name: &str, text: &str, more: &[&str]) -> Said {
        let (file, records) = (self.0.path().join(name), self.0.path().join("records.db"));
        std::fs::write(&file, text).unwrap();
        let args = ["devices", "import", path(&file), "--records", path(&records)];
        run(&[&args, more].concat())
    }

    async fn all(&self, tenant: &str) -> Vec<DeviceRecord> {
        let address = path(&self.0.path().join("records.db")).parse().unwrap();
        let store = rh_records::open(&address).await.unwrap();
        Stored::new(tenant.parse().unwrap(), store).all().await.unwrap()
    }
}

const OURS: &[&str] = &["--tenant", "ours"];

#[tokio::test]
async fn a_file_is_imported_and_changed_by_the_next() {
    let records = Records(tempfile::tempdir().unwrap());
    let said = records.import("a.csv", "serial,compliance\nc02,compliant\nc03,\n", OURS);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.contains("2 devices of ours"), "{}", said.out);
    let again = r#"[{"serial": "C02", "enrolment": "unenrolled"}]"#;
    assert_eq!(records.import("b.JSON", again, OURS).code, 0);
    let all = records.all("ours").await;
    let known: Vec<_> = all.iter().map(|it| (it.enrolment, it.compliance)).collect();
    let c02 = (Enrolment::Unenrolled, Compliance::Compliant);
    assert_eq!(known, [c02, (Enrolment::Enrolled, Compliance::Unknown)]);
    assert!(records.all("theirs").await.is_empty());
    let replaced = records.import("c.csv", "serial\nc04\n", &[OURS, &["--replace"]].concat());
    assert_eq!(replaced.code, 0);
    let serials: Vec<_> =
        records.all("ours").await.into_iter().filter_map(|it| it.serial).collect();
    assert_eq!(serials, ["C04".parse().unwrap()]);
}

/// Every fault names its line and what to do, and nothing is imported.
#[tokio::test]
async fn nothing_is_half_imported() {
    let records = Records(tempfile::tempdir().unwrap());
    assert_eq!(records.import("a.csv", "serial\nc01\n", OURS).code, 0);
    let said = records.import("b.csv", "serial,compliance\nc02,compliant\nc 3,ok\n", OURS);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("nothing was imported"), "{}", said.err);
    assert!(said.err.contains("line 3: serial") && said.err.contains("line 3: compliance"));
    let [known] = records.all("ours").await.try_into().unwrap();
    assert_eq!(
        Some(DeviceKey::Serial("C01".parse().unwrap())),
        known.serial.map(DeviceKey::Serial)
    );
    assert_eq!(records.import("c.csv", "serial\nc01\n", &["--tenant", ""]).code, 2);
    assert_eq!(
        run(&["devices", "import", "/no/such/file", "--tenant", "a", "--records", "b"]).code,
        2
    );
}

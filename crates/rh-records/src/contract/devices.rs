//! What is known of devices.

use std::sync::Arc;

use rh_policy::{Compliance, Enrolment, Unrecognised};

use super::Ground;
use super::sample::{second, tenant};
use crate::{
    DeviceKey, DeviceRecord, DeviceSource, DeviceWord, HardwareId, RecordStore, Timestamp,
};

fn hardware(text: &str) -> HardwareId {
    text.parse().expect("an id")
}

fn serial(text: &str) -> DeviceKey {
    DeviceKey::Serial(hardware(text))
}

fn udid(text: &str) -> DeviceKey {
    DeviceKey::Udid(hardware(text))
}

/// An import's word about the device of that serial number.
fn word(text: &str, told: Timestamp) -> DeviceWord {
    let word = DeviceWord::new(DeviceSource::Import, told);
    DeviceWord { serial: Some(hardware(text)), enrolment: Some(Enrolment::Enrolled), ..word }
}

async fn tell(store: &Arc<dyn RecordStore>, words: &[DeviceWord]) -> usize {
    store.tell_devices(&tenant(), words, None).await.expect("told")
}

async fn find(store: &Arc<dyn RecordStore>, key: &DeviceKey) -> Option<DeviceRecord> {
    store.device(&tenant(), key).await.expect("looked up")
}

async fn ids(store: &Arc<dyn RecordStore>) -> Vec<String> {
    let all = store.devices(&tenant(), None, 100).await.expect("listed");
    all.into_iter().map(|it| it.id.into()).collect()
}

pub(super) async fn a_word_changes_what_it_says_and_no_more(ground: &dyn Ground) {
    let store = ground.fresh().await;
    assert_eq!(find(&store, &serial("s1")).await, None);
    let first = DeviceWord {
        id: Some("mac-1".parse().expect("an id")),
        name: Some("'; -- \u{202e}\u{1f600}".to_owned()),
        person: Some("ada@example.com".to_owned()),
        groups: Some(["sales".parse().expect("an id")].into()),
        compliance: Some(Compliance::InGracePeriod),
        reported: Some(second(1)),
        ..word("s1", second(2))
    };
    assert_eq!(tell(&store, std::slice::from_ref(&first)).await, 1);
    let known = find(&store, &serial("S1")).await.expect("it is known");
    let expected = DeviceRecord {
        tenant: tenant(),
        id: "mac-1".parse().expect("an id"),
        serial: first.serial.clone(),
        udid: None,
        name: first.name.clone(),
        person: first.person.clone(),
        groups: first.groups.clone().unwrap_or_default(),
        enrolment: Enrolment::Enrolled,
        compliance: Compliance::InGracePeriod,
        reported: first.reported,
        source: DeviceSource::Import,
        told: second(2),
    };
    assert_eq!(known, expected);
    let enrolment = Enrolment::Unknown(Unrecognised::NoUserAffinity);
    let second_word = DeviceWord {
        udid: Some(hardware("u1")),
        enrolment: Some(enrolment),
        source: DeviceSource::Webhook,
        ..word("s1", second(3))
    };
    tell(&store, &[second_word]).await;
    let source = DeviceSource::Webhook;
    let expected =
        DeviceRecord { udid: Some(hardware("u1")), enrolment, source, told: second(3), ..expected };
    assert_eq!(find(&store, &udid("u1")).await, Some(expected));
}

/// Whoever knows the UDID only and whoever knows the serial number only speak of the same device, as
/// soon as anybody knows both.
pub(super) async fn one_device_has_one_record(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let by_udid = DeviceWord { serial: None, udid: Some(hardware("u1")), ..word("-", second(1)) };
    tell(&store, &[word("s1", second(1)), by_udid]).await;
    assert_eq!(ids(&store).await, ["S1", "U1"]);
    let both = DeviceWord { udid: Some(hardware("u1")), ..word("s1", second(2)) };
    tell(&store, std::slice::from_ref(&both)).await;
    assert_eq!(ids(&store).await, ["S1"]);
    // A board is replaced, and its serial number with it.
    tell(&store, &[DeviceWord { serial: Some(hardware("s2")), ..both }]).await;
    assert_eq!(find(&store, &serial("s1")).await, None);
    assert_eq!(find(&store, &serial("s2")).await, find(&store, &udid("u1")).await);
    let renamed = DeviceWord { id: Some("mac".parse().expect("an id")), ..word("s2", second(3)) };
    tell(&store, &[renamed]).await;
    assert_eq!(ids(&store).await, ["mac"]);
    let nameless = DeviceWord { serial: None, ..word("-", second(4)) };
    assert_eq!(tell(&store, &[nameless]).await, 0);
}

pub(super) async fn an_old_word_is_not_heard(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let gone = DeviceWord { enrolment: Some(Enrolment::Unenrolled), ..word("s1", second(5)) };
    for _ in 0..2 {
        assert_eq!(tell(&store, std::slice::from_ref(&gone)).await, 1, "the same again is no harm");
    }
    assert_eq!(tell(&store, &[word("s1", second(4))]).await, 0);
    let known = find(&store, &serial("s1")).await.expect("it is known");
    assert_eq!(known.enrolment, Enrolment::Unenrolled);
}

pub(super) async fn tenants_have_devices_of_their_own(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let other = "fabrikam".parse().expect("an id");
    tell(&store, &[word("s1", second(1))]).await;
    assert_eq!(store.device(&other, &serial("s1")).await.expect("looked up"), None);
    let theirs = DeviceWord { enrolment: Some(Enrolment::Unenrolled), ..word("s1", second(9)) };
    store.tell_devices(&other, &[theirs], None).await.expect("told");
    let forget = Some((DeviceSource::Import, second(99)));
    store.tell_devices(&other, &[], forget).await.expect("told");
    let ours = find(&store, &serial("s1")).await.expect("it is known");
    assert_eq!(ours.enrolment, Enrolment::Enrolled);
}

pub(super) async fn words_are_kept_whole_or_not_at_all(ground: &dyn Ground) {
    let store = ground.fresh().await;
    ground.tamper("CREATE UNIQUE INDEX one_name ON devices (tenant, name)").await;
    let named = |text: &str| DeviceWord { name: Some("same".to_owned()), ..word(text, second(1)) };
    let told = store.tell_devices(&tenant(), &[named("s1"), named("s2")], None).await;
    assert!(told.is_err(), "{told:?}");
    assert_eq!(ids(&store).await, [""; 0]);
}

pub(super) async fn words_at_once_are_all_heard(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let telling = (0..8).map(|n| {
        let store = Arc::clone(&store);
        let both = DeviceWord { udid: Some(hardware("u1")), ..word("s1", second(1)) };
        let own = word(&format!("own-{n}"), second(1));
        tokio::spawn(async move { tell(&store, &[both, own]).await })
    });
    for told in telling.collect::<Vec<_>>() {
        assert_eq!(told.await.expect("told"), 2);
    }
    assert_eq!(ids(&store).await.len(), 9);
}

pub(super) async fn what_a_source_no_longer_names_goes(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let source = DeviceSource::Webhook;
    let webhook = DeviceWord { source, ..word("s3", second(1)) };
    tell(&store, &[word("s1", second(1)), word("s2", second(1)), webhook]).await;
    let forget = Some((DeviceSource::Import, second(2)));
    store.tell_devices(&tenant(), &[word("s1", second(2))], forget).await.expect("told");
    assert_eq!(ids(&store).await, ["S1", "S3"]);
}

pub(super) async fn devices_come_in_pages(ground: &dyn Ground) {
    let store = ground.fresh().await;
    let words: Vec<_> = (0..7).map(|n| word(&format!("s{n}"), second(1))).collect();
    tell(&store, &words).await;
    let mut seen = Vec::new();
    loop {
        let after = seen.last();
        let page = store.devices(&tenant(), after, 3).await.expect("listed");
        if page.is_empty() {
            break;
        }
        seen.extend(page.into_iter().map(|it| it.id));
    }
    assert_eq!(seen.len(), 7);
}

use rh_policy::decide;
use rh_policy::{Action, Decision, Fix, Person, Reason, RemoteAssistanceState, SharingApp, Target};
use rh_policy::{Members, RoleAssignment, RoleDefinition, Scope, Tenant, TenantSettings, Warning};
use rh_records::DeviceSource;

use super::*;

fn tenant() -> TenantId {
    "example".parse().unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_772_323_200_000 + second * 1000).unwrap()
}

fn key() -> DeviceKey {
    DeviceKey::Serial("C02".parse().unwrap())
}

fn record(enrolment: Enrolment, compliance: Compliance) -> DeviceRecord {
    DeviceRecord {
        tenant: tenant(),
        id: "mac".parse().unwrap(),
        serial: Some("C02".parse().unwrap()),
        udid: None,
        name: None,
        person: None,
        groups: BTreeSet::from(["macs".parse().unwrap()]),
        enrolment,
        compliance,
        reported: Some(at(0)),
        source: DeviceSource::Import,
        told: at(0),
    }
}

fn see(presented: &Presented, found: Option<DeviceRecord>, sign_in: SignIn) -> Device {
    recognise(&tenant(), presented, &Ok(found), sign_in, at(60))
}

const PROVEN: fn() -> Presented = || Presented::Proven(key(), Assurance::Certificate);

#[test]
fn a_record_comes_with_age_and_assurance() {
    let found = || Some(record(Enrolment::Enrolled, Compliance::Compliant));
    for (presented, sign_in, assurance) in [
        (Presented::Claimed(key()), SignIn::Silent, Assurance::Claimed),
        (Presented::Claimed(key()), SignIn::Other, Assurance::Claimed),
        (Presented::Claimed(key()), SignIn::Compliant, Assurance::SignIn),
        (PROVEN(), SignIn::Other, Assurance::Certificate),
        (Presented::Proven(key(), Assurance::Attested), SignIn::Silent, Assurance::Attested),
    ] {
        let device = see(&presented, found(), sign_in);
        assert_eq!(device.assurance, assurance);
        assert_eq!(device.enrolment, Enrolment::Enrolled);
        assert_eq!(device.age, Some(Duration::from_secs(60)));
        assert_eq!(device.id.unwrap().as_str(), "mac");
    }
    let future = DeviceRecord { reported: Some(at(99)), ..found().unwrap() };
    let device = see(&PROVEN(), Some(future), SignIn::Silent);
    assert_eq!(device.age, Some(Duration::ZERO));
}

/// S-24 to S-26: each state has the reason with its exact fix, and allowing such devices is always
/// another way.
#[test]
fn every_state_has_its_exact_fix() {
    use Unrecognised as U;
    let claimed = Presented::Claimed(key());
    let unknown = |why| Some(record(Enrolment::Unknown(why), Compliance::Unknown));
    let cases = [
        (Presented::Nothing, None, SignIn::Silent, Fix::ShareWithAgent),
        (Presented::Nothing, None, SignIn::Other, Fix::InstallSingleSignOn),
        (claimed.clone(), None, SignIn::Silent, Fix::Enrol),
        (PROVEN(), None, SignIn::Silent, Fix::RegisterDevice),
        (claimed.clone(), unknown(U::NotInPortal), SignIn::Silent, Fix::RegisterDevice),
        (claimed, unknown(U::NoUserAffinity), SignIn::Silent, Fix::AllowUnenrolled),
    ];
    for (presented, found, sign_in, fix) in cases {
        let case = format!("{presented:?} {found:?} {sign_in:?}");
        let device = see(&presented, found, sign_in);
        let Decision::Deny { reasons } = join(&device, false) else { panic!("{case}") };
        let fixes: Vec<_> = reasons.iter().flat_map(Reason::fixes).collect();
        assert!(fixes.contains(&fix) && fixes.contains(&Fix::AllowUnenrolled), "{case}: {fixes:?}");
        assert!(!join(&device, true).is_deny(), "{case}");
    }
}

/// S-25, S-26: a certificate says which device it is where no sign-in can.
#[test]
fn a_proof_tells_apart_what_a_sign_in_cannot() {
    for why in [Unrecognised::NotInPortal, Unrecognised::NoUserAffinity] {
        let found = Some(record(Enrolment::Unknown(why), Compliance::Compliant));
        assert!(join(&see(&PROVEN(), found, SignIn::Silent), false).is_allow());
    }
    let gone = Some(record(Enrolment::Unenrolled, Compliance::Compliant));
    assert!(join(&see(&PROVEN(), gone, SignIn::Compliant), false).is_deny());
}

/// A directory that does not answer never makes a device enrolled or compliant.
#[test]
fn no_answer_is_not_a_good_one() {
    let failed = Err(DirectoryError::Unavailable("no answer".to_owned()));
    for presented in [Presented::Claimed(key()), PROVEN()] {
        for sign_in in [SignIn::Silent, SignIn::Compliant, SignIn::Other] {
            let device = recognise(&tenant(), &presented, &failed, sign_in, at(0));
            let Decision::Deny { reasons } = join(&device, false) else { panic!("{device:?}") };
            let why = Unrecognised::DirectoryUnavailable;
            assert_eq!(reasons, [Reason::EnrolmentUnknown { why }]);
        }
    }
}

/// S-13, S-14: compliance warns, and a claim is shown as unverified; neither blocks.
#[test]
fn compliance_and_claims_warn_only() {
    let found = || Some(record(Enrolment::Enrolled, Compliance::Noncompliant));
    let not_compliant = Warning::NotCompliant { compliance: Compliance::Noncompliant };
    let unverified = Warning::DeviceUnverified { assurance: Assurance::Claimed };
    let claimed = see(&Presented::Claimed(key()), found(), SignIn::Silent);
    let warnings = vec![not_compliant.clone(), unverified];
    assert_eq!(join(&claimed, false), Decision::Allow { warnings });
    let proven = see(&PROVEN(), found(), SignIn::Silent);
    assert_eq!(join(&proven, false), Decision::Allow { warnings: vec![not_compliant] });
    let signed_in = see(&Presented::Nothing, None, SignIn::Compliant);
    assert!(join(&signed_in, false).is_allow());
}

/// A Help Desk Operator's code in the hands of somebody at `device`.
fn join(device: &Device, allow_unenrolled: bool) -> Decision {
    let helper = Person::new(tenant(), "helper".parse().unwrap());
    let sharer = Person::new(tenant(), "sharer".parse().unwrap());
    let mut tenant = Tenant::new(tenant());
    tenant.settings = TenantSettings {
        remote_assistance_state: RemoteAssistanceState::Enabled,
        allow_sessions_to_unenrolled_devices: allow_unenrolled,
        ..TenantSettings::default()
    };
    let mut members = Members::default();
    members.people.insert(helper.id.clone());
    let role = RoleDefinition::help_desk_operator().id;
    let scope = Scope::AllDevicesAndLicensedUsers;
    tenant.assignments.push(RoleAssignment { role, members, scope });
    let target = Target::Sharer { person: &sharer, device, app: SharingApp::Native };
    decide(&helper, Action::Join, target, &tenant)
}

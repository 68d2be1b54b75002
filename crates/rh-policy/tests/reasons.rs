//! Why, and what would help (S-12 to S-15, S-24 to S-28, M-03, M-07).

mod common;

use std::time::Duration;

use common::{
    HERE, STAFF, assign, device, groups, helper, id, role, sharer, shares, tenant, tenant_with,
};
use rh_policy::{
    Action, Assurance, Compliance, Decision, Device, Enrolment, Fix, Party, Permission, Person,
    Reason, Scope, Standing, Target, Tenant, Unrecognised, Warning, Who, decide, recheck,
};
use rh_protocol::Role;

const VIEW: Action = Action::Ask(Role::View);
const CONTROL: Action = Action::Ask(Role::Control);

fn with(action: Action, device: &Device, tenant: &Tenant) -> Decision {
    decide(&helper(), action, shares(&sharer(), device), tenant)
}

fn reasons(decision: Decision) -> Vec<Reason> {
    let Decision::Deny { reasons } = decision else { panic!("{decision:?}") };
    reasons
}

fn warnings(decision: Decision) -> Vec<Warning> {
    let Decision::Allow { warnings } = decision else { panic!("{decision:?}") };
    warnings
}

/// A device of which nothing is known, where that is not enough.
fn refused_for(why: Unrecognised) -> Vec<Fix> {
    let device = Device::unknown(id(HERE), why);
    let reasons = reasons(with(VIEW, &device, &tenant_with("ViewOnlyHelper")));
    assert_eq!(reasons, [Reason::EnrolmentUnknown { why }]);
    reasons[0].fixes()
}

#[test]
fn each_cause_of_an_unknown_device_has_its_own_fix_and_names_the_switch() {
    let table = [
        (Unrecognised::SingleSignOnMissing, Some((Fix::InstallSingleSignOn, Who::Administrator))),
        (Unrecognised::NotInPortal, Some((Fix::RegisterDevice, Who::Sharer))),
        (Unrecognised::NoUserAffinity, None),
        (Unrecognised::EdgeWithoutProfile, Some((Fix::SignInToEdge, Who::Sharer))),
        (Unrecognised::BrowserOutdated, Some((Fix::UpdateBrowser, Who::Sharer))),
        (Unrecognised::DirectoryUnavailable, Some((Fix::TryAgain, Who::Subject))),
        (Unrecognised::NothingPresented, Some((Fix::ShareWithAgent, Who::Sharer))),
    ];
    for (why, own) in table {
        let fixes = refused_for(why);
        let expected: Vec<_> =
            own.map(|(fix, _)| fix).into_iter().chain([Fix::AllowUnenrolled]).collect();
        assert_eq!(fixes, expected, "{why:?}");
        assert_eq!(own.map(|(fix, _)| fix.who()), own.map(|(_, who)| who), "{why:?}");
    }
    assert_eq!(Fix::AllowUnenrolled.setting(), Some("allowSessionsToUnenrolledDevices"));
}

#[test]
fn who_is_of_another_tenant_can_mend_that() {
    let (tenant, elsewhere) = (tenant_with("ViewOnlyHelper"), id("elsewhere"));
    let sharer = Person { tenant: elsewhere, ..sharer() };
    let found = reasons(decide(&helper(), VIEW, shares(&sharer, &device()), &tenant));
    assert_eq!(found, [Reason::OtherTenant { party: Party::Sharer }]);
    assert_eq!(found[0].fixes(), [Fix::SharerSignInHere]);
    assert_eq!(Fix::SharerSignInHere.who(), Who::Sharer);
    let device = Device { tenant: id("elsewhere"), ..device() };
    let found = reasons(with(VIEW, &device, &tenant));
    assert_eq!(found, [Reason::OtherTenant { party: Party::Device }]);
    assert_eq!(found[0].fixes(), [Fix::ShareOurDevice]);
}

#[test]
fn an_unenrolled_device_is_refused_and_where_allowed_told() {
    let device = Device { enrolment: Enrolment::Unenrolled, ..device() };
    let mut tenant = tenant_with("ViewOnlyHelper");
    let found = reasons(with(VIEW, &device, &tenant));
    assert_eq!(found, [Reason::Unenrolled]);
    assert_eq!(found[0].fixes(), [Fix::Enrol, Fix::AllowUnenrolled]);
    tenant.settings.allow_sessions_to_unenrolled_devices = true;
    assert_eq!(warnings(with(VIEW, &device, &tenant)), [Warning::Unenrolled]);
    let why = Unrecognised::NothingPresented;
    let nothing_known = [
        Warning::EnrolmentUnknown { why },
        Warning::NotCompliant { compliance: Compliance::Unknown },
    ];
    assert_eq!(warnings(with(VIEW, &Device::unknown(id(HERE), why), &tenant)), nothing_known);
}

#[test]
fn all_devices_do_not_include_an_unenrolled_one_and_the_fix_says_what_does() {
    let device = Device { enrolment: Enrolment::Unenrolled, ..device() };
    let mut tenant = tenant();
    tenant.settings.allow_sessions_to_unenrolled_devices = true;
    tenant.assignments.push(assign("ViewOnlyHelper", Scope::AllDevices));
    let found = reasons(with(VIEW, &device, &tenant));
    assert_eq!(found, [Reason::OutOfScope { unenrolled: true }]);
    assert_eq!(found[0].fixes(), [Fix::Enrol, Fix::AddPersonToScope]);

    tenant.assignments[0].scope = groups(&["others"]);
    let found = reasons(with(VIEW, &device, &tenant));
    assert_eq!(found, [Reason::OutOfScope { unenrolled: false }], "enrolling would not help");
    tenant.assignments.push(assign("ViewOnlyHelper", groups(&[STAFF])));
    assert!(with(VIEW, &device, &tenant).is_allow());
}

#[test]
fn each_permission_counts_where_its_own_assignment_reaches() {
    let mut tenant = tenant();
    let base = [Permission::OfferRemoteAssistance, Permission::ConnectorRead];
    tenant.roles.add(role("base", &base)).unwrap();
    tenant.roles.add(role("app", &[Permission::ViewScreen])).unwrap();
    tenant.assignments.push(assign("base", groups(&[STAFF])));
    tenant.assignments.push(assign("app", groups(&["others"])));
    assert_eq!(reasons(with(VIEW, &device(), &tenant)), [Reason::OutOfScope { unenrolled: false }]);
    tenant.assignments.push(assign("app", groups(&[STAFF])));
    assert!(with(VIEW, &device(), &tenant).is_allow());
}

#[test]
fn the_connector_is_the_tenants_and_needs_no_scope() {
    let mut tenant = tenant();
    let (offer, view) = (Permission::OfferRemoteAssistance, Permission::ViewScreen);
    tenant.roles.add(role("app", &[offer, view])).unwrap();
    tenant.roles.add(role("connector", &[Permission::ConnectorRead])).unwrap();
    tenant.assignments.push(assign("app", groups(&[STAFF])));
    assert!(with(VIEW, &device(), &tenant).is_deny());
    tenant.assignments.push(assign("connector", groups(&["others"])));
    assert!(with(VIEW, &device(), &tenant).is_allow());
}

#[test]
fn a_role_is_given_to_people_one_by_one_too() {
    let mut tenant = tenant();
    tenant.assignments.push(assign("ViewOnlyHelper", Scope::AllDevices));
    tenant.assignments[0].members.groups.clear();
    assert!(with(VIEW, &device(), &tenant).is_deny());
    tenant.assignments[0].members.people.insert(helper().id);
    assert!(with(VIEW, &device(), &tenant).is_allow());
}

#[test]
fn a_code_for_a_device_needs_the_device_in_scope_or_everyone() {
    let device = device();
    let code = |scope| {
        let mut tenant = tenant();
        tenant.assignments.push(assign("ViewOnlyHelper", scope));
        decide(&helper(), Action::MakeCode, Target::Device(&device), &tenant).is_allow()
    };
    assert!(code(Scope::AllDevices) && code(groups(&[common::MACS])));
    assert!(code(Scope::AllLicensedUsers));
    assert!(!code(groups(&[STAFF])), "who will be at the device is not known");
}

#[test]
fn what_is_missing_is_named() {
    let found = reasons(with(CONTROL, &device(), &tenant_with("ViewOnlyHelper")));
    let any_of = vec![Permission::TakeFullControl];
    assert_eq!(found, [Reason::PermissionMissing { any_of }]);
    assert_eq!(found[0].fixes(), [Fix::Grant(Permission::TakeFullControl)]);
    let json = serde_json::to_string(&found[0]).unwrap();
    let name = "Microsoft.Intune_RemoteAssistanceApp_TakeFullControl";
    assert_eq!(json, format!(r#"{{"code":"permission_missing","any_of":["{name}"]}}"#));
}

/// M-07: what no platform of ours has is granted and kept, and refused by its name.
#[test]
fn elevation_alone_helps_nobody_here_and_says_so() {
    let mut tenant = tenant();
    let permissions =
        [Permission::OfferRemoteAssistance, Permission::ConnectorRead, Permission::Elevation];
    tenant.roles.add(role("uac", &permissions)).unwrap();
    tenant.assignments.push(assign("uac", Scope::AllDevices));
    let found = reasons(decide(&helper(), Action::MakeCode, Target::Anyone, &tenant));
    let unsupported = Reason::UnsupportedOnPlatform { permission: Permission::Elevation };
    assert!(found.contains(&unsupported), "{found:?}");
    assert_eq!(unsupported.fixes(), []);
}

#[test]
fn what_is_wrong_with_a_device_warns_and_does_not_block() {
    let tenant = tenant_with("ViewOnlyHelper");
    let device = Device {
        compliance: Compliance::InGracePeriod,
        age: Some(Duration::from_secs(25 * 3600)),
        assurance: Assurance::Claimed,
        ..device()
    };
    let expected = [
        Warning::NotCompliant { compliance: Compliance::InGracePeriod },
        Warning::RecordStale { seconds: Some(90_000) },
        Warning::DeviceUnverified { assurance: Assurance::Claimed },
    ];
    assert_eq!(warnings(with(VIEW, &device, &tenant)), expected);
    assert_eq!(warnings(with(VIEW, &common::device(), &tenant)), []);
    let device = Device { age: None, assurance: Assurance::SignIn, ..common::device() };
    let expected = [
        Warning::RecordStale { seconds: None },
        Warning::DeviceUnverified { assurance: Assurance::SignIn },
    ];
    assert_eq!(warnings(with(VIEW, &device, &tenant)), expected);
}

#[test]
fn a_compliance_that_is_not_known_is_unknown_and_not_compliant() {
    let read = |text: &str| serde_json::from_str::<Compliance>(text).unwrap();
    assert_eq!(read(r#""compliant""#), Compliance::Compliant);
    assert_eq!(read(r#""inGracePeriod""#), Compliance::InGracePeriod);
    for word in [r#""unknown""#, r#""Compliant""#, r#""splendid""#, r#""""#] {
        assert_eq!(read(word), Compliance::Unknown, "{word}");
    }
    assert_eq!(Compliance::default(), Compliance::Unknown);
}

#[test]
fn a_stronger_sign_in_is_asked_of_who_acts_and_only_when_all_else_is_well() {
    let mut tenant = tenant_with("HelpDeskOperator");
    tenant.conditions =
        serde_json::from_str(r#"{"session.full_control":"c1","session.join":"c2"}"#).unwrap();
    let (mut helper, mut sharer, device) = (helper(), sharer(), device());
    let steps = |helper: &_, sharer: &_, action| match decide(
        helper,
        action,
        shares(sharer, &device),
        &tenant,
    ) {
        Decision::StepUp { context, .. } => Some(context.to_string()),
        Decision::Allow { .. } => None,
        Decision::Deny { reasons } => panic!("{reasons:?}"),
    };
    assert_eq!(steps(&helper, &sharer, VIEW), None);
    assert_eq!(steps(&helper, &sharer, CONTROL).as_deref(), Some("c1"));
    assert_eq!(steps(&helper, &sharer, Action::Upgrade).as_deref(), Some("c1"));
    helper.contexts.insert(id("c1"));
    helper.contexts.insert(id("c2"));
    assert_eq!(steps(&helper, &sharer, CONTROL), None);
    assert_eq!(steps(&helper, &sharer, Action::Join).as_deref(), Some("c2"));
    sharer.contexts.insert(id("c2"));
    assert_eq!(steps(&helper, &sharer, Action::Join), None);

    tenant.assignments.clear();
    assert!(decide(&helper, CONTROL, shares(&sharer, &device), &tenant).is_deny());
}

#[test]
fn a_revoked_right_lowers_or_ends_a_running_session_and_says_why() {
    let (helper, sharer, device) = (helper(), sharer(), device());
    let standing = |role: &str, running| {
        recheck(&helper, running, shares(&sharer, &device), &tenant_with(role))
    };
    let control = Some(Role::Control);
    let continues = Standing::Continues { warnings: Vec::new() };
    assert_eq!(standing("HelpDeskOperator", control), continues);
    let any_of = vec![Permission::TakeFullControl];
    let lowered = Standing::ViewOnly { reasons: vec![Reason::PermissionMissing { any_of }] };
    assert_eq!(standing("ViewOnlyHelper", control), lowered);
    assert_eq!(standing("ViewOnlyHelper", Some(Role::View)), continues);
    for running in [None, Some(Role::View), control] {
        assert!(matches!(standing("Auditor", running), Standing::Ends { .. }), "{running:?}");
    }
    let any_of = vec![Permission::ViewScreen, Permission::TakeFullControl];
    let Standing::Ends { reasons } = standing("Auditor", control) else { panic!("no helper") };
    assert_eq!(reasons[2], Reason::PermissionMissing { any_of }, "why not even viewing");
    let mut off = tenant_with("HelpDeskOperator");
    off.settings = rh_policy::TenantSettings::default();
    let ended = recheck(&helper, control, shares(&sharer, &device), &off);
    assert_eq!(ended, Standing::Ends { reasons: vec![Reason::TenantDisabled] });
}

/// Codes are what pages and records know: as JSON and by the method they are the same.
#[test]
fn codes_are_the_same_everywhere() {
    let why = Unrecognised::NoUserAffinity;
    let permission = Permission::Unattended;
    let reasons = [
        Reason::OtherTenant { party: Party::Sharer },
        Reason::TenantDisabled,
        Reason::Suspended,
        Reason::PermissionMissing { any_of: vec![permission] },
        Reason::OutOfScope { unenrolled: true },
        Reason::SharerUnknown,
        Reason::Unenrolled,
        Reason::EnrolmentUnknown { why },
        Reason::ChatBlocked,
        Reason::BrowserViewOnly,
        Reason::UnsupportedOnPlatform { permission },
    ];
    for reason in reasons {
        assert_eq!(serde_json::to_value(&reason).unwrap()["code"], reason.code());
    }
    let warnings = [
        Warning::NotCompliant { compliance: Compliance::Error },
        Warning::Unenrolled,
        Warning::EnrolmentUnknown { why },
        Warning::RecordStale { seconds: None },
        Warning::DeviceUnverified { assurance: Assurance::SignIn },
    ];
    for warning in warnings {
        assert_eq!(serde_json::to_value(&warning).unwrap()["code"], warning.code());
    }
    let fix = serde_json::to_value(Fix::AllowUnenrolled).unwrap();
    assert_eq!(fix["code"], "allow_unenrolled");
}

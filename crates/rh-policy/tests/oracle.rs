//! Every small case against a second opinion (S-19).
//!
//! The oracle is written from the rules alone, with other means: words, one flat expression, and no
//! notion of reasons. It shares nothing with the crate but the names of the actions.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{HERE, MACS, STAFF, assign, device, groups, helper, id, person, role};
use rh_policy::{
    Action, Decision, Device, Enrolment, Permission, RemoteAssistanceState, Scope, SharingApp,
    Target, Tenant, Unrecognised, decide,
};

/// The permissions that a role may have here, each with its letter.
const LETTERS: [(char, Permission); 9] = [
    ('o', Permission::OfferRemoteAssistance),
    ('r', Permission::ConnectorRead),
    ('v', Permission::ViewScreen),
    ('c', Permission::TakeFullControl),
    ('e', Permission::Elevation),
    ('u', Permission::Unattended),
    ('p', Permission::ConnectorViewReports),
    ('w', Permission::ConnectorUpdate),
    ('x', Permission::ExportRecords),
];

/// One case, in words.
#[derive(Clone, Copy, Debug)]
struct Case<'a> {
    letters: &'a str,
    action: &'a str,
    scope: &'a str,
    target: &'a str,
    enrolment: &'a str,
    enabled: bool,
    open: bool,
    silent: bool,
    stranger: &'a str,
}

/// The second opinion.
fn allowed(case: Case<'_>) -> bool {
    let has = |letter: char| case.letters.contains(letter);
    let (kind, verb) = case.action.split_once('.').unwrap();
    if case.stranger == "helper" {
        return false;
    }
    if kind != "session" {
        return match case.action {
            "records.read" => has('p'),
            "records.export" => has('x'),
            "tenant.manage" => has('w'),
            "sessions.end" | "roles.manage" | "devices.manage" => false,
            other => panic!("{other}"),
        };
    }
    let there = ["agent", "browser"].contains(&case.target);
    let some_device = there || case.target == "device";
    let in_scope = match case.scope {
        _ if case.target == "anyone" => true,
        "the sharer's group" => there,
        "the device's group" => true,
        "another group" => false,
        "all devices" => case.enrolment == "enrolled",
        "everyone" | "everyone and all devices" => true,
        other => panic!("{other}"),
    };
    let strange =
        (case.stranger == "sharer" && there) || (case.stranger == "device" && some_device);
    let full = verb == "full_control" || verb == "upgrade";
    case.enabled
        && !strange
        && has('o')
        && has('r')
        && (has('c') || has('v') && !full)
        && in_scope
        && (there || verb == "make_code")
        && (case.open || !some_device || case.enrolment == "enrolled")
        && !(full && case.target == "browser")
        && !(case.silent && verb == "chat")
        && !["elevate", "unattended"].contains(&verb)
}

const SCOPES: [&str; 6] = [
    "the sharer's group",
    "the device's group",
    "another group",
    "all devices",
    "everyone",
    "everyone and all devices",
];

fn scope(name: &str) -> Scope {
    match name {
        "the sharer's group" => groups(&[STAFF]),
        "the device's group" => groups(&["others", MACS]),
        "another group" => groups(&["others"]),
        "all devices" => Scope::AllDevices,
        "everyone" => Scope::AllLicensedUsers,
        _ => Scope::AllDevicesAndLicensedUsers,
    }
}

fn enrolment(name: &str) -> Enrolment {
    match name {
        "enrolled" => Enrolment::Enrolled,
        "unenrolled" => Enrolment::Unenrolled,
        _ => Enrolment::Unknown(Unrecognised::NotInPortal),
    }
}

fn tenant(letters: &str, scope_name: &str, bits: u8) -> Tenant {
    let chosen = LETTERS.iter().filter(|(letter, _)| letters.contains(*letter));
    let permissions: Vec<_> = chosen.map(|(_, permission)| *permission).collect();
    let mut tenant = Tenant::new(id(HERE));
    tenant.roles.add(role("own", &permissions)).unwrap();
    tenant.assignments.push(assign("own", scope(scope_name)));
    if bits & 1 != 0 {
        tenant.settings.remote_assistance_state = RemoteAssistanceState::Enabled;
    }
    tenant.settings.allow_sessions_to_unenrolled_devices = bits & 2 != 0;
    tenant.settings.block_chat = bits & 4 != 0;
    tenant
}

fn decided(case: Case<'_>, tenant: &Tenant) -> Decision {
    let elsewhere = |who: &str| id(if case.stranger == who { "elsewhere" } else { HERE });
    let (mut helper, mut sharer) = (helper(), person("sami", &[STAFF]));
    (helper.tenant, sharer.tenant) = (elsewhere("helper"), elsewhere("sharer"));
    let enrolment = enrolment(case.enrolment);
    let device = Device { tenant: elsewhere("device"), enrolment, ..device() };
    let target = match case.target {
        "anyone" => Target::Anyone,
        "device" => Target::Device(&device),
        "agent" => Target::Sharer { person: &sharer, device: &device, app: SharingApp::Native },
        _ => Target::Sharer { person: &sharer, device: &device, app: SharingApp::Browser },
    };
    decide(&helper, case.action.parse().unwrap(), target, tenant)
}

/// Runs every case that has these letters and strangers.
fn walk(sets: &[String], strangers: &[&'static str]) -> usize {
    let mut cases = 0;
    for (letters, scope) in sets.iter().flat_map(|set| SCOPES.map(|scope| (set, scope))) {
        for bits in 0..8 {
            let tenant = tenant(letters, scope, bits);
            let (enabled, open, silent) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
            for (action, target) in Action::ALL
                .into_iter()
                .flat_map(|it| ["anyone", "device", "agent", "browser"].map(|at| (it.name(), at)))
            {
                for (enrolment, stranger) in ["enrolled", "unenrolled", "unknown"]
                    .into_iter()
                    .flat_map(|it| strangers.iter().map(move |stranger| (it, *stranger)))
                {
                    let case = Case {
                        letters,
                        action,
                        scope,
                        target,
                        enrolment,
                        enabled,
                        open,
                        silent,
                        stranger,
                    };
                    let decision = decided(case, &tenant);
                    assert_eq!(decision.is_allow(), allowed(case), "{case:?}: {decision:?}");
                    assert_ne!(decision, Decision::Deny { reasons: Vec::new() }, "{case:?}");
                    cases += 1;
                }
            }
        }
    }
    cases
}

/// Every subset of the letters of `all`.
fn subsets(all: &str) -> Vec<String> {
    let letters: Vec<char> = all.chars().collect();
    let chosen = |set: usize| {
        letters.iter().enumerate().filter(move |(at, _)| set & (1 << at) != 0).map(|(_, c)| *c)
    };
    (0..1 << letters.len()).map(|set| chosen(set).collect()).collect()
}

#[test]
fn every_role_action_and_device_as_the_second_opinion_has_it() {
    let cases = walk(&subsets("orvceu"), &["nobody"]);
    assert_eq!(cases, 64 * 6 * 8 * 14 * 4 * 3);
}

#[test]
fn strangers_and_administrators_as_the_second_opinion_has_it() {
    let sets: Vec<_> = subsets("pwx").into_iter().chain(["orvcpwx".to_owned()]).collect();
    let cases = walk(&sets, &["nobody", "helper", "sharer", "device"]);
    assert_eq!(cases, 9 * 6 * 8 * 14 * 4 * 3 * 4);
}

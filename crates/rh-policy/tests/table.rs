//! The decisions as tables, to be read beside the specification (S-05, S-09, S-11, S-19, M-01 to
//! M-04, M-07). They are part of the crate's documentation.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fmt::Write;

use common::{device, helper, sharer, shares, tenant_with};
use rh_policy::{
    Action, Decision, Device, Enrolment, Reason, RemoteAssistanceState, RoleDefinition, SharingApp,
    Target, Tenant, Unrecognised, decide,
};

/// `yes`, or the codes of what speaks against it; one code tells enough of what roles lack.
fn cell(decision: Decision) -> String {
    match decision {
        Decision::Allow { .. } => "yes".to_owned(),
        Decision::StepUp { context, .. } => format!("step up to {context}"),
        Decision::Deny { reasons } => {
            let mut codes: Vec<_> = reasons.iter().map(Reason::code).collect();
            codes.dedup();
            codes.join(", ")
        }
    }
}

fn row(table: &mut String, cells: impl IntoIterator<Item = String>) {
    let cells: Vec<_> = cells.into_iter().collect();
    writeln!(table, "| {} |", cells.join(" | ")).unwrap();
}

fn head(table: &mut String, names: &[&str]) {
    row(table, names.iter().map(|&name| name.to_owned()));
    row(table, names.iter().map(|_| "---".to_owned()));
}

/// Each action by each built-in role, with an enrolled Mac of the same tenant.
#[test]
fn roles_and_actions() {
    let (helper, sharer, device) = (helper(), sharer(), device());
    let roles = RoleDefinition::built_ins().map(|role| role.id.to_string());
    let mut table = String::new();
    let names: Vec<_> = ["action"].into_iter().chain(roles.iter().map(String::as_str)).collect();
    head(&mut table, &names);
    for action in Action::ALL {
        let cells = roles.iter().map(|role| {
            cell(decide(&helper, action, shares(&sharer, &device), &tenant_with(role)))
        });
        row(&mut table, [format!("`{action}`")].into_iter().chain(cells));
    }
    assert_eq!(table, include_str!("../src/docs/roles.md"), "\n{table}");
}

/// Each kind of device by the tenant's switches, with a Help Desk Operator.
#[test]
fn devices_and_switches() {
    let unknown = Enrolment::Unknown(Unrecognised::NoUserAffinity);
    let states = [
        ("enrolled", Enrolment::Enrolled),
        ("unenrolled", Enrolment::Unenrolled),
        ("unknown", unknown),
    ];
    let actions = ["session.make_code", "session.view", "session.full_control", "session.chat"];
    let mut table = String::new();
    let names: Vec<_> = ["tenant", "device", "shared with"].into_iter().chain(actions).collect();
    head(&mut table, &names);
    for (tenant_name, tenant) in tenants() {
        for (state, enrolment) in states {
            for (app_name, app) in [("agent", SharingApp::Native), ("browser", SharingApp::Browser)]
            {
                let device = Device { enrolment, ..device() };
                let cells = actions.map(|action| {
                    let target = Target::Sharer { person: &sharer(), device: &device, app };
                    cell(decide(&helper(), action.parse().unwrap(), target, &tenant))
                });
                let names = [tenant_name, state, app_name].map(str::to_owned);
                row(&mut table, names.into_iter().chain(cells));
            }
        }
    }
    assert_eq!(table, include_str!("../src/docs/devices.md"), "\n{table}");
}

fn tenants() -> [(&'static str, Tenant); 4] {
    let on = tenant_with("HelpDeskOperator");
    let (mut off, mut open, mut silent) = (on.clone(), on.clone(), on.clone());
    off.settings.remote_assistance_state = RemoteAssistanceState::Disabled;
    open.settings.allow_sessions_to_unenrolled_devices = true;
    silent.settings.block_chat = true;
    [("disabled", off), ("enabled", on), ("unenrolled allowed", open), ("chat blocked", silent)]
}

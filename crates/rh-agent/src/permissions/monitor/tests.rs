use rh_protocol::Role;

use super::*;
use crate::permissions::{Condition, hypervisor_in_cpuinfo};

use Permission::{Accessibility, PostEvent, ScreenRecording};
use State::{Granted, Missing, NeedsRestart, ReapprovalDue, Stale};
use Tried::{Refused, Unclear, Works};

fn monitor(macos: u32) -> Monitor {
    Monitor::new(System { macos, bundle_id: "org.example.remotehelp".to_owned() })
}

fn reading(told: bool, tried: Tried) -> Reading {
    Reading { told, told_anew: None, tried }
}

/// The states of one permission through a sequence of readings.
fn states(macos: u32, permission: Permission, sequence: &[(bool, Tried)]) -> Vec<State> {
    let mut monitor = monitor(macos);
    let mut state = |&(told, tried): &(bool, Tried)| {
        let report = monitor.update(&Readings::of([(permission, reading(told, tried))]));
        report.permissions[0].state
    };
    sequence.iter().map(&mut state).collect()
}

/// A machine on which everything is allowed and works.
fn all_works() -> Readings {
    Readings::of(Permission::ALL.map(|permission| (permission, reading(true, Works))))
}

/// B-02: the state matrix of a first look, the same for each permission and each macOS.
#[test]
fn a_first_look_says_what_was_told_and_tried() {
    let matrix = [
        // told, told to a new process, tried, and what it means
        (false, None, Unclear, Missing),
        (false, None, Refused, Missing),
        (false, None, Works, Granted),
        (false, Some(false), Unclear, Missing),
        (false, Some(false), Refused, Missing),
        (false, Some(false), Works, Granted),
        (false, Some(true), Unclear, NeedsRestart),
        (false, Some(true), Refused, NeedsRestart),
        (false, Some(true), Works, Granted),
        (true, None, Unclear, Granted),
        (true, None, Refused, Stale),
        (true, None, Works, Granted),
        (true, Some(false), Unclear, Missing),
        (true, Some(false), Refused, Missing),
        (true, Some(false), Works, Granted),
        (true, Some(true), Unclear, Granted),
        (true, Some(true), Refused, Stale),
        (true, Some(true), Works, Granted),
    ];
    for macos in [12, 13, 14, 15, 26] {
        for permission in Permission::ALL {
            for (told, told_anew, tried, expected) in matrix {
                let reading = Reading { told, told_anew, tried };
                let report = monitor(macos).update(&Readings::of([(permission, reading)]));
                let row = &report.permissions[0];
                assert_eq!(row.state, expected, "{permission:?} {reading:?} on {macos}");
                assert_eq!(row.proven, tried == Works);
                assert_eq!(row.fix.is_none(), expected == Granted);
            }
        }
    }
}

/// S-29: Accessibility turns green in a running program.
#[test]
fn control_is_taken_up_without_a_restart() {
    let sequence = [(false, Unclear), (true, Unclear), (true, Works)];
    assert_eq!(states(15, Accessibility, &sequence), [Missing, Granted, Granted]);
    assert!(Accessibility.takes_effect_at_once() && PostEvent.takes_effect_at_once());
}

/// S-30: for the screen, macOS insists on quit and reopen.
#[test]
fn the_screen_needs_a_restart_once_allowed() {
    let sequence = [(false, Refused), (true, Refused), (true, Unclear), (true, Works)];
    let expected = [Missing, NeedsRestart, NeedsRestart, Granted];
    assert_eq!(states(14, ScreenRecording, &sequence), expected);
    let row = &monitor(14).update(&Readings::of([(ScreenRecording, reading(false, Refused))]));
    assert!(row.permissions[0].fix.as_ref().unwrap().contains("quit and reopen"));
}

#[test]
fn what_never_worked_is_stale_and_what_did_is_due_for_approval() {
    let worked = [(true, Works), (true, Refused), (true, Unclear), (true, Works)];
    let due = [Granted, ReapprovalDue, ReapprovalDue, Granted];
    assert_eq!(states(15, ScreenRecording, &worked), due);
    assert_eq!(states(26, ScreenRecording, &worked), due);
    let stale = [Granted, Stale, Stale, Granted];
    assert_eq!(states(14, ScreenRecording, &worked), stale);
    assert_eq!(states(15, Accessibility, &worked), stale);
    assert_eq!(states(15, ScreenRecording, &[(true, Refused)]), [Stale]);
}

/// After a repair by `tccutil reset` the program is told no, then yes, and is a new start away.
#[test]
fn a_repaired_grant_is_followed_to_the_end() {
    let sequence = [(true, Refused), (false, Refused), (true, Refused), (true, Works)];
    let expected = [Stale, Missing, NeedsRestart, Granted];
    assert_eq!(states(15, ScreenRecording, &sequence), expected);
    let expected = [Stale, Missing, Stale, Granted];
    assert_eq!(states(15, Accessibility, &sequence), expected);
}

#[test]
fn a_permission_that_is_taken_is_missing_and_forgets_that_it_worked() {
    let sequence = [(true, Works), (false, Refused), (true, Refused)];
    let expected = [Granted, Missing, NeedsRestart];
    assert_eq!(states(15, ScreenRecording, &sequence), expected);
}

#[test]
fn a_stale_grant_comes_with_its_repair() {
    for permission in Permission::ALL {
        let report = monitor(15).update(&Readings::of([(permission, reading(true, Refused))]));
        let row = &report.permissions[0];
        let command = format!("tccutil reset {} org.example.remotehelp", permission.service());
        assert_eq!(row.commands, std::slice::from_ref(&command));
        let fix = row.fix.as_ref().unwrap();
        assert!(fix.contains(&command) && fix.contains("remove it"), "{fix}");
    }
}

/// Accessibility holds the right to post events, and not the other way round.
#[test]
fn accessibility_holds_post_event() {
    let report = monitor(15).update(&Readings::of([
        (Accessibility, reading(true, Unclear)),
        (PostEvent, reading(false, Unclear)),
    ]));
    assert!(report.permissions.iter().all(Row::is_granted));
    let report = monitor(15).update(&Readings::of([
        (Accessibility, reading(false, Unclear)),
        (PostEvent, reading(true, Unclear)),
    ]));
    assert_eq!(report.permissions[0].state, Missing);
    assert_eq!(report.permissions[1].state, Granted);
}

/// S-29, S-30, S-44: what each is for, and the button's exact target.
#[test]
fn each_row_says_what_it_is_for_and_where_it_is_allowed() {
    let report = monitor(15).update(&all_works());
    let pane = "x-apple.systempreferences:com.apple.preference.security?Privacy_";
    let shown: Vec<_> = report
        .permissions
        .iter()
        .map(|row| (row.permission, row.needed_for, row.settings.strip_prefix(pane).unwrap()))
        .collect();
    let expected: [(_, &[Role], _); 3] = [
        (ScreenRecording, &[Role::View, Role::Control], "ScreenCapture"),
        (Accessibility, &[Role::Control], "Accessibility"),
        (PostEvent, &[Role::Control], "Accessibility"),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn viewing_needs_the_screen_alone() {
    let mut readings = all_works();
    assert!(monitor(15).update(&readings).is_green());
    readings.permissions.insert(Accessibility, reading(false, Unclear));
    let report = monitor(15).update(&readings);
    assert!(report.ready_for(Role::View) && !report.ready_for(Role::Control));
    readings.permissions.insert(ScreenRecording, reading(false, Refused));
    assert!(!monitor(15).update(&readings).ready_for(Role::View));
}

/// B-11, S-10: a lock stops everything, a password field and a virtual machine nothing.
#[test]
fn only_a_lock_stops_a_session() {
    let app = Some("Safari".to_owned());
    for (condition, green) in [
        (Condition::ScreenLocked, false),
        (Condition::SecureInput { app }, true),
        (Condition::SecureInput { app: None }, true),
        (Condition::Hypervisor, true),
    ] {
        let notice = condition.notice();
        let readings = Readings { conditions: vec![condition], ..all_works() };
        assert_eq!(monitor(15).update(&readings).is_green(), green, "{notice}");
    }
}

#[test]
fn a_change_is_told_once() {
    let mut monitor = monitor(15);
    let missing = Readings::of([(Accessibility, reading(false, Unclear))]);
    let first = monitor.update(&missing);
    assert_eq!(first.changes_since(&Report::default()), ["Accessibility: MISSING"]);
    assert!(monitor.update(&missing).changes_since(&first).is_empty());
    let granted = Readings::of([(Accessibility, reading(true, Works))]);
    let locked = Readings { conditions: vec![Condition::ScreenLocked], ..granted.clone() };
    let second = monitor.update(&locked);
    let lock = "The screen is locked: unlock it to share.";
    assert_eq!(second.changes_since(&first), ["Accessibility: granted, and it works", lock]);
    let third = monitor.update(&granted);
    assert_eq!(third.changes_since(&second), [format!("No longer: {lock}")]);
}

#[test]
fn a_report_is_plain_json() {
    let readings = Readings {
        conditions: vec![Condition::SecureInput { app: None }],
        ..Readings::of([(ScreenRecording, reading(true, Refused))])
    };
    let json = serde_json::to_value(monitor(15).update(&readings)).unwrap();
    let row = &json["permissions"][0];
    assert_eq!(row["permission"], "screen_recording");
    assert_eq!(row["state"], "stale");
    assert_eq!(row["needed_for"], serde_json::json!(["view", "control"]));
    let condition = serde_json::json!({ "condition": "secure_input", "app": null });
    assert_eq!(json["conditions"], serde_json::json!([condition]));
}

/// S-49
#[test]
fn the_microphone_is_no_permission() {
    for permission in Permission::ALL {
        for text in [permission.settings_url(), permission.service()] {
            assert!(!text.to_lowercase().contains("microphone"), "{text}");
        }
    }
}

/// S-10
#[test]
fn a_hypervisor_is_known_by_its_flag() {
    let cpuinfo = |flags: &str| format!("processor\t: 0\nmodel name\t: X\nflags\t\t: {flags}\n\n");
    assert!(hypervisor_in_cpuinfo(&cpuinfo("fpu vme hypervisor lahf_lm")));
    assert!(!hypervisor_in_cpuinfo(&cpuinfo("fpu vme hypervisor_x")));
    assert!(!hypervisor_in_cpuinfo("model name : hypervisor\n"));
    assert!(!hypervisor_in_cpuinfo("\0:\u{fffd}:flags"));
}

//! Tests of the scripts in `packaging/macos`, which for the rest only a Mac can run.

use std::process::Command;

/// What `release.sh` says with these arguments, and whether it succeeded.
fn release(args: &[&str]) -> (String, bool) {
    let script = crate::root().join("packaging/macos/release.sh");
    let mut command = Command::new("bash");
    for setting in ["OUT", "BUNDLE_ID", "APPLICATION_IDENTITY", "INSTALLER_IDENTITY"] {
        command.env_remove(setting);
    }
    let output = command.arg(script).args(args).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8(said).unwrap(), output.status.success())
}

/// S-39, S-41: sign before packing, pack before notarising, staple last.
#[test]
fn a_dry_run_shows_every_step_in_order() {
    let (said, success) = release(&["--dry-run"]);
    assert!(success, "{said}");
    let steps = [
        "cargo xtask package app",
        "codesign --force --timestamp --options runtime",
        "codesign --verify --strict",
        "pkgbuild ",
        "productbuild ",
        "xcrun notarytool submit",
        "xcrun stapler staple",
        "spctl --assess --type install",
    ];
    let places: Vec<_> = steps.iter().map(|step| said.find(step).expect(step)).collect();
    assert!(places.is_sorted(), "{said}");
}

/// S-40: the receipt has the workspace's version.
#[test]
fn the_receipt_names_bundle_and_version() {
    let (said, _) = release(&["--dry-run"]);
    let receipt =
        format!("--identifier {}.pkg --version {}", super::app::BUNDLE_ID, super::VERSION);
    assert!(said.contains(&receipt), "{said}");
}

#[test]
fn an_unknown_option_stops_it() {
    let (said, success) = release(&["--dry"]);
    assert!(!success && said.contains("there is --dry-run"), "{said}");
}

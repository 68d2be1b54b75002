use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use plist::Dictionary;
use tempfile::TempDir;

use super::*;

const VERSION: &str = "12.3.4";

/// A tree made of a program that is a script.
fn tree() -> TempDir {
    let out = tempfile::tempdir().unwrap();
    let binary = out.path().join("built");
    fs::write(&binary, "#!/bin/sh\n").unwrap();
    fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
    let bundle = BUNDLE_ID.parse().unwrap();
    App { bundle: &bundle, binary: &binary, version: VERSION }
        .write(&out.path().join("out"))
        .unwrap();
    out
}

/// Every file of the tree with what it holds.
fn files(tree: &TempDir) -> BTreeMap<String, Vec<u8>> {
    let root = tree.path().join("out");
    let paths = crate::sources::tracked(&root).unwrap();
    let file = |path: PathBuf| (path.display().to_string(), fs::read(root.join(&path)).unwrap());
    paths.into_iter().map(file).collect()
}

fn plist(tree: &TempDir, path: &str) -> Dictionary {
    let value = Value::from_file(tree.path().join("out").join(path)).unwrap();
    value.into_dictionary().unwrap()
}

fn info(tree: &TempDir) -> Dictionary {
    plist(tree, "Remote Help.app/Contents/Info.plist")
}

/// S-39: the package's tree.
#[test]
fn the_bundle_is_where_macos_looks_for_its_parts() {
    let tree = tree();
    let paths: Vec<_> = files(&tree).into_keys().collect();
    let expected = [
        "Remote Help.app/Contents/Info.plist",
        "Remote Help.app/Contents/Library/LaunchAgents/org.example.remotehelp.agent.plist",
        "Remote Help.app/Contents/MacOS/rh-agent",
        "Remote Help.app/Contents/PkgInfo",
        "Remote Help.app/Contents/Resources/AppIcon.icns",
        "packaging/components.plist",
        "packaging/distribution.xml",
        "packaging/entitlements.plist",
    ];
    assert_eq!(paths, expected);
    let program = tree.path().join("out/Remote Help.app/Contents/MacOS/rh-agent");
    assert_eq!(fs::metadata(program).unwrap().permissions().mode() & 0o111, 0o111);
}

/// S-03, S-40: what portals, profiles and receipts know it by.
#[test]
fn identifiers_agree_everywhere() {
    let tree = tree();
    assert_eq!(info(&tree)["CFBundleIdentifier"], BUNDLE_ID.into());
    assert_eq!(info(&tree)["CFBundleExecutable"], PROGRAM.into());
    let agent = "Remote Help.app/Contents/Library/LaunchAgents/org.example.remotehelp.agent.plist";
    assert_eq!(plist(&tree, agent)["Label"], "org.example.remotehelp.agent".into());
    let distribution = files(&tree).remove("packaging/distribution.xml").unwrap();
    let distribution = String::from_utf8(distribution).unwrap();
    assert_eq!(distribution.matches("id=\"org.example.remotehelp.pkg\"").count(), 2);
}

/// S-38, S-40: one version, that of the workspace.
#[test]
fn the_version_is_the_workspaces() {
    let tree = tree();
    for key in ["CFBundleShortVersionString", "CFBundleVersion"] {
        assert_eq!(info(&tree)[key], VERSION.into());
    }
    let distribution = files(&tree).remove("packaging/distribution.xml").unwrap();
    assert!(String::from_utf8(distribution).unwrap().contains("version=\"12.3.4\""));
    let manifest = fs::read_to_string(crate::root().join("Cargo.toml")).unwrap();
    let ours = format!("version = \"{}\"", crate::package::VERSION);
    assert!(manifest.contains(&ours), "{ours}");
    for bad in ["", "1", "1.2", "1.2.3.4", "1.2.x", "1.2.3-beta.1"] {
        assert!(!is_version(bad), "{bad}");
    }
}

/// S-21: what the oldest macOS is that may run it, told to Launch Services and to the installer.
#[test]
fn macos_12_3_is_the_oldest() {
    let tree = tree();
    assert_eq!(info(&tree)["LSMinimumSystemVersion"], "12.3".into());
    let distribution = files(&tree).remove("packaging/distribution.xml").unwrap();
    assert!(String::from_utf8(distribution).unwrap().contains("<os-version min=\"12.3\"/>"));
}

/// S-49: no usage string, no entitlement, no trace in any text.
#[test]
fn nothing_speaks_of_sound() {
    let words = ["microphone", "audio", "NSMicrophone", "NSAudioCapture", "sound"];
    for (path, content) in files(&tree()) {
        let Ok(text) = String::from_utf8(content) else { continue };
        let found = words.iter().find(|word| text.to_lowercase().contains(&word.to_lowercase()));
        assert_eq!(found, None, "{path}");
    }
}

/// Only usage strings that Apple documents: there is none for the screen or for Accessibility.
#[test]
fn only_the_local_network_has_a_usage_string() {
    let info = info(&tree());
    let usage: Vec<_> = info.keys().filter(|key| key.ends_with("UsageDescription")).collect();
    assert_eq!(usage, ["NSLocalNetworkUsageDescription"]);
}

/// The hardened runtime without exceptions: notarisation asks for the runtime, and refuses
/// `get-task-allow`.
#[test]
fn no_entitlement_weakens_the_hardened_runtime() {
    let tree = tree();
    assert!(plist(&tree, "packaging/entitlements.plist").is_empty());
    let text = files(&tree).remove("packaging/entitlements.plist").unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(!text.contains("<!--"), "macOS refuses entitlements with a comment");
}

/// Only a session with a screen has something to share; not the login window, not a login by SSH.
#[test]
fn the_launch_agent_is_for_the_aqua_session() {
    let tree = tree();
    let agent = "Remote Help.app/Contents/Library/LaunchAgents/org.example.remotehelp.agent.plist";
    let agent = plist(&tree, agent);
    assert_eq!(agent["LimitLoadToSessionType"], "Aqua".into());
    assert_eq!(agent["RunAtLoad"], false.into());
    assert_eq!(agent["BundleProgram"], format!("Contents/MacOS/{PROGRAM}").into());
}

/// S-39: an installer that looks for moved copies of an app would leave this one out.
#[test]
fn the_installer_puts_the_app_in_its_place() {
    let tree = tree();
    let components = Value::from_file(tree.path().join("out/packaging/components.plist")).unwrap();
    let component = components.as_array().unwrap()[0].as_dictionary().unwrap();
    assert_eq!(component["RootRelativeBundlePath"], APP.into());
    assert_eq!(component["BundleIsRelocatable"], false.into());
}

#[test]
fn a_bundle_that_is_there_and_a_program_that_is_not_are_errors() {
    let tree = tree();
    let bundle = BUNDLE_ID.parse().unwrap();
    let app = App { bundle: &bundle, binary: &tree.path().join("built"), version: VERSION };
    let error = app.write(&tree.path().join("out")).unwrap_err().to_string();
    assert!(error.contains("is there already"), "{error}");
    let app = App { binary: &tree.path().join("nothing"), ..app };
    let error = app.write(&tree.path().join("other")).unwrap_err().to_string();
    assert!(error.contains("copying"), "{error}");
}

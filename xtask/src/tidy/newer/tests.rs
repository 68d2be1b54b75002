use super::*;

/// The faults of one file with this text.
fn faults_of(text: &str) -> Vec<String> {
    faults(&[("a.rs".to_owned(), code(text))])
}

fn function(body: &str) -> String {
    format!("/// Does it.\npub(super) fn it(filter: &SCContentFilter) {{\n    {body}\n}}\n")
}

#[test]
fn a_newer_method_without_a_guard_is_a_fault() {
    let found = faults_of(&function("unsafe { filter.pointPixelScale() };"));
    assert_eq!(found, ["a.rs: pointPixelScale is there since macOS 14.0, in it"]);
    for body in [
        "unsafe { configuration.setCaptureMicrophone(true) };",
        "let scale: f32 = unsafe { msg_send![filter, pointPixelScale] };",
        "let _: () = unsafe { msg_send![configuration, setShouldBeOpaque: true] };",
        "unsafe { SCContentSharingPicker::sharedPicker() };",
        "unsafe { SCScreenshotManager::captureImageWithFilter_configuration(a, b) };",
    ] {
        assert_eq!(faults_of(&function(body)).len(), 1, "{body}");
    }
}

#[test]
fn a_guard_before_it_is_enough() {
    for guard in [
        "if available!(macos = 14.0) {",
        "if available!(macos = 15.2, ios = 18.0) {",
        "if os::at_least(14, 0) {",
        "if filter.respondsToSelector(sel!(pointPixelScale)) {",
    ] {
        let text = function(&format!("{guard}\n        filter.pointPixelScale();\n    }}"));
        assert!(faults_of(&text).is_empty(), "{guard}");
    }
}

#[test]
fn no_guard_is_one_that_is_older_or_later_or_in_a_comment() {
    for body in [
        "if at_least(13, 0) {\n        filter.pointPixelScale();\n    }",
        "filter.pointPixelScale();\n    if at_least(14, 0) {}",
        "// at_least(14, 0)\n    filter.pointPixelScale();",
        "}\nfn before() {\n    if at_least(14, 0) {}\n}\nfn after() {\n    filter.pointPixelScale();",
    ] {
        assert_eq!(faults_of(&function(body)).len(), 1, "{body}");
    }
}

#[test]
fn a_stated_need_passes_to_the_callers() {
    let scale =
        "/// The scale. Needs macOS 14.0.\nfn scale() {\n    filter.pointPixelScale();\n}\n";
    assert!(faults_of(scale).is_empty());
    let caller = "fn caller() {\n    scale();\n}\n";
    let found = faults_of(&format!("{scale}{caller}"));
    assert_eq!(found, ["a.rs: scale is there since macOS 14.0, in caller"]);
    let guarded = "fn caller() {\n    if at_least(14, 0) {\n        scale();\n    }\n}\n";
    assert!(faults_of(&format!("{scale}{guarded}")).is_empty());
    // What a module needs is no need of its first function, and 12.3 is no need at all.
    let old = "//! Needs macOS 14.0.\n/// Needs macOS 12.3.\nfn default() {\n}\nfn b() {\n    default();\n}\n";
    assert!(faults_of(old).is_empty());
}

#[test]
fn what_is_linked_helps_no_guard() {
    let text =
        function("if at_least(14, 0) {\n        let _ = SCStreamFrameInfoBoundingRect;\n    }");
    assert_eq!(faults_of(&text).len(), 1);
    assert_eq!(
        faults_of("use objc2_video_toolbox::kVTCompressionPropertyKey_ConstantBitRate;\n").len(),
        1
    );
}

#[test]
fn what_makes_macos_warn_is_not_used() {
    assert_eq!(faults_of(&function("CGWindowListCreateImage(a, b, c, d);")).len(), 1);
}

#[test]
fn what_is_old_enough_passes() {
    let body = "filter.setWidth(1);\n    let style = stream_type(SCStreamFrameInfoStatus);\n    x.restyle();";
    assert_eq!(faults_of(&function(body)), Vec::<String>::new());
    // Imports run nothing, and neither do comments.
    assert!(faults_of("use a::SCContentSharingPicker;\n// .pointPixelScale()\n").is_empty());
}

#[test]
fn only_macos_files_are_looked_at() {
    for path in
        ["crates/a/src/macos/b.rs", "crates/a/src/desktop/macos/mod.rs", "crates/a/tests/macos.rs"]
    {
        assert!(is_macos(Path::new(path)), "{path}");
    }
    for path in ["crates/a/src/b.rs", "xtask/src/macos/mod.rs"] {
        assert!(!is_macos(Path::new(path)), "{path}");
    }
}

/// No name is listed twice, and none for a version that we need anyway.
#[test]
fn the_table_holds_each_name_once() {
    let tables = [CLASSES, METHODS, LINKED].concat();
    let mut names: Vec<_> = tables.iter().flat_map(|(_, names)| names.iter()).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(tables.iter().all(|(version, _)| *version > OLDEST));
}

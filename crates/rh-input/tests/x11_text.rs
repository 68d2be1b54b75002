//! Text and shortcuts as real programs receive them (B-07: keyboard truth).

#![cfg(target_os = "linux")]

mod desktop;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

use desktop::{Desktop, Program, chord, text, wait_for};
use rh_input::x11::Xtest;
use rh_input::{Injector, Stroke};
use rh_protocol::Key;

const SENTENCE: &str = "The Quick (brown) Fox: \"é, ß & 漢字\" — 5€ @ 100%! 🙂 ~^`\\|{}[]<>'*+#\n\
    \tzweite Zeile; àçñÅ Ω я ي ש 👩\u{200d}🚀 <ende/>\n";

/// A GTK 3 editor with an empty file.
struct Mousepad {
    desktop: Desktop,
    file: PathBuf,
    _home: tempfile::TempDir,
    _program: Program,
}

impl Mousepad {
    fn open(layout: &str) -> Self {
        let desktop = Desktop::start();
        desktop.command("setxkbmap", &[layout]);
        let home = tempfile::tempdir().expect("a directory for the test");
        let file = home.path().join("text.txt");
        fs::write(&file, "").expect("a file for the test");
        let mut command = Command::new("mousepad");
        command.args(["--disable-server"]).arg(&file).env("HOME", home.path());
        command.env("LANG", "C.UTF-8").env("GSETTINGS_BACKEND", "memory");
        command
            .env("GTK_IM_MODULE", "gtk-im-context-simple")
            .env_remove("DBUS_SESSION_BUS_ADDRESS");
        let program = desktop.run(&mut command);
        desktop.focus_program();
        Self { desktop, file, _home: home, _program: program }
    }

    /// Saves with Ctrl+S and reads the file, once it is `expected` or after some seconds.
    fn saved(&self, injector: &mut impl Injector, expected: &str) -> String {
        for _ in 0..20 {
            thread::sleep(Duration::from_millis(300));
            chord(injector, &[Key::ControlLeft, Key::KeyS]);
            if self.read() == expected {
                break;
            }
        }
        self.read()
    }

    fn read(&self) -> String {
        fs::read_to_string(&self.file).expect("the file is text")
    }
}

fn arrives_in_an_editor(layout: &str) {
    let editor = Mousepad::open(layout);
    let before = editor.desktop.keyboard_mapping();
    let mut injector = Xtest::open(Some(&editor.desktop.name)).expect("XTEST");
    text(&mut injector, SENTENCE);
    assert_eq!(editor.saved(&mut injector, SENTENCE), SENTENCE, "with the layout {layout}");
    drop(injector);
    assert_eq!(editor.desktop.keyboard_mapping().keysyms, before.keysyms, "the map of {layout}");
}

#[test]
fn text_arrives_in_a_gtk_editor_with_a_us_keyboard() {
    arrives_in_an_editor("us");
}

#[test]
fn text_arrives_in_a_gtk_editor_with_a_german_keyboard() {
    arrives_in_an_editor("de");
}

#[test]
fn text_arrives_in_a_gtk_editor_with_a_french_keyboard() {
    arrives_in_an_editor("fr");
}

//! Text and shortcuts as real programs receive them (B-07: keyboard truth).

#![cfg(target_os = "linux")]

mod desktop;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

use desktop::{Desktop, Program, chord, text};
use rh_input::x11::Xtest;
use rh_input::{Injector, Stroke};
use rh_protocol::Key;
use x11rb::protocol::xkb::{ConnectionExt as _, Group};
use x11rb::protocol::xproto::ModMask;

const SENTENCE: &str = "The Quick (brown) Fox: \"é, ß & 漢字\" — 5€ @ 100%! 🙂 ~^`\\|{}[]<>'*+#\n\
    \tzweite Zeile; àçñÅ Ω я ي ש 👩\u{200d}🚀 <ende/>\n";

/// `XkbUseCoreKbd` of X.org's `XKB.h`.
const CORE_KEYBOARD: u16 = 0x0100;

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

    fn injector(&self) -> Xtest {
        Xtest::open(Some(&self.desktop.name)).expect("XTEST")
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
    let mut injector = editor.injector();
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

/// More characters that no key makes than there are keys to spare: they are used in turn.
#[test]
fn many_foreign_characters_arrive() {
    let editor = Mousepad::open("us");
    let mut injector = editor.injector();
    let foreign: String = ('\u{4e00}'..'\u{4e40}').chain(['\n']).collect();
    text(&mut injector, &foreign);
    assert_eq!(editor.saved(&mut injector, &foreign), foreign);
}

#[test]
fn held_modifiers_and_locks_do_not_change_text() {
    let editor = Mousepad::open("us");
    let mut injector = editor.injector();
    chord(&mut injector, &[Key::CapsLock]);
    chord(&mut injector, &[Key::NumLock]);
    let locked = locked(&editor.desktop);
    let held = [Key::ControlLeft, Key::ShiftLeft, Key::AltRight];

    let expected = "aB3é漢.\naB3é漢.\n";
    text(&mut injector, "aB3é漢.\n");
    held.iter().for_each(|&key| press(&mut injector, key, true));
    text(&mut injector, "aB3é漢.\n");
    assert_eq!(editor.desktop.keycodes_down().len(), 3, "the modifiers are down again");
    held.iter().for_each(|&key| press(&mut injector, key, false));

    assert_eq!(self::locked(&editor.desktop), locked, "the locks are as they were");
    assert_ne!(locked, 0);
    chord(&mut injector, &[Key::CapsLock]);
    assert_eq!(editor.saved(&mut injector, expected), expected);
}

/// The keyboard has two layouts and the second, Russian, is on: Latin is foreign then.
#[test]
fn text_arrives_with_the_second_layout_on() {
    let editor = Mousepad::open("us,ru");
    let none = ModMask::from(0_u8);
    let conn = &editor.desktop.conn;
    conn.xkb_use_extension(1, 0).expect("a connection").reply().expect("XKB");
    conn.xkb_latch_lock_state(CORE_KEYBOARD, none, none, true, Group::M2, none, false, 0)
        .expect("a connection")
        .check()
        .expect("the second layout is on");
    let mut injector = editor.injector();
    let expected = "Привет, World: ёж, é и 漢!\n";
    text(&mut injector, expected);
    assert_eq!(editor.saved(&mut injector, expected), expected);
}

#[test]
fn shortcuts_work() {
    let editor = Mousepad::open("us");
    let mut injector = editor.injector();
    text(&mut injector, "twice\n");
    thread::sleep(Duration::from_millis(300));
    chord(&mut injector, &[Key::ControlLeft, Key::KeyA]);
    chord(&mut injector, &[Key::ControlLeft, Key::KeyC]);
    chord(&mut injector, &[Key::ArrowRight]);
    chord(&mut injector, &[Key::ControlLeft, Key::KeyV]);
    assert_eq!(editor.saved(&mut injector, "twice\ntwice\n"), "twice\ntwice\n");
}

#[test]
fn text_arrives_in_a_terminal() {
    let desktop = Desktop::start();
    let directory = tempfile::tempdir().expect("a directory for the test");
    let file = directory.path().join("typed");
    let mut command = Command::new("xterm");
    command.args(["-u8", "-e", "sh", "-c", "cat > \"$0\""]).arg(&file).env("LANG", "C.UTF-8");
    let _xterm = desktop.run(&mut command);
    desktop.focus_program();
    let mut injector = Xtest::open(Some(&desktop.name)).expect("XTEST");

    text(&mut injector, SENTENCE);

    let typed = || fs::read_to_string(&file).unwrap_or_default();
    for _ in 0..50 {
        if typed() == SENTENCE {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(typed(), SENTENCE);
}

/// The key map is back soon after the text, though nothing else happens.
#[test]
fn the_key_map_is_put_back_in_time() {
    let desktop = Desktop::start();
    let before = desktop.keyboard_mapping();
    let mut injector = Xtest::open(Some(&desktop.name)).expect("XTEST");
    text(&mut injector, "漢🙂");
    assert_ne!(desktop.keyboard_mapping().keysyms, before.keysyms, "characters are bound");
    thread::sleep(Duration::from_millis(1200));
    assert_eq!(desktop.keyboard_mapping().keysyms, before.keysyms);
}

fn press(injector: &mut Xtest, key: Key, down: bool) {
    injector.inject(&Stroke::Key { key, down }).expect("the key is known");
}

/// The modifiers that are locked.
fn locked(desktop: &Desktop) -> u16 {
    let conn = &desktop.conn;
    let xkb = conn.xkb_use_extension(1, 0).expect("a connection").reply().expect("XKB");
    assert!(xkb.supported);
    let state = conn.xkb_get_state(CORE_KEYBOARD).expect("a connection").reply().expect("XKB");
    state.locked_mods.into()
}

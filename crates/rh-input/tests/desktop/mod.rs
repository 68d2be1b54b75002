//! An X server of a test's own, and real programs on it.

#![allow(dead_code, reason = "every test program uses a part")]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rh_input::contract::{PRESSES, Witness};
use rh_input::{Injector, Press, Stroke};
use rh_protocol::{Button, Key};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    ConnectionExt as _, GetKeyboardMappingReply, InputFocus, KeyButMask, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

/// An Xvfb with one screen of 1280x800, and a client that looks at it.
#[derive(Debug)]
pub(crate) struct Desktop {
    pub(crate) name: String,
    pub(crate) conn: RustConnection,
    xvfb: Child,
}

impl Desktop {
    pub(crate) fn start() -> Self {
        let mut xvfb = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb must be installed (Debian: apt install xvfb)");
        let mut number = String::new();
        BufReader::new(xvfb.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let name = format!(":{}", number.trim());
        let (conn, _) = RustConnection::connect(Some(&name)).unwrap();
        Self { name, conn, xvfb }
    }

    /// A program that shows itself on this desktop, and is killed in the end.
    pub(crate) fn run(&self, command: &mut Command) -> Program {
        let name = command.get_program().to_owned();
        let spawned =
            command.env("DISPLAY", &self.name).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Program(spawned.unwrap_or_else(|e| panic!("{name:?} must be installed: {e}")))
    }

    /// Runs a program to its end.
    pub(crate) fn command(&self, program: &str, args: &[&str]) {
        let status = Command::new(program).args(args).env("DISPLAY", &self.name).status();
        assert!(status.unwrap_or_else(|e| panic!("{program} must be installed: {e}")).success());
    }

    /// Gives the keyboard to the biggest window, once there is one.
    pub(crate) fn focus_program(&self) -> Window {
        let window = wait_for("a window", || self.biggest_window());
        let conn = &self.conn;
        conn.set_input_focus(InputFocus::PARENT, window, 0u32).unwrap().check().unwrap();
        // A program that has just been shown is not at once ready to take keys.
        thread::sleep(Duration::from_millis(700));
        window
    }

    pub(crate) fn keyboard_mapping(&self) -> GetKeyboardMappingReply {
        self.conn.get_keyboard_mapping(8, 248).unwrap().reply().unwrap()
    }

    /// The keycodes that are down.
    pub(crate) fn keycodes_down(&self) -> BTreeSet<u8> {
        let keys = self.conn.query_keymap().unwrap().reply().unwrap().keys;
        (0..=255).filter(|code: &u8| keys[usize::from(code / 8)] >> (code % 8) & 1 == 1).collect()
    }

    /// Buttons 1 to 5 that are down, by the mask of the core protocol.
    pub(crate) fn buttons_down(&self) -> u16 {
        let buttons = KeyButMask::BUTTON1
            | KeyButMask::BUTTON2
            | KeyButMask::BUTTON3
            | KeyButMask::BUTTON4
            | KeyButMask::BUTTON5;
        u16::from(self.query_pointer().mask) & u16::from(buttons)
    }

    pub(crate) fn query_pointer(&self) -> x11rb::protocol::xproto::QueryPointerReply {
        self.conn.query_pointer(self.root()).unwrap().reply().unwrap()
    }

    pub(crate) fn root(&self) -> Window {
        self.conn.setup().roots[0].root
    }

    fn biggest_window(&self) -> Option<Window> {
        let tree = self.conn.query_tree(self.root()).unwrap().reply().unwrap();
        let shown = |window: &Window| {
            let attributes = self.conn.get_window_attributes(*window).unwrap().reply().ok()?;
            let shape = self.conn.get_geometry(*window).unwrap().reply().ok()?;
            let area = u32::from(shape.width) * u32::from(shape.height);
            (attributes.map_state == MapState::VIEWABLE && area > 10_000).then_some((area, *window))
        };
        tree.children.iter().filter_map(shown).max().map(|(_, window)| window)
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let _ = self.xvfb.kill();
        let _ = self.xvfb.wait();
    }
}

/// The keys of [`PRESSES`] with their keycodes on a server with the evdev key map:
/// `linux/input-event-codes.h` plus 8.
pub(crate) const EVDEV: [(Key, u8); 10] = [
    (Key::ShiftLeft, 50),
    (Key::ControlRight, 105),
    (Key::AltLeft, 64),
    (Key::KeyA, 38),
    (Key::Digit1, 10),
    (Key::Quote, 48),
    (Key::Enter, 36),
    (Key::ArrowUp, 111),
    (Key::Numpad5, 84),
    (Key::F5, 71),
];

/// Button states as XInput 2 tells them: the core protocol has no mask for buttons 8 and 9.
fn xinput_buttons(conn: &RustConnection, root: Window) -> BTreeSet<u8> {
    use x11rb::protocol::xinput::ConnectionExt as _;
    const CORE_POINTER: u16 = 2;
    conn.xinput_xi_query_version(2, 0).unwrap().reply().unwrap();
    let reply = conn.xinput_xi_query_pointer(root, CORE_POINTER).unwrap().reply().unwrap();
    let bit = |n: &u8| {
        reply.buttons.get(usize::from(n / 32)).is_some_and(|word| word >> (n % 32) & 1 == 1)
    };
    (0..32).filter(bit).collect()
}

impl Witness for &Desktop {
    fn held(&mut self) -> BTreeSet<Press> {
        let keys = self.keycodes_down();
        let buttons = xinput_buttons(&self.conn, self.root());
        let down = |press: &Press| match *press {
            Press::Key(key) => EVDEV.iter().any(|(k, code)| *k == key && keys.contains(code)),
            Press::Button(Button::Left) => buttons.contains(&1),
            Press::Button(Button::Middle) => buttons.contains(&2),
            Press::Button(Button::Right) => buttons.contains(&3),
            Press::Button(Button::Back) => buttons.contains(&8),
            Press::Button(Button::Forward) => buttons.contains(&9),
        };
        let held: BTreeSet<_> = PRESSES.into_iter().filter(down).collect();
        assert_eq!(held.len(), keys.len() + buttons.len(), "others are down: {keys:?} {buttons:?}");
        held
    }

    fn pointer(&mut self) -> (i32, i32) {
        let at = self.query_pointer();
        (at.root_x.into(), at.root_y.into())
    }
}

/// A program that is killed when the test is over.
#[derive(Debug)]
pub(crate) struct Program(pub(crate) Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Tries for up to ten seconds.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..500 {
        if let Some(found) = look() {
            return found;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("waited in vain for {what}");
}

/// Presses keys together and lets go of them in the reverse order.
pub(crate) fn chord(injector: &mut impl Injector, keys: &[Key]) {
    keys.iter().for_each(|&key| injector.inject(&Stroke::Key { key, down: true }).unwrap());
    keys.iter().rev().for_each(|&key| injector.inject(&Stroke::Key { key, down: false }).unwrap());
}

/// Enters text.
pub(crate) fn text(injector: &mut impl Injector, text: &str) {
    injector.inject(&Stroke::Text(text.to_owned())).unwrap();
}

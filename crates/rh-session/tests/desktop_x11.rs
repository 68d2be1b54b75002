//! The desktop of a real X server keeps the contract.

#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rh_session::desktop::contract::{self, Subject};
use rh_session::desktop::x11::X11Desktop;
use rh_session::desktop::{Desktop, DesktopError, DesktopEvent, DesktopState};
use x11rb::connection::Connection as _;
use x11rb::protocol::screensaver::{ConnectionExt as _, SetAttributesAux};
use x11rb::protocol::xproto::WindowClass;
use x11rb::rust_connection::RustConnection;

/// An X server of our own, which dies with this value.
struct Xvfb {
    server: Child,
    display: String,
    /// A screen saver that is a program of its own, as lockers are.
    locker: Option<RustConnection>,
}

impl Xvfb {
    fn start(options: &[&str]) -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-noreset", "-nolisten", "tcp"])
            .args(["-screen", "0", "1280x1024x24"])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts; it is in the package xvfb");
        let mut number = String::new();
        let output = server.stdout.take().expect("its output is piped");
        BufReader::new(output).read_line(&mut number).expect("Xvfb names its display");
        Self { server, display: format!(":{}", number.trim()), locker: None }
    }

    fn open(&self) -> X11Desktop {
        X11Desktop::open(Some(&self.display)).expect("the server is watched")
    }

    /// Runs a program of the package x11-xserver-utils on it.
    fn run(&self, program: &str, arguments: &str) {
        let status = Command::new(program)
            .args(arguments.split(' '))
            .env("DISPLAY", &self.display)
            .status()
            .unwrap_or_else(|e| panic!("{program}, of the package x11-xserver-utils: {e}"));
        assert!(status.success(), "{program} {arguments}");
    }
}

/// A program that is the screen saver of `display` for as long as it is connected.
fn locker(display: &str) -> RustConnection {
    let (locker, screen) = x11rb::connect(Some(display)).expect("the server is there");
    let root = locker.setup().roots[screen].root;
    let black = SetAttributesAux::new().background_pixel(0);
    let class = WindowClass::COPY_FROM_PARENT;
    let saver = locker.screensaver_set_attributes(root, 0, 0, 1280, 1024, 0, class, 0, 0, &black);
    saver.expect("sent").check().expect("a program may be the screen saver");
    locker
}

impl Drop for Xvfb {
    fn drop(&mut self) {
        self.server.kill().expect("Xvfb ends");
        self.server.wait().expect("Xvfb ended");
    }
}

impl Subject for Xvfb {
    fn open(&mut self) -> Result<Box<dyn Desktop>, DesktopError> {
        Ok(Box::new(X11Desktop::open(Some(&self.display))?))
    }

    fn lock(&mut self) {
        self.locker.get_or_insert_with(|| locker(&self.display));
        self.run("xset", "s activate");
    }

    fn unlock(&mut self) {
        self.run("xset", "s reset");
    }

    fn rearrange(&mut self) {
        self.run("xrandr", "--newmode small 30 640 656 752 800 480 490 492 525");
        self.run("xrandr", "--addmode screen small");
        self.run("xrandr", "--output screen --mode small");
    }
}

#[test]
fn the_x_server_keeps_the_contract() {
    contract::check(&mut Xvfb::start(&[]));
}

#[test]
fn a_desktop_that_is_locked_at_first_is_seen_to_be() {
    let mut server = Xvfb::start(&[]);
    server.lock();
    assert_eq!(Xvfb::open(&server).state(), DesktopState::Locked);
}

/// B-11: a screen that is only blank does not pause a session.
#[test]
fn a_blank_screen_is_no_lock() {
    let server = Xvfb::start(&[]);
    let mut desktop = Xvfb::open(&server);
    server.run("xset", "s activate");
    assert_eq!(desktop.next(Duration::from_millis(500)), Ok(None));
    assert_eq!(Xvfb::open(&server).state(), DesktopState::Active);
}

#[test]
fn a_server_without_screen_saver_is_watched_for_the_rest() {
    let mut server = Xvfb::start(&["-extension", "MIT-SCREEN-SAVER"]);
    let mut desktop = Xvfb::open(&server);
    assert_eq!(desktop.state(), DesktopState::Active);
    server.rearrange();
    assert_eq!(desktop.next(Duration::from_secs(5)), Ok(Some(DesktopEvent::DisplaysChanged)));
}

#[test]
fn a_server_without_randr_is_watched_for_the_rest() {
    let mut server = Xvfb::start(&["-extension", "RANDR"]);
    let mut desktop = Xvfb::open(&server);
    server.lock();
    let locked = DesktopEvent::State(DesktopState::Locked);
    assert_eq!(desktop.next(Duration::from_secs(5)), Ok(Some(locked)));
}

#[test]
fn a_server_without_xtest_permits_no_input() {
    assert!(Xvfb::open(&Xvfb::start(&[])).permissions().input);
    let server = Xvfb::start(&["-extension", "XTEST"]);
    assert!(!Xvfb::open(&server).permissions().input);
}

#[test]
fn a_server_that_dies_is_an_error() {
    let server = Xvfb::start(&[]);
    let mut desktop = Xvfb::open(&server);
    drop(server);
    let told = (0..10).find_map(|_| desktop.next(Duration::from_millis(100)).err());
    assert!(matches!(told, Some(DesktopError::Platform { .. })), "{told:?}");
}

#[test]
fn no_server_is_said_plainly() {
    let refused = X11Desktop::open(Some(":59000")).map(drop);
    assert!(matches!(refused, Err(DesktopError::Unavailable { .. })), "{refused:?}");
}

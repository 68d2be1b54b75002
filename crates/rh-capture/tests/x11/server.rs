//! An X server of the test's own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use rh_capture::x11::Server;
use rh_protocol::{Display, DisplayId};
use x11rb::connection::Connection as _;
use x11rb::protocol::randr::{ConnectionExt as _, MonitorInfo};
use x11rb::protocol::xproto::{
    ChangeGCAux, ConnectionExt as _, CreateGCAux, ImageFormat, Rectangle, Window,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// Left, top, width and height.
type Area = (i16, i16, u16, u16);

/// Xvfb on a free display; ends with its owner.
pub(crate) struct Xvfb {
    child: Child,
    pub(crate) name: String,
}

impl Xvfb {
    pub(crate) fn start(screen: &str) -> Self {
        let mut child = Command::new("Xvfb")
            .args(["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-screen", "0", screen])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts (Debian package: xvfb)");
        let mut number = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut number).expect("Xvfb tells its display");
        assert!(!number.trim().is_empty(), "Xvfb found no free display");
        Self { child, name: format!(":{}", number.trim()) }
    }

    pub(crate) fn server(&self) -> Server {
        Server::named(&self.name)
    }

    pub(crate) fn client(&self) -> (RustConnection, Window) {
        let (conn, screen) = RustConnection::connect(Some(&self.name)).expect("Xvfb answers");
        let root = conn.setup().roots[screen].root;
        (conn, root)
    }

    pub(crate) fn display(&self, name: &str) -> Display {
        let displays = self.server().displays().expect("lists displays");
        displays.into_iter().find(|display| display.name == name).expect("a display of this name")
    }

    /// Makes a RandR monitor, as another screen would be, or moves the one of this name.
    pub(crate) fn set_monitor(&self, name: &str, (x, y, width, height): Area) -> DisplayId {
        let (conn, root) = self.client();
        let name = conn.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
        let monitor = MonitorInfo { name, x, y, width, height, ..Default::default() };
        // RandR has no request to change one; nobody shall see that it is gone in between.
        conn.grab_server().unwrap();
        conn.randr_delete_monitor(root, name).unwrap().ignore_error();
        conn.randr_set_monitor(root, monitor).unwrap().check().expect("RandR sets a monitor");
        conn.ungrab_server().unwrap();
        conn.sync().unwrap();
        DisplayId(name)
    }

    pub(crate) fn delete_monitor(&self, id: DisplayId) {
        let (conn, root) = self.client();
        conn.randr_delete_monitor(root, id.0).unwrap().check().expect("RandR deletes the monitor");
    }

    /// Changes the mode of the only output.
    pub(crate) fn xrandr(&self, args: &[&str]) {
        let mut command = Command::new("xrandr");
        let done = command.args(["--display", &self.name]).args(args).output();
        let done = done.expect("xrandr runs (Debian package: x11-xserver-utils)");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

impl Drop for Xvfb {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A client that draws boxes of its own choice, the same in every run.
pub(crate) struct Painter {
    conn: RustConnection,
    root: Window,
    gc: u32,
    random: u32,
}

impl Painter {
    pub(crate) fn new(xvfb: &Xvfb) -> Self {
        let (conn, root) = xvfb.client();
        let gc = conn.generate_id().unwrap();
        conn.create_gc(gc, root, &CreateGCAux::new()).unwrap();
        Self { conn, root, gc, random: 1 }
    }

    /// Fills a rectangle of the root window.
    pub(crate) fn fill(&self, x: i16, y: i16, width: u16, height: u16, colour: u32) {
        let aux = ChangeGCAux::new().foreground(colour);
        self.conn.change_gc(self.gc, &aux).unwrap();
        let rect = Rectangle { x, y, width, height };
        self.conn.poly_fill_rectangle(self.root, self.gc, &[rect]).unwrap();
        self.conn.sync().unwrap();
    }

    /// Fills a few boxes somewhere on `display`, each in a colour not used before.
    pub(crate) fn scribble(&mut self, display: &Display) {
        for _ in 0..1 + self.below(40) {
            let (x, y) = (self.below(display.width), self.below(display.height));
            let (width, height) = (1 + self.below(120), 1 + self.below(60));
            let colour = self.below(1 << 24);
            let (x, y) = (display.x + x as i32, display.y + y as i32);
            self.fill(x as i16, y as i16, width as u16, height as u16, colour);
        }
    }

    fn below(&mut self, bound: u32) -> u32 {
        // Numerical Recipes' generator: its upper bits are random enough for boxes.
        self.random = self.random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((u64::from(self.random) * u64::from(bound)) >> 32) as u32
    }

    /// The server's own picture of `display`, without the fourth byte.
    pub(crate) fn picture(&self, display: &Display) -> Vec<u8> {
        let (x, y) = (display.x as i16, display.y as i16);
        let (width, height) = (display.width as u16, display.height as u16);
        let format = ImageFormat::Z_PIXMAP;
        let image = self.conn.get_image(format, self.root, x, y, width, height, !0).unwrap();
        colours(&image.reply().expect("GetImage").data)
    }
}

/// Blue, green and red of BGRX without gaps.
pub(crate) fn colours(bgrx: &[u8]) -> Vec<u8> {
    bgrx.chunks_exact(4).flat_map(|bgrx| [bgrx[0], bgrx[1], bgrx[2]]).collect()
}

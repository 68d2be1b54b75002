//! The cursor, apart from the picture.

use std::time::Duration;

use rh_capture::{Cursor, Screen};
use x11rb::connection::Connection as _;
use x11rb::protocol::render::{ConnectionExt as _, CreatePictureAux, PictType};
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ConnectionExt as _, CreateGCAux, ImageFormat, MOTION_NOTIFY_EVENT,
    Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::server::Xvfb;

const PATIENCE: Duration = Duration::from_secs(5);

/// Lets the screen notice what the pointer did; no picture may come of it.
fn cursor(screen: &mut dyn Screen) -> Cursor {
    assert!(screen.next(PATIENCE).unwrap().is_none(), "the cursor is no part of the picture");
    screen.cursor().expect("the cursor changed")
}

fn move_to(xvfb: &Xvfb, x: i16, y: i16) {
    let (conn, root) = xvfb.client();
    conn.xtest_fake_input(MOTION_NOTIFY_EVENT, 0, 0, root, x, y, 0).unwrap();
    conn.sync().unwrap();
}

#[test]
fn its_place_is_told_in_pixels_of_the_display_it_is_on() {
    let xvfb = Xvfb::start("1280x720x24");
    let left = xvfb.set_monitor("LEFT", (0, 0, 640, 720));
    let right = xvfb.set_monitor("RIGHT", (640, 0, 640, 720));
    move_to(&xvfb, 100, 50);
    let mut on_left = xvfb.server().open(left).unwrap();
    let mut on_right = xvfb.server().open(right).unwrap();
    on_left.next(PATIENCE).unwrap().expect("a first picture");
    on_right.next(PATIENCE).unwrap().expect("a first picture");
    assert_eq!(on_left.cursor().expect("told at first").at, Some((100, 50)));
    assert_eq!(on_right.cursor().expect("told at first").at, None);
    assert_eq!(on_left.cursor(), None, "told once");

    move_to(&xvfb, 700, 333);
    assert_eq!(cursor(&mut *on_left).at, None);
    assert_eq!(cursor(&mut *on_right).at, Some((60, 333)));
    assert!(on_right.next(Duration::from_millis(100)).unwrap().is_none());
    assert_eq!(on_right.cursor(), None);
}

/// Gives the root window a cursor of 16x8 pixels, all of one premultiplied colour.
fn set_cursor(conn: &RustConnection, root: Window, argb: u32) {
    let formats = conn.render_query_pict_formats().unwrap().reply().unwrap().formats;
    let format = formats.iter().find(|format| {
        (format.type_, format.depth, format.direct.alpha_shift) == (PictType::DIRECT, 32, 24)
            && format.direct.red_shift == 16
    });
    let [pixmap, picture, gc, shape] = [(); 4].map(|()| conn.generate_id().unwrap());
    conn.create_pixmap(32, pixmap, root, 16, 8).unwrap();
    conn.create_gc(gc, pixmap, &CreateGCAux::new()).unwrap();
    let pixels = argb.to_le_bytes().repeat(16 * 8);
    conn.put_image(ImageFormat::Z_PIXMAP, pixmap, gc, 16, 8, 0, 0, 0, 32, &pixels).unwrap();
    let format = format.expect("an ARGB format").id;
    conn.render_create_picture(picture, pixmap, format, &CreatePictureAux::new()).unwrap();
    conn.render_create_cursor(shape, picture, 3, 5).unwrap();
    let aux = ChangeWindowAttributesAux::new().cursor(shape);
    conn.change_window_attributes(root, &aux).unwrap();
    conn.sync().unwrap();
}

/// Straight alpha: half-clear red is sent as full red of half alpha. Programs hide the cursor by
/// making it clear.
#[test]
fn its_shape_is_told_with_straight_alpha_and_its_hot_spot() {
    let xvfb = Xvfb::start("640x480x24");
    let display = xvfb.display("screen");
    let mut screen = xvfb.server().open(display.id).unwrap();
    screen.next(PATIENCE).unwrap().expect("a first picture");
    screen.cursor().expect("told at first");

    let (conn, root) = xvfb.client();
    set_cursor(&conn, root, 0x8080_0000);
    let image = cursor(&mut *screen).image.expect("not hidden");
    assert_eq!((image.width, image.height, image.hot_x, image.hot_y), (16, 8, 3, 5));
    assert_eq!(image.rgba, [255, 0, 0, 0x80].repeat(16 * 8));

    set_cursor(&conn, root, 0);
    assert_eq!(cursor(&mut *screen).image, None, "hidden");
}

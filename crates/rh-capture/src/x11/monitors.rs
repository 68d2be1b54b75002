//! RandR's monitors as displays.

use rh_protocol::{Display, DisplayId, Size};
use x11rb::protocol::randr::{ConnectionExt as _, MonitorInfo};
use x11rb::protocol::xproto::ConnectionExt as _;

use super::client::{Client, failed};
use crate::{CaptureError, Rect};

/// The monitors with their names.
pub(super) fn list(client: &Client) -> Result<Vec<Display>, CaptureError> {
    let fail = "name the monitors";
    let monitors = monitors(client)?;
    let main = monitors.iter().position(|(info, _)| info.primary).unwrap_or(0);
    let names: Result<Vec<_>, _> =
        monitors.iter().map(|(info, _)| client.conn.get_atom_name(info.name)).collect();
    let names = names.map_err(failed(fail))?;
    let named = monitors.into_iter().zip(names).enumerate();
    named
        .map(|(index, ((info, area), name))| {
            let name = name.reply().map_err(failed(fail))?.name;
            Ok(Display {
                id: DisplayId(info.name),
                name: String::from_utf8_lossy(&name).into_owned(),
                x: area.x as i32,
                y: area.y as i32,
                width: area.width,
                height: area.height,
                scale: 1.0,
                primary: index == main,
            })
        })
        .collect()
}

/// Where a monitor is on the root window now.
pub(super) fn area(client: &Client, display: DisplayId) -> Result<Rect, CaptureError> {
    let mut monitors = monitors(client)?.into_iter();
    let found = monitors.find(|(info, _)| info.name == display.0);
    found.map(|(_, area)| area).ok_or(CaptureError::NoDisplay(display))
}

/// The monitors that show some of the root window, with the part they show: while the server
/// changes its layout, a monitor may reach beyond it.
fn monitors(client: &Client) -> Result<Vec<(MonitorInfo, Rect)>, CaptureError> {
    let fail = "list the monitors";
    let root = client.conn.get_geometry(client.root).map_err(failed(fail))?;
    let list = client.conn.randr_get_monitors(client.root, true).map_err(failed(fail))?;
    let root = root.reply().map_err(failed(fail))?;
    let root = Size { width: root.width.into(), height: root.height.into() };
    let monitors = list.reply().map_err(failed(fail))?.monitors;
    let shown = |info: MonitorInfo| {
        let (width, height) = (info.width.into(), info.height.into());
        let area = Rect::clipped(info.x.into(), info.y.into(), width, height, root)?;
        Some((info, area))
    };
    Ok(monitors.into_iter().filter_map(shown).collect())
}

//! Text as keys.

use x11rb::protocol::xproto::{KEY_PRESS_EVENT, KEY_RELEASE_EVENT, Keysym, ModMask};

use super::keymap::{Keymap, Way};
use super::server::Server;
use super::slots::Slots;
use super::spares::Spares;
use crate::{InputError, text};

/// `XK_Tab` and `XK_Return` of X.org's `keysymdef.h`.
const TAB: Keysym = 0xff09;
const RETURN: Keysym = 0xff0d;

/// Keys between two waits for the server, so that a long text never overruns its queue.
const CHUNK: usize = 32;

/// The symbols that write `text`.
///
/// Latin-1 characters are their own keysyms and all others are 0x0100_0000 above their code point
/// ("X Window System Protocol", appendix A). A line break is one Return, however it is written.
///
/// # Errors
///
/// [`InputError::Unsupported`] if the text holds other control characters.
pub(super) fn keysyms(text: &str) -> Result<Vec<Keysym>, InputError> {
    text::check(text)?;
    let one_break = text.replace("\r\n", "\n");
    let keysym = |c| match c {
        '\t' => TAB,
        '\n' | '\r' => RETURN,
        '\u{20}'..='\u{ff}' => Keysym::from(c),
        _ => 0x0100_0000 + Keysym::from(c),
    };
    Ok(one_break.chars().map(keysym).collect())
}

/// Types `keysyms`; those that no key makes get a spare key for a while.
///
/// # Errors
///
/// [`InputError`]; what was typed before the failure stays typed.
pub(super) fn enter(
    server: &Server,
    spares: &Spares,
    keysyms: &[Keysym],
) -> Result<(), InputError> {
    let mut slots = spares.take();
    let typed = enter_with(server, &mut slots, keysyms);
    spares.give_back(slots);
    typed
}

fn enter_with(server: &Server, slots: &mut Slots, keysyms: &[Keysym]) -> Result<(), InputError> {
    let mut rest = keysyms;
    while !rest.is_empty() {
        let map = Keymap::read(server)?;
        slots.adopt(&map.empty);
        let lasting = |keysym| map.find(keysym).filter(|way| !slots.contain(way.keycode));
        let missing: Vec<_> = rest.iter().copied().filter(|&k| lasting(k).is_none()).collect();
        slots.bind(server, missing.into_iter())?;

        let lasting = |keysym| map.find(keysym).filter(|way| !slots.contain(way.keycode));
        let ways = rest.iter().map_while(|&keysym| lasting(keysym).or_else(|| slots.find(keysym)));
        let ways: Vec<_> = ways.collect();
        ways.chunks(CHUNK).try_for_each(|chunk| strike(server, chunk, map.locked))?;
        let (typed, to_come) = rest.split_at(ways.len());
        slots.used(typed);
        rest = to_come;
    }
    Ok(())
}

/// Strikes keys one after the other and leaves the locks as they were.
///
/// The modifiers that a key needs are locked rather than pressed: that needs no key for them,
/// takes CapsLock and NumLock off meanwhile, and goes to the server in one piece with the keys, so
/// that an end of this process leaves it done or not begun.
fn strike(server: &Server, ways: &[Way], locked: ModMask) -> Result<(), InputError> {
    let mut now = locked;
    for way in ways {
        if way.mods != now {
            server.lock(way.mods)?;
            now = way.mods;
        }
        server.fake(KEY_PRESS_EVENT, way.keycode, 0, 0)?;
        server.fake(KEY_RELEASE_EVENT, way.keycode, 0, 0)?;
    }
    if now != locked {
        server.lock(locked)?;
    }
    server.sync()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_one_symbol_and_a_line_break_is_one_return() {
        assert_eq!(keysyms("aé漢🙂"), Ok(vec![0x61, 0xe9, 0x0100_6f22, 0x0101_f642]));
        assert_eq!(keysyms("\t\r\n\n\r"), Ok(vec![TAB, RETURN, RETURN, RETURN]));
        assert!(matches!(keysyms("a\u{1b}[A"), Err(InputError::Unsupported(_))));
    }
}

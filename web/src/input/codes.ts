/** The keys that the wire knows, by W3C `KeyboardEvent.code`. */

import type { Key } from "../protocol/Key";

/** One entry a key; the compiler holds it against the generated type. */
const KEYS: Record<Key, true> = {
  Backquote: true, Backslash: true, BracketLeft: true, BracketRight: true, Comma: true,
  Digit0: true, Digit1: true, Digit2: true, Digit3: true, Digit4: true, Digit5: true, Digit6: true,
  Digit7: true, Digit8: true, Digit9: true, Equal: true, IntlBackslash: true, IntlRo: true,
  IntlYen: true, KeyA: true, KeyB: true, KeyC: true, KeyD: true, KeyE: true, KeyF: true,
  KeyG: true, KeyH: true, KeyI: true, KeyJ: true, KeyK: true, KeyL: true, KeyM: true, KeyN: true,
  KeyO: true, KeyP: true, KeyQ: true, KeyR: true, KeyS: true, KeyT: true, KeyU: true, KeyV: true,
  KeyW: true, KeyX: true, KeyY: true, KeyZ: true, Minus: true, Period: true, Quote: true,
  Semicolon: true, Slash: true, AltLeft: true, AltRight: true, Backspace: true, CapsLock: true,
  ContextMenu: true, ControlLeft: true, ControlRight: true, Enter: true, MetaLeft: true,
  MetaRight: true, ShiftLeft: true, ShiftRight: true, Space: true, Tab: true, Convert: true,
  KanaMode: true, Lang1: true, Lang2: true, NonConvert: true, Delete: true, End: true, Help: true,
  Home: true, Insert: true, PageDown: true, PageUp: true, ArrowDown: true, ArrowLeft: true,
  ArrowRight: true, ArrowUp: true, NumLock: true, Numpad0: true, Numpad1: true, Numpad2: true,
  Numpad3: true, Numpad4: true, Numpad5: true, Numpad6: true, Numpad7: true, Numpad8: true,
  Numpad9: true, NumpadAdd: true, NumpadComma: true, NumpadDecimal: true, NumpadDivide: true,
  NumpadEnter: true, NumpadEqual: true, NumpadMultiply: true, NumpadSubtract: true, Escape: true,
  F1: true, F2: true, F3: true, F4: true, F5: true, F6: true, F7: true, F8: true, F9: true,
  F10: true, F11: true, F12: true, F13: true, F14: true, F15: true, F16: true, F17: true,
  F18: true, F19: true, F20: true, F21: true, F22: true, F23: true, F24: true, PrintScreen: true,
  ScrollLock: true, Pause: true, AudioVolumeDown: true, AudioVolumeMute: true, AudioVolumeUp: true,
  MediaPlayPause: true, MediaStop: true, MediaTrackNext: true, MediaTrackPrevious: true,
};

/** `code` as a key of the wire; `undefined` for one that it does not know. */
export function keyOf(code: string): Key | undefined {
  return Object.hasOwn(KEYS, code) ? (code as Key) : undefined;
}

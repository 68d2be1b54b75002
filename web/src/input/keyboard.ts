/**
 * The keyboard, from DOM events to input events (B-07).
 *
 * What the helper's layout makes of a key travels as text, so that both sides may have different
 * layouts; a key that makes no text, and a shortcut, travel as the physical key. While text is sent
 * no modifier is down on the sharer's machine: the text already is what the modifier made of it.
 * A modifier that was let go for text goes down again before the next key or click that it is for.
 */

import { LIMITS } from "../protocol";
import type { InputEvent, Key } from "../protocol";
import { keyOf } from "./codes";

/** What of a DOM `KeyboardEvent` counts. */
export type KeyPress = Pick<
  KeyboardEvent,
  | "code"
  | "key"
  | "repeat"
  | "isComposing"
  | "keyCode"
  | "ctrlKey"
  | "altKey"
  | "metaKey"
  | "shiftKey"
> & { getModifierState(name: string): boolean };

/** What to send; whether the browser has no part in it; whether the helper wants to leave. */
export type Outcome = { events: InputEvent[]; handled: boolean; leave?: true };

const NOTHING: Outcome = { events: [], handled: false };
const SWALLOWED: Outcome = { events: [], handled: true };

const MODIFIERS: readonly Key[] = [
  "ShiftLeft",
  "ShiftRight",
  "ControlLeft",
  "ControlRight",
  "AltLeft",
  "AltRight",
  "MetaLeft",
  "MetaRight",
];

/** Keys that change what other keys make; the text that is sent has that in it already. */
const LOCKS: readonly Key[] = ["CapsLock", "NumLock"];

export class Keyboard {
  /** Other keys that are down: the code here, and the key there. */
  readonly #keys = new Map<string, Key>();
  /** Modifiers that are down here, and whether they are down there. */
  readonly #modifiers = new Map<Key, boolean>();
  /** Whether Ctrl+Alt+Shift is held, and nothing else was pressed since. */
  #leaving = false;
  readonly #mac: boolean;

  /** `mac`: the helper's machine is a Mac, where Option makes text. */
  constructor(mac: boolean) {
    this.#mac = mac;
  }

  down(press: KeyPress): Outcome {
    if (composes(press)) return NOTHING;
    const key = physical(press);
    if (key && MODIFIERS.includes(key)) return this.#modifierDown(key, press);
    this.#leaving = false;
    if (this.#makesText(press)) return { events: this.text(press.key), handled: true };
    if (!key || LOCKS.includes(key)) return NOTHING;
    if (press.repeat || this.#keys.has(press.code)) return SWALLOWED;
    this.#keys.set(press.code, key);
    return { events: [...this.modify(), { kind: "key", key, down: true }], handled: true };
  }

  up(press: KeyPress): Outcome {
    const key = this.#keys.get(press.code) ?? keyOf(press.code);
    if (!key) return NOTHING;
    const leave = this.#leaving && MODIFIERS.includes(key);
    if (leave) return { events: this.release(), handled: true, leave };
    const events: InputEvent[] = [];
    if (this.#keys.delete(press.code) || this.#modifiers.get(key))
      events.push({ kind: "key", key, down: false });
    this.#modifiers.delete(key);
    // macOS tells no release of a key while Command is down.
    if (key === "MetaLeft" || key === "MetaRight") events.push(...this.#letGoKeys());
    return { events, handled: events.length > 0 };
  }

  /** Text from a key, an input method, or a picker. */
  text(text: string): InputEvent[] {
    const events: InputEvent[] = [];
    for (const [key, there] of this.#modifiers) {
      if (there) events.push({ kind: "key", key, down: false });
      this.#modifiers.set(key, false);
    }
    const characters = Array.from(text);
    for (let i = 0; i < characters.length; i += LIMITS.TEXT_CHARS) {
      events.push({ kind: "text", text: characters.slice(i, i + LIMITS.TEXT_CHARS).join("") });
    }
    return events;
  }

  /** Brings the modifiers there to what they are here; due before a key, a click or the wheel. */
  modify(): InputEvent[] {
    const events: InputEvent[] = [];
    for (const [key, there] of this.#modifiers) {
      if (!there) events.push({ kind: "key", key, down: true });
      this.#modifiers.set(key, true);
    }
    return events;
  }

  /** Lets go of everything: the page lost the keyboard, or the session ends. */
  release(): InputEvent[] {
    this.#keys.clear();
    this.#modifiers.clear();
    this.#leaving = false;
    return [{ kind: "release_all" }];
  }

  #modifierDown(key: Key, press: KeyPress): Outcome {
    this.#leaving = press.ctrlKey && press.altKey && press.shiftKey && this.#keys.size === 0;
    if (this.#modifiers.has(key)) return SWALLOWED;
    // AltGr, and Option on a Mac, mostly make text: they go down there once a key needs them.
    const maybeText = press.key === "AltGraph" || (this.#mac && key.startsWith("Alt"));
    this.#modifiers.set(key, !maybeText);
    return { events: maybeText ? [] : [{ kind: "key", key, down: true }], handled: true };
  }

  /** One character, by no shortcut. AltGr counts as Ctrl+Alt in some browsers. */
  #makesText(press: KeyPress): boolean {
    if (Array.from(press.key).length !== 1 || press.metaKey) return false;
    if (press.getModifierState("AltGraph")) return true;
    return !press.ctrlKey && (!press.altKey || this.#mac);
  }

  #letGoKeys(): InputEvent[] {
    const events = Array.from(this.#keys.values(), (key): InputEvent => ({
      kind: "key",
      key,
      down: false,
    }));
    this.#keys.clear();
    return events;
  }
}

/**
 * The key that is meant. Without NumLock, the keys of the number pad are those that they name: Home,
 * ArrowUp and so on, whatever NumLock is on the sharer's machine.
 */
function physical(press: KeyPress): Key | undefined {
  const named =
    press.code.startsWith("Numpad") && press.key !== "Enter" ? keyOf(press.key) : undefined;
  return named ?? keyOf(press.code);
}

/**
 * Whether the key belongs to an input method: the browser then has to see it, and the text comes in
 * an event of its own. Safari ends the composition before it tells of the Enter that ended it; such
 * a key has the code 229 (W3C UI Events, "keyCode property for input methods").
 */
function composes(press: KeyPress): boolean {
  return (
    press.isComposing || press.keyCode === 229 || press.key === "Dead" || press.key === "Process"
  );
}

/** The text of a DOM `input` event, unless a composition brings the same text at its end. */
export function inputText(
  event: Pick<InputEventInit, "data" | "inputType" | "isComposing">,
): string {
  const type = event.inputType ?? "";
  if (event.isComposing || type.includes("Composition") || !type.startsWith("insert")) return "";
  return event.data ?? "";
}

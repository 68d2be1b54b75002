import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { InputEvent } from "../protocol";
import { inputText, Keyboard } from "./keyboard";
import type { KeyPress } from "./keyboard";

type Extra = Partial<KeyPress> & { altGraph?: boolean };

function press(code: string, key: string, extra: Extra = {}): KeyPress {
  return {
    code,
    key,
    repeat: false,
    isComposing: false,
    keyCode: 0,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    shiftKey: false,
    getModifierState: (name) => name === "AltGraph" && extra.altGraph === true,
    ...extra,
  };
}

/** Events in short: `+KeyA`, `-KeyA`, `"text"`. */
function short(events: InputEvent[]): string {
  const one = (event: InputEvent) =>
    event.kind === "key"
      ? `${event.down ? "+" : "-"}${event.key}`
      : event.kind === "text"
        ? `"${event.text}"`
        : event.kind;
  return events.map(one).join(" ");
}

/** Plays `+` for down and `-` for up; tells what was sent. */
function play(keyboard: Keyboard, ...steps: ["+" | "-", KeyPress][]): string {
  return short(
    steps.flatMap(([way, key]) => (way === "+" ? keyboard.down(key) : keyboard.up(key)).events),
  );
}

const shift = press("ShiftLeft", "Shift", { shiftKey: true });
const control = press("ControlLeft", "Control", { ctrlKey: true });

describe("B-07: text", () => {
  test("what the layout makes of a key is sent, and the browser has no part in it", () => {
    const keyboard = new Keyboard(false);
    expect(keyboard.down(press("KeyQ", "a"))).toEqual({
      events: [{ kind: "text", text: "a" }],
      handled: true,
    });
    expect(keyboard.up(press("KeyQ", "a")).events).toEqual([]);
    for (const text of ["é", "ß", "漢", "🎉", " ", "!"]) {
      expect(play(keyboard, ["+", press("KeyX", text)])).toBe(`"${text}"`);
    }
  });

  test("held down, it repeats", () => {
    const keyboard = new Keyboard(false);
    const again = press("KeyA", "a", { repeat: true });
    expect(play(keyboard, ["+", press("KeyA", "a")], ["+", again], ["+", again])).toBe(
      '"a" "a" "a"',
    );
  });

  test("no modifier is down while it is sent, and is down again for a key", () => {
    const keyboard = new Keyboard(false);
    const end = press("End", "End", { shiftKey: true });
    expect(
      play(
        keyboard,
        ["+", shift],
        ["+", press("KeyA", "A", { shiftKey: true })],
        ["+", end],
        ["-", end],
        ["-", shift],
      ),
    ).toBe('+ShiftLeft -ShiftLeft "A" +ShiftLeft +End -End -ShiftLeft');
  });

  test("AltGr, with the Ctrl that Windows puts before it, makes text", () => {
    const keyboard = new Keyboard(false);
    const altGr = press("AltRight", "AltGraph", { altGraph: true, ctrlKey: true, altKey: true });
    const at = press("KeyQ", "@", { altGraph: true, ctrlKey: true, altKey: true });
    expect(
      play(keyboard, ["+", control], ["+", altGr], ["+", at], ["-", altGr], ["-", control]),
    ).toBe('+ControlLeft -ControlLeft "@"');
  });

  test("Option makes text on a Mac, and is itself with a key that makes none", () => {
    const keyboard = new Keyboard(true);
    const option = press("AltLeft", "Alt", { altKey: true });
    const left = press("ArrowLeft", "ArrowLeft", { altKey: true });
    expect(play(keyboard, ["+", option], ["+", press("KeyA", "å", { altKey: true })])).toBe('"å"');
    expect(play(keyboard, ["+", left], ["-", left], ["-", option])).toBe(
      "+AltLeft +ArrowLeft -ArrowLeft -AltLeft",
    );
  });

  test("an input method and a dead key keep their keys; their Enter is not sent", () => {
    const keyboard = new Keyboard(false);
    const kept = [
      press("KeyN", "n", { isComposing: true }),
      press("Enter", "Enter", { isComposing: true }),
      press("Enter", "Enter", { keyCode: 229 }),
      press("Quote", "Dead"),
      press("KeyN", "Process"),
    ];
    for (const key of kept) expect(keyboard.down(key)).toEqual({ events: [], handled: false });
  });

  test("a composition is text once", () => {
    const input = (inputType: string, isComposing = false) =>
      inputText({ data: "漢", inputType, isComposing });
    expect(input("insertText")).toBe("漢");
    expect(input("insertReplacementText")).toBe("漢");
    expect(input("insertText", true)).toBe("");
    expect(input("insertCompositionText")).toBe("");
    expect(input("insertFromComposition")).toBe("");
    expect(input("deleteContentBackward")).toBe("");
    expect(inputText({ data: null, inputType: "insertLineBreak" })).toBe("");
  });

  test("long text goes in pieces that the wire allows, cut between characters", () => {
    const events = new Keyboard(false).text("🎉".repeat(2500));
    const pieces = events.flatMap((event) =>
      event.kind === "text" ? [Array.from(event.text).length] : [],
    );
    expect(pieces).toEqual([1024, 1024, 452]);
  });
});

describe("B-07: keys", () => {
  test("a shortcut is its physical keys", () => {
    const c = press("KeyC", "c", { ctrlKey: true });
    expect(play(new Keyboard(false), ["+", control], ["+", c], ["-", c], ["-", control])).toBe(
      "+ControlLeft +KeyC -KeyC -ControlLeft",
    );
    const alt = press("KeyF", "f", { altKey: true });
    expect(play(new Keyboard(false), ["+", alt], ["-", alt])).toBe("+KeyF -KeyF");
  });

  test("held down, a key is sent once; the sharer's machine repeats it", () => {
    const keyboard = new Keyboard(false);
    const down = press("ArrowDown", "ArrowDown");
    const again = press("ArrowDown", "ArrowDown", { repeat: true });
    expect(play(keyboard, ["+", down], ["+", again], ["-", down])).toBe("+ArrowDown -ArrowDown");
    expect(keyboard.down(again).handled).toBe(true);
  });

  test("a key that the wire does not know is the browser's", () => {
    expect(new Keyboard(false).down(press("BrowserHome", "BrowserHome"))).toEqual({
      events: [],
      handled: false,
    });
    expect(new Keyboard(false).down(press("", "Unidentified"))).toEqual({
      events: [],
      handled: false,
    });
  });

  test("locks stay here; the number pad is what it is here", () => {
    const keyboard = new Keyboard(false);
    expect(
      play(keyboard, ["+", press("CapsLock", "CapsLock")], ["-", press("CapsLock", "CapsLock")]),
    ).toBe("");
    expect(play(keyboard, ["+", press("Numpad7", "7")], ["-", press("Numpad7", "7")])).toBe('"7"');
    expect(play(keyboard, ["+", press("Numpad7", "Home")], ["-", press("Numpad7", "7")])).toBe(
      "+Home -Home",
    );
    expect(play(keyboard, ["+", press("NumpadEnter", "Enter")])).toBe("+NumpadEnter");
  });

  test("what Command hides on a Mac is let go with it", () => {
    const keyboard = new Keyboard(true);
    const command = press("MetaLeft", "Meta", { metaKey: true });
    const c = press("KeyC", "c", { metaKey: true });
    expect(play(keyboard, ["+", command], ["+", c], ["-", command])).toBe(
      "+MetaLeft +KeyC -MetaLeft -KeyC",
    );
  });

  test("Ctrl+Alt+Shift alone leaves; as part of a shortcut it does not", () => {
    const all = { ctrlKey: true, altKey: true, shiftKey: true };
    const keyboard = new Keyboard(false);
    for (const code of ["ControlLeft", "AltLeft", "ShiftLeft"])
      keyboard.down(press(code, code, all));
    expect(keyboard.up(press("ShiftLeft", "Shift", all))).toMatchObject({
      leave: true,
      events: [{ kind: "release_all" }],
    });
    for (const code of ["ControlLeft", "AltLeft", "ShiftLeft", "F5"])
      keyboard.down(press(code, code, all));
    expect(keyboard.up(press("ShiftLeft", "Shift", all)).leave).toBeUndefined();
  });

  test("whatever is pressed: a key goes down only when up, and nothing stays down", () => {
    const keys = ["ShiftLeft", "ControlLeft", "AltRight", "MetaLeft", "KeyA", "Enter", "F1"];
    const steps = fc.array(
      fc.tuple(fc.constantFrom("+", "-"), fc.constantFrom(...keys), fc.boolean(), fc.boolean()),
    );
    fc.assert(
      fc.property(steps, fc.boolean(), (steps, mac) => {
        const keyboard = new Keyboard(mac);
        const down = new Set<string>();
        const note = (event: InputEvent) => {
          if (event.kind === "text")
            expect([...down].filter((key) => /Shift|Control|Alt|Meta/.test(key))).toEqual([]);
          if (event.kind === "release_all") down.clear();
          if (event.kind !== "key") return;
          expect(down.has(event.key), event.key).toBe(!event.down);
          if (event.down) down.add(event.key);
          else down.delete(event.key);
        };
        for (const [way, code, ctrlKey, altKey] of steps) {
          const key = press(code, code === "KeyA" ? "a" : code, {
            ctrlKey,
            altKey,
            shiftKey: altKey,
          });
          (way === "+" ? keyboard.down(key) : keyboard.up(key)).events.forEach(note);
        }
        for (const code of keys) keyboard.up(press(code, code)).events.forEach(note);
        expect([...down]).toEqual([]);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { InputEvent } from "../protocol";
import { GAP, Outbox, REST } from "./outbox";
import type { Sending } from "./outbox";

const at = (x: number) => ({ display: 0, x, y: 0 });
const move = (x: number): InputEvent => ({ kind: "move", at: at(x) });
const scroll = (dy: number): InputEvent => ({ kind: "scroll", dx: 0, dy, at: at(0) });
const press: InputEvent = { kind: "button", button: "left", down: true, at: at(0.9) };
const text: InputEvent = { kind: "text", text: "a" };

const seqs = (sendings: Sending[]) =>
  sendings.map(({ message }) => ("seq" in message ? message.seq : NaN));
const kinds = (sendings: Sending[]) =>
  sendings.map(({ message }) =>
    "type" in message ? message.type === "input" && message.event.kind : "pointer",
  );

describe("moves", () => {
  test("the first goes at once, over the unreliable channel", () => {
    expect(new Outbox().push(move(0.1), 0)).toEqual([
      { over: "pointer", message: { seq: 1, at: at(0.1) } },
    ]);
  });

  test("of those within the gap, only the newest goes", () => {
    const outbox = new Outbox();
    outbox.push(move(0.1), 0);
    expect(outbox.push(move(0.2), 1)).toEqual([]);
    expect(outbox.push(move(0.3), 2)).toEqual([]);
    expect(outbox.wait(2)).toBe(GAP - 2);
    expect(outbox.flush(GAP)).toEqual([{ over: "pointer", message: { seq: 2, at: at(0.3) } }]);
  });

  test("where the pointer rests is told reliably, once", () => {
    const outbox = new Outbox();
    outbox.push(move(0.1), 0);
    expect(outbox.wait(0)).toBe(REST);
    expect(outbox.flush(REST - 1)).toEqual([]);
    expect(outbox.flush(REST)).toEqual([
      { over: "control", message: { type: "input", seq: 2, event: move(0.1) } },
    ]);
    expect(outbox.wait(REST)).toBeUndefined();
    expect(outbox.flush(10 * REST)).toEqual([]);
  });
});

describe("everything else", () => {
  test("a click says itself where it is, and a move before it is not sent after it", () => {
    const outbox = new Outbox();
    outbox.push(move(0.1), 0);
    outbox.push(move(0.2), 1);
    expect(kinds(outbox.push(press, 2))).toEqual(["button"]);
    expect(outbox.wait(2)).toBeUndefined();
  });

  test("before text, the pointer is where it was", () => {
    const outbox = new Outbox();
    outbox.push(move(0.1), 0);
    outbox.push(move(0.2), 1);
    expect(outbox.push(text, 2).map(({ message }) => "event" in message && message.event)).toEqual([
      move(0.2),
      text,
    ]);
  });

  test("turns of the wheel within the gap add up, and keep their place", () => {
    const outbox = new Outbox();
    outbox.push(scroll(10), 0);
    expect(outbox.push(scroll(20), 1)).toEqual([]);
    expect(outbox.push(scroll(30), 2)).toEqual([]);
    const sent = outbox.push(text, 3);
    expect(kinds(sent)).toEqual(["scroll", "text"]);
    expect(sent[0]?.message).toMatchObject({ event: { dy: 50 } });
  });
});

test("whatever is pushed: numbers rise by one, moves keep their distance, and nothing but moves is lost", () => {
  const event = fc.constantFrom(move(0.1), move(0.5), scroll(1), press, text);
  const pushes = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 20 })));
  fc.assert(
    fc.property(pushes, (pushes) => {
      const outbox = new Outbox();
      const sent: Sending[] = [];
      const movedAt: number[] = [];
      let now = 0;
      const note = (sendings: Sending[]) => {
        sent.push(...sendings);
        if (sendings.some(({ over }) => over === "pointer")) movedAt.push(now);
      };
      for (const [event, pause] of pushes) {
        now += pause;
        note(outbox.push(event, now));
      }
      for (let wait; (wait = outbox.wait(now)) !== undefined;) {
        now += wait;
        note(outbox.flush(now));
      }
      expect(seqs(sent)).toEqual(sent.map((_, i) => i + 1));
      movedAt.forEach((time, i) =>
        expect(time - (movedAt[i - 1] ?? -Infinity)).toBeGreaterThanOrEqual(GAP),
      );
      const count = (kind: string) => kinds(sent).filter((sentKind) => sentKind === kind).length;
      const pushed = (kind: string) => pushes.filter(([event]) => event.kind === kind).length;
      expect([count("text"), count("button")]).toEqual([pushed("text"), pushed("button")]);
      const turned = sent.map(({ message }) =>
        "event" in message && message.event.kind === "scroll" ? message.event.dy : 0,
      );
      expect(turned.reduce((a, b) => a + b, 0)).toBe(pushed("scroll"));
    }),
  );
});

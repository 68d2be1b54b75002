import fc from "fast-check";
import { expect, test } from "vitest";

import { readToClient, readToHelper } from "./read";

const client = (value: unknown) => readToClient(JSON.stringify(value));
const helper = (value: unknown) => readToHelper(JSON.stringify(value));
const SESSION = "0123456789abcdef".repeat(2);
const card = { full_name: "Sam" };
const display = { id: 1, name: "A", x: -1, y: 0, width: 1, height: 1, scale: 1, primary: true };

test("whatever comes, reading it does not fail", () => {
  const anything = fc.oneof(fc.string(), fc.json(), fc.anything(), fc.uint8Array());
  fc.assert(
    fc.property(anything, (data) =>
      [readToClient(data), readToHelper(data)].every((read) => read === undefined),
    ),
  );
});

test("a message with any field missing or of another type is none", () => {
  const good = { type: "session", session: SESSION, code: "01234567", expires_in: 600 };
  expect(client(good)).toEqual(good);
  for (const field of Object.keys(good)) {
    expect(client({ ...good, [field]: undefined }), field).toBeUndefined();
    expect(client({ ...good, [field]: {} }), field).toBeUndefined();
  }
});

test("unknown messages and inherited names are none; unknown fields are ignored", () => {
  for (const type of ["nonsense", "toString", "__proto__", "constructor", 5, null]) {
    expect(client({ type })).toBeUndefined();
    expect(helper({ type })).toBeUndefined();
  }
  expect(helper({ type: "pong", nonce: 1, more: true })).toMatchObject({ type: "pong", nonce: 1 });
});

test("a message that is too long is not looked into", () => {
  const text = JSON.stringify({ type: "pong", nonce: 1 });
  expect(readToHelper(text)).toBeDefined();
  expect(readToHelper(text + " ".repeat(65_536 - text.length))).toBeDefined();
  expect(readToHelper(text + " ".repeat(65_537 - text.length))).toBeUndefined();
});

test("consent fails closed, and an unknown role voids its message", () => {
  expect(client({ type: "answered", role: "view", consent: "allow" })).toMatchObject({
    consent: "allow",
  });
  expect(client({ type: "answered", role: "view", consent: "ALLOW" })).toMatchObject({
    consent: "decline",
  });
  expect(client({ type: "answered", role: "admin", consent: "allow" })).toBeUndefined();
  expect(helper({ type: "granted", role: "admin" })).toBeUndefined();
});

test("an unknown reason to end ends, an unknown refusal refuses", () => {
  expect(helper({ type: "ended", reason: "new_reason" })).toEqual({
    type: "ended",
    reason: "other",
  });
  expect(client({ type: "ended", reason: "crashed" })).toEqual({
    type: "ended",
    reason: "crashed",
  });
  expect(client({ type: "refused", refusal: "new", retry_in: null })).toMatchObject({
    refusal: "other",
  });
});

test("a cursor is base64 and nothing else, as it goes into a style", () => {
  const shape = (png: string) => helper({ type: "cursor_shape", png, hot_x: 0, hot_y: 0 });
  expect(shape("iVBORw0KGgo=")).toBeDefined();
  expect(shape("")).toBeDefined();
  for (const png of ["a) 0 0, url(//evil", "a;b", "a b", "a'"]) expect(shape(png)).toBeUndefined();
});

test("points are within the display, displays are not endless", () => {
  const at = (x: number) => helper({ type: "cursor_at", at: { display: 0, x, y: 0 } });
  expect([at(0), at(1), helper({ type: "cursor_at", at: null })].every(Boolean)).toBe(true);
  expect([at(-0.1), at(1.1)]).toEqual([undefined, undefined]);
  const displays = (count: number) =>
    helper({ type: "displays", displays: Array(count).fill(display), current: 1 });
  expect(displays(32)).toBeDefined();
  expect(displays(33)).toBeUndefined();
});

test("a card may lack any field", () => {
  expect(client({ type: "joined", session: SESSION, peer: card })).toBeDefined();
  expect(client({ type: "joined", session: SESSION, peer: { full_name: 5 } })).toBeUndefined();
});

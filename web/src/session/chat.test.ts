import { describe, expect, test } from "vitest";

import { LIMITS } from "../protocol";
import type { Client } from "../protocol";
import { SILENCE, isTooLong } from "./chat";
import { WATCHING, service } from "./fixture";
import { step } from "./step";
import type { Event, State } from "./state";

const say = (text: string): Event => ({ type: "say", text });
const line = (place: number, from: Client, text: string): Event =>
  service({ type: "chat", place, from, text });
const REFUSED = service({ type: "refused", refusal: "not_allowed", retry_in: null });

/** The state after the events, and the texts that were sent. */
function run(events: Event[], state: State = WATCHING) {
  const sent: string[] = [];
  for (const event of events) {
    const [next, effects] = step(state, event, 0);
    state = next;
    for (const effect of effects)
      if (effect.do === "tell_service" && effect.message.type === "chat")
        sent.push(effect.message.text);
  }
  return { state, sent, chat: "chat" in state ? state.chat : SILENCE };
}

const texts = (chat: typeof SILENCE) => chat.thread.map(({ text }) => text);

describe("S-16: one thread", () => {
  test("what is written waits until the service gives it a place", () => {
    const before = run([say("hello")]);
    expect(before.sent).toEqual(["hello"]);
    expect(before.chat).toMatchObject({ thread: [], pending: ["hello"] });
    const { chat } = run([line(1, "agent", "hi"), line(2, "helper", "hello")], before.state);
    expect(texts(chat)).toEqual(["hi", "hello"]);
    expect(chat.pending).toEqual([]);
  });

  test("a place that is taken, or too far on, is no message", () => {
    const { chat } = run([
      line(1, "agent", "one"),
      line(1, "agent", "again"),
      line(3, "agent", "three"),
      line(2, "agent", "two"),
    ]);
    expect(texts(chat)).toEqual(["one", "two"]);
  });

  test("it goes on when the role changes, and while there is no picture", () => {
    const { chat } = run([
      line(1, "agent", "one"),
      { type: "ask", role: "control" },
      service({ type: "answered", role: "control", consent: "allow" }),
      { type: "agent", message: { type: "granted", role: "control" } },
      line(2, "agent", "two"),
      { type: "ask", role: "view" },
      line(3, "agent", "three"),
    ]);
    expect(texts(chat)).toEqual(["one", "two", "three"]);
  });

  test("the next session begins another", () => {
    const { state } = run([line(1, "agent", "one"), { type: "end" }, { type: "start" }]);
    expect("chat" in state).toBe(false);
  });
});

describe("what does not get there", () => {
  test("is kept, and sent again", () => {
    const refused = run([say("a"), say("b"), REFUSED]);
    expect(refused.chat).toMatchObject({ pending: ["b"], unsent: ["a"] });
    const again = run([{ type: "say_again" }], refused.state);
    expect(again.sent).toEqual(["a"]);
    expect(again.chat).toMatchObject({ pending: ["b", "a"], unsent: [] });
  });

  test("a refusal while control is asked for is of that", () => {
    const { chat } = run([say("a"), { type: "ask", role: "control" }, REFUSED]);
    expect(chat).toMatchObject({ pending: ["a"], unsent: [] });
  });

  test("without the service nothing is sent, and nothing is lost", () => {
    const lost = run([say("a"), { type: "service_lost" }, say("b")]);
    expect(lost.sent).toEqual(["a"]);
    expect(lost.chat).toMatchObject({ pending: [], unsent: ["a", "b"] });
  });

  test("M-04: an organisation without chat says so", () => {
    const terms = service({ type: "terms", warnings: [], chat: false });
    const denied = service({ type: "denied", action: "chat", reasons: [] });
    const { state, chat } = run([say("a"), terms, denied]);
    expect(chat).toMatchObject({ allowed: false, pending: [], unsent: ["a"] });
    expect(state).toMatchObject({ objection: { kind: "denied", action: "chat" } });
  });

  test("S-12: after the stronger sign-in that it asked for it is sent", () => {
    const asked = service({ type: "step_up", action: "chat", context: "c1" });
    const { state, sent, chat } = run([say("a"), asked, { type: "stepped_up" }]);
    expect(sent).toEqual(["a", "a"]);
    expect(chat).toMatchObject({ pending: ["a"], unsent: [] });
    expect("objection" in state).toBe(false);
  });
});

test("S-17: the limit is of bytes, whatever the script", () => {
  const longest = "字".repeat(Math.floor(LIMITS.CHAT_BYTES / 3));
  expect(isTooLong(longest)).toBe(false);
  expect(isTooLong(`${longest}字`)).toBe(true);
  expect(run([say(longest), say(`${longest}字`), say(" \n ")]).sent).toEqual([longest]);
});

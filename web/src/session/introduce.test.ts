import { describe, expect, test } from "vitest";

import type { Introduction, Refusal } from "../protocol";
import { WATCHING, service } from "./fixture";
import { isCode } from "./introduce";
import { newLink } from "./link";
import { step } from "./step";
import type { Event, State } from "./state";

const bring = (code = "1234 5678", stays = true): Event => ({ type: "introduce", code, stays });
const agent = (state: Introduction): Event => ({
  type: "agent",
  message: { type: "introduction", state },
});
const refuse = (refusal: Refusal) => service({ type: "refused", refusal, retry_in: null });

/** What became of the colleague after the events, and how many codes were sent. */
function run(events: Event[], state: State = WATCHING) {
  let sent = 0;
  for (const event of events) {
    const [next, effects] = step(state, event, 0);
    state = next;
    sent += effects.filter(
      (it) => it.do === "tell_service" && it.message.type === "introduce",
    ).length;
  }
  return { sent, stage: state.at === "watching" ? state.introducing?.stage : state.at, state };
}

describe("B-20: a helper brings a colleague", () => {
  test("the code goes to the service as it was typed, with what the helper does then", () => {
    for (const stays of [true, false]) {
      const [, effects] = step(WATCHING, bring("١٢٣٤ ٥٦٧٨", stays), 0);
      const message = { type: "introduce", code: "١٢٣٤ ٥٦٧٨", stays };
      expect(effects).toEqual([{ do: "tell_service", message }]);
    }
  });

  test("what is no code is not sent, and nothing is without the service", () => {
    for (const code of ["", "1234567", "123456789", "1234567a"]) {
      expect(isCode(code), code).toBe(false);
      expect(run([bring(code)])).toMatchObject({ sent: 0, stage: undefined });
    }
    const alone: State = { ...WATCHING, link: { ...newLink(0), service: false } };
    expect(run([bring()], alone).sent).toBe(0);
    expect(run([bring()], { at: "home" })).toMatchObject({ sent: 0, stage: "home" });
  });

  test("one at a time, until that one is allowed, gone, or cannot come", () => {
    expect(run([bring(), bring()]).sent).toBe(1);
    expect(run([bring(), agent("arrived"), bring()]).sent).toBe(1);
    for (const state of ["allowed", "gone", "code", "denied", "full", "other"] as const)
      expect(run([bring(), agent(state), bring()]), state).toMatchObject({
        sent: 2,
        stage: "sent",
      });
  });

  test("what the service refuses is told, and is no refusal of what else was asked", () => {
    expect(run([bring(), refuse("too_many_attempts")]).stage).toBe("too_many");
    expect(run([bring(), refuse("code_format")]).stage).toBe("code");
    const asked = run([{ type: "ask", role: "control" }, bring(), refuse("too_many_attempts")]);
    expect(asked.state).toMatchObject({ upgrade: "asked" });
    expect(run([bring(), refuse("not_allowed")]).stage).toBe("sent");
  });

  test("an agent that speaks of a colleague whom nobody brought is not heard", () => {
    expect(run([agent("allowed")]).stage).toBeUndefined();
  });

  test("who handed over hears that it is over", () => {
    const ended: Event = { type: "agent", message: { type: "ended", reason: "handed_over" } };
    expect(
      run([bring("12345678", false), agent("arrived"), agent("allowed"), ended]).state,
    ).toEqual({
      at: "ended",
      reason: "handed_over",
    });
  });
});

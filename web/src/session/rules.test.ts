import { describe, expect, test } from "vitest";

import type { Reason, ToClient } from "../protocol";
import { MET, service } from "./fixture";
import { BLANK } from "./hear";
import { step } from "./step";
import type { Event, State } from "./state";

const reasons: Reason[] = [{ code: "permission_missing", why: null, fixes: [] }];
type Wanted = Extract<ToClient, { type: "denied" }>["action"];
const denied = (action: Wanted) => service({ type: "denied", action, reasons });
const stepUp = (action: Wanted) => service({ type: "step_up", action, context: "c1" });
const joined: State = { at: "joined", ...MET };
const asking: State = { at: "asking", role: "control", ...MET };
const watching: State = { at: "watching", role: "view", upgrade: "asked", screen: BLANK, ...MET };

describe("what the rules do not allow", () => {
  test("S-19: no code leads home, and says why", () => {
    const [state, effects] = step({ at: "opening" }, denied("make_code"), 0);
    expect(state).toEqual({
      at: "home",
      objection: { kind: "denied", action: "make_code", reasons },
    });
    expect(effects).toEqual([{ do: "close" }]);
  });

  test("B-05: a code that is void leads home, and says why", () => {
    const waiting: State = { at: "waiting", code: "01234567", until: 9 };
    const [state, effects] = step(waiting, denied("make_code"), 0);
    expect(state).toMatchObject({ at: "home", objection: { action: "make_code" } });
    expect(effects).toEqual([{ do: "close" }]);
  });

  test("B-05: what is known of the sharer outlives a refusal", () => {
    const background = { code_age: null, met_before: false, oddities: [] };
    const session = "0123456789abcdef0123456789abcdef";
    const [known] = step(asking, service({ type: "background", session, background }), 0);
    expect(step(known, denied("control"), 0)[0]).toMatchObject({ at: "joined", background });
  });

  test("S-11: somebody who may not share leaves the code as it is", () => {
    const waiting: State = { at: "waiting", code: "01234567", until: 9 };
    expect(step(waiting, denied("join"), 0)[0]).toMatchObject({ ...waiting, objection: {} });
  });

  test("S-19: a mode that is refused can be asked for no more, another can", () => {
    const [state] = step(asking, denied("control"), 0);
    expect(state).toMatchObject({ at: "joined", objection: { action: "control" } });
    const [again, effects] = step(state, { type: "ask", role: "view" }, 0);
    expect(again).not.toHaveProperty("objection");
    expect(effects).toHaveLength(1);
  });

  test("S-19: a session that is revoked ends with its reasons", () => {
    const [told] = step(watching, denied("view"), 0);
    expect(told).toMatchObject({ at: "watching", upgrade: "none" });
    const [ended] = step(told, service({ type: "ended", reason: "right_revoked" }), 0);
    expect(ended).toEqual({
      at: "ended",
      reason: "right_revoked",
      objection: { kind: "denied", action: "view", reasons },
    });
    const [other] = step(told, service({ type: "ended", reason: "sharer_ended" }), 0);
    expect(other).toEqual({ at: "ended", reason: "sharer_ended" });
  });
});

describe("S-12: a stronger sign-in", () => {
  test("is asked for by the helper, and what waited goes on", () => {
    for (const [state, action, role] of [
      [asking, "control", "control"],
      [watching, "upgrade", "control"],
    ] as const) {
      const [waits] = step(state, stepUp(action), 0);
      expect(step(waits, { type: "confirm" }, 0)).toEqual([
        waits,
        [{ do: "step_up", context: "c1" }],
      ]);
      expect(step(waits, { type: "stepped_up" }, 0)[1]).toEqual([
        { do: "tell_service", message: { type: "request", role } },
      ]);
    }
    const [home] = step({ at: "opening" }, stepUp("make_code"), 0);
    expect(step(home, { type: "stepped_up" }, 0)).toEqual([{ at: "opening" }, [{ do: "connect" }]]);
  });

  test("S-12: a stronger sign-in that is refused is told of, and may be tried again", () => {
    for (const why of ["refused", "blocked"] as const) {
      const [waits] = step(watching, stepUp("control"), 0);
      const [told, effects] = step(waits, { type: "step_up_failed", why }, 0);
      expect(told).toMatchObject({ at: "watching", objection: { failed: why } });
      expect(effects).toEqual([]);
      expect(step(told, { type: "confirm" }, 0)[1]).toEqual([{ do: "step_up", context: "c1" }]);
      expect(step(told, { type: "stepped_up" }, 0)[0]).not.toHaveProperty("objection");
    }
    expect(step(joined, { type: "step_up_failed", why: "refused" }, 0)).toEqual([joined, []]);
  });

  test("does nothing that nobody asked for", () => {
    for (const event of [{ type: "confirm" }, { type: "stepped_up" }] as const)
      expect(step(joined, event, 0)).toEqual([joined, []]);
  });
});

test("S-13, S-15: warnings are known before the session, stay in it, and change with the device", () => {
  const warnings = [{ code: "unenrolled", why: null, seconds: null }] as const;
  const terms = (of: typeof warnings | []) =>
    service({ type: "terms", warnings: [...of], chat: true });
  const [warned] = step(asking, terms(warnings), 0);
  expect(warned).toMatchObject({ at: "asking", warnings });
  const granted: Event = { type: "agent", message: { type: "granted", role: "view" } };
  const [seen] = step(warned, granted, 0);
  expect(seen).toMatchObject({ at: "watching", warnings });
  expect(step(warned, denied("control"), 0)[0]).toMatchObject({ at: "joined", warnings });
  expect(step(seen, terms([]), 0)[0]).toMatchObject({ warnings: [] });
});

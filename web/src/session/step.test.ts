import { describe, expect, test } from "vitest";

import type { EndReason, ToHelper } from "../protocol";
import { PEER as peer, service } from "./fixture";
import { nonce } from "./link";
import { step } from "./step";
import type { Effect, Event, State } from "./state";

const agent = (message: ToHelper): Event => ({ type: "agent", message });
const key = { type: "acted", event: { kind: "key", key: "Enter", down: true } } as const;

const SESSION = service({
  type: "session",
  session: "0".repeat(32),
  code: "01234567",
  expires_in: 600,
});
const JOINED = service({ type: "joined", session: "0".repeat(32), peer });
const ALLOWED = (role: "view" | "control") => service({ type: "answered", role, consent: "allow" });

/** Takes the events one after the other, 10 ms apart; returns the state and every effect. */
function run(events: Event[], state: State = { at: "starting" }, start = 0): [State, Effect[]] {
  const effects: Effect[] = [];
  events.forEach((event, i) => {
    const [next, more] = step(state, event, start + i * 10);
    state = next;
    effects.push(...more);
  });
  return [state, effects];
}

const TO_JOINED: Event[] = [
  { type: "signed_in" },
  { type: "start" },
  service({ type: "welcome", version: 1, you: peer }),
  SESSION,
  JOINED,
];
const toWatching = (role: "view" | "control"): Event[] => [
  ...TO_JOINED,
  { type: "link_up" },
  { type: "ask", role },
  ALLOWED(role),
  agent({ type: "granted", role }),
];
const at = (events: Event[]) => run(events)[0];
const watching = (role: "view" | "control") =>
  at(toWatching(role)) as Extract<State, { at: "watching" }>;

describe("a relay", () => {
  const server = { urls: ["turns:a:443?transport=tcp"], username: "1:a", credential: "b" };
  const RELAY = service({ type: "relay", server, expires_in: 600 });
  const asked: Event[] = [...TO_JOINED, { type: "ask", role: "view" }, ALLOWED("view")];

  test("B-17: is used while there is no link", () => {
    expect(step(at(asked), RELAY, 100)[1]).toEqual([{ do: "relay", server }]);
  });

  test("B-17: is left alone once there is a direct link", () => {
    expect(step(at([...asked, { type: "link_up" }]), RELAY, 100)[1]).toEqual([]);
    expect(step({ at: "home" }, RELAY, 100)[1]).toEqual([]);
  });

  describe("B-09: once a path broke", () => {
    const asks: Effect = { do: "tell_service", message: { type: "relay" } };
    const [alive] = step(watching("control"), agent({ type: "pong", nonce: 0 }), 1000);
    /** Ticks every 500 ms until `end`; tells when it was asked for. */
    function silent(state: State, end: number, from = 1000): [State, number[]] {
      const asked: number[] = [];
      for (let t = from; t <= end; t += 500) {
        const [next, effects] = step(state, { type: "tick" }, t);
        if (effects.some((it) => JSON.stringify(it) === JSON.stringify(asks))) asked.push(t - from);
        state = next;
      }
      return [state, asked];
    }

    test("it is asked for after 3 s of silence, once, and used at once", () => {
      const [state, asked] = silent(alive, 8500);
      expect(asked).toEqual([3000]);
      expect(step(state, RELAY, 8600)[1]).toEqual([{ do: "relay", server }]);
      expect(state).toMatchObject({ at: "watching", role: "control" });
    });

    test("an agent that is heard meanwhile has its path back", () => {
      const [state] = silent(alive, 4500);
      const [heard] = step(state, agent({ type: "pong", nonce: 0 }), 4600);
      expect(step(heard, RELAY, 4700)).toEqual([heard, []]);
      expect(silent(heard, 8000, 4600)[1]).toEqual([3000]);
    });

    test("none is asked for while bytes arrive, or without a service, or of one who is gone", () => {
      const [lost] = step(alive, { type: "service_lost" }, 1000);
      expect(silent(lost, 8500)[1]).toEqual([]);
      const [vanished] = step(alive, service({ type: "peer_vanished" }), 1000);
      expect(silent(vanished, 8500)[1]).toEqual([]);
      const [carried] = step(alive, { type: "carried" }, 4000);
      expect(silent(carried, 7500)[1]).toEqual([]);
    });

    test("an agent that agrees has twelve seconds more, once", () => {
      const answer = service({ type: "negotiate", step: { kind: "answer", sdp: "v=0" } });
      const ends = (answers: number[]): number => {
        let state: State = alive;
        for (let t = 1000; t < 20_000; t += 500) {
          if (answers.includes(t)) [state] = step(state, answer, t);
          [state] = step(state, { type: "tick" }, t);
          if (!("link" in state)) return t;
        }
        return Infinity;
      };
      expect(ends([])).toBe(9000);
      expect(ends([2000])).toBe(9000);
      expect(ends([5000])).toBe(17_000);
      expect(ends([5000, 9000])).toBe(17_000);
    });

    test("none is asked for before the sharer agreed", () => {
      const joined = at([...TO_JOINED, { type: "link_up" }]);
      expect(silent(joined, 7500)[1]).toEqual([]);
    });
  });
});

describe("the way to the screen", () => {
  test("every state comes in its turn", () => {
    const names = toWatching("control").map((_, i, events) => at(events.slice(0, i + 1)).at);
    expect(names).toEqual([
      "home",
      "opening",
      "opening",
      "waiting",
      "joined",
      "joined",
      "asking",
      "connecting",
      "watching",
    ]);
  });

  test("the link is offered as soon as the sharer joins, and before anything is asked for", () => {
    const [, effects] = run(TO_JOINED);
    expect(effects.map((effect) => effect.do)).toEqual(["connect", "make_code", "offer"]);
  });

  test("S-58: the screen comes by the agent's grant, not by the service's word", () => {
    expect(at(toWatching("view").slice(0, -1)).at).toBe("connecting");
  });

  test("the grant may overtake the service's word", () => {
    const events = [
      ...TO_JOINED,
      { type: "ask", role: "view" } as const,
      agent({ type: "granted", role: "view" }),
    ];
    expect(at(events)).toMatchObject({ at: "watching", role: "view" });
    expect(at([...events, ALLOWED("view")])).toMatchObject({ at: "watching", role: "view" });
  });

  test("S-48: nothing is taken that was not asked for", () => {
    expect(at([...TO_JOINED, agent({ type: "granted", role: "control" })]).at).toBe("joined");
    const asked = [...TO_JOINED, { type: "ask", role: "view" } as const];
    expect(at([...asked, agent({ type: "granted", role: "control" })]).at).toBe("asking");
    expect(at([...asked, ALLOWED("control")]).at).toBe("asking");
  });

  test("S-48: a decline ends it, in plain words", () => {
    const declined = service({ type: "answered", role: "view", consent: "decline" });
    const state = at([...TO_JOINED, { type: "ask", role: "view" }, declined]);
    const ended = service({ type: "ended", reason: "declined" });
    const end = [{ at: "ended", reason: "declined" }, [{ do: "close" }]];
    expect(step(state, ended, 100)).toEqual(end);
    expect(step(state, { type: "tick" }, 5000)).toEqual(end);
    expect(step(state, ALLOWED("view"), 100)[0].at).toBe("asking");
    expect(step(state, agent({ type: "granted", role: "view" }), 100)[0].at).toBe("asking");
  });

  test("S-48: silence is a decline, and told as silence", () => {
    const declined = service({ type: "answered", role: "view", consent: "decline" });
    const silent = service({ type: "ended", reason: "no_answer" });
    const state = at([...TO_JOINED, { type: "ask", role: "view" }, declined, silent]);
    expect(state).toEqual({ at: "ended", reason: "no_answer" });
  });

  test("S-55: a code expires when the service said it would", () => {
    const waiting = at(TO_JOINED.slice(0, -1));
    expect(step(waiting, { type: "tick" }, 600_000)[0].at).toBe("waiting");
    expect(step(waiting, { type: "tick" }, 600_030)).toEqual([
      { at: "home", notice: "expired" },
      [{ do: "close" }],
    ]);
  });

  test("other versions part at once, on either connection", () => {
    const opening = at(TO_JOINED.slice(0, 2));
    const welcome = service({ type: "welcome", version: 2, you: peer });
    expect(step(opening, welcome, 0)[0]).toEqual({ at: "ended", reason: "version" });
    expect(step(watching("view"), agent({ type: "hello", version: 2 }), 0)[0]).toEqual({
      at: "ended",
      reason: "version",
    });
  });

  test("a refusal leads home with its reason", () => {
    const refused = service({ type: "refused", refusal: "busy", retry_in: null });
    expect(at([...TO_JOINED.slice(0, 3), refused])).toEqual({ at: "home", notice: "busy" });
  });

  test("after the end, a new session begins", () => {
    const [state, effects] = step({ at: "ended", reason: "declined" }, { type: "start" }, 0);
    expect([state, effects]).toEqual([{ at: "opening" }, [{ do: "connect" }]]);
  });
});

describe("input", () => {
  test("S-06: with control granted it goes out", () => {
    expect(step(watching("control"), key, 0)[1]).toEqual([{ do: "act", event: key.event }]);
  });

  test("S-05, S-58: in view only, before the grant and after the end it does not", () => {
    const events = toWatching("control");
    for (let n = 0; n < events.length; n++)
      expect(step(at(events.slice(0, n)), key, 0)[1]).toEqual([]);
    expect(step(watching("view"), key, 0)[1]).toEqual([]);
    expect(step({ at: "ended", reason: "other" }, key, 0)[1]).toEqual([]);
  });

  test("while the agent pauses it, it does not", () => {
    const [paused] = step(watching("control"), agent({ type: "input_paused", paused: true }), 0);
    expect(step(paused, key, 0)[1]).toEqual([]);
    const [again] = step(paused, agent({ type: "input_paused", paused: false }), 0);
    expect(step(again, key, 0)[1]).toHaveLength(1);
  });
});

describe("more, and less", () => {
  const asked = () => step(watching("view"), { type: "ask", role: "control" }, 0);

  test("M-09: control is asked for once, and comes by a grant", () => {
    const [state, effects] = asked();
    expect(effects).toEqual([
      { do: "tell_service", message: { type: "request", role: "control" } },
    ]);
    expect(step(state, { type: "ask", role: "control" }, 0)[1]).toEqual([]);
    const [granted] = step(state, agent({ type: "granted", role: "control" }), 0);
    expect(granted).toMatchObject({ at: "watching", role: "control", upgrade: "none" });
  });

  test("M-09: a decline leaves the view", () => {
    const declined = service({ type: "answered", role: "control", consent: "decline" });
    expect(step(asked()[0], declined, 0)[0]).toMatchObject({
      at: "watching",
      role: "view",
      upgrade: "declined",
    });
  });

  test("control that was not asked for is not taken", () => {
    const [state] = step(watching("view"), agent({ type: "granted", role: "control" }), 0);
    expect(state).toMatchObject({ role: "view" });
  });

  test("control is given back at once, with nothing held down", () => {
    const [state, effects] = step(watching("control"), { type: "ask", role: "view" }, 0);
    expect(state).toMatchObject({ at: "watching", role: "view" });
    expect(effects).toEqual([
      { do: "act", event: { kind: "release_all" } },
      { do: "tell_service", message: { type: "request", role: "view" } },
    ]);
  });
});

describe("S-61: how it ends", () => {
  const tick = { type: "tick" } as const;
  /** Ticks every 500 ms from the last word of the agent, and tells when and how it ended. */
  function silence(state: State, from = 1000): [number, EndReason] {
    for (let t = 0; t < 60_000; t += 500) {
      [state] = step(state, tick, from + t);
      if (state.at === "ended") return [t, state.reason];
    }
    throw new Error("it never ended");
  }
  const alive = (state: State) => step(state, agent({ type: "pong", nonce: 0 }), 1000)[0];

  test("a silent agent is cut off after 8 s", () => {
    expect(silence(alive(watching("control")))).toEqual([8000, "connection_lost"]);
  });

  test("B-14: a path that carries, however slowly, is given half a minute", () => {
    let state = alive(watching("view"));
    for (let t = 1000; state.at !== "ended"; t += 500) {
      expect(t).toBeLessThan(40_000);
      [state] = step(state, { type: "carried" }, t);
      [state] = step(state, tick, t + 400);
      if (t < 30_000) expect(state.at).toBe("watching");
    }
  });

  test("S-61: what arrived a while ago is no sign of life", () => {
    const [carried] = step(alive(watching("view")), { type: "carried" }, 4000);
    expect(silence(carried)).toEqual([8000, "connection_lost"]);
  });

  test("a silent agent whose WebSocket broke has crashed after 2 s", () => {
    const [vanished] = step(alive(watching("view")), service({ type: "peer_vanished" }), 1000);
    expect(silence(vanished)).toEqual([2000, "crashed"]);
  });

  test("an agent whose WebSocket broke lives on while it is heard", () => {
    let [state] = step(alive(watching("view")), service({ type: "peer_vanished" }), 1000);
    for (let t = 1000; t < 30_000; t += 500) {
      [state] = step(state, agent({ type: "pong", nonce: nonce(t) }), t);
      [state] = step(state, tick, t + 400);
    }
    expect(state.at).toBe("watching");
  });

  test("a link that closes without a word is lost after 1 s", () => {
    const [down] = step(alive(watching("view")), { type: "link_down" }, 1000);
    expect(silence(down)).toEqual([1000, "connection_lost"]);
  });

  test("a link that never comes up is given up, but only once it is needed", () => {
    let joined = at(TO_JOINED);
    for (let t = 0; t < 100_000; t += 500) [joined] = step(joined, tick, t);
    expect(joined.at).toBe("joined");
    const connecting = at([...TO_JOINED, { type: "ask", role: "view" }, ALLOWED("view")]);
    expect(silence(connecting)[1]).toBe("connection_lost");
  });

  test("S-61: the sharer is told why this page gave up, and not that the helper left", () => {
    const told = (reason: EndReason) => [
      { do: "tell_service", message: { type: "leave", reason } },
      { do: "close" },
    ];
    const silent = alive(watching("view"));
    const [down] = step(silent, { type: "link_down" }, 1000);
    expect(step(down, tick, 2000)[1]).toEqual(told("connection_lost"));
    expect(step(silent, agent({ type: "hello", version: 2 }), 1000)[1]).toEqual(told("version"));
  });

  test("time for which this page slept is not the agent's silence", () => {
    let state = alive(watching("view"));
    [state] = step(state, tick, 1500);
    [state] = step(state, tick, 60_000);
    expect(state.at).toBe("watching");
    expect(silence(state, 60_500)).toEqual([6000, "connection_lost"]);
  });

  test("the agent's own reason is told, from either side", () => {
    for (const reason of ["sharer_ended", "capture_failed", "service_ended", "other"] as const) {
      const expected = [{ at: "ended", reason }, [{ do: "close" }]];
      expect(step(watching("view"), agent({ type: "ended", reason }), 0)).toEqual(expected);
      expect(step(watching("view"), service({ type: "ended", reason }), 0)).toEqual(expected);
    }
  });

  test("End lets go, says goodbye on both connections, then closes", () => {
    const [state, effects] = step(watching("control"), { type: "end" }, 0);
    expect(state).toEqual({ at: "ended", reason: "helper_ended" });
    expect(effects).toEqual([
      { do: "act", event: { kind: "release_all" } },
      { do: "tell_agent", message: { type: "bye", reason: "helper_ended" } },
      { do: "tell_service", message: { type: "leave", reason: "helper_ended" } },
      { do: "close" },
    ]);
  });

  test("a page that goes away says that it left", () => {
    const [, effects] = step(watching("view"), { type: "leave" }, 0);
    expect(effects).toContainEqual({
      do: "tell_agent",
      message: { type: "bye", reason: "helper_left" },
    });
    expect(effects).toContainEqual({
      do: "tell_service",
      message: { type: "leave", reason: "helper_left" },
    });
  });

  test("the service alone lost: what is granted goes on, nothing more can be asked for", () => {
    const [state] = step(watching("view"), { type: "service_lost" }, 0);
    expect(state).toMatchObject({ at: "watching", link: { service: false } });
    expect(step(state, { type: "ask", role: "control" }, 0)[1]).toEqual([]);
    expect(at([...TO_JOINED, { type: "service_lost" }])).toEqual({
      at: "ended",
      reason: "connection_lost",
    });
    expect(at([...TO_JOINED.slice(0, 2), { type: "service_lost" }])).toEqual({
      at: "home",
      notice: "unreachable",
    });
  });
});

describe("the link", () => {
  test("a pong tells the round trip; one that answers no ping does not", () => {
    const [state] = step(watching("view"), agent({ type: "pong", nonce: nonce(5000) }), 5012.3);
    expect(state).toMatchObject({ link: { roundTrip: 12.3, heard: 5012.3 } });
    const [forged] = step(state, agent({ type: "pong", nonce: 0xffff_ffff }), 200_000);
    expect(forged).toMatchObject({ link: { roundTrip: 12.3 } });
  });

  test("it is pinged while it is up", () => {
    expect(step(watching("view"), { type: "tick" }, 100)[1]).toEqual([
      { do: "tell_agent", message: { type: "ping", nonce: 1000 } },
    ]);
    expect(step(at(TO_JOINED), { type: "tick" }, 100)[1]).toEqual([]);
  });

  test("a cursor that moves after a rest was moved by the sharer", () => {
    const point = { display: 0, x: 0.5, y: 0.5 };
    const moved = step(
      watching("control"),
      { type: "acted", event: { kind: "move", at: point } },
      1000,
    )[0];
    const others = (now: number) => {
      const [state] = step(moved, agent({ type: "cursor_at", at: point }), now);
      return state.at === "watching" && state.screen.cursor.others;
    };
    expect([others(1100), others(2000)]).toEqual([false, true]);
  });
});

import { expect, test } from "vitest";

import { Prober } from "./prober";

/**
 * Asks twice a second until `end`, of a helper who acts; `passes` says whether a question has its
 * answer `trip` later.
 */
function probes(end: number, trip: number, passes: (now: number) => boolean): number[] {
  const prober = new Prober();
  const sent: number[] = [];
  const answers: number[] = [];
  for (let now = 0; now < end; now++) {
    if (now === answers[0]) {
      answers.shift();
      prober.answer(now);
    }
    prober.act(now);
    if (now % 500 === 0 && prober.ask(now) && passes(now)) answers.push(now + trip);
    if (prober.wait(now) === 0) {
      expect(prober.probe(now)).toBe(true);
      expect(prober.probe(now)).toBe(false);
      sent.push(now);
    }
  }
  return sent;
}

test("nothing is sent while questions are answered in time", () => {
  expect(new Prober().wait(0)).toBeUndefined();
  expect(probes(10_000, 40, () => true)).toEqual([]);
  expect(probes(10_000, 450, () => true)).toEqual([]);
});

test("B-09: in an outage probes go out at a steady pace", () => {
  const sent = probes(10_000, 40, (now) => now < 2000);
  expect(sent[0]).toBeGreaterThanOrEqual(2500);
  expect(sent[0]).toBeLessThan(2600);
  for (let i = 1; i < sent.length; i++) expect(sent[i]! - sent[i - 1]!).toBe(80);
});

test("one question without an answer is enough", () => {
  const prober = new Prober();
  prober.act(0);
  const asked = [0, 500, 1000, 1500, 2000, 2500].filter((now) => prober.ask(now));
  expect(asked).toEqual([0, 500, 1000]);
  prober.answer(3000);
  expect(prober.silent(3000)).toBe(false);
  expect(prober.ask(3000)).toBe(true);
});

test("an answer after an outage does not make it wait for ever the next time", () => {
  const prober = new Prober();
  prober.ask(0);
  prober.answer(8000);
  prober.ask(8000);
  expect(prober.wait(8000)).toBeLessThanOrEqual(2000);
});

test("who only watches is asked for once a second, and who acts for twice", () => {
  const prober = new Prober();
  prober.act(2000);
  const asked: number[] = [];
  for (let now = 0; now < 8000; now += 500) {
    if (prober.ask(now)) asked.push(now);
    prober.answer(now + 20);
  }
  expect(asked).toEqual([0, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5500, 6500, 7500]);
});

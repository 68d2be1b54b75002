import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { describe, expect, test } from "vitest";

import { Sas, fingerprint } from "./sas";

type Vector = {
  helper: string;
  sharer: string;
  helper_nonce: string;
  sharer_nonce: string;
  commitment: string;
  digits: string;
};
const golden = resolve(import.meta.dirname, "../../../crates/rh-protocol/tests/golden/sas.json");
const vectors = JSON.parse(readFileSync(golden, "utf8")) as Vector[];

describe("B-04: the digits", () => {
  test.each(vectors)("are the agent's: $digits", async (it) => {
    const sas = new Sas(it.helper_nonce);
    expect(sas.commit(it.commitment)).toBe(it.helper_nonce);
    expect(await sas.reveal(it.sharer_nonce, it)).toBe(it.digits);
  });

  const [it] = vectors as [Vector];
  const begun = (nonce = it.helper_nonce) => {
    const sas = new Sas(nonce);
    sas.commit(it.commitment);
    return sas;
  };

  test("are others between other certificates", async () => {
    const swapped = { ...it, sharer: it.helper };
    expect(await begun().reveal(it.sharer_nonce, swapped)).not.toBe(it.digits);
  });

  test("are none if the agent reveals what it was not bound to", async () => {
    expect(await begun().reveal(it.helper_nonce, it)).toBeUndefined();
    expect(await new Sas().reveal(it.sharer_nonce, it)).toBeUndefined();
    expect(await begun().reveal(it.sharer_nonce, undefined)).toBeUndefined();
  });

  test("are made once, by one commitment", async () => {
    const sas = begun();
    expect(sas.commit(it.commitment)).toBeUndefined();
    await sas.reveal("0".repeat(64), it);
    expect(await sas.reveal(it.sharer_nonce, it)).toBeUndefined();
  });

  test("come of a nonce that is another each time", () => {
    const nonces = [1, 2, 3].map(() => new Sas().commit("0".repeat(64)));
    expect(new Set(nonces).size).toBe(3);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a description's certificate", () => {
  test("is read in one form", () => {
    const sdp = "v=0\r\na=fingerprint:SHA-256 ab:0c\r\nm=video\r\na=fingerprint:sha-256 AB:0C\r\n";
    expect(fingerprint(sdp)).toBe("sha-256 AB:0C");
  });

  test("is none if there are several, or it is none", () => {
    for (const sdp of [
      undefined,
      "v=0\n",
      "a=fingerprint:sha-256 AB:0C\na=fingerprint:sha-256 AB:0D\n",
      "a=fingerprint:sha-256 AB:0C\na=fingerprint:sha-1 AB:0C\n",
      "a=fingerprint:sha-256 AB:0\n",
      "a=fingerprint:sha-256 AB:0C\u202e\n",
    ])
      expect(fingerprint(sdp)).toBeUndefined();
  });
});

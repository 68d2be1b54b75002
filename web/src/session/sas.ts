/**
 * The helper's part of a short authentication string: six digits that both sides see, and that are the
 * same on both unless somebody stands between them (B-04; RFC 6189, section 4.4).
 *
 * The agent commits itself to a nonce, hears this page's, and reveals its own. The digits are of both
 * nonces and of both certificates of the link, so whoever ends the link on the way, the service included,
 * has one guess in a million.
 */

/** The certificates at the two ends: `sha-256 AB:CD:…`. */
export type Ends = { helper: string; sharer: string };

const STRINGS = 1_000_000n;

export class Sas {
  #commitment: string | undefined;
  #revealed = false;
  readonly #nonce: string;

  constructor(nonce = random()) {
    this.#nonce = nonce;
  }

  /** Takes the agent's commitment; returns the nonce to answer with. Once: another would be another's. */
  commit(commitment: string): string | undefined {
    if (this.#commitment !== undefined) return undefined;
    this.#commitment = commitment;
    return this.#nonce;
  }

  /** The digits, if the agent reveals what it was bound to; `undefined` if not, or not first. */
  async reveal(nonce: string, ends: Ends | undefined): Promise<string | undefined> {
    const first = !this.#revealed && this.#commitment !== undefined;
    this.#revealed = true;
    if (!first || ends === undefined) return undefined;
    const commitment = hex(await sha256(`rh.sas.commitment.v1\n${nonce}`));
    if (commitment !== this.#commitment) return undefined;
    const text = ["rh.sas.v1", ends.helper, ends.sharer, this.#nonce, nonce].join("\n");
    const number = new DataView((await sha256(text)).buffer).getBigUint64(0) % STRINGS;
    return number.toString().padStart(6, "0");
  }
}

/** The digits as they are read out: two groups of three. */
export function inGroups(digits: string): string {
  return `${digits.slice(0, 3)} ${digits.slice(3)}`;
}

/**
 * The one certificate that a description names (RFC 8122), in one form; `undefined` if it names none or
 * several, since the link could then be with either.
 */
export function fingerprint(sdp: string | undefined): string | undefined {
  const lines = (sdp ?? "").split(/\r?\n/).filter((line) => line.startsWith("a=fingerprint:"));
  const all = new Set(lines.map((line) => normal(line.slice("a=fingerprint:".length))));
  const [only] = all;
  return all.size === 1 ? only : undefined;
}

function normal(value: string): string | undefined {
  const parts = /^([A-Za-z0-9-]+) +([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})*)$/.exec(value.trim());
  return parts?.[1] && parts[2] ? `${parts[1].toLowerCase()} ${parts[2].toUpperCase()}` : undefined;
}

async function sha256(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function random(): string {
  return hex(crypto.getRandomValues(new Uint8Array(32)));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What the stats line tells, from W3C `RTCStatsReport`s. */

export type Path = "udp" | "tcp" | "relay";

export type Stats = {
  /** Pictures a second. */
  fps: number;
  /** Bits a second, of both halves of the picture. */
  bitrate: number;
  width: number;
  height: number;
  /** Milliseconds there and back. */
  roundTrip?: number | undefined;
  /** How packets travel. */
  path?: Path;
};

/** A count of bytes at a time, to take a rate from. */
export type Count = { bytes: number; at: number };

/** The channel of the exact half. */
const TILES = "tiles";

// Members that the DOM types lack or leave open.
type Inbound = { type: "inbound-rtp"; kind: string; timestamp: number } & Partial<
  Record<"bytesReceived" | "framesPerSecond" | "frameWidth" | "frameHeight", number>
>;
type Channel = { type: "data-channel"; label?: string; timestamp: number; bytesReceived?: number };
type Transport = { type: "transport"; selectedCandidatePairId?: string };
type Pair = {
  type: "candidate-pair";
  nominated?: boolean;
  state?: string;
  localCandidateId: string;
  remoteCandidateId: string;
  bytesReceived?: number;
  packetsReceived?: number;
};
type Candidate = { candidateType?: string; protocol?: string };

/** The stats now, and the count for the next time; `undefined` before there is a picture. */
export function summarise(
  report: Iterable<[string, unknown]>,
  before?: Count,
): [Stats, Count] | undefined {
  const entries = new Map(report);
  const all = [...entries.values()] as { type: string }[];
  const inbound = all.find(
    (entry): entry is Inbound =>
      entry.type === "inbound-rtp" && (entry as Inbound).kind === "video",
  );
  const tiles = all.find(
    (entry): entry is Channel =>
      entry.type === "data-channel" && (entry as Channel).label === TILES,
  );
  const newest = inbound ?? tiles;
  if (!newest) return undefined;
  const bytes = (inbound?.bytesReceived ?? 0) + (tiles?.bytesReceived ?? 0);
  const count = { bytes, at: newest.timestamp };
  const seconds = before ? (count.at - before.at) / 1000 : 0;
  const stats: Stats = {
    fps: Math.round(inbound?.framesPerSecond ?? 0),
    bitrate: before && seconds > 0 ? Math.max(((count.bytes - before.bytes) * 8) / seconds, 0) : 0,
    width: inbound?.frameWidth ?? 0,
    height: inbound?.frameHeight ?? 0,
  };
  const path = pathOf(entries, all);
  return [path ? { ...stats, path } : stats, count];
}

/** What has arrived, of whatever kind. */
export type Received = { bytes: number; packets: number };

/** Bytes of a packet above which it is more than an acknowledgement. */
const ACKNOWLEDGEMENT = 256;

export function received(report: Iterable<[string, unknown]>): Received {
  const pairs = [...new Map(report).values()].filter(
    (entry): entry is Pair => (entry as Pair).type === "candidate-pair",
  );
  const sum = (of: (pair: Pair) => number | undefined): number =>
    pairs.reduce((sum, pair) => sum + (of(pair) ?? 0), 0);
  return { bytes: sum((pair) => pair.bytesReceived), packets: sum((pair) => pair.packetsReceived) };
}

/**
 * Whether something of the agent's has arrived between two looks: acknowledgements come even from
 * one that does nothing any more.
 */
export function tells(before: Received, after: Received): boolean {
  const packets = after.packets - before.packets;
  return packets > 0 && after.bytes - before.bytes > packets * ACKNOWLEDGEMENT;
}

function pathOf(entries: Map<string, unknown>, all: { type: string }[]): Path | undefined {
  const transport = all.find((entry): entry is Transport => entry.type === "transport");
  const selected = entries.get(transport?.selectedCandidatePairId ?? "") as Pair | undefined;
  const pairs = all.filter((entry): entry is Pair => entry.type === "candidate-pair");
  // One that broke may look well for some time after another took its place.
  const pair = selected ?? pairs.find((entry) => entry.nominated && entry.state === "succeeded");
  if (!pair) return undefined;
  const ends = [pair.localCandidateId, pair.remoteCandidateId].map(
    (id) => entries.get(id) as Candidate | undefined,
  );
  if (ends.some((end) => end?.candidateType === "relay")) return "relay";
  return ends[0]?.protocol === "tcp" ? "tcp" : "udp";
}

/** Which ways to the service and its relay work from here, each really tried (S-23). */

export type Way = "https" | "websocket" | "relay-udp" | "relay-tls";

export type State =
  | "trying"
  | "works"
  | "fails"
  /** The service has no such way. */
  | "absent";

export const WAYS: readonly Way[] = ["https", "websocket", "relay-udp", "relay-tls"];

/** Milliseconds after which a way that gave no answer does not work. */
const PATIENCE = 8000;

/** What Chromium and Firefox say of a relay that was not reached (W3C WebRTC, 4.8.3). */
const NOT_REACHED = 701;

/** Tries every way; tells each outcome as it is known. */
export async function tryAll(tell: (way: Way, state: State) => void): Promise<void> {
  const urls = await relays();
  const over = (scheme: string) => urls.find((url) => url.startsWith(scheme));
  const ways: [Way, Promise<State>][] = [
    ["https", location.protocol === "https:" ? works(https()) : Promise.resolve("absent")],
    ["websocket", works(websocket())],
    ["relay-udp", relay(over("turn:"))],
    ["relay-tls", relay(over("turns:"))],
  ];
  await Promise.all(ways.map(async ([way, outcome]) => tell(way, await outcome)));
}

/** The relay's addresses; none if the service has no relay. */
async function relays(): Promise<string[]> {
  try {
    const { urls } = (await (await fetch("/api/relay")).json()) as { urls?: unknown };
    return Array.isArray(urls) ? urls.filter((url) => typeof url === "string") : [];
  } catch {
    return [];
  }
}

async function works(tried: Promise<boolean>): Promise<State> {
  const late = new Promise<boolean>((done) => setTimeout(() => done(false), PATIENCE));
  return (await Promise.race([tried.catch(() => false), late])) ? "works" : "fails";
}

async function https(): Promise<boolean> {
  return (await fetch("/healthz", { cache: "no-store" })).ok;
}

function websocket(): Promise<boolean> {
  const url = new URL("/ws/check", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  return new Promise((done) => {
    socket.onmessage = () => done(true);
    socket.onclose = () => done(false);
  });
}

/**
 * Asks a relay for what it will not give to somebody without a session: that it refuses shows that it
 * is reached.
 */
async function relay(url: string | undefined): Promise<State> {
  if (url === undefined) return "absent";
  const server = { urls: url, username: "0:selftest", credential: "none" };
  const connection = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: "relay" });
  const refused = new Promise<boolean>((done) => {
    connection.onicecandidateerror = ({ errorCode }) => done(errorCode !== NOT_REACHED);
  });
  connection.createDataChannel("selftest");
  await connection.setLocalDescription();
  const outcome = await works(refused);
  connection.close();
  return outcome;
}

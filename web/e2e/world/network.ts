/** A network that can be cut: an agent in a namespace of its own, joined by one virtual cable. Needs root. */

import { chmodSync, writeFileSync } from "node:fs";
import { createServer, connect, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";

import { executablePath } from "../browser";
import { run, sleep } from "./process";

export const isRoot = process.getuid?.() === 0;

let next = 0;

/** A port of this machine that was free a moment ago. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

/** The first three numbers of addresses that nobody here has. */
async function freeSubnet(): Promise<string> {
  const taken = await run("ip", ["-o", "-4", "addr"]);
  const subnets = Array.from({ length: 250 }, (_, n) => `10.213.${n + 1}`);
  const free = subnets.find((it) => !taken.includes(` ${it}.`));
  if (free === undefined) throw new Error("there is no free network: remove cables left behind");
  return free;
}

export class Cable {
  private undo: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly namespace: string,
    private readonly near: string,
    private readonly forwarder: Server,
    readonly url: string,
  ) {}

  /** Lays a cable between this machine and a new namespace; the service is reached through it. */
  static async lay(service: string): Promise<Cable> {
    const id = `${process.pid}x${next++}`;
    const namespace = `rh${id}`;
    const near = `rhn${id}`.slice(0, 15);
    const far = `rhf${id}`.slice(0, 15);
    const ip = (...args: string[]): Promise<string> => run("ip", args);
    const subnet = await freeSubnet();
    await ip("netns", "add", namespace);
    await ip("link", "add", near, "type", "veth", "peer", "name", far);
    // An address of IPv6 that comes a second later would be a network that changes, for a browser that
    // is just opening a page.
    for (const end of [near, far]) await ip("link", "set", end, "addrgenmode", "none");
    await ip("link", "set", far, "netns", namespace);
    await ip("addr", "add", `${subnet}.1/24`, "dev", near);
    await ip("link", "set", near, "up");
    await ip("netns", "exec", namespace, "ip", "addr", "add", `${subnet}.2/24`, "dev", far);
    await ip("netns", "exec", namespace, "ip", "link", "set", far, "up");
    await ip("netns", "exec", namespace, "ip", "link", "set", "lo", "up");

    const target = new URL(service);
    const forwarder = createServer((socket) => {
      const onward = connect(Number(target.port), target.hostname);
      socket.pipe(onward).pipe(socket);
      socket.on("error", () => onward.destroy());
      onward.on("error", () => socket.destroy());
    });
    const port = await new Promise<number>((resolve) => {
      forwarder.listen(0, `${subnet}.1`, () => {
        const address = forwarder.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    return new Cable(namespace, near, forwarder, `${target.protocol}//${subnet}.1:${port}`);
  }

  /** A program in `folder` that starts Chromium within the namespace. */
  chromium(folder: string): string {
    const path = join(folder, `chromium-${this.namespace}`);
    writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${this.namespace} ${executablePath} "$@"\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** Lets nothing through but TCP to the service's one port. */
  async onlyTheService(): Promise<void> {
    const { hostname, port } = new URL(this.url);
    const rule = (...args: string[]) =>
      run("ip", ["netns", "exec", this.namespace, "iptables", ...args]);
    for (const [chain, device, address, ports] of [
      ["OUTPUT", "-o", "-d", "--dport"],
      ["INPUT", "-i", "-s", "--sport"],
    ] as const) {
      await rule("-P", chain, "DROP");
      await rule("-A", chain, device, "lo", "-j", "ACCEPT");
      await rule("-A", chain, "-p", "tcp", address, hostname, ports, port, "-j", "ACCEPT");
    }
    const disable = "net.ipv6.conf.all.disable_ipv6=1";
    await run("ip", ["netns", "exec", this.namespace, "sysctl", "-qw", disable]);
  }

  /** Packets that were dropped because only the service is let through. */
  async dropped(): Promise<number> {
    const list = ["netns", "exec", this.namespace, "iptables", "-nvxL", "OUTPUT"];
    return Number((await run("ip", list)).match(/policy DROP (\d+) packets/)?.[1]);
  }

  /** Cuts it: nothing passes any more, and neither side is told. */
  async cut(): Promise<void> {
    await run("ip", ["link", "set", this.near, "down"]);
  }

  /** Lets nothing through for so long; neither side is told. */
  async interrupt(milliseconds: number): Promise<void> {
    const rules = [
      ["INPUT", "-i", this.near, "-j", "DROP"],
      ["OUTPUT", "-o", this.near, "-j", "DROP"],
    ];
    for (const rule of rules) await run("iptables", ["-I", ...rule]);
    try {
      await sleep(milliseconds);
    } finally {
      for (const rule of rules) await run("iptables", ["-D", ...rule]);
    }
  }

  /** Loses this share of the UDP packets that come from the namespace. */
  async lose(share: number): Promise<void> {
    const match = ["-i", this.near, "-p", "udp", "-m", "statistic", "--mode", "random"];
    await run("iptables", ["-I", "INPUT", ...match, "--probability", String(share), "-j", "DROP"]);
    this.undo.push(() =>
      run("iptables", ["-D", "INPUT", ...match, "--probability", String(share), "-j", "DROP"]),
    );
  }

  async remove(): Promise<void> {
    for (const undo of this.undo.splice(0)) await undo();
    this.forwarder.close();
    // It would outlive the namespace's name for as long as a process in there lives.
    await run("ip", ["link", "del", this.near]);
    await run("ip", ["netns", "del", this.namespace]);
  }
}

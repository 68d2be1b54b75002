/** A network that can be cut: an agent in a namespace of its own, joined by one virtual cable. Needs root. */

import { createServer, connect, type Server } from "node:net";

import { run } from "./process";

export const isRoot = process.getuid?.() === 0;

let next = 0;

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
    const subnet = `10.213.${next}`;
    await ip("netns", "add", namespace);
    await ip("link", "add", near, "type", "veth", "peer", "name", far);
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
    await run("ip", ["netns", "del", this.namespace]);
  }
}

/** A real X11 desktop: Xvfb, a window manager, real programs, and what can be seen of them from outside. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Child, run, sleep, until } from "./process";

export class Desktop {
  private programs: Child[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), "rh-e2e-"));

  private constructor(
    private readonly server: Child,
    readonly display: string,
  ) {}

  static async start(screen = "1280x800x24"): Promise<Desktop> {
    const args = ["-displayfd", "1", "-screen", "0", screen, "-nolisten", "tcp", "-noreset"];
    const server = new Child("Xvfb", "Xvfb", args);
    const [, number] = await server.says(/^(\d+)$/m);
    const desktop = new Desktop(server, `:${number}`);
    await desktop.open("openbox", ["--sm-disable"]);
    await until("a window manager", async () =>
      (await desktop.ask("xprop", ["-root", "_NET_SUPPORTING_WM_CHECK"])).includes("window id"),
    );
    return desktop;
  }

  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      DISPLAY: this.display,
      NO_AT_BRIDGE: "1",
      GTK_IM_MODULE: "gtk-im-context-simple",
      XDG_CONFIG_HOME: this.folder,
    };
  }

  async open(command: string, args: string[]): Promise<Child> {
    const child = new Child(command, command, args, { env: this.env, cwd: this.folder });
    this.programs.push(child);
    await sleep(50);
    return child;
  }

  /** Gives the empty part of the desktop a colour that it did not have. */
  async repaint(): Promise<void> {
    const colour = Math.floor(Math.random() * 0xffffff);
    await this.ask("xsetroot", ["-solid", `#${colour.toString(16).padStart(6, "0")}`]);
  }

  /** Runs a program on this desktop and returns what it prints. */
  ask(command: string, args: string[]): Promise<string> {
    return run(command, args, this.env);
  }

  /** Opens an editor on a new file with `text`, filling the screen's left part; returns the file's path. */
  async edit(name: string, text = ""): Promise<string> {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    await this.open("dbus-run-session", ["--", "mousepad", "--disable-server", path]);
    const window = await this.window(name);
    await this.ask("xdotool", ["windowsize", "--sync", window, "900", "500"]);
    await this.ask("xdotool", ["windowmove", "--sync", window, "20", "40"]);
    await this.ask("xdotool", ["windowactivate", "--sync", window]);
    await sleep(300);
    return path;
  }

  /** Waits for a window whose title contains `title`. */
  async window(title: string): Promise<string> {
    const find = async (): Promise<string> => {
      try {
        return (
          (await this.ask("xdotool", ["search", "--onlyvisible", "--name", title]))
            .trim()
            .split("\n")[0] ?? ""
        );
      } catch {
        return "";
      }
    };
    return until(`a window titled ${title}`, find, 20, () =>
      this.programs.map((it) => it.output).join("\n"),
    );
  }

  /** Where the inside of a window begins. */
  async corner(window: string): Promise<{ x: number; y: number }> {
    const text = await this.ask("xwininfo", ["-id", window]);
    const number = (name: string): number =>
      Number(text.match(new RegExp(`Absolute upper-left ${name}: +(-?\\d+)`))?.[1]);
    return { x: number("X"), y: number("Y") };
  }

  read(path: string): string {
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** Waits until the pointer is there. */
  async pointed(x: number, y: number): Promise<void> {
    const there = async () => {
      const at = await this.pointer();
      return at.x === x && at.y === y;
    };
    await until(`the pointer is at ${x}, ${y}`, there, 5);
  }

  /** Where the pointer is. */
  async pointer(): Promise<{ x: number; y: number }> {
    const text = await this.ask("xdotool", ["getmouselocation"]);
    const [, x, y] = text.match(/x:(-?\d+) y:(-?\d+)/) ?? [];
    return { x: Number(x), y: Number(y) };
  }

  /** The keys and buttons that are down, as the server knows them. */
  async pressed(): Promise<string[]> {
    const lists = await this.ask("xinput", ["list", "--short"]);
    const down: string[] = [];
    for (const [, id] of lists.matchAll(/XTEST.*id=(\d+)/g)) {
      const state = await this.ask("xinput", ["query-state", id ?? ""]);
      for (const [line] of state.matchAll(/(?:key|button)\[\d+\]=down/g)) down.push(line);
    }
    return down;
  }

  /** A picture of what the sharer sees. */
  async shoot(path: string): Promise<void> {
    await this.ask("import", ["-window", "root", path]);
  }

  async stop(): Promise<void> {
    for (const program of this.programs.reverse()) await program.stop();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The files that somebody is about to send: each under its own id, tried again through a lost network, one by one. */

import type { Attachment } from "../events.ts";
import { newId } from "../socket.ts";
import type { Post } from "./posting.ts";
import { Refusal } from "./refusal.ts";
import type { Prepared } from "./shrinking.ts";

export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  /** The address of the picture on this device. */
  readonly picture: string | undefined;
  readonly status: "waiting" | "sending" | "ready" | "failed";
  /** From 0 to 1. */
  readonly progress: number;
  /** Nothing was heard of the last try; another one follows by itself. */
  readonly stalled: boolean;
  /** A code of the server where it failed for good. */
  readonly error: string | undefined;
  readonly details: Record<string, unknown>;
  readonly attachment: Attachment | undefined;
}

export interface Options {
  /** The bearer's token; `renew` where the last one was refused. */
  token: (renew: boolean) => Promise<string | undefined>;
  onChange: () => void;
  most?: number;
  post?: Post;
  prepare?: (file: File) => Promise<Prepared>;
  pause?: (milliseconds: number) => Promise<void>;
}

const MOST = 9;
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000];
const TRIES = 24;
/** Refusals that pass by themselves. */
const PASSING = new Set(["offline", "unavailable", "conflict"]);

export class Uploads {
  items: readonly Upload[] = [];
  /** More were chosen than one message takes. */
  tooMany = false;

  private readonly files = new Map<string, { file: File; stop: AbortController }>();
  private working = false;
  private wake: (() => void) | undefined;

  constructor(private readonly options: Options) {
    if (typeof window !== "undefined") window.addEventListener("online", () => this.wake?.());
  }

  get most(): number {
    return this.options.most ?? MOST;
  }

  get busy(): boolean {
    return this.items.some(({ status }) => status === "waiting" || status === "sending");
  }

  get ready(): Attachment[] {
    return this.items.flatMap(({ attachment }) => attachment ?? []);
  }

  add(files: Iterable<File>): void {
    const given = [...files];
    const room = Math.max(0, this.most - this.items.length);
    this.tooMany = given.length > room;
    for (const file of given.slice(0, room)) {
      const id = newId();
      this.files.set(id, { file, stop: new AbortController() });
      const picture = file.type.startsWith("image/") ? URL.createObjectURL(file) : undefined;
      const name = file.name || "image.png";
      this.items = [...this.items, { id, name, bytes: file.size, picture, status: "waiting", progress: 0, stalled: false, error: undefined, details: {}, attachment: undefined }];
    }
    this.options.onChange();
    void this.work();
  }

  retry(id: string): void {
    this.change(id, { status: "waiting", error: undefined, details: {} });
    void this.work();
  }

  /** Cancels what is on its way; what was sent and is not used is forgotten by the server. */
  remove(id: string): void {
    const gone = this.items.find((item) => item.id === id);
    if (!gone) return;
    this.files.get(id)?.stop.abort();
    this.forget(gone);
    this.items = this.items.filter((item) => item.id !== id);
    this.tooMany = false;
    this.wake?.();
    this.options.onChange();
  }

  /** The files for a message that is sent now; what failed stays. */
  take(): Attachment[] {
    const taken = this.ready;
    this.items.filter(({ status }) => status === "ready").forEach((item) => this.forget(item));
    this.items = this.items.filter(({ status }) => status !== "ready");
    this.tooMany = false;
    this.options.onChange();
    return taken;
  }

  clear(): void {
    for (const { id } of [...this.items]) this.remove(id);
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let next = this.next(); next; next = this.next()) await this.send(next);
    this.working = false;
  }

  private next(): Upload | undefined {
    return this.items.find(({ status }) => status === "waiting");
  }

  private async send({ id, name }: Upload): Promise<void> {
    const { file, stop } = this.files.get(id)!;
    this.change(id, { status: "sending", progress: 0 });
    const prepared = await (this.options.prepare ?? prepare)(file).catch(() => ({ blob: file, name }));
    let renew = false;
    for (let tries = 0; !stop.signal.aborted; tries += 1) {
      try {
        const token = await this.options.token(renew);
        if (!token) throw new Refusal("offline", 0);
        const onProgress = (progress: number) => this.change(id, { progress, stalled: false });
        const attachment = await (this.options.post ?? postLater)({ blob: prepared.blob, name: prepared.name || name, clientId: id, token, signal: stop.signal, onProgress });
        return this.change(id, { status: "ready", progress: 1, stalled: false, attachment });
      } catch (error) {
        if (stop.signal.aborted) return;
        const refusal = error instanceof Refusal ? error : new Refusal("offline", 0);
        if (refusal.status === 401 && !renew) {
          renew = true;
          continue;
        }
        if (!PASSING.has(refusal.code) || tries >= TRIES) return this.change(id, { status: "failed", stalled: false, error: refusal.code, details: refusal.details });
        this.change(id, { stalled: true });
        await this.pause(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]!);
      }
    }
  }

  /** Waits, but not longer than until the network is back or the file was taken away. */
  private async pause(milliseconds: number): Promise<void> {
    const woken = new Promise<void>((done) => (this.wake = done));
    await Promise.race([woken, (this.options.pause ?? wait)(milliseconds)]);
    this.wake = undefined;
  }

  private forget(item: Upload): void {
    if (item.picture) URL.revokeObjectURL(item.picture);
    this.files.delete(item.id);
  }

  private change(id: string, change: Partial<Upload>): void {
    if (!this.files.has(id)) return;
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...change } : item));
    this.options.onChange();
  }
}

// Most people send no file: what it takes comes with the first one.
const prepare = async (file: File): Promise<Prepared> => (await import("./shrinking.ts")).shrunk(file);
const postLater: Post = async (posting) => {
  const { post } = await import("./posting.ts").catch(() => Promise.reject(new Refusal("offline", 0)));
  return post(posting);
};
const wait = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

/** The files that somebody is about to send: each under its own id, tried again through a lost network, one by one. */

import type { Attachment } from "../events.ts";
import { newId } from "../socket.ts";
import { fileUrl } from "./files.ts";
import type { Post } from "./posting.ts";
import { freshLink, Refusal } from "./refusal.ts";
import type { Prepared } from "./shrinking.ts";
import type { Kept, Unfinished } from "./unfinished.ts";

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
  /** A code of the server where it failed for good; "lost" where a reload cut it off. */
  readonly error: string | undefined;
  readonly details: Record<string, unknown>;
  readonly attachment: Attachment | undefined;
}

/** Where files that were sent and stand in no message yet outlive the page, beside the words they belong to. */
export interface Draft {
  get: () => readonly Attachment[];
  set: (files: readonly Attachment[]) => void;
}

export interface Options {
  /** The bearer's token; `renew` where the last one was refused. */
  token: (renew: boolean) => Promise<string | undefined>;
  onChange: () => void;
  draft?: Draft;
  /** What is on its way, told after a reload as what did not arrive. */
  unfinished?: Kept;
  most?: number;
  post?: Post;
  fresh?: (id: string, token: string) => Promise<Attachment>;
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
  private saved = "";
  private under = "[]";

  constructor(private readonly options: Options) {
    this.items = [...(options.draft?.get() ?? []).map(found), ...(options.unfinished?.get() ?? []).map(lost)];
    this.saved = this.ids();
    options.unfinished?.set([]);
    if (this.items.length > 0) void this.lookAgain();
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
    this.changed();
    void this.work();
  }

  retry(id: string): void {
    this.change(id, { status: "waiting", error: undefined, details: {} });
    void this.work();
  }

  /** Cancels what is on its way; what was sent and is not used is forgotten by the server. */
  remove(id: string): void {
    this.files.get(id)?.stop.abort();
    this.drop(id);
    this.tooMany = false;
    this.wake?.();
    this.changed();
  }

  /** The files for a message that is sent now; what failed stays. */
  take(): Attachment[] {
    const taken = this.ready;
    this.items.filter(({ status }) => status === "ready").forEach((item) => this.forget(item));
    this.items = this.items.filter(({ status, error }) => status !== "ready" && error !== "lost");
    this.tooMany = false;
    this.changed();
    return taken;
  }

  /** What another page has sent or thrown away is no longer ours to send. */
  followDraft(): void {
    const there = new Set(this.options.draft?.get().map(({ id }) => id));
    for (const { id, attachment } of this.items) if (attachment && !this.files.has(id) && !there.has(attachment.id)) this.drop(id);
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

  /** Links of files that waited in a draft are made anew; what is gone by now is left out. */
  private async lookAgain(): Promise<void> {
    const token = await this.options.token(false);
    if (!token) return;
    for (const { id } of this.ready as { id: string }[]) {
      try {
        const attachment = await (this.options.fresh ?? freshLink)(id, token);
        this.items = this.items.map((item) => (item.id === id ? found(attachment) : item));
      } catch (error) {
        if ((error as Refusal).code === "not_found") this.drop(id);
      }
    }
    this.changed();
  }

  private drop(id: string): void {
    const gone = this.items.find((item) => item.id === id);
    if (!gone) return;
    this.forget(gone);
    this.items = this.items.filter((item) => item.id !== id);
    this.changed();
  }

  private ids(): string {
    return this.ready.map(({ id }) => id).join();
  }

  private changed(): void {
    if (this.saved !== this.ids()) this.options.draft?.set(this.ready);
    this.saved = this.ids();
    const under = this.items.flatMap(({ name, bytes, status }) => (status === "waiting" || status === "sending" ? { name, bytes } : []));
    if (this.under !== (this.under = JSON.stringify(under))) this.options.unfinished?.set(under);
    this.options.onChange();
  }

  private forget(item: Upload): void {
    if (item.picture?.startsWith("blob:")) URL.revokeObjectURL(item.picture);
    this.files.delete(item.id);
  }

  private change(id: string, change: Partial<Upload>): void {
    if (!this.files.has(id)) return;
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...change } : item));
    this.changed();
  }
}

/** A file of a draft: it was sent before this page was opened. */
function found(attachment: Attachment): Upload {
  const { id, name, bytes, type } = attachment;
  const picture = type?.startsWith("image/") ? fileUrl(attachment.preview_url ?? attachment.url) : undefined;
  return { id: id!, name, bytes: bytes ?? 0, picture, status: "ready", progress: 1, stalled: false, error: undefined, details: {}, attachment };
}

function lost({ name, bytes }: Unfinished): Upload {
  return { id: newId(), name, bytes, picture: undefined, status: "failed", progress: 0, stalled: false, error: "lost", details: {}, attachment: undefined };
}

// Most people send no file: what it takes comes with the first one.
const prepare = async (file: File): Promise<Prepared> => (await import("./shrinking.ts")).shrunk(file);
const postLater: Post = async (posting) => {
  const { post } = await import("./posting.ts").catch(() => Promise.reject(new Refusal("offline", 0)));
  return post(posting);
};
const wait = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

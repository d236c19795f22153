/** Files on their way: one id for all tries, tried again through a lost network, cancelled, refused for good. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Attachment } from "../src/events.ts";
import { fileUrl, sizeOf, videoUrl } from "../src/uploads/files.ts";
import type { Post, Posting } from "../src/uploads/posting.ts";
import { Refusal } from "../src/uploads/refusal.ts";
import type { Unfinished } from "../src/uploads/unfinished.ts";
import { Uploads } from "../src/uploads/uploads.ts";

type Answer = (posting: Posting, tries: number) => Promise<Attachment>;

const stored = (posting: Posting): Attachment => ({ id: posting.clientId, url: `/api/v1/uploads/${posting.clientId}`, name: posting.name, type: "text/plain" });

function uploadsWith(answer: Answer, token = async (renew: boolean) => (renew ? "fresh" : "old")) {
  const posted: Posting[] = [];
  const uploads = new Uploads({
    token,
    onChange: () => undefined,
    post: (posting) => (posted.push(posting), answer(posting, posted.length)),
    prepare: async (file) => ({ blob: file, name: file.name }),
    pause: async () => undefined,
  });
  return { uploads, posted };
}
const soon = () => new Promise((resume) => setTimeout(resume, 20));
const file = (name: string) => new File(["x"], name, { type: "text/plain" });

test("a file is tried again under the same id until the network is back", async () => {
  const { uploads, posted } = uploadsWith(async (posting, tries) => {
    if (tries < 4) throw new Refusal(tries === 2 ? "unavailable" : "offline", tries === 2 ? 503 : 0);
    return stored(posting);
  });
  uploads.add([file("a.txt")]);
  assert.equal(uploads.busy, true);
  await soon();
  assert.equal(posted.length, 4);
  assert.equal(new Set(posted.map((one) => one.clientId)).size, 1);
  assert.deepEqual(uploads.ready.map((one) => one.name), ["a.txt"]);
});

test("what was sent for a draft is there again after a reload, with a link of now, and what is gone is left out", async () => {
  let kept: readonly Attachment[] = [];
  const draft = { get: () => kept, set: (files: readonly Attachment[]) => void (kept = files) };
  const gone = new Set<string>();
  const fresh = async (id: string): Promise<Attachment> => {
    if (gone.has(id)) throw new Refusal("not_found", 404);
    return { id, url: `/api/v1/uploads/${id}?until=9`, name: `${id}.png`, type: "image/png", bytes: 5 };
  };
  const open = () => new Uploads({ token: async () => "t", onChange: () => undefined, draft, fresh, post: async (posting) => stored(posting), prepare: async (blob) => ({ blob, name: blob.name }) });
  const first = open();
  first.add([file("a.txt"), file("b.txt")]);
  await soon();
  const [a, b] = first.ready.map(({ id }) => id!);
  gone.add(b!);

  const second = open();
  assert.deepEqual(second.ready.map(({ name }) => name), ["a.txt", "b.txt"]);
  await soon();
  assert.deepEqual(second.items.map(({ id, status, bytes }) => [id, status, bytes]), [[a, "ready", 5]]);
  const third = open();
  assert.deepEqual(second.take().map(({ id }) => id), [a]);
  assert.deepEqual(kept, []);
  third.followDraft(); // another page has sent it
  assert.deepEqual(third.items, []);
});

test("what a reload cut off is said by name, once, and is in nobody's way", async () => {
  let kept: readonly Unfinished[] = [];
  const unfinished = { get: () => kept, set: (under: readonly Unfinished[]) => void (kept = under) };
  const open = (post: Post) => new Uploads({ token: async () => "t", onChange: () => undefined, unfinished, post, prepare: async (blob) => ({ blob, name: blob.name }) });
  open(() => new Promise(() => undefined)).add([file("a.txt"), file("b.txt")]);
  await soon();

  const again = open(async (posting) => stored(posting));
  assert.deepEqual(again.items.map(({ name, status, error }) => [name, status, error]), [["a.txt", "failed", "lost"], ["b.txt", "failed", "lost"]]);
  assert.equal(again.busy, false);
  again.add([file("a.txt")]);
  await soon();
  assert.deepEqual(again.take().map(({ name }) => name), ["a.txt"]);
  assert.deepEqual(again.items, []);
  assert.deepEqual(open(async (posting) => stored(posting)).items, []);
});

test("what the server refuses for good is not tried again, and the others go on", async () => {
  const { uploads, posted } = uploadsWith(async (posting) => {
    if (posting.name === "a.exe") throw new Refusal("invalid", 400, { kinds: ["picture"] });
    return stored(posting);
  });
  uploads.add([file("a.exe"), file("b.txt")]);
  await soon();
  assert.deepEqual(uploads.items.map(({ status, error }) => [status, error]), [["failed", "invalid"], ["ready", undefined]]);
  assert.deepEqual(uploads.take().map((one) => one.name), ["b.txt"]);
  assert.deepEqual(uploads.items.map(({ name }) => name), ["a.exe"]);
  assert.equal(posted.length, 2);
});

test("a refused token is renewed once", async () => {
  const { uploads, posted } = uploadsWith(async (posting) => {
    if (posting.token === "old") throw new Refusal("unauthorized", 401);
    return stored(posting);
  });
  uploads.add([file("a.txt")]);
  await soon();
  assert.deepEqual(posted.map(({ token }) => token), ["old", "fresh"]);
});

test("one that is taken away is aborted, and no more are taken than a message has room for", async () => {
  const { uploads, posted } = uploadsWith(() => new Promise(() => undefined));
  uploads.add(Array.from({ length: 12 }, (_, at) => file(`${at}.txt`)));
  await soon();
  assert.equal(uploads.items.length, uploads.most);
  assert.equal(uploads.tooMany, true);
  uploads.remove(uploads.items[0]!.id);
  assert.equal(posted[0]!.signal.aborted, true);
  assert.equal(uploads.tooMany, false);
});

test("only the desk's own files are addresses, and sizes read well", () => {
  const id = "0190b2a4-0000-7000-8000-000000000000";
  assert.ok(fileUrl(`/api/v1/uploads/${id}?until=1&key=a_b-c&size=preview`));
  assert.ok(fileUrl("/media/0a1b.png"));
  for (const bad of ["https://evil.example/a.png", "//evil.example/a", "/api/v1/uploads/../sessions", `/api/v1/uploads/${id}/link`, "javascript:alert(1)", "/media/../a", "data:text/html,x"]) assert.equal(fileUrl(bad), undefined);
  assert.equal(videoUrl("/media/0a1b.mp4"), "/media/0a1b.mp4");
  assert.equal(videoUrl("https://cdn.example.com/a/b.webm?x=1", ["https://cdn.example.com"]), "https://cdn.example.com/a/b.webm?x=1");
  for (const bad of ["https://evil.example/a.mp4", "https://cdn.example.com.evil.example/a.mp4", "https://cdn.example.com@evil.example/a.mp4", "//evil.example/a.mp4", "javascript:alert(1)//.mp4", "data:video/mp4,x.mp4", "/media/../api/v1/a.mp4", "/media/0a1b.png"]) assert.equal(videoUrl(bad, ["https://cdn.example.com"]), undefined);
  assert.deepEqual([820, 14_400, 3_355_443, 52_428_800].map(sizeOf), ["820 B", "14 KB", "3.2 MB", "50 MB"]);
});

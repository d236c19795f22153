/** Sends one file over HTTP, with how far it has come; what the server says of it is the answer or a refusal. */

import type { Attachment } from "../events.ts";
import { Refusal } from "./refusal.ts";

export interface Posting {
  /** Where it goes; files of a conversation by default. */
  path?: string;
  blob: Blob;
  name: string;
  /** The same for every try: the server stores it once. */
  clientId: string;
  token: string;
  signal: AbortSignal;
  onProgress: (share: number) => void;
}

export type Post = (posting: Posting) => Promise<Attachment>;

/** A request of the old kind: only it tells how much has gone out. */
export const post: Post = ({ path = "/uploads", blob, name, clientId, token, signal, onProgress }) =>
  new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("file", blob, name);
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1${path}`);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Idempotency-Key", clientId);
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = request.ontimeout = () => reject(new Refusal("offline", 0));
    request.onabort = () => reject(new Refusal("cancelled", 0));
    request.onload = () => {
      const answer = request.response as (Attachment & { error?: { code: string; details?: Record<string, unknown> } }) | null;
      if (request.status === 201 && answer) resolve(answer);
      else reject(new Refusal(answer?.error?.code ?? "unavailable", request.status, answer?.error?.details));
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });

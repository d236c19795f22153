/** What the server, or the way to it, says to a file that is not taken; and the way to a fresh link. */

import type { Attachment } from "../events.ts";

/** Why a file was not taken: a code of the server, or "offline" where nothing was heard of it. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly details: Record<string, unknown> = {},
  ) {
    super(code);
  }
}

/** A fresh link to a file whose own does not hold any more. Raises Refusal. */
export async function freshLink(id: string, token: string): Promise<Attachment> {
  const answer = await fetch(`/api/v1/uploads/${id}/link`, { headers: { Authorization: `Bearer ${token}` } }).catch(() => undefined);
  if (!answer?.ok) throw new Refusal(answer?.status === 404 ? "not_found" : "offline", answer?.status ?? 0);
  return (await answer.json()) as Attachment;
}

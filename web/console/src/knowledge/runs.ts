// Following what runs in a process of its own: asked again and again until it has ended.
import { ApiError } from "../api";
import type { KnowledgeDesk, Run } from "./desk";

const EVERY_MS = 600;

export const isOver = (run: Run<unknown>): boolean => run.state !== "waiting" && run.state !== "running";

/** Tells of every step; ends with the run, or at the next step once `halted` says so. Survives a server that is away. */
export async function follow<R>(desk: KnowledgeDesk, started: Run<R>, tell: (run: Run<R>, lost: boolean) => void, halted: () => boolean): Promise<Run<R>> {
  let run = started;
  tell(run, false);
  while (!isOver(run) && !halted()) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    if (halted()) break;
    try {
      run = await desk.run<R>(run.id);
      tell(run, false);
    } catch (error) {
      if (error instanceof ApiError && error.code !== "unavailable" && error.code !== "rate_limited") throw error;
      tell(run, true);
    }
  }
  return run;
}

// Questions that wait for editors over HTTP, those that ask alike together; holds no state.
import { search, type Api, type LearningTask, type Outcome } from "../api";

export interface Asked {
  id: string;
  kind: "flagged" | "unanswered";
  question: string;
  times: number;
  at: string;
  article_id: string | null;
}

/** The most frequent wording first. */
export interface Cluster {
  questions: Asked[];
  times: number;
  at: string;
}

/** A task that is alike to nothing else. */
export function alone(task: LearningTask): Cluster {
  const { id, kind, question, times, at, article_id } = task;
  return { questions: [{ id, kind, question, times, at, article_id }], times, at };
}

export class LearningDesk {
  constructor(private readonly api: Api) {}

  clusters = (kind: string): Promise<{ items: Cluster[]; waiting: number }> => this.api.call("GET", `/learning/clusters${search({ kind })}`);
  settle = (task_ids: string[], outcome: Outcome, article_id: string | null): Promise<void> => this.api.call("POST", "/learning/settle", { task_ids, outcome, article_id });
  write = (task_ids: string[], questions: string[], category: string | null): Promise<{ article_id: string }> => this.api.call("POST", "/learning/drafts", { task_ids, questions, category });
  add = (task_ids: string[], article_id: string, variants: string[], publish: boolean): Promise<{ published: boolean }> => this.api.call("POST", "/learning/variants", { task_ids, article_id, variants, publish });
}

// What the pages of the knowledge base share: the desk behind them and what their lists can be filtered by.
import { inject, type ComputedRef, type InjectionKey, type ShallowRef } from "vue";
import type { Facets, KnowledgeDesk } from "./desk";

export interface KnowledgeHouse {
  desk: KnowledgeDesk;
  facets: ShallowRef<Facets | null>;
  isEditor: ComputedRef<boolean>;
  /** Counts and filters anew, after something was written. */
  refresh: () => Promise<void>;
}

export const KNOWLEDGE: InjectionKey<KnowledgeHouse> = Symbol("knowledge");

export function useKnowledge(): KnowledgeHouse {
  const house = inject(KNOWLEDGE);
  if (!house) throw new Error("a component stands outside the knowledge base");
  return house;
}

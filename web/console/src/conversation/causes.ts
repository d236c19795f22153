// Why a conversation came about, as chosen at its end, and what its category suggests.
export const CAUSES = ["how_to", "defect", "wish", "setting", "network", "billing", "other"] as const;

const USUAL: Record<string, (typeof CAUSES)[number]> = { 使用问题: "how_to", 故障: "defect", 账单: "billing" };

/** The usual cause of a first-level category; null where there is none. */
export function causeOf(first: string | null): (typeof CAUSES)[number] | null {
  return USUAL[first ?? ""] ?? null;
}

/** What the surroundings tell about the customer: told to the desk once there is a connection, the newest fifty things at most. */

import { newId, type ChatConnection } from "@yingda/shared/socket";
import type { Properties, Step } from "./loader/messages.ts";

const MOST = 50;
const PAUSE_MS = 100;

export class Trail {
  private waiting: (Step & { client_id: string })[] = [];
  private busy = false;
  private attributes: Properties = {};

  constructor(private readonly connection: ChatConnection) {}

  visit(url: string, title: string): void {
    this.tell({ name: "$page", properties: { title }, url });
  }

  /** Everything that is known; said again only where it says something new. */
  describe(attributes: Properties): void {
    if (Object.keys(attributes).length === 0 || JSON.stringify(attributes) === JSON.stringify(this.attributes)) return;
    this.attributes = attributes;
    this.tell({ name: "$attributes", properties: attributes });
  }

  tell(step: Step): void {
    // Of pages and attributes only the last word counts.
    if (step.name.startsWith("$")) this.waiting = this.waiting.filter((one) => one.name !== step.name);
    this.waiting = [...this.waiting, { ...step, client_id: newId() }].slice(-MOST);
    void this.deliver();
  }

  /** In order, one at a time; what the connection did not survive goes out with the next one, what the desk refuses is dropped. */
  async deliver(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.connection.status === "open" && this.waiting[0]) {
        const step = this.waiting[0];
        await this.connection.emit("track", { ...step, properties: step.properties && scalars(step.properties) }).catch((error: { code?: string }) => {
          if (error.code === "unavailable") throw error;
        });
        this.waiting = this.waiting.filter((one) => one !== step);
        // A page that tells a lot leaves room for what its visitor says.
        if (this.waiting.length > 0) await new Promise((resume) => setTimeout(resume, PAUSE_MS));
      }
    } catch {
      // The next connection begins with it.
    } finally {
      this.busy = false;
    }
  }

  /** Another person begins here. */
  clear(): void {
    this.waiting = [];
    this.attributes = {};
  }
}

/** Only plain values are kept at the desk: what is made of parts goes there as its JSON. */
function scalars(properties: Properties): Record<string, Scalar> {
  const entries = Object.entries(properties).map(([key, value]) => [key, isScalar(value) ? value : JSON.stringify(value)]);
  return Object.fromEntries(entries) as Record<string, Scalar>;
}

type Scalar = string | number | boolean | null;
const isScalar = (value: unknown): value is Scalar => value === null || ["string", "number", "boolean"].includes(typeof value);

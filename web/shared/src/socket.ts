/** One typed Socket.IO connection: acknowledgements as promises, what stores is sent again under the same client_id, refusals shown. */

import { io, type Socket } from "socket.io-client";
import type { AgentEvents, AgentServerEvents, ChatEvents, ChatServerEvents } from "./events.ts";

export type ErrorCode =
  | "invalid" | "unauthorized" | "forbidden" | "not_found" | "conflict" | "too_large" | "rate_limited" | "unavailable";

/** A refusal by the server, of an event or of the connection, or a request that the connection did not survive. */
export class RequestError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

interface Wired {
  payload: object;
  ack: object | null;
}
type Name<Events> = keyof Events & string;
type Payload<Events, N extends keyof Events> = Events[N] extends Wired ? Events[N]["payload"] : never;
type Ack<Events, N extends keyof Events> = Events[N] extends Wired ? Events[N]["ack"] : never;
type Answer = { ok: true } | { ok: false; error: { code: ErrorCode; message: string; details?: Record<string, unknown> } };

/** "waiting": the connection is lost and comes back by itself; "refused": only connect() with other credentials helps. */
export type Status = "connecting" | "open" | "waiting" | "refused" | "closed";

interface Pending {
  event: string;
  payload: object;
  stores: boolean;
  settle: (answer: Answer) => void;
  fail: (error: Error) => void;
  timer?: ReturnType<typeof setTimeout>;
}

export interface ConnectionOptions {
  namespace: "/chat" | "/agent";
  /** Asked again at every attempt, so that a token handed out meanwhile is used. */
  auth: () => object | Promise<object>;
  /** The server, when it is not the one the page came from. */
  origin?: string;
  /** After how many milliseconds without acknowledgement something is sent again. */
  patience?: number;
  onStatus?: (status: Status, error?: RequestError) => void;
}

/** A version 4 UUID, also on plain-http pages, where crypto.randomUUID is missing. */
export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export class Connection<Sent, Received> {
  private readonly socket: Socket;
  private readonly pending = new Set<Pending>();
  private readonly patience: number;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wanted = false;
  status: Status = "closed";
  /** Why the connection was refused last. */
  refusal: RequestError | undefined;

  constructor(private readonly options: ConnectionOptions) {
    this.patience = options.patience ?? 10_000;
    this.socket = io((options.origin ?? "") + options.namespace, {
      path: "/socket.io/",
      transports: ["websocket"],
      autoConnect: false,
      // However long it was away: tried again every two seconds or so, and at once when the network or the reader is back.
      reconnectionDelay: 300,
      reconnectionDelayMax: 2_000,
      randomizationFactor: 0.3,
      timeout: 8_000,
      auth: (give) => void Promise.resolve(options.auth()).then(give, (error) => this.refuse(error)),
    });
    if (typeof document === "object") {
      addEventListener("online", () => this.wake());
      addEventListener("pageshow", () => this.wake());
      document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    }
    this.socket.on("connect", () => {
      this.refusal = undefined;
      this.become("open");
      for (const one of this.pending) this.transmit(one);
    });
    this.socket.on("disconnect", (reason) => {
      for (const one of [...this.pending]) {
        clearTimeout(one.timer);
        if (!one.stores) this.drop(one, new RequestError("unavailable", "disconnected"));
      }
      this.become(this.wanted ? "waiting" : "closed");
      if (reason === "io server disconnect") this.retryLater();
    });
    this.socket.on("connect_error", (error: Error & { data?: { code?: ErrorCode; message?: string } }) => {
      if (this.socket.active) return this.become("waiting");
      this.refuse(new RequestError(error.data?.code ?? "unavailable", error.data?.message ?? error.message));
    });
  }

  /** Does not wait for the next try: for when there is reason to believe that it works now. */
  wake(): void {
    if (!this.wanted || this.status !== "waiting") return;
    clearTimeout(this.retry);
    this.socket.disconnect();
    this.socket.connect();
  }

  connect(): void {
    this.wanted = true;
    clearTimeout(this.retry);
    if (!this.socket.connected) this.become("connecting");
    this.socket.connect();
  }

  /** Ends the connection; what was not acknowledged stays pending for the next connect(). */
  disconnect(): void {
    this.wanted = false;
    clearTimeout(this.retry);
    this.socket.disconnect();
    this.become("closed");
  }

  /** Connects anew with what auth() says now. */
  reconnect(): void {
    clearTimeout(this.retry);
    this.socket.disconnect();
    this.connect();
  }

  on<N extends Name<Received>>(event: N, listener: (payload: Received[N]) => void): () => void {
    this.socket.on(event as string, listener as (payload: unknown) => void);
    return () => this.socket.off(event as string, listener as (payload: unknown) => void);
  }

  /**
   * Sends an event. With a `client_id` it stores: it waits for a connection and is sent again until the server answers.
   * Without one it is a question of the moment: it rejects with `unavailable` when the connection goes away.
   */
  emit<N extends Name<Sent>>(event: N, payload: Payload<Sent, N>): Promise<Ack<Sent, N>> {
    const stores = "client_id" in payload;
    return new Promise((resolve, reject) => {
      const one: Pending = {
        event,
        payload,
        stores,
        settle: (answer) => {
          if (answer.ok) resolve(answer as Ack<Sent, N>);
          else reject(new RequestError(answer.error.code, answer.error.message, answer.error.details));
        },
        fail: reject,
      };
      if (!stores && !this.socket.connected) return reject(new RequestError("unavailable", "not connected"));
      this.pending.add(one);
      if (this.socket.connected) this.transmit(one);
    });
  }

  /** Sends something that is not acknowledged, if there is a connection. */
  signal<N extends Name<Sent>>(event: N, payload: Payload<Sent, N>): void {
    if (this.socket.connected) this.socket.emit(event, payload);
  }

  private transmit(one: Pending): void {
    clearTimeout(one.timer);
    one.timer = setTimeout(() => {
      if (!one.stores) this.drop(one, new RequestError("unavailable", "no answer"));
      else if (this.socket.connected) this.transmit(one);
    }, this.patience);
    this.socket.emit(one.event, one.payload, (answer: Answer) => {
      clearTimeout(one.timer);
      if (this.pending.delete(one)) one.settle(answer);
    });
  }

  private drop(one: Pending, error: Error): void {
    if (this.pending.delete(one)) one.fail(error);
  }

  private refuse(error: unknown): void {
    this.refusal = error instanceof RequestError ? error : new RequestError("unavailable", String(error));
    if (this.refusal.code === "unavailable" || this.refusal.code === "rate_limited") {
      this.become("waiting");
      this.retryLater();
    } else {
      this.become("refused");
    }
  }

  private retryLater(): void {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.wanted && this.socket.connect(), 1_000 + Math.random() * 1_500);
  }

  private become(status: Status): void {
    if (this.status === status) return;
    this.status = status;
    this.options.onStatus?.(status, this.refusal);
  }
}

export type ChatConnection = Connection<ChatEvents, ChatServerEvents>;
export type AgentConnection = Connection<AgentEvents, AgentServerEvents>;

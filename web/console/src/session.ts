// Who is signed in: the access token in memory, the refresh token in storage, one rotation shared by all tabs.
import { computed, reactive } from "vue";

export type Role = "agent" | "supervisor" | "editor" | "admin";

export interface Account {
  id: string;
  username: string;
  name: string;
  staff_number?: string | null;
  roles: Role[];
}

interface Granted {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  agent?: Account;
}

interface Access {
  token: string;
  expiresAt: number; // milliseconds of this machine's clock
  freshUntil: number; // after this a new one is fetched before it is used
}

type Said = { type: "rotated"; access: Access; refresh: string } | { type: "ended" };

export class SignInRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The session is over; only the sign-in page can help. */
export class SignedOut extends Error {}

const KEY = "yingda.console.refresh";
const MARGIN_SECONDS = 60;

export class Session {
  readonly state = reactive({
    phase: "starting" as "starting" | "out" | "in",
    account: null as Account | null,
    ended: false, // signed out by the server or another tab, not by a click here
  });
  readonly isSupervisor = computed(() => this.has("supervisor") || this.has("admin"));

  private access: Access | null = null;
  private renewing: Promise<string> | null = null;
  private timer = 0;

  constructor(
    private readonly storage: Storage,
    private readonly channel: BroadcastChannel,
    private readonly locks: LockManager | undefined,
  ) {
    channel.addEventListener("message", (event: MessageEvent<Said>) => {
      if (event.data.type === "rotated") this.keep(event.data.access, event.data.refresh);
      else if (this.state.phase === "in") this.forget(true);
    });
  }

  has(role: Role): boolean {
    return this.state.account?.roles.includes(role) ?? false;
  }

  /** Picks up the session of an earlier visit; where the server cannot be reached it keeps trying. */
  async resume(): Promise<void> {
    if (!this.storage.getItem(KEY)) {
      this.state.phase = "out";
      return;
    }
    for (let pause = 1000; this.state.phase === "starting"; pause = Math.min(pause * 2, 15_000)) {
      try {
        const token = await this.accessToken();
        this.state.account ??= await this.whoAmI(token);
        this.state.phase = "in";
      } catch (error) {
        if (error instanceof SignedOut) return;
        await new Promise((done) => setTimeout(done, pause));
      }
    }
  }

  async signIn(username: string, password: string): Promise<void> {
    const answer = await post("/api/v1/sessions", { username, password });
    const body = (await answer.json().catch(() => ({}))) as Granted & { error?: { code: string; message: string } };
    if (!answer.ok) throw new SignInRefused(body.error?.code ?? "unavailable", body.error?.message ?? "");
    this.take(body);
    this.state.account = body.agent ?? (await this.whoAmI(body.access_token));
    this.state.ended = false;
    this.state.phase = "in";
  }

  async signOut(): Promise<void> {
    const token = this.access?.token;
    this.say({ type: "ended" });
    this.forget(false);
    if (token) await fetch("/api/v1/sessions", { method: "DELETE", headers: { Authorization: `Bearer ${token}` } }).catch(() => null);
  }

  /** A token that is good for a while yet. Raises SignedOut when there is no session any more. */
  async accessToken(): Promise<string> {
    if (this.access && Date.now() < this.access.freshUntil) return this.access.token;
    return this.renew();
  }

  /** Asks for a new token even though the present one looks good: the server refused it. */
  renew(): Promise<string> {
    this.renewing ??= this.rotate().finally(() => (this.renewing = null));
    return this.renewing;
  }

  private async rotate(): Promise<string> {
    const before = this.access?.token;
    const turn = async (): Promise<string> => {
      // Another tab may have rotated while this one waited for its turn.
      if (this.access && this.access.token !== before && Date.now() < this.access.freshUntil) return this.access.token;
      let used = this.storage.getItem(KEY);
      for (let attempt = 0; used && attempt < 2; attempt += 1) {
        const answer = await post("/api/v1/sessions/refresh", { refresh_token: used });
        if (answer.ok) return this.take((await answer.json()) as Granted);
        if (answer.status !== 401 && answer.status !== 403 && answer.status !== 400) throw new Error(`refresh: ${answer.status}`);
        const stored = this.storage.getItem(KEY);
        used = stored === used ? null : stored;
      }
      this.forget(true);
      throw new SignedOut();
    };
    return this.locks ? this.locks.request("yingda.console.refresh", turn) : turn();
  }

  private take(granted: Granted): string {
    const expiresAt = Date.now() + granted.expires_in * 1000;
    const margin = Math.min(MARGIN_SECONDS, granted.expires_in * 0.2) * 1000;
    const access = { token: granted.access_token, expiresAt, freshUntil: expiresAt - margin };
    this.storage.setItem(KEY, granted.refresh_token);
    if (granted.agent) this.state.account = granted.agent;
    this.keep(access, granted.refresh_token);
    this.say({ type: "rotated", access, refresh: granted.refresh_token });
    return access.token;
  }

  private keep(access: Access, refresh: string): void {
    this.access = access;
    this.storage.setItem(KEY, refresh);
    clearTimeout(this.timer);
    const wait = Math.max(5000, (access.expiresAt - Date.now()) * 0.8 + Math.random() * 5000);
    this.timer = window.setTimeout(() => void this.renew().catch(() => this.tryLater()), wait);
  }

  private tryLater(): void {
    if (this.state.phase !== "in") return;
    this.timer = window.setTimeout(() => void this.renew().catch(() => this.tryLater()), 15_000);
  }

  private forget(ended: boolean): void {
    clearTimeout(this.timer);
    this.access = null;
    this.storage.removeItem(KEY);
    Object.assign(this.state, { phase: "out", account: null, ended });
  }

  private say(said: Said): void {
    this.channel.postMessage(said);
  }

  private async whoAmI(token: string): Promise<Account> {
    const answer = await fetch("/api/v1/me", { headers: { Authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`me: ${answer.status}`);
    const body = (await answer.json()) as Account & { agent?: Account };
    return body.agent ?? body;
  }
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
}

// Which of a browser's tabs speaks for all of them: one at any time, and another one soon after it is gone.

const BEAT_MS = 1500;

export class Lead {
  private leading = false;
  private readonly me = Math.random().toString(36).slice(2);

  constructor(
    private readonly name: string,
    private readonly locks: LockManager | undefined,
    private readonly storage: Storage,
  ) {}

  get leads(): boolean {
    return this.leading;
  }

  /** From now on this tab may be the one. */
  stand(): void {
    // The lock goes with the tab; whoever waits next has it then.
    if (this.locks) void this.locks.request(this.name, () => ((this.leading = true), new Promise<void>(() => undefined)));
    else {
      // A page without a secure connection has no locks: a beating heart in the storage that all tabs share.
      this.beat();
      setInterval(() => this.beat(), BEAT_MS);
    }
  }

  private beat(): void {
    const [holder = "", at = "0"] = (this.storage.getItem(this.name) ?? "").split(" ");
    this.leading = holder === this.me || Date.now() - Number(at) > 2 * BEAT_MS;
    if (this.leading) this.storage.setItem(this.name, `${this.me} ${Date.now()}`);
  }
}

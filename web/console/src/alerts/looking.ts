// What is being looked at right now, in this tab and in the others: nobody is called to what they already see.

interface Look {
  tab: string;
  conversation: string | null;
  focused: boolean;
}

export class Looking {
  private readonly tab = Math.random().toString(36).slice(2);
  private readonly others = new Map<string, Look>();
  private conversation: string | null = null;
  private listeners: ((conversation: string) => void)[] = [];

  constructor(
    private readonly window: Window,
    private readonly channel: BroadcastChannel,
  ) {
    channel.addEventListener("message", ({ data }: MessageEvent<Look | "who">) => {
      if (data === "who") this.say();
      else if (data.focused) {
        this.others.set(data.tab, data);
        if (data.conversation) for (const listener of this.listeners) listener(data.conversation);
      } else this.others.delete(data.tab);
    });
    for (const name of ["focus", "blur"] as const) window.addEventListener(name, () => this.say());
    window.document.addEventListener("visibilitychange", () => this.say());
    window.addEventListener("pagehide", () => channel.postMessage({ tab: this.tab, conversation: null, focused: false } satisfies Look));
    channel.postMessage("who");
  }

  /** This tab shows this conversation now, or none. */
  at(conversation: string | null): void {
    if (this.conversation === conversation) return;
    this.conversation = conversation;
    this.say();
  }

  /** Tells of each conversation that another tab begins to show: it is unread no more. */
  onSeen(listener: (conversation: string) => void): () => void {
    this.listeners.push(listener);
    return () => (this.listeners = this.listeners.filter((one) => one !== listener));
  }

  /** Somebody sits before one of the tabs. */
  get anywhere(): boolean {
    return this.focused || this.others.size > 0;
  }

  sees(conversation: string): boolean {
    return (this.focused && this.conversation === conversation) || [...this.others.values()].some((one) => one.conversation === conversation);
  }

  private get focused(): boolean {
    const { document } = this.window;
    return document.hasFocus() && !document.hidden;
  }

  private say(): void {
    this.channel.postMessage({ tab: this.tab, conversation: this.conversation, focused: this.focused } satisfies Look);
  }
}

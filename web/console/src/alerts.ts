// What calls an agent back to this tab: a soft sound from one tab only, the count in the title, a notice of the desktop.
import type { Preferences } from "./preferences";

export class Alerts {
  private audio: AudioContext | null = null;
  private leads = false;
  private count = 0;

  constructor(
    private readonly preferences: Preferences,
    private readonly title: () => string,
    locks: LockManager | undefined,
  ) {
    // The tab that holds this lock is the one that makes sounds; when it closes another one gets it.
    if (locks) void locks.request("yingda.console.sound", () => ((this.leads = true), new Promise<void>(() => undefined)));
    else this.leads = true;
    window.addEventListener("pointerdown", () => this.wake(), { once: true });
    window.addEventListener("keydown", () => this.wake(), { once: true });
  }

  badge(count: number): void {
    this.count = count;
    this.retitle();
  }

  retitle(): void {
    document.title = this.count > 0 ? `(${this.count}) ${this.title()}` : this.title();
  }

  /** "message": one soft note. "assignment": two rising ones. */
  ring(what: "message" | "assignment", text: string): void {
    if (this.leads && this.preferences.sound) this.play(what === "message" ? [660] : [587, 784]);
    if (!this.leads || !this.preferences.notices || document.hasFocus() || !("Notification" in window)) return;
    if (Notification.permission === "granted") new Notification(this.title(), { body: text, icon: "/console/icon.svg", tag: what });
  }

  async allowNotices(): Promise<boolean> {
    if (!("Notification" in window)) return false;
    return (await Notification.requestPermission()) === "granted";
  }

  private wake(): void {
    this.audio ??= new AudioContext();
    void this.audio.resume();
  }

  private play(notes: number[]): void {
    if (!this.audio || this.audio.state !== "running") return;
    notes.forEach((pitch, index) => {
      const context = this.audio!;
      const start = context.currentTime + index * 0.14;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.12, start + 0.015);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.32);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.34);
    });
  }
}

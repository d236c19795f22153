// What calls an agent back: a soft sound and a notice of the desktop, from one tab only and never for what is being
// looked at; the count in the title and on the icon.
import type { Preferences } from "../preferences";
import type { Lead } from "./lead";
import type { Looking } from "./looking";
import type { Tones } from "./tones";

/** What one is called for; each can be silenced by itself. */
export const CALLS = ["offer", "assigned", "message", "alert"] as const;
export type Call = (typeof CALLS)[number];

const PITCHES: Record<Call, readonly number[]> = { offer: [587, 784, 988], assigned: [587, 784], message: [660], alert: [784, 622] };
const ICON = "/console/icon.svg";
const UNREAD_ICON = "/console/icon-unread.svg";

export interface Called {
  /** The conversation it is about: silent while that is on a screen. */
  about?: string | null;
  open?: () => void;
}

export class Alerts {
  private count = 0;

  constructor(
    private readonly preferences: Preferences,
    private readonly title: () => string,
    private readonly tones: Tones,
    private readonly sounds: Lead,
    private readonly notices: Lead,
    readonly looking: Looking,
  ) {
    notices.stand();
    // A tab that nobody touched may not sound, so it must not be the one that sounds for all.
    const wake = async (): Promise<void> => {
      if (!(await tones.wake()) || !waiting) return;
      waiting = false;
      for (const name of ["pointerdown", "keydown"] as const) window.removeEventListener(name, wake);
      sounds.stand();
    };
    let waiting = true;
    for (const name of ["pointerdown", "keydown"] as const) window.addEventListener(name, wake);
  }

  badge(count: number): void {
    this.count = count;
    this.retitle();
    document.querySelector("link[rel=icon]")?.setAttribute("href", count > 0 ? UNREAD_ICON : ICON);
  }

  retitle(): void {
    document.title = this.count > 0 ? `(${this.count > 99 ? "99+" : this.count}) ${this.title()}` : this.title();
  }

  ring(call: Call, text: string, { about = null, open }: Called = {}): void {
    if (about && this.looking.sees(about)) return;
    const { sound, notices, silent, unnoticed } = this.preferences;
    if (this.sounds.leads && sound && !silent.includes(call)) this.tones.play(PITCHES[call]);
    if (!this.notices.leads || !notices || unnoticed.includes(call) || this.looking.anywhere || this.permission !== "granted") return;
    const notice = new Notification(this.title(), { body: text, icon: ICON, tag: about ?? call, silent: true, requireInteraction: call === "offer" });
    notice.onclick = () => {
      window.focus();
      notice.close();
      open?.();
    };
  }

  /** So that one hears what one chooses. */
  async sample(call: Call): Promise<void> {
    if (await this.tones.wake()) this.tones.play(PITCHES[call]);
  }

  get permission(): NotificationPermission | "missing" {
    return "Notification" in window ? Notification.permission : "missing";
  }

  async allowNotices(): Promise<boolean> {
    return this.permission !== "missing" && (await Notification.requestPermission()) === "granted";
  }
}

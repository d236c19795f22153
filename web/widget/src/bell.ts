/** The sound of a new message: two soft notes, made here; silent until the customer has touched the page, and when switched off. */

import { recall, remember } from "./memory.ts";

const NOTES: [frequency: number, after: number][] = [[659, 0], [880, 0.11]];
const LENGTH = 0.22;
const LOUDNESS = 0.07;
/** Of several hidden tabs the first one rings. */
const PATIENCE_MS = 150;

export class Bell {
  private context: AudioContext | undefined;

  constructor() {
    const touched = () => {
      removeEventListener("pointerdown", touched, true);
      removeEventListener("keydown", touched, true);
      if (typeof AudioContext === "function") this.context = new AudioContext();
    };
    addEventListener("pointerdown", touched, true);
    addEventListener("keydown", touched, true);
  }

  get isOn(): boolean {
    return recall<boolean>("sound") ?? true;
  }

  set isOn(on: boolean) {
    remember("sound", on);
    if (on) this.play();
  }

  /** Somebody has read this message: no tab rings for it. */
  hush(id: string): void {
    remember("rung", id);
  }

  ring(id: string): void {
    setTimeout(() => {
      if (!this.isOn || recall<string>("rung") === id) return;
      this.hush(id);
      this.play();
    }, Math.random() * PATIENCE_MS);
  }

  private play(): void {
    const context = this.context;
    if (!context) return;
    void context.resume();
    for (const [frequency, after] of NOTES) {
      const begins = context.currentTime + after;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, begins);
      volume.gain.linearRampToValueAtTime(LOUDNESS, begins + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, begins + LENGTH);
      tone.connect(volume).connect(context.destination);
      tone.start(begins);
      tone.stop(begins + LENGTH);
    }
  }
}

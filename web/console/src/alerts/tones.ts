// Short soft sounds, made here: nothing is fetched, and no browser plays them before somebody touched the page.

export class Tones {
  private context: AudioContext | null = null;

  /** To be called while a click or a key is handled; true once sounds can be heard. */
  async wake(): Promise<boolean> {
    // A lone Ctrl or Alt is no touch to a browser.
    if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return false;
    this.context ??= new AudioContext();
    if (this.context.state !== "running") await this.context.resume().catch(() => undefined);
    return this.context.state === "running";
  }

  play(pitches: readonly number[]): void {
    const { context } = this;
    if (context?.state !== "running") return;
    pitches.forEach((pitch, index) => {
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

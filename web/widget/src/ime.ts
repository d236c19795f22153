/** Tells the Enter that sends from the Enter that confirms a candidate of an input method. */

/** Safari ends the composition just before it reports the key that ended it. */
const SAME_KEY_MS = 60;

export class Composition {
  private composing = false;
  private endedAt = -Infinity;

  start = (): void => {
    this.composing = true;
  };

  end = (event: { timeStamp: number }): void => {
    this.composing = false;
    this.endedAt = event.timeStamp;
  };

  /** Enter without Shift, and no input method at work: the message goes out. */
  sends(event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey" | "isComposing" | "keyCode" | "timeStamp">): boolean {
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return false;
    if (this.composing || event.isComposing || event.keyCode === 229) return false;
    return event.timeStamp - this.endedAt > SAME_KEY_MS;
  }
}

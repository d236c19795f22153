// Tells the Enter that sends from the Enter that confirms a candidate of an input method.

/** Safari ends the composition just before it reports the key that ended it. */
const SAME_KEY_MS = 60;

export class Composition {
  private composing = false;
  private endedAt = Number.NEGATIVE_INFINITY;

  start = (): void => {
    this.composing = true;
  };

  end = (event: { timeStamp: number }): void => {
    this.composing = false;
    this.endedAt = event.timeStamp;
  };

  /** Does this key belong to the input method? */
  owns(event: KeyboardEvent): boolean {
    return this.composing || event.isComposing || event.keyCode === 229 || event.timeStamp - this.endedAt < SAME_KEY_MS;
  }
}

/** Does this key send, as the person has set it? */
export function sends(event: KeyboardEvent, setting: "enter" | "ctrl_enter"): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.altKey) return false;
  return event.ctrlKey || event.metaKey || setting === "enter";
}

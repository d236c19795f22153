/** A picture that can be made larger and moved: by wheel, pinch, double click, drag and keys. */

const MOST = 8;
const STEP = 1.5;

interface Point {
  x: number;
  y: number;
}

export class Zooming {
  private scale = 1;
  private x = 0;
  private y = 0;
  private readonly fingers = new Map<number, Point>();
  private readonly listeners: [keyof HTMLElementEventMap, (event: never) => void][];

  /** `frame` takes the gestures, `picture` is moved inside of it. */
  constructor(
    private readonly frame: HTMLElement,
    private readonly picture: HTMLElement,
    private readonly onScale: (scale: number) => void,
  ) {
    this.listeners = [
      ["wheel", (event: WheelEvent) => this.wheel(event)],
      ["pointerdown", (event: PointerEvent) => this.down(event)],
      ["pointermove", (event: PointerEvent) => this.move(event)],
      ["pointerup", (event: PointerEvent) => this.fingers.delete(event.pointerId)],
      ["pointercancel", (event: PointerEvent) => this.fingers.delete(event.pointerId)],
      ["dblclick", (event: MouseEvent) => this.to(this.scale > 1.01 ? 1 : 2.5, this.at(event))],
    ];
    for (const [name, listener] of this.listeners) frame.addEventListener(name, listener as EventListener, { passive: false });
  }

  end(): void {
    for (const [name, listener] of this.listeners) this.frame.removeEventListener(name, listener as EventListener);
  }

  in = (): void => this.to(this.scale * STEP);
  out = (): void => this.to(this.scale / STEP);
  reset = (): void => this.to(1);

  /** Moves by so many pixels; false where there is nothing to move. */
  pan(x: number, y: number): boolean {
    if (this.scale <= 1.01) return false;
    this.x += x;
    this.y += y;
    this.show();
    return true;
  }

  get isLarge(): boolean {
    return this.scale > 1.01;
  }

  private to(scale: number, around: Point = { x: 0, y: 0 }): void {
    const next = Math.min(MOST, Math.max(1, scale));
    const share = next / this.scale;
    this.x = around.x - (around.x - this.x) * share;
    this.y = around.y - (around.y - this.y) * share;
    this.scale = next;
    this.show();
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    this.to(this.scale * Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0022)), this.at(event));
  }

  private down(event: PointerEvent): void {
    if (event.target instanceof Element && event.target.closest("button, a")) return;
    this.fingers.set(event.pointerId, this.at(event));
    this.frame.setPointerCapture?.(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = this.at(event);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, now);
    if (!other) {
      this.pan(now.x - before.x, now.y - before.y);
      return;
    }
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const share = distance(now, other) / Math.max(1, distance(before, other));
    this.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    this.to(this.scale * share, middle);
  }

  /** From the middle of the frame. */
  private at(event: MouseEvent): Point {
    const box = this.frame.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  private show(): void {
    const roomX = Math.max(0, (this.picture.offsetWidth * this.scale - this.frame.clientWidth) / 2);
    const roomY = Math.max(0, (this.picture.offsetHeight * this.scale - this.frame.clientHeight) / 2);
    this.x = Math.min(roomX, Math.max(-roomX, this.x));
    this.y = Math.min(roomY, Math.max(-roomY, this.y));
    this.picture.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.onScale(this.scale);
  }
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

// Short lines that tell what just happened and go by themselves.
import { reactive } from "vue";

export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "good" | "bad";
  open?: (() => void) | undefined; // what a press shows
}

export class Toasts {
  readonly items = reactive<Toast[]>([]);
  private next = 1;

  show(text: string, tone: Toast["tone"] = "plain", seconds = 5, open?: () => void): void {
    const toast: Toast = { id: this.next++, text, tone, open };
    this.items.push(toast);
    if (this.items.length > 4) this.items.shift();
    setTimeout(() => this.dismiss(toast.id), seconds * 1000);
  }

  dismiss(id: number): void {
    const at = this.items.findIndex((toast) => toast.id === id);
    if (at >= 0) this.items.splice(at, 1);
  }
}

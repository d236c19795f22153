/** People who read large letters get a larger chat: the system's letter size, and the one chosen in WeChat. */

interface WeChat {
  invoke(name: string, argument: object): void;
  on(event: string, heard: (chosen: { fontSize?: string | number }) => void): void;
}

const LARGEST = 1.3;
/** WeChat's steps from small to very large, 2 being its usual one. */
const WECHAT_STEPS: Record<string, number> = { "1": 1, "2": 1, "3": 1.08, "4": 1.15, "5": 1.22, "6": 1.3 };
const APPLE_BODY_PIXELS = 17;
const USUAL_PIXELS = 16;

/** Everything grows together, letters, buttons and distances, so that nothing overlaps; the window's size stays. */
function enlarge(factor: number): void {
  const scale = Math.min(LARGEST, Math.max(1, factor));
  if (scale > 1.01) document.documentElement.style.setProperty("--scale", scale.toFixed(2));
  else document.documentElement.style.removeProperty("--scale");
}

/** How much larger than usual this system writes. */
function systemFactor(): number {
  const probe = document.createElement("span");
  const apple = CSS.supports("font", "-apple-system-body");
  probe.style.font = apple ? "-apple-system-body" : "medium sans-serif";
  document.body.append(probe);
  const pixels = parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  // On a Mac the body is 13 pixels by itself.
  return pixels / (apple ? APPLE_BODY_PIXELS : USUAL_PIXELS);
}

export function followLetterSize(): void {
  enlarge(systemFactor());
  const around = window as unknown as { WeixinJSBridge?: WeChat };
  const begin = () => {
    // WeChat would enlarge letters alone, out of their boxes: it leaves them, and the page grows as a whole.
    around.WeixinJSBridge?.invoke("setFontSizeCallback", { fontSize: 0 });
    around.WeixinJSBridge?.on("menu:setfont", ({ fontSize }) => {
      around.WeixinJSBridge?.invoke("setFontSizeCallback", { fontSize: 0 });
      enlarge(WECHAT_STEPS[String(fontSize)] ?? 1);
    });
  };
  if (around.WeixinJSBridge) begin();
  else document.addEventListener("WeixinJSBridgeReady", begin);
}

/** How the button, the preview and the window look on the embedding page; everything is fixed, so nothing there moves. */

const STYLES = `
:host{all:initial;--r:max(var(--x),env(safe-area-inset-right));--l:auto;--c:#12706b;--h:#0e5f5b;--o:#fff;--x:24px;--y:24px;--bg:#fff;--ink:#1b2220;--dim:#5b6662;--edge:rgba(16,40,36,.08);--page:#f4f6f4;color-scheme:light}
:host(.dark){--bg:#1f2625;--ink:#e6ebe9;--dim:#a3aeaa;--edge:rgba(255,255,255,.12);--page:#101413;color-scheme:dark}
.launcher,.panel,.told{position:fixed;z-index:2147483000;right:var(--r);left:var(--l);font:14px/1.5 system-ui,sans-serif}
.launcher{bottom:calc(var(--y) + env(safe-area-inset-bottom));display:flex;align-items:center;justify-content:center;gap:8px;min-width:56px;height:56px;padding:0;border:0;border-radius:28px;background:var(--c);color:var(--o);cursor:pointer;box-shadow:0 4px 18px rgba(12,40,36,.28);transition:background .15s,transform .15s}
.launcher:hover{background:var(--h);transform:translateY(-1px)}
.launcher:focus-visible{outline:3px solid var(--o);outline-offset:-5px}
svg{fill:none;stroke:currentColor;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round}
.signs{display:grid}
.signs svg{grid-area:1/1;width:30px;height:30px;transition:opacity .15s,transform .15s}
.words{font-size:15px;font-weight:600;white-space:nowrap}
.launcher.worded{padding:0 20px 0 16px}
.cross{opacity:0;transform:rotate(-45deg)}
:host(.open) .cross{opacity:1;transform:none}
:host(.open) .bubble{opacity:0;transform:scale(.7)}
.badge{position:absolute;top:-3px;right:-3px;min-width:20px;height:20px;box-sizing:border-box;padding:0 6px;border-radius:10px;background:#d5392d;color:#fff;font:600 12px/20px system-ui;text-align:center}
.badge::after{content:attr(data-count)}
:is(.badge[data-count=""],.words:empty),:host(.open) :is(.badge,.told){display:none}
.told{bottom:calc(var(--y) + 68px + env(safe-area-inset-bottom));max-width:min(320px,calc(100vw - 2*var(--x)))}
.card{display:flex;align-items:flex-start;background:var(--bg);color:var(--ink);border-radius:14px;box-shadow:0 8px 30px rgba(16,40,36,.18),0 0 0 1px var(--edge);animation:rise .2s}
.card button{all:unset;box-sizing:border-box;cursor:pointer;border-radius:14px}
.card button:focus-visible{outline:2px solid var(--c);outline-offset:-3px}
.card .read{padding:12px 0 13px 16px;min-width:0;flex:1}
.card b{display:block;font-size:12px;font-weight:600;color:var(--dim);margin-bottom:2px}
.card .text{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden;overflow-wrap:anywhere}
.card .no{flex:none;display:grid;place-items:center;width:44px;height:44px;color:var(--dim)}
.card svg{width:20px}
@keyframes rise{from{opacity:0;transform:translateY(6px)}}
.panel{bottom:calc(var(--y) + 70px + env(safe-area-inset-bottom));width:392px;height:min(660px,calc(100vh - var(--y) - 94px));border:0;border-radius:16px;background:var(--page);box-shadow:0 12px 48px rgba(16,40,36,.2),0 0 0 1px var(--edge);visibility:hidden;opacity:0;transform:translateY(10px);transition:opacity .16s,transform .16s,visibility .16s}
:host(.open) .panel{visibility:visible;opacity:1;transform:none}
@media (max-width:640px){
:host{--x:16px!important}
.panel{inset:0;width:100%;height:100%;height:100dvh;box-sizing:border-box;padding:env(safe-area-inset-top) 0 env(safe-area-inset-bottom);background:var(--bg);border-radius:0;box-shadow:none}
:host(.open) .launcher{display:none}
.launcher.worded{padding:0}
.launcher .words{display:none}
}
@media (prefers-reduced-motion:reduce){.launcher,svg,.panel{transition:none}.card{animation:none}}
@media print{.launcher,.panel,.told{display:none}}`;

/** Puts the styles into a shadow tree, in a way that the strictest content security policy of the page allows. */
export function dress(root: ShadowRoot, own: string, nonce: string): void {
  if ("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES + own);
    root.adoptedStyleSheets = [sheet];
  } else {
    const style = document.createElement("style");
    style.nonce = nonce;
    style.textContent = STYLES + own;
    root.append(style);
  }
}

/** An element with a class, and a text that stays a text. */
export function make<N extends keyof HTMLElementTagNameMap>(tag: N, name: string, ...inner: (Node | string)[]): HTMLElementTagNameMap[N] {
  const made = document.createElement(tag);
  made.className = name;
  made.append(...inner);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

function drawing(name: string, d: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", name);
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", d);
  svg.append(path);
  return svg;
}

export const bubble = () =>
  drawing("bubble", "M9 9.5h14a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1-2.5 2.5h-6.2L12 25v-3.5H9A2.5 2.5 0 0 1 6.5 19v-7A2.5 2.5 0 0 1 9 9.5ZM12.2 15.5l2.6 2.6 5-5");
export const cross = (name = "cross") => drawing(name, "m10 10 12 12M22 10 10 22");

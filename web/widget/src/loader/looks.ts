/** How the launcher and the window look on the embedding page; everything is fixed, so nothing there moves. */

export const STYLES = `
:host{all:initial}
.launcher,.panel{position:fixed;z-index:2147483000}
.launcher{right:24px;bottom:calc(24px + env(safe-area-inset-bottom));display:grid;place-items:center;width:56px;height:56px;padding:0;border:0;border-radius:50%;background:#12706b;color:#fff;cursor:pointer;box-shadow:0 4px 18px rgba(12,60,56,.28);transition:background .15s,transform .15s}
.launcher:hover{background:#0e5f5b;transform:translateY(-1px)}
.launcher:focus-visible{outline:3px solid #fff;outline-offset:-5px}
.launcher svg{grid-area:1/1;width:30px;height:30px;transition:opacity .15s,transform .2s}
.cross{opacity:0;transform:rotate(-45deg)}
:host(.open) .cross{opacity:1;transform:none}
:host(.open) .bubble{opacity:0;transform:scale(.7)}
.badge{position:absolute;top:-3px;right:-3px;min-width:20px;height:20px;box-sizing:border-box;padding:0 6px;border-radius:10px;background:#d5392d;font:600 12px/20px system-ui,sans-serif;text-align:center}
.badge:empty,:host(.open) .badge{display:none}
.panel{right:24px;bottom:calc(94px + env(safe-area-inset-bottom));width:392px;height:min(660px,calc(100vh - 118px));border:0;border-radius:16px;background:#f4f6f4;color-scheme:light;box-shadow:0 12px 48px rgba(16,40,36,.2),0 0 0 1px rgba(16,40,36,.06);visibility:hidden;opacity:0;transform:translateY(10px);transition:opacity .16s,transform .16s,visibility 0s .16s}
:host(.open) .panel{visibility:visible;opacity:1;transform:none;transition:opacity .16s,transform .16s}
@media (max-width:640px){
.panel{inset:0;width:100%;height:100%;height:100dvh;border-radius:0;box-shadow:none}
:host(.open) .launcher{display:none}
.launcher{right:16px;bottom:calc(16px + env(safe-area-inset-bottom))}
}
@media (prefers-reduced-motion:reduce){.launcher,.launcher svg,.panel,:host(.open) .panel{transition:none}}
@media print{.launcher,.panel{display:none}}`;

const SVG = "http://www.w3.org/2000/svg";

function drawing(name: string, ...paths: string[]): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { class: name, viewBox: "0 0 32 32", fill: "none", stroke: "currentColor", "stroke-width": "2.2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

export const bubble = () =>
  drawing("bubble", "M9 9.5h14a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1-2.5 2.5h-6.2L12 25v-3.5H9A2.5 2.5 0 0 1 6.5 19v-7A2.5 2.5 0 0 1 9 9.5Z", "m12.2 15.5 2.6 2.6 5-5");
export const cross = () => drawing("cross", "m10 10 12 12M22 10 10 22");

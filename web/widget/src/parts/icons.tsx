/** The chat's few line drawings; decoration only, labels stand on the buttons. */

import type { ComponentChildren } from "preact";

function Icon({ children, size = 20 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      {children}
    </svg>
  );
}

/** The mark: a speech bubble with a tick. */
export const Mark = () => (
  <svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    <path d="M9 9.5h14a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1-2.5 2.5h-6.2L12 25v-3.5H9A2.5 2.5 0 0 1 6.5 19v-7A2.5 2.5 0 0 1 9 9.5Z" />
    <path d="m12.2 15.5 2.6 2.6 5-5" />
  </svg>
);
export const Ticket = () => <Icon size={18}><path d="M4 7h16v3.5a2 2 0 0 0 0 3.6V17H4v-2.9a2 2 0 0 0 0-3.6V7Zm10 2v1m0 2.5v1m0 2v.5" /></Icon>;
export const Dots = () => <Icon><path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="2.6" /></Icon>;
export const Mail = () => <Icon size={18}><path d="M4 6.5h16v11H4zM4.5 7l7.5 6 7.5-6" /></Icon>;
export const Bell = () => <Icon size={18}><path d="M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5l1.5-1.5ZM10 20.5h4" /></Icon>;
export const Shield = () => <Icon size={18}><path d="M12 3.5 5 6v5.5c0 4.300 2.9 7.5 7 9 4.100-1.5 7-4.700 7-9V6l-7-2.5Zm-3 8.700 2.200 2.200 4-4.200" /></Icon>;
export const Smile = () => <Icon><circle cx="12" cy="12" r="8.5" /><path d="M8.5 14.5c.9 1.200 2.100 1.800 3.5 1.800s2.6-.6 3.5-1.800M9 9.700v.5m6-.5v.5" /></Icon>;
export const Quote = () => <Icon size={16}><path d="M9 7 4.5 11.5 9 16M5 11.5h8a6 6 0 0 1 6 6V19" /></Icon>;
export const Copy = () => <Icon size={16}><path d="M9 9h10v11H9zM6 15H5V4h10v1.5" /></Icon>;
export const Undo = () => <Icon size={16}><path d="M5 8h9a5 5 0 0 1 0 10H8M5 8l3.5-3.5M5 8l3.5 3.5" /></Icon>;
export const Close = () => <Icon><path d="m6 6 12 12M18 6 6 18" /></Icon>;
export const Down = () => <Icon size={16}><path d="M12 5v14m0 0 6-6m-6 6-6-6" /></Icon>;
export const Chevron = () => <Icon size={14}><path d="m9 6 6 6-6 6" /></Icon>;
export const Send = () => <Icon><path d="M12 19V5m0 0-6 6m6-6 6 6" /></Icon>;
export const Person = () => (
  <Icon size={16}><circle cx="12" cy="8" r="3.6" /><path d="M5 20c.7-3.8 3.4-6 7-6s6.3 2.2 7 6" /></Icon>
);
export const Pen = () => <Icon size={16}><path d="M4 20h4L19 9l-4-4L4 16v4Zm9-13 4 4" /></Icon>;
export const Phone = () => <Icon size={16}><path d="M6.5 4h3L11 8 9 9.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3a2 2 0 0 1-2 2A16 16 0 0 1 4.5 6a2 2 0 0 1 2-2Z" /></Icon>;
export const Leave = () => <Icon size={18}><path d="M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 8l-4 4 4 4M6 12h9" /></Icon>;
export const Book = () => <Icon size={14}><path d="M5 5.5A2.5 2.5 0 0 1 7.5 3H19v15H7.5A2.5 2.5 0 0 0 5 20.5v-15Zm0 15A2.5 2.5 0 0 0 7.5 21H19" /></Icon>;
export const ThumbUp = () => (
  <Icon size={15}><path d="M7 11v9H4v-9h3Zm0 0 4-8c1.5 0 2.5 1 2.5 2.5V9H18a2 2 0 0 1 2 2.3l-1.1 7A2 2 0 0 1 17 20H7" /></Icon>
);
export const ThumbDown = () => (
  <Icon size={15}><path d="M7 13V4H4v9h3Zm0 0 4 8c1.5 0 2.5-1 2.5-2.5V15H18a2 2 0 0 0 2-2.3l-1.1-7A2 2 0 0 0 17 4H7" /></Icon>
);
export const Tick = () => <Icon size={14}><path d="m5 12.5 4.5 4.5L19 7.5" /></Icon>;
export const Clock = () => <Icon size={18}><circle cx="12" cy="12" r="8.5" /><path d="M12 7.5V12l3 2" /></Icon>;
export const Alert = () => <Icon size={16}><circle cx="12" cy="12" r="9" /><path d="M12 7.5v5.5m0 3.2v.1" /></Icon>;

/** Where the mouth ends and bends, from 1 (very dissatisfied) to 5. */
const MOUTHS: [number, number][] = [[22.5, 17.5], [21.5, 19], [20.5, 20.5], [19.5, 22.5], [18.5, 25]];

export function Face({ mark }: { mark: number }) {
  const [end, bend] = MOUTHS[mark - 1]!;
  return (
    <svg width="32" height="32" viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" aria-hidden="true">
      <circle cx="16" cy="16" r="12.5" />
      <path d={`M10.5 ${end}Q16 ${bend} 21.5 ${end}`} />
      <path d="M11.5 12.5v1.5m9-1.5v1.5" stroke-width="2.4" />
    </svg>
  );
}

/** How this page's site wants its button: what the desk says in the script itself, and what stands on the script's tag. */

import type { Tag } from "../words/tags.ts";

type Phrase = string | Partial<Record<Tag, string>>;

/** What a site says about itself; what is left out stays as it is by itself. */
interface Look {
  /** The colour, the same under a pointer, and what can be read on it. */
  colours?: [string, string, string];
  position?: "left";
  offset?: [number, number];
  theme?: "light" | "dark" | "auto";
  launcher?: Phrase;
  name?: Phrase;
}

/** Put around this script by the server; missing where the file is served by anything else. */
declare const YINGDA_LOOKS: ({ "": string } & Record<string, Look>) | undefined;

export interface Site {
  name: string | undefined;
  look: Look;
  theme: string;
}

export function siteOf(data: DOMStringMap): Site {
  const looks = typeof YINGDA_LOOKS === "undefined" ? undefined : YINGDA_LOOKS;
  const look = looks?.[data.site || looks[""]] ?? {};
  return { name: data.site, look, theme: data.theme || look.theme || "light" };
}

export const phrase = (phrase: Phrase | undefined, tag: Tag): string => (typeof phrase === "string" ? phrase : (phrase?.[tag] ?? ""));

/** What is said about data: one line at the first open, remembered until it says something else; later in the menu. */

import { useState } from "preact/hooks";
import { recall, remember } from "../memory.ts";
import { useWindow } from "./context.ts";
import { Shield } from "./icons.tsx";

const KEY = "privacy";

export function PrivacyLine() {
  const { chat, words } = useWindow();
  const [seen, setSeen] = useState(() => recall<string>(KEY));
  const privacy = chat.welcome?.privacy;
  if (!privacy || seen === privacy.text) return null;
  const agree = () => {
    remember(KEY, privacy.text);
    setSeen(privacy.text);
  };
  return (
    <section class="privacy" aria-label={words.privacy.title}>
      <Shield />
      <p>{privacy.text}{privacy.url && <Policy url={privacy.url} />}</p>
      <button type="button" onClick={agree}>{words.privacy.ok}</button>
    </section>
  );
}

export function Policy({ url }: { url: string }) {
  const { words } = useWindow();
  return <a class="inline-action" href={url} target="_blank" rel="noopener noreferrer">{words.privacy.policy}</a>;
}

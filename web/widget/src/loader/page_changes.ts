/** Tells when the embedding page has become another one without being loaded again. */

const SETTLE_MS = 150;

/** Where the browser says so itself it is asked; elsewhere the page's own calls are listened to, and passed on as they were. */
export function onPageChange(changed: () => void): void {
  let told = location.href;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(waiting);
    // The title usually follows the address.
    waiting = setTimeout(() => {
      if (location.href === told) return;
      told = location.href;
      changed();
    }, SETTLE_MS);
  };
  const navigation = (window as { navigation?: EventTarget }).navigation;
  if (navigation) return navigation.addEventListener("currententrychange", look);
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = function (this: History, ...args) {
      original.apply(this, args);
      look();
    };
  }
  addEventListener("popstate", look);
  addEventListener("hashchange", look);
}

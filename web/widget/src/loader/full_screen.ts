/** The open chat on a phone: it fills what the keyboard leaves, the page behind it stands still, and the back key closes it. */

/** There is no back key, and a new entry in the history would bring up a bar that covers the bottom of the page. */
const isAppleWeChat = (): boolean => /iP(hone|ad).*MicroMessenger/.test(navigator.userAgent);
const marked = (): boolean => Boolean((history.state as { yingda?: boolean } | null)?.yingda);

/** `panel` gives what fills the screen, `wants` is told when the back key closes the chat or a step forward opens it. */
export function fullScreen(panel: () => HTMLElement | undefined, wants: (open: boolean) => void) {
  const phone = matchMedia("(max-width: 640px)");
  const page = document.documentElement;
  let before: [overflow: string, x: number, y: number] | undefined;
  let returning = false; // our entry of the history is being left

  /** What is seen of the page, without the keyboard; while somebody has zoomed in, everything stays where it is. */
  function fit(): void {
    const style = panel()?.style;
    const view = visualViewport;
    if (!before || !style || !view || Math.abs(view.scale - 1) > 0.01) return;
    style.top = `${view.offsetTop}px`;
    style.height = `${view.height}px`;
  }

  /** An entry of the history for the back key to leave; the page's own state stays in it. */
  function mark(): void {
    if (!marked() && !isAppleWeChat()) history.pushState({ ...(history.state as object | null), yingda: true }, "");
  }

  function leave(): void {
    if (!before) return;
    const [overflow, left, top] = before;
    before = undefined;
    page.style.overflow = overflow;
    const style = panel()?.style;
    if (style) style.top = style.height = "";
    // Some browsers leave the page where the keyboard had pushed it.
    if (scrollX !== left || scrollY !== top) scrollTo({ left, top, behavior: "instant" });
    if (!marked() || returning) return;
    returning = true;
    history.back();
  }

  addEventListener("popstate", () => {
    if (returning) {
      returning = false;
      if (before) mark();
    } else if (before ? !marked() : marked() && phone.matches) wants(!before);
  });
  for (const change of ["resize", "scroll"]) visualViewport?.addEventListener(change, fit);
  // A window that was turned or made larger is not a phone's any more.
  phone.addEventListener("change", () => phone.matches || leave());

  return {
    isPhone: () => phone.matches,
    /** The page was loaded again while the chat stood on it. */
    stood: marked,
    enter() {
      if (!phone.matches || before) return;
      before = [page.style.overflow, scrollX, scrollY];
      page.style.overflow = "hidden";
      if (!returning) mark();
      fit();
    },
    leave,
  };
}

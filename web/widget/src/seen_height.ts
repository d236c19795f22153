/** The chat alone fills what the keyboard leaves of the screen; inside a frame the embedding page sees to that. */

export function followKeyboard(): void {
  const view = visualViewport;
  if (!view) return;
  const { style } = document.documentElement;
  const fit = () => {
    if (Math.abs(view.scale - 1) > 0.01) return; // somebody has zoomed in to read
    if (view.height < innerHeight - 1) style.setProperty("--seen", `${view.height}px`);
    else style.removeProperty("--seen");
    // iOS, and WeChat there, push the page up for the keyboard and may leave it so.
    if (scrollY !== 0 || view.offsetTop !== 0) scrollTo(0, 0);
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
  document.addEventListener("focusout", () => setTimeout(fit, 100));
}

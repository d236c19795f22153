// The demo site's own buttons open the chat the way any embedding page would.

interface Embedded {
  Yingda?: { open?: () => void; push: (...commands: [string, ...unknown[]][]) => void };
}
const site = window as unknown as Embedded;

for (const button of document.querySelectorAll<HTMLElement>("[data-chat]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    site.Yingda ??= [] as unknown as Embedded["Yingda"];
    site.Yingda!.push(["track", "打开客服", { from: button.textContent?.trim() ?? "" }], ["open"]);
  });
}

export {};

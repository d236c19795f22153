/** What the embedding page and the chat's iframe say to each other. */

export type ToFrame =
  | { yingda: "open" | "closed" | "reset" }
  | { yingda: "identity"; identity: string | undefined }
  | { yingda: "locale"; locale: string };

export type ToHost =
  | { yingda: "ready" | "close" }
  | { yingda: "message"; from: string }
  | { yingda: "unread"; count: number; live: boolean };

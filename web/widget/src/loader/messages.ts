/** What the embedding page and the chat's iframe say to each other. */

/** Plain values that the embedding page says about its visitor or an event of theirs. */
export type Properties = Record<string, unknown>;

/** One thing that the visitor did on the embedding page. */
export interface Step {
  name: string;
  properties?: Properties | undefined;
  url?: string;
}

/** The newest message that nobody has seen yet; `id` is the same wherever the message is told of. */
export interface Preview {
  id: string;
  from: string;
  name: string;
  text: string;
}

export type ToFrame =
  | { yingda: "open" | "closed" | "reset" }
  | { yingda: "identity"; identity: string | undefined }
  | { yingda: "kept"; kept: string | null | undefined }
  | { yingda: "locale"; locale: string }
  | { yingda: "page"; url: string; title: string }
  | { yingda: "attributes"; attributes: Properties }
  | { yingda: "track"; step: Step };

export type ToHost =
  | { yingda: "ready" | "close" }
  /** To keep for the frame what the browser does not let it keep; without anything to keep: to hand it over again. */
  | { yingda: "keep"; kept?: string }
  | { yingda: "message"; message: Preview }
  | { yingda: "unread"; count: number; live: boolean; newest?: Preview | undefined };

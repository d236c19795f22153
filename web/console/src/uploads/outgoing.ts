// Files that an agent is about to send, for each conversation and each side of a ticket: they are still there after a
// look at another one, and after a reload once they are with the server.
import { Uploads, type Upload } from "@yingda/shared/uploads";
import { inThisTab } from "@yingda/shared/uploads/unfinished";
import { freshLink } from "@yingda/shared/uploads/refusal";
import { computed, shallowRef, type ComputedRef, type ShallowRef } from "vue";
import type { Drafts } from "../desk/drafts";
import type { Session } from "../session";
import type { Attachment } from "../wire";

export interface Outgoing {
  uploads: Uploads;
  items: ShallowRef<readonly Upload[]>;
  tooMany: ShallowRef<boolean>;
  busy: ComputedRef<boolean>;
}

export class Files {
  private readonly outgoing = new Map<string, Outgoing>();

  constructor(
    private readonly session: Session,
    private readonly drafts: Drafts,
  ) {
    drafts.onFiles((place) => this.outgoing.get(place)?.uploads.followDraft());
  }

  /** What is being attached in a conversation, or at another place of this name. */
  of(place: string): Outgoing {
    const known = this.outgoing.get(place);
    if (known) return known;
    const items = shallowRef<readonly Upload[]>([]);
    const tooMany = shallowRef(false);
    const uploads: Uploads = new Uploads({
      token: (renew) => (renew ? this.session.renew() : this.session.accessToken()),
      onChange: () => {
        items.value = uploads.items;
        tooMany.value = uploads.tooMany;
      },
      unfinished: inThisTab(`yingda.console.unfinished.${place}`),
      draft: { get: () => this.drafts.files(place), set: (kept) => this.drafts.keepFiles(place, kept) },
    });
    items.value = uploads.items;
    const made = { uploads, items, tooMany, busy: computed(() => items.value.some(({ status }) => status === "waiting" || status === "sending")) };
    this.outgoing.set(place, made);
    return made;
  }

  /** A link that holds; the old one may have run out. Raises Refusal. */
  async fresh(id: string): Promise<Attachment> {
    return freshLink(id, await this.session.accessToken());
  }
}

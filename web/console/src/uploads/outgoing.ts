// Files that an agent is about to send, for each conversation: they are still there after a look at another one.
import { Uploads, type Upload } from "@yingda/shared/uploads";
import { freshLink } from "@yingda/shared/uploads/refusal";
import { computed, shallowRef, type ComputedRef, type ShallowRef } from "vue";
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

  constructor(private readonly session: Session) {}

  /** What is being attached in a conversation. */
  of(conversationId: string): Outgoing {
    const known = this.outgoing.get(conversationId);
    if (known) return known;
    const items = shallowRef<readonly Upload[]>([]);
    const tooMany = shallowRef(false);
    const uploads: Uploads = new Uploads({
      token: (renew) => (renew ? this.session.renew() : this.session.accessToken()),
      onChange: () => {
        items.value = uploads.items;
        tooMany.value = uploads.tooMany;
      },
    });
    const made = { uploads, items, tooMany, busy: computed(() => items.value.some(({ status }) => status === "waiting" || status === "sending")) };
    this.outgoing.set(conversationId, made);
    return made;
  }

  /** A link that holds; the old one may have run out. Raises Refusal. */
  async fresh(id: string): Promise<Attachment> {
    return freshLink(id, await this.session.accessToken());
  }
}

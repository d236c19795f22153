// A file's address, renewed once where it does not hold any more: pages stay open for a whole day.
import { fileUrl } from "@yingda/shared/uploads/files";
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from "vue";
import { useHouse } from "../injection";
import type { Attachment } from "../wire";

export interface Fresh {
  url: ComputedRef<string | undefined>;
  preview: ComputedRef<string | undefined>;
  missing: Ref<boolean>;
  renew: () => Promise<void>;
}

export function useFresh(file: () => Attachment): Fresh {
  const { files } = useHouse();
  const now = shallowRef(file());
  const missing = ref(false);
  let asked = false;
  watch(file, (given) => {
    now.value = given;
    missing.value = asked = false;
  });
  return {
    url: computed(() => fileUrl(now.value.url)),
    preview: computed(() => fileUrl(now.value.preview_url ?? now.value.url)),
    missing,
    async renew() {
      const { id } = file();
      if (asked || !id) {
        missing.value = true;
        return;
      }
      asked = true;
      const fresh = await files.fresh(id).catch(() => null);
      if (fresh) now.value = fresh;
      else missing.value = true;
    },
  };
}

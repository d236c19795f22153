// Shows what people and articles wrote: text nodes, a small subset of Markdown, pictures of our own, nothing else.
import { blocksOf, type Block } from "@yingda/shared/markdown";
import { fileUrl, namesVideo, opensBeside, videoUrl } from "@yingda/shared/uploads/files";
import { defineComponent, h, ref, type PropType, type VNode } from "vue";

type Node = VNode | string;

const INLINE = /\*\*([^*\n]+)\*\*|`([^`\n]+)`|\[!\[([^\]\n]*)\]\(([^\s)]*)\)\]\(([^\s)]+)\)|!\[([^\]\n]*)\]\(([^\s)]+)\)|(https?:\/\/[^\s<>"'，。；、！？（）【】《》“”]+)/g;

/** The address of a picture, only when it is one of the desk's own files. */
export const mediaUrl = (url: string): string | null => fileUrl(url) ?? null;

function picture(url: string, name: string): VNode {
  return h("a", { class: "picture", href: url, target: "_blank", rel: "noopener" }, h("img", { src: url, alt: name, loading: "lazy" }));
}

/** Nothing is fetched before somebody presses play; what cannot be played here opens beside the page. */
const Video = defineComponent({
  props: { url: { type: String, required: true }, name: { type: String, required: true }, poster: { type: String as PropType<string | null>, default: null } },
  setup(props) {
    const broken = ref(false);
    return () => {
      const source = broken.value ? undefined : videoUrl(props.url);
      return h("span", { class: "clip" }, [
        source ? h("video", { src: source, poster: props.poster ?? undefined, controls: true, preload: "none", playsinline: true, "aria-label": props.name, onError: () => (broken.value = true) }) : null,
        h("a", { href: props.url, target: "_blank", rel: "noopener noreferrer nofollow" }, `▶ ${props.name || props.url.split("/").at(-1)}`),
      ]);
    };
  },
});

/** The inside of a line. With `plain` only addresses are marked: customers and agents do not write Markdown. */
function inline(text: string, plain: boolean): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, code, film, poster, reel, name, image, link] = match;
    const target = reel ?? image;
    let node: VNode | null = null;
    if (link) node = h("a", { href: link, target: "_blank", rel: "noopener noreferrer nofollow" }, link);
    else if (!plain && bold) node = h("strong", bold);
    else if (!plain && code) node = h("code", code);
    else if (!plain && target && namesVideo(target) && opensBeside(target)) node = h(Video, { url: target, name: film ?? name ?? "", poster: mediaUrl(poster ?? "") });
    else if (!plain && reel) node = h("span", inline(`![${film}](${poster})`, false));
    else if (!plain && image) {
      const url = mediaUrl(image);
      node = url ? picture(url, name ?? "") : h("span", { class: "missing-picture" }, name || image);
    }
    if (!node) continue;
    nodes.push(text.slice(end, match.index), node);
    end = match.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function lines(texts: string[]): Node[] {
  return texts.flatMap((text, at) => (at > 0 ? [h("br"), ...inline(text, false)] : inline(text, false)));
}

function nodeOf(block: Block): VNode {
  switch (block.kind) {
    case "paragraph":
      return h("p", lines(block.lines));
    case "quote":
      return h("blockquote", lines(block.lines));
    case "heading":
      return h("h4", inline(block.text, false));
    case "code":
      return h("pre", { tabindex: 0 }, block.text);
    case "list":
      return h(block.ordered ? "ol" : "ul", block.ordered ? { start: block.start } : {}, block.items.map((item) => h("li", lines(item))));
    case "table": {
      const row = (texts: string[], cell: string): VNode => h("tr", block.head.map((_, at) => h(cell, inline(texts[at] ?? "", false))));
      return h("div", { class: "table", tabindex: 0 }, h("table", [h("thead", row(block.head, "th")), h("tbody", block.rows.map((texts) => row(texts, "td")))]));
    }
  }
}

export default defineComponent({
  props: { text: { type: String, required: true }, plain: Boolean },
  setup: (props) => () => (props.plain ? h("div", { class: "rich plain" }, inline(props.text, true)) : h("div", { class: "rich" }, blocksOf(props.text).map(nodeOf))),
});

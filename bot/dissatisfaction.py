"""Whether a message only says that the last answer did not help, and what remains where it says more."""

from __future__ import annotations

import re

from bot.characters import folded

_ONLY = re.compile(
    "(?:那|但|但是|可是|可|我|按你说的|照做了|试了|试过了|都试了|我试了|你说的|你这个|这个|这个答案|这个回答|"
    "这答案|答案|回答|这|刚才的|上面的|你|好像|感觉|根本|完全|一点|都|也|还|是|"
    "依然|依旧|仍然|又|真|的|太|就|并|并没有|并不|，|,| )*"
    "(?:没帮助|没有帮助|没什么帮助|没用|没有用|没什么用|不管用|不起作用|无效|没效果|没有效果|没解决|没有解决|"
    "解决不了问题|未解决|不行|不行啊|不好使|不可以|不能用|不对|不是这个|不是这|不是这样|不是我要的|不是我想要的|"
    "不是我问的|不是这个意思|"
    "不是我的问题|答非所问|牛头不对马嘴|驴唇不对马嘴|文不对题|错了|答错了|不准|不准确|看不懂|没看懂|不明白|"
    "没听懂|搞不懂|找不到这个|没有这个按钮|没有这个选项|没有这个|还没好|还没解决|老样子|一样|一样的问题)"
    "(?:的|了|啊|呀|呢|吧|哦|诶|哎|嘛|我|问的|要的|想问的| )*"
)
#: 还是收不到, 依然报错: the same trouble as before, without a word about which.
_STILL = re.compile(
    "(?:可是|但是?|不行|试了|试过了|我试了|照做了|按你说的做了|这样|这样弄|，|,| )*(?:还是|依然|依旧|仍然|仍旧|照样|"
    "照旧|还|仍)"
    "(?:一直|老|老是)?(?:[^，,。！!？?;怎什哪吗呢 ]{1,2}不(?:到|了|开|上|上去|出来|进去|出|进|动|成|成功|着)|"
    "没(?:有)?(?:反应|变化|收到|好|成功|"
    "用|找到|出来|看到|解决)|[^，,。！!？?;怎什哪吗呢 的我你他]{1,2}的|报错|失败|出错|灰的|是灰的|空白|打不开|"
    "不显示|有问题|那样|这样|老样子|一样)(?:的|了|啊|"
    "呀|呢|哦|诶|！|!)*|"
    "(?:it |that |this )*(?:is |was )?still (?:not there|fails|failing|broken|the same|nothing|doesn't|does not|can't|"
    "cannot|no)(?: \\w+)?|まだ(?:だめ|できません|届きません|同じです)|sigue (?:sin funcionar|igual|fallando)"
)
_ELSEWHERE = re.compile(
    r"(?:it |that |this |the answer |your answer |but |no,? |sorry,? |still |that's |it's |this is |that is |was |"
    r"is |did |does |do |doesn't |didn't |did not |does not |not |isn't |wasn't )*"
    r"(?:not helpful|unhelpful|useless|not working|doesn't work|does not work|didn't work|did not work|no use|"
    r"didn't help|did not help|doesn't help|not what i asked|not what i meant|not it|help|helpful|work|"
    r"working|wrong(?: answer)?|incorrect|the same|not that|what i asked|what i meant)"
    r"|(?:それ|これ|回答)?(?:では|じゃ)?(?:役に立たない|役に立ちません|解決しません|解决しません|だめです|"
    r"だめでした|ダメです|違います)"
    r"|(?:eso |esto |la respuesta )?no (?:me )?(?:sirve|ayuda|ayudo|ayudó|funciona|es eso|es lo que pregunte|es "
    r"lo que pregunté)"
)
_NEGATIVE = re.compile(r"not|n't|no |useless|unhelpful|wrong|incorrect|the same|役|解|だめ|ダメ|違")
#: “不是这个，我说的是企业版”: what comes after is a question of its own.
_TURNED_DOWN = re.compile(
    "^(?:都不是|都不对|不是这个|不是这|不对|不是的|不是|错了|答非所问|不是这个意思|我不是问这个|我问的不是这个|"
    "不是问这个|no|"
    "not that|not this|no es eso|違います)(?:[，。,.!！~ ]+|"
    "(?=我(?:说|问|想问|指|要|想要)的?是|我的意思是))"
    "(?:我(?:说|问|想问|指|要|想要)的?是|我是(?:说|问|想问)|"
    "我想问的?是|我的意思是|是|i (?:mean|meant)|i am asking about|quiero decir)?"
)
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")


def detect(text: str) -> bool:
    """Whether the whole message says that the answer did not help (没用, 还是不行, it didn't work)."""
    line = _EDGE.sub("", folded(text).replace("’", "'"))
    if not line or len(line) > 40:
        return False
    if _ONLY.fullmatch(line) or _STILL.fullmatch(line):
        return True
    return bool(_ELSEWHERE.fullmatch(line) and _NEGATIVE.search(line))


def without(text: str) -> str:
    """`text` without a 不是这个 before the real question; unchanged where there is none or nothing follows."""
    found = _TURNED_DOWN.match(folded(text))
    if found is None or len(folded(text)) != len(text) or not text[found.end() :].strip():
        return text
    return text[found.end() :].strip()

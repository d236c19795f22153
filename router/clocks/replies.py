"""What counts as a human's reply: words that are about the customer's matter; greetings and 请稍等 are none.

A text is taken apart at its punctuation. Where every clause is a greeting, an introduction, a word of waiting or a mere
acknowledgement, nothing was answered and the clock goes on. One clause more, and it is a reply. A question back is one.
"""

from __future__ import annotations

import re
import unicodedata

_CLAUSES = re.compile(r"[,，。.!！?？;；:：、~～…·\-—()（）\"“”‘|/\n]+")
#: What people put around words without changing them.
_AROUND = re.compile(
    r"^(?:那|嗯|呃|哦|好的?|行|麻烦|辛苦|请|还请|烦请)+|(?:哈|哦|呢|啊|呀|噢|吧|了|的|哟|嘛|亲|您|呐)+$"
)

_GREETINGS = (
    r"[你您]们?好|大家好|早(?:上|安)?好?|上午好|中午好|下午好|晚上好|哈喽|嗨|在|在呢|在的|我在|在线|人在",
    r"欢迎(?:咨询|光临|回来|使用)?.{0,12}|感谢(?:您的?)?(?:咨询|来电|联系|关注|耐心等[待候]|等待).{0,6}|让[您你]久等",
    r"(?:我是|我叫|这里是|这边是)(?!说|觉得|建议|问|想|指|帮|看).{1,12}|(?:客服|工号).{0,12}|(?:很)?高兴(?:为|能为)[您你](?:服务|解答).{0,4}",
    r"(?:请问)?(?:有)?什么(?:可以|能|问题)?(?:帮|为|需要).{0,8}|请问有什么.{0,10}|(?:很)?(?:乐意|荣幸).{0,8}服务",
    r"(?:请)?(?:先生|女士|老师|同学|朋友)",
    r"hi|hello|hey|hi there|hello there|good (?:morning|afternoon|evening)|dear .{1,20}|welcome.{0,20}",
    r"(?:this is|my name is|i am|i'm|im) .{1,30}|how (?:can|may) i (?:help|assist)(?: you)?(?: today)?",
    r"こんにちは|お世話になっております|いらっしゃいませ|担当の?.{1,16}(?:です|と申します)",
    r"hola|buenos d[ií]as|buenas tardes",
    r"[妳你您]好|歡迎.{0,12}|感謝(?:您的?)?(?:諮詢|來電|耐心等[待候]).{0,6}|讓[您你]久等",
)
_HOLDING = (
    r".{0,6}稍[等候后後待](?:.{0,4}(?:片刻|一下|一会儿?|几分钟|哈))?|等(?:我)?(?:一)?(?:下|会儿?|等)|稍(?:微)?等(?:我)?.{0,6}",
    r"(?:我|让我)?(?:马上|正在|这就|先|现在|这边|帮[您你]|为[您你]|给[您你]|去|来|再)*(?:查|核实|核查|看|确认|了解|处理|问|查询|查看|核对|检查|排查|联系)"
    r"(?:一?下|看|查|中|着|一遍)?(?:情况|问题|记录|原因)?",
    r"马上(?:就)?(?:好|来|处理|回复|回复[您你]|帮[您你].{0,6})|正在(?:处理|查询|核实|核查|查看|确认|为[您你].{0,8}|帮[您你].{0,8})中?",
    r"(?:我)?(?:马上|立刻|立即|稍后|一会儿?)(?:回复|联系|答复|告诉)[您你]?|别着急|不要着急|不急",
    r"(?:just )?(?:a|one) (?:moment|minute|second|sec)(?: please)?|hold on(?: please)?",
    r"please (?:wait|hold)(?: a moment)?",
    r"(?:let me|i(?:'| wi)?ll|i am going to) (?:check|look|see|find out)(?: (?:into )?(?:it|that|this|for you))*",
    r"(?:少々|しばらく)お待ちください|確認(?:いた)?します|un momento(?: por favor)?|espere(?: un momento)?",
)
_ACKNOWLEDGEMENTS = (
    r"好|好的|好嘞|收到|明白|了解|知道|嗯+|哦+|ok|okay|okey|got it|i see|noted|understood",
    r"谢谢[您你]?|多谢|感谢|辛苦|thanks|thank you|please|抱歉|不好意思|对不起|sorry|麻烦",
    r"承知(?:いた)?しました|かしこまりました|vale|de acuerdo|entendido",
)

_GREETING = re.compile("|".join(f"(?:{pattern})" for pattern in _GREETINGS))
_HOLD = re.compile("|".join(f"(?:{pattern})" for pattern in _HOLDING))
_ACKNOWLEDGEMENT = re.compile("|".join(f"(?:{pattern})" for pattern in _ACKNOWLEDGEMENTS))
#: Longer texts say something, whatever they begin with.
_SHORT = 60


def is_reply(text: str, *, first: bool = True) -> bool:
    """Whether an agent's message stops a clock.

    ``first``: the first reply, which an acknowledgement (“好的”, “收到”) is not; later on it may be all that is owed.
    """
    if len(text) > _SHORT:
        return True
    clauses = [clause.strip() for clause in _CLAUSES.split(_plain(text)) if clause.strip()]
    return any(not _says_nothing(clause, first=first) for clause in clauses)


def _says_nothing(clause: str, *, first: bool) -> bool:
    """The clause as a whole, or every word of it where people left the punctuation out."""
    return _is_idle(clause, first=first) or all(_is_idle(word, first=first) for word in clause.split())


def _is_idle(words: str, *, first: bool) -> bool:
    bare = _AROUND.sub("", words).strip()
    for form in (words, bare):
        if _GREETING.fullmatch(form) or _HOLD.fullmatch(form):
            return True
        if _ACKNOWLEDGEMENT.fullmatch(form):
            return first
    return not bare and first


def _plain(text: str) -> str:
    """Lower case, full width made half, without emoji."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(" " if unicodedata.category(char) in ("So", "Sk", "Cs", "Mn", "Cf") else char for char in folded)

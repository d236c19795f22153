"""Messages of one question put together, and whether more is likely to come; waits only on greetings and
unfinished text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import choice, small_talk
from bot.characters import HAN, folded, han_count, latin_count

_HAN_END = re.compile(f"[{HAN}]$")
_HAN_START = re.compile(f"^[{HAN}]")
_HIRAGANA = re.compile("[\u3041-\u309f]")
_FINISHED = re.compile("[。！？!?；;.~～)）]$")

_UNFINISHED_END = re.compile(
    r"(?:[，、,：:]|…|\.\.\.|然后|就是|那个|比如|比如说|例如|因为|但是|可是|(?<!通)不过|还有|而且|关于|如果|当我|"
    r"我在|"
    r"我想|我要|我们|我的|这个|所以|或者|以及|和|跟|把|"
    r"的时候|之后|以后|想问|想问下|想问一下|请问|问下|\b(?:and|but|when|if|because|so|then|the|a|my|to|with|"
    r"about|is|for|how to|i)|けど|ですが|て|で|\b(?:y|pero|cuando|que|si))\s*$"
)
#: What makes a short text complete: it asks, it acts, or it says that something is wrong.
_SAYS_SOMETHING = re.compile(
    "[怎咋吗么呢吧嘛?？不没无法失败错慢卡丢坏崩白改删加建设登录用看找换传发查填选搜装卸买退续付批签锁停启绑解配连同转移入出打画标排算报提收取拿拖拉]|"
    "如何|什么|哪|多少|几|为何|谁|多久|能|[是写帮做说讲教买租订]|"
    "可以|能否|会|是否|有没有|无法|失败|导[出入]|开[通启票]|关[闭联]|编辑|编写|保存|复制|粘贴|合并|拆分|显示|"
    "隐藏|恢复|撤销|升级|更新|同步|授权|审核|统计|创建|归档|克隆|重置|忘记|"
    "異常|异常|报错|乱码|空白|消失|变了|还是|需要|想|要|求"
)
#: Names of things that look as if they acted.
_NAMES = re.compile(
    "看板|用户|用例|工时填报|设置|设计|导航|开关|加班|会员|会议|能力|功能|智能|性能|登录页|登录|建议|标签|标题|"
    "标准|报表|报告|"
    "提醒|提示|提交|发票|发布|付款|签名|锁定|配额|连接|同事|转化|移动端|入口|出口|"
    "打卡|画布|排期|排序|算法|收件箱|取消|拖拽|查询|搜索|选项|批次|审批|传输|换行|无人|不限|用量|应用|作用|"
    "查看器|配置|录音|换算|批量|筛选|更新日志|看台|燃尽图|里程碑|需求|要求|主要|重要"
)
_LATIN_VERB = re.compile(
    r"\b(?:how|what|why|where|when|which|who|can|could|cannot|can't|do|does|did|don't|doesn't|is|are|isn't|not|no|"
    r"fail\w*|error|add|create|delete|remove|export|import|"
    r"change|reset|set|upload|download|invite|assign|connect|sync|share|print|find|move|copy|use|log|sign|show|"
    r"hide|edit|open|close|restore|cancel|upgrade|pay|"
    r"c[oó]mo|qu[eé]|d[oó]nde|puedo|exportar|importar|crear|borrar|cambiar|error)\b"
)
_SHORT_HAN, _SHORT_LATIN_WORDS = 7, 2


def merge(fragments: Sequence[str]) -> str:
    """The question in the customer's own words, without repeated lines: `甘特图` + `导不出来` → `甘特图导不出来`."""
    lines: list[str] = []
    for fragment in fragments:
        for line in fragment.splitlines():
            stripped = line.strip()
            if stripped and stripped not in lines:
                lines.append(stripped)
    text = ""
    for line in lines:
        text = _joined(text, line) if text else line
    return text


def question_of(fragments: Sequence[str]) -> str:
    """The merged text without greetings and openings: what to search for; empty where nothing else was said."""
    rest = [small_talk.without_opening(line) for fragment in fragments for line in fragment.splitlines()]
    return small_talk.without_opening(merge(rest))


def awaits_more(text: str, talk: small_talk.Kind | None) -> bool:
    """Whether more is to come after a text that says nothing whole so far; `talk` is the small talk that it is."""
    line = folded(text).strip()
    if not line or choice.is_choice(text):
        return False
    if talk is not None:
        return talk in small_talk.OPENINGS
    if not _FINISHED.search(line) and _UNFINISHED_END.search(line):
        return True
    return is_bare_name(small_talk.without_opening(line))


def is_bare_name(text: str) -> bool:
    """A short name of something without a question or a verb: 甘特图, permissions."""
    line = folded(text).strip()
    if not line or _FINISHED.search(line):
        return False
    if _HIRAGANA.search(line):
        return False
    if han_count(line):
        return han_count(line) <= _SHORT_HAN and len(line) <= 12 and not _SAYS_SOMETHING.search(_NAMES.sub("", line))
    words = line.split()
    return latin_count(line) > 0 and len(words) <= _SHORT_LATIN_WORDS and not _LATIN_VERB.search(line)


def _joined(before: str, after: str) -> str:
    if _FINISHED.search(before) or before.endswith(("，", "、", ",", "：", ":")):
        return f"{before}{after}" if _HAN_START.search(after) else f"{before} {after}"
    if _HAN_END.search(before) and _HAN_START.search(after):
        tail = re.split("[，。！？]", before)[-1]
        return f"{before}{after}" if is_bare_name(tail) else f"{before}，{after}"
    return f"{before} {after}"


_AROUND_A_WORD = re.compile(
    "怎么样?|如何|怎样|咋|在哪里?|哪里|哪儿|我们?|想要?|需要|要|请问|关于|一下|"
    "(?:弄|做|设置|操作|用|搞|看|呢|啊|呀|的|了|吧)$|\\b(?:how (?:do i|to|can i)|where is|the|a|my|i want to)\\b|"
    "[^\\w]+"
)


def only_word(text: str) -> str:
    """The one word that a question is made of, folded (注销 of 怎么注销？); empty where it says more than that."""
    word = folded(text).strip()
    if len(word) > 30:
        return ""
    word = _AROUND_A_WORD.sub(" ", word).strip()
    if han_count(word) == len(word) == 2:
        return word
    return word if word.isascii() and word.isalpha() and len(word) > 3 else ""

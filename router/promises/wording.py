"""Whether an agent's words promise the customer something, by their wording alone: who, to whom, still to come; says
“unsure” where the words leave it open, “never” where they only ask about what was promised before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from models.characters import folded

Verdict = Literal["yes", "no", "unsure", "never"]

_READ = 1_000  # characters
_SENTENCES = re.compile(r"[^。！!；;\n？?]+[。！!；;？?\n]*|(?<=[。！!？?])\s+")
_HAN = re.compile("[\u4e00-\u9fff]")

_YOU = "(?:您|你|咱)(?:们|那边|这边)?"
#: What is promised to a customer: an answer, a call, a result.
_ANSWERING = (
    f"(?:给|跟|和|向|为|帮|替){_YOU}.{{0,8}}?(?:回复|答复|回话|回电|回个|打过?去?电?话?|打过去|结果|反馈|消息|准信|说法|交代|交待|进展|处理|解决|"
    "开通|退款|补上|发过?去?|发送|同步|通知|更新|确认|安排|回信|解释|恢复|修复|调整|改好|查清|弄好|办好|到账|修好|导出|配置|开好|重置|看看|核实)|"
    f"(?:回复|答复|反馈|通知|告诉|告知|联系|回访|致电|打给|发给|同步给|转告|回电给?|转达|电话联系|发到|回)(?:给)?(?:到)?{_YOU}|"
    f"(?:回|答|找|call|打){_YOU}(?:电话)?|"
    "(?:给|出|有)(?:个|出|到)?(?:结果|答复|回复|准信|说法|方案|进展|消息)|回电|回个电话|回拨|回访|"
    "(?:会|能|可以)(?:处理|解决|修复|修好|上线|发布|恢复|完成|弄好|到账|开通|寄出|发出|开好|退回)|"
    "(?:处理好|解决掉|修好|改好|搞定|弄好|开好)"
)
_SELF = (
    "(?:我们?(?:这边|同事|的同事|的工程师|部门)?|咱们?|同事|研发|技术|工程师|专员|财务|产品|运维|"
    "客户经理|顾问|实施|售后|团队|主管|这边|商务)"
)
_TO_COME = (
    "(?:会|将|马上|稍后|待会儿?|一会儿?|等下|回头|尽快|尽早|立刻|立即|随后|第一时间|争取|保证|一定|这就|接下来|"
    "(?:等|待)?(?:[^，。]{0,10}?)"
    "(?:核实|确认|查|问|沟通|看|测试|复现|排查|处理|出结果|有(?:结果|进展|消息))"
    "(?:到|清楚?|完|好|出来|过)?(?:了|后|之后|以后|就))"
)
_DONE = re.compile(
    r"(?:已经?|刚才?|刚刚|早就|曾经?)(?:经|由)?[^，。]{0,8}?(?:回复|答复|回电|发|联系|处理|解决|反馈|通知|告诉|回|退|开|更新|同步|给)|"
    r"(?:回复|答复|发|联系|处理|解决|反馈|通知|告诉|打|回)(?:给)?(?:您|你)?过|(?:给您|跟您)?(?:回复|答复|发送|处理|解决)了(?!.{0,4}(?:就|后))|"
    r"之前(?:就)?(?:说|回|答|发)|昨天|上周|前天"
)
_THEIR_TURN = re.compile(
    r"(?:麻烦|请|劳烦|辛苦|烦请|需要|等)?(?:您|你)(?:可以|先|再|也|能|们)?(?:们)?(?:明天|后天|今天|稍后|回头|有空|方便|下午|上午|晚上|下周)?[^，。给]{0,8}?"
    r"(?:试|联系我|告诉我|回复我|找我|发我|发给我|提供|反馈给我|通知我|看看|登录|重启|刷新|留言|选择|点击|操作|确认一下|打开)"
)
_GENERAL = re.compile(
    "一般|通常|正常情况|往往|每次|系统会|系统将|自动|机器人|工作时间是|服务时间|默认|如果|要是|假如|一旦|的话"
)
_REFUSED = re.compile("(?:不能|无法|没法|没办法|不好|不敢|不便|不会|难以|不一定|不确定|还不知道|不清楚|不保证|暂时没)")
#: Something done for the customer, whatever it is: a promise where the time is to come.
_FOR_YOU = re.compile(
    f"(?:给|跟|和|向|为|帮|替|与|发|传|寄|转)(?:到|给)?(?:{_YOU}|[张王李赵刘陈杨黄周吴徐孙马朱]总)|(?:寄|发|给|传|送)出|(?:联系|跟进|处理|解决|上门|接着|继续)"
)
_ASKS = re.compile("[吗么呢]\\s*[？?。!！]*$|[？?]\\s*$|^(?:是不是|能不能|可不可以|要不要|方便|您看|您希望|您想)")
#: What somebody said before: 上次说周三前给您答复的, who promised you.
_TOLD_BEFORE = re.compile(
    "(?:上次|上回|之前|先前|当时|那天|那次|昨天|前天|刚才|前面|曾经?|上周.?|谁|哪位|哪个)[^，。？?]{0,10}"
    "(?:说|讲|答应|承诺|约|告诉|提到|保证|许诺)|(?:说|答应|承诺|约|许诺)(?:好|过|了)|答应(?:您|你)的|(?:答复|回复|处理|解决|联系)您?的[，,]"
)
_EN_TOLD_BEFORE = re.compile(
    r"\b(?:told|promised|said|assured|mentioned|last\s+time|previously|earlier|back\s+then)\b", re.IGNORECASE
)
_TO_YOU = re.compile(f"(?:给|跟|和|向|为|帮|回复|答复|联系|通知|告诉|回|致电|打给|发给){_YOU}")
_ANSWER = re.compile(_ANSWERING)
_WE = re.compile(_SELF)
_SOON = re.compile(_TO_COME)
_TIME_ZH = re.compile(
    "今天|今日|今晚|明天|明早|明晚|明日|明儿|后天|[周星期礼拜][一二三四五六日天]|下周|本周|这周|周内|"
    "月底|月初|下个?月|下班|上午|中午|下午|傍晚|晚上|一早|"
    "\\d\\s*[点:：号日月]|[一二两三四五六七八九十半几]个?(?:小时|钟头|工作日)|"
    "[一二两三四五六七八九十\\d几]+\\s*(?:点|分钟|小时|天|日)|个工作日|半天"
)

_EN_SELF = (
    r"(?:i|we|my colleague|our (?:team|engineers?|developers?|specialist|colleagues?|billing team|"
    r"sales team|support team)|the team|(?:an?|the) (?:engineer|specialist|colleague|developer)s?|somebody|someone|"
    r"he|she|they)"
)
_EN_PROMISE = re.compile(
    rf"\b{_EN_SELF}(?:['’]ll| will| am going to| are going to|['’]re going to|['’]m going to| shall|"
    rf"(?: can)? promise to)\s+(?:\w+\s+){{0,3}}?"
    r"(?:get back|be back|reply|respond|answer|call|ring|phone|email|write|update|let you|inform|notify|contact|"
    r"follow up|send|have (?:an?|the|this|it|news)|give you|"
    r"come back|reach out|return|check (?:and|with|this|it)|look into|find out|fix|resolve|sort|process|refund|"
    r"provide|share|tell you|confirm|ping|report back|keep you|finish|deliver|release|publish|restore|dig)",
    re.IGNORECASE,
)
_EN_YOULL = re.compile(
    r"\b(?:you(?:['’]ll| will) (?:hear|get|have|receive)|expect (?:an?|our|my) (?:answer|reply|call|update))",
    re.IGNORECASE,
)
_EN_BARE = re.compile(
    r"^(?:will (?:get|let|call|send|update|check|reply|come|email)|talk to you|back (?:to you )?(?:in|by|with|"
    r"shortly)|update (?:coming|by|tomorrow)|more (?:news|on this) )",
    re.IGNORECASE,
)
_EN_DONE = re.compile(
    r"\b(?:i|we|they)(?:['’]ve| have| had)?\s+(?:already|just)\b|\b(?:replied|responded|answered|called|emailed|"
    r"updated|sent)\b.*\b(?:already|yesterday|earlier|last)",
    re.IGNORECASE,
)
_EN_NOT = re.compile(
    r"\b(?:can(?:['’]?t|not)|won['’]?t|will not|unable|not able|if (?:you|it|the)|usually|normally|typically|"
    r"generally|automatically|the system|please (?:try|let|send|tell|get)|"
    r"(?:will|could|can|would|should|shall) (?:you|i|we)\b.*\?|do you|would you|are you|when (?:will|would)|"
    r"not sure|might)\b",
    re.IGNORECASE,
)  # fmt: skip


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text with their closing marks."""
    for match in _SENTENCES.finditer(text[:_READ]):
        if match.group().strip():
            yield match.group().strip()


def judge(sentence: str) -> Verdict:
    """Whether one sentence of an agent promises something that is still to come."""
    return _judge_chinese(sentence) if _HAN.search(sentence) else _judge_english(sentence)


def _judge_chinese(sentence: str) -> Verdict:
    if _ASKS.search(sentence):
        return "never" if _TOLD_BEFORE.search(sentence) else "no"
    verdict: Verdict = "no"
    sentence = folded(sentence).replace("覆", "复")
    clauses = [clause for clause in re.split("[，,]", sentence) if clause.strip()]
    for number, clause in enumerate(clauses):
        if _REFUSED.search(clause):
            continue
        if not _ANSWER.search(clause):
            timed = _TIME_ZH.search(clause) or _SOON.search(clause)
            if timed and _FOR_YOU.search(clause) and not (_DONE.search(clause) or _THEIR_TURN.search(clause)):
                verdict = "unsure"
            continue
        before = "，".join(clauses[:number])
        whole = f"{before}，{clause}"
        if _DONE.search(clause) or _THEIR_TURN.search(clause):
            continue
        comes = _SOON.search(clause) or _TIME_ZH.search(clause)
        if _GENERAL.search(clause) or not (comes or _SOON.search(before) or _TIME_ZH.search(before)):
            verdict = "unsure"
            continue
        if _WE.search(whole) or _TO_YOU.search(clause) or len(clauses) == 1:
            return "yes"
        verdict = "unsure"
    return verdict


def _judge_english(sentence: str) -> Verdict:
    said = _EN_PROMISE.search(sentence) or _EN_YOULL.search(sentence) or _EN_BARE.search(sentence)
    is_question = sentence.rstrip().endswith("?")
    if is_question and _EN_TOLD_BEFORE.search(sentence):
        return "never"
    if _EN_NOT.search(sentence) or is_question:
        return "no"
    if said is None:
        return "no"
    return "unsure" if _EN_DONE.search(sentence) else "yes"

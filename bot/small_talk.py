"""Greetings, thanks, goodbyes and the like: a message counts as small talk only when nothing else is in it."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Literal

from bot.characters import folded
from bot.phrases import Phrasebook

Kind = Literal[
    "greeting",
    "presence",
    "thanks",
    "goodbye",
    "identity",
    "ability",
    "praise",
    "agreed",
    "solved",
    "laugh",
    "emoji",
    "nudge",
    "key_mash",
]

_GREETING = """
你好 您好 你们好 您们好 大家好 哈喽 哈啰 哈罗 嗨 嘿 hello hi hey halo hallo yo hiya 早 早上好 早安 上午好 中午好
下午好 晚上好 午安 good_morning good_afternoon good_evening morning greetings howdy nihao ni_hao 你好呀 你好啊
您好呀 小应 小应你好 小应小应 亲 亲亲 客服你好 老师好 老师 老师您好 hi_there hello_there hey_there こんにちは
こんばんは おはよう おはようございます はじめまして もしもし お世话になっております hola buenas buenos_dias
buenos_días buenas_tardes buenas_noches saludos 拜访 吃了吗 吃饭了吗 最近好吗 how_are_you how_are_you_doing
how's_it_going what's_up whats_up sup 新年好 新年快乐 节日快乐 你好你好 哈喽哈喽 雷好 哈咯 你好哇 妳好
"""
_PRESENCE = """
在吗 在么 在嘛 在不 在不在 在没 在没在 你在吗 您在吗 在吗在吗 在线吗 在呢吗 还在吗 你还在吗 在 喂 喂喂 zaima zai_ma
zai_me 你在不在 在否 在伐 在哈 人在吗 are_you_there you_there are_you_still_there still_there u_there
hello_are_you_there いますか いる いらっしゃいますか estas_ahi estás_ahí 请问在吗 1 11 111 测试 测试一下 test
testing 测试测试 テスト prueba 请问 请问一下 打扰了 打扰一下 麻烦 麻烦了 不好意思 excuse_me sorry_to_bother_you
すみません 嗯哼
"""
_OPENER = """
我想问下 我想问一下 我想问问 想问下 想问一下 想问问 问一下 问下 问个问题 我有个问题 我有一个问题 有个问题
有个问题想问 有个问题请教 请教一下 请教 请教个问题 咨询一下 咨询下 我要咨询 我想咨询 我想咨询一下 想咨询一下 想咨询
咨询 咨询问题 帮个忙 帮忙 帮我看看 帮我看下 帮我看一下 帮我 求助 help 有问题 出问题了 我遇到一个问题 遇到个问题
遇到问题 遇到一个问题 请问下 那个 就是 是这样的 是这样 情况是这样的 这样的 我这边 我们这边 你帮我看看
i_have_a_question i_have_a_problem question quick_question can_i_ask_something can_i_ask_a_question i_need_help
need_help can_you_help_me please_help help_me 质问があります 质问です 闻きたいことがあります 教えてください
tengo_una_pregunta una_pregunta tengo_un_problema necesito_ayuda 能帮我吗 可以帮我吗 能帮个忙吗 我问一下 我问下
问你个事 问个事 有事 有事问 有个事 想了解一下 了解一下 我想了解一下 我想了解 我想
"""
_THANKS = """
谢谢 谢谢你 谢谢您 谢谢啦 谢谢了 谢啦 谢了 多谢 多谢了 感谢 非常感谢 十分感谢 太感谢了 太谢谢了 谢谢谢谢 感谢感谢 3q
3ks thx ths tks thanks thank_you thank_you_so_much thanks_a_lot many_thanks thank_u ty tysm cheers appreciated
much_appreciated appreciate_it i_appreciate_it thanks_so_much thank_you_very_much 谢谢帮忙 谢谢老师 谢谢小应 辛苦了
辛苦啦 辛苦 麻烦你了 麻烦您了 唔该 多谢晒 感恩 xiexie xie_xie ありがとう ありがとうございます ありがとうございました
どうも 感谢します 助かりました 助かります gracias muchas_gracias mil_gracias te_lo_agradezco 谢谢哈 谢谢亲 感谢帮助
谢谢解答 感谢解答 谢谢你的帮助 谢谢您的帮助 thanks_for_your_help thank_you_for_your_help
"""
_GOODBYE = """
再见 拜拜 拜 88 886 bye bye_bye goodbye good_bye see_you see_ya cya see_you_later later 回头见 下次见 晚安
good_night 没事了 没问题了 没有了 没有问题了 没别的了 没有别的了 不用了 不用了谢谢 先这样 就这样 先这样吧 就这样吧
我先走了 我先忙了 我去试试 我试试 我试一下 我去试一下 我先试试 回聊 改天聊 祝好 一切顺利 have_a_nice_day
have_a_good_day take_care that's_all thats_all that_is_all no_that's_all nothing_else no_more_questions さようなら
またね では失礼します 失礼します adios adiós hasta_luego chao chau eso_es_todo nos_vemos 没什么了 没其他问题了
暂时没有了 暂时没有 下班了 撤了 闪了 溜了
"""
_IDENTITY = """
你是谁 您是谁 你是哪位 你哪位 你叫什么 你叫什么名字 你的名字 你的名字是什么 怎么称呼 怎么称呼你 怎么称呼您 您贵姓
贵姓 你是机器人吗 你是机器人 是机器人吗 是机器人吧 你是不是机器人 你是机器人吧 机器人吗 机器人 你是真人吗 你是人吗
是真人吗 你是不是真人 你是人工吗 是人工吗 你是人还是机器人 你是真人还是机器人 是人还是机器人 你是人工还是机器人
人还是机器人 真人还是机器人 你是ai吗 你是ai 是ai吗 你是chatgpt吗 你是人工智能吗 你是男的女的 你是男是女 你几岁
你多大了 你是智能客服吗 你是客服吗 你是人不是 你是活人吗 自我介绍一下 介绍一下你自己 你们是谁 你是哪家公司的
who_are_you what_are_you what_is_your_name what's_your_name whats_your_name your_name are_you_a_robot are_you_a_bot
are_you_human are_you_a_human are_you_real are_you_a_real_person is_this_a_bot is_this_a_robot am_i_talking_to_a_bot
are_you_an_ai are_you_ai are_you_a_person am_i_talking_to_a_human am_i_talking_to_a_robot am_i_chatting_with_a_bot
are_you_chatgpt is_this_a_real_person am_i_speaking_with_a_real_person am_i_talking_to_a_real_person
am_i_speaking_to_a_human am_i_chatting_with_a_human is_there_a_human_behind_this are_you_a_machine
are_you_a_computer am_i_speaking_to_a_bot farewell_bot あなたは谁ですか 谁ですか ロボットですか
あなたはロボットですか 人间ですか お名前は aiですか quien_eres quién_eres eres_un_robot eres_un_bot eres_humano
como_te_llamas cómo_te_llamas eres_una_persona eres_una_persona_real
"""
_ABILITY = """
你会什么 你能做什么 你能干什么 你能干嘛 你会干什么 你会做什么 你可以做什么 你有什么功能 你能帮我什么 你能帮我做什么
你都会什么 你能回答什么 怎么用你 能问你什么 我能问什么 可以问你什么 what_can_you_do how_can_you_help
what_can_you_help_with what_do_you_do how_do_you_work what_can_i_ask_you 何ができますか 何ができるの
que_puedes_hacer qué_puedes_hacer en_que_me_puedes_ayudar en_qué_me_puedes_ayudar
"""
_PRAISE = """
你真棒 真棒 太棒了 棒 真好 你真好 太好了 好厉害 厉害 真厉害 你真聪明 真聪明 聪明 好评 点赞 赞 给你点赞 牛 真牛 牛逼
nb 666 优秀 可以啊 不错 挺好 挺好的 很好 非常好 完美 good great nice awesome perfect excellent amazing cool
wonderful well_done good_job great_job nice_job good_bot you're_great you_are_great love_it brilliant fantastic
すごい 素晴らしい さすが genial excelente perfecto muy_bien 服务真好 满意 很满意 非常满意 爱了 爱你 喜欢你 good_work
"""
_AGREED = """
好 好的 好滴 好嘞 好哒 好吧 好呀 好啊 行 行吧 可以 可以的 嗯 嗯嗯 恩 恩恩 嗯好 哦 哦哦 噢 喔 哦好 是 是的 对 对的
对对 没错 收到 了解 了解了 明白 明白了 懂了 知道了 我知道了 晓得了 清楚了 ok okay okey okk okok k kk oki fine sure
yes yep yeah yup got_it i_see understood alright all_right right roger noted will_do ok_got_it makes_sense はい うん
わかりました 分かりました 了解です 了解しました 承知しました なるほど si sí vale de_acuerdo entendido claro bien
esta_bien está_bien 好的呢 嗯呢 好的好的 okie 稍等 等一下 等下 等等 我看看 我看一下 看看 啊 呃 额 呀 哎 唉 嘿嘿 hmm
um uh 没有 没 无 no nope 不 不是 算了 随便 没事 没关系 没什么
"""
_SOLVED = """
解决了 已解决 已经解决了 问题解决了 搞定了 搞定 弄好了 好了 可以了 成功了 能用了 行了 会了 我会了 学会了 找到了
看到了 弄出来了 出来了 导出来了 好用了 正常了 恢复了 it_works it_works_now works_now working_now solved fixed
that_worked that_works it_worked problem_solved resolved it's_working found_it 解决しました できました 直りました
resuelto ya_funciona solucionado ya_esta ya_está funciona
"""
_LAUGH = """
哈 哈哈 呵 呵呵 嘻嘻 hh haha hehe lol xd lmao 233 笑死 笑死我了 2333 www 哈哈哈 jaja hahaha 啦啦 啦 嘎嘎 噗 略略略
"""


def _words(*groups: str) -> list[str]:
    return [folded(phrase.replace("_", " ")) for group in groups for phrase in group.split()]


#: Openings that may run into the question without a mark between.
_TOUCHING = """
你好 您好 你好呀 你好啊 哈喽 请问 请问下 请问一下 我想问下 我想问一下 我想问问 我想问 想问下 想问一下 想问问 想问
问一下 问下 麻烦问下 麻烦问一下 在吗 在么 您好请问 你好请问 我想咨询一下 我想咨询下 想咨询一下 想咨询下 咨询一下
咨询下 请教一下 想请教一下 我想请教一下 想了解一下 我想了解一下 了解一下 帮我看看 帮我看下 帮我看一下 麻烦帮我看下
打扰一下 不好意思 请问您 小应 妳好
"""

#: “啊”, “呢”: said after anything, they mean nothing by themselves.
_PARTICLES = """
了 啊 呀 呢 哈 哦 吧 啦 嘛 哇 的 么 你 您 那 那就 all everyone there please pls so_much a_lot very_much friend
sir madam team bot です ね よ 亲 各位
"""

_BOOK = Phrasebook(
    {
        "particle": _words(_PARTICLES),
        "laugh": _words(_LAUGH),
        "agreed": _words(_AGREED),
        "praise": _words(_PRAISE),
        "greeting": _words(_GREETING),
        "presence": _words(_PRESENCE, _OPENER),
        "thanks": _words(_THANKS),
        "solved": _words(_SOLVED),
        "goodbye": _words(_GOODBYE),
        "ability": _words(_ABILITY),
        "identity": _words(_IDENTITY),
    }
)
#: What stands before a question and says nothing: 你好，我想问下…
_BEFORE = Phrasebook({"apart": _words(_GREETING, _PRESENCE, _OPENER), "touching": _words(_TOUCHING)})
#: Of several kinds in one message, the one to answer: 好的谢谢再见 is a goodbye.
_RANK: tuple[Kind, ...] = (
    "identity",
    "ability",
    "goodbye",
    "solved",
    "thanks",
    "praise",
    "presence",
    "greeting",
    "agreed",
    "laugh",
)

_DIGITS_AND_LATIN = re.compile(r"[a-z0-9 ;,./'\[\]\\`=-]+")
_VOWEL = re.compile("[aeiouyáéíóú]")
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
_LONG = 60  # longer messages say more than small talk


def detect(text: str) -> Kind | None:
    """Which small talk the whole message is, or None; a greeting before a question is none."""
    line = folded(text).strip()
    if not line or len(line) > _LONG * 4:
        return None
    if not any(character.isalnum() for character in line):
        return _wordless(line)
    collapsed = re.sub(r"(.)\1{2,}", r"\1\1", line)
    if len(collapsed) > _LONG:
        return None
    kinds = _BOOK.whole(line)
    if kinds is not None:
        for kind in _RANK:
            if kind in kinds:
                return kind
    return "key_mash" if _is_key_mash(line) else None


def without_opening(text: str) -> str:
    """`text` without the greeting or the 我想问下 before it; empty where there is nothing else."""
    return text[_reach(text) :].strip(" \n\t，。、,.!！~～…:：;；-—")


def is_opening(text: str) -> bool:
    """Whether the text is only a greeting, 在吗 or 我想问下, so that the question is still to come."""
    return detect(text) in ("greeting", "presence")


def _reach(text: str) -> int:
    line = folded(text)
    if len(line) != len(text):  # the written form changed its length: read the folded one to the same share of words
        return (
            len(text) - len(line[_BEFORE.strip(line, "touching") :])
            if text.endswith(line[_BEFORE.strip(line, "touching") :])
            else 0
        )
    return _BEFORE.strip(line, "touching")


def _wordless(line: str) -> Kind:
    if any(unicodedata.category(character) in ("So", "Sk") for character in line):
        return "emoji"
    return "nudge"


def _is_key_mash(line: str) -> bool:
    """Fingers on the keyboard: asdfgh, jkljkl, 。。ww; never a code such as TH01-A or a word."""
    if not _DIGITS_AND_LATIN.fullmatch(line):
        return len(line) >= 6 and len(set(line)) <= 2
    letters = re.sub("[^a-z]", "", line)
    if len(letters) < 4:
        return False
    if len(set(letters)) <= 2 or any(_on_row(letters, row) for row in _KEYBOARD):
        return True
    words = line.split()
    return len(words) == 1 and not re.search(r"\d", line) and len(letters) >= 6 and not _VOWEL.search(letters)


def _on_row(letters: str, row: str) -> bool:
    neighbours = sum(1 for a, b in pairwise(letters) if a + b in row or b + a in row)
    return neighbours >= max(3, 0.7 * (len(letters) - 1))

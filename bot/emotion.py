"""What a customer feels, from words and marks, with care for negation (不是垃圾) and for the product's own words
(垃圾箱).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.characters import folded
from bot.records import Emotion

_READ = 600  # characters; feelings stand at the start or are repeated
_BRIEF = 36  # bytes, a dozen Chinese characters; so short a message is about the feeling itself: 无语

#: Spans that only look like feelings.
_INNOCENT = re.compile(
    "垃圾(?:箱|桶|邮件|回收|站|分类|清理|文件|数据)|骗子(?:举报)|投诉(?:类|工单|任务|项目|单|字段|分类|看板|流程|"
    "管理|记录)|(?:不|没|没有|别|不要|并不|不算|不太)(?:是)?(?:很|太|那么|再)?(?:生气|着急|烦|急|担心|垃圾|差|坑|"
    "怪你|离谱|失望)|"
    "急(?:诊|救)|应急|加急(?:审批|字段|标签|任务|单)|坑位|滚动|操作|体操|死锁|死循环|死链|截止|卡片|(?:进度|任务|"
    "截止日期|里程碑|项目)(?:风险|告急)|"
    r"\b(?:terrible|horrible|stupid|bad) (?:mistake|error)\b|\bnot (?:angry|mad|upset|worried|urgent|bad)\b|\bno "
    r"(?:worries|problem)\b|\btrash (?:bin|can|folder)\b|"
    r"\bjunk (?:mail|folder)\b|\bworst[- ]case\b|\bbad (?:gateway|request)\b|\bdead(?:line|lock)s?\b|"
    "ゴミ箱|怒っていません|心配ありません|papelera|basura digital"
)
#: Insults and open fury: anger by themselves.
_FURIOUS = re.compile(
    "傻[逼比叉x缺]|sb(?![a-z])|煞笔|脑残|智障|弱智|他妈|tmd|妈的|特么|尼玛|草泥马|操你|我操|卧槽|滚蛋|"
    "(?<![回翻上下摇])滚[！!。]*$|去死|"
    "王八|混蛋|畜生|废物|垃圾|狗屎|狗屁|放屁|骗子|骗人|骗钱|坑人|坑钱|坑爹|黑心|流氓|无耻|不要脸|"
    "气死|气炸|火大|恼火|忍无可忍|受够|受不了了|怒了|愤怒|岂有此理|欺人太甚|什么玩意|什么破|破软件|破系统|破玩意|"
    "烂软件|烂透|太烂|真烂|(?:真|太|好|让人)恶心|恶心人|投诉你|我要投诉|要投诉|去投诉|曝光|举报你们|12315|消协|"
    "起诉|律师函|法院|"
    "(?:赶紧|快|给我|马上|必须)(?:退款|退钱|还钱)|耍我|耍人|玩我|糊弄|敷衍|当我是傻|把我当|干什么吃的|吃干饭|"
    "吃屎|有病吧|脑子有|神经病|"
    r"\b(?:fuck\w*|f\*+k?|wtf|bullshit|shit\w*|asshole|idiots?|moron\w*|scam\w*|rip ?off|"
    r"pathetic|disgust\w+|outrageous|unacceptable|ridiculous|furious|pissed|garbage|"
    r"fed up|sick of|lawsuit|sue you)\b|ふざけるな|ふざけんな|最悪|くそ|クソ|馬鹿|バカ|"
    r"ばか|腹が立|怒って|いい加減にし|詐欺|ひどすぎ|mierda|estafa|inutil|inútil|idiota|estúpid|estupid|pésim|"
    r"pesimo|vergüenza|"
    "furios|harto de|harta de|indignante|inaceptable"
)
#: Annoyance: two of them, or one with shouting, make anger.
_ANNOYED = re.compile(
    "无语|离谱|差劲|太差|真差|很差|差评|失望|烦死|好烦|真烦|太烦|烦人|烦不烦|麻烦死|坑(?!位)|糟糕|糟心|难用|"
    "太难用|不好用|不满意|不满|搞什么|搞毛|什么鬼|到底(?:能不能|行不行|管不管|有没有|想怎样|什么时候|"
    "怎么回事|还|在)|怎么搞的|怎么回事啊|"
    "第[二三四五六七八九十几n]次|说了(?:多少|几|好几|n)(?:遍|次)|问了(?:多少|几|好几|n)(?:遍|次)|半天了|"
    "等了(?:半天|好久|很久|一天|一上午|两天|几天)|没人管|不负责|浪费(?:我|时间)|"
    "听不懂人话|说人话|别废话|少废话|废话|就这|呵呵|笑话|晕死|崩溃|要疯|抓狂|"
    r"\b(?:annoy\w*|frustrat\w*|disappoint\w*|unhappy|upset|angry|mad|terrible|horrible|awful|worst|stupid|"
    r"useless|trash|crap|damn\w*|waste of|wasting|how many "
    r"times|again and again|still (?:not|waiting|broken)|not happy|keeps? (?:failing|crashing|breaking)|"
    r"every time|no one (?:answers|helps|cares)|nobody (?:answers|helps|cares)|come on|seriously|joke|poor|bad)\b|"
    r"いらいら|イライラ|困るんですけど|何度も|何回も|不満|がっかり|遅すぎ|molest|frustra|decepcion|enojad|enfadad|"
    r"cansad[oa] de|otra vez|malísim|malisim"
)
#: What goes wrong again and again: two of them, or one with a word of annoyance, make anger.
_AGAIN = re.compile(
    "一直(?:不|没|卡|转圈|报错|失败)|又(?:崩|挂|坏|卡|出错|不行|丢|不能|没了|来了)|老是|总是|"
    "(?<![今明昨后每])天天(?!气|酷)|每次都|这么久|没法用|"
    "怎么又|怎么还(?:不|没)|三天两头|动不动就"
)
_ANXIOUS = re.compile(
    "着急|好急|很急|急死|急急|挺急|急用|急求|急需|(?<!紧)急(?:啊|呀|！|!|$)|赶时间|来不及|怎么办啊|怎么办呀|"
    "咋办啊|怎么办[？?！!]{2,}|救命|求救|求助|求求|拜托|快帮|救救|担心|害怕|好慌|慌了|慌死|焦虑|[好很太]紧张|"
    "(?:^|[，。！!\\s]|这下)完了|完蛋|"
    "要命|糟了|"
    "(?:数据|文件|任务|项目|资料|记录)(?:都|全|全都|全部|好像|会不会|是不是)*(?:丢了|没了|不见了|被删|丢失|消失)|"
    "误删|删错|不小心删|老板(?:在|等|催|要|马上)|领导(?:在|等|催|要|马上)|客户(?:在等|在催|等着|马上)|"
    "(?:今天|今晚|明天|明早|下午|马上|等会|一会儿?)(?:就|还)?(?:要|得)(?:交|汇报|开会|演示|上线|验收|用|评审|"
    "发布)|汇报要用|"
    r"\b(?:worried|anxious|afraid|scared|nervous|panic\w*|desperate\w*|please hurry|hurry|stressed|lost (?:all|"
    r"everything|my)|running out of time|due (?:today|tomorrow)|meeting in|deadline (?:is )?(?:today|tomorrow))\b|"
    "心配|不安|焦って|困って|困りました|助けて|急いで|間に合わ|preocupad|nervios|angusti|desesperad|por favor "
    "ayuda|auxilio|perdí|perdi todo"
)
_HAPPY = re.compile(
    "谢谢|多谢|感谢|感恩|太好了|太棒|真棒|很棒|好棒|棒棒|点赞|好评|厉害|牛[逼啊哇]|完美|(?<!不)喜欢|开心|高兴|"
    "(?<!不)满意|(?<!不)(?<!太难)(?:很|真|太|挺|非常|超|越来越)好用|爱了|哈哈|嘻嘻|(?:解决|搞定|可以|"
    "成功)了(?!吗|没|么|的|还)|"
    "辛苦了|贴心|耐心|专业！|"
    r"\b(?:thanks?|thank you|thx|great|awesome|perfect|excellent|amazing|wonderful|love (?:it|this|the)|happy|"
    r"glad|brilliant|fantastic|works now|helpful|nice|appreciate\w*)\b|"
    "ありがとう|助かりました|助かる|嬉しい|うれしい|すごい|素晴らしい|最高|gracias|genial|excelente|perfecto|"
    "encanta|feliz|content[oa]|maravillos|[😀😁😂🤣😊😄😃😍🥰👍👏🎉🙏❤💯😘😆]"
)
_NOT_HAPPY = re.compile(
    r"\bnot (?:happy|helpful|great|nice|glad|good|perfect)\b|\bno thanks\b|不(?:太|是很|怎么)?(?:喜欢|满意|开心|"
    r"高兴|好用|厉害)|没(?:解决|搞定|成功)|no me (?:encanta|gusta)|嬉しくない"
)
#: Thanks at the end of a question are manners, not joy.
_ASKS = re.compile(r"怎么|如何|[吗么呢?？]|什么|哪|\b(?:how|what|where|can|could)\b|ですか|ますか")
_ANGRY_FACE = re.compile("[😡🤬😠👎💢🖕😤]")
_ANXIOUS_FACE = re.compile("[😰😭😱😨😢😥😓]")
_SHOUT = re.compile(r"[!！]{2,}|[?？]{3,}|[!！?？]{4,}")
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b(?:[ ,]+\b[A-Z]{2,}\b){2,}")


@dataclass(frozen=True, slots=True)
class Feeling:
    """The emotion, and how openly it is shown, 0 to 1; anger from `OPEN` on is said to our face."""

    emotion: Emotion
    strength: float


OPEN = 0.75


def detect(text: str) -> Feeling:
    """The feeling in one message or in the merged fragments of a question."""
    line = _INNOCENT.sub(" ", folded(text[:_READ]).replace("’", "'"))
    shouting = len(_SHOUT.findall(line)) + len(_CAPITALS.findall(text[:_READ]))
    furious = len(_FURIOUS.findall(line)) + len(_ANGRY_FACE.findall(line))
    unhappy = len(_NOT_HAPPY.findall(line))
    annoyed = len(_ANNOYED.findall(line)) + unhappy
    again = len(_AGAIN.findall(line))
    brief = 0.15 if annoyed and len(line.encode("utf-8")) <= _BRIEF else 0.0
    anger = (
        0.75 * min(furious, 1)
        + 0.15 * max(0, furious - 1)
        + 0.3 * annoyed
        + 0.25 * again
        + 0.15 * min(shouting, 2)
        + brief
    )
    anxiety = 0.4 * len(_ANXIOUS.findall(line)) + 0.3 * len(_ANXIOUS_FACE.findall(line)) + 0.1 * min(shouting, 2)
    joy = 0.0 if unhappy else (0.2 if _ASKS.search(line) else 0.45) * len(_HAPPY.findall(line))
    if (furious or annoyed or again > 1) and anger >= 0.44 and anger >= anxiety:
        return Feeling("angry", min(1.0, anger))
    if anxiety >= 0.4 and anxiety >= anger:
        return Feeling("anxious", min(1.0, anxiety))
    if joy >= 0.45 and anger < 0.3:
        return Feeling("happy", min(1.0, joy))
    return Feeling("neutral", 0.0)

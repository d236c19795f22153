"""How soon a customer needs an answer, from what is said about time and about who is stopped; 紧急程度 as a field
is no hurry.
"""

from __future__ import annotations

import re

from bot.characters import folded
from bot.records import Urgency

_READ = 600

#: Spans that only name urgency: a field, a status, somebody who is in no hurry.
_INNOCENT = re.compile(
    '紧急(?:程度|度|级别|联系人|任务|标签|字段|状态|优先级|缺陷|的?需求|审批|通知|事项|情况|和|与|、)|(?:优先级|级别|程度|标记|标为|设为|设成|设置成?|改为|改成|筛选|选择)(?:为|成|是)?[“"「]?(?:非常|特别)?(?:紧急|加急)|加急(?:审批|字段|标签|任务|单|流程)|'
    "立即(?:购买|升级|登录|体验|试用|同步|生效|执行|发布|发送|通知|开始)|马上(?:生效|同步|发布|提醒)|"
    "会?(?:不会)?立即|实时|尽快完成|所有人(?:可见|可以|都?能看|权限|的)|全员(?:通知|公告|可见)|@所有人|"
    "严重(?:程度|性|级别|缺陷|bug|等级)|"
    r"\b(?:blocked|blocking|critical) (?:by|tasks?|status|column|path|issues?|dependenc\w+)\b|\b(?:mark|set|"
    r"move)\w*(?: \w+){0,4} blocked\b|"
    r"\burgent (?:label|tag|priority|tasks?|field|status|flag|level)\b|\b(?:priority|label|tag|mark\w*|set|"
    r"flag\w*)(?: \w+){0,3} (?:as|to) urgent\b|\bimmediately (?:after|when|visible|available)\b|\bnot urgent\b|"
    r"緊急度|緊急連絡先"
)
_LOW = re.compile(
    "不(?:是)?(?:很|太|那么|特别|怎么)?(?:着急|急(?!用)|紧急)|不赶时间|不赶|没那么急|不用(?:着急|急|马上|现在)|"
    "别着急|有空(?:再|的时候|看|回|时)|空了(?:再|回)|闲了|方便的时候|随便问问|随便看看|随口问|随便问|先了解|"
    "了解一下|想了解|好奇|顺便(?:问|了解)|"
    "以后(?:可能|再|想)|将来|下个?(?:月|季度)(?:再|才)|慢慢来|什么时候方便|哪天方便|仅供参考|提个(?:小)?建议|"
    "建议(?:你们|增加|加|能)|"
    r"\b(?:no (?:rush|hurry)|not (?:urgent|in a hurry)|when(?:ever)? you (?:have|get) (?:time|a chance|a minute|a "
    r"moment)|just (?:wondering|curious|asking|browsing)|curious|at your convenience|some ?day|in the future|take "
    r"your time|"
    r"out of curiosity|feature request|suggestion|low priority|by the way|btw)\b|急ぎではな|急いでいません|"
    r"急ぎません|お手すき|お時間のある|ゆっくり|ちょっと気になって|sin prisa|no (?:es )?urgente|no hay prisa|"
    r"cuando (?:pueda|puedas|tenga|tengas)|"
    "solo (?:queria saber|quería saber|por curiosidad)|por curiosidad"
)
_HIGH = re.compile(
    "紧急|十万火急|火烧眉毛|急急|加急|特急|万分(?!之)|急死|很急|好急|太急|非常急|特别急|挺急|急用|急需|急求|着急|"
    "急[！!啊呀]|马上(?:就?要|得|帮|给|解决|处理|开|上线|演示|汇报|[，。！!\\s]|$)|立刻|立马|立即|赶紧|赶快|火速|"
    "速度|速回|尽快|越快越好|快点|快快|快帮|救命|"
    "十分钟内|半小时内|一小时内|"
    "来不及|赶时间|等不(?:了|及)|刻不容缓|今天(?:之内|内|必须|就要|就得|下班前|一定要)|下班前|今晚(?:之前|就要|"
    "必须|要)|明早(?:就|要|必须)|明天(?:就|必须)(?:要|得)?|(?:客户|老板|领导)(?:都|正|就|还)*(?:在等|等着|在催|"
    "催|在现场|马上)|"
    "正在(?:开会|演示|汇报|验收|直播|评审)|(?:开会|演示|汇报|验收|评审|上线)(?:马上|就要|要用|等着|呢)|"
    "(?:系统|服务器?|网站|平台|软件|整个|线上|生产|全部?)(?:突然|又|都|已经|好像|直接|全)*(?:崩|挂|宕|瘫|打不开|"
    "进不去|登不上|用不了|无法(?:访问|登录|使用|打开)|不能用|炸)|宕机|瘫痪|生产(?:环境|事故|故障)|线上(?:事故|"
    "故障|问题)|事故|停摆|停工|停产|"
    "(?:全公司|整个公司|全员|所有人|大家|全部人|所有(?:用户|同事|成员|账号)|整个团队|几百人|上百人|我们都|"
    "同事们?都)(?:都|全|全都|现在|也)*(?:登不|进不|用不|打不开|无法|不能|没法|卡|看不|上不)|"
    "(?:数据|文件|项目|任务|资料|记录)(?:都|全|全都|全部|突然|莫名)*(?:丢了|没了|不见了|丢失|消失|被删|清空|泄露|"
    "泄漏)|误删|删错|不小心(?:把.{0,12})?删|被盗|被黑|泄露|泄漏|勒索|攻击|无法(?:办公|工作|上班)|没法(?:工作|"
    "办公|干活|上班)|影响(?:到?全|业务|生产|上线|交付|工作)|损失|(?:很|非常|特别|太|问题)严重|"
    r"\b(?:urgent\w*|asap|a\.s\.a\.p|immediate(?:ly)?|right away|(?:need|fix|help|do|want|solve)[^.]{0,25}right "
    r"now|emergency|critical\w*|hurry|at once|"
    r"outage|production (?:is )?(?:down|issue|broken|server)|(?:is|are|went|goes|completely|everything|site|"
    r"system|server) (?:is )?down|"
    r"can't (?:work|access anything)|cannot work|nobody can|no one can|everyone is (?:locked|blocked|stuck)|whole "
    r"(?:team|company)|(?:we|team|i) (?:am |are |is )?(?:completely |totally )?blocked|data (?:is )?(?:loss|lost|"
    r"gone|leak\w*)|lost (?:all|everything)|"
    r"accidentally deleted|hacked|data breach|"
    r"due (?:today|in)|by (?:today|tonight|tomorrow|end of day|eod)|in (?:\d+|an?|ten|five|thirty) (?:minutes?|"
    r"mins?|hours?)|meeting (?:in|starts)|as soon as possible|before (?:noon|tonight))\b|"
    "至急|緊急|急ぎで|急いで|大至急|今すぐ|すぐに|早急|間に合わ|業務が止ま|全員(?:が)?(?:ログイン|使え|アクセス)|"
    "データが(?:消え|なくな)|障害|urgente|urgencia|inmediat|cuanto antes|lo antes posible|ahora mismo|rápido|"
    "rapido|emergencia|"
    "se cayó|se cayo|caído|caido|nadie puede|perdimos|borré|borre por error"
)


def detect(text: str) -> Urgency:
    """`high` where waiting costs somebody something now, `low` where the customer says that it can wait."""
    line = folded(text[:_READ]).replace("’", "'")
    if _LOW.search(line):
        return "low"
    line = _INNOCENT.sub(" ", line)
    return "high" if _HIGH.search(line) else "normal"

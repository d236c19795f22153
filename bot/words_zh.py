"""What the bot says in Chinese: every sentence once, the ten moments of the floor rules first; edit freely, keep
the {names}.
"""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    # 1 欢迎
    "welcome": "{part_of_day}好，我是{brand}智能助手{assistant}，产品使用问题我可以马上回答。"
    "请说说您想做什么、卡在哪一步。需要人工时，随时点“转人工”（人工服务：{hours}）。",
    "welcome_named": "{part_of_day}好，{name}，我是{brand}智能助手{assistant}，产品使用问题我可以马上回答。"
    "请说说您想做什么、卡在哪一步。"
    "需要人工时，随时点“转人工”（人工服务：{hours}）。",
    # 2 不太确定
    "not_sure": "想先跟您确认一下，您问的是下面哪一个？",
    "not_sure_single": "想先跟您确认一下，您问的是下面这个吗？",
    "urgent_answer": "如果现在就影响到大家工作，可以直接转人工。",
    # 3 没答上来
    "no_answer": "这个问题我没有找到可靠的答案，不想随便答您。您可以补充一下在哪个页面、点了什么、看到什么提示；"
    "也可以直接转人工，说过的内容不用重复。",
    "not_helpful": "看来刚才的回答没帮上您。您可以补充一下在哪个页面、点了什么、看到什么提示，我再找找；"
    "也可以直接转人工，说过的内容不用重复。",
    "none_fits": "明白，都不是您要问的。您可以换个说法，补充一下在哪个页面、点了什么；也可以直接转人工，"
    "说过的内容不用重复。",
    "choose_again": "没有这个序号，您点一下或者回复前面的数字就行。都不合适的话，说“都不是”。",
    "none_fits_but": "明白，那几个都不是。您要找的会不会在下面？都不是的话，补充一句具体情况，或者直接转人工。",
    "not_helpful_but": "看来刚才的回答没帮上您。您要找的会不会在下面？都不是的话，补充一句具体情况，或者直接转人工。",
    "which_one": "您要问的是哪一个？点一下，或者回复前面的数字就行；都不合适的话，说“都不是”。",
    "say_more": "请用一句话说说您想做什么、卡在哪一步，我好帮您找答案；也可以直接转人工。",
    "picture_only": "图片收到了。请再用一句话说说遇到了什么问题，我好帮您找答案；也可以直接转人工。",
    "link_only": "链接收到了。请再用一句话说说遇到了什么问题，我好帮您找答案；也可以直接转人工。",
    # 4 转人工
    "handing_off": "好的，正在为您转接{group}同事。前面说的已一并转交，不用再说一遍。",
    "handing_off_bare": "好的，正在为您转接{group}同事。",
    "handing_off_angry": "明白，这件事影响到您的工作了。我现在就请{group}同事接手，前面的内容都已转交。",
    "handing_off_urgent": "这件事比较急，我现在就请{group}同事接手，前面的内容都已转交，不用再说一遍。",
    "handing_off_miss": "这个问题我还没帮您解决，正在为您转接{group}同事。前面说的已一并转交，不用再说一遍。",
    "any_group": "人工",
    "ask_topic": "方便的话点一下是哪方面的问题，能更快找对同事；不选也可以。",
    # 5 排队
    "queue_place": "您前面还有 {ahead} 位，预计 {eta}。可以先忙别的，{keep_minutes} 分钟内回来位置都在；"
    "等待时补充的内容，同事接入后会先看到。",
    "queue_next": "您是下一位，预计 {eta}。可以先忙别的，{keep_minutes} 分钟内回来位置都在；等待时补充的内容，"
    "同事接入后会先看到。",
    "queue_slower": "现在咨询的人比较多，还需要约 {eta}，让您久等了。{instead}",
    "queue_slower_plain": "现在咨询的人还是比较多，还需要约 {eta}。{instead}",
    "queue_slower_untimed": "刚才在线的同事都暂时离开了，让您久等了。{instead}",
    "queue_slower_untimed_plain": "在线的同事都暂时离开了，回来后按顺序接待。{instead}",
    "queue_instead": "不方便等的话可以留言，我们会在{reply_by}前回复。",
    "queue_instead_untimed": "不方便等的话可以留言，我们会尽快回复。",
    "understanding": "明白，这件事影响到您的工作了。",
    "queue_added": "收到，已经补充到转交的内容里，同事接入后会先看到。",
    "queue_now": "您前面还有 {ahead} 位，预计 {eta}。您的位置一直留着。",
    "queue_now_next": "您是下一位，预计 {eta}。您的位置一直留着。",
    "queue_now_untimed": "您前面还有 {ahead} 位，同事上线后按顺序接待。您的位置一直留着。",
    "queue_now_next_untimed": "您是下一位，同事上线后马上接待您。",
    "queue_solved": "太好了。问题解决了的话，可以取消排队；还想和同事确认一下，就接着等，位置不变。",
    "queue_given_up": "您离开超过 {keep_minutes} 分钟，排队先为您取消了，说过的内容都还在。"
    "需要人工时，随时再点“转人工”。",
    "queue_given_up_left": "您离开超过 {keep_minutes} 分钟，排队先为您取消了，说过的内容已经转成留言。{reply}",
    "queue_closed": "同事已经下班了（人工服务：{hours}），您的位置还留着。不方便等的话，请留下问题和{contact}，"
    "也可以预约回电。{reply}",
    "reply": "我们会在{reply_by}前回复，答复会出现在这个窗口{notice}。",
    "reply_untimed": "我们会尽快回复，答复会出现在这个窗口{notice}。",
    "topic_usage": "使用问题",
    "topic_fault": "故障",
    "topic_billing": "账单",
    "topic_presales": "售前",
    "topic_skip": "跳过",
    "topic_noted": "好的，记下了：{topic}。",
    "queue_left": "已为您取消排队。产品问题我可以继续帮您查，需要人工时随时再点“转人工”。",
    "while_waiting": "等待期间，先给您一个可能有用的答案，不影响您的排队位置：",
    "busy": "现在提问的人特别多，我一时答不过来，让您久等了。您可以直接转人工，"
    "说过的内容不用重复；也可以过几分钟再问我一次。",
    "nobody": "现在没有同事在线。请留下问题和{contact}，我们会在{reply_by}前回复，答复会出现在这个窗口{notice}。",
    "nobody_untimed": "现在没有同事在线。请留下问题和{contact}，我们会尽快回复，答复会出现在这个窗口{notice}。",
    # 6 非工作时间
    "after_hours": "现在不在人工服务时间（{hours}），产品问题我可以继续帮您查。需要人工处理的，请留下问题和{contact}，"
    "我们会在{reply_by}前回复，"
    "答复会出现在这个窗口{notice}。",
    "message_left": "留言收到了，我们会在{reply_by}前回复，答复会出现在这个窗口{notice}。",
    "after_hours_untimed": "现在不在人工服务时间（{hours}），产品问题我可以继续帮您查。需要人工处理的，"
    "请留下问题和{contact}，我们会尽快回复，答复会出现在这个窗口{notice}。",
    "after_hours_again": "明白您着急。现在还没有同事在线，您说的都留在这里，同事上班后会先看到；方便的话再留个手机号。",
    "message_left_untimed": "留言收到了，我们会尽快回复，答复会出现在这个窗口{notice}。",
    "manager_takes": "这件事由您的客户成功经理{manager}全程负责，会在{reply_by}前联系您（工单 {ticket}）。"
    "进展会出现在这个窗口，需要补充的内容直接发在这里就行。",
    "manager_takes_untimed": "这件事由您的客户成功经理{manager}全程负责，会尽快联系您（工单 {ticket}）。"
    "进展会出现在这个窗口，需要补充的内容直接发在这里就行。",
    "owner_told": "已经告诉{manager}您在找人。",
    "owner_takes": "这件事由{manager}全程负责，会在{reply_by}前联系您（工单 {ticket}）。进展会出现在这个窗口，"
    "需要补充的内容直接发在这里就行。",
    "owner_takes_untimed": "这件事由{manager}全程负责，会尽快联系您（工单 {ticket}）。进展会出现在这个窗口，"
    "需要补充的内容直接发在这里就行。",
    # 7 人工接入
    "agent_joined": "{agent}（工号 {staff_number}）已接入。",
    "agent_joined_plain": "{agent}已接入。",
    "first_sentence": "您好，我是{agent}，前面的对话我看过了。您是想{question}，对吗？",
    "agent_changed": "已转给{agent}继续处理，前面的对话都在。",
    "back_to_line": "刚才的同事暂时离开了，您排在最前面，马上有人接手。",
    # 8 久未回复
    "idle_warning": "您还在吗？正在操作的话不着急，回个“在”就行。{minutes} 分钟内没有消息，这次会话会先结束；24 "
    "小时内在这里回复，可以接着处理，不用从头说。",
    # 9 结束
    "closing": "您咨询的“{topic}”已经处理好了。如果又遇到，24 小时内直接回复就能接着处理。谢谢您的耐心，祝工作顺利。",
    "closing_plain": "这次咨询已经处理好了。如果又遇到，24 小时内直接回复就能接着处理。谢谢您的耐心，祝工作顺利。",
    "closing_ticket": "您咨询的“{topic}”先到这里。工单 {ticket} 我们会继续跟进，有进展在这里告诉您。24 "
    "小时内直接回复就能接着处理。谢谢您的耐心，祝工作顺利。",
    "closing_ticket_plain": "这次会话先到这里。工单 {ticket} 我们会继续跟进，有进展在这里告诉您。24 小时内直接回复就"
    "能接着处理。谢谢您的耐心，祝工作顺利。",
    "closing_open": "这次会话先到这里。问题还在的话，24 小时内直接回复就能接着处理，不用从头说。谢谢您的耐心。",
    "idle_closed": "一段时间没有收到您的消息，会话先结束了。问题还在的话，直接回复就好。",
    # 10 评价
    "ended_for_now": "这次会话先到这里，暂时不能继续。谢谢您的理解。",
    "ask_solved": "刚才的问题解决了吗？",
    "ask_rating": "您对{agent}的服务满意吗？",
    "low_rating": "抱歉这次没有让您满意。方便说说哪里没做好吗？主管会在 {review_within} 内查看并联系您。",
    "thanks_rating": "谢谢您的评价。",
    "not_solved": "好的，这件事还没完。您可以继续找人工，也可以转为工单跟进。",
    # 闲聊
    "talk_greeting": "您好，我在。请说说您想做什么、卡在哪一步，我马上帮您查。",
    "talk_presence": "在的，您请说。想做什么、卡在哪一步，都可以直接告诉我。",
    "talk_test": "收到，可以正常聊天。有问题直接说就好。",
    "talk_thanks": "不客气。还有别的问题，随时在这里说。",
    "talk_goodbye": "好的，祝您工作顺利。再有问题，直接在这里说就好。",
    "talk_identity": "我是{brand}智能助手{assistant}，是机器人。产品使用问题我可以马上回答，想找同事的话，"
    "随时点“转人工”。",
    "talk_ability": "产品怎么用、功能在哪里、报错怎么处理，都可以问我。请说说您想做什么、卡在哪一步；我答不上的，"
    "随时可以转人工。",
    "talk_praise": "谢谢您，有您这句话我很高兴。还有别的问题，随时在这里说。",
    "talk_agreed": "好的。您那边还有需要的话，接着说就行。",
    "talk_solved": "太好了，解决了就好。再遇到问题，直接在这里说。",
    "talk_laugh": "看来您心情不错。有产品上的问题，随时问我。",
    "talk_emoji": "收到。有产品上的问题，用一句话告诉我就行。",
    "talk_nudge": "我在。刚才的问题如果还没清楚，补充一句我再帮您看；也可以直接转人工。",
    "talk_key_mash": "刚才这条好像没打完。您想问什么，再发一遍就好。",
    "talk_hours": "人工服务时间是{hours}，到时点“转人工”就能找到同事。产品问题我随时可以查，您现在就可以问。",
    "talk_hours_untimed": "想找同事的话，随时点“转人工”，有人在就会马上接待。产品问题我随时可以查，您现在就可以问。",
    "talk_scolded": "看来我没帮上您。您把情况再说具体一点，我重新查；也可以直接转人工，说过的内容不用重复。",
    # 时间
    "dawn": "早上",
    "morning": "上午",
    "noon": "中午",
    "afternoon": "下午",
    "evening": "晚上",
    "today": "今天 {time}",
    "tomorrow": "明天 {time}",
    "on_day": "{month}月{day}日（周{weekday}）{time}",
    "weekdays": "一二三四五六日",
    "minutes": "{low}–{high} 分钟",
    "minutes_same": "{low} 分钟",
    "under_a_minute": "不到 1 分钟",
    "over_an_hour": "1 小时以上",
    "one_workday": "1 个工作日",
    # 交接卡
    "card_shown": "看过“{title}”",
    "card_helpful": "看过“{title}”，有帮助",
    "card_not_helpful": "看过“{title}”，没有帮助",
    "card_tried": "自己试过：{text}",
    "card_error": "看到的提示：{text}",
    # 预约回电
    "callback_booked": "已为您预约{when}回电，号码 {phone}。要改时间或取消，在这个窗口操作就行。",
    "callback_changed": "回电改到{when}了，号码 {phone}。",
    "callback_cancelled": "{when}的回电已经取消，需要时可以再约。",
    "notice_sms": "，并短信提醒您",
    "notice_mail": "，并发邮件提醒您",
    "notice_both": "，并用短信或邮件提醒您",
    "contact_phone": "手机号",
    "contact_mail": "邮箱",
    "contact_both": "手机号或邮箱",
    # 交还机器人
    "to_bot_ask": "同事想请智能助手{assistant}接着为您解答，可以吗？您选〔同意〕才会转过去，随时可以再找人工。",
    "to_bot_yes": "同意",
    "to_bot_no": "继续人工",
    "to_bot_done": "好的，我是{assistant}，接着为您解答。请说说还想了解什么。",
    # 按钮
    "button_request_human": "转人工",
    "button_none_of_these": "都不是",
    "button_describe": "补充说明",
    "button_leave_message": "留言",
    "button_leave_queue": "取消排队",
    "button_to_message": "改为留言",
    "button_handed_over": "看看转交了什么",
    "button_solved": "已解决",
    "button_not_solved": "还没解决",
    "button_to_ticket": "转为工单跟进",
    "button_rating_5": "非常满意",
    "button_rating_4": "满意",
    "button_rating_3": "一般",
    "button_rating_2": "不满意",
    "button_rating_1": "很不满意",
}

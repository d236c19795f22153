"""What counts as small talk, by kind, in the words of five languages.

`_` stands for a space; both Chinese scripts are folded into one.
"""

from __future__ import annotations

GREETING = """
你好 您好 你们好 您们好 大家好 哈喽 哈啰 哈罗 嗨 嘿 hello hi hey halo hallo yo hiya 早 早上好 早安 上午好 中午好
下午好 晚上好 午安 good_morning good_afternoon good_evening morning greetings howdy nihao ni_hao 你好呀 你好啊
您好呀 小应 小应你好 小应小应 亲 亲亲 客服你好 老师好 老师 老师您好 hi_there hello_there hey_there こんにちは
こんばんは おはよう おはようございます はじめまして もしもし お世话になっております hola buenas buenos_dias
buenos_días buenas_tardes buenas_noches saludos 拜访 吃了吗 吃饭了吗 最近好吗 how_are_you how_are_you_doing
how's_it_going what's_up whats_up sup 新年好 新年快乐 节日快乐 你好你好 哈喽哈喽 雷好 哈咯 你好哇 妳好 哈囉 安安
お疲れ様です お疲れさまです お世話になります helloo heyy qué_tal que_tal hola_qué_tal hola_que_tal
hola_buenos_días hola_buenas_tardes
"""
PRESENCE = """
在吗 在么 在嘛 在不 在不在 在没 在没在 你在吗 您在吗 在吗在吗 在线吗 在呢吗 还在吗 你还在吗 在 喂 喂喂 zaima zai_ma
zai_me 你在不在 在否 在伐 在哈 人在吗 are_you_there you_there are_you_still_there still_there u_there
hello_are_you_there いますか いる いらっしゃいますか estas_ahi estás_ahí 请问在吗 1 11 111 请问 请问一下 打扰了
打扰一下 麻烦 麻烦了 不好意思 excuse_me sorry_to_bother_you すみません 嗯哼
"""
#: What opens a question that is still to come.
OPENER = """
我想问下 我想问一下 我想问问 想问下 想问一下 想问问 问一下 问下 问个问题 我有个问题 我有一个问题 有个问题
有个问题想问 有个问题请教 请教一下 请教 请教个问题 咨询一下 咨询下 我要咨询 我想咨询 我想咨询一下 想咨询一下 想咨询
咨询 咨询问题 帮个忙 帮忙 帮我看看 帮我看下 帮我看一下 帮我 求助 help 有问题 出问题了 我遇到一个问题 遇到个问题
遇到问题 遇到一个问题 请问下 那个 就是 是这样的 是这样 情况是这样的 这样的 我这边 我们这边 你帮我看看
i_have_a_question i_have_a_problem question quick_question can_i_ask_something can_i_ask_a_question i_need_help
need_help can_you_help_me please_help help_me 质问があります 质问です 闻きたいことがあります 教えてください
anyone_around anybody_around is_anyone_around anyone_here
tengo_una_pregunta una_pregunta tengo_un_problema necesito_ayuda 能帮我吗 可以帮我吗 能帮个忙吗 我问一下 我问下
问你个事 问个事 有事 有事问 有个事 想了解一下 了解一下 我想了解一下 我想了解 我想
"""
THANKS = """
谢谢 谢谢你 谢谢您 谢谢啦 谢谢了 谢啦 谢了 多谢 多谢了 感谢 非常感谢 十分感谢 太感谢了 太谢谢了 谢谢谢谢 感谢感谢 3q
3ks thx ths tks thanks thank_you thank_you_so_much thanks_a_lot many_thanks thank_u ty tysm cheers appreciated
much_appreciated appreciate_it i_appreciate_it thanks_so_much thank_you_very_much 谢谢帮忙 谢谢老师 谢谢小应 辛苦了
辛苦啦 辛苦 麻烦你了 麻烦您了 唔该 多谢晒 感恩 xiexie xie_xie ありがとう ありがとうございます ありがとうございました
どうも 感谢します 助かりました 助かります gracias muchas_gracias mil_gracias te_lo_agradezco 谢谢哈 谢谢亲 感谢帮助
谢谢很有用 很有用谢谢 谢谢很有帮助 有帮助谢谢 merci danke 谢谢解答 感谢解答 谢谢你的帮助 谢谢您的帮助
thanks_for_your_help thank_you_for_your_help
"""
GOODBYE = """
再见 拜拜 拜 88 886 bye bye_bye goodbye good_bye see_you see_ya cya see_you_later later 回头见 下次见 晚安
good_night 没事了 没问题了 没有了 没有问题了 没别的了 没有别的了 不用了 不用了谢谢 先这样 就这样 先这样吧 就这样吧
我先走了 我先忙了 回聊 改天聊 祝好 一切顺利 have_a_nice_day have_a_good_day take_care that's_all thats_all
that_is_all no_that's_all nothing_else no_more_questions さようなら またね では失礼します 失礼します adios adiós
hasta_luego chao chau eso_es_todo nos_vemos 没什么了 没其他问题了 暂时没有了 暂时没有 没有其他问题了 没有其他的了
没有其他事了 掰掰 881 回见 再会 那就这样 下班了 撤了 闪了 溜了
"""
IDENTITY = """
你是谁 您是谁 你是哪位 你哪位 你叫什么 你叫什么名字 你的名字 你的名字是什么 怎么称呼 怎么称呼你 怎么称呼您 您贵姓
贵姓 你是机器人吗 你是机器人 是机器人吗 是机器人吧 你是不是机器人 你是机器人吧 机器人吗 机器人 你是真人吗 你是人吗
是真人吗 你是不是真人 你是人工吗 是人工吗 你是人还是机器人 你是真人还是机器人 你是机器人还是真人
你是机器人还是人 是机器人还是真人 是人还是机器人 你是人工还是机器人
人还是机器人 真人还是机器人 你是ai吗 你是ai 是ai吗 你是chatgpt吗 你是人工智能吗 你是男的女的 你是男是女 你几岁
你多大了 你是智能客服吗 你是客服吗 你是人不是 你是活人吗 自我介绍一下 介绍一下你自己 你们是谁 你是哪家公司的
who_are_you what_are_you what_is_your_name what's_your_name whats_your_name your_name are_you_a_robot are_you_a_bot
are_you_human are_you_a_human are_you_real are_you_a_real_person is_this_a_bot is_this_a_robot am_i_talking_to_a_bot
are_you_an_ai are_you_ai are_you_a_person am_i_talking_to_a_human am_i_talking_to_a_robot am_i_chatting_with_a_bot
are_you_chatgpt is_this_a_real_person am_i_speaking_with_a_real_person am_i_talking_to_a_real_person
am_i_speaking_to_a_human am_i_chatting_with_a_human is_there_a_human_behind_this are_you_a_machine
are_you_a_computer am_i_speaking_to_a_bot farewell_bot あなたは谁ですか 谁ですか ロボットですか
あなたはロボットですか 人间ですか お名前は aiですか quien_eres quién_eres eres_un_robot eres_un_bot eres_humano
como_te_llamas cómo_te_llamas eres_una_persona eres_una_persona_real 妳是真人吗 你是客服还是机器人
你是人工客服还是机器人 我在和机器人聊天吗 我在跟机器人聊天吗 我是在和机器人说话吗 对面是人吗 对面是机器人吗
你是什么东西 你是哪家的 你是什么 你是个啥 あなたは谁 谁なの ボットですか 人ですか あなたは人间ですか con_quien_hablo
con_quién_hablo es_un_bot es_un_robot
"""
ABILITY = """
你会什么 你能做什么 你能干什么 你能干嘛 你会干什么 你会做什么 你可以做什么 你有什么功能 你能帮我什么 你能帮我做什么
你都会什么 你能回答什么 怎么用你 能问你什么 我能问什么 可以问你什么 what_can_you_do how_can_you_help
what_can_you_help_with what_do_you_do how_do_you_work what_can_i_ask_you 何ができますか 何ができるの
que_puedes_hacer qué_puedes_hacer en_que_me_puedes_ayudar en_qué_me_puedes_ayudar 你能干啥 你会干啥 你能做啥
你有什么用处 你有什么用途 有什么可以问你的 有什么功能可以问 你可以回答哪些问题 你能回答哪些问题 你懂什么
你都能帮我干什么 你都能做什么 你能帮我干什么 你能帮到我什么 你会哪些 what_are_you_able_to_do what_do_you_know
what_can_i_ask どんなことができますか どんなことができるの 何を闻けますか qué_sabes_hacer que_sabes_hacer
"""
PRAISE = """
很有用 有用 很有帮助 有帮助 帮到我了 帮大忙了 你真棒 真棒 太棒了 棒 真好 你真好 太好了 好厉害 厉害 真厉害 你真聪明
真聪明 聪明 挺聪明 还挺聪明
好评 点赞 赞 给你点赞 牛 真牛 牛逼 nb 666 优秀 可以啊 不错 挺好 挺好的 很好 非常好 完美 good great nice
awesome perfect excellent amazing cool wonderful well_done good_job great_job nice_job good_bot you're_great
you_are_great love_it brilliant fantastic すごい 素晴らしい さすが genial excelente perfecto muy_bien 服务真好 满意
很满意 非常满意 爱了 爱你 喜欢你 good_work 很聪明 你很聪明 你好聪明 真好用 太好用了 很好用 好用 すばらしい 素敌
いいね 完璧 buen_trabajo muy_bueno fantástico fantastico
"""
AGREED = """
好 好的 好滴 好嘞 好哒 好吧 好呀 好啊 行 行吧 可以 可以的 嗯 嗯嗯 恩 恩恩 嗯好 哦 哦哦 噢 喔 哦好 是 是的 对 对的
对对 没错 收到 了解 了解了 明白 明白了 懂了 知道了 我知道了 晓得了 清楚了 ok okay okey okk okok k kk oki fine sure
yes yep yeah yup got_it i_see understood alright all_right right roger noted will_do ok_got_it makes_sense はい うん
わかりました 分かりました 了解です 了解しました 承知しました なるほど si sí vale de_acuerdo entendido claro bien
esta_bien está_bien 好的呢 嗯呢 好的好的 okie 稍等 等一下 等下 等等 我看看 我看一下 看看 啊 呃 额 呀 哎 唉 嘿嘿 hmm
um uh 没有 没 无 no nope 不 不是 算了 随便 没事 没关系 没什么 没问题 我去试试 我试试 我试一下 我去试一下 我先试试
我先看看 我去看看 那我试试 let_me_try i'll_try i_will_try やってみます 試してみます voy_a_probar lo_pruebo
"""
SOLVED = """
问题没有了
解决了 已解决 已经解决了 问题解决了 搞定了 搞定 弄好了 好了 可以了 成功了 能用了 行了 会了 我会了 学会了 找到了
看到了 弄出来了 出来了 导出来了 好用了 正常了 恢复了 it_works it_works_now works_now working_now solved fixed
that_worked that_works it_worked problem_solved resolved it's_working found_it 解决しました できました 直りました
resuelto ya_funciona solucionado ya_esta ya_está funciona 已经好了 可以用了 能登录了 登上了 进去了 好使了 能打开了
打开了 收到验证码了 ya_está_resuelto ya_esta_resuelto なおりました 直った できた 解决した 问题解决
"""
TEST = """
testtest 测试 测试一下 测试测试 测试消息 测一下 测测 测试下 我测试一下 只是测试 试试能不能用 试一下能不能发 能收到吗
收到吗 能看到吗 收得到吗 test testing test_test just_testing this_is_a_test test_message ignore_this
can_you_see_this did_you_get_this テスト テストです テスト中 テスト送信 届いていますか prueba probando
esto_es_una_prueba solo_es_una_prueba uno_dos_tres_probando
"""
SCOLDED = """
蠢死了 笨得要死 笨死了 你是猪吗 猪头 闭嘴 你闭嘴 少废话 没用的机器人 垃圾机器人 破机器人 shut_up cállate callate
うざい 黙れ 笨蛋 真笨 好笨 太笨 你真笨 你好笨 你太笨 笨死 笨死你 你笨 蠢 真蠢 好蠢 太蠢 你真蠢 你好蠢 蠢货 傻 真傻
好傻 你真傻 你是傻子吗 傻子 傻瓜 呆子 没用的东西 你真没用 你没用 要你何用 要你有什么用 你有什么用 啥也不会
什么都不会 你什么都不会 什么都不懂 你什么都不懂 一问三不知 听不懂人话 人工智障 智障机器人 白痴 you_are_stupid
you're_stupid stupid stupid_bot dumb dumb_bot you_are_dumb you're_dumb you_suck you_are_useless you're_useless
useless useless_bot idiot bad_bot silly_bot バカ ばか 馬鹿 使えない 使えないな 役立たず アホ あほ tonto eres_tonto
eres_un_tonto inutil inútil eres_inutil eres_inútil no_sirves no_sirves_para_nada bot_tonto bot_inutil bot_inútil
"""
LAUGH = """
哈 哈哈 呵 呵呵 嘻嘻 hh haha hehe lol xd lmao 233 笑死 笑死我了 2333 www 哈哈哈 jaja hahaha 啦啦 啦 嘎嘎 噗 略略略
"""
#: Openings that may run into the question without a mark between.
TOUCHING = """
你好 您好 你好呀 你好啊 哈喽 请问 请问下 请问一下 我想问下 我想问一下 我想问问 我想问 想问下 想问一下 想问问 想问
问一下 问下 麻烦问下 麻烦问一下 在吗 在么 您好请问 你好请问 我想咨询一下 我想咨询下 想咨询一下 想咨询下 咨询一下
咨询下 请教一下 想请教一下 我想请教一下 想了解一下 我想了解一下 了解一下 帮我看看 帮我看下 帮我看一下 麻烦帮我看下
打扰一下 不好意思 请问您 小应 妳好
"""
#: “啊”, “呢”: said after anything, they mean nothing by themselves.
PARTICLES = """
了 啊 呀 呢 哈 哦 吧 啦 嘛 哇 的 么 你 您 那 那就 all everyone there please pls so_much a_lot very_much friend sir
madam team bot です ね よ 亲 各位
"""

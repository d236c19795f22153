"""Lines that customers write, gathered for the tests of the bot; written for this project."""

ASK_FOR_A_HUMAN = """
别发链接了，找人！
求一位师傅帮我看下
I have asked twice now for a human
转人工
人工
人工客服
人工！！！
转人工客服谢谢
我要转人工
转接人工服务
麻烦转一下人工
帮我接一下客服
能不能给我换个真人
找个人来处理
找客服
客服在吗
你好，客服在吗
客服呢
有没有客服
有人工吗
有没有真人客服啊
人工在不在
怎么联系客服
怎么联系人工客服
怎么转人工
怎么还不转人工
为什么不能转人工
转人公
转人功
转仁工
转人供
专人工
砖人工
转认工
zhuan rengong
zhuanrengong
zhuan ren gong
rengong kefu
转 人 工
转人工，甘特图导不出来
甘特图导不出来，给我转人工吧
我想跟人聊
我想和真人说话
跟你们客服沟通一下
叫你们领导来
找你们技术来看看
安排你们工程师帮我看一下
联系你们销售
我想联系销售买企业版
帮我转技术支持
请派个工程师帮忙看看
换个人来说
换人
来个能解决问题的人
有没有懂技术的人
找个明白人跟我说
请让客服联系我
需要人工协助
需要人工处理一下退款
不要机器人，我要人工
我不想跟机器人说话
别让机器人敷衍我
机器人听不懂，换人工
你解决不了，找人工
算了 还是人工吧
直接人工
人工人工人工
呼叫人工
接人工坐席
設置不了，轉人工
轉接真人客服
請問有真人嗎
我要找專員
幫我聯絡客服
麻煩轉接客服人員
有沒有人可以幫我
I want to talk to a human
talk to an agent
can I speak with a real person please
connect me to customer service
transfer me to a representative
let me chat with someone from your team
human
agent please
live agent
Human please!!
customer support
I need a human
get me a manager, I want to speak to a supervisor
is there a real person here
how do I contact support
please escalate this to a human
put me through to your support team
speek to a humen
I want to talk to a reprsentative
connect me with an agnet
can i get an operator
I'd like to speak to someone about this
please have a human look at this
オペレーターにつないでください
オペレーターお願いします
人と話したいです
担当者に代わってください
有人チャットに切り替えて
人間のスタッフと話せますか
サポートの方に直接相談したい
責任者を出してください
担当の方とお話ししたいのですが
quiero hablar con una persona
quiero hablar con un agente
pásame con un humano
¿me puede comunicar con un asesor?
necesito un operador
agente por favor
persona real
¿puedo hablar con alguien de soporte?
conéctame con atención al cliente
""".strip().splitlines()

IMPLY_A_HUMAN = """
合同的事我要再谈，你们哪位负责
有没有有耐心的人教教我
这么大的公司连个客服都没有
约个时间跟你们聊一下需求
你们后台帮我手工解一下
说来话长，希望能当面谈
换一个能听懂的
who's in charge over there
it is time someone on your side looked at this
could we set up a short call with your onboarding folks
tres veces lo mismo, que me atienda alguien
いつも同じ答えです。別の方に代わってもらえますか
有人吗
有人在吗？
喂，有没有人啊
别复制粘贴了 有人在看吗
听不懂人话，让人来
怎么没人理我
有没有人管管
给我打个电话吧
能不能让人给我回个电话
方便电话沟通一下吗
客服电话是多少
你们电话多少
能远程帮我看一下吗
我要投诉
你根本解决不了我的问题
机器人真笨
这机器人没用
别再自动回复了
跟机器人说不清楚
加个微信说吧
谁能管管这个事
叫你们老板出来
怎么才能联系到你们
叫主管來處理
is anyone there?
can someone call me
I don't want to chat with a bot
this bot is useless
stop sending me automated replies
you are not helping
I need someone to look at my account
what is your phone number... support hotline?
電話で話したい
折り返しお電話ください
ロボットじゃなくて人にしてください
誰かいませんか
¿hay alguien ahí?
no quiero hablar con un robot
que alguien me llame, llámame
¿alguien me puede atender?
""".strip().splitlines()

NO_WISH = """
刚才那位客服已经讲明白了，没别的事了
跟真人聊过了，结论是清缓存，怎么清
打了好几通电话都没接上的客户怎么标记
no call needed, just tell me the setting
I don't need to talk to anyone, a link is enough
how do I let someone look without editing
hay un agente de escritorio que sincroniza, ¿cómo lo instalo?
no me está cargando el tablero
他の人にタスクを引き継ぐには
電話は不要です、手順だけ教えてください
卡片状态里有一项“人工复查”的标签，能换颜色吗
新建一个看板，名字叫“客服转人工”
人工就先不用了
人工暂时不需要，我自己看
刚才人工已经帮我处理好了
转人工的按钮放得太小了，希望改大
私有化部署要不要你们上门安装
评论里怎么提醒人
只想建个清单，不用安排人
人工工时怎么统计
人工成本怎么计算
人工费用怎么录入
人工智能功能在哪里
人工审批和自动审批有什么区别
审批可以改成人工审核吗
里程碑要人工确认吗
项目经理角色有什么权限
怎么联系项目成员
怎么更换任务负责人
任务负责人怎么换个人
怎么把任务转给别人
任务可以转派给客服吗
工单怎么转交给其他人
怎么给项目安排工程师
怎么邀请销售加入项目
客服部门怎么建项目
客服角色有哪些权限
怎么让客服查看项目进度
客服工单能和任务关联吗
客服团队怎么用看板
钉钉机器人怎么配置
群机器人推送失败
机器人通知怎么关
企业微信机器人地址填哪里
怎么设置转人工关键词
转人工率怎么统计
不用转人工，我自己看看
先别转人工
不需要人工
不是要找客服，我只想问导出
怎么@同事
怎么把同事加进项目
成员离职了任务怎么转移
怎么转让项目
转移所有者
项目要有个负责人吗
谁能看到我的任务
有没有人改过我的任务怎么查
怎么知道文档有人在看吗
有真人驗證碼嗎
怎么看谁修改了任务
有人能看到我的私有项目吗
一个人最多能负责多少任务
多人协作怎么设置
人员工时报表在哪
外包人员怎么计费
真人头像怎么上传
投诉工单怎么流转
投诉类型字段怎么加
电话字段怎么加
手机号换了怎么改
怎么绑定企业微信
微信登录扫码没反应
客户联系人怎么导入
客户经理字段怎么加
领导怎么看汇总报表
怎么把报表发给老板
怎么加微信通知
甘特图怎么导出成图片
你好
在吗
谢谢
你是机器人吗
你是真人吗
怎么跟团队成员沟通任务
评论里怎么和别人讨论
任務負責人怎麼修改
人工工時怎麼統計
專案經理角色有什麼權限
how do I add a person to a project
how do I assign an agent to a ticket
what can the project manager role do
user agent string in the API
human resources template
how do I invite someone to my team
how many people can join a project
can I contact a project member
person-days report
how to remove a member
Slack bot notifications not working
how do I disable the notification bot
no need for a human, thanks
change my phone number
am I speaking with a real person
please call me Tom
谁能帮我解释一下基线是什么
工作流怎么流转到下一节点
export the gantt chart as an image
how can team members chat with each other
are you a robot?
support ticket template
customer field is missing
タスクの担当者を変更するには
担当者の権限はどう設定しますか
プロジェクトの担当者に通知を送りたい
人件費の集計方法
ガントチャートを画像で書き出したい
個人設定はどこですか
¿cómo asigno una persona a una tarea?
¿qué permisos tiene el rol de agente?
recursos humanos plantilla
¿cómo exporto el diagrama de Gantt?
¿cómo agrego alguien a mi equipo?
no necesito un agente
gerente de proyecto permisos
""".strip().splitlines()

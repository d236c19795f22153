"""Traditional characters read as simplified ones, one by one, which is enough for rules; knows no words."""

from __future__ import annotations

from functools import lru_cache

from models.text import normalised

# Traditional and simplified forms of the characters that support chats use most; pairs, in no order that matters.
_PAIRS = (
    "轉转專专員员請请幫帮聯联絡络係系話话機机個个換换說说們们務务導导現现誰谁嗎吗麼么為为這这來来沒没還还過过對对時时會会"
    "問问題题應应該该點点開开關关錯错誤误謝谢見见實实際际發发單单號号賬账帳帐戶户報报錶表圖图檔档網网頁页頭头變变讓让"
    "從从將将當当後后經经給给與与無无數数據据庫库項项執执條条檢检測测試试設设計计總总級级組组織织約约紅红線线練练結结"
    "買买賣卖費费貴贵車车電电腦脑視视頻频聽听講讲語语詞词讀读寫写書书畫画畢毕業业產产廠厂歷历壓压縮缩處处備备複复雜杂"
    "顯显輸输軟软載载運运進进遠远連连選选邊边邏逻輯辑鍵键鎖锁鐘钟間间門门閉闭陣阵階阶隨随難难離离靜静響响願愿類类顧顾"
    "驗验體体麗丽麥麦點点齊齐龍龙樣样標标權权歡欢決决況况準准減减溝沟滿满漲涨潤润濟济灣湾熱热爾尔獲获環环確确禮礼種种"
    "稱称積积穩稳窮穷築筑簡简簽签糾纠純纯紙纸終终統统經经維维綁绑緊紧緒绪縣县聲声職职臉脸舊旧萬万蓋盖藍蓝蘭兰虛虚補补"
    "裝装製制規规覺觉覽览觀观訂订訊讯記记訪访許许評评詳详認认誌志誠诚課课調调談谈論论證证識识護护譯译議议變变負负貨货"
    "責责貼贴資资賞赏質质購购贊赞趕赶跡迹蹤踪軌轨軸轴較较辦办達达遞递遲迟遺遗郵邮鄉乡釋释針针鈕钮銀银錄录鏈链鐵铁長长"
    "閱阅隊队陳陈陸陆陽阳雙双雲云靈灵頂顶順顺預预領领頻频額额風风飛飞飯饭館馆馬马驅驱魚鱼鳥鸟黃黄啟启喚唤嘗尝圍围園园"
    "場场塊块壞坏夠够夢梦學学寶宝寫写審审層层屬属島岛幣币幹干廣广廢废彈弹彙汇徑径復复憂忧憶忆戰战擇择擊击擔担擴扩擾扰"
    "攔拦敗败敵敌斷断於于暫暂極极構构槍枪機机檯台歲岁歸归殺杀氣气決决滾滚漢汉灑洒燈灯爛烂牆墙狀状獨独甚甚異异療疗盡尽"
    "監监盤盘眾众碼码禁禁離离稅税筆笔範范節节糧粮綠绿網网緩缓繁繁繼继續续罷罢義义聖圣聰聪腳脚興兴艱艰藝艺蟲虫術术衛卫"
    "衝冲裏里裡里複复襯衬觸触計计訓训詢询該该誰谁諒谅賴赖躍跃農农邀邀醫医鐘钟鑰钥陰阴險险隱隐雖虽離离頓顿顆颗顏颜"
)
_FOLD = {
    ord(traditional): simplified
    for traditional, simplified in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)
    if traditional != simplified
}

#: The traditional characters that are known, and what they become.
TRADITIONAL = frozenset(map(chr, _FOLD))
SIMPLIFIED = frozenset(_FOLD.values())


def simplified(text: str) -> str:
    """Character by character, which is enough for rules: 轉人工 → 转人工."""
    return text.translate(_FOLD)


@lru_cache(maxsize=256)  # the rules for one message each read it, a dozen times in all; several are read at once
def folded(text: str) -> str:
    """NFKC, lower case, simplified characters; words keep their order, nothing is dropped."""
    return normalised(text).lower().translate(_FOLD)

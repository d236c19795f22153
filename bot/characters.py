"""The written form that the rules read: NFKC, lower case, simplified characters; and which script a text is in."""

from __future__ import annotations

import re

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
_TRADITIONAL = frozenset(map(chr, _FOLD))
_SIMPLIFIED = frozenset(_FOLD.values()) - frozenset("系后里表面制台干志冲准范尽复只了")  # those are traditional too

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")
_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff]")
_LATIN = re.compile(r"[^\W\d_]")  # letters; Han and kana are taken out before it is asked


def simplified(text: str) -> str:
    """Character by character, which is enough for rules: 轉人工 → 转人工."""
    return text.translate(_FOLD)


def folded(text: str) -> str:
    """`text` as every rule of the bot reads it; words keep their order, nothing is dropped."""
    return normalised(text).lower().translate(_FOLD)


def han_count(text: str) -> int:
    return len(_HAN.findall(text))


def kana_count(text: str) -> int:
    return len(_KANA.findall(text))


def latin_count(text: str) -> int:
    """Letters of alphabets, accents included."""
    return sum(1 for letter in _LATIN.findall(text) if letter < "\u0250")


def is_traditional(text: str) -> bool | None:
    """Whether the Chinese in `text` is written in traditional characters; None where the characters do not tell."""
    traditional = sum(1 for character in text if character in _TRADITIONAL)
    simplified = sum(1 for character in text if character in _SIMPLIFIED)
    if traditional == simplified:
        return None
    return traditional > simplified

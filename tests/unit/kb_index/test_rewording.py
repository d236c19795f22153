"""Questions are put as the knowledge base would: slips and pinyin read, product names left out, the rest untouched."""

from __future__ import annotations

import pytest

from kb_index.rewording import Rewording

SAID = [
    "怎么把甘特图导出成图片 甘特图导出 导出图片",
    "甘特图打印不全 打印甘特图 导出甘特图",
    "任务附件怎么上传 上传附件到任务 附件上传失败 任务里的附件",
    "怎么修改登录密码 忘记密码怎么办 密码错误",
    "怎么续费 续费价格",
    "收不到通知怎么办 任务通知 收不到任何通知 收不到邮件",
    "自定义字段怎么添加 新加的字段看不到 给任务添加字段",
    "文件夹权限怎么设置 只给部分人看的文件夹 权限不够",
]
REWORDING = Rewording(SAID)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("甘特涂怎么导初", "甘特图怎么导出"),
        ("附见怎么上穿到任务里", "附件怎么上传到任务里"),
        ("修改蜜码", "修改密码"),
        ("续废多少钱", "续费多少钱"),
        ("dao chu gan te tu", "导出甘特图"),
        ("daochu 甘特图", "导出 甘特图"),
        ("wenjianjia怎么设quanxian", "文件夹怎么设权限"),
        ("甘特圖怎麼匯出", "甘特图怎么导出"),
        ("資料夾權限怎麼設定", "文件夹权限怎么设置"),
        ("请问一下贵公司的金石项目管理软件专业版里面的甘特图怎么导出", "甘特图怎么导出"),
        ("系统里怎么上传附件", "怎么上传附件"),
    ],
)
def test_what_was_meant_is_searched(asked: str, meant: str) -> None:
    assert REWORDING(asked) == meant


@pytest.mark.parametrize(
    "asked",
    [
        "怎么把甘特图导出成图片",
        "手机也不响，咋回事",
        "设的权限没用",
        "登录系统提示密码错误",
        "how do I export the gantt chart",
        "can the manager change the plan",
        "webhook 收不到通知",
        "TH01-A 报错 502",
        "ファイルを設定する",
        "",
        "？？？",
        "\ud800",
    ],
)
def test_everything_else_stays_as_it_is(asked: str) -> None:
    assert REWORDING(asked) == asked


def test_a_traditional_knowledge_base_is_asked_in_its_own_characters() -> None:
    assert Rewording(["甘特圖怎麼匯出", "資料夾權限怎麼設定"])("甘特圖怎麼匯出成圖片") == "甘特圖怎麼匯出成圖片"

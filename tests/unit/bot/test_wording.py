"""What the desk says: both languages say the same things, and no sentence breaks the floor rules."""

import re
import string
from datetime import UTC, datetime

import opencc
import pytest

from bot import words_en, words_es, words_ja, words_zh, words_zh_tw
from bot.waiting_words import WaitingWords
from bot.wording import Wording

FORBIDDEN = ("亲", "无法理解", "VIP", "vip", "贵宾", "尊贵", "大客户", "优先客户", "抱歉抱歉", "对不起")
APOLOGIES = "抱歉|久等|不好意思|[Ss]orry|申し訳|すみません|[Ss]entimos|[Ll]o siento|[Dd]isculp"
WORDING = Wording("金石", "小应")


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("words", [words_en.WORDS, words_zh_tw.WORDS, words_ja.WORDS, words_es.WORDS])
def test_all_languages_have_the_same_sentences_with_the_same_names(words: dict[str, str]) -> None:
    assert words_zh.WORDS.keys() == words.keys()
    for key, template in words_zh.WORDS.items():
        assert _fields(template) - {"day", "month", "weekday"} <= _fields(words[key]) | {"name"}, key
        assert _fields(words[key]) <= _fields(template), key


@pytest.mark.parametrize("words", [words_zh.WORDS, words_zh_tw.WORDS])
@pytest.mark.parametrize("key", words_zh.WORDS)
def test_no_chinese_sentence_holds_a_forbidden_word_or_english(key: str, words: dict[str, str]) -> None:
    sentence = re.sub(r"\{\w+\}", "", words[key])
    assert not [word for word in FORBIDDEN if word in sentence]
    assert not re.search("[A-Za-z]", sentence)


@pytest.mark.parametrize("key", words_en.WORDS)
def test_no_english_sentence_holds_chinese_or_words_of_rank(key: str) -> None:
    assert not re.search("[\u4e00-\u9fff]|VIP|unable to understand|don't understand", words_en.WORDS[key])


@pytest.fixture(scope="module")
def s2t() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@pytest.mark.parametrize("sentence", words_zh_tw.WORDS.values())
def test_no_traditional_sentence_holds_a_simplified_character(sentence: str, s2t: opencc.OpenCC) -> None:
    assert s2t.convert(sentence).replace("裏", "裡").replace("纔", "才") == sentence


@pytest.mark.parametrize("key", words_es.WORDS)
def test_no_spanish_sentence_holds_chinese_or_words_of_rank(key: str) -> None:
    assert not re.search("[\u3040-\u9fff]|VIP|no (?:le )?entiendo|no puedo entender", words_es.WORDS[key])


@pytest.mark.parametrize("key", words_ja.WORDS)
def test_no_japanese_sentence_holds_words_of_rank_or_a_refusal(key: str) -> None:
    assert not re.search("VIP|理解できません|[A-Za-z]", re.sub(r"\{\w+\}", "", words_ja.WORDS[key]))


@pytest.mark.parametrize("words", [words_zh.WORDS, words_en.WORDS, words_zh_tw.WORDS, words_ja.WORDS, words_es.WORDS])
def test_a_sentence_apologises_at_most_once(words: dict[str, str]) -> None:
    for sentence in words.values():
        assert len(re.findall(APOLOGIES, sentence)) <= 1


def test_the_greeting_fits_the_time_and_the_name() -> None:
    assert WORDING.welcome("上午", "王女士", "工作日 9:00–18:00", "zh-CN").startswith(
        "上午好，王女士，我是金石智能助手小应，"
    )
    assert WORDING.welcome("下午", "", "工作日 9:00–18:00", "zh-CN").startswith("下午好，我是金石智能助手小应，")
    assert WORDING.welcome("morning", "Ann", "Mon–Fri 9–18", "en").startswith("Good morning, Ann. ")


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "晚上"),
        (4, "晚上"),
        (6, "早上"),
        (9, "上午"),
        (11, "上午"),
        (12, "中午"),
        (14, "下午"),
        (18, "晚上"),
        (23, "晚上"),
    ],
)
def test_each_hour_has_its_greeting(hour: int, words: str) -> None:
    assert WORDING.part_of_day(hour, "zh-CN") == words


def test_the_hand_off_names_the_group_and_tells_anger_apart() -> None:
    assert (
        WORDING.handing_off("使用支持", False, "zh-CN")
        == "好的，正在为您转接使用支持同事。前面说的已一并转交，不用再说一遍。"
    )
    assert WORDING.handing_off("", False, "zh-CN").startswith("好的，正在为您转接人工同事。")
    assert WORDING.handing_off("", False, "zh-CN", described=False) == "好的，正在为您转接人工同事。"
    assert WORDING.handing_off("", True, "zh-CN").startswith("明白，这件事影响到您的工作了。我现在就请")


def test_a_moment_is_said_as_people_say_it() -> None:
    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert WORDING.moment(datetime(2026, 11, 22, 18, 0, tzinfo=UTC), now, "zh-CN") == "今天 18:00"
    assert WORDING.moment(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), now, "zh-CN") == "明天 10:00"
    assert WORDING.moment(datetime(2026, 11, 30, 10, 0, tzinfo=UTC), now, "zh-CN") == "11月30日（周一）10:00"
    assert WORDING.moment(datetime(2026, 11, 30, 10, 0, tzinfo=UTC), now, "en") == "Mon 11/30 10:00"
    assert "会在今天 18:00 前回复" in WORDING.after_hours("工作日 9:00–18:00", "今天 18:00", "zh-CN")
    assert "会在 11月30日（周一）10:00 前回复" in WORDING.after_hours("工作日", "11月30日（周一）10:00", "zh-CN")


@pytest.mark.parametrize("words", [words.WORDS for words in (words_zh, words_zh_tw, words_en, words_ja, words_es)])
def test_no_pictures_are_passed_on_at_a_hand_off(words: dict[str, str]) -> None:
    for key in ("handing_off", "handing_off_miss", "handing_off_urgent", "handing_off_angry"):
        assert not re.search("截图|截圖|画像|picture|screenshot|captura|sent|enviado", words[key])


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh-CN", "已为您预约明天 9:00–9:30 回电，"),
        ("zh-TW", "已為您預約明天 9:00–9:30 回電，"),
        ("en", "We will call you tomorrow 9:00–9:30 at "),
        ("ja", "明日 9:00–9:30 に "),
        ("es", "Le llamaremos mañana a las 9:00–9:30 al "),
    ],
)
def test_a_call_back_is_said_with_the_spaces_of_its_language(locale: str, said: str) -> None:
    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    words = WaitingWords(WORDING, 10)
    when = words.span(datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 23, 9, 30, tzinfo=UTC), now, locale)
    assert words.call("callback_booked", when, "138****8000", locale).startswith(said)


def test_a_time_that_begins_a_sentence_has_no_space_before_it() -> None:
    words = WaitingWords(WORDING, 10)
    assert words.call("callback_cancelled", "11月24日（周二）9:00", "", "zh-CN").startswith(
        "11月24日（周二）9:00 的回电"
    )


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_nothing_is_promised_for_a_time_that_nobody_knows(locale: str) -> None:
    for text in (
        WORDING.after_hours("…", None, locale),
        WORDING.nobody(None, locale),
        WORDING.message_left(None, locale),
    ):
        assert re.search("尽快回复|as soon as we can", text)
        assert "None" not in text


def test_only_what_can_be_sent_is_promised() -> None:
    assert "短信" not in WORDING.after_hours("…", "明天 10:00", "zh-CN")
    by_sms = WORDING.after_hours("…", "明天 10:00", "zh-CN", "sms")
    assert by_sms.endswith("请留下问题和手机号，我们会在明天 10:00 前回复，答复会出现在这个窗口，并短信提醒您。")
    assert "请留下问题和邮箱" in WORDING.nobody(None, "zh-CN", "mail")
    assert WORDING.message_left(None, "en", "both").endswith(", and tell you by text message or e-mail.")


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en", "ja", "es"])
def test_who_waits_longer_is_told_so_with_or_without_an_apology(locale: str) -> None:
    words = WaitingWords(WORDING, 10)
    for eta in ((480, 600), None):
        sorry = words.late(eta, "18:00", locale, sorry=True)
        assert re.search(f"{APOLOGIES}|Gracias por esperar|お待たせ", sorry)
        assert not re.search(APOLOGIES, words.late(eta, None, locale, sorry=False))
        assert "18:00" in sorry
        assert words.late(eta, "18:00", locale, sorry=True, angry=True).endswith(sorry)


def test_a_longer_wait_is_told_in_the_words_of_the_floor_rules() -> None:
    assert WaitingWords(WORDING, 10).late((480, 600), "今天 18:00", "zh-CN", sorry=True) == (
        "现在咨询的人比较多，还需要约 8–10 分钟，让您久等了。不方便等的话可以留言，我们会在今天 18:00 前回复。"
    )


@pytest.mark.parametrize(
    ("eta", "words"),
    [((170, 290), "3–5 分钟"), ((0, 40), "不到 1 分钟"), ((60, 60), "1 分钟"), ((4000, 5000), "1 小时以上")],
)
def test_the_wait_is_a_range_of_minutes(eta: tuple[int, int], words: str) -> None:
    assert WORDING.wait(eta, "zh-CN") == words


def test_the_place_in_line_is_said_in_the_words_of_the_floor_rules() -> None:
    assert WORDING.queue_place(2, (170, 290), 10, "zh-CN").startswith("您前面还有 2 位，预计 3–5 分钟。")
    assert WORDING.queue_place(0, (0, 40), 10, "zh-CN").startswith("您是下一位，")


def test_the_ending_leaves_out_what_is_not_there() -> None:
    assert "甘特图导出" in WORDING.closing("甘特图导出", "", "zh-CN")
    assert "GD20261122-0031" in WORDING.closing("甘特图导出", "GD20261122-0031", "zh-CN")
    assert "“”" not in WORDING.closing("", "", "zh-CN")
    assert "GD20261122-0031" in WORDING.closing("", "GD20261122-0031", "zh-CN")


def test_what_is_not_solved_is_not_called_so() -> None:
    assert "处理好了" not in WORDING.closing("甘特图导出", "", "zh-CN", solved=False)
    assert "settled" not in WORDING.closing("", "", "en", solved=False)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh-TW", words_zh_tw.WORDS),
        ("zh-HK", words_zh_tw.WORDS),
        ("ja", words_ja.WORDS),
        ("es-MX", words_es.WORDS),
        ("fr", words_en.WORDS),
        ("", words_zh.WORDS),
    ],
)
def test_customers_are_answered_in_their_own_language(locale: str, words: dict[str, str]) -> None:
    assert WORDING.no_answer(locale) == words["no_answer"]

"""The language of a customer's message: by script first, then by small words; refuses to guess and takes the
page's instead.
"""

from __future__ import annotations

import re

from bot.characters import han_count, is_traditional, kana_count, latin_count
from bot.records import Language
from bot.remembering import remembering

_LINK = re.compile(r"(?:https?://|www\.)[!-~]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")

_ENGLISH_WORDS = """
    a an the is are was were be am i i'm i've you your we my me it its it's this that these those there what which
    who why how when where do does did don't doesn't didn't can can't cannot could would should will won't not and
    or but if of to in on at by for from with about into have has had need want please thanks thank hello hi hey
    help get any some all no yes out up more than them they he she his her our us so just too very as been being
    isn't aren't there's let show tell
"""
_SPANISH_WORDS = """
    el la los las un una unos unas de del al y o u que qué como cómo cuando cuándo donde dónde cual cuál quién por
    para con sin en es está están soy eres son ser estar hay no sí mi mis tu tus su sus me te se nos lo le les yo tú
    usted ustedes quiero puedo puede pueden necesito tengo tiene gracias hola favor ayuda ayudar pero más muy porque
    este esta esto ese esa eso hacer buenos buenas días tardes noches alguien nadie también desde hasta sobre
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_SPANISH = frozenset(_SPANISH_WORDS.split())
_CHINESE_ONLY = re.compile("[的了吗嗎呢吧怎么麼什么么哪谁誰我你您们們这這没沒还還给給吗啊把被很都说說让讓转轉]")
_SPANISH_SIGN = re.compile("[¿¡ñáéíóú]")


def _of_locale(locale: str, default: Language) -> Language:
    tag = locale.strip().replace("_", "-").lower()
    if tag.startswith("zh"):
        return "zh-TW" if tag.startswith(("zh-tw", "zh-hk", "zh-mo", "zh-hant")) else "zh-CN"
    for language in ("en", "ja", "es"):
        if tag == language or tag.startswith(language + "-"):
            return language
    return default


def page_language(locale: str) -> Language:
    """The language of a page's locale tag; a language that the bot does not write gets English, none gets Chinese."""
    return _of_locale(locale, "en" if locale.strip() else "zh-CN")


@remembering
def detect(text: str, locale: str = "zh-CN") -> Language:
    """The language that `text` is written in; `locale` decides where it does not tell (an emoji, “OK”, 502)."""
    page = page_language(locale)
    text = _LINK.sub(" ", text)
    kana = kana_count(text)
    japanese = kana >= 2 or (kana == 1 and not han_count(text))
    if japanese and (kana >= han_count(text) or not _CHINESE_ONLY.search(text)):
        return "ja"
    han, latin = han_count(text), latin_count(text)
    if han and (han * 8 >= latin or _CHINESE_ONLY.search(text)):
        return _chinese(text, page)
    if latin == 0:
        return page
    return _latin(text.lower(), page)


def _chinese(text: str, page: Language) -> Language:
    if page == "ja" and not _CHINESE_ONLY.search(text):
        return "ja"  # a few kanji on a Japanese page
    traditional = is_traditional(text)
    if traditional is None:
        return page if page in ("zh-CN", "zh-TW") else "zh-CN"
    return "zh-TW" if traditional else "zh-CN"


def _latin(text: str, page: Language) -> Language:
    words = _WORD.findall(text)
    english = sum(1 for word in words if word in _ENGLISH)
    spanish = sum(1 for word in words if word in _SPANISH) + 2 * bool(_SPANISH_SIGN.search(text))
    pinyin = sum(map(_is_pinyin, words))
    if page in ("zh-CN", "zh-TW") and len(words) >= 3 and pinyin == len(words) and spanish <= 1 and not english:
        return page  # zenme tuikuan
    if spanish > english or (spanish == english and spanish and page == "es"):
        return "es"
    if english >= 2 or (english and (page not in ("zh-CN", "zh-TW") or len(words) != 2 or pinyin < 2)):
        return "en"
    if len(words) >= 3 and pinyin < len(words) / 2:
        return "en" if page in ("zh-CN", "zh-TW", "ja") else page
    return page


_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|ei|ao|ou|an|"
    r"en|in|un|ia|ie|iu|"
    r"ua|uo|ui|ue|ve|er|a|o|e|i|u|v))+"
)


def _is_pinyin(word: str) -> bool:
    """Whether a word could be syllables typed without an input method, as in “zhuan rengong”."""
    return len(word) <= 24 and _PINYIN.fullmatch(word) is not None

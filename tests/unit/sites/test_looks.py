"""A site's look: colours that can be read, words in the page's language, nothing unescaped in the page."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from router.sites import colours
from router.sites.chat_page import ChatPage
from router.sites.looks import Looks, said
from router.sites.settings import LookSettings, SiteSettings

_WHITE, _NIGHT = (1.0, 1.0, 1.0), colours.parse("#1a201f")
_BRANDS = ["#12706b", "#2f5fd0", "#ffcc00", "#ff6a00", "#111111", "#ffffff", "#e60012", "#7ed321", "#808080"]


@pytest.mark.parametrize("brand", _BRANDS)
def test_whatever_the_colour_what_is_written_on_it_or_in_it_can_be_read(brand: str) -> None:
    for shades, ground in ((colours.light, _WHITE), (colours.dark, _NIGHT)):
        shade = {name: colours.parse(text) for name, text in shades(colours.parse(brand)).items()}
        assert colours.contrast(shade["on-accent"], shade["accent"]) >= 4.5
        assert colours.contrast(shade["accent-ink"], ground) >= 4.4  # rounded to whole steps of a screen's colour
        assert colours.contrast(shade["accent-ink"], shade["accent-soft"]) >= 4.4


def test_contrast_is_what_wcag_says() -> None:
    assert colours.contrast((0.0, 0.0, 0.0), _WHITE) == pytest.approx(21)
    assert colours.contrast(colours.parse("#767676"), _WHITE) == pytest.approx(4.54, abs=0.01)


def test_words_of_a_site_are_in_the_language_of_the_page() -> None:
    phrase = {"zh-CN": "咨询", "en": "Ask us", "es": "Preguntar"}
    assert [said(phrase, tag) for tag in ("zh-CN", "zh-TW", "en-GB", "ja", "es-MX")] == [
        "咨询", "咨询", "Ask us", "Ask us", "Preguntar",
    ]  # fmt: skip
    assert said("金石", "ja") == "金石"
    assert said("", "en") == ""


def test_a_greeting_has_its_places_filled_in_and_nothing_else() -> None:
    look = LookSettings(greeting="{name}您好，{hours}都在。{unknown}")
    looks = Looks(SiteSettings(looks={"main": look}))
    assert (
        looks.greeting("main", "zh-CN", {"name": "周敏", "hours": "9:00–18:00"})
        == "周敏您好，9:00–18:00都在。{unknown}"
    )
    assert Looks(SiteSettings()).greeting("main", "zh-CN", {"name": "周敏"}) is None


def test_the_page_of_a_site_carries_its_look_escaped(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<html lang="zh-CN"><head><!--site--></head></html>', encoding="utf-8")
    (tmp_path / "widget.js").write_text("use(YINGDA_LOOKS)", encoding="utf-8")
    sites = SiteSettings(names=("main", "shop"), looks={"shop": LookSettings(name='"><script>', colour="#2F5FD0")})
    page = ChatPage(tmp_path, Looks(sites), "小应", "金石")

    shop, main, strange = page.page("shop", "en"), page.page("main", None), page.page('"><b>', "xx")
    assert shop
    assert main
    assert strange
    assert "<script>" not in shop.text
    assert "--accent:#2f5fd0" in shop.text
    assert '<html lang="en">' in shop.text
    assert "<style>" not in main.text
    assert '<html lang="zh-CN">' in main.text
    assert "<b>" not in strange.text
    assert "&quot;site&quot;: &quot;main&quot;" in strange.text
    loader = page.loader()
    assert loader
    assert loader.text.startswith("(YINGDA_LOOKS=>{use(YINGDA_LOOKS)")
    told = json.loads(loader.text.rsplit("})(", 1)[1].removesuffix(");\n"))
    assert told[""] == "main"
    assert told["main"] == {}
    assert told["shop"]["colours"][0] == "#2f5fd0"


def test_a_page_that_was_built_anew_is_served_anew(tmp_path: Path) -> None:
    assert ChatPage(tmp_path, Looks(SiteSettings()), "小应", "金石").page(None, None) is None
    page = ChatPage(tmp_path, Looks(SiteSettings()), "小应", "金石")
    for number, text in enumerate(("one", "two")):
        (tmp_path / "index.html").write_text(text, encoding="utf-8")
        os.utime(tmp_path / "index.html", ns=(number, number))
        rendered = page.page(None, None)
        assert rendered
        assert rendered.text == text


def test_a_chat_that_stands_alone_follows_the_system_unless_its_site_says_otherwise(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!--site-->", encoding="utf-8")
    sites = SiteSettings(names=("main", "day"), looks={"day": LookSettings(theme="light")})
    looks = Looks(sites)
    page = ChatPage(tmp_path, looks, "小应", "金石")
    for site, theme, told in (("main", None, {}), ("day", "light", {"theme": "light"})):
        rendered = page.page(site, None)
        assert rendered
        assert f"theme&quot;: {json.dumps(theme)}".replace('"', "&quot;") in rendered.text
        assert looks.for_loader()[site] == told

"""Which group and which agent: rule before topic before language; manager before last agent before least load."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from router.waiting.matching import Asked, Free, SkillGroup, Wanted, group_for, who_gets_it

_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

_DEFAULT = SkillGroup(UUID(int=1), "使用支持", is_default=True)
_BILLING = SkillGroup(UUID(int=2), "账务支持", topics=frozenset({"账单"}))
_REFUNDS = SkillGroup(UUID(int=3), "退款专员", topics=frozenset({"账单/退款"}))
_ENGLISH = SkillGroup(UUID(int=4), "English", languages=frozenset({"en"}))
_CHINESE_FAULTS = SkillGroup(
    UUID(int=5), "故障支持", topics=frozenset({"故障"}), languages=frozenset({"zh-CN", "zh-TW"})
)
_CLOUD_ENGLISH = SkillGroup(UUID(int=6), "Cloud", languages=frozenset({"en"}), products=frozenset({"cloud"}))
_BRAND = SkillGroup(UUID(int=7), "品牌二", sites=frozenset({"second"}))
_GROUPS = [_DEFAULT, _BILLING, _REFUNDS, _ENGLISH, _CHINESE_FAULTS, _CLOUD_ENGLISH, _BRAND]


def _group(asked: Asked) -> tuple[str, str]:
    chosen = group_for(asked, _GROUPS)
    assert chosen is not None
    return chosen.group.name, chosen.why


def test_a_rule_goes_before_everything() -> None:
    assert _group(Asked(rule="English", chosen_topic="账单", language="zh-CN")) == ("English", "rule")


def test_a_rule_for_a_group_that_is_gone_is_left_aside() -> None:
    assert _group(Asked(rule="不存在", chosen_topic="账单")) == ("账务支持", "chosen_topic")


def test_what_the_customer_chose_goes_before_what_was_read() -> None:
    assert _group(Asked(chosen_topic="账单", read_topic="故障/任务", language="zh-CN")) == ("账务支持", "chosen_topic")
    assert _group(Asked(read_topic="故障/任务", language="zh-CN")) == ("故障支持", "read_topic")


def test_both_levels_of_a_topic_go_before_the_first() -> None:
    assert _group(Asked(read_topic="账单/退款")) == ("退款专员", "read_topic")
    assert _group(Asked(read_topic="账单/发票")) == ("账务支持", "read_topic")


def test_the_name_of_a_group_is_a_topic() -> None:
    assert _group(Asked(chosen_topic="故障支持", language="zh-CN")) == ("故障支持", "chosen_topic")


def test_a_group_that_does_not_speak_the_language_is_not_chosen_by_its_topic() -> None:
    assert _group(Asked(read_topic="故障/任务", language="en")) == ("English", "fit")


def test_the_group_made_for_more_of_it_fits_best() -> None:
    assert _group(Asked(language="en", product="cloud")) == ("Cloud", "fit")
    assert _group(Asked(language="en-US")) == ("English", "fit")
    assert _group(Asked(language="zh-CN", site="second")) == ("品牌二", "fit")


def test_what_fits_nobody_is_the_default_groups() -> None:
    assert _group(Asked(language="ja", read_topic="售前/价格")) == ("使用支持", "default")
    assert group_for(Asked(), []) is None


_ANNA, _BO, _CHEN, _OUTSIDE = (UUID(int=100 + n) for n in range(4))


def _free(who: UUID, load: int = 0, capacity: int = 5, idle: int | None = None, *, member: bool = True) -> Free:
    last = None if idle is None else _NOW - timedelta(seconds=idle)
    return Free(who, load, capacity, last, is_member=member)


def _who(wanted: Wanted, *agents: Free) -> UUID | None:
    found = who_gets_it(wanted, agents, _NOW)
    return None if found is None else found.id


def _wanted(*, waited: int = 10, **more: object) -> Wanted:
    return Wanted(_NOW - timedelta(seconds=waited), **more)  # type: ignore[arg-type]


def test_the_least_load_for_its_capacity_gets_it() -> None:
    assert _who(_wanted(), _free(_ANNA, 2, 4), _free(_BO, 3, 10)) == _BO


def test_among_equals_it_is_who_got_nothing_for_the_longest_time() -> None:
    assert _who(_wanted(), _free(_ANNA, 1, idle=60), _free(_BO, 1, idle=600)) == _BO
    assert _who(_wanted(), _free(_ANNA, 1, idle=600), _free(_BO, 1)) == _BO


def test_the_named_manager_goes_first_also_from_outside_the_group() -> None:
    agents = _free(_ANNA), _free(_OUTSIDE, 4, 5, member=False)
    assert _who(_wanted(manager=_OUTSIDE, last_agent=_ANNA), *agents) == _OUTSIDE


def test_a_stranger_to_the_group_gets_nothing_else() -> None:
    assert _who(_wanted(), _free(_OUTSIDE, member=False)) is None


def test_a_full_manager_is_passed_over() -> None:
    assert _who(_wanted(manager=_OUTSIDE), _free(_ANNA), _free(_OUTSIDE, 5, 5, member=False)) == _ANNA


def test_the_last_agent_gets_it_again_within_two_minutes_only() -> None:
    agents = _free(_ANNA), _free(_BO, 3)
    assert _who(_wanted(last_agent=_BO, waited=120), *agents) == _BO
    assert _who(_wanted(last_agent=_BO, waited=121), *agents) == _ANNA


def test_a_customer_who_was_not_content_does_not_get_the_same_agent_first() -> None:
    agents = _free(_ANNA), _free(_BO, 3)
    assert [_who(_wanted(last_agent=_BO, last_csat=csat), *agents) for csat in (1, 2, 3, 5)] == [_ANNA, _ANNA, _BO, _BO]


def test_whom_a_colleague_named_gets_it_however_long_it_took() -> None:
    assert _who(_wanted(meant_for=_BO, manager=_ANNA, waited=3000), _free(_ANNA), _free(_BO, 3)) == _BO


def test_who_declined_gets_it_in_no_case() -> None:
    wanted = _wanted(manager=_ANNA, last_agent=_ANNA, declined=frozenset({_ANNA}))
    assert _who(wanted, _free(_ANNA)) is None
    assert _who(wanted, _free(_ANNA), _free(_BO, 4)) == _BO


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5), st.booleans()), max_size=8),
    st.integers(0, 7),
    st.integers(0, 300),
)
def test_nobody_gets_more_than_they_have_room_for(
    loads: list[tuple[int, int, bool]], manager: int, waited: int
) -> None:
    agents = [_free(UUID(int=n), load, capacity, member=member) for n, (load, capacity, member) in enumerate(loads)]
    found = who_gets_it(_wanted(manager=UUID(int=manager), waited=waited), agents, _NOW)
    assert found is None or found.load < found.capacity
    if found is None:
        assert not any(agent.has_room and agent.is_member for agent in agents)

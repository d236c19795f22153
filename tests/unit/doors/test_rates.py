"""Buckets: what is allowed at once and on average, what other processes took, and that nobody can fill the memory."""

from router.doors.rates import Rate


class Time:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def taken(rate: Rate, key: str, tries: int) -> int:
    return sum(rate.allows(key) for _ in range(tries))


def test_a_burst_at_once_then_so_much_a_second() -> None:
    time = Time()
    rate = Rate(2, 10, monotonic=time)

    assert taken(rate, "a", 20) == 10
    assert taken(rate, "b", 20) == 10
    time.now += 3
    assert taken(rate, "a", 20) == 6
    assert rate.refused == 10 + 10 + 14


def test_who_is_refused_is_told_when_to_come_again() -> None:
    time = Time()
    rate = Rate(0.1, 1, monotonic=time)
    rate.allows("a")
    assert not rate.allows("a")

    wait = rate.retry_after("a")
    assert wait == 10
    time.now += wait
    assert rate.allows("a")


def test_what_was_taken_elsewhere_counts_here() -> None:
    time = Time()
    rate = Rate(1, 10, monotonic=time)
    rate.charge("a", 8)

    assert taken(rate, "a", 10) == 2
    rate.charge("a", 1_000)
    time.now += 12
    assert taken(rate, "a", 10) == 2, "it owes one burst at most"


def test_only_who_takes_much_is_told_of_elsewhere() -> None:
    rate = Rate(1, 10, monotonic=Time())
    taken(rate, "quiet", 5)
    taken(rate, "busy", 10)

    assert rate.take_spent() == {"busy": 4}
    assert rate.take_spent() == {}


def test_no_more_keys_are_kept_than_allowed() -> None:
    rate = Rate(1, 10, monotonic=Time(), most_keys=100)
    for number in range(1_000):
        rate.allows(f"10.0.{number // 256}.{number % 256}")
        taken(rate, "busy", 1)

    assert rate.size == 100
    assert not rate.allows("busy"), "who is seen again and again is not forgotten"

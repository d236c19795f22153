"""What fails again and again is left alone, tried again by one, and used by all once it works."""

from router.breaker import Breaker, Resting


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def tried(breaker: Breaker, fault: Exception | None = None) -> str:
    try:
        with breaker.guard(OSError):
            if fault is not None:
                raise fault
    except Resting:
        return "resting"
    except OSError:
        return "failed"
    except LookupError:
        return "nothing there"
    return "worked"


def test_after_failures_in_a_row_nothing_is_tried_until_it_has_rested() -> None:
    time = Time()
    breaker = Breaker("store", failures=3, rest_seconds=10, monotonic=time)
    assert [tried(breaker, OSError()) for _ in range(4)] == ["failed"] * 3 + ["resting"]

    time.now = 10
    assert tried(breaker, OSError()) == "failed"
    assert tried(breaker) == "resting"

    time.now = 20
    with breaker.guard(OSError):
        meanwhile = tried(breaker)
    assert meanwhile == "resting", "one tries, the others wait for what comes of it"
    assert not breaker.is_open
    assert tried(breaker) == "worked"


def test_a_success_between_failures_starts_the_count_again() -> None:
    breaker = Breaker("store", failures=3, monotonic=Time())
    for _ in range(5):
        assert [tried(breaker, OSError()), tried(breaker, OSError()), tried(breaker)] == ["failed", "failed", "worked"]


def test_an_answer_that_there_is_nothing_is_no_failure() -> None:
    breaker = Breaker("store", failures=1, monotonic=Time())

    assert tried(breaker, LookupError()) == "nothing there"
    assert not breaker.is_open

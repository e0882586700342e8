"""The turns around the reader: which are asked for, and when."""

from __future__ import annotations

from assistant.desktop.chat.turn_order import PAGE_TURNS, TurnOrder
from assistant.domain.answers import Answer, Turn, TurnState


def turns(*ids: int) -> list[Turn]:
    return [Turn(one, 1, f"Question {one}", Answer(), TurnState.DONE, 0.0) for one in ids]


def test_a_page_is_asked_for_when_less_than_half_a_page_lies_ready() -> None:
    order = TurnOrder()
    order.set_above(range(1, 101))
    order.learn(turns(*range(101 - PAGE_TURNS, 101)))
    asked = []
    for _ in range(PAGE_TURNS):
        assert order.take_above() is not None
        asked.append(bool(order.missing_above()))
    assert asked == [index + 1 > PAGE_TURNS // 2 for index in range(PAGE_TURNS)]
    assert order.take_above() is None
    assert order.missing_above() == tuple(range(92, 92 - PAGE_TURNS, -1))


def test_what_is_built_and_taken_away_again_needs_no_second_asking() -> None:
    order = TurnOrder()
    order.set_below([5, 6])
    order.learn(turns(5))
    taken = order.take_below()
    assert taken is not None
    assert order.missing_below() == (6,)
    order.put_back_below(taken)
    assert order.waiting == 2
    assert order.take_below() is taken


def test_turns_that_are_gone_are_left_out() -> None:
    order = TurnOrder()
    order.set_above([1, 2, 3])
    order.drop([2, 3])
    order.learn(turns(1))
    assert order.waiting == 1
    assert order.take_above() == turns(1)[0]
    assert not order.has_above
    assert order.missing_above() == ()


def test_going_to_the_end_puts_everything_above() -> None:
    order = TurnOrder()
    order.set_above([1])
    order.set_below([4, 5])
    assert order.last_below == 5
    order.all_above([2, 3])
    assert (order.waiting, order.last, order.has_below) == (5, 5, False)

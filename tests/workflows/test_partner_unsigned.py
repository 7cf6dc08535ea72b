"""A partner that installs nothing: link, number, read-out; what it says is unsigned wherever it is shown."""

import pytest

from safeconduct.alerts import release as releases
from safeconduct.alerts.answer import Acknowledgement, Action, Outcome, to_json
from safeconduct.alerts.read_out import quote_number
from safeconduct.errors import BadInput, SafeconductError
from safeconduct.storage.database import search_everywhere
from safeconduct.workflows.answer_by_link import acknowledge_by_link, outcome_by_link
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.envelopes import send
from safeconduct.workflows.make_link import Linked, links_of, make_link, open_link, revoke_link
from safeconduct.workflows.read_out import other_ways
from safeconduct.workflows.record_heard import Heard, copy_named, hear_acknowledgement, hear_action, hear_outcome
from safeconduct.workflows.show_release import show_release
from safeconduct.workflows.show_room import show_room
from workflows.warned_world import HOUR, acknowledge, warn

NOTHING = Outcome("x", "nothing", "", "partner", "thought", None, None, "nothing was there", 0, None)


@pytest.fixture
def warned(world):
    warn(world)
    return world


def opened(world, token):
    with world.evac.store.reading() as tx:
        return open_link(world.evac, tx, token)


def lines(world):
    return [line for _, _, line in show_release(world.evac, world.release).answers]


def heard(world, channel="telephone"):
    return Heard(world.release, 1, channel, "liaison officer")


# -- the link -----------------------------------------------------------------------------------------------------


def test_a_link_shows_exactly_its_release_until_it_ends_or_is_closed(warned):
    made = make_link(warned.evac, warned.release, 2, "duty officer")
    assert len(made.token) == 32
    assert opened(warned, made.token).copy.release.id == warned.release
    assert opened(warned, made.token[:-1]).code == opened(warned, "").code == "unknown-link"
    other = make_link(warned.evac, warned.release, 2, "duty officer")
    assert other.token != made.token
    assert revoke_link(warned.evac, other.link.id, "duty officer") is None
    assert opened(warned, other.token).code == "unknown-link"
    warned.move(warned.evac.clock.now() + 2 * HOUR)
    assert opened(warned, made.token).code == "unknown-link"
    with warned.evac.store.reading() as tx:
        assert [one.state for one in links_of(tx, warned.evac.clock.now(), warned.release)] == ["revoked", "expired"]
    assert revoke_link(warned.evac, "00", "duty officer").code == "unknown-link"


def test_the_token_is_in_no_file_of_the_node(warned):
    made = make_link(warned.evac, warned.release, 2, "duty officer")
    acknowledge_by_link(warned.evac, made.token, 1, "received", None)
    found = search_everywhere(warned.evac_config.data_dir / "node.db", [made.token, warned.release])
    assert found[made.token] == 0
    assert found[warned.release] > 0


@pytest.mark.parametrize("hours", [0, 73, -1])
def test_a_link_lives_for_hours_and_not_for_ever(warned, hours):
    with pytest.raises(BadInput) as caught:
        make_link(warned.evac, warned.release, hours, "duty officer")
    assert caught.value.where == "hours"


def test_no_link_to_what_was_not_sent_from_here_or_has_expired_and_not_too_many(warned):
    assert make_link(warned.cordon, warned.release, 2, "duty officer").code == "unknown-release"
    assert make_link(warned.evac, "w-none", 2, "duty officer").code == "unknown-release"
    for _ in range(10):
        make_link(warned.evac, warned.release, 2, "duty officer")
    with pytest.raises(BadInput):
        make_link(warned.evac, warned.release, 2, "duty officer")
    warned.move(warned.made.expires)
    assert make_link(warned.evac, warned.release, 2, "duty officer").code == "expired-release"


def test_a_link_shows_the_version_that_counts_and_an_old_screen_answers_the_old_one(warned):
    made = make_link(warned.evac, warned.release, 12, "duty officer")
    gone = releases.withdraw(warned.made, now=warned.evac.clock.now(), slot_seconds=3_600)
    with warned.evac.store.transaction() as tx:
        row = tx.alerts.release(warned.release)
        changed = type(row)(
            row.id, row.direction, releases.to_json(gone), row.report, row.withheld, row.issued, row.ledger_index
        )
        tx.alerts.add_release(changed)
    shown = opened(warned, made.token)
    assert isinstance(shown, Linked) and shown.copy.release.revoked
    assert isinstance(acknowledge_by_link(warned.evac, made.token, 1, "accepted", None), int)
    assert isinstance(acknowledge_by_link(warned.evac, made.token, 2, "understood", None), int)


def test_what_a_phone_answers_is_unsigned_everywhere(warned):
    made = make_link(warned.evac, warned.release, 12, "duty officer")
    assert isinstance(acknowledge_by_link(warned.evac, made.token, 1, "accepted", None), int)
    assert isinstance(outcome_by_link(warned.evac, made.token, 1, NOTHING), int)
    assert acknowledge_by_link(warned.evac, "nonsense", 1, "accepted", None).code == "unknown-link"
    assert all("reported by our liaison, unsigned, by a link" in line for line in lines(warned))
    [room] = show_room(warned.evac).warnings
    assert room.unsigned
    assert warned.settle() == []  # it stays here
    acknowledge(warned, "accepted")
    warned.settle()
    assert not show_room(warned.evac).warnings[0].unsigned


def test_a_link_that_got_about_does_not_crowd_out_the_signed_answer(warned):
    made = make_link(warned.evac, warned.release, 12, "duty officer")
    codes = set()
    for number in range(30):
        warned.move(warned.evac.clock.now() + 1)
        said = Outcome("x", "nothing", "", "partner", "thought", None, None, f"line {number}", 0, None)
        answer = outcome_by_link(warned.evac, made.token, 1, said)
        codes.add("" if isinstance(answer, int) else answer.code)
    assert codes == {"", "too-many-answers"}
    acknowledge(warned, "accepted")
    assert [taken.status for _, taken in warned.settle()] == ["taken"]


# -- the liaison's form -------------------------------------------------------------------------------------------


@pytest.mark.seed("S-07")
def test_what_a_liaison_took_down_is_kept_with_its_channel_and_never_as_signed(warned):
    assert isinstance(hear_acknowledgement(warned.evac, heard(warned), "understood", None), int)
    assert isinstance(hear_action(warned.evac, heard(warned, "radio"), "search", "the road"), int)
    assert isinstance(hear_outcome(warned.evac, heard(warned, "paper"), NOTHING), int)
    assert [line.split("unsigned, ")[1].split(")")[0] for line in lines(warned)] == [
        "by telephone",
        "by radio",
        "on paper",
    ]
    assert warned.settle() == []


def test_an_answer_that_changes_needs_a_reason_and_stands_beside_the_first(warned):
    hear_acknowledgement(warned.evac, heard(warned), "accepted", None)
    with pytest.raises(BadInput) as caught:
        hear_acknowledgement(warned.evac, heard(warned), "declined", None)
    assert caught.value.where == "answer.reason"
    assert isinstance(hear_acknowledgement(warned.evac, heard(warned), "declined", "their road is cut"), int)
    assert len(lines(warned)) == 2


def test_the_same_answer_told_twice_later_is_refused_as_answered(warned):
    hear_acknowledgement(warned.evac, heard(warned), "accepted", None)
    warned.move(warned.evac.clock.now() + 5)
    assert hear_acknowledgement(warned.evac, heard(warned), "accepted", None).code == "already-answered"


def test_a_channel_that_is_none_is_bad_input(warned):
    with pytest.raises(BadInput) as caught:
        hear_acknowledgement(warned.evac, heard(warned, "pigeon"), "accepted", None)
    assert caught.value.where == "answer.channel"


def test_an_unsigned_answer_never_crosses_and_never_comes_in(warned):
    at = warned.cordon.clock.now()
    how = {"channel": "radio", "taken_by": "x"}
    forged = (
        (
            "acknowledgement",
            Acknowledgement(warned.release, "accepted", None, "cordon", at, signed=False, corrects=False),
        ),
        ("action", Action(warned.release, "search", "cordon", at, None, "", **how)),
        (
            "outcome",
            Outcome(warned.release, "nothing", "cordon", "partner", "thought", None, None, "", at, None, **how),
        ),
    )
    with warned.cordon.store.transaction() as tx:
        for kind, answer in forged:
            send(warned.cordon, tx, to="evac", kind=kind, agreement="kabul-2021", body=to_json(answer))
    assert {taken.code for _, taken in warned.settle()} == {"unknown-sender"}


def test_nobody_records_a_signed_word_of_the_other_party(warned):
    at = warned.evac.clock.now()
    for answer in (
        Action(warned.release, "search", "cordon", at, None, ""),
        Outcome(warned.release, "nothing", "evac", "own", "thought", None, None, "", at, None, channel="radio"),
        Outcome(
            warned.release,
            "nothing",
            "a ministry",
            "named-office",
            "thought",
            None,
            None,
            "",
            at,
            None,
            channel="radio",
        ),
    ):
        assert answer_release(warned.evac, to_json(answer)).code == "unknown-sender"


# -- the number and the words -------------------------------------------------------------------------------------


def test_the_number_on_a_sheet_leads_back_to_its_release_and_version(warned):
    view = other_ways(warned.evac, warned.release)
    number = view.sheet.number
    assert number == quote_number(warned.release, 1)
    assert copy_named(warned.evac, number.replace(" ", "")).release.id == warned.release
    assert copy_named(warned.evac, warned.release).release.version == 1
    wrong = f"{(int(number[0]) + 1) % 10}{number[1:]}"
    for named in (wrong, "123 4567"):
        with pytest.raises(BadInput) as caught:
            copy_named(warned.evac, named)
        assert caught.value.code == "bad-number"
    with pytest.raises(SafeconductError):
        copy_named(warned.evac, "w-none")
    with pytest.raises(SafeconductError):
        other_ways(warned.cordon, warned.release)


def test_the_words_to_be_spoken_hold_nothing_of_the_report(warned):
    spoken = " ".join(other_ways(warned.evac, warned.release).sentences)
    assert "MARIGOLD" not in spoken.upper()
    assert not any(sign.isdigit() for sign in spoken)

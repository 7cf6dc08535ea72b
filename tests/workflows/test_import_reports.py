"""What other people's software sent becomes drafts for a person: sealed, kept whole, never released by themselves."""

import json

import pytest

from interop.samples import bundles
from safeconduct.errors import SafeconductError
from safeconduct.exchange.cap import encode
from safeconduct.exchange.import_any import drafts_of
from safeconduct.workflows.import_report import (
    close_draft,
    import_report,
    list_drafts,
    original_of,
    read_draft,
    show_draft,
)
from safeconduct.workflows.release_warning import release_warning
from unit.exchange.test_cap_read import ALERT, TEXT, replace
from workflows.two_nodes import PROTECT


def take(node, data, name="alert.cap"):
    return import_report(node, data, drafts_of(data, exercise=True), name)


def test_draft_is_kept_sealed_and_gives_its_texts_to_the_form(world):
    [draft] = take(world.evac, TEXT.encode())
    assert read_draft(world.evac, draft)["what"] == "Crowd at risk"
    view = show_draft(world.evac, draft)
    assert (view.form, view.producer, view.state, view.report) == ("CAP 1.2", "Road office", "open", "")
    assert view.missing == ("threatened_class", "actor", "likelihood", "advised_action", "harm_answer")
    assert [one.id for one in list_drafts(world.evac)] == [draft]
    raw = b"".join(f.read_bytes() for f in world.evac_config.data_dir.glob("node.db*"))
    assert b"Crowd at risk" not in raw and b"Road office" not in raw


def test_file_is_archived_as_it_came_with_all_that_we_do_not_know(world):
    bundle = bundles()["release"]
    bundle["objects"].append({
        "type": "x-unknown", "spec_version": "2.1", "id": "x-unknown--7d444840-9dc0-41d1-b245-5ffdce74fad2",
        "created": "2021-08-25T08:00:00.000Z", "modified": "2021-08-25T08:00:00.000Z",
        "extensions": {"extension-definition--7d444840-9dc0-41d1-b245-5ffdce74fad2": {"a": [1, 2.5, None]}},
    })  # fmt: skip
    data = json.dumps(bundle, indent=3).encode()
    [draft] = take(world.evac, data, "their bundle.json")
    assert original_of(world.evac, draft) == ("their bundle.json", data)


def test_same_file_again_changes_nothing(world):
    first = take(world.evac, TEXT.encode())
    size = world.count(world.evac, "ledger")
    assert take(world.evac, TEXT.encode(), "again.cap") == first
    assert world.count(world.evac, "ledger") == size and len(list_drafts(world.evac)) == 1


def test_ledger_shows_that_something_came_and_not_what(world):
    take(world.evac, TEXT.encode())
    with world.evac.store.reading() as tx:
        entry = tx.ledger.entry(tx.ledger.size() - 1)
    assert entry.kind == "own:import" and json.loads(entry.envelope).keys() == {"by", "digest", "drafts"}


def test_draft_is_no_report_and_cannot_be_released(world):
    [draft] = take(world.evac, TEXT.encode())
    with pytest.raises(SafeconductError) as caught:
        release_warning(world.evac, draft, world.scenario.policy, purpose=PROTECT)
    assert caught.value.code == "no-report"
    assert world.deliver(world.evac, world.cordon) == []


def test_update_and_cancel_point_at_the_draft_that_they_replace(world):
    [first] = take(world.evac, TEXT.encode())
    named = f"{ALERT.sender},{ALERT.identifier},{ALERT.sent}"
    later = replace(ALERT, identifier="a-2", msg_type="Cancel", references=(named,))
    [second] = take(world.evac, encode(later), "cancel.cap")
    assert show_draft(world.evac, second).earlier == (first,) and show_draft(world.evac, second).standing == "withdrawn"
    assert show_draft(world.evac, first).later == (second,)


def test_cancel_that_comes_first_is_joined_as_well(world):
    named = f"{ALERT.sender},{ALERT.identifier},{ALERT.sent}"
    [second] = take(world.evac, encode(replace(ALERT, identifier="a-2", msg_type="Cancel", references=(named,))))
    [first] = take(world.evac, TEXT.encode())
    assert show_draft(world.evac, first).later == (second,)


def test_draft_that_was_used_or_set_aside_leaves_the_list_and_stays_on_record(world):
    [first] = take(world.evac, TEXT.encode())
    [second] = take(world.evac, encode(replace(ALERT, identifier="a-3")))
    close_draft(world.evac, first, "rep-1")
    close_draft(world.evac, second)
    close_draft(world.evac, second)
    assert list_drafts(world.evac) == ()
    assert {one.state: one.report for one in list_drafts(world.evac, closed=True)} == {"used": "rep-1", "set-aside": ""}
    with world.evac.store.reading() as tx:
        kinds = [tx.ledger.entry(i).kind for i in range(tx.ledger.size())]
    assert kinds.count("own:draft-closed") == 2


@pytest.mark.parametrize("act", [show_draft, read_draft, original_of, close_draft])
def test_unknown_draft_is_said_in_one_line(world, act):
    with pytest.raises(SafeconductError) as caught:
        act(world.evac, "no-such")
    assert caught.value.code == "no-draft"

"""A node that holds the invented incident of the harbour, for pages and reports of its account."""

from safeconduct.config import NodeConfig
from safeconduct.wiring import init_node, open_node
from safeconduct.workflows.account_view import Query
from safeconduct.workflows.export_account import read_full_account
from safeconduct.workflows.record_incident import record_incident
from unit.incidents.exports.harbour import document

RECORDED = 1_935_000_000  # 2031-04-26T16:00:00Z


def harbour_node(folder, **settings):
    """Make the node in an empty folder and open it."""
    config = NodeConfig("evac", "Evacuating party", folder / "data", exercise=True, sign_in=False, **settings)
    init_node(folder, config, passphrase=None)
    node = open_node(config)
    node.clock.move_to(RECORDED)
    record_incident(node, document())
    return node


def read(node, incident="harbour", stretch=None, **asked):
    """The account with all that its page shows."""
    with node.store.reading() as tx:
        return read_full_account(tx, incident, Query(**asked), stretch)

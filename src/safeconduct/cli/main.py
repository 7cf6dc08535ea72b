"""The command `safeconduct`."""

from typing import Annotated, Any

import typer

import safeconduct
from safeconduct.cli import (
    agreement,
    batch,
    conflict,
    device,
    entry,
    exchange,
    gate,
    import_report,
    inbox,
    incident,
    init,
    ledger,
    liaison,
    movement,
    node,
    operator,
    paper,
    passes,
    policy,
    register,
    release,
    release_decide,
    release_export,
    release_ways,
    replay,
    report,
    revocation,
    root,
    scan,
    spoken,
    spoken_sheets,
    tally,
    taxii,
    threat,
    tls,
    verify,
)
from safeconduct.cli.speak import WholeLines, commands, in_one_line


class InOrderOfUse(WholeLines):
    """The commands in the order in which a party comes to need them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return sorted(super().list_commands(ctx), key=ORDER.index)


ORDER = (
    "init", "node", "tls", "operator", "root", "agreement", "liaison", "register", "pass", "batch", "revocation",
    "scan", "gate", "movement", "conflict", "tally", "device", "policy", "report", "release", "inbox", "threat",
    "incident", "entry", "taxii", "ledger", "verify", "replay",
)  # fmt: skip
app = commands(
    "Safe passage, and warnings shared by need-to-know, between parties that do not trust each other.",
    InOrderOfUse,
    name="safeconduct",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("init")(init.init)
app.add_typer(node.app, name="node")
app.add_typer(tls.app, name="tls")
app.add_typer(operator.app, name="operator")
app.add_typer(agreement.app, name="agreement")
app.add_typer(liaison.app, name="liaison")
app.add_typer(exchange.app, name="exchange")
app.add_typer(root.app, name="root")
app.add_typer(register.app, name="register")
passes.app.command("issue-spoken")(spoken.issue)
passes.app.command("spoken-sheets")(spoken_sheets.sheets)
paper.register(passes.app)
app.add_typer(passes.app, name="pass")
app.add_typer(batch.app, name="batch")
app.add_typer(conflict.app, name="conflict")
app.add_typer(revocation.app, name="revocation")
app.command("scan")(scan.scan)
gate.app.command("alleged")(tally.alleged)
app.add_typer(gate.app, name="gate")
app.add_typer(movement.app, name="movement")
app.add_typer(tally.app, name="tally")
app.add_typer(device.app, name="device")
app.add_typer(policy.app, name="policy")
report.app.command("import")(import_report.take)
report.app.command("drafts")(import_report.drafts)
report.app.command("original")(import_report.original)
report.app.command("set-aside")(import_report.set_aside)
app.add_typer(report.app, name="report")
release.app.command("link")(release_ways.link)
release.app.command("sheet")(release_ways.sheet)
release.app.command("read-out")(release_ways.read_out)
release.app.command("heard")(release_ways.heard)
release_decide.register(release.app)
release.app.command("export")(release_export.export)
app.add_typer(release.app, name="release")
app.add_typer(inbox.app, name="inbox")
app.add_typer(threat.app, name="threat")
app.add_typer(incident.app, name="incident")
app.add_typer(entry.app, name="entry")
app.add_typer(taxii.app, name="taxii")
app.add_typer(ledger.app, name="ledger")
app.command("verify")(verify.verify)
app.command("replay")(replay.replay)


def _version(value: bool) -> None:
    if value:
        typer.echo(safeconduct.__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="show it")] = False,
) -> None:
    pass


def run() -> None:
    """Run the command line."""
    in_one_line(app)

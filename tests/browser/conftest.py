"""A browser for all tests of pages, and pages whose consoles must stay silent."""

import pytest

from browser.served import CHROMIUM, playing


@pytest.fixture(scope="session")
def chromium():
    browser = playing().chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def open_page(chromium):
    """Opens pages, and says at the end what their consoles complained of."""
    said, contexts = [], []

    def new(width=1366, height=768, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: said.append(str(e)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert said == []

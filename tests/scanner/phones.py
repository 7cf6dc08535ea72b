"""A phone in a browser: it enrols, scans, loses its network and comes back."""

from safeconduct.wiring import close_node, open_node

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}


class Phone:
    """One browser context with the scanner page open."""

    def __init__(self, browser, address, *, locale="en-GB", **options):
        self.address = address
        self.context = browser.new_context(locale=locale, **PHONE, **options)
        self.said = []
        self.page = self.new_page()

    def new_page(self):
        page = self.context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda e: self.said.append(str(e)))
        return page

    def _said(self, message):
        """Keep what the console complains of; that there is no network is no complaint."""
        if message.type in ("error", "warning") and "ERR_INTERNET_DISCONNECTED" not in message.text:
            self.said.append(message.text)

    def enrol(self, device, point, *, anew=False):
        """Make a code in the room, claim it on the phone, compare the digits, approve."""
        room = self.context.browser.new_context()
        page = room.new_page()
        page.goto(f"{self.address}/devices/enrol")
        page.select_option("#point", point)
        page.fill("#device", device)
        if anew:
            page.check("input[name=anew]")
        page.get_by_role("button", name="Make a code").click()
        self.code = page.locator("#code-text").input_value()
        self.page.goto(f"{self.address}/scan/#enrol={self.code}")
        number = self.page.locator("#number")
        number.filter(has_text=" ").wait_for()
        page.get_by_role("link", name="The phone shows six digits").click()
        waiting = page.locator(".waiting li", has_text=device)
        assert waiting.locator(".digits").inner_text() == number.inner_text()
        waiting.get_by_role("button", name="Approve").click()
        page.get_by_role("status").filter(has_text=f"{device} is enrolled").wait_for()
        room.close()
        # With a pass before the camera the answer may be there before anybody looks.
        self.page.wait_for_selector("body[data-screen='scan'], body[data-screen='answer']")
        self.page.locator("#foot-list", has_text="old").wait_for()

    def on(self, screen):
        """Wait for a screen."""
        self.page.wait_for_selector(f"body[data-screen='{screen}']")

    def type(self, text):
        """Type the text of a pass and wait for the answer."""
        self.page.click("[data-do=type]")
        self.page.fill("#text", text)
        self.page.locator("#typed button.main").click()
        self.on("answer")

    @property
    def answer(self):
        """(tone, reason, word) of the answer on the screen."""
        data = self.page.locator("#answer")
        return data.get_attribute("data-tone"), data.get_attribute("data-reason"), self.page.inner_text("#word")

    def next(self):
        self.page.click("[data-do=next]")
        self.on("scan")

    @property
    def unsent(self):
        return int(self.page.inner_text("#foot-unsent").split()[0])

    def ready_offline(self):
        self.page.wait_for_selector("body[data-offline-ready=yes]", timeout=60_000)

    def close(self):
        self.context.close()


def send(phone):
    """Fetch and send from the menu; wait until all is fetched and nothing is unsent."""
    phone.page.click("[data-do=menu]")
    phone.page.click("#menu [data-do=fetch]")
    phone.page.locator("#notice", has_text="All is fetched and sent.").wait_for()
    phone.page.locator("#foot-unsent", has_text="0 unsent").wait_for()
    phone.page.click("#menu [data-do=scan]")
    phone.on("scan")


def stored(node, device):
    """(kind, reason, heads, index, note) of a device's events at the node."""
    here = open_node(node.config)
    try:
        with here.store.reading() as tx:
            row = tx.devices.get(device)
            found = []
            for epoch in range(1, row.epoch + 1):
                seq = 1
                while (event := tx.devices.event(device, epoch, seq)) is not None:
                    found.append((event.kind, event.reason, event.heads, event.index, event.note))
                    seq += 1
            return row, found
    finally:
        close_node(here)

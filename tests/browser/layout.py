"""What holds for every page, as a browser lays it out."""


def unnamed_fields(page):
    """Fields that no label and no `aria-label` names."""
    return page.evaluate(
        """[...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")]
           .filter((one) => !one.labels?.length && !one.getAttribute("aria-label")).map((one) => one.outerHTML)"""
    )


def small_targets(page, also):
    """Buttons, lists and what else a finger presses (a selector) that are less than 24 pixels high."""
    return page.evaluate(
        """(also) => [...document.querySelectorAll(`main button, main select, ${also}`)]
           .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 24).map((one) => one.outerHTML)""",
        also,
    )

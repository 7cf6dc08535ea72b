"""Coroutines run to their end by tests that are none themselves."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run(work):
    """Return what a coroutine returns, run in a thread: a browser test before may have left a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()

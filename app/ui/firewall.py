"""Windows asks whether a program may be reached from the network: said before it asks.

The question comes once, when a port is opened beyond loopback for the first time, and whoever
answers it wrongly finds a server that no device can reach.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.net.facts import Endpoint
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bridge.controller import Controller
    from app.ui.notices import Notices

MOST_ADDRESSES = 2  # more do not fit into the sentence


def firewall_asks() -> bool:
    """Whether this system has such a question."""
    return sys.platform == "win32"


class FirewallWord(QObject):
    """One banner, until the port was open beyond loopback once or the user closed it. GUI thread.

    It stays while that port is open: the question stands on the screen then.
    """

    def __init__(self, controller: Controller, notices: Notices) -> None:
        super().__init__(controller)
        self._controller = controller
        self._notices = notices
        self._said = ""
        controller.settings_changed.connect(self.look)
        controller.state_changed.connect(self.look)
        controller.fleet.state_changed.connect(self.look)
        notices.firewall_closed.connect(self._remember)

    def look(self) -> None:
        """Show the banner, with the addresses of now, or hide it."""
        settings = self._controller.settings
        posts = self._controller.fleet.posts.values()
        opened = next((p for p in posts if p.is_open and is_beyond_loopback(p.endpoints)), None)
        asked = Endpoint(settings.server.host, settings.server.port)
        told = settings.firewall_told and not (opened and self._said)
        if told or not (opened or is_beyond_loopback([asked])):
            self._said = ""
            self._notices.hide_firewall()
        elif opened:
            self._say(opened.profile.host, opened.endpoints[0].port, is_open=True)
        else:
            self._say(*asked, is_open=False)

    def _say(self, host: str, port: int, *, is_open: bool) -> None:
        dial = device_addresses(host, port)
        text = tr("window.firewall_open" if is_open else "window.firewall")
        if dial:
            text = tr("window.firewall_dial", asked=text, addresses=" / ".join(dial))
        if text != self._said:
            self._said = text
            self._notices.show_firewall(lambda: text, dial[:1])
        if is_open and not self._controller.settings.firewall_told:
            self._remember()

    def _remember(self) -> None:
        self._controller.change(firewall_told=True)


def is_beyond_loopback(endpoints: Sequence[Endpoint]) -> bool:
    """Whether others than this machine can reach one of them."""
    from app.net.addresses import hosts_of, is_loopback  # not for the first picture

    hosts = [host for endpoint in endpoints for host in hosts_of(endpoint.host)]
    return not all(map(is_loopback, hosts))


def device_addresses(host: str, port: int) -> list[str]:
    """Return what a device in the same network can dial, the likeliest first; at most two."""
    from app.net.addresses import dial_endpoints, hosts_of, is_only_here

    asked = [Endpoint(each, port) for each in hosts_of(host)]
    found = [
        str(endpoint)
        for endpoint in dial_endpoints(asked)
        if endpoint in asked or not is_only_here(endpoint.host)
    ]
    return found[:MOST_ADDRESSES]

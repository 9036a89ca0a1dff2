"""Which of several open servers each lane of the time line belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.wording.servers import server_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.bridge.controller import Controller
    from app.teaching.calls import Lane
    from app.teaching.recorder import CallRecorder


class OpenServers:
    """Those of the window. GUI thread."""

    def __init__(self, controller: Controller, recorder: CallRecorder) -> None:
        self._controller, self._recorder = controller, recorder
        self._listeners: dict[int, int] = {}  # lanes of listeners: whose each is

    def titles(self) -> Mapping[int, str]:
        """Return what each open server is called, by its number; nothing where there is one."""
        posts = [post for post in self._controller.fleet.posts.values() if post.server is not None]
        if len(posts) < 2:
            return {}
        self._listeners = {
            lane: post.profile.server_id
            for post in posts
            if post.server is not None
            and (lane := self._recorder.lane_of(post.server.listener_ident))
        }
        return {
            post.profile.server_id: server_title(post.profile, post.endpoints) for post in posts
        }

    def of(self, lane: Lane) -> int:
        """Return the number of a lane's server; 0: it is no server's."""
        if lane.client_id:
            return self._controller.client_servers.of(lane.client_id)
        return self._listeners.get(lane.number, 0)

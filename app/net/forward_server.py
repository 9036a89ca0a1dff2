"""A forward: for each client that comes, it dials a target, and passes on what both say."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from app.journal.entry import Role
from app.net.addresses import endpoint_of, hosts_of, own_end
from app.net.dialling import dial, is_local, leads_home
from app.net.facts import CloseReason, Endpoint, ListenError, ListenFault
from app.net.oserrors import WireError
from app.net.relayed import Relayed
from app.net.server import STOP_DEADLINE_S
from app.net.targets import BadTarget, read_target
from app.net.tls_context import client_rules
from app.net.tls_server import TlsServer
from app.net.tls_wire import TlsWire
from app.net.wire import SYSTEM_WIRE

if TYPE_CHECKING:
    from app.net.session import Session
    from app.net.traced_socket import TracedSocket
    from app.net.wire import Wire

# Ways out to this machine itself, by their own port: the forwards that the data came through.
# A forward that finds itself among them would dial for ever.
_came_through: dict[int, frozenset[int]] = {}


class ForwardServer(TlsServer):
    """One open port, and a target. Its clients may speak TLS, and so may the target."""

    _makes = Relayed
    target = Endpoint("", 0)

    # -- the owner's thread ----------------------------------------------------------------

    def open(self) -> tuple[Endpoint, ...]:
        """As ever. Raises ListenError, also if there is no target, or it is this port itself."""
        options = self.options
        try:
            self.target = read_target(options.target)
        except BadTarget as error:
            raise ListenError(
                ListenFault.BAD_TARGET, self.asked, system_text=options.target
            ) from error
        own = [Endpoint(host, options.port) for host in hosts_of(options.host)]
        with suppress(ValueError):  # a name: looked up for each client
            for host in hosts_of(self.target.host):
                if leads_home(host, self.target.port, own):
                    raise ListenError(ListenFault.LOOP, self.asked, system_text=options.target)
        self._secure = client_rules(self.target.host) if options.target_tls else None
        return super().open()

    # -- the listener thread ---------------------------------------------------------------

    def _welcome(self, client: TracedSocket, endpoint: Endpoint) -> Session:
        session = super()._welcome(client, endpoint)
        assert isinstance(session, Relayed)
        session.server = self
        return session

    # -- the worker of the client ------------------------------------------------------------

    def dial_for(self, device: Relayed) -> Relayed:
        """Connect to the target; return the way out, whose worker runs. Raises WireError."""
        through = _through(device.dialled_from)

        def leaves_by(port: int) -> None:
            device.ports.append(port)
            _came_through[port] = through | {id(self)}

        try:
            if id(self) in through:
                raise WireError(CloseReason.LOOP, str(self.target))
            reaching = dial(
                self.target, self.endpoints, lambda: device.outlet.verdict is None, leaves_by
            )
        except WireError:
            self._break_off(device)
            raise
        return self._way_out(device, reaching)

    def _way_out(self, device: Relayed, reaching: TracedSocket) -> Relayed:
        reaching.client_id = self._journal.new_client_id()
        wire: Wire = SYSTEM_WIRE(reaching, self._engine.crowd)
        try:
            if self._secure is not None:
                wire = TlsWire(wire, self._secure)
            target = endpoint_of(reaching.getpeername())
            out = Relayed(reaching.client_id, target, wire, device.encoding, self.shared)
            out.server, out.other, out.role = self, device, Role.WAY_OUT
            out.local = own_end(reaching)
            out.peer_id, device.peer_id = device.client_id, out.client_id
            device.other = out
            self._joined(out)
            device.tell_of_target(out)
        except OSError as error:  # it has gone again
            wire.close()
            raise WireError(CloseReason.TARGET_FAILED, f"{self.target}: {error}") from error
        except BaseException:
            wire.close()
            raise
        self._start_worker(out)
        return out

    def wait_for_way_out(self, device: Relayed) -> None:
        """Let the device's worker end after the way out's: closing the port waits for that one."""
        for port in device.ports:
            _came_through.pop(port, None)
        way_out = 0 if device.other is None else device.other.client_id
        if (worker := self._workers.get(way_out)) is not None:
            worker.join(STOP_DEADLINE_S)

    def _break_off(self, device: Relayed) -> None:
        """There is nothing behind this port: let the device see it as if nobody listened."""
        with device.outlet.lock:
            device._wire.reset_at_close()


def _through(endpoint: Endpoint) -> frozenset[int]:
    """Return the forwards that a client from this address has come through."""
    if endpoint.port not in _came_through or not is_local(endpoint.host):
        return frozenset()
    return _came_through.get(endpoint.port, frozenset())

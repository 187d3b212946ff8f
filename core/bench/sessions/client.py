"""A scripted browser session: it knows the widgets of the page, changes one, and waits for the answer.

It sends and reads the messages that Streamlit's frontend does (``BackMsg``, ``ForwardMsg``), reruns of
fragments that the page asks for included, but draws nothing.
"""

import asyncio
import json
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ANSWER_S = 120.0
"""Longest wait for a run of the script."""
CLICK_S = 20.0
"""Longest wait for the current track."""
_WIDGET = re.compile(r"\$\$ID-[0-9a-f]{32}-(.+)")
"""The id of a widget with a key."""
_ENDED = (0, 3)  # ForwardMsg.script_finished: of the page, of a fragment


@dataclass(frozen=True, eq=False)
class Widget:
    """A widget of the page: its message, and the fragment that it is in ("" for none)."""

    message: Any
    fragment: str


@dataclass
class Session:
    """A session of one browser tab; use it as an asynchronous context manager.

    Attributes
    ----------
    address : str
        ``http://HOST:PORT``.
    widgets : dict of Widget
        Of the present page, by key.
    pages : dict of str
        The hash of each page by its name.
    errors : list of str
        Texts of errors that the page showed, in order.
    """

    address: str
    widgets: dict[str, Widget] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    _page: str = ""
    _values: dict[str, Any] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _polls: dict[str, asyncio.Task] = field(default_factory=dict)
    _waiting: list[tuple[str, asyncio.Future]] = field(default_factory=list)

    async def __aenter__(self) -> "Session":
        """Connect."""
        self._socket: ClientConnection = await connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]  # its Subprotocol is a str
            origin=self.address,  # type: ignore[arg-type]
            max_size=None,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the tab."""
        self._stop_polling()
        self._reader.cancel()
        await self._socket.close()

    async def open(self, page: str = "") -> float:
        """Open a page by its name, by default the first; return the seconds until it was there."""
        self._page = self.pages.get(page, "")
        self._values = {}
        self._stop_polling()
        return await self._rerun()

    async def change(self, key: str, value: Any) -> float:
        """Give a widget a value; return the seconds until the page had answered.

        Parameters
        ----------
        value : bool, str, list of float or list of str
        """
        widget = self.widgets[key]
        self._values[widget.message.id] = value
        return await self._rerun(widget.fragment)

    async def click(self, key: str, row: int) -> float:
        """Click a point of a map; return the seconds until the map came back with it as the current one.

        Raises
        ------
        TimeoutError
            When it doesn't.
        """
        widget, began = self.widgets[key], time.perf_counter()
        name = f"$$STREAMLIT_INTERNAL_KEY_{widget.message.id}__events"
        clicked = [{"event": "picked", "value": {"kind": "click", "rows": [row]}}]
        await self._rerun(widget.fragment, {name: json.dumps(clicked)})
        while self.current_of(key) != row:  # a run for what the page waits for may have come first
            if time.perf_counter() - began > CLICK_S:
                raise TimeoutError(f"the page shows track {self.current_of(key)} instead of {row}")
            await asyncio.sleep(0.02)
        return time.perf_counter() - began

    def options(self, key: str) -> list[str]:
        """Return what a list offers."""
        return list(self.widgets[key].message.options)

    def current_of(self, key: str) -> int | None:
        """Return the point that a map marks as the current track."""
        return json.loads(self.widgets[key].message.json)["current"]

    async def _rerun(self, fragment: str = "", triggers: dict[str, str] | None = None) -> float:
        """Ask for a run of the page or of a fragment, and wait for its end.

        Raises
        ------
        TimeoutError
            When it doesn't end within :data:`ANSWER_S`.
        """
        began = time.perf_counter()
        ended = asyncio.get_running_loop().create_future()
        self._waiting.append((fragment, ended))
        await self._send(fragment, triggers)
        await asyncio.wait_for(ended, ANSWER_S)
        return time.perf_counter() - began

    async def _send(
        self, fragment: str, triggers: dict[str, str] | None = None, *, polls: bool = False
    ) -> None:
        """Send the values of all widgets."""
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = polls
        states = message.rerun_script.widget_states.widgets
        for name, value in self._values.items():
            state = states.add(id=name)
            if isinstance(value, bool):
                state.bool_value = value
            elif isinstance(value, str):
                state.string_value = value
            elif value and isinstance(value[0], str):
                state.string_array_value.data.extend(value)
            else:
                state.double_array_value.data.extend(value)
        for name, text in (triggers or {}).items():
            states.add(id=name).json_trigger_value = text
        await self._socket.send(message.SerializeToString())

    async def _read(self) -> None:
        """Follow what the server sends."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        reason: Exception = ConnectionError("the server closed the session")
        try:
            async for content in self._socket:
                message = ForwardMsg()
                message.ParseFromString(content)  # type: ignore[arg-type]  # every message is bytes
                self._follow(message)
        except Exception as error:  # goes to whoever waits for an answer
            reason = error
        for _, ended in self._waiting:
            if not ended.done():
                ended.set_exception(reason)

    def _follow(self, message: Any) -> None:
        """Take one message."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._seen = set()
            self._stop_polling(message.metadata.run.fragment_ids)  # a run that still waits asks again
        elif kind == "navigation":
            self.pages = {page.page_name: page.page_script_hash for page in message.navigation.app_pages}
            self._page = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            self._poll(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            self._stop_polling(message.stop_auto_rerun.fragment_ids)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._take(message.delta.new_element, message.delta.fragment_id)
        elif kind == "script_finished" and message.script_finished in _ENDED:
            self._finish(message.metadata.run.fragment_ids)

    def _take(self, element: Any, fragment: str) -> None:
        """Take an element of the page."""
        kind = element.WhichOneof("type")
        content = getattr(element, kind)
        if kind == "exception":
            self.errors.append(f"{content.type}: {content.message}")
        elif kind == "alert" and content.format == content.Format.ERROR:
            self.errors.append(content.body)
        elif named := _WIDGET.fullmatch(getattr(content, "id", "")):
            self.widgets[named[1]] = Widget(content, fragment)
            self._seen.add(named[1])

    def _finish(self, run: Sequence[str]) -> None:
        """End a run of fragments or of the page: widgets that it didn't show are gone, with their values."""
        self.widgets = {
            key: widget
            for key, widget in self.widgets.items()
            if key in self._seen or (run and widget.fragment not in run)
        }
        present = {widget.message.id for widget in self.widgets.values()}
        self._values = {name: value for name, value in self._values.items() if name in present}
        for fragment, ended in list(self._waiting):
            if not run or fragment in run:
                self._waiting.remove((fragment, ended))
                if not ended.done():
                    ended.set_result(None)

    def _stop_polling(self, fragments: Sequence[str] = ()) -> None:
        """Stop the reruns of fragments, of all without any given."""
        for fragment in tuple(fragments) or tuple(self._polls):
            if fragment in self._polls:
                self._polls.pop(fragment).cancel()

    def _poll(self, fragment: str, seconds: float) -> None:
        """Run a fragment again and again, as the page asks."""
        self._stop_polling((fragment,))

        async def again() -> None:
            with suppress(ConnectionClosed):
                while True:
                    await asyncio.sleep(seconds)
                    await self._send(fragment, polls=True)

        self._polls[fragment] = asyncio.create_task(again())

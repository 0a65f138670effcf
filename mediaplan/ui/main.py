"""The browser pages as one: their order, their language, and the server that shows them on this machine only."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mediaplan.errors import InputError, Problem
from mediaplan.ui.places import BACKTEST, BRIEF, CLIENTS, COMPARE, DATA, DIAGNOSIS, PLAN
from mediaplan.words import LANGUAGES, Sentence, Words

if TYPE_CHECKING:
    from starlette.middleware import Middleware

ADDRESS = "127.0.0.1"
LOGO = Path(__file__).with_name("logo.svg")
THEME = Path(__file__).with_name("theme.toml")
LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


def run() -> None:
    """Show the page that was asked for; Streamlit calls this anew at every change."""
    import streamlit as st

    from mediaplan.ui.session import begin, words

    # An icon of its own: a named one would be fetched from the network.
    st.set_page_config(
        page_title="mediaplan",
        page_icon="📊",
        layout="wide",
        initial_sidebar_state="auto",
        menu_items={"About": None},
    )
    begin()
    said = words()
    pages = [
        st.Page(DATA, title=said.text("Data"), icon=":material/table_chart:", url_path="first", default=True),
        st.Page(BRIEF, title=said.text("Brief"), icon=":material/edit_note:", url_path="brief"),
        st.Page(PLAN, title=said.text("Plan"), icon=":material/insights:", url_path="plan"),
        st.Page(COMPARE, title=said.text("Compare"), icon=":material/compare_arrows:", url_path="compare"),
        st.Page(DIAGNOSIS, title=said.text("Diagnosis"), icon=":material/query_stats:", url_path="diagnosis"),
        st.Page(
            BACKTEST, title=said.text("Looking back"), icon=":material/history:", url_path="looking-back"
        ),
        st.Page(CLIENTS, title=said.text("Clients"), icon=":material/inventory_2:", url_path="clients"),
        # The first page has no address of its own, whatever it is given: who types the one to be expected is sent there.
        st.Page(_to_data, title=said.text("Data"), url_path="data", visibility="hidden"),
    ]
    st.logo(LOGO.read_text(encoding="utf-8"), size="large")
    page = st.navigation(pages)
    _sidebar(said)
    page.run()


def _to_data() -> None:
    import streamlit as st

    st.switch_page(DATA)


def _sidebar(words: Words) -> None:
    import streamlit as st

    from mediaplan.ui.session import refill
    from mediaplan.ui.uploads import uploaders_in

    with st.sidebar:
        st.segmented_control(
            words.text("Language"),
            options=sorted(LANGUAGES, reverse=True),
            format_func=LANGUAGE_NAMES.__getitem__,
            key="language",
            required=True,
            on_change=refill,
            persist_state="session",
        )
        st.caption(words.text("Everything stays on this machine: nothing is sent anywhere."))
    st.html(uploaders_in(words))
    # Streamlit writes lang="en" into its page; screen readers would read French with English sounds.
    st.html(
        f"<script>document.documentElement.lang='{words.language}'</script>", unsafe_allow_javascript=True
    )


def serve(port: int, headless: bool) -> int:  # noqa: FBT001 - the command's two options
    """Serve the pages on this machine until interrupted.

    Args:
        port: To listen on.
        headless: Open no browser.

    Returns:
        0.

    Raises:
        InputError: Something else listens on the port.
    """
    _check_free(port)
    import streamlit as st

    from mediaplan.ui.uploads import LARGEST

    sys.argv = sys.argv[:1]  # the command's own options must not reach the pages
    application = st.App(Path(__file__).with_name("entry.py"), middleware=_headers())
    try:
        application.run(
            config={
                "server.port": port,
                "server.address": ADDRESS,
                "server.headless": headless,
                "server.allowedHosts": [ADDRESS, "localhost"],
                "server.fileWatcherType": "none",
                "server.maxUploadSize": LARGEST,
                "server.showEmailPrompt": False,
                "browser.gatherUsageStats": False,
                "client.toolbarMode": "minimal",
                "client.showErrorDetails": "type",
                "theme.base": str(THEME),
            }
        )
    except KeyboardInterrupt:
        return 0
    return 0


def _check_free(port: int) -> None:
    with socket.socket() as listener:
        if os.name == "posix":  # elsewhere it would let two programs listen at once
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, port))
        except OSError as error:
            raise InputError(_unusable(port, error)) from None


def _unusable(port: int, error: OSError) -> Problem:
    reason = error.strerror or str(error)
    taken = error.errno in (errno.EADDRINUSE, errno.EACCES) and port >= 1024
    return Problem(
        Sentence("something else already listens on port {port}.", port=str(port))
        if taken
        else Sentence("port {port} can't be used: {reason}.", port=str(port), reason=reason),
        Sentence(
            "Choose another: mediaplan app --port {other}", other=str(port + 1 if port < 65_535 else 8502)
        ),
        column="--port",
        value=str(port),
    )


def _headers() -> list[Middleware]:
    """No other site may frame the pages or learn where a link was clicked."""
    from starlette.middleware import Middleware
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    kept = [
        (b"x-frame-options", b"SAMEORIGIN"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    ]

    class Headers:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            async def sent(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message.get("headers", []), *kept]
                await send(message)

            await self.app(scope, receive, sent)

    return [Middleware(Headers)]

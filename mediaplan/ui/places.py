"""Where the pages are."""

from pathlib import Path

PAGES = Path(__file__).parent / "pages"
DATA, BRIEF, PLAN, BACKTEST, CLIENTS = (
    PAGES / f"{name}.py" for name in ("data", "brief", "plan", "backtest", "clients")
)

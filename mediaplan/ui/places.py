"""Where the pages are."""

from pathlib import Path

PAGES = Path(__file__).parent / "pages"
DATA, BRIEF, PLAN, DIAGNOSIS, BACKTEST, CLIENTS = (
    PAGES / f"{name}.py" for name in ("data", "brief", "plan", "diagnosis", "backtest", "clients")
)

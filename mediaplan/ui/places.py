"""Where the pages are."""

from pathlib import Path

PAGES = Path(__file__).parent / "pages"
DATA, BRIEF, PLAN, COMPARE, DIAGNOSIS, BACKTEST, CLIENTS = (
    PAGES / f"{name}.py" for name in ("data", "brief", "plan", "compare", "diagnosis", "backtest", "clients")
)

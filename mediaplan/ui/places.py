"""Where the pages are: not in a folder named `pages`, which Streamlit would show by itself, without their session."""

from pathlib import Path

SCREENS = Path(__file__).parent / "screens"
DATA, BRIEF, PLAN, COMPARE, DIAGNOSIS, BACKTEST, CLIENTS = (
    SCREENS / f"{name}.py"
    for name in ("data", "brief", "plan", "compare", "diagnosis", "backtest", "clients")
)

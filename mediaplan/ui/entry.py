"""What the server runs for every session: the same as `app.py` at the top."""

from mediaplan.ui.main import run

run()

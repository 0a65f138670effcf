"""Starts the browser pages: `streamlit run app.py`."""

from mediaplan.ui.main import run

run()

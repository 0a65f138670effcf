"""One file for each page; `mediaplan.ui.main` says in which order."""

"""`python -m mediaplan` does what `mediaplan` does."""

import sys

from mediaplan.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

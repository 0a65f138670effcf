"""`python -m mediaplan.worlds [FOLDER]` writes the bundled sample (default folder: `data`)."""

import sys
from pathlib import Path

from mediaplan.worlds.sample import write_sample

for path in write_sample(Path(sys.argv[1] if len(sys.argv) > 1 else "data")):
    sys.stdout.write(f"{path}\n")

"""`python -m parquetframe.cli`."""

import sys

from . import run

if __name__ == "__main__":
    sys.exit(run())

"""The targets are found beside the tests, as ``fuzz.py`` finds them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

"""The gate is a script; its tests import it by the name it has there."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

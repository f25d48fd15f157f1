"""The benchmarks are scripts that import the modules beside them; pytest may do so as well."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

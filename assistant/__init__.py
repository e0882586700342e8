"""Elephant: a desktop assistant for personal notes that answers offline and cites the exact passage.

Importing this package closes the doors that third-party libraries open by default. It runs before any other import in every
process of ours, so a library that phones home on import (onnxruntime does) finds the switch already off.
"""

import os

__version__ = "0.1.0"

PRIVACY_ENVIRONMENT = {
    "ORT_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}

# Assigned, not defaulted: a user's shell profile must not be able to turn a library's reporting back on by accident.
os.environ.update(PRIVACY_ENVIRONMENT)

"""A missing-child operational risk simulator for police workforce planners.

Simulated children; not a prediction about any child; not for deciding a live call.
"""

__version__ = "0.1.0"

"""What the bot knows: articles, index versions, search."""

import os

# Threads of a small matrix product wait for each other on a busy machine: minutes instead of milliseconds were seen.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

"""How far coders agree: measures over plain values, pure, units in code points (0-based, half-open).

Every measure is counted text by text (`count_…`, small, additive, worth keeping) and then made one `Figure` from
the counts of all texts, with an interval. A figure is None, “n/a”, where there is nothing to compare; it is never
0 or 1 for want of data.

This package alone needs numpy: nothing that the web process loads at its start may import it, but for `measures`.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads cost these small tables CPU and save no time

"""Composition: scenarios x replications x workers.

=============  ============================================================================
`settings`     how much is simulated, and what is told meanwhile
`worlds`       one replication of all scenarios: draws, rota, policy, engine, tallies
`engines`      the engines by name, and which one a study is better off with
`allocation`   memory of a process that simulates: what is given back is kept
`cluster`      pieces of work on the workers of a dask scheduler (`cluster_worker` on each of them)
`cluster_tls`  certificates by which they know one another
`compiling`    the compiled engine, made beside a study that has begun without it
`meanwhile`    what this process does while another compiles
`sharing`      replications, wherever they are made
`running`      a study: run, precision stop, interruption, keeping
`interrupts`   Ctrl-C, put off while results are put in their place
`evaluate`     many scenarios of which a few counts are asked (`counting`: one of them once)
`ceiling`      the same counts with everybody always free
`waits`        each incident's wait, in any hours
`images`       luck kept from one evaluation to the next
`sweep`        the headline over the share held for ratification
`unknowns`     the headline over what is not known (`laying`: its settings, `points`: played)
`history`      all that luck has drawn for one simulated child
`demand`       what each pool is asked for, and whether its queue grows whatever the luck
`settling`     whether the warm-up is long enough, and whether a queue grows without end
=============  ============================================================================

Time 0 is midnight of the first measured day. The simulation starts the warm-up before it, at
negative times; incidents reported in [0, days) are counted; reports and rota go on for the
follow-up, so that the last incidents are met as busy a force as the first.
"""

from sim.study.ceiling import ceiling
from sim.study.cluster_tls import Tls
from sim.study.counting import COUNTABLE, Luck
from sim.study.evaluate import ABSENT, ATTENDANCE, Each, Evaluation, Told, evaluate, joined
from sim.study.history import child_history
from sim.study.images import Images
from sim.study.laying import Laying
from sim.study.points import play_points
from sim.study.running import Study, check, run
from sim.study.settings import REPLICATIONS, Progress, Report, Settings
from sim.study.settling import WarmUp, queue_growth, warm_up
from sim.study.sharing import remarks
from sim.study.sweep import SHARES, sweep_share_held
from sim.study.unknowns import Varied, vary
from sim.study.waits import AllWaits, Waits, Window, waits
from sim.study.worlds import World, definition_of, one_world

__all__ = [
    "ABSENT",
    "ATTENDANCE",
    "COUNTABLE",
    "REPLICATIONS",
    "SHARES",
    "AllWaits",
    "Each",
    "Evaluation",
    "Images",
    "Laying",
    "Luck",
    "Progress",
    "Report",
    "Settings",
    "Study",
    "Tls",
    "Told",
    "Varied",
    "Waits",
    "WarmUp",
    "Window",
    "World",
    "ceiling",
    "check",
    "child_history",
    "definition_of",
    "evaluate",
    "joined",
    "one_world",
    "play_points",
    "queue_growth",
    "remarks",
    "run",
    "sweep_share_held",
    "vary",
    "waits",
    "warm_up",
]

"""The planner's questions, answered: typed documents, each worked out from many scenarios at once.

=============  ============================================================================
`document`     what every answer is: scenarios, context, size, whether it was stopped
`estimated`    one figure of an answer
`told`         what is told while an answer is worked out
`kinds`        every kind of answer by its name, and how a kept one is read
`schema`       the JSON schema of all of them
all others     one question each
=============  ============================================================================

To add an answer ``NAME``:

1. ``sim/answers/NAME/`` (or one file): its document, derived from `AnswerDocument`, whose ``kind``
   is a literal and whose `records` are the lines of its table; and a function that works it out
   from loaded scenarios and `Settings`, tells its steps to a `Told`, and on Ctrl-C returns what is
   known so far with ``stopped`` set to a sentence. Name the document in `kinds.KINDS`, and write
   the schema anew (``run_sim.py schema --answers > docs/answers.schema.json``).
2. ``sim/report/sections/answers/NAME.py``: a function from the document to a `Sheet`, decorated
   with ``declare("NAME")``; the registry finds it. Console and page draw it.
3. Charts, where a section names one: ``sim/report/charts/answers/NAME.py``, and its line in
   ``sim/report/charts/answers/__init__.py``.
4. ``sim/api/``: a function that returns an `Answered`; its name in ``sim/api/__init__.py`` and
   ``sim/__init__.py``.
5. ``sim/cli/answers/NAME.py``: the command, thin over `sim.cli.answers.frame.give`; its line in
   ``sim/cli/__init__.py``.
6. Tests in ``tests/answers/``, its size in ``tests/benchmarks/answers.py``, and its question in
   ``docs/questions.md``.
"""

from sim.answers.document import AnswerDocument, AskedOf, Whom
from sim.answers.estimated import Estimated
from sim.answers.told import Told

__all__ = ["AnswerDocument", "AskedOf", "Estimated", "Told", "Whom"]

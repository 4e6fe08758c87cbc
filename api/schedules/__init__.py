"""Runs that recur: what is scheduled, when it is due, who runs it, who is told.

``schedule`` is what is kept of one, ``book`` where; ``cadence`` knows when a cron line is due;
``lease`` sees that one process runs it; ``run`` is one run from watermark to watermark;
``scheduler`` runs what is due; ``webhook`` tells others.
"""

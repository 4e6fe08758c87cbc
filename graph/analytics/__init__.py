"""What can be computed from statements without a store: pure functions over values.

``quantities`` (numbers as papers write them), ``metrics`` (which way is better), ``belief``
(confidence of what several papers state), ``ranking`` (leaderboards), ``periods`` (calendar).
"""

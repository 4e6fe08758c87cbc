"""The questions beyond lists: a file each, with its types, arguments and resolver.

``search`` (papers and entities by words), ``walks`` (what lies around a thing, how two are
connected), ``provenance`` (all that stands behind an edge), ``leaderboard``, ``trend``,
``difference`` (what is new between two runs); each is a part of ``Query``, and what it asks is a
service that the command line may ask too.
"""

"""The command line, a file per command.

``root`` finds the commands, ``run`` turns errors into one line and an exit status, ``options``
holds what several commands share, ``render`` draws for people. A command imports what it runs
when it runs, so that ``papergraph query`` never waits for a language model to load.
"""

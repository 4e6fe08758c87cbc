"""How much is let in: a rate for each caller, and no more at once than can be served."""

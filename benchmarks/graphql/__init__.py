"""GraphQL over both stores against @neo4j/graphql; see ``compare``."""

from benchmarks.graphql.compare import main

__all__ = ["main"]

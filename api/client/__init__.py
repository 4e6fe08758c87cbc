"""A typed client of the API: ``Client`` waits for answers, ``AsyncClient`` awaits them.

::

    from api.client import Client

    with Client("http://127.0.0.1:8000/graphql") as client:
        for edge in client.papers(filter={"uses": ["SD-Turbo"]}, role="USES")["edges"]:
            print(edge["node"]["title"], edge["node"]["claims"][0]["evidence"]["text"])

Answers are dictionaries with the schema's names, and their types are known to type checkers.
``operations.graphql`` says what is asked; ``python -m api.graphql.generate_client`` makes the
methods of it.
"""

from api.client.generated import AsyncClient, Client
from api.client.transport import Refused, Unanswered

__all__ = ["AsyncClient", "Client", "Refused", "Unanswered"]

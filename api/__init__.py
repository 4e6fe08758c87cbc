"""The outside: services (use cases), the command line, the GraphQL server.

``services`` knows both the extractor and the stores; ``cli`` and ``graphql`` are thin callers.
"""

"""Subscriptions, over WebSockets (graphql-transport-ws) and event streams (GraphQL over SSE).

``subscriptions`` (what can be subscribed to), ``errors`` (typed and masked in streams too),
``socket`` (the WebSocket's side: who is there, and how often he may ask).
"""

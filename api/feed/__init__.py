"""What is new, for feed readers: an entry a run, as Atom (RFC 4287) and as JSON Feed 1.1.

``entries`` finds out what runs brought, ``html`` says it to people, ``documents`` writes both
formats, ``serving`` answers ``/feed.atom`` and ``/feed.json``.
"""

"""Identity: which names mean one thing (pure: no store, no network)."""

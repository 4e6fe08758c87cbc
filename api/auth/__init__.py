"""Who is asking: API tokens, and what their bearers may do."""

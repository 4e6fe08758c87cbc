"""Sources to papers: formats recognised from their content."""

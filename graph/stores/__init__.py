"""Stores behind the port in ``base``; ``open_store`` comes here."""

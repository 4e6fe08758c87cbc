"""Sources of papers by their address: a path, a glob, ``-``, or a scheme over the network.

=============================================  ===================================================
``hf-daily:`` ``hf-daily:2026-11-01``           Hugging Face daily papers, the latest or by day
``arxiv:cs.CL+cs.CV``                           arXiv's API, by category, by day of last change
``oai:arxiv:cs`` ``oai:https://…/oai#set``      an archive that speaks OAI-PMH
=============================================  ===================================================

Each takes a window of days after ``@``: ``arxiv:cs.CL@2026-10-01..2026-10-31``. ``open_source``
gives the source of an address, ``read`` the papers of any address. To add one, offer a ``Factory``
under the entry point ``papergraph.sources``, named as its scheme.
"""

from extract.sources.access import Access
from extract.sources.addresses import is_address, open_source, read
from extract.sources.base import Source, Window

__all__ = ["Access", "Source", "Window", "is_address", "open_source", "read"]

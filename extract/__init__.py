"""The extractor: titles and abstracts in, entities with roles, results and relations out.

Read in this order: ``readers`` (sources to papers), ``language``, ``tokenizer``,
``extensions`` (what components leave on a ``Doc``), ``components``, ``pipeline`` (how they are put
together), ``convert`` (``Doc`` to ``graph.model.Extraction``), ``evaluation``, ``training``.
"""

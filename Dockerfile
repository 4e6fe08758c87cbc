# The API, as docker-compose.yml runs it.
FROM python:3.12-slim

RUN useradd --create-home --uid 10001 papergraph
WORKDIR /app
COPY pyproject.toml README.md LICENSE ./
COPY graph graph
COPY extract extract
COPY api api
RUN pip install --no-cache-dir '.[zstd]'

USER papergraph
WORKDIR /home/papergraph
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=6 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["papergraph"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

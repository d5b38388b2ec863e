# Lorewright in a container: no root, no compiler and no torch, unless EXTRAS asks for it.
#
#   docker build --tag lorewright .
#   docker build --tag lorewright-tune --build-arg EXTRAS=postgres,qdrant,stores,tune \
#     --build-arg TORCH_INDEX="the address of PyTorch's wheels for the CPU" .
#
# A worker of the second image tunes; without TORCH_INDEX it gets the torch with CUDA, 3 GB more.
FROM python:3.11-slim AS build
ARG EXTRAS=postgres,qdrant,stores
ARG TORCH_INDEX=""
WORKDIR /source
RUN python -m venv /opt/lorewright
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
RUN if [ -n "$TORCH_INDEX" ]; then \
      /opt/lorewright/bin/pip install --no-cache-dir --constraint constraints.txt --index-url "$TORCH_INDEX" torch; \
    fi \
 && /opt/lorewright/bin/pip install --no-cache-dir --constraint constraints.txt ".[$EXTRAS]" \
 && /opt/lorewright/bin/pip check

FROM python:3.11-slim
# Debian packages to add, such as tesseract-ocr for scanned pages.
ARG PACKAGES=""
RUN if [ -n "$PACKAGES" ]; then \
      apt-get update && apt-get install --yes --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*; \
    fi \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin lorewright \
 && install --directory --owner lorewright --group lorewright /domain /cache
COPY --from=build /opt/lorewright /opt/lorewright
ENV PATH=/opt/lorewright/bin:$PATH LOREWRIGHT_CACHE=/cache PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /domain
VOLUME ["/domain", "/cache"]
EXPOSE 8321
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8321/healthz', timeout=4)"]
ENTRYPOINT ["lorewright"]
CMD ["serve", "--host", "0.0.0.0"]

# syntax=docker/dockerfile:1
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
# The caches make the next build fast; the binary is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --locked --profile dist --bin kelisim && \
    cp target/dist/kelisim /usr/local/bin/kelisim

FROM debian:bookworm-slim
# The certificates that relays are checked against. Time zones travel in the binary.
RUN apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin kelisim && \
    install -d -o kelisim -g kelisim -m 0750 /data
COPY --from=build /usr/local/bin/kelisim /usr/local/bin/kelisim
USER kelisim
# kelisim.toml, secrets.key, DKIM keys and, with SQLite, the database.
WORKDIR /data
VOLUME /data
ENV KELISIM_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["kelisim", "health"]
ENTRYPOINT ["kelisim"]
CMD ["serve"]

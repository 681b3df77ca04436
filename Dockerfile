# Stellarr in a container. Build it with `docker build -t stellarr .`, or let `docker compose up -d` do it (compose.yaml).
# For both kinds of machines: docker buildx build --platform linux/amd64,linux/arm64 -t NAME --push .
#
# The bases are named by tag, so that a build takes today's security fixes along; whoever wants the same bytes every
# time adds a digest: node:24-slim@sha256:…

# Builds on the machine at hand for any other: what differs is one prebuilt binary, so nothing is emulated.
FROM --platform=$BUILDPLATFORM node:24-slim AS build
WORKDIR /src
COPY . .
# amd64 or arm64, given by Docker.
ARG TARGETARCH
# The whole build is this script, which the tests run as well. The caches keep downloads from one build to the next.
RUN --mount=type=cache,target=/root/.npm \
    --mount=type=cache,target=/root/.local/share/pnpm/store \
    node scripts/pack-docker.mjs /packed $TARGETARCH
# `docker exec stellarr stellarr …`: a link, which is copied as it is.
RUN mkdir /data /commands && ln -s /app/stellarr /commands/stellarr

# Debian's slim image rather than distroless: it has a shell for `docker exec`, `node` on the PATH, and the glibc that
# better-sqlite3's binary is built for (Alpine's musl would need another one).
FROM node:24-slim
LABEL org.opencontainers.image.title="Stellarr" \
      org.opencontainers.image.description="Households ask for movies and series; Radarr and Sonarr pull the requests from feeds." \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \
    PORT=8080 \
    DATA_DIR=/data
WORKDIR /app
# The app belongs to root, and only the data to the user that runs it; a number, so that volumes can be given to it.
COPY --from=build /packed ./
COPY --from=build /commands /usr/local/bin
COPY --from=build --chown=10001:10001 /data /data
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["node", "dist/healthcheck.mjs"]
# The signal reaches Node itself, which hears it from its first milliseconds (with "docker run --init" from the very
# first); running answers get five seconds, and the whole stop takes eight at most.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node"]
CMD ["dist/main.mjs"]

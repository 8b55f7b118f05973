# The packed server, without build tools or npm. docs/operations/containers.md explains how to get the package.
# A digest always names the same image. docs/operations/supply-chain.md explains how to update it.
ARG BASE=node:26.10.0-trixie-slim@sha256:ec7758ee051e457b468b32bde57b0879010b325bb9862718e9615225ce4aaae1
FROM ${BASE}
LABEL org.opencontainers.image.title="Latchkey" org.opencontainers.image.licenses="MIT"
# npm ci installs only packages with the digests in the package's lock file. Also removes the sources of SQLite and the binaries
# for other platforms: 25 MB.
RUN --mount=type=bind,target=/context --mount=type=cache,target=/root/.npm \
    set -- /context/latchkey-[0-9]*.tgz \
 && if [ ! -f "$*" ]; then echo "Keep one latchkey-x.y.z.tgz beside the Dockerfile. Found: $*"; exit 1; fi \
 && mkdir /usr/local/lib/node_modules/latchkey \
 && cd /usr/local/lib/node_modules/latchkey \
 && tar --extract --gzip --file "$1" --strip-components 1 --no-same-owner \
 && npm ci --ignore-scripts --no-audit --no-fund \
 && ln -s ../lib/node_modules/latchkey/apps/api/bin/latchkey.cjs /usr/local/bin/latchkey \
 && cd node_modules/better-sqlite3 \
 && rm -r deps src \
 && find prebuilds -type f ! -name "linux-$(node --print process.arch).node" -delete \
 && npm uninstall --global npm \
 && mkdir /data && chown node:node /data
# The user `node`, by number: Kubernetes does not accept a name as proof that it is not root.
USER 1000:1000
# Limits the heap for new objects to 32 MiB, as in Node 22. On a large machine, Node 24 allows 128 MiB.
ENV NODE_OPTIONS=--max-semi-space-size=16
# Relative to it, the server keeps its files in /data by default.
WORKDIR /
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
VOLUME /data
EXPOSE 3000
# Liveness, not readiness: restarting the server does not bring the database back.
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["latchkey", "serve"]

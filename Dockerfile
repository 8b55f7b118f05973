# The server and the console, without the build tools. `npm run test:image` runs these steps without Docker.
FROM node:26-trixie AS build
WORKDIR /build
COPY .npmrc package.json package-lock.json ./
COPY libs/sqlite-node20 libs/sqlite-node20
RUN npm ci
COPY . .
RUN npm run build
RUN node apps/api/build/keep-runtime.mjs

FROM node:26-trixie-slim
WORKDIR /latchkey
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY --from=build /build/apps/api/bin apps/api/bin
ENV NODE_ENV=production
ENV HOST=0.0.0.0
ENV PORT=3000
ENV LATCHKEY_DATA_DIR=/data
ENV DATABASE_URL=sqlite:/data/latchkey.sqlite
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
# Liveness, not readiness: restarting the server does not bring the database back.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--require", "./apps/api/bin/prepare-process.cjs", "dist/apps/api/bundle/main.js"]

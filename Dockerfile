# Latchkey with its console, and nothing that only a build needs. `npm run test:image` performs these steps without an engine.
FROM node:22-bookworm AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts && npm rebuild better-sqlite3
COPY . .
RUN npm run build
RUN node apps/api/build/keep-runtime.mjs

FROM node:22-bookworm-slim
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
# Not whether it is ready: what is restarted for it does not bring a database back, and forgets who failed to log in.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--require", "./apps/api/bin/prepare-process.cjs", "dist/apps/api/bundle/main.js"]

# One image for both services: `docker run … carillon api` and `docker run … carillon worker`.
# Base images are pinned by version; raise them together with .nvmrc and docs/compatibility.md.

FROM node:20.20.2-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/channels/package.json packages/channels/
COPY packages/client/package.json packages/client/
COPY packages/cli/package.json packages/cli/
COPY packages/console/package.json packages/console/
COPY packages/contracts/package.json packages/contracts/
COPY packages/core/package.json packages/core/
COPY packages/db/package.json packages/db/
COPY packages/inbox/package.json packages/inbox/
COPY packages/queue/package.json packages/queue/
COPY packages/react/package.json packages/react/
COPY packages/runtime/package.json packages/runtime/
COPY packages/testkit/package.json packages/testkit/
COPY services/api/package.json services/api/
COPY services/worker/package.json services/worker/

FROM manifests AS build
RUN npm ci --ignore-scripts
COPY tsconfig.base.json tsconfig.json ./
COPY packages packages
COPY services services
COPY scripts/bundle-faces.mjs scripts/bundle-services.mjs scripts/
COPY scripts/faces scripts/faces
RUN node_modules/.bin/tsc -b services/api/tsconfig.build.json services/worker/tsconfig.build.json \
  && node scripts/bundle-faces.mjs \
  && node scripts/bundle-services.mjs \
  && find packages services -type d -name src -prune -exec rm -rf {} + \
  && find packages services -name '*.tsbuildinfo' -delete

# Only what the two services import: no compiler, no tests, no embedded PostgreSQL. The development dependencies
# go first, because npm follows them from a workspace to our other workspaces even when it omits them.
FROM manifests AS production
RUN npm pkg delete devDependencies --workspaces --include-workspace-root \
  && npm ci --ignore-scripts --omit=dev --workspace=@carillon/api --workspace=@carillon/worker \
  && rm -rf packages/cli packages/testkit

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=production /app ./
COPY --from=build /app/packages/channels packages/channels
COPY --from=build /app/packages/console packages/console
COPY --from=build /app/packages/contracts packages/contracts
COPY --from=build /app/packages/core packages/core
COPY --from=build /app/packages/db packages/db
COPY --from=build /app/packages/inbox packages/inbox
COPY --from=build /app/packages/queue packages/queue
COPY --from=build /app/packages/runtime packages/runtime
COPY --from=build /app/services services
COPY scripts/container scripts/container
# By number, so that an orchestrator can see that it is not root. Nothing under /app belongs to it.
USER 10001:10001
EXPOSE 8080 9465
HEALTHCHECK --interval=15s --timeout=4s --start-period=30s --retries=3 \
  CMD ["node", "scripts/container/health.mjs"]
ENTRYPOINT ["node", "--enable-source-maps", "scripts/container/serve.mjs"]
CMD ["api"]

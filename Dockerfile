# Suture in a container. No build step: Node runs the TypeScript as it is.
#   docker build -t suture .
#   docker run -d --name suture --env-file .env -p 127.0.0.1:3000:3000 -v suture-data:/data suture
#   docker exec suture node src/main.ts doctor
FROM node:24-bookworm-slim

# git fetches and pushes; bubblewrap is for sandboxes; tini passes signals on and buries orphans of checks.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends bubblewrap ca-certificates git tini \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY LICENSE ./
COPY scripts ./scripts
COPY src ./src

# The code belongs to root and is only read; the data belongs to the user that runs it.
RUN install --directory --owner=node --group=node --mode=0700 /data
USER node
VOLUME /data

ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "src/main.ts", "serve"]

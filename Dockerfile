# One image for the service and for workers. Debian, since onnxruntime-node and sharp ship glibc binaries.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Production packages alone: no compiler, no test tools, no second Node.
RUN npm ci --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production INTERVAL_HOST=0.0.0.0
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json cds-services.json LICENSE ./
COPY bin ./bin
COPY src ./src
COPY models ./models
COPY fhir-profiles ./fhir-profiles
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:3000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]

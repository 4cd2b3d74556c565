# One replica of a cell. Build: docker build -t chubby . ; run: see docker-compose.yml.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /chubby
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json ./
COPY src src
COPY bench bench
RUN npm ci

FROM ${NODE_IMAGE}
WORKDIR /chubby
ENV NODE_ENV=production
COPY package.json package-lock.json .npmrc ./
# The build stage has built already: no script of any package runs here.
RUN npm ci --omit=dev --ignore-scripts
COPY bin bin
COPY proto proto
COPY config config
COPY --from=build /chubby/dist dist
RUN mkdir /data && chown 1000:1000 /data
USER 1000:1000
VOLUME /data
EXPOSE 7100 7200 7300
ENTRYPOINT ["node", "bin/chubbyd"]
CMD ["--config", "config/compose.yaml"]

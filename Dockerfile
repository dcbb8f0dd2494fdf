# The pages are built in the first stage; the second holds what runs and nothing to build with.
FROM debian:12 AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm python3 make g++ ca-certificates && rm -rf /var/lib/apt/lists/*
WORKDIR /sallyport
COPY package.json package-lock.json .npmrc tsconfig.json ./
COPY src src
RUN npm ci && npm prune --omit=dev

FROM debian:12-slim
RUN useradd --system --home /var/lib/sallyport --create-home sallyport
WORKDIR /sallyport
COPY --from=build /sallyport /sallyport
COPY policies policies
USER sallyport
ENV PATH=/sallyport/node_modules/.bin:$PATH
EXPOSE 2222 8080
ENTRYPOINT ["node", "/sallyport/src/main.ts"]
CMD ["serve", "--config", "/etc/sallyport/sallyport.yaml"]

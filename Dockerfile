# docker build -t kube-lvs:0.1.0 .
#
# With a digest for both bases, as in --build-arg BASE_IMAGE=debian:bookworm-slim@sha256:..., builds differ in nothing but
# Debian's updates of three packages. They have to be of one release of Debian. Its glibc is the one that the native part of the package `netlink` is made for.
ARG NODE_IMAGE=node:24-bookworm-slim
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /opt/kube-lvs
COPY package.json package-lock.json ./
# esbuild and koffi bring their native parts as optional packages.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY src src
COPY bundle bundle
# The Node.js that runs it has to fill its cache.
RUN node bundle/build.ts

FROM ${BASE_IMAGE}
# iptables in both variants, of which kube-lvs takes the one that the node uses; modprobe for kernel modules; ipset to look
# at the sets. What differs from build to build goes.
RUN apt-get update \
	&& apt-get install --yes --no-install-recommends iptables ipset kmod \
	&& rm -rf /var/lib/apt/lists /var/cache/apt /var/cache/debconf /var/cache/ldconfig/aux-cache /var/log/*
COPY --from=build /usr/local/bin/node /usr/local/bin/node
# To the path where it was built, for which the cache holds.
COPY --from=build /opt/kube-lvs/dist /opt/kube-lvs/dist
COPY LICENSE /opt/kube-lvs/LICENSE
# For `kubectl exec ... -- kube-lvs status`.
RUN ln -s /opt/kube-lvs/dist/kube-lvs.mjs /usr/local/bin/kube-lvs
WORKDIR /opt/kube-lvs
ENV NODE_ENV=production
# As root, but with two capabilities only: docs/cluster.md says why no other user will do.
ENTRYPOINT ["/opt/kube-lvs/dist/kube-lvs.mjs"]
CMD ["run"]

# docker build -t kube-lvs:0.1.0 .
#
# Debian with glibc: the package `netlink` brings its native part ready-made for it.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /opt/kube-lvs
COPY package.json package-lock.json ./
# esbuild and koffi bring their native parts as optional packages.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY src src
COPY bundle bundle
# Node.js comes with the image; the same one has to fill the cache.
RUN node bundle/build.ts

FROM ${NODE_IMAGE}
# iptables in both variants, legacy and nft; modprobe for kernel modules; ipset to look at the sets.
RUN apt-get update \
	&& apt-get install --yes --no-install-recommends iptables ipset kmod \
	&& rm -rf /var/lib/apt/lists/*
WORKDIR /opt/kube-lvs
# To the path where it was built, for which the cache holds.
COPY --from=build /opt/kube-lvs/dist dist
COPY LICENSE ./
# For `kubectl exec ... -- kube-lvs status`.
RUN ln -s /opt/kube-lvs/dist/kube-lvs.mjs /usr/local/bin/kube-lvs
ENV NODE_ENV=production
ENTRYPOINT ["/opt/kube-lvs/dist/kube-lvs.mjs"]
CMD ["run"]

# docker build -t kube-lvs:0.1.0 .
#
# Debian with glibc: the package `netlink` brings its native part ready-made for it. Node.js runs the TypeScript sources
# as they are, by leaving the types out: there is nothing to compile.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /opt/kube-lvs
COPY package.json package-lock.json ./
# koffi brings its native part as an optional package; Node.js itself, which is another, comes with the image.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
	&& rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM ${NODE_IMAGE}
# iptables in both variants, legacy and nft; modprobe for kernel modules.
RUN apt-get update \
	&& apt-get install --yes --no-install-recommends iptables ipset kmod \
	&& rm -rf /var/lib/apt/lists/*
WORKDIR /opt/kube-lvs
COPY --from=packages /opt/kube-lvs/node_modules node_modules
COPY LICENSE package.json ./
COPY src src
# For `kubectl exec ... -- kube-lvs status`.
RUN chmod +x src/main.ts && ln -s /opt/kube-lvs/src/main.ts /usr/local/bin/kube-lvs
ENV NODE_ENV=production
ENTRYPOINT ["node", "/opt/kube-lvs/src/main.ts"]
CMD ["run"]

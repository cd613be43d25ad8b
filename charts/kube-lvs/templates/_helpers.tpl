{{- define "kube-lvs.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "kube-lvs.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "kube-lvs.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "kube-lvs.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "kube-lvs.selectorLabels" -}}
app.kubernetes.io/name: {{ include "kube-lvs.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "kube-lvs.labels" -}}
{{ include "kube-lvs.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "kube-lvs.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "kube-lvs.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "kube-lvs.image" -}}
{{- with .Values.image }}
{{- printf "%s:%s" .repository (.tag | default $.Chart.AppVersion) }}{{ with .digest }}@{{ . }}{{ end }}
{{- end }}
{{- end }}

{{- define "kube-lvs.nodeSelector" -}}
{{- $labelled := ternary (dict "kube-lvs.io/serve" "true") dict (eq .Values.nodes "labelled") }}
{{- merge $labelled .Values.nodeSelector | toYaml }}
{{- end }}

{{/* Not empty where somebody outside of the node asks for metrics. */}}
{{- define "kube-lvs.isMonitored" -}}
{{- if or .Values.podMonitor.enabled .Values.serviceMonitor.enabled }}true{{ end }}
{{- end }}

{{/* Fails where the kubelet or Prometheus would ask at another port than the one that config has for it. */}}
{{- define "kube-lvs.checkPorts" -}}
{{- $asked := dict "healthzBindAddress" (ternary (list "probes.port" .Values.probes.port 10256) list .Values.probes.enabled) }}
{{- $_ := set $asked "metricsBindAddress" (ternary (list "metrics.port" .Values.metrics.port 10249) list (eq (include "kube-lvs.isMonitored" .) "true")) }}
{{- range $field, $port := $asked }}
{{- if and $port (hasKey $.Values.config $field) }}
{{- $where := get $.Values.config $field }}
{{- $own := ternary (regexFind "[0-9]+$" $where) (toString (last $port)) (regexMatch "^([^:]+|\\[.*\\]):[0-9]+$" $where) }}
{{- if or (not $where) (ne (int $own) (int (index $port 1))) }}
{{- fail (printf "config.%s is %q, and %s is %v, where it is asked: make them the same, or do not let it be asked" $field $where (first $port) (index $port 1)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The configuration file. */}}
{{- define "kube-lvs.config" -}}
{{- include "kube-lvs.checkPorts" . }}
{{- $own := dict "apiVersion" "kube-lvs.io/v1alpha1" "kind" "KubeLvsConfiguration" }}
{{- $_ := set $own "apiServers" .Values.apiServers }}
{{- if not .Values.apiServers }}
{{- $_ := required "apiServers: say where the nodes reach the API servers without a service proxy, such as https://192.0.2.10:6443" "" }}
{{- end }}
{{- if include "kube-lvs.isMonitored" . }}
{{- $any := ternary "[::]" "0.0.0.0" (contains ":" (default "" .Values.config.bindAddress)) }}
{{- $_ := set $own "metricsBindAddress" (printf "%s:%v" $any .Values.metrics.port) }}
{{- end }}
{{- merge (deepCopy .Values.config) $own | toYaml }}
{{- end }}

{{/* Flags of every command that reads the configuration in the pod. */}}
{{- define "kube-lvs.flags" -}}
- --config=/etc/kube-lvs/config.yaml
- --node-name=$(NODE_NAME)
{{- if .Values.kubeProxyConfig.configMap }}
- --kube-proxy-config=/etc/kube-proxy/{{ .Values.kubeProxyConfig.key }}
# The service account of this pod, not the file that kube-proxy's pod has.
- --kubeconfig=
{{- end }}
{{- end }}

{{- define "kube-lvs.env" -}}
- name: NODE_NAME
  valueFrom:
    fieldRef:
      fieldPath: spec.nodeName
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
Of every container. Files with a subPath stay as they were when the container was started: a change reaches pods as they
are replaced, a tenth at a time, and not all nodes within a minute.
*/}}
{{- define "kube-lvs.mounts" -}}
- name: config
  mountPath: /etc/kube-lvs/config.yaml
  subPath: config.yaml
  readOnly: true
{{- with .Values.kubeProxyConfig }}
{{- if .configMap }}
- name: kube-proxy-config
  mountPath: /etc/kube-proxy/{{ .key }}
  subPath: {{ .key }}
  readOnly: true
{{- end }}
{{- end }}
- name: run
  mountPath: /run/kube-lvs
# To lock a file it need not be written.
- name: xtables-lock
  mountPath: /run/xtables.lock
  readOnly: true
{{- end }}

{{/* What PodMonitors and ServiceMonitors have in common; each sample is known by its node, and alerts by the job. */}}
{{- define "kube-lvs.scrape" -}}
path: /metrics
{{- with .interval }}
interval: {{ . }}
{{- end }}
{{- with .scrapeTimeout }}
scrapeTimeout: {{ . }}
{{- end }}
relabelings:
  - sourceLabels: [__meta_kubernetes_pod_node_name]
    targetLabel: node
  - targetLabel: job
    replacement: kube-lvs
  {{- with .relabelings }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .metricRelabelings }}
metricRelabelings:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

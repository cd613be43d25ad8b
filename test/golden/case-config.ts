import type {Config} from '../../src/config/fields.ts'
import {readKubeProxyConfig} from '../../src/config/kube-proxy/read.ts'
import {parseConfig} from '../../src/config/parse.ts'

/** Our configuration as `--kube-proxy-config` makes it of this text of a KubeProxyConfiguration. */
export const configOf = (text: string): Config => parseConfig('', {}, readKubeProxyConfig(text).fields)

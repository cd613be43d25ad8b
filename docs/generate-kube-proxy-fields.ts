/** `node docs/generate-kube-proxy-fields.ts`: writes the table of fields into move-from-kube-proxy.md. */
import {readFileSync, writeFileSync} from 'node:fs'
import type {KubeProxyField} from '../src/config/kube-proxy/field.ts'
import {KUBE_PROXY_FIELDS} from '../src/config/kube-proxy/fields.ts'

const BEGIN = '<!-- Made by docs/generate-kube-proxy-fields.ts from src/config/kube-proxy/fields.ts; do not edit. -->'
const END = '<!-- End of what is made. -->'

/** The page with the section of today. */
export const withKubeProxyFields = (page: string): string => {
	const [before = '', rest = ''] = page.split(BEGIN)
	const after = rest.split(END)[1]
	if (after === undefined) {
		throw new Error(`move-from-kube-proxy.md lacks ${BEGIN} or ${END}`)
	}
	return `${before}${BEGIN}\n${renderFields()}${END}${after}`
}

const renderFields = (): string => `
## Fields of KubeProxyConfiguration

| field | default | here |
| --- | --- | --- |
${KUBE_PROXY_FIELDS.map(renderField).join('\n')}

`

const renderField = ({path, byDefault, effect}: KubeProxyField): string => {
	const here =
		effect.kind === 'none'
			? `no effect: ${effect.why}`
			: `sets \`${effect.field}\`${effect.note === '' ? '' : `. ${effect.note}`}`
	return `| \`${path}\` | ${byDefault === '' ? 'none' : `\`${byDefault}\``} | ${here} |`
}

if (import.meta.main) {
	const page = new URL('move-from-kube-proxy.md', import.meta.url)
	writeFileSync(page, withKubeProxyFields(readFileSync(page, 'utf8')))
}

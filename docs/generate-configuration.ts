/** `node docs/generate-configuration.ts`: writes configuration.md from the table of all settings. */
import {writeFileSync} from 'node:fs'
import {flagName} from '../src/cli/flags.ts'
import {describeSettings} from '../src/config/describe.ts'

/** The whole page. */
export const renderConfiguration = (): string => `${INTRODUCTION}
${renderTable().join('\n')}
${FORMS}`

/** A complete file, as the page shows it. */
export const EXAMPLE = `apiVersion: kube-lvs.io/v1alpha1
kind: KubeLvsConfiguration
clusterCIDR: [10.244.0.0/16, 'fd00:244::/56']
scheduler: wlc
excludeCIDRs: [198.51.100.0/24]
auditInterval: 1m
`

const INTRODUCTION = `<!-- Made by docs/generate-configuration.ts from src/config/fields.ts; do not edit. -->
# Configuration

One YAML file, named with \`--config FILE\`, and a flag for each of its fields. A flag wins over the file. A field that
does not exist or has a wrong value is an error; all errors are reported together, and nothing is started.

\`\`\`yaml
${EXAMPLE}\`\`\`

The same with flags:

    kube-lvs run --cluster-cidr 10.244.0.0/16,fd00:244::/56 --scheduler wlc \\
        --exclude-cidrs 198.51.100.0/24 --audit-interval 1m

All commands take the same fields. Give \`plan\`, \`status\` and \`cleanup\` the file that \`run\` uses: \`excludeCIDRs\`,
\`serviceCIDR\`, \`masqueradeBit\` and \`runtimeDirectory\` matter to them too. When the file changes, \`run\` ends with exit
code 1, so that its supervisor starts it anew. Names are those of kube-proxy where the meaning is the same;
\`--kube-proxy-config FILE\` reads its file: [move-from-kube-proxy.md](move-from-kube-proxy.md).

## Fields
`

const FORMS = `
## How values are written

| kind          | in the file                                  | as a flag                                                |
| ------------- | -------------------------------------------- | -------------------------------------------------------- |
| text, integer | \`scheduler: wlc\`                             | \`--scheduler wlc\`                                        |
| boolean       | \`masqueradeAll: true\`                        | \`--masquerade-all\`, or with \`false\`                      |
| networks      | \`clusterCIDR: [10.244.0.0/16]\`               | \`--cluster-cidr 10.244.0.0/16\`; commas between several   |
| address, port | \`healthzBindAddress: '[::]:10256'\`          | \`--healthz-bind-address [::]:10256\`                     |
| duration      | \`auditInterval: 1m30s\` (\`ms\`, \`s\`, \`m\`, \`h\`) | \`--audit-interval 1m30s\`                                 |

\`apiVersion\` and \`kind\` may be left out of the file; there are no flags for them.
`

const renderTable = (): readonly string[] => {
	const rows = describeSettings().map(({field, kind, byDefault, description}) =>
		[`\`${field}\``, `\`--${flagName(field)}\``, kind, byDefault ? `\`${byDefault}\`` : 'none', description].join(
			' | ',
		),
	)
	return ['field | flag | kind | default | meaning', '--- | --- | --- | --- | ---', ...rows].map(row => `| ${row} |`)
}

if (import.meta.main) {
	writeFileSync(new URL('configuration.md', import.meta.url), renderConfiguration())
}

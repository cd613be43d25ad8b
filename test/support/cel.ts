import {type CelInput, CelScalar, celEnv, celFunc, celMethod, isCelError, listType, parse, plan} from '@bufbuild/cel'
import {strings} from '@bufbuild/cel/ext'
import {isGoIP, isGoPrefix} from './go-netip.ts'

/**
 * CEL as the API server has it: the strings library of cel-go, RE2 for `matches`, and of the libraries of Kubernetes
 * (k8s.io/apiserver/pkg/cel/library) `isIP` and `isCIDR` of texts, and `sum` of a list of integers.
 */
const ENVIRONMENT = celEnv({
	funcs: [
		...strings,
		celFunc('isIP', [CelScalar.STRING], CelScalar.BOOL, isGoIP),
		celFunc('isCIDR', [CelScalar.STRING], CelScalar.BOOL, isGoPrefix),
		celMethod('sum', listType(CelScalar.INT), [], CelScalar.INT, function () {
			return [...this].reduce((sum: bigint, number) => sum + BigInt(Number(number)), 0n)
		}),
	],
})

const PLANS = new Map<string, (bindings: Record<string, CelInput>) => unknown>()

/** The value of an expression; throws where CEL has an error, of syntax or of evaluation. */
export const evaluate = (expression: string, bindings: Readonly<Record<string, CelInput>>): unknown => {
	const run = PLANS.get(expression) ?? plan(ENVIRONMENT, parse(expression))
	PLANS.set(expression, run)
	const value = run({...bindings})
	if (isCelError(value)) {
		throw new Error(`${expression}: ${value.message}`)
	}
	return value
}

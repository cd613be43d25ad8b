import {expect} from 'chai'
import {problemEvent} from '../../src/kubernetes/problem-event.ts'
import {eventPath, renderEvent} from '../../src/kubernetes/render-event.ts'
import {OBJECT_KINDS} from '../../src/model/object.ts'
import type {ObjectReference, Problem} from '../../src/model/problem.ts'
import {checkEvent} from '../support/api-server/check-event.ts'

const problemOf = (object: ObjectReference): Problem => ({
	object,
	field: 'spec.externalIPs[0]',
	reason: 'InvalidAddress',
	message: 'not an IP address; it is ignored',
})
const referenceOf = (kind: string, namespace: string, name: string): ObjectReference => ({
	kind,
	namespace,
	name,
	uid: 'u',
})

const REGARDING: Readonly<Record<string, readonly [string, string, string]>> = {
	Service: ['shop', 'v1', '/apis/events.k8s.io/v1/namespaces/shop/events'],
	EndpointSlice: ['shop', 'discovery.k8s.io/v1', '/apis/events.k8s.io/v1/namespaces/shop/events'],
	Node: ['', 'v1', '/apis/events.k8s.io/v1/namespaces/default/events'],
	ServiceCIDR: ['', 'networking.k8s.io/v1', '/apis/events.k8s.io/v1/namespaces/default/events'],
}

describe('a problem as an Event', () => {
	for (const kind of OBJECT_KINDS) {
		it(`is about the ${kind}, and fine for an API server`, () => {
			const [namespace = '', apiVersion, path] = REGARDING[kind] ?? []
			const event = problemEvent(problemOf(referenceOf(kind, namespace, 'web')))
			if (!event) {
				throw new Error('there is none')
			}
			const origin = {component: 'kube-lvs', nodeName: 'n1', now: 1, unique: 'a1'}
			const body = JSON.parse(renderEvent(event, origin))
			expect(checkEvent(body, namespace || 'default')).to.equal(undefined)
			expect(eventPath(event)).to.equal(path)
			expect(body).to.deep.include({type: 'Warning', reason: 'InvalidAddress', action: 'Serve'})
			expect(body.regarding).to.deep.include({apiVersion, kind, name: 'web', uid: 'u'})
			expect(body.regarding.namespace).to.equal(namespace || undefined)
			expect(body.note).to.match(/web: spec\.externalIPs\[0\]: not an IP address; it is ignored/)
		})
	}

	for (const object of [
		referenceOf('File', '', 'a.yaml'),
		referenceOf('Folder', '', '/x'),
		referenceOf('Service', 'a', ''),
	]) {
		it(`is none about ${JSON.stringify(object)}`, () => {
			expect(problemEvent(problemOf(object))).to.equal(undefined)
		})
	}
})

import {expect} from 'chai'
import {
	ENDPOINT_SLICES,
	listPath,
	NODES,
	nodeResource,
	SERVICE_CIDRS,
	SERVICES,
	watchPath,
} from '../../src/kubernetes/resource.ts'

describe('resource', () => {
	it('lists with selectors, limit and version', () => {
		expect(decodeURIComponent(listPath(SERVICES, {version: '0', continueToken: '', limit: 500}))).to.equal(
			'/api/v1/services?limit=500&resourceVersion=0&labelSelector=!service.kubernetes.io/service-proxy-name&fieldSelector=spec.clusterIP!=None',
		)
	})

	it('names no version beside a token, and no limit where there is none', () => {
		expect(listPath(nodeResource('n'), {version: '5', continueToken: 'tok', limit: 0})).to.equal(
			'/api/v1/nodes?continue=tok&fieldSelector=metadata.name%3Dn',
		)
	})

	it('lists every Node, and ServiceCIDRs', () => {
		const query = {version: '', continueToken: '', limit: 9}
		expect(listPath(NODES, query)).to.equal('/api/v1/nodes?limit=9')
		expect(listPath(SERVICE_CIDRS, query)).to.equal('/apis/networking.k8s.io/v1/servicecidrs?limit=9')
	})

	it('watches with bookmarks', () => {
		expect(decodeURIComponent(watchPath(ENDPOINT_SLICES, '7', 301))).to.equal(
			'/apis/discovery.k8s.io/v1/endpointslices?watch=true&allowWatchBookmarks=true&timeoutSeconds=301&resourceVersion=7&labelSelector=!service.kubernetes.io/headless',
		)
	})
})

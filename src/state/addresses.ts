/** The dummy device that carries the VIPs; kube-proxy's name, so that operators and other programs find it. */
export const VIP_DEVICE = 'kube-ipvs0'

/**
 * How a VIP becomes local to the node: an address on the dummy device, or a `local` route through it. The kernel
 * takes quadratic time for addresses on one device, linear time for routes.
 */
export type Binding = 'address' | 'route'

/** What the configuration asks for; `auto` means addresses up to a limit per family, routes beyond. */
export type BindingMode = 'auto' | Binding

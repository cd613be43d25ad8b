/** Lets everything that has come in meanwhile have its turn. */
export const giveWay = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

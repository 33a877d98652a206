/**
 * Waits until every promise has settled and throws the first failure then. Unlike `Promise.all` nothing goes on in the
 * background after a failure, so what was half written can be removed.
 */
export async function allOf(promises: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises)
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

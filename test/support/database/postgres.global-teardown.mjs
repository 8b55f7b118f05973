/** Stops the cluster of the global setup. */
export default async function tearDown() {
  await globalThis.latchkeyPostgres?.stop();
}

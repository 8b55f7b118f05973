/** Jest's global teardown: closes Chromium. */
export default async function tearDown() {
  await globalThis.chromiumServer?.close();
}

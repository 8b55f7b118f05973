// Start of a server on a new SQLite database, until it is ready.
import { processorSeconds } from './measure.mjs';

export function subjectsOf(servers) {
  const measure = async () => {
    const start = performance.now();
    const server = await servers.start();
    const ready = performance.now() - start;
    const processor = processorSeconds(server.child) * 1_000;
    await servers.stop(server);
    return { 'ready after ms': ready, 'ms of processor': processor };
  };
  return [{ name: 'start', measure }];
}

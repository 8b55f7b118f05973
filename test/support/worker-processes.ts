import { type VerifierListDto } from '@latchkey/auth-models';
import { type Headers } from './api-client.js';
import { type ServerProcess } from './server-process.js';
import { waitUntil } from './wait-until.js';

/** Pause between requests that use processor time of the workers. */
export const SLOWLY = { pauseMilliseconds: 50 };

/** Sends a request on a connection of its own, so that the workers take turns. */
export const requestAlone = ({ client }: ServerProcess, path: string, headers: Headers = {}) =>
  client.request<string>('GET', path, { headers: { ...headers, connection: 'close' } });

/**
 * Returns the process ids of both workers, once the worker that responds lists both.
 *
 * @param without process id of a worker that was killed and may still be listed
 */
export async function bothWorkers(
  { client }: ServerProcess,
  headers: Headers,
  without?: number,
): Promise<number[]> {
  const list = async () => {
    const { body } = await client.request<VerifierListDto>('GET', '/verifiers', { headers });
    return body.replicas.map(({ name }) => Number(name.split(':').at(-1))).filter((pid) => pid !== without);
  };
  return waitUntil(list, (pids) => pids.length === 2, SLOWLY);
}

/** Whether a process runs. */
export const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

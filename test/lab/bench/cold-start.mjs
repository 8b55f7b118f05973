// Time from start to ready, processor time and memory.
import autocannon from 'autocannon';
import { setTimeout as pause } from 'node:timers/promises';
import { processorSeconds, residentMebibytes } from './process-usage.mjs';
import { inRounds, spread } from './rounds.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const IDLE_MILLISECONDS = 2_000;

/** Returns one row. */
export async function measureStart({ rounds }) {
  const [results] = await inRounds([null], rounds, measure);
  const middle = (name) => spread(results.map((result) => result[name])).median;
  return [
    {
      subject: 'a new database on SQLite',
      'ready after ms': middle('ready'),
      'processor ms': middle('processor'),
      'MiB idle': middle('idle'),
      'MiB after 100,000 verifications': middle('loaded'),
    },
  ];
}

async function measure() {
  const start = performance.now();
  const server = await startLatchkey();
  try {
    const ready = Math.round(performance.now() - start);
    const { own, system } = processorSeconds(server.child);
    await pause(IDLE_MILLISECONDS);
    const idle = residentMebibytes(server.child);
    const headers = { 'X-Auth-Token': await logIn(server.url) };
    await autocannon({ url: `${server.url}/auth/verify`, headers, connections: 50, amount: 100_000 });
    const loaded = residentMebibytes(server.child);
    return { ready, processor: Math.round((own + system) * 1_000), idle, loaded };
  } finally {
    await stop(server);
  }
}

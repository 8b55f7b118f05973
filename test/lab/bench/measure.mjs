// Figures of a process and its children. Linux only.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK']));
const CONNECTIONS = 50;
const SECONDS = 4;

/**
 * Sends requests for a few seconds. Returns their rate, their latency, and their cost for the server.
 *
 * @param {import('node:child_process').ChildProcess} child the server
 * @param {import('autocannon').Options} request
 */
export async function load(child, request) {
  const before = processorSeconds(child);
  const {
    requests,
    latency,
    duration,
    '2xx': successes,
  } = await autocannon({
    connections: CONNECTIONS,
    duration: SECONDS,
    ...request,
  });
  if (successes === 0) {
    throw new Error(`${request.url}: no response was 2xx`);
  }
  return {
    'per second': successes / duration,
    'µs of processor': ((processorSeconds(child) - before) * 1e6) / successes,
    'p50 ms': latency.p50,
    'p99 ms': latency.p99,
    MiB: residentMebibytes(child),
    ...(requests.total > successes && { 'not 2xx': requests.total - successes }),
  };
}

/** Returns the processor time of a process and its children in seconds. */
export function processorSeconds(child) {
  return sum(child, (pid) => {
    // The process name is in parentheses and may contain spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  });
}

/** Returns the resident memory of a process and its children in MiB. */
export function residentMebibytes(child) {
  return sum(child, (pid) => {
    const [, kibibytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(kibibytes) / 1024;
  });
}

/** Waits and returns the memory, and the milliseconds of processor time per second. */
export async function idleUsage(child, seconds) {
  const before = processorSeconds(child);
  await pause(seconds * 1_000);
  const used = processorSeconds(child) - before;
  return { MiB: residentMebibytes(child), 'processor ms/s': (1_000 * used) / seconds };
}

function sum({ pid }, figureOf) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
  return [pid, ...children].map(figureOf).reduce((total, figure) => total + figure, 0);
}

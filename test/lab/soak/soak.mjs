// Runs half of the peak load for SOAK_MINUTES (30). Exits with 1 if memory, descriptors, the write-ahead log or rows grow without
// bound. Caches still fill in the first minutes, so short runs do not show a memory leak.
import { setTimeout as pause } from 'node:timers/promises';
import { logIns as measureLogIns } from '../bench/login.mjs';
import { CREDENTIALS, startLatchkey, stop } from '../bench/server.mjs';
import { sample } from './samples.mjs';
import { judge, SESSION_SECONDS } from './verdict.mjs';
import { Visits } from './visits.mjs';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 30);
const WARM_MINUTE = Math.min(5, MINUTES / 4);
const SAMPLE_MILLISECONDS = 10_000;
const CALIBRATION_SECONDS = 5;
const MINUTE_MILLISECONDS = 60_000;

const server = await startLatchkey({
  LATCHKEY_SESSION_IDLE_SECONDS: String(SESSION_SECONDS),
  LATCHKEY_SESSION_MAX_SECONDS: String(SESSION_SECONDS),
});
try {
  const peak = await measureLogIns(server, CALIBRATION_SECONDS);
  const aSecond = peak / 2;
  console.log(
    `Peak: ${peak.toFixed(1)} logins a second. Running ${aSecond.toFixed(1)} for ${MINUTES} minutes.`,
  );

  // Includes the logins of the calibration.
  const { sessions: before } = sample(server);
  const visits = new Visits(server.url, CREDENTIALS);
  const start = performance.now();
  const end = start + MINUTES * MINUTE_MILLISECONDS;
  const samples = [];
  const load = visits.untilTime(end, aSecond);
  while (performance.now() < end) {
    await pause(Math.min(SAMPLE_MILLISECONDS, end - performance.now()));
    const minute = (performance.now() - start) / MINUTE_MILLISECONDS;
    const latest = { minute, ...sample(server), logIns: before + visits.logIns };
    if (Math.floor(minute) > Math.floor(samples.at(-1)?.minute ?? 0)) {
      const { memoryMib, descriptors } = latest;
      process.stderr.write(
        `  minute ${Math.floor(minute)} of ${MINUTES}: ${memoryMib.toFixed(0)} MiB, ${descriptors} descriptors\n`,
      );
    }
    samples.push(latest);
  }
  await load;

  const oneDigit = (value) => Number(value.toFixed(1));
  console.table(
    samples.map(({ minute, memoryMib, walMib, ...counts }) => ({
      minute: oneDigit(minute),
      'memory MiB': oneDigit(memoryMib),
      'log MiB': oneDigit(walMib),
      ...counts,
    })),
  );
  const unexpected = [...visits.unexpected.values()].reduce((sum, count) => sum + count, 0);
  const verdict = judge(samples, WARM_MINUTE, unexpected);
  console.table(verdict);
  console.log(
    `${visits.logIns} logins, ${visits.logOuts} logouts; unexpected statuses: ${JSON.stringify([...visits.unexpected])}`,
  );
  process.exitCode = verdict.every(({ isMet }) => isMet) ? 0 : 1;
} finally {
  await stop(server);
}

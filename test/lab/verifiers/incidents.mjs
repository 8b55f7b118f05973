// Measures how services with verifiers behave during incidents: npm run lab -- incidents
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StallingProxy } from '../../support/stalling-proxy.mjs';
import { stop } from '../bench/server.mjs';
import { healthOf, isFresh, Lab, statusOf, stopService } from './lab.mjs';

const SECONDS = 10;
const FAKETIME = readdirSync('/usr/lib')
  .map((folder) => join('/usr/lib', folder, 'faketime', 'libfaketimeMT.so.1'))
  .find(existsSync);
if (FAKETIME === undefined) {
  throw new Error('libfaketime is not installed: apt-get install faketime');
}

const folder = mkdtempSync(join(tmpdir(), 'latchkey-incidents-'));
const clock = join(folder, 'clock');
setClock(0);
const fakeClock = {
  LD_PRELOAD: FAKETIME,
  FAKETIME_TIMESTAMP_FILE: clock,
  FAKETIME_NO_CACHE: '1',
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
};

let violations = 0;
const lab = await Lab.start();
const proxy = await StallingProxy.open(lab.replicas[0].url);

const service = await lab.startService('express', proxy.url);
await incident(`all connections to Latchkey are cut once`, service, () => {
  proxy.cut();
  proxy.resume();
});
await incident(`the link to Latchkey is silent for ${SECONDS} s`, service, async () => {
  proxy.stall();
  await pause(SECONDS * 1_000);
  proxy.resume();
});
await incident(`the replica is killed, and another one starts after ${SECONDS} s`, service, async () => {
  proxy.cut();
  await replaceFirst(() => pause(SECONDS * 1_000), 'SIGKILL');
});
await incident('the replica is replaced: a new one starts, then the old one stops', service, () =>
  replaceFirst(() => undefined, 'SIGTERM'),
);
await stopService(service);

const shifted = await lab.startService('express', lab.replicas[0].url, fakeClock);
await incident('the clock of the service is set back by two hours', shifted, () => setClock(-7_200));
await incident('the clock of the service is set forward by two hours', shifted, () => setClock(0));
await stopService(shifted);

const late = await lab.startReplica(fakeClock);
lab.replicas.push(late);
const behindLate = await lab.startService('express', late.url);
await incident('the clock of the replica is set back by two hours', behindLate, () => setClock(-7_200), late);
await stopService(behindLate);
lab.replicas.splice(lab.replicas.indexOf(late), 1);
await stop(late);

await lab.stop();
rmSync(folder, { recursive: true });
process.exit(violations === 0 ? 0 : 1);

/** Replaces the first replica. With SIGKILL, the old one ends before the new one starts. */
async function replaceFirst(wait, signal) {
  const [old, ...others] = lab.replicas;
  if (signal === 'SIGKILL') {
    old.child.kill(signal);
  }
  await wait();
  const next = await lab.startReplica();
  lab.replicas = [next, ...others];
  proxy.switchTo(next.url);
  proxy.resume();
  if (signal === 'SIGTERM') {
    await stop(old);
  }
}

/** Runs an incident while a service is under load. Revokes a token during it. */
async function incident(name, service, happen, replica = lab.replicas[1]) {
  const [kept, revoked] = [await lab.createToken([], replica), await lab.createToken([], replica)];
  const before = await healthOf(service);
  const statuses = { kept: {}, revoked: {} };
  let isOver = false;
  let slowest = 0;
  let lastAcceptedAt = 0;
  let staleAt;
  const clients = Object.entries({ kept, revoked }).map(async ([kind, token]) => {
    while (!isOver) {
      const startedAt = performance.now();
      const status = await statusOf(service, token).catch(() => 'failed');
      slowest = Math.max(slowest, performance.now() - startedAt);
      statuses[kind][status] = (statuses[kind][status] ?? 0) + 1;
      if (kind === 'revoked' && status === 200) {
        lastAcceptedAt = startedAt;
      }
      await pause(10);
    }
  });
  await pause(1_000);
  const watching = (async () => {
    while (!isOver) {
      staleAt ??= (await isFresh(service)) ? undefined : performance.now();
      await pause(10);
    }
  })();

  const startedAt = performance.now();
  const happening = Promise.resolve(happen());
  await pause(SECONDS * 100);
  const revokedAt = performance.now();
  const effectiveAt = (await lab.revoke(revoked, replica)) - performance.timeOrigin;
  await happening;
  const happenedAt = performance.now();
  while (!(await isFresh(service)) || (await statusOf(service, revoked).catch(() => 'failed')) !== 401) {
    await pause(10);
  }
  const freshAt = performance.now();
  isOver = true;
  await Promise.all([...clients, watching]);

  violations += Number(lastAcceptedAt > effectiveAt);
  const after = await healthOf(service);
  console.log(`\n${name}`);
  console.log(`  valid token:   ${text(statuses.kept)}; slowest response ${Math.round(slowest)} ms`);
  console.log(
    `  revoked token: ${text(statuses.revoked)}; last accepted ${since(revokedAt, lastAcceptedAt)}`,
  );
  console.log(`  in effect ${since(revokedAt, effectiveAt)} after the revocation`);
  console.log(
    `  memory stopped answering ${staleAt === undefined ? 'never' : since(startedAt, staleAt)}` +
      `, and answers again ${since(happenedAt, freshAt)} after the end; asked ${after.asked - before.asked}`,
  );
}

function text(statuses) {
  return Object.entries(statuses)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
}

function since(start, end) {
  return end < start ? 'before' : `${Math.round(end - start)} ms`;
}

/** Sets the clock of processes under libfaketime, which exits if it reads a partial file. */
function setClock(seconds) {
  writeFileSync(`${clock}.next`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  renameSync(`${clock}.next`, clock);
}

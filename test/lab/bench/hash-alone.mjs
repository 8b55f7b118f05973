// Upper bound for logins: the hash library alone, with the server's concurrency. Prints hashes per second, and processor time
// for each in milliseconds.
import { availableParallelism } from 'node:os';
import { Algorithm, hash, verify } from '@node-rs/argon2';

const until = performance.now() + Number(process.argv[2]) * 1_000;
const stored = await hash('only for this benchmark', {
  algorithm: Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
});
let count = 0;
const start = performance.now();
const before = process.cpuUsage();
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    while (performance.now() < until) {
      await verify(stored, 'only for this benchmark');
      count += 1;
    }
  }),
);
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  JSON.stringify({
    rate: (count * 1_000) / (performance.now() - start),
    processor: (user + system) / 1_000 / count,
  }),
);

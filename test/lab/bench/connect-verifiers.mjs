// Connects verifiers until the parent process sends a message: connect-verifiers.mjs URL TOKEN COUNT
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { importVerifier } from '../../support/build-example.mjs';

const [url, token, count] = process.argv.slice(2);
const { createVerifier } = await importVerifier();

const verifiers = [];
while (verifiers.length < Number(count)) {
  verifiers.push(createVerifier({ url, token, name: `service-${verifiers.length}`, timeout: 30_000 }));
  // Like services that start one after the other.
  await pause(5);
}
while (!verifiers.every((verifier) => verifier.status().fresh)) {
  await pause(50);
}
process.send('fresh');
await once(process, 'message');
await Promise.all(verifiers.map((verifier) => verifier.close()));
process.exit();

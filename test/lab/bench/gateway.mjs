// GET /auth/verify of `latchkey verifier`, compared with the server, both beside the gateway and 150 ms away.
import { setTimeout as pause } from 'node:timers/promises';
import { StallingProxy } from '../../support/stalling-proxy.mjs';
import { load } from './measure.mjs';
import { logIn, send } from './server.mjs';

const ROUND_TRIP = 150;
const REVOCATIONS = 40;

export async function subjectsOf(servers) {
  const server = await servers.start();
  const admin = await logIn(server.url);
  const far = await StallingProxy.open(server.url);
  far.slow(ROUND_TRIP / 2);
  const { token: own } = await send(server.url, admin, 'POST', '/me/tokens', {
    permissions: ['tokens:introspect'],
  });
  const near = await servers.startVerifier(server.url, own);
  const beside = await servers.startVerifier(far.url, own);
  const verify = (name, { child }, url, comparedWith) => ({
    name,
    comparedWith,
    measure: () => load(child, { url: `${url}/auth/verify`, headers: { 'X-Auth-Token': admin } }),
  });
  const first = verify('server', server, server.url);
  return [
    first,
    verify('latchkey verifier', near, near.url, first),
    verify(`server, ${ROUND_TRIP} ms away`, server, far.url, first),
    verify(`latchkey verifier, server ${ROUND_TRIP} ms away`, beside, beside.url, first),
    {
      name: `revocation to rejection, server ${ROUND_TRIP} ms away`,
      measure: () => revoke(server.url, beside.url, admin),
    },
  ];
}

/** Revokes tokens at the server, and measures the time until the verifier rejects each. */
async function revoke(url, verifierUrl, admin) {
  const verify = async (token) => {
    const { status } = await fetch(`${verifierUrl}/auth/verify`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    return status;
  };
  const milliseconds = [];
  for (let index = 0; index < REVOCATIONS; index += 1) {
    const { id, token } = await send(url, admin, 'POST', '/me/tokens', {});
    while ((await verify(token)) !== 200) {
      await pause(1);
    }
    await send(url, admin, 'DELETE', `/tokens/${id}`);
    const revokedAt = performance.now();
    while ((await verify(token)) === 200) {
      await pause(1);
    }
    milliseconds.push(performance.now() - revokedAt);
  }
  milliseconds.sort((one, other) => one - other);
  const { cache = 0, server = 0 } = await verifications(verifierUrl);
  return {
    'p50 ms': milliseconds[Math.floor(REVOCATIONS / 2)],
    'p99 ms': milliseconds.at(-1),
    '% from memory': (100 * cache) / (cache + server),
  };
}

/** Returns the verifications of a verifier by result. */
async function verifications(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.matchAll(/^latchkey_verifications_total\{result="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...found].map(([, result, count]) => [result, Number(count)]));
}

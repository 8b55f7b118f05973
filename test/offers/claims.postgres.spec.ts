import { expect, it } from '@jest/globals';
import { ADMIN, newUser } from '../support/factories.js';
import { useReplicas } from '../support/use-replicas.js';

const replicas = useReplicas();

it('one of 20 parallel claims on two replicas gets the token', async () => {
  const servers = [await replicas.start(), await replicas.start()] as const;
  const [{ client }] = servers;
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const { name } = newUser();
  await client.createUser({ name }, asAdmin);

  for (let round = 0; round < 5; round += 1) {
    const { body } = await client.createOffer(name, asAdmin);
    const secret = body.link?.split('#')[1] ?? '';

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (servers[index % 2] ?? servers[0]).client.claim(secret)),
    );

    const codes = answers.map(({ status, body: { code } }) => (status === 201 ? 'created' : code)).sort();
    expect(codes).toEqual(['created', ...Array<string>(19).fill('offer_claimed')]);
  }
});

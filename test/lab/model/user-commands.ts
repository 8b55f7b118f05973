import { expect } from '@jest/globals';
import fc from 'fast-check';
import { type UpdateUserDto } from '@latchkey/auth-models';
import { MOSTLY, onUser } from './command.js';
import { versionIn, VERSION_FORMS } from './version-forms.js';
import { type ModelUser } from './model.js';
import { type Real } from './real.js';

const rolesOf = ({ isAuditor }: Pick<ModelUser, 'isAuditor'>) => (isAuditor ? ['auditor'] : []);

/** Compares a user with the model. */
async function expectRead(user: ModelUser, { client, asAdmin }: Real): Promise<void> {
  const { body } = await client.user(user.name, asAdmin);
  const { enabled, version, displayName } = user;

  expect({ ...body, displayName: body.displayName }).toMatchObject({
    enabled,
    version,
    displayName,
    roles: rolesOf(user),
  });
}

/** Changes of one or several properties of a user. */
const CHANGES = fc
  .record(
    { enabled: MOSTLY, isAuditor: fc.boolean(), displayName: fc.constantFrom('Anne', 'Bert') },
    { requiredKeys: [] },
  )
  .filter((change) => Object.keys(change).length > 0);

const change = fc.tuple(CHANGES, VERSION_FORMS).chain(([changes, form]) =>
  onUser(`change, with ${form}, ${JSON.stringify(changes)} of`, async (user, _model, real) => {
    const { body: versionMember, headers, rejection } = versionIn(form, user.version);
    const { isAuditor, ...facts } = changes;
    const patch: UpdateUserDto = {
      ...facts,
      ...(isAuditor !== undefined && { roles: rolesOf({ isAuditor }) }),
      ...versionMember,
    };
    const isChange = Object.entries(changes).some(([fact, value]) => user[fact as keyof ModelUser] !== value);
    const { status, body } = await real.client.updateUser(user.name, patch, { ...real.asAdmin, ...headers });

    expect(status).toBe(rejection ?? 200);
    if (status === 200) {
      Object.assign(user, changes, { version: user.version + (isChange ? 1 : 0) });
      expect(body.version).toBe(user.version);
    }
    await expectRead(user, real);
  }),
);

const bulk = fc
  .constantFrom('enable', 'enable', 'disable', 'addRole', 'addRole', 'removeRole')
  .chain((action) =>
    onUser(`${action} in bulk`, async (user, _model, real) => {
      const role = action.endsWith('Role') ? { role: 'auditor' } : {};
      const { body } = await real.client.bulkUsers({ action, ids: [user.name], ...role }, real.asAdmin);

      const changes = {
        ...{ enable: { enabled: true }, disable: { enabled: false } }[action as string],
        ...{ addRole: { isAuditor: true }, removeRole: { isAuditor: false } }[action as string],
      };
      const isChange = Object.entries(changes).some(
        ([fact, value]) => user[fact as keyof ModelUser] !== value,
      );
      expect(body.results?.[0]?.status).toBe(200);
      Object.assign(user, changes, { version: user.version + (isChange ? 1 : 0) });
      await expectRead(user, real);
    }),
  );

const resetPassword = onUser('reset the password of', async (user, model, { client, asAdmin }) => {
  const password = `${user.password}.`;
  const { status } = await client.resetPassword(user.name, { password }, asAdmin);

  expect(status).toBe(204);
  user.password = password;
  model.revokeTokensOf(user);
});

const recreate = onUser('delete and recreate', async (user, model, real) => {
  const { client, asAdmin } = real;
  const { name, password } = user;
  const deleted = await client.deleteUser(name, asAdmin);
  const created = await client.createUser({ name, password, roles: [] }, asAdmin);

  expect([deleted.status, created.status]).toEqual([204, 201]);
  model.tokens = model.tokens.filter(({ owner }) => owner !== user);
  Object.assign(user, { enabled: true, isAuditor: false, displayName: undefined, version: 0 });
  await expectRead(user, real);
});

/** Actions on users. */
export const USER_COMMANDS = [
  { weight: 6, arbitrary: change },
  { weight: 2, arbitrary: bulk },
  { weight: 1, arbitrary: resetPassword },
  { weight: 1, arbitrary: recreate },
];

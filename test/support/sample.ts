import { type UserTokenDto } from '@latchkey/auth-models';
import { type ApiClient, type Headers } from './api-client.js';
import { newUser } from './factories.js';

/** Makes one of each, for pages to show: the role `helpers`, the user `sample`, and their token, which it returns. */
export async function makeSample(client: ApiClient, headers: Headers): Promise<UserTokenDto> {
  await client.createRole({ name: 'helpers', permissions: ['users:read'] }, headers);
  await client.createUser(newUser({ name: 'sample', roles: ['user'] }), headers);
  return (await client.createUserToken('sample', headers, { note: 'nightly backup' })).body;
}

import { type ApiClient, type Headers } from './api-client.js';
import { newUser } from './factories.js';

/** Makes people whom a story of the console may change, and an auditor whose name is reader. */
export async function makePeople(names: readonly string[], api: ApiClient, asAdmin: Headers): Promise<void> {
  for (const name of names) {
    await api.createUser(newUser({ name, roles: ['user'] }), asAdmin);
  }
  await api.createUser(newUser({ name: 'reader', roles: ['auditor'] }), asAdmin);
}

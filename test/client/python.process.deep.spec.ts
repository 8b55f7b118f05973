import { expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { newUser, PASSWORD } from '../support/factories.js';
import { describeIfInstalled, PYTHON_MISSING, runPython } from '../support/external-programs.js';
import { useAdmin, useServer } from '../support/use-server.js';

describeIfInstalled(PYTHON_MISSING, 'libs/python', () => {
  const server = useServer();
  const asAdmin = useAdmin(server);

  it('passes its own tests, among them the conformance vectors', async () => {
    const output = await runPython(['-m', 'pytest', '-q', 'libs/python']);

    expect(output).toMatch(/^\d{3,} passed in /m);
  });

  /** Runs code with a client of the server, and a user. Returns the JSON that it prints. */
  async function withClient<Result>(code: string): Promise<Result> {
    const { name } = newUser();
    await server.client.createUser(newUser({ name }), asAdmin);
    const program = `
import asyncio, json, threading
from latchkey import LatchkeyClient, LatchkeyError, TokenCredentials
client = LatchkeyClient(${JSON.stringify(server.client.baseUrl)})
name, password = ${JSON.stringify([name, PASSWORD])}
${code}`;
    return JSON.parse(await runPython(['-c', program])) as Result;
  }

  it('logs in, bumps a stored session, and logs out', async () => {
    const code = `
session = client.log_in(name, password)
client.credentials = client.credentials
headers = client.headers()
[thread.join() for thread in threading.enumerate() if thread.name == "latchkey-bump"]
tokens = client.send("GET", "/me/tokens")["items"]
client.log_out()
try:
    LatchkeyClient(${JSON.stringify(server.client.baseUrl)}).send("GET", "/me")
except LatchkeyError as error:
    code = error.code
print(json.dumps([session, tokens, headers, client.credentials, code]))`;
    const [session, [token], headers, credentials, error] =
      await withClient<[UserTokenDto, UserTokenDto[], Record<string, string>, null, string]>(code);

    expect(token?.id).toBe(session.id);
    expect(Date.parse(token?.idleExpirationTime ?? '')).toBeGreaterThan(
      Date.parse(session.idleExpirationTime ?? ''),
    );
    expect([credentials, error]).toEqual([null, 'unauthenticated']);
    const { status, headers: fields } = await server.client.request('GET', '/me', { headers });
    expect([status, fields.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('error="token_revoked"'),
    ]);
  });

  it('rotates an API token, and uses the new secret once it is stored', async () => {
    const code = `
client.log_in(name, password)
token = client.send("POST", "/me/tokens", {})
script = LatchkeyClient(${JSON.stringify(server.client.baseUrl)}, credentials=TokenCredentials(token["token"]))
stored = []
asyncio.run(script.rotate_async(lambda credentials: stored.append(credentials.token)))
print(json.dumps([token["token"], stored, script.headers(), script.send("GET", "/me")["name"] == name]))`;
    const [old, stored, headers, isUsed] = await withClient<[string, string[], object, boolean]>(code);

    expect([stored.length, stored[0] === old, headers, isUsed]).toEqual([
      1,
      false,
      { Authorization: `Bearer ${stored[0]}` },
      true,
    ]);
  });

  it('logs in and out with asyncio, and raises the error of the server', async () => {
    const code = `
async def main():
    try:
        await client.log_in_async(name, "wrong")
    except LatchkeyError as error:
        rejected = [error.code, error.status, error.trace_id is not None]
    await client.log_in_async(name, password, permissions=[])
    me = await client.send_async("GET", "/me")
    await client.log_out_async()
    return [rejected, me["name"] == name, me["permissions"], client.credentials]
print(json.dumps(asyncio.run(main())))`;

    expect(await withClient(code)).toEqual([['unauthenticated', 401, true], true, [], null]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExplanationDto, type ExplanationListDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { Installation } from '../support/installation.js';
import { responseOnPage, withPlaceholders } from '../support/docs/response-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

let installation: Installation;
let page: CommandsOnPage;

/** A rejected request with a token of the administrator. */
beforeAll(async () => {
  installation = await Installation.open();
  const client = await installation.running();
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const { body: token } = await client.createMyToken(asAdmin, {});
  await client.revokeToken(token.id, asAdmin);
  const { headers } = await client.verify(tokenHeader(token));
  page = new CommandsOnPage(
    'guides/explain-a-rejection.md',
    {
      ...(installation.environment as Record<string, string>),
      TRACE_ID: headers.get('x-request-id') ?? '',
      TOKEN: asAdmin['X-Auth-Token'] ?? '',
      ID: token.id,
    },
    { 'http://127.0.0.1:3000': client.baseUrl },
  );
});

afterAll(() => installation.close());

describe('docs/guides/explain-a-rejection.md', () => {
  it('explains a request on the command line and with curl', async () => {
    expect(await page.run('latchkey explain')).toContain('failed   revocation: The token was revoked');
    const shown = await page.run('/explanations/$TRACE_ID');
    const answer = JSON.parse(shown) as ExplanationDto;

    expect(answer).toMatchObject({ cause: 'token_revoked', remedy: { kind: 'issue_token' } });
    expect(withPlaceholders(shown)).toMatch(
      responseOnPage('guides/explain-a-rejection.md', '/explanations/$TRACE_ID'),
    );
  });

  it.each(['{}', 'tokenId'])('lists the latest rejections: %s', async (query) => {
    const { items } = JSON.parse(await page.run(query)) as ExplanationListDto;

    expect(items).toMatchObject([{ cause: 'token_revoked' }]);
  });

  it('has no command that was not tried', () => {
    expect(page.notRun).toEqual([]);
  });
});

import { tokenQuery, traceIdIn } from './pasted-text';

describe('traceIdIn', () => {
  it.each([
    ['an id', ' 7f1c-a \n'],
    ['an error', '{"code":"token_disabled","traceId":"7f1c-a","status":401}'],
    ['a formatted error', '{\n  "traceId": "7f1c-a"\n}'],
    ['a header', 'HTTP/1.1 401\r\nX-Request-Id: 7f1c-a\r\nContent-Length: 3'],
    ['a line of a log', 'traceId=7f1c-a code=token_disabled'],
  ])('finds the id in %s', (_name, text) => {
    expect(traceIdIn(text)).toBe('7f1c-a');
  });
});

describe('tokenQuery', () => {
  const id = '01a22637-252e-7308-bf9e-16435de500d8';
  const tokenPreview = 'latchkey_…a1B2';

  it.each([
    ['an id', id, { tokenId: id }],
    ['a preview', tokenPreview, { tokenPreview }],
    ['a preview with three dots', 'latchkey_...a1B2', { tokenPreview }],
    ['a secret, of which it keeps the preview only', `latchkey_${'0'.repeat(29)}a1B2`, { tokenPreview }],
    ['the value of X-Auth-Token', btoa(`bot:latchkey_${'0'.repeat(29)}a1B2`), { tokenPreview }],
    ['the beginning of a secret', 'latchkey_', {}],
  ])('accepts %s', (_name, text, query) => {
    expect(tokenQuery(text)).toEqual(query);
  });
});

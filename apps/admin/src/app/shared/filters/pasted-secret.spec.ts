import { pastedSecret } from './pasted-secret';

const TOKEN = 'latchkey_0123456789ABCDEFGHIJKLMNOPQRwXyZ';

describe('pastedSecret', () => {
  it.each([
    ['a token', TOKEN],
    ['a token in quotes', `"${TOKEN}"`],
    ['a header', `X-Auth-Token: ${btoa(`anna:${TOKEN}`)}`],
    ['the URL-safe alphabet', btoa(`änna:${TOKEN}`).replaceAll('+', '-').replaceAll('/', '_')],
  ])('knows %s by its last four characters', (_case, text) => {
    expect(pastedSecret(text)).toEqual({ lastFour: 'wXyZ', preview: 'latchkey_…wXyZ' });
  });

  it('keeps another prefix in the preview', () => {
    expect(pastedSecret(`acmecorp_0${TOKEN.slice(9)}`)?.preview).toBe('acmecorp_…wXyZ');
  });

  it('does not search for the beginning of a token', () => {
    expect(pastedSecret('latchkey_ab')).toEqual({ lastFour: null, preview: null });
  });

  it.each([
    '',
    'wXyZ',
    'latchkey_…wXyZ',
    'latchkey_...wXyZ',
    ' acmecorp_…wX',
    'a longer note about the deployment',
    'AAAAAAAAAAAAAAAAAAAAAAAA',
  ])('finds none in “%s”', (text) => {
    expect(pastedSecret(text)).toBeNull();
  });
});

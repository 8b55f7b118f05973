import { credential } from './credential';

describe('credential', () => {
  it('encodes the UTF-8 bytes of user and secret', () => {
    const encoded = credential('田中.müller', 'lk_abc');

    expect(Buffer.from(encoded, 'base64').toString('utf8')).toBe('田中.müller:lk_abc');
  });
});

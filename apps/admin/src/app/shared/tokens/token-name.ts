import type { UserTokenDto } from '@latchkey/auth-models';
import { browserName, isBrowser } from '../../core/browser-name';
import type { Texts } from '../../core/texts/texts';

/** What a token's name is told by. */
type Named = Pick<UserTokenDto, 'kind' | 'note' | 'tokenPreview'>;

/** A word or two that people know a token by: its note, or else its last characters. */
export function tokenName(token: Named, texts: Texts): string {
  return tokenNote(token, texts) ?? token.tokenPreview;
}

/** What a token is for, if that is known: of a session that a browser began, the browser in words and not as it names itself. */
export function tokenNote({ kind, note }: Pick<Named, 'kind' | 'note'>, texts: Texts): string | null {
  return (kind === 'session' && note && isBrowser(note) ? browserName(note, texts) : note) || null;
}

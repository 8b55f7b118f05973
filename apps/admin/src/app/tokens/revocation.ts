import type { UserTokenDto } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';
import type { Question } from '../shared/confirm';

/** The question before a token is revoked: what will happen, and to whom. */
export function revocation(token: UserTokenDto, isOwn: boolean, { tokens }: Texts): Question {
  const { heading, ownSession, session, api, name, signOut, revoke } = tokens.revocation;
  const consequence = isOwn ? ownSession : token.kind === 'session' ? session : api;
  return {
    heading: isOwn ? heading.own : token.kind === 'session' ? heading.session : heading.api,
    consequences: [name(token.note ?? token.tokenPreview), consequence],
    action: isOwn ? signOut : revoke,
  };
}

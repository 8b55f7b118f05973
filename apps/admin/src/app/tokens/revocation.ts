import type { UserTokenDto } from '@latchkey/auth-models';
import { MESSAGES } from '../core/messages';
import type { Question } from '../shared/confirm';

/** The question before a token is revoked: what will happen, and to whom. */
export function revocation(token: UserTokenDto, isOwn: boolean): Question {
  const { heading, ownSession, session, api, name } = MESSAGES.revocation;
  const consequence = isOwn ? ownSession : token.kind === 'session' ? session : api;
  return {
    heading: isOwn ? heading.own : token.kind === 'session' ? heading.session : heading.api,
    consequences: [name(token.note ?? token.tokenPreview), consequence],
    action: isOwn ? MESSAGES.revocation.signOut : MESSAGES.revocation.revoke,
  };
}

import { type UserTokenDto } from '@latchkey/auth-models';
import { type Representation } from '../../http/negotiation/representations.js';

/** Response with a new secret as the `X-Auth-Token` value, for shell scripts. */
export const TOKEN_AS_TEXT: Representation = {
  mediaType: 'text/plain',
  contentType: 'text/plain; charset=utf-8',
  problemContentType: 'application/problem+json; charset=utf-8',
  encode: (json) => {
    const { user, token } = JSON.parse(json) as UserTokenDto;
    return Buffer.from(`${user}:${token}`).toString('base64');
  },
};

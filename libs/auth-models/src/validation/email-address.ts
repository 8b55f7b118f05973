import { EMAIL_MAX_LENGTH } from '../limits.js';

/** A dot-string of RFC 5321. Quoted local parts, comments and letters outside ASCII break mail servers. */
const LOCAL_PART = /^(?=.{1,64}$)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;

const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}-]{0,61}[\\p{L}\\p{N}\\p{M}])?';
/** Two labels or more, the last of which is not a number: addresses of hosts are not domains. */
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+(?!\\d+$)(?=..)${LABEL}$`, 'u');

/**
 * Whether a text is one plain e-mail address, such as `anna@example.org`: no name before it, no list, and
 * nothing that could become another header field or recipient.
 */
export function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  return (
    text.length <= EMAIL_MAX_LENGTH && LOCAL_PART.test(text.slice(0, at)) && DOMAIN.test(text.slice(at + 1))
  );
}

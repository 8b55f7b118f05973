/** Default prefix of tokens. A server can be configured to use another. */
export const TOKEN_PREFIX_DEFAULT = 'latchkey_';

/** Form of a prefix. The stored preview contains the prefix, so its length is limited. */
export const TOKEN_PREFIX_PATTERN = /^[A-Za-z][A-Za-z0-9_]{4,9}_$/;

/**
 * Matches a token with any prefix, also within a longer text. After the prefix come 27 random digits and a
 * checksum of six.
 */
export const TOKEN_PATTERN = /[A-Za-z][A-Za-z0-9_]{4,9}_[0-9A-Za-z]{33}/;

/** Pattern of the name of a token template. */
export const TEMPLATE_NAME_PATTERN = /^[a-z][a-z0-9-]{0,63}$/;

/** Message about a text that does not match {@link TEMPLATE_NAME_PATTERN}. */
export const TEMPLATE_NAME_MESSAGE =
  'a template name has up to 64 lower-case letters, digits and hyphens, and starts with a letter';

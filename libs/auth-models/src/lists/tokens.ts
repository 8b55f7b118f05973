/** Default prefix of tokens. A server can be configured to use another. */
export const TOKEN_PREFIX_DEFAULT = 'latchkey_';

/** Form of a prefix. It is part of the stored preview, which limits its length. */
export const TOKEN_PREFIX_PATTERN = /^[A-Za-z][A-Za-z0-9_]{4,9}_$/;

/** Matches a token with any prefix, also inside of a text. 27 random digits and a checksum of six follow the prefix. */
export const TOKEN_PATTERN = /[A-Za-z][A-Za-z0-9_]{4,9}_[0-9A-Za-z]{33}/;

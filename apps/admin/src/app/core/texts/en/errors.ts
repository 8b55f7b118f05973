import {
  DISPLAY_NAME_MAX_LENGTH,
  ERROR_CODES,
  EMAIL_MAX_LENGTH,
  NOTE_MAX_LENGTH,
  PASSWORD_MAX_LENGTH,
  ROLE_DESCRIPTION_MAX_LENGTH,
  ROLE_NAME_MAX_LENGTH,
  USER_NAME_MAX_LENGTH,
  type ErrorCode,
} from '@latchkey/auth-models/lists';

export const problems = {
  noResponse: 'The server cannot be reached. Check your connection and try again.',
  unexpected: 'An error occurred in the console. Reload the page and try again.',
  unknownResponse: (status: number) =>
    `The response did not come from Latchkey (status ${status}). Check the proxies in front of it.`,
  headings: {
    forbidden: 'Permission required',
    offline: 'No connection',
    notFound: 'Not found',
    error: 'Loading failed',
  },
  outOfDate: 'This data may be out of date.',
  why: 'Why was this rejected?',
  /** Replaces details that the server writes for its callers. All others are shown unchanged in English. */
  codes: {
    throttled: ERROR_CODES.throttled,
    not_found: ERROR_CODES.not_found,
  } as Readonly<Partial<Record<ErrorCode, string>>>,
};

/** Validation errors by the rule or the error code, and hints. */
export const fields = {
  rules: {
    required: 'This field is required.',
    missing: 'This field is required.',
    mismatch: 'The passwords do not match.',
    isUserName: `Use 1 to ${USER_NAME_MAX_LENGTH} letters or digits of one script; after the first also . _ - @ +. “me” and “bulk” are reserved.`,
    hasAllowedCharacters:
      'Use standard letters. One of these characters is not allowed in names because it can look like another letter.',
    isEmail: 'Enter a complete e-mail address.',
    isPassword: `Use at most ${PASSWORD_MAX_LENGTH} characters, without control characters.`,
    isInstant: 'Enter a date and time.',
    isSingleLine: 'Use a single line without control or invisible characters.',
    current_password_wrong: 'The current password is wrong.',
    password_too_common:
      'Attackers try this password, or one like it, first. Use several words that have nothing to do with each other.',
    password_too_predictable:
      'Names, repetitions and sequences are easy to guess. Use several words that have nothing to do with each other or with the user.',
    'displayName.maxLength': `Use at most ${DISPLAY_NAME_MAX_LENGTH} characters.`,
    'email.maxLength': `Use at most ${EMAIL_MAX_LENGTH} characters.`,
    'name.matches': `Use up to ${ROLE_NAME_MAX_LENGTH} lower-case letters, digits and hyphens, starting with a letter.`,
    isNetwork: 'Enter IPv4 or IPv6 addresses and networks, such as 192.0.2.7 or 2001:db8::/32.',
    isMetadata: 'Enter a JSON object of at most 2 KiB.',
    arrayUnique: 'This name is already in the list.',
    reserved_name: 'Latchkey uses this name itself. Choose another one.',
    'description.maxLength': `Use at most ${ROLE_DESCRIPTION_MAX_LENGTH} characters.`,
    'note.maxLength': `Use at most ${NOTE_MAX_LENGTH} characters.`,
  } as Readonly<Record<string, string>>,
  hostBits: (network: string) => `This is not the start of a network. Did you mean ${network}?`,
  tooShort: (minimum: number) => `Use at least ${minimum} characters.`,
  passwordHints: {
    wanted: (minimum: number) => `At least ${minimum} characters. Several words work well.`,
    soFar: (length: number) => `${length} so far.`,
  },
};

import { PASSWORD_MAX_LENGTH, type ErrorCode } from '@latchkey/auth-models/lists';

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
    // As in ERROR_CODES, whose other sentences would be a part of every first load.
    throttled: 'Too many attempts. Wait and try again.',
    not_found: 'The resource does not exist, or you are not allowed to see it.',
    step_up_required: 'You did not confirm that it is you. Nothing was changed.',
    enrolment_required: 'Your account requires a second factor. Add one in My account.',
  } as Readonly<Partial<Record<ErrorCode, string>>>,
};

/** Validation errors by the rule or the error code, and hints. */
export const fields = {
  rules: {
    required: 'This field is required.',
    missing: 'This field is required.',
    mismatch: 'The passwords do not match.',
    isPassword: `Use at most ${PASSWORD_MAX_LENGTH} characters, without control characters.`,
    current_password_wrong: 'The current password is wrong.',
    password_too_common:
      'Attackers try this password, or one like it, first. Use several words that have nothing to do with each other.',
    password_too_predictable:
      'Names, repetitions and sequences are easy to guess. Use several words that have nothing to do with each other or with the user.',
  } as Readonly<Record<string, string>>,
  hostBits: (network: string) => `This is not the start of a network. Did you mean ${network}?`,
  tooShort: (minimum: number) => `Use at least ${minimum} characters.`,
  passwordHints: {
    wanted: (minimum: number) => `At least ${minimum} characters. Several words work well.`,
    soFar: (length: number) => `${length} so far.`,
  },
};

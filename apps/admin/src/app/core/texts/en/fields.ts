import {
  DISPLAY_NAME_MAX_LENGTH,
  EMAIL_MAX_LENGTH,
  NOTE_MAX_LENGTH,
  PASSWORD_ABSOLUTE_MIN_LENGTH,
  PASSWORD_MAX_LENGTH,
  ROLE_DESCRIPTION_MAX_LENGTH,
  ROLE_NAME_MAX_LENGTH,
  USER_NAME_MAX_LENGTH,
} from '@latchkey/auth-models';

/** What is wrong with a field, by the rule that it breaks or by the code that the server names. */
export const fields = {
  rules: {
    required: 'This is needed.',
    missing: 'This is needed.',
    mismatch: 'The two passwords differ.',
    isUserName: `1 to ${USER_NAME_MAX_LENGTH} letters or digits of one script, also . _ - @ + after the first. “me” and “bulk” are taken by the server.`,
    isEmail: 'This is not a complete e-mail address.',
    isPassword: `${PASSWORD_ABSOLUTE_MIN_LENGTH} to ${PASSWORD_MAX_LENGTH} characters, without control characters.`,
    isInstant: 'This is not a date and time.',
    isSingleLine: 'Only one line, without control or invisible characters.',
    current_password_wrong: 'This is not your current password.',
    password_too_common:
      'This is among the first passwords that attackers try, or close to one. Choose a few words that have nothing to do with each other.',
    password_too_predictable:
      'Names, repetitions and sequences are easily guessed. Choose a few words that have nothing to do with each other or with the person.',
    'displayName.maxLength': `At most ${DISPLAY_NAME_MAX_LENGTH} characters.`,
    'email.maxLength': `At most ${EMAIL_MAX_LENGTH} characters.`,
    'name.matches': `Up to ${ROLE_NAME_MAX_LENGTH} lower-case letters, digits and hyphens, beginning with a letter.`,
    'description.maxLength': `At most ${ROLE_DESCRIPTION_MAX_LENGTH} characters.`,
    'note.maxLength': `At most ${NOTE_MAX_LENGTH} characters.`,
  } as Readonly<Record<string, string>>,
  tooShort: (minimum: number) => `At least ${minimum} characters.`,
  passwordHints: {
    wanted: (minimum: number) => `At least ${minimum} characters; a few words do well.`,
    soFar: (length: number) => `${length} so far.`,
  },
};

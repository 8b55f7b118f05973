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

import type { Texts } from '../texts';

export const fields: Texts['fields'] = {
  rules: {
    required: 'Das wird gebraucht.',
    missing: 'Das wird gebraucht.',
    mismatch: 'Die beiden Passwörter sind verschieden.',
    isUserName: `1 bis ${USER_NAME_MAX_LENGTH} Buchstaben oder Ziffern einer Schrift, nach dem ersten auch . _ - @ +. „me“ und „bulk“ braucht der Server selbst.`,
    isEmail: 'Das ist keine vollständige E-Mail-Adresse.',
    isPassword: `${PASSWORD_ABSOLUTE_MIN_LENGTH} bis ${PASSWORD_MAX_LENGTH} Zeichen, keine Steuerzeichen.`,
    isInstant: 'Das ist kein Datum mit Uhrzeit.',
    isSingleLine: 'Nur eine Zeile, ohne Steuerzeichen und unsichtbare Zeichen.',
    current_password_wrong: 'Das ist nicht Ihr jetziges Passwort.',
    password_too_common:
      'Das gehört zu den Passwörtern, die Angreifer zuerst versuchen, oder ähnelt einem davon. Nehmen Sie einige Wörter, die nichts miteinander zu tun haben.',
    password_too_predictable:
      'Namen, Wiederholungen und Folgen sind leicht zu erraten. Nehmen Sie einige Wörter, die weder miteinander noch mit der Person zu tun haben.',
    'displayName.maxLength': `Höchstens ${DISPLAY_NAME_MAX_LENGTH} Zeichen.`,
    'email.maxLength': `Höchstens ${EMAIL_MAX_LENGTH} Zeichen.`,
    'name.matches': `Höchstens ${ROLE_NAME_MAX_LENGTH} Kleinbuchstaben, Ziffern und Bindestriche, am Anfang ein Buchstabe.`,
    'description.maxLength': `Höchstens ${ROLE_DESCRIPTION_MAX_LENGTH} Zeichen.`,
    'note.maxLength': `Höchstens ${NOTE_MAX_LENGTH} Zeichen.`,
  },
  tooShort: (minimum) => `Mindestens ${minimum} Zeichen.`,
  passwordHints: {
    wanted: (minimum) => `Mindestens ${minimum} Zeichen; einige Wörter sind gut.`,
    soFar: (length) => `Bisher ${length}.`,
  },
};

import { PASSWORD_MAX_LENGTH } from '@latchkey/auth-models/lists';
import { PROBLEMS_IN_GERMAN } from '@latchkey/auth-models/texts/de';
import type { Texts } from '../texts';

export const problems: Texts['problems'] = {
  noResponse: 'Der Server ist nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es erneut.',
  unexpected:
    'In der Konsole ist ein Fehler aufgetreten. Laden Sie die Seite neu und versuchen Sie es erneut.',
  unknownResponse: (status) =>
    `Die Antwort stammt nicht von Latchkey (Status ${status}). Prüfen Sie die vorgeschalteten Proxys.`,
  headings: {
    forbidden: 'Keine Berechtigung',
    offline: 'Keine Verbindung',
    notFound: 'Nicht gefunden',
    error: 'Laden fehlgeschlagen',
  },
  outOfDate: 'Die angezeigten Daten sind möglicherweise veraltet.',
  why: 'Warum wurde das abgelehnt?',
  codes: {
    ...PROBLEMS_IN_GERMAN,
    step_up_required: 'Sie haben nicht bestätigt, dass Sie es sind. Es wurde nichts geändert.',
    enrolment_required: 'Ihr Konto erfordert einen zweiten Faktor. Fügen Sie ihn in „Mein Konto“ hinzu.',
  },
};

export const fields: Texts['fields'] = {
  rules: {
    required: 'Dieses Feld ist erforderlich.',
    missing: 'Dieses Feld ist erforderlich.',
    mismatch: 'Die Passwörter stimmen nicht überein.',
    isPassword: `Höchstens ${PASSWORD_MAX_LENGTH} Zeichen, keine Steuerzeichen.`,
    current_password_wrong: 'Das aktuelle Passwort ist falsch.',
    password_too_common:
      'Dieses oder ein ähnliches Passwort probieren Angreifer zuerst. Verwenden Sie mehrere Wörter, die nichts miteinander zu tun haben.',
    password_too_predictable:
      'Namen, Wiederholungen und Folgen sind leicht zu erraten. Verwenden Sie mehrere Wörter, die weder miteinander noch mit der Person zu tun haben.',
  },
  hostBits: (network) => `Das ist nicht der Anfang eines Netzes. Meinten Sie ${network}?`,
  tooShort: (minimum) => `Mindestens ${minimum} Zeichen.`,
  passwordHints: {
    wanted: (minimum) => `Mindestens ${minimum} Zeichen, am besten mehrere Wörter.`,
    soFar: (length) => `Bisher ${length}.`,
  },
};

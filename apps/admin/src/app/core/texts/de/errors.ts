import {
  DISPLAY_NAME_MAX_LENGTH,
  EMAIL_MAX_LENGTH,
  NOTE_MAX_LENGTH,
  PASSWORD_MAX_LENGTH,
  ROLE_DESCRIPTION_MAX_LENGTH,
  ROLE_NAME_MAX_LENGTH,
  USER_NAME_MAX_LENGTH,
} from '@latchkey/auth-models/lists';
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
  codes: PROBLEMS_IN_GERMAN,
};

export const fields: Texts['fields'] = {
  rules: {
    required: 'Dieses Feld ist erforderlich.',
    missing: 'Dieses Feld ist erforderlich.',
    mismatch: 'Die Passwörter stimmen nicht überein.',
    isUserName: `1 bis ${USER_NAME_MAX_LENGTH} Buchstaben oder Ziffern einer Schrift, nach dem ersten Zeichen auch . _ - @ +. „me“ und „bulk“ sind reserviert.`,
    hasAllowedCharacters:
      'Verwenden Sie gewöhnliche Buchstaben. Eines dieser Zeichen ist in Namen nicht zulässig, weil es mit einem anderen Buchstaben verwechselt werden kann.',
    isEmail: 'Geben Sie eine vollständige E-Mail-Adresse ein.',
    isPassword: `Höchstens ${PASSWORD_MAX_LENGTH} Zeichen, keine Steuerzeichen.`,
    isInstant: 'Geben Sie Datum und Uhrzeit ein.',
    isSingleLine: 'Nur eine Zeile, ohne Steuerzeichen und unsichtbare Zeichen.',
    current_password_wrong: 'Das aktuelle Passwort ist falsch.',
    password_too_common:
      'Dieses oder ein ähnliches Passwort probieren Angreifer zuerst. Verwenden Sie mehrere Wörter, die nichts miteinander zu tun haben.',
    password_too_predictable:
      'Namen, Wiederholungen und Folgen sind leicht zu erraten. Verwenden Sie mehrere Wörter, die weder miteinander noch mit der Person zu tun haben.',
    'displayName.maxLength': `Höchstens ${DISPLAY_NAME_MAX_LENGTH} Zeichen.`,
    'email.maxLength': `Höchstens ${EMAIL_MAX_LENGTH} Zeichen.`,
    'name.matches': `Höchstens ${ROLE_NAME_MAX_LENGTH} Kleinbuchstaben, Ziffern und Bindestriche, beginnend mit einem Buchstaben.`,
    isNetwork: 'Geben Sie IPv4- oder IPv6-Adressen und Netze ein, zum Beispiel 192.0.2.7 oder 2001:db8::/32.',
    isMetadata: 'Geben Sie ein JSON-Objekt von höchstens 2 KiB ein.',
    arrayUnique: 'Dieser Name steht schon in der Liste.',
    reserved_name: 'Diesen Namen verwendet Latchkey selbst. Wählen Sie einen anderen.',
    'description.maxLength': `Höchstens ${ROLE_DESCRIPTION_MAX_LENGTH} Zeichen.`,
    'note.maxLength': `Höchstens ${NOTE_MAX_LENGTH} Zeichen.`,
  },
  hostBits: (network) => `Das ist nicht der Anfang eines Netzes. Meinten Sie ${network}?`,
  tooShort: (minimum) => `Mindestens ${minimum} Zeichen.`,
  passwordHints: {
    wanted: (minimum) => `Mindestens ${minimum} Zeichen, am besten mehrere Wörter.`,
    soFar: (length) => `Bisher ${length}.`,
  },
};

import {
  DISPLAY_NAME_MAX_LENGTH,
  EMAIL_MAX_LENGTH,
  NOTE_MAX_LENGTH,
  ROLE_DESCRIPTION_MAX_LENGTH,
  ROLE_NAME_MAX_LENGTH,
  USER_NAME_MAX_LENGTH,
} from '@latchkey/auth-models/lists';
import type { Texts } from '../texts';

export const fieldRules: Texts['fieldRules'] = {
  isUserName: `1 bis ${USER_NAME_MAX_LENGTH} Buchstaben oder Ziffern einer Schrift, nach dem ersten Zeichen auch . _ - @ +. „me“ und „bulk“ sind reserviert.`,
  hasAllowedCharacters:
    'Verwenden Sie gewöhnliche Buchstaben. Eines dieser Zeichen ist in Namen nicht zulässig, weil es mit einem anderen Buchstaben verwechselt werden kann.',
  isEmail: 'Geben Sie eine vollständige E-Mail-Adresse ein.',
  isInstant: 'Geben Sie Datum und Uhrzeit ein.',
  isSingleLine: 'Nur eine Zeile, ohne Steuerzeichen und unsichtbare Zeichen.',
  'displayName.maxLength': `Höchstens ${DISPLAY_NAME_MAX_LENGTH} Zeichen.`,
  'email.maxLength': `Höchstens ${EMAIL_MAX_LENGTH} Zeichen.`,
  'name.matches': `Höchstens ${ROLE_NAME_MAX_LENGTH} Kleinbuchstaben, Ziffern und Bindestriche, beginnend mit einem Buchstaben.`,
  isNetwork: 'Geben Sie IPv4- oder IPv6-Adressen und Netze ein, zum Beispiel 192.0.2.7 oder 2001:db8::/32.',
  isMetadata: 'Geben Sie ein JSON-Objekt von höchstens 2 KiB ein.',
  arrayUnique: 'Dieser Name steht schon in der Liste.',
  reserved_name: 'Diesen Namen verwendet Latchkey selbst. Wählen Sie einen anderen.',
  'description.maxLength': `Höchstens ${ROLE_DESCRIPTION_MAX_LENGTH} Zeichen.`,
  'note.maxLength': `Höchstens ${NOTE_MAX_LENGTH} Zeichen.`,
  isBoolean: 'Nur „true“ oder „false“ ist möglich.',
  isInt: 'Geben Sie eine ganze Zahl ein.',
  'kind.isIn': 'Nur „human“ oder „service“ ist möglich.',
  'roles.matches': `Rollen haben Namen aus höchstens ${ROLE_NAME_MAX_LENGTH} Kleinbuchstaben, Ziffern und Bindestrichen, beginnend mit einem Buchstaben.`,
  unknown_role: 'Diese Rolle gibt es nicht.',
  unknown_permission: 'Eine dieser Berechtigungen gibt es nicht.',
  not_held: 'Der Inhaber hat etwas davon nicht, also kann es auch das Token nicht haben.',
  after_expiry: 'Dieser Zeitpunkt muss vor dem Ablaufdatum liegen.',
  already_used: 'So oft wurde das Token schon verwendet. Um es zu sperren, widerrufen Sie es.',
  in_the_past: 'Wählen Sie einen Zeitpunkt in der Zukunft.',
  too_long: 'Die Namen aller Berechtigungen sind zusammen zu lang.',
};

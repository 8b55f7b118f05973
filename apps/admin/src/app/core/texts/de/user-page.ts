import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');
const tokens = (number: number) => count(number, 'Token', 'Token');

export const userPage: Texts['userPage'] = {
  back: 'Alle Benutzer',
  tabs: {
    label: 'Bereiche dieser Seite',
    profile: 'Profil',
    tokens: 'Token',
    activity: 'Aktivität',
    access: 'Zugriff',
    raw: 'JSON-Rohdaten',
  },
  profile: {
    id: 'Kennung',
    version: 'Version',
    mayUse: 'Kann sich anmelden und Token verwenden',
    none: 'nicht angegeben',
    saved: (name) => `Profil von ${name} gespeichert.`,
  },
  noTokens: 'Dieser Benutzer hat sich noch nicht angemeldet und hat keine API-Token.',
  activitySides: { actor: 'Von diesem Benutzer', subject: 'Über diesen Benutzer' },
  actions: {
    link: 'Einrichtungslink erstellen …',
    password: 'Passwort festlegen …',
    liftThrottle: 'Anmeldesperre aufheben',
  },
  disabled: (name) => `${name} wurde deaktiviert.`,
  enabled: (name) => `${name} wurde aktiviert.`,
  throttleLifted: (name) => `${name} kann sich wieder anmelden.`,
  tokensRevoked: (name) => `Alle Token von ${name} wurden widerrufen.`,
  deleted: (name) => `${name} wurde gelöscht.`,
  disableSelf: {
    heading: 'Eigenes Konto deaktivieren?',
    effect: 'Sie werden sofort abgemeldet und können sich nicht wieder anmelden.',
    after: 'Nur ein anderer Administrator kann Ihr Konto wieder aktivieren.',
    action: 'Deaktivieren',
  },
  revokeTokensQuestion: {
    heading: (name) => `Alle Token von ${name} widerrufen?`,
    effect: (number) =>
      `${tokens(number)} ${number === 1 ? 'wird' : 'werden'} sofort ungültig. Personen werden abgemeldet, Dienste benötigen neue Token.`,
    own: 'Das ist Ihr eigenes Konto: Auch Sie werden abgemeldet.',
    after: 'Das lässt sich nicht rückgängig machen.',
    action: 'Token widerrufen',
  },
  deleteQuestion: {
    heading: (name) => `${name} löschen?`,
    effect: (number) => `Der Benutzer und ${tokens(number)} werden gelöscht.`,
    after:
      'Das lässt sich nicht rückgängig machen. Einträge im Audit-Protokoll bleiben erhalten, und der Name kann neu vergeben werden.',
    own: 'Das ist Ihr eigenes Konto: Sie werden sofort abgemeldet.',
    action: 'Löschen',
  },
  setUpLink: {
    heading: (name) => `Einrichtungslink für ${name}`,
    text: 'Der Benutzer kann mit diesem Link innerhalb eines Tages einmalig ein Passwort festlegen. Ältere Links werden ungültig.',
    effect: (number) =>
      number === 0
        ? 'Bis dahin gilt das bisherige Passwort.'
        : `Sobald der Link verwendet wird, werden das alte Passwort und ${tokens(number)} ungültig.`,
    action: 'Link erstellen',
  },
  setPassword: {
    heading: (name) => `Passwort für ${name} festlegen`,
    text: 'Sicherer ist ein Einrichtungslink, denn dann kennt nur der Benutzer das Passwort.',
    effect: (number) => `Das alte Passwort und ${tokens(number)} werden sofort ungültig.`,
    label: 'Neues Passwort',
    action: 'Passwort festlegen',
    sending: 'Wird festgelegt …',
    done: (name) => `${name} hat ein neues Passwort.`,
  },
};

import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');
const tokens = (number: number) => count(number, 'Token', 'Token');

export const userPage: Texts['userPage'] = {
  back: 'Alle Benutzer',
  facts: { lastLogin: 'Letzte Anmeldung', tokens: 'Token', created: 'Angelegt' },
  tabs: {
    label: 'Teile dieser Seite',
    profile: 'Profil',
    tokens: 'Token',
    activity: 'Aktivität',
    access: 'Zugriff',
    raw: 'Rohes JSON',
  },
  profile: {
    id: 'Kennung',
    version: 'Version',
    mayUse: 'Darf sich anmelden und Token benutzen',
    none: 'nicht angegeben',
    save: 'Profil speichern',
    saved: (name) => `Das Profil von ${name} ist gespeichert.`,
  },
  tokens: {
    create: 'Neues Token',
    empty: { heading: 'Keine Token', text: 'Es gab weder eine Anmeldung, noch wurde ein Token vergeben.' },
  },
  activitySides: { actor: 'Selbst getan', subject: 'Am Konto geschehen' },
  actions: {
    disable: 'Deaktivieren',
    enable: 'Aktivieren',
    link: 'Einrichtungslink erstellen …',
    password: 'Passwort setzen …',
    liftThrottle: 'Anmeldesperre aufheben',
    endTokens: 'Alle Token widerrufen …',
    delete: 'Löschen …',
  },
  disabled: (name) => `${name} ist deaktiviert.`,
  enabled: (name) => `${name} ist aktiviert.`,
  throttleLifted: (name) => `${name} kann die Anmeldung wieder versuchen.`,
  tokensEnded: (name) => `Alle Token von ${name} sind widerrufen.`,
  deleted: (name) => `${name} ist gelöscht.`,
  disableSelf: {
    heading: 'Sich selbst deaktivieren?',
    effect: 'Sie sind sofort abgemeldet und können sich nicht wieder anmelden.',
    after: 'Nur jemand anderes kann Sie wieder aktivieren.',
    action: 'Deaktivieren',
  },
  endTokensQuestion: {
    heading: (name) => `Alle Token von ${name} widerrufen?`,
    effect: (number) =>
      `${tokens(number)} ${number === 1 ? 'gilt' : 'gelten'} sofort nicht mehr. Menschen sind abgemeldet, und Dienste brauchen neue Token.`,
    own: 'Das sind Sie selbst: Auch hier sind Sie dann abgemeldet.',
    after: 'Das lässt sich nicht rückgängig machen.',
    action: 'Token widerrufen',
  },
  deleteQuestion: {
    heading: (name) => `${name} löschen?`,
    effect: (number) => `Das Konto und ${tokens(number)} sind endgültig weg.`,
    keep: 'Token anderer Benutzer behalten',
    ofOthers: (number) =>
      `Auch ${tokens(number)} anderer Benutzer, ${number === 1 ? 'das damit ausgestellt wurde, wird' : 'die damit ausgestellt wurden, werden'} widerrufen.`,
    after: 'Der Name kann neu vergeben werden; die Einträge im Prüfprotokoll bleiben.',
    own: 'Das sind Sie selbst: Sie sind sofort abgemeldet.',
    action: 'Löschen',
  },
  setUpLink: {
    heading: (name) => `Ein Einrichtungslink für ${name}`,
    text: 'Mit ihm lässt sich innerhalb eines Tages einmal ein eigenes Passwort wählen. Ein älterer Link gilt dann nicht mehr.',
    effect: (number) =>
      number === 0
        ? 'Bis dahin gilt das bisherige Passwort.'
        : `Wird er benutzt, gelten das alte Passwort und ${tokens(number)} nicht mehr.`,
    action: 'Link erstellen',
  },
  setPassword: {
    heading: (name) => `Ein Passwort für ${name}`,
    text: 'Besser ist ein Einrichtungslink: Dann kennt niemand sonst das Passwort.',
    effect: (number) => `Das alte Passwort und ${tokens(number)} gelten sofort nicht mehr.`,
    label: 'Neues Passwort',
    action: 'Passwort setzen',
    sending: 'Wird gesetzt …',
    done: (name) => `${name} hat ein neues Passwort.`,
  },
};

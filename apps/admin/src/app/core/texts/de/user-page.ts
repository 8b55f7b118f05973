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
  throttleLifted: (name) => `${name} kann sich wieder anmelden.`,
  credentials: {
    password: {
      heading: (name) => `Passwort für ${name} festlegen`,
      text: 'Sicherer ist ein Einrichtungslink, denn dann kennt nur der Benutzer das Passwort.',
      effect: (number) => `Das alte Passwort und ${tokens(number)} werden sofort ungültig.`,
      action: 'Passwort festlegen',
      done: (name) => `${name} hat ein neues Passwort.`,
    },
    link: {
      heading: (name) => `Einrichtungslink für ${name}`,
      text: 'Mit diesem Link kann der Benutzer innerhalb von 24 Stunden einmal ein Passwort festlegen. Ältere Links werden ungültig.',
      effect: (number) =>
        number === 0
          ? 'Das bisherige Passwort gilt, bis der Link verwendet wird.'
          : `Sobald der Link verwendet wird, werden das alte Passwort und ${tokens(number)} ungültig.`,
      action: 'Link erstellen',
      done: (name) => `Einrichtungslink für ${name} erstellt`,
    },
  },
};

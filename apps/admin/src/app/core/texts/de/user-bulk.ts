import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');
const users = (number: number) => count(number, 'Benutzer', 'Benutzer');
/** Dative, as after “von”. */
const toUsers = (number: number) => count(number, 'Benutzer', 'Benutzern');
const can = (number: number) => (number === 1 ? 'kann' : 'können');

/** The tokens of the users; `null` if their number is unknown. */
const tokens = (number: number | null) =>
  number === null ? 'alle ihre Token' : count(number, 'Token', 'Token');
const become = (number: number | null) => (number === 1 ? 'wird' : 'werden');

export const userBulk: Texts['userBulk'] = {
  actions: {
    enable: 'Aktivieren',
    disable: 'Deaktivieren',
    addRole: 'Rolle zuweisen …',
    removeRole: 'Rolle entziehen …',
    revokeTokens: 'Alle Token widerrufen …',
    delete: 'Löschen …',
  },
  questions: {
    enable: {
      heading: (number) => `${users(number)} aktivieren?`,
      effect: (number) =>
        `${users(number)} ${can(number)} sich wieder anmelden, und ihre Token sind wieder gültig.`,
      after: 'Sie können das rückgängig machen.',
      action: 'Aktivieren',
    },
    disable: {
      heading: (number) => `${users(number)} deaktivieren?`,
      effect: (number, revoked) =>
        `${users(number)} ${can(number)} sich nicht mehr anmelden, und ${tokens(revoked)} ${become(revoked)} ungültig.`,
      after:
        'Sie können das rückgängig machen: Wieder aktivierte Benutzer können sich anmelden, und ihre Token sind wieder gültig.',
      action: 'Deaktivieren',
    },
    addRole: {
      heading: (number, role) => `${toUsers(number)} die Rolle ${role} zuweisen?`,
      effect: (number, _tokens, role) =>
        `${users(number)} ${number === 1 ? 'erhält' : 'erhalten'} sofort die Berechtigungen von ${role}.`,
      after: 'Danach ist nicht mehr erkennbar, wer die Rolle schon vorher hatte.',
      action: 'Rolle zuweisen',
    },
    removeRole: {
      heading: (number, role) => `${toUsers(number)} die Rolle ${role} entziehen?`,
      effect: (number, _tokens, role) =>
        `${users(number)} ${number === 1 ? 'verliert' : 'verlieren'} sofort die Berechtigungen, die nur ${role} gewährt. Das gilt auch für ihre Token.`,
      after: 'Danach ist nicht mehr erkennbar, wer die Rolle vorher hatte.',
      action: 'Rolle entziehen',
    },
    revokeTokens: {
      heading: (number) => `Alle Token von ${toUsers(number)} widerrufen?`,
      effect: (number, revoked) =>
        `${revoked === null ? 'Alle Token' : tokens(revoked)} von ${toUsers(number)} ${become(revoked)} sofort ungültig. Personen werden abgemeldet, Dienste benötigen neue Token.`,
      after: 'Das lässt sich nicht rückgängig machen.',
      action: 'Token widerrufen',
    },
    delete: {
      heading: (number) => `${users(number)} löschen?`,
      effect: (number, revoked) => `${users(number)} und ${tokens(revoked)} werden gelöscht.`,
      after:
        'Das lässt sich nicht rückgängig machen. Um Benutzer vorübergehend zu sperren, deaktivieren Sie sie stattdessen.',
      action: 'Löschen',
    },
  },
  done: {
    enable: (number) => `${users(number)} aktiviert.`,
    disable: (number) => `${users(number)} deaktiviert.`,
    addRole: (number, role) => `Rolle ${role} ${toUsers(number)} zugewiesen.`,
    removeRole: (number, role) => `Rolle ${role} ${toUsers(number)} entzogen.`,
    revokeTokens: (number) => `Alle Token von ${toUsers(number)} widerrufen.`,
    delete: (number) => `${users(number)} gelöscht.`,
  },
  keep: 'Token anderer Benutzer behalten',
  ofOthers: (number) =>
    `${tokens(number)} anderer Benutzer, ${number === 1 ? 'das damit erstellt wurde, wird' : 'die damit erstellt wurden, werden'} ebenfalls widerrufen.`,
  own: {
    signedOut: {
      surely: 'Sie selbst sind darunter: Auch Sie werden abgemeldet.',
      perhaps: 'Falls Sie selbst darunter sind, werden auch Sie abgemeldet.',
    },
    loses: {
      surely:
        'Sie selbst sind darunter und verlieren die Rolle. Möglicherweise kann nur ein anderer Benutzer sie Ihnen zurückgeben.',
      perhaps:
        'Falls Sie selbst darunter sind, verlieren Sie die Rolle. Möglicherweise kann nur ein anderer Benutzer sie Ihnen zurückgeben.',
    },
  },
  nothingToDo: 'Nichts zu ändern: Das trifft auf alle diese Benutzer bereits zu.',
  roleDialog: {
    role: 'Rolle',
    hint: 'Wählen Sie eine Rolle, um ihre Berechtigungen zu sehen.',
    addRole: {
      heading: (number) => `${toUsers(number)} eine Rolle zuweisen`,
      action: 'Rolle zuweisen',
    },
    removeRole: {
      heading: (number) => `${toUsers(number)} eine Rolle entziehen`,
      action: 'Rolle entziehen',
    },
  },
};

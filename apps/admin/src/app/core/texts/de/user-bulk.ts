import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');
type UsersOrName = number | string;
const users = (who: UsersOrName) => (typeof who === 'string' ? who : count(who, 'Benutzer', 'Benutzer'));
/** Dative, as after “von”. */
const toUsers = (who: UsersOrName) => (typeof who === 'string' ? who : count(who, 'Benutzer', 'Benutzern'));
const isOne = (who: UsersOrName) => typeof who === 'string' || who === 1;
const can = (who: UsersOrName) => (isOne(who) ? 'kann' : 'können');

/** The tokens of the users; `null` if their number is unknown. */
const tokens = (number: number | null) =>
  number === null ? 'alle zugehörigen Token' : count(number, 'Token', 'Token');
const become = (number: number | null) => (number === 1 ? 'wird' : 'werden');

export const userBulk: Texts['userBulk'] = {
  questions: {
    enable: {
      heading: (who) => `${users(who)} aktivieren?`,
      effect: (who) =>
        `${users(who)} ${can(who)} sich wieder anmelden, und die zugehörigen Token sind wieder gültig.`,
      after: 'Sie können das rückgängig machen.',
      action: 'Aktivieren',
    },
    disable: {
      heading: (who) => `${users(who)} deaktivieren?`,
      effect: (who, revoked) =>
        `${users(who)} ${can(who)} sich nicht mehr anmelden, und ${tokens(revoked)} ${become(revoked)} ungültig.`,
      after:
        'Sie können das rückgängig machen: Wieder aktivierte Benutzer können sich anmelden, und ihre Token sind wieder gültig.',
      action: 'Deaktivieren',
    },
    addRole: {
      heading: (who, role) => `${toUsers(who)} die Rolle ${role} zuweisen?`,
      effect: (who, _tokens, role) =>
        `${users(who)} ${isOne(who) ? 'erhält' : 'erhalten'} sofort die Berechtigungen von ${role}.`,
      after: 'Danach ist nicht mehr erkennbar, wer die Rolle schon vorher hatte.',
      action: 'Rolle zuweisen',
    },
    removeRole: {
      heading: (who, role) => `${toUsers(who)} die Rolle ${role} entziehen?`,
      effect: (who, _tokens, role) =>
        `${users(who)} ${isOne(who) ? 'verliert' : 'verlieren'} sofort die Berechtigungen, die nur ${role} gewährt. Das gilt auch für die zugehörigen Token.`,
      after: 'Danach ist nicht mehr erkennbar, wer die Rolle vorher hatte.',
      action: 'Rolle entziehen',
    },
    revokeTokens: {
      heading: (who) => `Alle Token von ${toUsers(who)} widerrufen?`,
      effect: (who, revoked) =>
        `${revoked === null ? 'Alle Token' : tokens(revoked)} von ${toUsers(who)} ${become(revoked)} sofort ungültig. Sitzungen werden abgemeldet, und Clients benötigen neue Token.`,
      after: 'Das lässt sich nicht rückgängig machen.',
      action: 'Token widerrufen',
    },
    delete: {
      heading: (who) => `${users(who)} löschen?`,
      effect: (who, revoked) => `${users(who)} und ${tokens(revoked)} werden gelöscht.`,
      after:
        'Das lässt sich nicht rückgängig machen. Einträge im Audit-Protokoll bleiben erhalten, und Namen können neu vergeben werden. Um Benutzer vorübergehend zu sperren, deaktivieren Sie sie stattdessen.',
      action: 'Löschen',
    },
  },
  done: {
    enable: (who) => `${users(who)} aktiviert.`,
    disable: (who) => `${users(who)} deaktiviert.`,
    addRole: (who, role) => `Rolle ${role} ${toUsers(who)} zugewiesen.`,
    removeRole: (who, role) => `Rolle ${role} ${toUsers(who)} entzogen.`,
    revokeTokens: (who) => `Alle Token von ${toUsers(who)} widerrufen.`,
    delete: (who) => `${users(who)} gelöscht.`,
  },
  keep: 'Token anderer Benutzer behalten',
  ofOthers: (number) =>
    `${tokens(number)} anderer Benutzer, ${number === 1 ? 'das damit erstellt wurde, wird' : 'die damit erstellt wurden, werden'} ebenfalls widerrufen.`,
  own: {
    disabled: 'Nur ein anderer Administrator kann Ihr Konto wieder aktivieren.',
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

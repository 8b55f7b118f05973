import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');
const users = (number: number) => count(number, 'Benutzer', 'Benutzer');
/** As after “von” and in other datives. */
const toUsers = (number: number) => count(number, 'Benutzer', 'Benutzern');
const can = (number: number) => (number === 1 ? 'kann' : 'können');

/** The tokens of some users, as far as they are known. */
const tokens = (number: number | null) =>
  number === null ? 'alle ihre Token' : count(number, 'Token', 'Token');
const stop = (number: number | null) => (number === 1 ? 'gilt' : 'gelten');

export const userBulk: Texts['userBulk'] = {
  actions: {
    enable: 'Aktivieren',
    disable: 'Deaktivieren',
    addRole: 'Rolle geben …',
    removeRole: 'Rolle nehmen …',
    revokeTokens: 'Alle Token widerrufen …',
    delete: 'Löschen …',
  },
  more: 'Mehr',
  questions: {
    enable: {
      heading: (number) => `${users(number)} aktivieren?`,
      effect: (number) =>
        `${users(number)} ${can(number)} sich wieder anmelden, und ihre Token gelten wieder.`,
      after: 'Das lässt sich rückgängig machen.',
      action: 'Aktivieren',
    },
    disable: {
      heading: (number) => `${users(number)} deaktivieren?`,
      effect: (number, ended) =>
        `${users(number)} ${can(number)} sich nicht mehr anmelden, und ${tokens(ended)} ${stop(ended)} nicht mehr.`,
      after:
        'Das lässt sich rückgängig machen: Wer wieder aktiviert wird, kann sich anmelden, und die Token gelten wieder.',
      action: 'Deaktivieren',
    },
    addRole: {
      heading: (number, role) => `${toUsers(number)} die Rolle ${role} geben?`,
      effect: (number, _tokens, role) =>
        `${users(number)} ${number === 1 ? 'darf' : 'dürfen'} sofort, was ${role} erlaubt.`,
      after: 'Wer die Rolle schon vorher hatte, lässt sich danach nicht mehr unterscheiden.',
      action: 'Rolle geben',
    },
    removeRole: {
      heading: (number, role) => `${toUsers(number)} die Rolle ${role} nehmen?`,
      effect: (number, _tokens, role) =>
        `${users(number)} ${number === 1 ? 'verliert' : 'verlieren'} samt ihren Token sofort, was nur ${role} erlaubt.`,
      after: 'Wer die Rolle vorher hatte, lässt sich danach nicht mehr unterscheiden.',
      action: 'Rolle nehmen',
    },
    revokeTokens: {
      heading: (number) => `Alle Token von ${toUsers(number)} widerrufen?`,
      effect: (number, ended) =>
        ended === null
          ? `Alle Token von ${toUsers(number)} gelten sofort nicht mehr. Alle sind abgemeldet, und Dienste brauchen neue Token.`
          : `${tokens(ended)} von ${toUsers(number)} ${stop(ended)} sofort nicht mehr. Alle sind abgemeldet, und Dienste brauchen neue Token.`,
      after: 'Das lässt sich nicht rückgängig machen.',
      action: 'Token widerrufen',
    },
    delete: {
      heading: (number) => `${users(number)} löschen?`,
      effect: (number, ended) => `${users(number)} und ${tokens(ended)} sind endgültig weg.`,
      after:
        'Das lässt sich nicht rückgängig machen. Wer nur ausgesperrt werden soll, kann stattdessen deaktiviert werden.',
      action: 'Löschen',
    },
  },
  done: {
    enable: (number) => `${users(number)} aktiviert.`,
    disable: (number) => `${users(number)} deaktiviert.`,
    addRole: (number, role) => `${users(number)} ${number === 1 ? 'hat' : 'haben'} jetzt ${role}.`,
    removeRole: (number, role) => `${users(number)} ${number === 1 ? 'hat' : 'haben'} ${role} nicht mehr.`,
    revokeTokens: (number) => `Alle Token von ${toUsers(number)} sind widerrufen.`,
    delete: (number) => `${users(number)} gelöscht.`,
  },
  keep: 'Token anderer Benutzer behalten',
  ofOthers: (number) =>
    `Auch ${tokens(number)} anderer Benutzer, ${number === 1 ? 'das damit ausgestellt wurde, wird' : 'die damit ausgestellt wurden, werden'} widerrufen.`,
  own: {
    signedOut: {
      surely: 'Sie sind darunter: Auch Sie werden hier abgemeldet.',
      perhaps: 'Wenn Sie darunter sind, werden auch Sie hier abgemeldet.',
    },
    loses: {
      surely:
        'Sie sind darunter und verlieren sie selbst. Womöglich kann nur jemand anderes sie Ihnen wiedergeben.',
      perhaps:
        'Wenn Sie darunter sind, verlieren Sie sie selbst, und womöglich kann nur jemand anderes sie Ihnen wiedergeben.',
    },
  },
  nothingToDo: 'Das ist hier schon bei allen so.',
  roleDialog: {
    role: 'Rolle',
    hint: 'Wählen Sie eine, um zu sehen, was sie erlaubt.',
    addRole: {
      heading: (number) => `${toUsers(number)} eine Rolle geben`,
      action: 'Rolle geben',
    },
    removeRole: {
      heading: (number) => `${toUsers(number)} eine Rolle nehmen`,
      action: 'Rolle nehmen',
    },
  },
};

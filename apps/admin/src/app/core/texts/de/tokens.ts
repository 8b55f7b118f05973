import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const tokens: Texts['tokens'] = {
  own: {
    heading: 'Meine Token',
    lede: 'Alles, was in Ihrem Namen handeln darf. Widerrufen Sie, was Sie nicht kennen.',
  },
  search: 'Notiz oder letzte Zeichen suchen',
  count: (total) => count(total, 'Token', 'Token'),
  empty: { heading: 'Keine Token', text: 'Melden Sie sich irgendwo an, dann erscheint das Token hier.' },
  columns: {
    note: 'Token',
    creationTime: 'Angelegt',
    lastUsageTime: 'Zuletzt benutzt',
    expirationTime: 'Endet',
    actions: 'Aktionen',
  },
  sorts: {
    '-lastUsageTime': 'Zuletzt benutzte zuerst',
    '-creationTime': 'Neueste zuerst',
    expirationTime: 'Zuerst endende zuerst',
    note: 'Notiz, A bis Z',
  },
  kinds: { session: 'Sitzung', api: 'API-Token' },
  noNote: 'Ohne Notiz',
  thisSession: 'Diese Sitzung',
  disabled: 'Abgeschaltet',
  unlessBumped: 'ohne Verlängerung',
  revocation: {
    heading: {
      own: 'Diese Sitzung abmelden?',
      session: 'Diese Sitzung beenden?',
      api: 'Dieses Token widerrufen?',
    },
    name: (token) => `„${token}“`,
    ownSession:
      'Das ist die Sitzung, die Sie gerade benutzen. Sie werden hier und in allen Tabs dieses Browsers abgemeldet.',
    session:
      'Wer sie benutzt, ist sofort abgemeldet und muss sich neu anmelden. Das lässt sich nicht rückgängig machen.',
    api: 'Was es benutzt, hört sofort auf zu gehen und braucht ein neues Token. Das lässt sich nicht rückgängig machen.',
    signOut: 'Abmelden',
    revoke: 'Widerrufen',
    done: 'Das Token ist widerrufen.',
  },
};

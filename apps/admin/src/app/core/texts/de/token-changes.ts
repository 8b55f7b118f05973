import type { tokenChanges as english } from '../en/token-changes';
import { counting } from '../counting';
import type { Translated } from '../texts';

const count = counting('de');
const tokens = (total: number) => count(total, 'Token', 'Token');

export const tokenChanges: Translated<typeof english> = {
  revocation: {
    heading: {
      own: 'Von dieser Sitzung abmelden?',
      session: 'Diese Sitzung beenden?',
      api: 'Dieses Token widerrufen?',
    },
    name: (token, user) => `„${token}“ von ${user}`,
    neverUsed: 'Nie verwendet.',
    lastUse: (when, address) =>
      address === null ? `Zuletzt verwendet ${when}.` : `Zuletzt verwendet ${when} von ${address}.`,
    consequence: {
      own: 'Sie verwenden diese Sitzung gerade. Sie werden hier und in allen Tabs dieses Browsers abgemeldet.',
      session:
        'Der Benutzer wird sofort abgemeldet und muss sich neu anmelden. Das lässt sich nicht rückgängig machen.',
      api: 'Clients mit diesem Token funktionieren sofort nicht mehr und benötigen ein neues. Das lässt sich nicht rückgängig machen.',
    },
    descendants: 'Auch alle Token widerrufen, die damit erstellt wurden',
    signOut: 'Abmelden',
    revoke: 'Widerrufen',
    done: 'Token widerrufen.',
    rejectedBy: (time) => `Ab ${time} überall abgelehnt.`,
  },
  switching: {
    disable: 'Deaktivieren',
    enable: 'Aktivieren',
    disabled: (token) => `„${token}“ deaktiviert.`,
    enabled: (token) => `„${token}“ aktiviert.`,
  },
  expiry: {
    done: (expiry) => `Das Token läuft am ${expiry} ab.`,
    clipped: (expiry) => `Der Server begrenzt das Ablaufdatum auf ${expiry}.`,
    none: 'Das Token läuft nicht mehr ab.',
  },
  bulk: {
    extend: 'Verlängern',
    headings: {
      disable: (total) => `${tokens(total)} deaktivieren?`,
      enable: (total) => `${tokens(total)} aktivieren?`,
      revoke: (total) => `${tokens(total)} widerrufen?`,
      extend: (total) => `${tokens(total)} verlängern?`,
    },
    consequences: {
      disable:
        'Clients mit diesen Token funktionieren sofort nicht mehr, bis die Token wieder aktiviert werden.',
      enable: 'Clients mit diesen Token funktionieren sofort wieder.',
      revoke:
        'Clients mit diesen Token funktionieren sofort nicht mehr und benötigen neue. Das lässt sich nicht rückgängig machen.',
      extend: (expiry) => `Sie laufen am ${expiry} ab. Token mit späterem Ablaufdatum bleiben unverändert.`,
      extendForever: 'Sie laufen nicht mehr ab.',
    },
    among: (names, others) =>
      others === 0
        ? `Betroffen: ${names}.`
        : `Betroffen: ${names} und ${count(others, 'weiteres', 'weitere')}.`,
    keepsOwn: 'Die Sitzung, die Sie gerade verwenden, ist nicht betroffen.',
    nothing: 'Nichts zu ändern: Das trifft auf alle diese Token bereits zu.',
    done: {
      disable: (total) => `${tokens(total)} deaktiviert.`,
      enable: (total) => `${tokens(total)} aktiviert.`,
      revoke: (total) => `${tokens(total)} widerrufen.`,
      extend: (total) => `${tokens(total)} verlängert.`,
    },
    rejected: (total) => `${tokens(total)} unverändert.`,
    extendHeading: 'Neues Ablaufdatum',
    extendAction: 'Weiter',
  },
};

import type { tokenChanges as english } from '../en/token-changes';
import { counting } from '../counting';
import type { Translated } from '../texts';

const count = counting('de');
const tokens = (total: number) => count(total, 'Token', 'Token');

export const tokenChanges: Translated<typeof english> = {
  revocation: {
    heading: {
      own: 'Diese Sitzung abmelden?',
      session: 'Diese Sitzung beenden?',
      api: 'Dieses Token widerrufen?',
    },
    name: (token, user) => `„${token}“ von ${user}`,
    neverUsed: 'Es wurde nie benutzt.',
    lastUse: (when, address) =>
      address === null ? `Zuletzt benutzt ${when}.` : `Zuletzt benutzt ${when} von ${address}.`,
    consequence: {
      own: 'Das ist die Sitzung, die Sie gerade benutzen. Sie werden hier und in allen Tabs dieses Browsers abgemeldet.',
      session:
        'Wer sie benutzt, ist sofort abgemeldet und muss sich neu anmelden. Das lässt sich nicht rückgängig machen.',
      api: 'Was es benutzt, hört sofort auf zu gehen und braucht ein neues Token. Das lässt sich nicht rückgängig machen.',
    },
    descendants: 'Auch alle Token widerrufen, die damit angelegt wurden',
    signOut: 'Abmelden',
    revoke: 'Widerrufen',
    done: 'Das Token ist widerrufen.',
  },
  switching: {
    disable: 'Deaktivieren',
    enable: 'Aktivieren',
    disabled: (token) => `„${token}“ ist deaktiviert.`,
    enabled: (token) => `„${token}“ ist aktiviert.`,
  },
  ending: {
    done: (end) => `Es endet am ${end}.`,
    clipped: (end) => `Der Server erlaubt kein späteres Ende als ${end}.`,
    endless: 'Es hat jetzt kein Ende.',
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
      disable: 'Was sie benutzt, hört sofort auf zu gehen, bis sie wieder aktiviert werden.',
      enable: 'Was sie benutzt, geht sofort wieder.',
      revoke:
        'Was sie benutzt, hört sofort auf zu gehen und braucht neue. Das lässt sich nicht rückgängig machen.',
      extend: (end) => `Jedes wird am ${end} enden. Die schon später enden, bleiben, wie sie sind.`,
      extendForever: 'Keines davon wird ein Ende haben.',
    },
    among: (names, others) =>
      others === 0 ? `Das sind ${names}.` : `Darunter: ${names} und ${count(others, 'weiteres', 'weitere')}.`,
    keepsOwn: 'Die Sitzung, die Sie gerade benutzen, bleibt unberührt.',
    nothing: 'Es gibt nichts zu ändern: Alle sind schon so.',
    done: {
      disable: (total) => `${tokens(total)} deaktiviert.`,
      enable: (total) => `${tokens(total)} aktiviert.`,
      revoke: (total) => `${tokens(total)} widerrufen.`,
      extend: (total) => `${tokens(total)} verlängert.`,
    },
    refused: (total) => `${count(total, 'blieb', 'blieben')} unverändert.`,
    extendHeading: 'Wann sollen sie enden?',
    extendAction: 'Weiter',
  },
  secret: {
    once: 'Das wird nur einmal gezeigt. Kopieren Sie es jetzt: Niemand kann es noch einmal zeigen.',
    forms: 'Das Geheimnis in mehreren Formen',
    labels: { token: 'Token', header: 'X-Auth-Token', curl: 'curl', env: '.env' },
    hints: {
      token: 'Das Token allein. Programme setzen es mit dem Benutzernamen zusammen.',
      header: 'Der vollständige Wert des Headers X-Auth-Token.',
      curl: 'Ein erster Aufruf. Antwortet er mit dem Benutzer, so geht das Token.',
      env: 'Für eine Datei, die der Dienst liest und sonst niemand.',
    },
    copy: {
      token: 'Token kopieren',
      header: 'Wert kopieren',
      curl: 'Befehl kopieren',
      env: 'Zeilen kopieren',
    },
    leave: {
      heading: 'Verlassen, ohne zu kopieren?',
      text: 'Das Geheimnis wird nur dieses eine Mal gezeigt. Ohne es nützt das Token nichts, und Sie müssten es erneuern.',
      action: 'Verlassen',
    },
    done: 'Fertig',
  },
};

import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');
const others = (total: number) => count(total, 'weiteres', 'weitere');
const tokens = (total: number) => count(total, 'Token', 'Token');

export const leakResponse: Texts['leakResponse'] = {
  open: 'Auf ein Leak reagieren',
  reported: (when) => `Als geleakt gemeldet am ${when}.`,
  since: 'Geleakt seit',
  power: {
    heading: 'Was das Token durfte',
    user: (user, roles) => `Rollen von ${user}: ${roles}.`,
  },
  uses: {
    heading: 'Wo es verwendet wurde',
    none: 'Seitdem nicht verwendet.',
    total: (uses, days) =>
      `Seitdem an ${count(days, 'Tag', 'Tagen')} insgesamt ${uses.toLocaleString('de')}-mal verwendet.`,
  },
  created: {
    heading: 'Was damit gemacht wurde',
    tokens: (total) => (total === 0 ? 'Seitdem keine Token erstellt.' : `Seitdem ${tokens(total)} erstellt:`),
    more: (total) => `und ${count(total, 'weiteres', 'weitere')}`,
    changes: (total, isMore) =>
      total === 0
        ? 'Seitdem keine Änderungen aufgezeichnet.'
        : `Seitdem ${isMore ? 'mehr als ' : ''}${count(total, 'Änderung', 'Änderungen')} aufgezeichnet:`,
    trail: 'Im Audit-Protokoll öffnen',
    unseen: 'Um die Änderungen zu sehen, benötigen Sie die Berechtigung audit:read.',
  },
  response: 'Reaktion',
  descendants: (total) =>
    total === 1
      ? 'Auch das Token widerrufen, das direkt oder indirekt damit erstellt wurde'
      : `Auch die ${tokens(total)} widerrufen, die direkt oder indirekt damit erstellt wurden`,
  note: 'Notiz für das Audit-Protokoll',
  noteHint: 'Zum Beispiel „im Protokoll von Build 17 gefunden“.',
  ended: 'Dieses Token ist bereits widerrufen oder abgelaufen.',
  effect: 'Clients mit dem alten Geheimnis funktionieren sofort nicht mehr.',
  rotate: (total) => (total === 0 ? 'Erneuern' : `Erneuern, ${others(total)} widerrufen`),
  revoke: (total) => (total === 0 ? 'Dieses Token widerrufen' : `Dieses und ${others(total)} widerrufen`),
  revokeDescendants: (total) =>
    `${tokens(total)} widerrufen, ${total === 1 ? 'das damit erstellt wurde' : 'die damit erstellt wurden'}`,
  sending: 'Bitte warten …',
  revoked: (total) => `${tokens(total)} widerrufen.`,
  rotated: (total) => (total === 0 ? 'Token erneuert.' : `Token erneuert, ${tokens(total)} widerrufen.`),
  disabled: 'Das Token ist deaktiviert. Aktivieren Sie es, sobald die Clients das neue Geheimnis haben.',
};

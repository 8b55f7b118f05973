import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');
const others = (total: number) => count(total, 'weiteres', 'weitere');
const openOffers = (total: number) => count(total, 'offenes Angebot', 'offene Angebote');
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
    report: 'Tag der Meldung',
  },
  created: {
    heading: 'Was damit gemacht wurde',
    none: 'Seitdem ist nichts verzeichnet.',
    tokens: (total) => `Seitdem ${tokens(total)} erstellt:`,
    more: (total) => `und ${count(total, 'weiteres', 'weitere')}`,
    changes: (total, isMore) =>
      `Seitdem ${isMore ? 'mehr als ' : ''}${count(total, 'Änderung', 'Änderungen')} aufgezeichnet:`,
    offers: (total) =>
      `${count(total, 'damit genehmigtes Angebot ist', 'damit genehmigte Angebote sind')} noch nicht abgeholt.`,
    unseen: 'Um die Änderungen zu sehen, benötigen Sie die Berechtigung audit:read.',
  },
  descendants: (total, offers) => {
    const below =
      total === 1
        ? 'Auch das Token widerrufen, das direkt oder indirekt damit erstellt wurde'
        : `Auch die ${tokens(total)} widerrufen, die direkt oder indirekt damit erstellt wurden`;
    const open = `${openOffers(offers)} beenden`;
    return total === 0 ? `Auch ${open}` : offers === 0 ? below : `${below}, und ${open}`;
  },
  note: 'Notiz für das Audit-Protokoll',
  noteHint: 'Zum Beispiel „im Protokoll von Build 17 gefunden“.',
  notLive: 'Dieses Token ist bereits widerrufen oder abgelaufen.',
  renewable:
    'Dieses Token ist abgelaufen, kann aber verlängert werden. Widerrufen Sie es, um das zu verhindern.',
  nothingLeft:
    'Kein damit erstelltes Token kann noch verwendet oder verlängert werden. Es gibt also nichts zu widerrufen.',
  rotate: (total) => (total === 0 ? 'Erneuern' : `Erneuern, ${others(total)} widerrufen`),
  revoke: (total) => (total === 0 ? 'Dieses Token widerrufen' : `Dieses und ${others(total)} widerrufen`),
  revokeDescendants: (total, offers) =>
    total === 0
      ? `${openOffers(offers)} beenden`
      : `${tokens(total)} widerrufen, ${total === 1 ? 'das damit erstellt wurde' : 'die damit erstellt wurden'}`,
  revoked: (total) => (total === 0 ? 'Angebote beendet.' : `${tokens(total)} widerrufen.`),
  rotated: (total) => (total === 0 ? 'Token erneuert.' : `Token erneuert, ${tokens(total)} widerrufen.`),
  disabled: 'Das Token ist deaktiviert. Aktivieren Sie es, sobald die Clients das neue Geheimnis haben.',
};

import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');
const units: Readonly<Record<number, string>> = { 1: 'Sekunde', 60: 'Minute', 3600: 'Stunde', 86400: 'Tag' };

export const limits: Texts['limits'] = {
  heading: 'Nutzungsbeschränkungen',
  summary: 'Nutzungsbeschränkungen und Metadaten (optional)',
  none: 'Keine. Das Token funktioniert von jeder Adresse, jederzeit und beliebig oft.',
  addresses: 'Erlaubte Adressen',
  addressesHint:
    'Eine Adresse oder ein Netz je Zeile, zum Beispiel 192.0.2.7 oder 2001:db8::/32. Leer: alle.',
  rate: 'Maximale Rate',
  window: 'Zeiteinheit',
  per: (seconds) => `pro ${units[seconds] ?? count(seconds, 'Sekunde', 'Sekunden')}`,
  maxUses: 'Höchstzahl an Verwendungen',
  maxUsesHint: 'Mit der letzten Verwendung läuft das Token ab.',
  left: (uses) => `noch ${uses.toLocaleString('de')}`,
  notBefore: 'Gültig ab',
  metadata: 'Metadaten',
  metadataHint: 'Ein JSON-Objekt für die Dienste, die das Token prüfen, zum Beispiel {"tenant": "acme"}.',
  restrict: 'Auf verwendete Adressen beschränken',
  question: {
    heading: (total) => `Auf ${count(total, 'Adresse', 'Adressen')} beschränken?`,
    text: 'Von diesen Adressen wurde das Token in den letzten 30 Tagen verwendet. Wenn Sie es beschränken, wird es von allen anderen sofort abgelehnt, auch wenn der Client eine neue Adresse erhält.',
    many: (maximum) =>
      `Der Server speichert höchstens ${maximum} Adressen. Möglicherweise fehlen deshalb einige.`,
    action: 'Beschränken',
  },
};

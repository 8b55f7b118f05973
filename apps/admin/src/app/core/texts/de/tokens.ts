import { counting } from '../counting';
import type { Texts } from '../texts';
import { tokenChanges } from './token-changes';

const count = counting('de');

export const tokens: Texts['tokens'] = {
  lead: 'Alle Token auf diesem Server mit Inhaber, letzter Verwendung und Ablaufdatum.',
  own: {
    heading: 'Meine Token',
    lead: 'Token, die in Ihrem Namen handeln können. Widerrufen Sie alle, die Sie nicht kennen.',
  },
  search: 'Notiz, Inhaber, letzte vier Zeichen',
  searchOwn: 'Notiz, letzte vier Zeichen',
  count: (total) => count(total, 'Token', 'Token'),
  empty: {
    heading: 'Keine Token',
    text: 'Erstellen Sie ein Token oder melden Sie sich auf einem anderen Gerät an.',
  },
  columns: {
    note: 'Token',
    user: 'Inhaber',
    state: 'Status',
    creationTime: 'Erstellt',
    lastUsageTime: 'Verwendet',
    expirationTime: 'Läuft ab',
    actions: 'Aktionen',
  },
  sorts: {
    '-lastUsageTime': 'Zuletzt verwendet',
    lastUsageTime: 'Am längsten nicht verwendet',
    '-creationTime': 'Neueste zuerst',
    expirationTime: 'Bald ablaufende zuerst',
    user: 'Inhaber, A bis Z',
    note: 'Notiz, A bis Z',
    kind: 'Nach Art',
    state: 'Nach Status',
  },
  presets: {
    label: 'Schnellfilter',
    live: 'Gültig',
    expiring: 'Läuft innerhalb von 14 Tagen ab',
    neverUsed: 'Nie verwendet, 7 Tage',
    unused: 'Nicht verwendet, 90 Tage',
    ownerDisabled: 'Inhaber deaktiviert',
    noExpiry: 'Ohne Ablaufdatum',
    inGrace: 'In der Übergangsfrist',
    revoked: 'Widerrufen',
  },
  filters: {
    kind: 'Art',
    state: 'Status',
    user: 'Inhaber',
    unusedSinceDays: 'Nicht verwendet',
    neverUsed: 'Verwendet',
    noExpiry: 'Ablaufdatum',
    ownerDisabled: 'Inhaber',
    inGrace: 'Altes Geheimnis',
  },
  filterValues: {
    everyState: 'Alle, auch abgelaufene und widerrufene',
    days: (days) => count(days, 'Tag', 'Tage'),
    neverUsed: { true: 'nie', false: 'ja' },
    noExpiry: { true: 'keines', false: 'gesetzt' },
    ownerDisabled: { true: 'deaktiviert', false: 'aktiv' },
    inGrace: { true: 'noch gültig', false: 'ungültig' },
  },
  kinds: { session: 'Sitzung', api: 'API-Token' },
  states: {
    active: 'Aktiv',
    expiring: 'Läuft bald ab',
    expired: 'Abgelaufen',
    disabled: 'Deaktiviert',
    revoked: 'Widerrufen',
  },
  ownerDisabled: 'Inhaber deaktiviert',
  grace: (until) => `altes Geheimnis bis ${until}`,
  graceHint: (until) => `Dieses Token wurde erneuert. Das alte Geheimnis ist bis ${until} gültig.`,
  noNote: 'Ohne Notiz',
  thisSession: 'Diese Sitzung',
  whenIdle: 'bei Inaktivität',
  rotate: 'Erneuern',
  ...tokenChanges,
};

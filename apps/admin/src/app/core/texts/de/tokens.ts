import { counting } from '../counting';
import type { Texts } from '../texts';
import { newToken } from './new-token';
import { tokenChanges } from './token-changes';
import { tokenPage } from './token-page';

const count = counting('de');

export const tokens: Texts['tokens'] = {
  heading: 'Token',
  lede: 'Alle Token dieses Servers: wem sie gehören, wer sie benutzt und wann sie enden.',
  own: {
    heading: 'Meine Token',
    lede: 'Alles, was in Ihrem Namen handeln darf; die Token anderer sind nicht dabei. Widerrufen Sie, was Sie nicht kennen.',
  },
  search: 'Notiz, Inhaber, letzte vier Zeichen',
  searchOwn: 'Notiz, letzte vier Zeichen',
  count: (total) => count(total, 'Token', 'Token'),
  empty: { heading: 'Keine Token', text: 'Melden Sie sich irgendwo an, dann erscheint das Token hier.' },
  create: 'Neues Token',
  columns: {
    note: 'Token',
    user: 'Inhaber',
    enabled: 'Zustand',
    creationTime: 'Angelegt',
    lastUsageTime: 'Benutzt',
    expirationTime: 'Endet',
    actions: 'Aktionen',
  },
  sorts: {
    '-lastUsageTime': 'Zuletzt benutzte zuerst',
    lastUsageTime: 'Am längsten unbenutzte zuerst',
    '-creationTime': 'Neueste zuerst',
    expirationTime: 'Zuerst endende zuerst',
    user: 'Inhaber, A bis Z',
    note: 'Notiz, A bis Z',
    kind: 'Nach Art',
    state: 'Nach Zustand',
  },
  presets: {
    label: 'Schnellfilter',
    live: 'Alle',
    expiring: 'Endet binnen 14 Tagen',
    neverUsed: 'Nie benutzt, 7 Tage',
    unused: 'Unbenutzt, 90 Tage',
    ownerDisabled: 'Inhaber deaktiviert',
    noExpiry: 'Ohne Ende',
    inGrace: 'In Schonfrist',
    revoked: 'Widerrufen',
  },
  filters: {
    kind: 'Art',
    state: 'Zustand',
    user: 'Inhaber',
    unusedSinceDays: 'Unbenutzt',
    neverUsed: 'Benutzt',
    noExpiry: 'Ende',
    ownerDisabled: 'Inhaber',
    inGrace: 'Altes Geheimnis',
  },
  filterValues: {
    everyState: 'Alle, auch beendete',
    days: (days) => count(days, 'Tag', 'Tage'),
    neverUsed: { true: 'nie', false: 'irgendwann' },
    noExpiry: { true: 'keines', false: 'hat eines' },
    ownerDisabled: { true: 'deaktiviert', false: 'aktiv' },
    inGrace: { true: 'gilt noch', false: 'gilt nicht' },
  },
  kinds: { session: 'Sitzung', api: 'API-Token' },
  states: {
    active: 'Aktiv',
    expiring: 'Läuft ab',
    expired: 'Abgelaufen',
    disabled: 'Deaktiviert',
    revoked: 'Widerrufen',
  },
  ownerDisabled: 'Inhaber deaktiviert',
  grace: (until) => `altes Geheimnis bis ${until}`,
  graceHint: (until) => `Dieses Token wurde erneuert. Sein früheres Geheimnis gilt noch bis ${until}.`,
  noNote: 'Ohne Notiz',
  thisSession: 'Diese Sitzung',
  unlessBumped: 'bei Untätigkeit',
  rotate: 'Erneuern',
  ...tokenChanges,
  page: tokenPage,
  newToken,
};

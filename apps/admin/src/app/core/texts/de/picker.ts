import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const picker: Texts['picker'] = {
  label: 'Berechtigungen',
  search: 'Berechtigung suchen',
  selected: (total) => `${total} ausgewählt`,
  of: (selected, total) => `${selected} von ${total}`,
  all: (api) => `Alle von ${api}`,
  nothingToSelect: 'Nichts auswählbar',
  noMatch: 'Keine passende Berechtigung.',
  more: (hidden) => `${hidden.toLocaleString('de')} weitere Treffer. Grenzen Sie die Suche ein.`,
  users: (total) => count(total, 'Benutzer', 'Benutzer'),
  tokens: (total) => count(total, 'Token', 'Token'),
  with: (name) => `mit ${name}`,
  byLink: (names) => `Durch den geöffneten Link ausgewählt: ${names}. Noch ist nichts gespeichert.`,
  notYours: 'Sie haben diese Berechtigung selbst nicht.',
  notOwners: (owner) => `${owner} hat diese Berechtigung nicht.`,
};

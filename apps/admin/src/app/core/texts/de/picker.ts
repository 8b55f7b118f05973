import type { Texts } from '../texts';

export const picker: Texts['picker'] = {
  label: 'Berechtigungen',
  search: 'Berechtigung suchen',
  selected: (total) => `${total} ausgewählt`,
  of: (selected, total) => `${selected} von ${total}`,
  all: (api) => `Alle von ${api}`,
  nothingToSelect: 'Nichts auswählbar',
  noMatch: 'Keine passende Berechtigung.',
  more: (hidden) => `${hidden.toLocaleString('de')} weitere Treffer. Grenzen Sie die Suche ein.`,
  notYours: 'Sie haben diese Berechtigung selbst nicht.',
  notOwners: (owner) => `${owner} hat diese Berechtigung nicht.`,
};

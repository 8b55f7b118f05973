import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const lists: Texts['lists'] = {
  found: 'gefunden',
  clear: 'Zurücksetzen',
  clearSearch: 'Suche leeren',
  searchHoldsSecret:
    'Das sieht nach einem Token aus und wird deshalb nicht gesendet. Suchen Sie stattdessen nach den letzten vier Zeichen.',
  findToken: (characters) => `${characters} suchen`,
  noMatch: {
    heading: 'Keine Treffer',
    text: 'Versuchen Sie eine andere Suche oder weniger Filter.',
    action: 'Suche und Filter zurücksetzen',
  },
  filter: 'Filtern',
  filterBy: (filter) => `${filter} …`,
  sort: 'Sortieren',
  filterOff: (filter) => `${filter}: beliebig`,
  filterOn: (filter, value) => `${filter}: ${value}`,
  removeFilter: (filter) => `Filter ${filter} entfernen`,
  any: 'Beliebig',
  atMost: (total) => `Höchstens ${total} möglich.`,
  apply: 'Anwenden',
  view: 'Ansicht',
  columns: 'Spalten',
  ifRoom: 'in breiten Fenstern',
  rows: 'Zeilen',
  comfortable: 'Normal',
  compact: 'Kompakt',
  reset: 'Spalten und Zeilen zurücksetzen',
  copyLink: 'Link kopieren',
  export: 'Exportieren',
  exporting: 'Wird exportiert …',
  selection: {
    row: (row) => `${row} auswählen`,
    page: 'Alle auf dieser Seite auswählen',
    count: (selected) => count(selected, 'ausgewählt', 'ausgewählt'),
    allMatching: (total) => `Alle ${total.toLocaleString('de')} Treffer auswählen`,
    clear: 'Auswahl aufheben',
  },
  rejections: {
    heading: (rejected, total) =>
      `${rejected.toLocaleString('de')} von ${total.toLocaleString('de')} ${rejected === 1 ? 'konnte' : 'konnten'} nicht geändert werden`,
    text: 'Alle anderen wurden geändert.',
    more: (number) => `und ${number.toLocaleString('de')} weitere`,
    reasons: {
      conflict: 'Abgelaufen oder widerrufen, geleakt und nicht erneuert, oder mit späterem Ablaufdatum:',
      above_your_permissions: 'Mit Berechtigungen oder Rollen, die Sie nicht haben:',
      last_administrator: 'Der letzte Administrator muss seinen Zugriff behalten:',
      not_found: 'Nicht mehr vorhanden:',
      validation_failed: 'Vom Server nicht erlaubt:',
    },
  },
  loadMore: 'Mehr anzeigen',
  pages: {
    label: 'Seiten',
    firstPage: 'Erste Seite',
    lastPage: 'Letzte Seite',
    nextPage: 'Nächste Seite',
    previousPage: 'Vorherige Seite',
    range: (from, to, total) =>
      `${from.toLocaleString('de')}–${to.toLocaleString('de')} von ${total.toLocaleString('de')}`,
  },
};

import type { Texts } from '../texts';

export const listView: Texts['listView'] = {
  columns: 'Spalten',
  ifRoom: 'in breiten Fenstern',
  density: 'Zeilen',
  comfortable: 'Normal',
  compact: 'Kompakt',
  reset: 'Spalten und Zeilen zurücksetzen',
};

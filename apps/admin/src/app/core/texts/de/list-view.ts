import type { Texts } from '../texts';

export const listView: Texts['listView'] = {
  views: {
    heading: 'Gespeicherte Ansichten',
    save: 'Ansicht speichern …',
    name: 'Name',
    replaces: 'Ersetzt die Ansicht mit diesem Namen.',
    rename: (name) => `${name} umbenennen`,
    delete: (name) => `${name} löschen`,
    deleted: (name) => `Ansicht ${name} gelöscht`,
    full: (max) =>
      `Eine Liste kann höchstens ${max} Ansichten haben. Löschen Sie eine, um eine weitere zu speichern.`,
    kept: 'Suche, Filter, Sortierung und Spalten. Für Ihr Konto in diesem Browser gespeichert.',
  },
  columns: 'Spalten',
  ifRoom: 'in breiten Fenstern',
  density: 'Zeilen',
  comfortable: 'Normal',
  compact: 'Kompakt',
  reset: 'Spalten und Zeilen zurücksetzen',
};

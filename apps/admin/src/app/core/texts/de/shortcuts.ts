import type { Texts } from '../texts';

export const shortcuts: Texts['shortcuts'] = {
  heading: 'Tastatur',
  open: 'Tastenkürzel',
  groups: { everywhere: 'Überall', lists: 'In Listen', go: 'Gehe zu' },
  keys: {
    help: 'Diese Liste zeigen',
    search: 'Suchen',
    escape: 'Offenes schließen',
    move: 'Von Zeile zu Zeile, und von der Suche zur ersten',
    ends: 'Zur ersten Zeile, zur letzten',
    enter: 'Zeile öffnen',
    space: 'Zeile auswählen, mit Umschalt einen Bereich',
  },
  then: 'dann',
  spaceBar: 'Leertaste',
  home: 'Pos1',
  end: 'Ende',
};

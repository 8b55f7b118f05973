import type { Texts } from '../texts';

export const shortcuts: Texts['shortcuts'] = {
  heading: 'Tastatur',
  open: 'Tastenkürzel',
  groups: { everywhere: 'Überall', lists: 'In Listen', go: 'Gehe zu' },
  keys: {
    help: 'Diese Liste zeigen',
    search: 'Suchen',
    escape: 'Offenes schließen',
    move: 'Von Zeile zu Zeile',
    enter: 'Zeile öffnen',
    space: 'Zeile auswählen, mit Umschalt einen Bereich',
  },
  then: 'dann',
  spaceBar: 'Leertaste',
};

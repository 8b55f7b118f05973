import type { Texts } from '../texts';

export const shortcutHelp: Texts['shortcutHelp'] = {
  groups: { everywhere: 'Überall', lists: 'In Listen', go: 'Gehe zu' },
  keys: {
    help: 'Tastenkürzel anzeigen',
    search: 'Suchen',
    escape: 'Dialog oder Menü schließen',
    move: 'Nächste oder vorige Zeile, auch vom Suchfeld aus',
    ends: 'Erste oder letzte Zeile',
    enter: 'Zeile öffnen',
    space: 'Zeile auswählen, mit Umschalt einen Bereich',
  },
  then: 'dann',
  spaceBar: 'Leertaste',
  home: 'Pos1',
  end: 'Ende',
};

import type { Texts } from '../texts';

export const merge: Texts['merge'] = {
  heading: 'Jemand anderes hat Änderungen gespeichert',
  text: 'Sie haben beide dieselben Felder geändert. Wählen Sie, welche Werte gelten sollen. Alle anderen Änderungen bleiben erhalten.',
  mine: 'Ihr Wert',
  theirs: 'Gespeicherter Wert',
};

import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const userImport: Texts['userImport'] = {
  action: (total) => `${count(total, 'Benutzer', 'Benutzer')} anlegen`,
  again: 'Andere Datei wählen',
  choose: 'CSV-Datei wählen',
  created: (done, total) =>
    done < total
      ? `${done} von ${count(total, 'Benutzer', 'Benutzern')} angelegt`
      : `${count(done, 'Benutzer', 'Benutzer')} angelegt`,
  drop: 'oder hier ablegen',
  error: 'Fehler',
  exists: (name) => `Den Benutzer ${name} gibt es schon.`,
  faults: ({ kind, separator = '', columns = '', line = 0 }) =>
    ({
      large: 'Die Datei ist größer als 1 MiB. Importieren Sie sie auf dem Server mit latchkey import-users.',
      encoding: 'Die Datei ist nicht in UTF-8 kodiert. Speichern Sie sie als „CSV UTF-8“.',
      empty: 'Die Datei enthält keine Benutzer.',
      noName: 'Die erste Zeile muss die Spalte „name“ enthalten, und jede Spalte nur einmal.',
      password:
        'Die Konsole kann keine Passwörter oder Hashes importieren. Entfernen Sie die Spalte oder verwenden Sie latchkey import-users auf dem Server.',
      separator: `Trennen Sie die Spalten durch Kommas, nicht durch ${separator}.`,
      columns: `Unbekannte Spalten: ${columns}. Die erste Zeile darf nur Spaltennamen enthalten.`,
      cells: `Zeile ${line} hat mehr oder weniger Zellen als die erste Zeile.`,
      csv: `Die Datei ist kein gültiges CSV. Prüfen Sie die Anführungszeichen bis Zeile ${line}.`,
    })[kind] ?? '',
  heading: 'Benutzer importieren',
  invalid: (total) => `Vor dem Import ${count(total, 'Fehler', 'Fehler')} beheben`,
  line: 'Zeile',
  links: 'Einrichtungslinks speichern',
  linksSaved: (total) =>
    `${count(total, 'Einrichtungslink', 'Einrichtungslinks')} gespeichert. Wenn Sie die Datei noch einmal speichern, bleiben die Links gleich.`,
  lookAlike: (name, other) =>
    `Der Name ${name} ist leicht mit ${other ?? 'dem eines anderen Benutzers'} zu verwechseln.`,
  more: (total) => `und ${count(total, 'weiterer Fehler', 'weitere Fehler')}`,
  next: 'Die Benutzer können sich anmelden, sobald sie ein Passwort gewählt haben. Erstellen Sie für jeden einen Einrichtungslink und speichern Sie die Links als CSV-Datei. Jeder Link gilt 24 Stunden und steht nur in dieser Datei.',
  noRole: (name) => `Die Rolle ${name} gibt es nicht.`,
  progress: (done, total) => `${done} von ${total}`,
  ready: (total) => `Keine Fehler. ${count(total, 'Benutzer wird', 'Benutzer werden')} angelegt.`,
  repeated: (name, line) => `Der Name ${name} steht schon in Zeile ${line}.`,
  rules:
    'Nur name ist erforderlich. Trennen Sie Rollen durch Leerzeichen. kind ist human oder service, enabled ist true oder false.',
  skip: (total) =>
    `${count(total, 'Benutzer überspringen, den es schon gibt', 'Benutzer überspringen, die es schon gibt')}`,
  stopped:
    'Der Import wurde abgebrochen. Um die übrigen Benutzer anzulegen, beheben Sie den Fehler und importieren Sie die Datei noch einmal. Benutzer, die es schon gibt, können Sie dann überspringen.',
  text: 'Die erste Zeile der Datei nennt ihre Spalten:',
};
